"""A whole run without ffmpeg or a provider: the real graph, nodes, journal and render job; encoders that only copy.

It notes, at the very moment, what nobody may do: encode or publish a cut with a person whom no release covers then.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from crash.mortal import Crash, MortalDatabase, Points
from langgraph.checkpoint.memory import InMemorySaver
from unit.jobs.rig import NOON, inspect

from callsheet.agents.analyst import Analyst
from callsheet.agents.casting import Casting
from callsheet.agents.director import Director
from callsheet.agents.editor import Editor
from callsheet.domain.cameo import Cameo, Covered, check_release
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import use_of
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.event import RunStarted
from callsheet.domain.gate import Decision
from callsheet.domain.identity import CameoId, Digest, PlacementId, PublicationId, ReleaseId, RunId
from callsheet.domain.principal import Principal
from callsheet.domain.record import digest_of
from callsheet.domain.run import Run
from callsheet.graphs.crew import Crew, tell_written
from callsheet.graphs.drive import Driver
from callsheet.jobs.fake import FakeJobs
from callsheet.jobs.order import Patience
from callsheet.jobs.port import Work
from callsheet.jobs.post import FileSigner
from callsheet.jobs.render import TakeBuyer
from callsheet.jobs.revocation import Desk, go_on, revoke
from callsheet.storage import cameo as people
from callsheet.storage import casting, document
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.archive import Archive
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries
from callsheet.storage.media import FolderStore
from callsheet.tools.intake import Bundle
from callsheet.tools.provenance.unsigned import Unsigned
from callsheet.tools.publish.folder import FolderPublisher
from callsheet.tools.publish.port import Parcel
from callsheet.tools.telemetry import NoTelemetry
from callsheet.tools.video.fake import FakeVideo
from callsheet.tools.writer import HouseWriter

T = TypeVar("T")
RUN = RunId("cast-1")
INES = CameoId("ines")
DANA = Principal(name="Dana")


class RightBehind(Points):
    """Lets something happen right behind the commit of the first entry of a kind, in the middle of the work."""

    def __init__(self, floor: "Floor", kind: str, what: Callable[[], object] | None = None) -> None:
        """Without `what`, the process dies there."""
        super().__init__()
        self._floor, self._kind, self._what, self.has_come = floor, kind, what, False
        self._known = len(floor.told())

    def here(self, name: str) -> None:
        """Look behind each commit."""
        super().here(name)
        if name != "after write" or self.has_come:
            return
        told = self._floor.told()
        new, self._known = told[self._known :], len(told)
        if self._kind in new:
            self.has_come = True
            if self._what is None:
                self.is_dead = True
                raise Crash(self._kind)
            self._what()


class Channel(FolderPublisher):
    """Where ads run, with a witness at the door."""

    def __init__(self, root: Path, floor: "Floor") -> None:
        super().__init__(root)
        self._floor = floor

    async def publish(self, parcel: Parcel) -> PublicationId:
        """Let it out, and note what should not have gone."""
        self._floor.witness(self._floor.shown_in(parcel.approved), f"published {parcel.name}", parcel.placement)
        return await super().publish(parcel)


@dataclass
class Floor:
    """One workspace with one run in it, and processes that come and go."""

    folder: Path
    bundle: Bundle
    now: datetime = NOON
    broken: list[str] = field(default_factory=list)
    files: dict[str, Cut] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A workspace in which the run has begun."""
        self.campaign: Campaign = self.bundle.campaign
        self.database = MortalDatabase(f"sqlite:///{self.folder / 'workspace.db'}", lambda: self.now)
        self.media = FolderStore(self.folder / "media")
        for path in self.bundle.files.values():
            self.media.keep(path)
        self.saver = InMemorySaver()
        self.api = FakeVideo(clock=lambda: self.now.timestamp())
        self.channel = Channel(self.folder / "channel", self)
        self.runner = asyncio.Runner()
        self.database.write_now(self._start)
        self.begin()

    def begin(self) -> None:
        """A new process: it knows what is on disk, and nothing else."""
        self.database.points = Points()
        self.jobs = FakeJobs()
        self.crew = self._crew()

    def close(self) -> None:
        """The end of the story."""
        self.runner.close()
        self.database.close()

    def drive(self, points: Points | None = None) -> None:
        """Advance the run until it stands still, or until the process dies."""
        self._in_a_process(lambda: self.jobs.wake(RUN, "on"), points)

    def end_consent(self, release: ReleaseId | None, points: Points | None = None) -> None:
        """Revoke as the command does, and let the run go on."""
        desk = Desk(self.database, lambda _: self.api, self.jobs, lambda _: self.channel, patience=30.0)

        async def both() -> None:
            await go_on(desk, await revoke(desk, INES, release))

        self._in_a_process(both, points)

    def say_only(self) -> None:
        """Nothing but the transaction of a revocation, as another process would commit it."""
        for one in self.person().releases:
            self.database.write_now(lambda tx, one=one: people.revoke(tx, INES, one.id, ""))  # type: ignore[misc]  # mypy cannot type a lambda's default

    def answer(self) -> bool:
        """Say yes to the open gate of the run. False when none is open."""

        def write(tx: Transaction) -> bool:
            for gate in gates.gates_of(tx, RUN):
                if not gates.verdict_at(tx, gate.id).is_final:
                    gates.decide(tx, Decision(gate=gate.id, answer="approve", by=DANA, shown=gate.shown, at=tx.now))
                    return True
            return False

        return self.database.write_now(write)

    def person(self) -> Cameo:
        """The person as the workspace knows them now."""
        return self.database.read_now(lambda tx: people.cameos(tx, (INES,)))[0]

    def is_covered(self, placement: PlacementId | None = None) -> bool:
        """Whether a release covers the campaign's use, here or everywhere, at this moment."""
        use = use_of(self.campaign, (placement,) if placement else None)
        return isinstance(check_release(self.person(), use, self.now), Covered)

    def told(self) -> list[str]:
        """The kinds of all entries of the run, in the order of writing."""
        return self.database.read_now(lambda tx: [entry.kind for entry in entries(tx, RUN)])

    def roles(self) -> list[str]:
        """The shots that cast the person in the latest call sheet."""
        drawn = self.database.read_now(lambda tx: [e.body for e in entries(tx, RUN) if e.kind == "CallSheetDrawn"])
        return [str(role[0]) for role in drawn[-1]["roles"]]

    def asked(self) -> str:
        """The kind of the open gate, if one is open."""

        def look(tx: Transaction) -> str:
            found = [gate.kind for gate in gates.gates_of(tx, RUN) if not gates.verdict_at(tx, gate.id).is_final]
            return found[0] if found else ""

        return self.database.read_now(look)

    def status(self) -> Run:
        """Where the run stands."""
        return self.database.read_now(lambda tx: runs.find(tx, RUN))

    def on_air(self) -> list[str]:
        """The files with the person that an audience can see."""
        listed = self.runner.run(self.channel.listed())
        out = {path.stem.rpartition(".")[2]: path for path in (self.folder / "channel").glob("*/*.mp4")}
        return [one for one in listed if b"ines" in out[one].read_bytes()]

    def shown_in(self, file: str) -> bool:
        """Whether the person is in a finished file."""
        return any(self._shows(clip.take) for clip in self.files[file].clips)

    def witness(self, shows: bool, what: str, placement: PlacementId | None = None) -> None:
        """Note what should not have happened at this moment."""
        if shows and not self.is_covered(placement):
            self.broken.append(f"{what} at {self.now:%m-%d %H:%M}")

    def _shows(self, take: str) -> bool:
        return bool(self.database.read_now(lambda tx: casting._takes_with(tx, INES, {take})))  # type: ignore[arg-type]  # it is a take's id

    def _in_a_process(self, work: Callable[[], Coroutine[Any, Any, object]], points: Points | None) -> None:
        async def lived() -> None:
            self.database.points = points or Points()
            async with self.jobs.work(self._work()):
                await work()

        with suppress(Crash):
            self.runner.run(lived())
        self.begin()  # the next command is a process of its own

    def _work(self) -> Work:
        buyer = TakeBuyer(self.database, self.media, lambda _: self.api, inspect, self._patience())
        signer = FileSigner(self.media, Unsigned())
        functions = {"render": buyer, "segment": _nothing, "conform": self._conform, "sign": signer}
        return Work(functions=functions, drive=Driver(self.crew, self._checkpoints), limits={"conform": 1, "sign": 1})

    async def _conform(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        cut = Cut.model_validate(payload["cut"])
        shows = any(self._shows(clip.take) for clip in cut.clips)
        self.witness(shows, f"assembled {cut.name}", cut.placement)
        data = f"{cut.digest} {'ines' if shows else 'nobody'}".encode()
        file = Digest(self.media.keep_bytes(data))
        self.files[file] = cut
        said = {
            key: getattr(cut, key)
            for key in ("name", "variant", "placement", "locale", "frames", "rate", "width", "height")
        }
        made = Deliverable(
            cut=cut.digest,
            essence=file,
            file=file,
            captions=file,
            timeline=file,
            bytes=len(data),
            loudness="-14",
            **said,
        )
        return made.model_dump(mode="json")

    def _patience(self) -> Patience:
        async def sleep(_: float) -> None:
            await asyncio.sleep(0)

        ticks = iter(range(10**9))
        return Patience(first_look=1.0, sleep=sleep, clock=lambda: float(next(ticks)))

    def _crew(self) -> Crew:
        return Crew(
            director=Director(HouseWriter(), lambda: self.now.date(), tell_written),
            casting=Casting(),
            editor=Editor(lambda: self.now.date()),
            analyst=Analyst(),
            archive=Archive(self.database),
            database=self.database,
            media=self.media,
            jobs=self.jobs,
            publisher=lambda _: self.channel,
            signer=Unsigned(),
            telemetry=lambda _: NoTelemetry(),
            prepare_reference=_picture,
            deliver=_nowhere,
            workspace="w",
            account="a",
            server="",
            clock=lambda: self.now,
        )

    @asynccontextmanager
    async def _checkpoints(self) -> Any:
        yield self.saver

    def _start(self, tx: Transaction) -> None:
        campaign = self.campaign
        bundle = document.keep(tx, campaign)
        run = Run(id=RUN, campaign=campaign.name, bundle=bundle, folder="/cast", out="/", started_at=tx.now)
        provider = campaign.provider
        started = RunStarted(
            bundle=bundle, campaign=campaign.name, provider=provider.name, model=provider.model, policy="people", seed=0
        )
        runs.start(tx, run, started)
        people.seed(tx, campaign.cameos)


def signed_again(person: Cameo, number: int, now: datetime, days: int) -> Cameo:
    """The person with one more release, newly signed."""
    first = person.releases[0]
    more = first.model_copy(
        update={
            "id": ReleaseId(f"more-{number}"),
            "document": f"more-{number}.pdf",
            "document_digest": digest_of(f"more-{number}"),
            "starts": now - timedelta(days=1),
            "ends": now + timedelta(days=days),
        }
    )
    return person.model_copy(update={"releases": (*person.releases, more)})


async def _nothing(_: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


async def _nowhere(*_: Any) -> None:
    return None


async def _picture(*_: Any) -> bytes:
    return b"a picture"
