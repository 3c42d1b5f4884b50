"""Where runs stand, read from the workspace alone: the open gate, the finished files, the costs. Opens nothing else."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from callsheet.domain.cut import Deliverable
from callsheet.domain.gate import Gate
from callsheet.domain.identity import RunId
from callsheet.domain.money import Money
from callsheet.domain.showing import Showing
from callsheet.domain.writing import Words
from callsheet.storage import document, purchase, words
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries


@dataclass(frozen=True)
class OpenGate:
    """A question that waits for a person: what is asked, what exactly is shown, what approval may cost at most."""

    gate: Gate
    showing: Showing

    @property
    def question(self) -> str:
        """The question, as a sentence."""
        return self.showing.question


@dataclass(frozen=True)
class Costs:
    """What a run has bought: takes, and beside them the words of a chat model, if one was asked."""

    seconds_purchased: int
    seconds_held: int
    spent: Money
    held: Money
    takes: int
    finished_seconds: Fraction
    words: Words | None = None

    @property
    def per_finished_second(self) -> Money:
        """What one second of all finished variants cost."""
        return self.spent.times(1 / self.finished_seconds) if self.finished_seconds else self.spent


@dataclass(frozen=True)
class FinishedFile:
    """A deliverable and where it lies in the run's folder.

    `objections` say why it may not be used any more, such as somebody in it who took permission back; none: use it.
    """

    deliverable: Deliverable
    path: Path
    objections: tuple[str, ...] = ()


def open_gate(tx: Transaction, run_id: RunId) -> OpenGate | None:
    """The question of a run that waits for a person, if one does."""
    for gate in reversed(gates.gates_of(tx, run_id)):
        if not gates.verdict_at(tx, gate.id).is_final:
            return OpenGate(gate=gate, showing=document.fetch(tx, Showing, gate.shown))
    return None


def finished(tx: Transaction, run_id: RunId) -> tuple[Deliverable, ...]:
    """The files of the latest round that were finished, by what the ledger says."""
    latest: dict[str, Deliverable] = {}
    for entry in entries(tx, run_id):
        if entry.kind == "DeliverableFinished":
            latest[entry.body["name"]] = document.fetch(tx, Deliverable, entry.body["deliverable"])
    return tuple(latest[name] for name in sorted(latest))


def costs_of(tx: Transaction, run_id: RunId) -> Costs:
    """The books of a run."""
    book = purchase.book_of(tx, run_id)
    files = finished(tx, run_id)
    variants = {one.variant: Fraction(one.frames, one.rate) for one in files}
    return Costs(
        seconds_purchased=book.spent_seconds,
        seconds_held=book.held_seconds,
        spent=book.spent,
        held=book.held,
        takes=purchase.paid_takes(tx, run_id),
        finished_seconds=sum(variants.values(), Fraction(0)),
        words=words.of_run(tx, run_id),
    )
