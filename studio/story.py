"""The story of a run, gathered from its records in one look: asked, decided, bought, cut, shipped and learned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import TypeVar

from callsheet.domain.budget import Balance
from callsheet.domain.cameo import Cameo
from callsheet.domain.campaign import Campaign
from callsheet.domain.claim import Claim
from callsheet.domain.cut import Clip, Cut, Deliverable
from callsheet.domain.gate import Gate, Verdict
from callsheet.domain.identity import Digest, GateId, PurchaseKey, RunId, TakeId
from callsheet.domain.ledger import Entry, LedgerBroken, current_body
from callsheet.domain.quote import Quote
from callsheet.domain.record import Record
from callsheet.domain.run import Run
from callsheet.domain.showing import Showing
from callsheet.domain.signature import SignedHead
from callsheet.domain.storyboard import CallSheet, Storyboard
from callsheet.domain.take import Take
from callsheet.domain.telemetry import AnalystDecision, Reading, Readings
from callsheet.storage import cameo as people
from callsheet.storage import document, ledger, legal, publication, purchase
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage import take as takes
from callsheet.storage.database import Transaction
from callsheet.storage.export import prove_run
from callsheet.storage.publication import Publication
from callsheet.storage.purchase import Purchase
from callsheet.studio.permission import objections

R = TypeVar("R", bound=Record)


@dataclass
class Round:
    """One passage through the cutting room: the cuts, the files made of them, what was read and concluded."""

    number: int
    storyboard: Storyboard
    cuts: dict[Digest, Cut] = field(default_factory=dict)
    files: dict[str, Deliverable] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    conclusion: AnalystDecision | None = None

    def cut_of(self, variant: str, placement: str) -> Cut | None:
        """The cut of a variant for a placement."""
        return next((cut for cut in self.cuts.values() if (cut.variant, cut.placement) == (variant, placement)), None)

    def uses(self, take: TakeId) -> tuple[tuple[Cut, Clip], ...]:
        """Every use of a take in this round's cuts."""
        return tuple((cut, clip) for cut in self.cuts.values() for clip in cut.clips if clip.take == take)


@dataclass(frozen=True)
class Asked:
    """A question to people: what exactly was shown, at what price, and what the answers add up to."""

    gate: Gate
    showing: Showing
    verdict: Verdict
    quote: Quote | None


@dataclass(frozen=True)
class Story:
    """Everything the report tells, as records. `head` is empty when the ledger does not verify; `broken` says why.

    `signed` is the last signed head, none when nothing is signed yet or the ledger does not verify. `against` is what
    stands against using a finished file now, by its hash.
    """

    run: Run
    campaign: Campaign
    storyboard: Storyboard | None
    sheet: CallSheet | None
    rounds: tuple[Round, ...]
    asked: tuple[Asked, ...]
    takes: Mapping[TakeId, Take]
    purchases: tuple[Purchase, ...]
    publications: tuple[Publication, ...]
    cameos: tuple[Cameo, ...]
    claims: tuple[Claim, ...]
    book: Balance
    written_by: tuple[str, ...]
    entries: int
    chains: int
    head: str
    broken: str
    at: datetime
    against: Mapping[Digest, tuple[str, ...]] = field(default_factory=dict)
    signed: SignedHead | None = None

    @property
    def unsigned(self) -> int:
        """How many entries came after the last signed head."""
        return self.entries - (self.signed.entries if self.signed else 0)

    @property
    def last(self) -> Round | None:
        """The latest round with finished files, or else the latest round."""
        finished = [one for one in self.rounds if one.files]
        return finished[-1] if finished else self.rounds[-1] if self.rounds else None

    @property
    def is_simulated(self) -> bool:
        """Whether any reading comes from an audience that is not there."""
        return any(reading.simulated for one in self.rounds for reading in one.readings)

    @property
    def is_previz(self) -> bool:
        """Whether any take is a drawn storyboard frame and not a finished picture."""
        return any(take.previz for take in self.takes.values())

    @property
    def finished_seconds(self) -> Fraction:
        """The length of all finished variants together; placements do not count again."""
        lengths = {
            one.variant: Fraction(one.frames, one.rate) for one in (self.last.files.values() if self.last else ())
        }
        return sum(lengths.values(), Fraction(0))


