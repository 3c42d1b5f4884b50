"""The loop with made-up time: hours pass at once, in the same order every time, and nobody waits for nothing."""

import asyncio
import sys
import threading
from pathlib import Path

import anyio
import pytest

from callsheet.tools.process import run_process
from callsheet.tools.sandbox.loop import NothingLeftToWaitFor, VirtualLoop, run_virtual


async def sleeper(name: str, seconds: float, said: list[str]) -> str:
    for _ in range(3):
        await asyncio.sleep(seconds)
        said.append(f"{name}@{asyncio.get_running_loop().time():g}")
    return name


async def sleepers(said: list[str]) -> list[str]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(sleeper(name, hours * 3600, said)) for name, hours in (("a", 2), ("b", 3), ("c", 2))]
    return [task.result() for task in tasks]


def test_hours_pass_at_once_and_in_the_same_order_every_time() -> None:
    first: list[str] = []
    again: list[str] = []
    assert run_virtual(sleepers(first)) == (["a", "b", "c"], 9 * 3600)
    run_virtual(sleepers(again))
    assert first == again
    assert first == "a@7200 c@7200 b@10800 a@14400 c@14400 b@21600 a@21600 c@21600 b@32400".split()


def test_time_stands_still_while_anything_can_be_done() -> None:
    async def busy() -> float:
        for _ in range(1000):
            await asyncio.sleep(0)
        return asyncio.get_running_loop().time()

    async def busy_beside_a_timer() -> float:
        timer = asyncio.create_task(asyncio.sleep(5))
        seen = await busy()
        await timer
        return seen

    assert run_virtual(busy_beside_a_timer()) == (0.0, 5.0)


def test_a_deadline_strikes_on_made_up_time() -> None:
    async def waits() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(600):
                await asyncio.Event().wait()
        return asyncio.get_running_loop().time()

    assert run_virtual(waits()) == (600.0, 600.0)


def test_the_time_is_exact_after_a_million_seconds_of_small_steps() -> None:
    async def steps() -> None:
        await asyncio.sleep(1_000_000)
        for _ in range(1000):
            await asyncio.sleep(0.001)

    assert run_virtual(steps())[1] == pytest.approx(1_000_001, abs=1e-6)


def test_work_for_a_thread_is_done_here_and_in_turn() -> None:
    done: list[int] = []

    def work(number: int) -> threading.Thread:
        done.append(number)
        return threading.current_thread()

    async def three() -> set[threading.Thread]:
        on_loop = await asyncio.gather(*(asyncio.to_thread(work, number) for number in range(3)))
        return {*on_loop, await anyio.to_thread.run_sync(work, 3)}

    threads, _ = run_virtual(three())
    assert threads == {threading.current_thread()}
    assert done == [0, 1, 2, 3]


def test_what_goes_wrong_in_such_work_reaches_whoever_awaits_it() -> None:
    async def reads() -> str:
        with pytest.raises(FileNotFoundError):
            await asyncio.to_thread(Path("/nowhere").read_text)
        with pytest.raises(FileNotFoundError):
            await anyio.Path("/nowhere").read_text()
        return "told"

    assert run_virtual(reads())[0] == "told"


def test_other_loops_keep_their_threads() -> None:
    async def on_a_thread() -> bool:
        return await anyio.to_thread.run_sync(threading.current_thread) is threading.current_thread()

    assert run_virtual(on_a_thread())[0]
    with asyncio.Runner() as runner:
        assert not runner.run(on_a_thread())


def test_time_stands_still_while_a_program_runs() -> None:
    async def runs() -> bytes:
        argv = [sys.executable, "-c", "import time; time.sleep(0.2); print('done')"]
        timer = asyncio.create_task(asyncio.sleep(3600))
        said = (await run_process(argv, timeout=30)).stdout
        assert asyncio.get_running_loop().time() == 0
        await timer
        return said

    assert run_virtual(runs()) == (b"done\n", 3600.0)


def test_a_wait_that_nothing_can_end_is_an_error_that_says_who_waits() -> None:
    async def waits_for_nobody() -> None:
        await asyncio.Event().wait()

    with pytest.raises(NothingLeftToWaitFor, match="waits_for_nobody"):
        run_virtual(waits_for_nobody())


def test_a_loop_of_ones_own_can_be_asked_the_time() -> None:
    loop = VirtualLoop()
    try:
        assert loop.time() == 0
        loop.run_until_complete(asyncio.sleep(7))
        assert loop.time() == 7
    finally:
        loop.close()
