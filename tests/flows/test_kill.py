"""SIGKILL at several moments, the provider in a process of its own: nothing is bought twice, nothing is lost."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flows.conftest import ServedSandbox, Terminal

MOMENTS = [
    ("PurchaseIntended", 1),
    ("PurchaseMoved", 2),
    ("TakeStored", 1),
    ("CutAssembled", 1),
    ("DeliverableFinished", 1),
]


def _kill_after(terminal: Terminal, words: tuple[str, ...], kind: str, count: int) -> None:
    process = terminal.start(*words)
    deadline = time.monotonic() + 60
    while sum(entry.kind == kind for entry in terminal.ledger()) < count:
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        assert time.monotonic() < deadline, f"never saw {count} x {kind}"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=10)


def _essences(terminal: Terminal) -> list[str]:
    return sorted(entry.body["essence"] for entry in terminal.ledger() if entry.kind == "DeliverableFinished")


@pytest.mark.loopback
def test_a_run_that_is_killed_anywhere_ends_as_if_it_had_not_been(
    pocket: Path, terminal: Callable[[str], Terminal], served_sandbox: ServedSandbox
) -> None:
    undisturbed = terminal("undisturbed")
    code, said = undisturbed.run("run", str(pocket), "--yes", "--out", str(pocket / "undisturbed"))
    assert code == 0, said
    wanted, bought = set(_essences(undisturbed)), len(served_sandbox.bill())
    assert bought == 2
    for kind, count in MOMENTS:
        killed = terminal(f"killed-{kind}-{count}")
        out = str(pocket / f"killed-{kind}-{count}")
        _kill_after(killed, ("run", str(pocket), "--yes", "--out", out), kind, count)
        code, said = killed.run("resume")
        assert code == 0, f"killed after {count} x {kind}: {said}"
        assert set(_essences(killed)) == wanted, f"killed after {count} x {kind}"
        bill = served_sandbox.bill()
        assert len(bill) == bought + 2, f"killed after {count} x {kind}: bought {len(bill) - bought} takes, not 2"
        bought = len(bill)


@pytest.mark.loopback
def test_nothing_is_bought_before_the_greenlight(
    pocket: Path, terminal: Callable[[str], Terminal], served_sandbox: ServedSandbox
) -> None:
    waiting = terminal("waiting")
    code, said = waiting.run("run", str(pocket))
    assert code == 3, said
    assert served_sandbox.bill() == []