def gather(tx: Transaction, run_id: RunId) -> Story:
    """Read everything about a run. Raises NotFound."""
    run = runs.find(tx, run_id)
    entries = ledger.entries(tx, run_id)
    campaign = document.fetch(tx, Campaign, run.bundle)
    head, signed, broken = _verified(tx, run_id)
    return Story(
        run=run,
        campaign=campaign,
        storyboard=_latest(tx, Storyboard, entries, "StoryboardDrafted", "storyboard"),
        sheet=_latest(tx, CallSheet, entries, "CallSheetDrawn", "call_sheet"),
        rounds=_rounds(tx, entries),
        asked=tuple(_asked(tx, gate) for gate in gates.gates_of(tx, run_id)),
        takes=_takes(tx, entries),
        purchases=purchase.of_run(tx, run_id),
        publications=publication.of_run(tx, run_id),
        cameos=people.cameos(tx, tuple(one.id for one in campaign.cameos)),
        claims=legal.book(tx, campaign).claims,
        book=purchase.book_of(tx, run_id, campaign.provider.currency),
        written_by=tuple(dict.fromkeys(str(one.body["by"]) for one in entries if one.kind == "StoryboardDrafted")),
        entries=len(entries),
        chains=len({entry.chain for entry in entries}),
        head=head,
        broken=broken,
        at=tx.now,
        against=objections(tx, run_id),
        signed=signed,
    )


def _verified(tx: Transaction, run: RunId) -> tuple[str, SignedHead | None, str]:
    try:
        witness = prove_run(tx, run)
    except LedgerBroken as error:
        return "", None, str(error)
    return witness.head, witness.last, ""


def _asked(tx: Transaction, gate: Gate) -> Asked:
    showing = document.fetch(tx, Showing, gate.shown)
    quoted = document.fetch(tx, Quote, showing.quote) if showing.quote else None
    return Asked(gate=gate, showing=showing, verdict=gates.verdict_at(tx, GateId(gate.id)), quote=quoted)


def _takes(tx: Transaction, entries: tuple[Entry, ...]) -> dict[TakeId, Take]:
    keys = [PurchaseKey(one.body["purchase"]) for one in entries if one.kind in ("TakeStored", "TakeAdopted")]
    found = (takes.find(tx, key) for key in dict.fromkeys(keys))
    return {take.id: take for take in found if take is not None}


def _rounds(tx: Transaction, entries: tuple[Entry, ...]) -> tuple[Round, ...]:
    """Fold the ledger into rounds. Circling takes begins one; the same cuts laid out again, after a crash,
    do not, and cuts that never became files are left out.
    """
    rounds: list[Round] = []
    begins = True
    for entry in entries:
        body = current_body(entry)
        match entry.kind:
            case "TakesCircled":
                begins = True
            case "CutAssembled":
                digest = Digest(body["cut"])
                is_repeat = bool(rounds) and rounds[-1].conclusion is None and digest in rounds[-1].cuts
                if begins and not is_repeat:
                    rounds.append(Round(len(rounds), document.fetch(tx, Storyboard, Digest(body["storyboard"]))))
                begins = False
                rounds[-1].cuts[digest] = document.fetch(tx, Cut, digest)
            case "DeliverableFinished":
                rounds[-1].files[body["name"]] = document.fetch(tx, Deliverable, Digest(body["deliverable"]))
            case "TelemetryRead":
                rounds[-1].readings = document.fetch(tx, Readings, Digest(body["readings"])).readings
            case "AnalystDecided":
                rounds[-1].conclusion = document.fetch(tx, AnalystDecision, Digest(body["decision"]))
    kept = [one for one in rounds if one.files or one is rounds[-1]]
    for number, one in enumerate(kept):
        one.number = number
    return tuple(kept)


def _latest(tx: Transaction, kind: type[R], entries: tuple[Entry, ...], event: str, key: str) -> R | None:
    digests = [Digest(one.body[key]) for one in entries if one.kind == event]
    return document.fetch(tx, kind, digests[-1]) if digests else None
