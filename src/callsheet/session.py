"""Callsheet from Python: open, start, look at the open gate, decide, go on, read deliverables and costs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import Deliverable
from callsheet.domain.error import WrongUse
from callsheet.domain.event import RunStarted
from callsheet.domain.gate import Answer, Decision, Gate, Principal, Verdict
from callsheet.domain.identity import RunId
from callsheet.domain.money import Money
from callsheet.domain.run import UNFINISHED, Run
from callsheet.domain.showing import Showing
from callsheet.settings import Settings
from callsheet.storage import document, purchase
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries
from callsheet.tools.intake import Bundle, read_campaign
from callsheet.wiring import Clock, Studio, open_studio, wall_clock


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
    """What a run has bought. `used` counts seconds of picture in the finished master, end card not counted."""

    seconds_purchased: int
    seconds_held: int
    spent: Money
    held: Money
    takes: int
    finished_seconds: Fraction

    @property
    def per_finished_second(self) -> Money:
        """What one second of all finished variants cost."""
        return self.spent.times(1 / self.finished_seconds) if self.finished_seconds else self.spent


@dataclass(frozen=True)
class FinishedFile:
    """A deliverable and where it lies in the run's folder."""

    deliverable: Deliverable
    path: Path


class CampaignRun:
    """One run of a campaign."""

    def __init__(self, studio: Studio, run_id: RunId) -> None:
        self._studio = studio
        self.id = run_id

    async def status(self) -> Run:
        """Where the run stands."""
        return await self._studio.database.read(lambda tx: runs.find(tx, self.id))

    async def gate(self) -> OpenGate | None:
        """The question that waits for a person, if one does."""
        return await self._studio.database.read(lambda tx: _open_gate(tx, self.id))

    async def decide(
        self,
        answer: Answer,
        *,
        by: str | Principal,
        note: str = "",
        edits: Mapping[str, str] | None = None,
        shown: str | None = None,
        gate: str | None = None,
    ) -> Verdict:
        """Answer the open gate. A plain name is recorded as asserted by the local user.

        `shown` is the hash, or its first 8 or more characters, of what you looked at; an answer about something else
        is refused. `edits` such as `{"shot.3.seconds": "4"}` go with "edit". The run moves on with `go_on`.
        """
        found = await self.gate()
        if found is None or (gate is not None and found.gate.id != gate):
            raise WrongUse(f"run {self.id} has no open gate{f' {gate}' if gate else ''}; `callsheet status` says where it stands")
        seen = found.gate.shown
        if shown is not None and not (len(shown) >= 8 and seen.startswith(shown)):
            raise WrongUse(f"{found.gate.id} shows {seen[:12]} now, not {shown[:12]}: look again, then answer")
        if answer == "edit" and not edits:
            raise WrongUse("an edit needs what to change, such as --set shot.3.seconds=4")
        principal = Principal(name=by) if isinstance(by, str) else by

        def write(tx: Transaction) -> Verdict:
            decision = Decision(
                gate=found.gate.id, answer=answer, by=principal, shown=seen, note=note, edits=dict(edits or {}), at=tx.now
            )
            return gates.decide(tx, decision)

        return await self._studio.database.write(write)

    async def go_on(self) -> Run:
        """Advance the run until it waits for a person, ends or cannot go on, and say where it stands then."""
        before = await self._studio.database.read(lambda tx: len(entries(tx, self.id)))
        await self._studio.jobs.wake(self.id, f"{before}-{self._studio.crew.clock().timestamp()}")
        return await self.status()

    async def deliverables(self) -> tuple[FinishedFile, ...]:
        """The finished files of the latest round."""
        run = await self.status()
        found = await self._studio.database.read(lambda tx: finished(tx, self.id))
        folder = Path(run.out) / "deliverables"
        return tuple(FinishedFile(deliverable=one, path=folder / f"{one.name}.mp4") for one in found)

    async def costs(self) -> Costs:
        """Seconds and money, from the books."""
        return await self._studio.database.read(lambda tx: costs_of(tx, self.id))


