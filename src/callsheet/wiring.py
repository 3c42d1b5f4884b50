"""Where concrete things are put together: settings in, a working crew out. Nothing else knows every adapter."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import httpx

from callsheet.agents.analyst import Analyst
from callsheet.agents.casting import Casting
from callsheet.agents.director import Director
from callsheet.agents.editor import Editor
from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import Media
from callsheet.domain.error import ExtraMissing, ProviderTrouble, WrongUse
from callsheet.domain.identity import Digest
from callsheet.domain.purchase import Order
from callsheet.domain.record import digest_of
from callsheet.domain.run import Run
from callsheet.graphs.checkpoint import Checkpoints, postgres_checkpoints, sqlite_checkpoints
from callsheet.graphs.crew import Crew, tell_written
from callsheet.graphs.drive import Driver
from callsheet.jobs.engine import EngineJobs
from callsheet.jobs.lead import Lead, PostgresLead
from callsheet.jobs.order import Inspect, Patience, Unsound
from callsheet.jobs.port import Work
from callsheet.jobs.post import Conformer, FileSigner, PieceEncoder
from callsheet.jobs.render import TakeBuyer
from callsheet.jobs.shoot import lane_of
from callsheet.line import Lines
from callsheet.outside import WORLD, Outside
from callsheet.scanning import scan_as_set
from callsheet.settings import Settings
from callsheet.storage.archive import Archive
from callsheet.storage.database import Database
from callsheet.storage.media import MediaStore, open_store
from callsheet.tools.delivery import OutFolder
from callsheet.tools.edit import Sound, fit_reference, verify_take
from callsheet.tools.provenance.port import Signer
from callsheet.tools.provenance.unsigned import Unsigned
from callsheet.tools.publish.folder import FolderPublisher
from callsheet.tools.sandbox import Sandbox, SandboxSettings
from callsheet.tools.telemetry import CsvTelemetry, NoTelemetry, SimulatedTelemetry, Telemetry
from callsheet.tools.video.catalog import providers
from callsheet.tools.video.port import ProviderBusy
from callsheet.tools.video.webhook import Doorbell
from callsheet.writers import open_writer, reviewers, word_price

Clock = Callable[[], datetime]
_EMBEDDED = Patience(deadline=600.0, first_look=0.15)
_REMOTE = Patience(deadline=1800.0, first_look=2.0)
_ENCODERS = 2


@dataclass(frozen=True)
class Studio:
    """Everything that is open while Callsheet is: the crew, what a worker can do, and how a run is driven.

    A host that a provider can reach mounts `webhook_route(doorbell, ...)`; nothing depends on anybody ringing.
    """

    settings: Settings
    lines: Lines
    doorbell: Doorbell
    crew: Crew
    jobs: EngineJobs
    work: Work
    media: MediaStore
    database: Database
    checkpoints: Checkpoints

    async def check_provider(self, campaign: Campaign) -> None:
        """Refuse a campaign whose provider is not the server that the settings name: its prices would be wrong."""
        provider = campaign.provider
        if not self.settings.video_url:
            if not provider.previz:
                raise WrongUse(
                    f"{campaign.name} asks for {provider.name}, and no video server is set: set CALLSHEET_VIDEO_URL "
                    "and CALLSHEET_VIDEO_KEY, or take provider: sandbox for previz"
                )
            return
        try:
            async with self.lines.on_the_line():
                offered = await self.lines(provider.name).models()
        except ProviderBusy as error:
            raise ProviderTrouble(f"{self.settings.video_url} (CALLSHEET_VIDEO_URL): {error}") from error
        if provider.model not in offered:
            raise WrongUse(
                f"{campaign.name} is planned and priced for {provider.model}, and the server at CALLSHEET_VIDEO_URL "
                f"offers {', '.join(offered) or 'nothing'}: name its provider in campaign.yaml"
            )


def wall_clock() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


def open_studio(settings: Settings, clock: Clock = wall_clock, outside: Outside = WORLD) -> Studio:
    """Put everything together as the settings say. `outside` is where it hears from the world."""
    home = settings.home.absolute()
    home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.workspace_url, settings.workspace, clock)
    media = open_store(settings.media_url, home / "media")
    jobs = _jobs(settings, home, database)
    signer = outside.signer(lambda: open_signer(settings, clock))
    writer = open_writer(settings, database, media, outside)
    crew = Crew(
        director=Director(writer, lambda: clock().date(), tell_written, whole=settings.chat_whole),
        casting=Casting(writer, tell_written),
        editor=Editor(lambda: clock().date(), writer, tell_written),
        analyst=Analyst(lambda: clock().date(), writer, tell_written),
        archive=Archive(database),
        database=database,
        media=media,
        jobs=jobs,
        publisher=_publisher,
        signer=signer,
        telemetry=lambda campaign: _telemetry(campaign, media),
        prepare_reference=_reference,
        deliver=OutFolder(media),
        workspace=settings.workspace,
        account=settings.account,
        server=digest_of(settings.video_url.rstrip("/"))[:16] if settings.video_url else "sandbox",
        clock=clock,
        gate_deadline=timedelta(hours=settings.gate_hours) if settings.gate_hours else None,
        day_cap=settings.day_cap,
        providers=lambda: providers(settings.providers_folder),
        model=settings.chat_model,
        reviewer=reviewers(settings, writer),
        word_price=word_price(settings) if settings.chat_url else None,
    )
    checkpoints = _checkpoints(settings, home)
    lines = Lines(settings, _video_client(settings, home, clock), lambda: clock().timestamp(), outside)
    doorbell = Doorbell()
    patience = outside.patience(
        replace(
            _REMOTE if settings.video_url else _EMBEDDED,
            bell=lambda job, seconds: doorbell.wait(job, seconds, asyncio.sleep),
        )
    )
    scan = outside.scan(lambda: scan_as_set(settings, media))
    buyer = TakeBuyer(database, media, lines, _inspector(lines), patience, settings.day_cap, crew.server, scan)
    work = Work(
        functions={
            "render": outside.buys(lines.holding(buyer)),
            "segment": PieceEncoder(database, media),
            "conform": Conformer(database, media),
            "sign": FileSigner(media, signer),
        },
        drive=Driver(crew, checkpoints),
        lanes=tuple(lane_of(one, settings.account) for one in providers(settings.providers_folder) if one.previz),
        limits={"segment": _ENCODERS, "conform": _ENCODERS, "sign": _ENCODERS},
    )
    return Studio(settings, lines, doorbell, crew, jobs, work, media, database, checkpoints)


def _jobs(settings: Settings, home: Path, database: Database) -> EngineJobs:
    if settings.database_url:
        return EngineJobs(settings.database_url, database, PostgresLead(settings.database_url))
    return EngineJobs(f"sqlite:///{home / 'engine.db'}", database, Lead(home / "engine.lock"))


def _checkpoints(settings: Settings, home: Path) -> Checkpoints:
    if settings.database_url:
        return postgres_checkpoints(settings.database_url)
    return sqlite_checkpoints(home / "workspace.db")


def open_signer(settings: Settings, clock: Clock = wall_clock) -> Signer:
    """The signer that the settings name; the workspace's own certificate where they name none. Raises
    CertificateUnusable, so that a wrong certificate stops the start and not a finished film.
    """
    wanted = settings.sign_cert or settings.sign_key
    if find_spec("c2pa") is None:
        if wanted:
            raise ExtraMissing("provenance", "Signing with CALLSHEET_SIGN_CERT")
        return Unsigned()
    from callsheet.tools.provenance.open import signer_for

    return signer_for(
        settings.home.absolute() / "signing",
        clock(),
        version("callsheet"),
        cert=settings.sign_cert,
        key=settings.sign_key,
        passphrase=settings.sign_passphrase.get_secret_value(),
        anchors=settings.sign_anchors,
    )


def _telemetry(campaign: Campaign, media: MediaStore) -> Telemetry:
    source = campaign.telemetry
    match source.kind:
        case "csv" if source.asset:
            return CsvTelemetry(media.path(source.asset).read_bytes())
        case "simulation":
            return SimulatedTelemetry(source.seed)
        case _:
            return NoTelemetry()


def _publisher(run: Run) -> FolderPublisher:
    return FolderPublisher(Path(run.out) / "published", run.id)


def _video_client(settings: Settings, home: Path, clock: Clock) -> Callable[[], httpx.AsyncClient]:
    if settings.video_url:
        base = settings.video_url.rstrip("/") + "/"
        return lambda: httpx.AsyncClient(base_url=base)
    sandbox = Sandbox(SandboxSettings(folder=home / "sandbox"), lambda: clock().timestamp())
    return lambda: httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox/v1/")


def _inspector(lines: Lines) -> Inspect:
    """Looks at a downloaded take. Sound is missed only where the provider makes it."""

    async def inspect(path: Path, order: Order) -> Media | Unsound:
        width, height = (int(side) for side in order.size.split("x"))
        hears = lines.provider(order.provider).generates_audio
        seen = await verify_take(path, width=width, height=height, seconds=Fraction(order.seconds), wants_audio=hears)
        if not isinstance(seen, Sound):
            return Unsound(reasons=seen.reasons)
        rate, frames = round(seen.probe.fps), seen.probe.frames
        return Media(
            digest=Digest("0" * 64), media_type="video/mp4", width=width, height=height, frames=frames, rate=rate
        )

    return inspect


async def _reference(picture: Path, size: str, palette: tuple[str, ...]) -> bytes:  # noqa: ARG001 - as the port says
    width, height = (int(side) for side in size.split("x"))
    return await fit_reference(picture, (width, height))
