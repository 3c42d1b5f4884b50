"""SIGKILL at several moments, the provider in a process of its own: nothing is bought twice, nothing is lost."""

import signal
import time
from pathlib import Path

import pytest
from flows.conftest import Terminal, serving

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
@pytest.mark.timeout(900)  # six whole runs, each in processes of its own
def test_a_run_that_is_killed_anywhere_ends_as_if_it_had_not_been(pocket: Path, tmp_path: Path) -> None:
    """Each run has a provider of its own: what another workspace bought in the same words must not be on its list."""
    with serving(tmp_path / "undisturbed-provider") as sandbox:
        undisturbed = Terminal(tmp_path / "undisturbed", sandbox.url)
        code, said = undisturbed.run("run", str(pocket), "--yes", "--out", str(tmp_path / "undisturbed-out"))
        assert code == 0, said
        assert len(sandbox.bill()) == 2
    wanted = set(_essences(undisturbed))
    for kind, count in MOMENTS:
        moment = f"killed after {count} x {kind}"
        with serving(tmp_path / f"provider-{kind}-{count}") as sandbox:
            killed = Terminal(tmp_path / f"killed-{kind}-{count}", sandbox.url)
            out = str(tmp_path / f"out-{kind}-{count}")
            _kill_after(killed, ("run", str(pocket), "--yes", "--out", out), kind, count)
            code, said = killed.run("resume")
            assert code == 0, f"{moment}: {said}"
            assert set(_essences(killed)) == wanted, moment
            assert len(sandbox.bill()) == 2, f"{moment}: 2 shots, and the provider's bill says {len(sandbox.bill())}"


@pytest.mark.loopback
def test_nothing_is_bought_before_the_greenlight(pocket: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "provider") as sandbox:
        code, said = Terminal(tmp_path / "waiting", sandbox.url).run("run", str(pocket))
        assert code == 3, said
        assert sandbox.bill() == []