class Callsheet:
    """A workspace that is open."""

    def __init__(self, studio: Studio, settings: Settings) -> None:
        self._studio = studio
        self.settings = settings

    @property
    def studio(self) -> Studio:
        """What is open, for hosts that build on it."""
        return self._studio

    @classmethod
    @asynccontextmanager
    async def open(
        cls, settings: Settings | None = None, *, works: bool = True, clock: Clock = wall_clock
    ) -> AsyncIterator["Callsheet"]:
        """Open the workspace of the settings. With `works`, this process does the work unless another one does."""
        chosen = settings or Settings()
        studio = await asyncio.to_thread(open_studio, chosen, clock)
        try:
            if works:
                async with studio.jobs.work(studio.work):
                    yield cls(studio, chosen)
            else:
                yield cls(studio, chosen)
        finally:
            studio.jobs.close()
            studio.database.close()

    async def start(self, folder: Path | str, *, out: Path | str | None = None, approve_all: bool = False) -> CampaignRun:
        """Freeze a campaign folder and begin a run on it; it goes on with `go_on`.

        `approve_all` answers every gate by written policy, and the ledger says so. Raises CampaignInvalid with every
        problem of the folder, and WrongUse when the folder has an unfinished run.
        """
        place = Path(folder)
        bundle = await asyncio.to_thread(read_campaign, place, self._studio.crew.clock().date())
        bundle = replace(bundle, campaign=self._with_model(bundle.campaign))
        await self._studio.check_provider(bundle.campaign)
        for path in bundle.files.values():
            await asyncio.to_thread(self._studio.media.keep, path)
        target = Path(out) if out is not None else place / "out"
        run = await self._studio.database.write(
            lambda tx: _begin(tx, bundle, str(place.absolute()), str(target.absolute()), approve_all)
        )
        return CampaignRun(self._studio, run.id)

    def _with_model(self, campaign: Campaign) -> Campaign:
        model = self.settings.video_model
        if not model:
            return campaign
        return campaign.model_copy(update={"provider": campaign.provider.model_copy(update={"model": model})})

    async def run(self, run_id: str) -> CampaignRun:
        """The run of that id. Raises NotFound."""
        found = await self._studio.database.read(lambda tx: runs.find(tx, RunId(run_id)))
        return CampaignRun(self._studio, found.id)

    async def runs(self, *, unfinished: bool = False) -> tuple[Run, ...]:
        """All runs of the workspace, oldest first."""
        return await self._studio.database.read(lambda tx: runs.every(tx, UNFINISHED if unfinished else ()))

    async def pending(self) -> tuple[OpenGate, ...]:
        """Every question that waits for a person."""

        def look(tx: Transaction) -> tuple[OpenGate, ...]:
            found = (_open_gate(tx, run.id) for run in runs.unfinished(tx))
            return tuple(one for one in found if one is not None)

        return await self._studio.database.read(look)


def _begin(tx: Transaction, bundle: Bundle, folder: str, out: str, approve_all: bool) -> Run:
    campaign = bundle.campaign
    number = 1 + sum(1 for run in runs.every(tx) if run.campaign == campaign.name)
    run = Run(
        id=RunId(f"{campaign.name}-{number}"),
        campaign=campaign.name,
        bundle=document.keep(tx, campaign),
        folder=folder,
        out=out,
        policy="approve-all" if approve_all else "people",
        started_at=tx.now,
        notices=tuple(str(notice) for notice in bundle.notices),
    )
    started = RunStarted(
        bundle=run.bundle,
        campaign=campaign.name,
        provider=campaign.provider.name,
        model=campaign.provider.model,
        policy=run.policy,
        seed=run.seed,
    )
    runs.start(tx, run, started)
    return run


def _open_gate(tx: Transaction, run_id: RunId) -> OpenGate | None:
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
        takes=sum(1 for one in purchase.of_run(tx, run_id) if one.state in ("settled", "rejected")),
        finished_seconds=sum(variants.values(), Fraction(0)),
    )
