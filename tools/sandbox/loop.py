"""An event loop whose time is made up: it stands still while anything can be done, and jumps when nothing can.

An hour of polling passes in milliseconds and in the same order every time. Work for threads is done at once, in turn.
Sockets are not for this loop: time would run away from what is under way on them.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio.to_thread

T = TypeVar("T")


class NothingLeftToWaitFor(RuntimeError):
    """Everybody waits for somebody else, and no clock will wake them. The message names who waits, and where."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop. `time()` begins at 0 and is in seconds."""

    def __init__(self) -> None:
        self._skipper = _Skipper()
        super().__init__(self._skipper)

    def time(self) -> float:
        """The made-up time."""
        return self._skipper.now

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> "asyncio.Future[T]":  # type: ignore[override]  # noqa: ARG002 - the base says Unpack of any arguments; whichever pool is named, the work is done here
        """Do the work here and now: whoever awaits it finds it done."""
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it belongs to whoever awaits the work
            done.set_exception(error)
        return done

    async def subprocess_exec(self, *args: Any, **options: Any) -> Any:
        """Start a program. Time stands still until it ends."""
        transport, protocol = await super().subprocess_exec(*args, **options)
        self._skipper.programs.append(transport)
        return transport, protocol


class _Skipper(selectors.DefaultSelector):
    """Where a loop waits for files and for the clock: this one never waits for a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.programs: list[asyncio.SubprocessTransport] = []

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        self.programs = [one for one in self.programs if one.get_returncode() is None]
        if self.programs:
            return super().select(None)
        if timeout is None:
            raise NothingLeftToWaitFor(_who_waits())
        self.now += timeout
        return ready


def run_virtual(work: Coroutine[Any, Any, T]) -> tuple[T, float]:
    """Run `work` to its end on a loop of its own; what it returned, and how many made-up seconds that took.

    Raises NothingLeftToWaitFor when it would wait for ever.
    """
    with _no_threads(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work), runner.get_loop().time()


@contextmanager
def _no_threads() -> Iterator[None]:
    """The web framework has threads of its own, which no loop can see: on this one their work is done at once, too."""
    on_threads = anyio.to_thread.run_sync

    async def run_sync(func: Callable[..., T], *args: Any, **options: Any) -> T:
        if isinstance(asyncio.get_running_loop(), VirtualLoop):
            await asyncio.sleep(0)
            return func(*args)
        return await on_threads(func, *args, **options)

    anyio.to_thread.run_sync = run_sync  # type: ignore[assignment]  # it takes every option and needs none by name
    try:
        yield
    finally:
        anyio.to_thread.run_sync = on_threads


def _who_waits() -> str:
    waiting = []
    for task in asyncio.all_tasks(asyncio.get_running_loop()):
        at = [f"{frame.f_code.co_qualname}:{frame.f_lineno}" for frame in task.get_stack(limit=1)]
        waiting.append(f"{task.get_name()} in {', '.join(at) or 'nothing'}")
    return f"nothing is ready and no timer is set; waiting: {'; '.join(sorted(waiting)) or 'nobody'}"
