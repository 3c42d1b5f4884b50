"""Run another program safely: no shell, a deadline, bounded output, and it never outlives us."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_OUTPUT_LIMIT = 64 * 1024 * 1024
_ERROR_LIMIT = 64 * 1024
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Finished:
    """What a program answered. `stderr` holds at most its last 64 KiB, `stdout` its first 64 MiB."""

    returncode: int
    stdout: bytes
    stderr: bytes

    @property
    def last_words(self) -> str:
        """The end of its error output, for an error message."""
        return self.stderr.decode("utf-8", "replace").strip()[-800:]


class ProcessTimeout(Exception):
    """A program did not finish within its deadline and was stopped. Raise the timeout or look at its input."""


async def run_process(
    argv: Sequence[str],
    *,
    timeout: float,
    stdin: bytes | None = None,
    on_line: Callable[[str], None] | None = None,
    env: Mapping[str, str] | None = None,
) -> Finished:
    """Run one program to its end and return what it answered; the exit code is the caller's to judge.

    `timeout` is in seconds. `on_line` is called with each line of standard output, without its line end, and then
    `stdout` is empty. The program is killed on timeout, when the awaiting task is cancelled and when this process
    dies. Raises ProcessTimeout, or OSError when the program cannot be started.
    """
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.PIPE if stdin is not None else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=dict(env) if env is not None else None,
        preexec_fn=_die_with(os.getpid()) if _LIBC is not None else None,
    )
    try:
        async with asyncio.timeout(timeout):
            output, errors, _ = await asyncio.gather(
                _lines(process.stdout, on_line) if on_line is not None else _head(process.stdout),
                _tail(process.stderr),
                _feed(process.stdin, stdin),
            )
            code = await process.wait()
    except TimeoutError:
        raise ProcessTimeout(f"{Path(argv[0]).name} was stopped after {timeout:g} s without finishing") from None
    finally:
        await _reap(process)
    return Finished(code, output, errors)


def _die_with(parent: int) -> Callable[[], None]:
    """Between fork and exec: ask the kernel to kill the child when its parent ends, however that happens."""

    def arm() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # the parent died before the request took effect
                os._exit(1)

    return arm


async def _reap(process: asyncio.subprocess.Process) -> None:
    """Leave no child behind: kill it if it still runs, and collect it."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())


async def _feed(pipe: asyncio.StreamWriter | None, data: bytes | None) -> None:
    if pipe is None or data is None:
        return
    with suppress(BrokenPipeError, ConnectionResetError):  # it may end without reading all; its exit code tells
        pipe.write(data)
        await pipe.drain()
    pipe.close()


async def _head(pipe: asyncio.StreamReader | None) -> bytes:
    """All of the output up to the limit; the rest is read and dropped, so that the writer never blocks."""
    kept = bytearray()
    while pipe is not None and (chunk := await pipe.read(1 << 16)):
        kept += chunk[: _OUTPUT_LIMIT - len(kept)]
    return bytes(kept)


async def _tail(pipe: asyncio.StreamReader | None) -> bytes:
    kept = bytearray()
    while pipe is not None and (chunk := await pipe.read(1 << 16)):
        kept += chunk
        if len(kept) > 2 * _ERROR_LIMIT:
            del kept[:-_ERROR_LIMIT]
    return bytes(kept[-_ERROR_LIMIT:])


async def _lines(pipe: asyncio.StreamReader | None, on_line: Callable[[str], None]) -> bytes:
    rest = b""
    while pipe is not None and (chunk := await pipe.read(1 << 16)):
        *whole, rest = (rest + chunk).split(b"\n")
        rest = rest[-_ERROR_LIMIT:]
        for line in whole:
            on_line(line.decode("utf-8", "replace").rstrip("\r"))
    if rest:
        on_line(rest.decode("utf-8", "replace"))
    return b""
