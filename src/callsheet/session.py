"""Callsheet from Python: open, start, look at the open gate, decide, go on, read deliverables and costs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile

from callsheet.domain.campaign import Campaign
from callsheet.domain.clearance import stops
from callsheet.domain.error import Refused, WrongUse
from callsheet.domain.event import RunStarted
from callsheet.domain.frozen import FrozenPrompt
from callsheet.domain.gate import Answer, Decision, Verdict
from callsheet.domain.identity import RunId
from callsheet.domain.principal import Principal
from callsheet.domain.provider import with_model
from callsheet.domain.run import UNFINISHED, Run
from callsheet.domain.showing import Showing
from callsheet.domain.stop import Stop
from callsheet.domain.storyboard import Storyboard
from callsheet.fork import begin_fork, gate_to_fork, is_meant_for
from callsheet.graphs.lost import PAID, check_found, key_of
from callsheet.graphs.plan import draw_call_sheet, judge_plan
from callsheet.graphs.question import ALLOWED
from callsheet.outside import WORLD, Outside
from callsheet.settings import Settings
from callsheet.standing import Costs, FinishedFile, OpenGate, costs_of, finished, open_gate
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage import stop as words
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries
from callsheet.studio.permission import objections
from callsheet.tools.intake import Bundle, read_campaign
from callsheet.tools.video.port import ProviderBusy
from callsheet.wiring import Clock, Studio, open_studio, wall_clock


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
        return await self._studio.database.read(lambda tx: open_gate(tx, self.id))

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
            name = f" {gate}" if gate else ""
            raise WrongUse(f"run {self.id} has no open gate{name}; `callsheet status` says where it stands")
        seen = found.gate.shown
        if shown is not None and not (len(shown) >= 8 and seen.startswith(shown)):
            raise WrongUse(f"{found.gate.id} shows {seen[:12]} now, not {shown[:12]}: look again, then answer")
        await self._check_answer(found, answer, edits or {}, note)
        principal = Principal(name=by) if isinstance(by, str) else by

        def write(tx: Transaction) -> Verdict:
            decision = Decision(
                gate=found.gate.id,
                answer=answer,
                by=principal,
                shown=seen,
                note=note,
                edits=dict(edits or {}),
                at=tx.now,
            )
            return gates.decide(tx, decision)

        return await self._studio.database.write(write)

    async def _check_answer(self, found: OpenGate, answer: Answer, edits: Mapping[str, str], note: str) -> None:
        """Refuse what could not be carried out before it is written down, while the person can still correct it."""
        allowed = ALLOWED[found.gate.kind]
        if answer not in allowed:
            raise WrongUse(f"{found.gate.id} is answered with {' or '.join(allowed)}, not with {answer}")
        if edits and answer != "edit":
            raise WrongUse("changes go with the answer edit: decide edit --set shot.3.seconds=4")
        if found.gate.kind == "writer" and edits:
            raise WrongUse('a model is asked again with a note, not with changes: decide edit --note "what to mind"')
        if answer == "edit" and not edits and found.gate.kind not in ("greenlight", "writer"):
            raise WrongUse(
                f"an edit of a {found.gate.kind} names what to change: --set shot.3.caption=..., shot.3.take=2, or "
                "shot.3.1.job=<id> for a render that was found"
            )
        if answer == "edit" and not edits and not note:
            raise WrongUse("an edit needs what to change: --set shot.3.seconds=4, or a --note for the Director")
        if found.gate.kind == "dailies":
            check_choices(found.showing, edits)
        elif found.gate.kind == "purchase":
            if answer == "edit":
                check_found(found.showing, edits)
                await self._look_up(found.showing, edits)
        elif edits:
            await self._try_out(found, edits)

    async def _look_up(self, showing: Showing, edits: Mapping[str, str]) -> None:
        """Ask the provider for each render that was named: a slip of the pen would be paid for and lost."""
        for one in showing.purchases:
            name = edits[key_of(one)].strip()
            if name == PAID:
                continue
            async with self._studio.lines.on_the_line():
                try:
                    known = await self._studio.lines(one.provider).retrieve(name)
                except ProviderBusy:
                    continue  # nobody can be asked now; the journal will say what came of it
            if known is None:
                raise WrongUse(f"{one.provider} knows no render {name[:80]}: look at its own page once more")

    async def _try_out(self, found: OpenGate, edits: Mapping[str, str]) -> None:
        """Make the change on a copy and hold it against the same rules as any plan."""
        crew = self._studio.crew
        campaign = await crew.archive.load(Campaign, (await self.status()).bundle)
        before = await crew.archive.load(Storyboard, found.showing.storyboard)
        after = crew.director.edit(campaign, before, edits)
        if after == before:
            raise WrongUse("that changes nothing: the plan shown already has it; `callsheet show` prints the plan")
        sheet, refused = await draw_call_sheet(crew, campaign, after)
        if found_wrong := stops([*refused, *await judge_plan(crew, self.id, campaign, after, sheet)]):
            raise Refused("the changed plan could not be cleared: " + "; ".join(map(str, found_wrong)))

    async def go_on(self) -> Run:
        """Advance the run until it waits for a person, ends or cannot go on, and say where it stands then."""
        before = await self._studio.database.read(lambda tx: len(entries(tx, self.id)))
        await self._studio.jobs.wake(self.id, f"{before}-{self._studio.crew.clock().timestamp()}")
        return await self.status()

    async def fork(
        self,
        *,
        by: str | Principal,
        at: str = "",
        answer: Answer | None = None,
        note: str = "",
        edits: Mapping[str, str] | None = None,
        out: Path | str | None = None,
        approve_rest: bool = False,
    ) -> "CampaignRun":
        """Ask a decided gate again in a new run that shares this one's way up to it; this run stays as it is.

        `at` is a kind of gate or an id; the last greenlight or release, if not said. With `answer` the gate is answered
        as in `decide`, unless it shows something now that it did not show here: then it waits for you to look.
        Takes that exist are adopted. `approve_rest` answers every later gate by written policy. Go on with `go_on`.
        """
        asked = await self._studio.database.read(lambda tx: gate_to_fork(tx, self.id, at))
        if answer is not None:
            await self._check_answer(asked, answer, edits or {}, note)
        elif edits or note:
            raise WrongUse("changes and a note go with an answer: --answer edit --set shot.3.seconds=4")
        principal = Principal(name=by) if isinstance(by, str) else by
        target = None if out is None else await asyncio.to_thread(_writable, Path(out))
        begun = await begin_fork(self._studio, asked, principal, target, approve_rest)
        fork = CampaignRun(self._studio, begun.id)
        await fork.go_on()
        now = await fork.gate()
        if answer is not None and now is not None and is_meant_for(answer, asked, now):
            await fork.decide(answer, by=principal, note=note, edits=edits, gate=now.gate.id)
        return fork

    async def lift_pause(self) -> Stop | None:
        """Let buying for this run go on. What else stands against it, such as a paused campaign, if anything does."""
        run = await self.status()
        return await self._studio.database.write(lambda tx: words.end_pause_of_run(tx, self.id, run.campaign))

    async def deliverables(self) -> tuple[FinishedFile, ...]:
        """The finished files of the latest round, each with what stands against using it now."""
        run = await self.status()
        found, against = await self._studio.database.read(lambda tx: (finished(tx, self.id), objections(tx, self.id)))
        folder = Path(run.out) / "deliverables"
        return tuple(
            FinishedFile(deliverable=one, path=folder / f"{one.name}.mp4", objections=against.get(one.file, ()))
            for one in found
        )

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
        cls,
        settings: Settings | None = None,
        *,
        works: bool = True,
        clock: Clock = wall_clock,
        outside: Outside = WORLD,
    ) -> AsyncIterator["Callsheet"]:
        """Open the workspace of the settings. With `works`, this process does the work unless another one does."""
        chosen = settings or Settings()
        studio = await asyncio.to_thread(open_studio, chosen, clock, outside)
        try:
            if works:
                async with studio.jobs.work(studio.work):
                    yield cls(studio, chosen)
            else:
                yield cls(studio, chosen)
        finally:
            studio.jobs.close()
            studio.database.close()

    async def start(
        self,
        folder: Path | str,
        *,
        out: Path | str | None = None,
        approve_all: bool = False,
        prompts: tuple[FrozenPrompt, ...] = (),
    ) -> CampaignRun:
        """Freeze a campaign folder and begin a run on it; it goes on with `go_on`.

        `approve_all` answers every gate by written policy, and the ledger says so. `prompts` are the words of an
        earlier run, to be told the same again; without them the campaign's choice and what is shipped now. Raises
        CampaignInvalid with every problem of the folder, and WrongUse when the folder has an unfinished run.
        """
        place = Path(folder)
        today = self._studio.crew.clock().date()
        bundle = await asyncio.to_thread(read_campaign, place, today, self.settings.providers_folder)
        campaign = self._with_model(bundle.campaign)
        bundle = replace(bundle, campaign=campaign.model_copy(update={"prompts": prompts or campaign.prompts}))
        await self._studio.check_provider(bundle.campaign)
        for path in bundle.files.values():
            await asyncio.to_thread(self._studio.media.keep, path)
        target = (Path(out) if out is not None else place / "out").absolute()
        await asyncio.to_thread(_check_writable, target)
        server = self._studio.crew.server
        run = await self._studio.database.write(
            lambda tx: _begin(tx, bundle, str(place.resolve()), str(target), approve_all, server)
        )
        return CampaignRun(self._studio, run.id)

    def _with_model(self, campaign: Campaign) -> Campaign:
        model = self.settings.video_model
        if not model:
            return campaign
        return campaign.model_copy(update={"provider": with_model(campaign.provider, model)})

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
            found = (open_gate(tx, run.id) for run in runs.unfinished(tx))
            return tuple(one for one in found if one is not None)

        return await self._studio.database.read(look)


def check_choices(showing: Showing, edits: Mapping[str, str]) -> None:
    """Hold a choice of takes, such as `{"shot.3.take": "2"}`, against the takes that are shown. Raises WrongUse."""
    for key, value in edits.items():
        shot, _, field = key.rpartition(".")
        numbers = [str(take.number) for take in showing.takes if take.shot == shot]
        if field != "take" or value not in numbers:
            offered = ", ".join(f"{take.shot}.take={take.number}" for take in showing.takes)
            raise WrongUse(f"{key}={value} chooses no take that is shown; there are: {offered}")


def _writable(folder: Path) -> Path:
    """The folder as a whole path. Raises WrongUse where nothing can be written."""
    whole = folder.absolute()
    _check_writable(whole)
    return whole


def _check_writable(folder: Path) -> None:
    """Finished files will lie there: better to know before anything is planned, let alone bought. Raises WrongUse."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise WrongUse(
            f"finished files cannot be written to {folder} ({error.strerror}): choose another --out"
        ) from error


def _begin(tx: Transaction, bundle: Bundle, folder: str, out: str, approve_all: bool, server: str) -> Run:
    campaign = bundle.campaign
    words.check_start(tx, campaign.name)
    number = 1 + sum(1 for run in runs.every(tx) if run.campaign == campaign.name)
    run = Run(
        id=RunId(f"{campaign.name}-{number}"),
        campaign=campaign.name,
        bundle=document.keep(tx, campaign),
        folder=folder,
        out=out,
        policy="approve-all" if approve_all else "people",
        started_at=tx.now,
        server=server,
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
