"""What came of a recording or its replay: how each run ended, its head, its files, and the whole ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from callsheet.domain.identity import RunId
from callsheet.domain.ledger import WORKSPACE, Entry
from callsheet.domain.run import Run
from callsheet.replay.recording import Cut, RunOutcome
from callsheet.standing import finished
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.export import export, sign_heads
from callsheet.storage.ledger import entries, head_of, written_runs


@dataclass(frozen=True)
class Evidence:
    """What came of it. `entries` are in the order of writing, the workspace's own last."""

    runs: tuple[RunOutcome, ...]
    entries: tuple[Entry, ...]


def gather(tx: Transaction) -> Evidence:
    """Everything that a replay is held against."""
    every = runs.every(tx)
    names = [*(one.id for one in every), WORKSPACE]
    written = set(written_runs(tx))
    return Evidence(
        runs=tuple(_ended(tx, one) for one in every),
        entries=tuple(entry for name in names if name in written for entry in entries(tx, name)),
    )


def ledger_export(tx: Transaction) -> bytes:
    """The ledger as lines that prove themselves; what is not signed yet is signed."""
    sign_heads(tx)
    return b"".join(export(tx))


def read_entries(lines: Sequence[bytes]) -> tuple[Entry, ...]:
    """The entries of such lines, in the order in which `gather` gives them."""
    from callsheet.domain.export import read_line

    found = [line for one in lines if isinstance(line := read_line(one), Entry)]
    return tuple(sorted(found, key=lambda one: one.run == WORKSPACE))


def _ended(tx: Transaction, run: Run) -> RunOutcome:
    files = tuple(
        Cut(
            name=one.name,
            essence=one.essence,
            file=one.file,
            captions=one.captions,
            timeline=one.timeline,
            frames=one.frames,
        )
        for one in finished(tx, RunId(run.id))
    )
    return RunOutcome(run=run.id, status=run.status, reason=run.reason, head=head_of(tx, run.id), files=files)
