"""A run as the records tell it, written through the storage functions: planned, bought, cut, shipped, read, shot again."""

import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from unit.edit.footage import as_media, take as record_clip

from callsheet.domain.budget import Allowance
from callsheet.domain.cameo import Cameo, Release
from callsheet.domain.campaign import Audience, Brand, Campaign, Fact, GateKind, Product
from callsheet.domain.claim import Claim
from callsheet.domain.cut import Clip, Cut, Deliverable, EndCard, Media, Super
from callsheet.domain.event import (
    AnalystDecided,
    CallSheetDrawn,
    CutAssembled,
    CutCleared,
    DeliverableFinished,
    PlanCleared,
    PurchaseIntended,
    RunStarted,
    RunWrapped,
    StoryboardDrafted,
    TakesCircled,
    TakeStored,
    TelemetryRead,
)
from callsheet.domain.gate import Decision, Gate, Principal
from callsheet.domain.identity import (
    CameoId, ClaimId, FactId, GateId, PlacementId, PublicationId, ReleaseId, RunId, ShotId, TakeId, VariantId,
)  # fmt: skip
from callsheet.domain.ledger import Event
from callsheet.domain.money import Money
from callsheet.domain.placement import Placement
from callsheet.domain.provider import Provider, Tier
from callsheet.domain.purchase import Order
from callsheet.domain.record import digest_of
from callsheet.domain.run import Run
from callsheet.domain.shot import Framing, Light, Movement, Shot
from callsheet.domain.showing import ShownFile, Showing
from callsheet.domain.storyboard import Callout, CallSheet, CastRole, EndCardPlan, Panel, Storyboard, VariantPlan
from callsheet.domain.take import Take
from callsheet.domain.telemetry import AnalystDecision, Reading, ReshootRequest
from callsheet.graphs.node.release import Readings
from callsheet.storage import document, ledger, publication, purchase
from callsheet.storage import gate as gates
from callsheet.storage import record as records
from callsheet.storage import run as runs
from callsheet.storage import take as takes
from callsheet.storage.database import Database, Transaction
from callsheet.storage.media import FolderStore
from callsheet.storage.publication import Publication

HOSTILE = "<script>alert('take')</script> & \"more\""
RUN = RunId("spring-1")
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PRICE = Money(amount=Decimal("0.40"))


@dataclass
class Played:
    """The workspace after the run."""

    database: Database
    media: FolderStore
    out: Path
    takes: dict[str, Take] = field(default_factory=dict)
    files: dict[str, Deliverable] = field(default_factory=dict)


class Clock:
    """A minute goes by each time somebody looks."""

    def __init__(self) -> None:
        self._now = START

    def __call__(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now


CAMPAIGN = Campaign(
    name="spring",
    goal="Get people to try the lamp",
    product=Product(name="Lumen Lamp", facts=(Fact(id=FactId("f1"), text="Folds flat"),)),
    brand=Brand(name="Lumen", palette=("#14213d", "#ff6a3d", "url(x)")),
    audiences=(Audience(id="early", name="Early risers", hypothesis="They wake before the sun."),),
    placements=(Placement(id=PlacementId("pocket"), width=160, height=284),),
    cameos=(
        Cameo(
            id=CameoId("ines"),
            name="Ines Calder",
            releases=(Release(id=ReleaseId("ines-1"), starts=START, ends=START + timedelta(days=900)),),
        ),
    ),
    claims=(
        Claim(id=ClaimId("c1"), text="Made with recycled steel", approved=True, substantiation="Certificate 12"),
        Claim(id=ClaimId("c2"), text="Shines twice as long"),
    ),
    provider=Provider(
        name="per-second", model="draw-1", as_of=date(2026, 11, 1), source="a test", seconds=(4,), previz=True,
        tiers=(Tier(name="small", sizes=("160x284",), per_second=Decimal("0.10")),), compare_with=(Decimal("0.30"),),
    ),
    size="160x284",
)  # fmt: skip


def play(folder: Path, until: str = "end") -> Played:
    """Write the run. Two rounds: the second shot is shot again, and the first cut is replaced.

    Until "plan", the greenlight waits and nothing was bought.
    """
    played = Played(Database(f"sqlite:///{folder / 'w.db'}", "test", Clock()), FolderStore(folder / "media"), folder / "out")
    clips = [record_clip(folder / f"{name}.mp4", f"color=c={name}") for name in ("navy", "orange", "teal")]
    films = [record_clip(folder / f"{name}.mp4", f"color=c={name}") for name in ("maroon", "olive")]
    media = [as_media(path) for path in clips]
    for path in clips:
        played.media.keep(path)
    write = played.database.write_now
    asks = _open if until == "plan" else _ask
    write(_begin)
    first, again = _storyboard(0, "shot.2"), _storyboard(1, "shot.2.r1")
    sheet = write(lambda tx: _plan(tx, first))
    write(lambda tx: asks(tx, Showing(kind="greenlight", round=0, question="Shoot it?", storyboard=first.digest,
                                      call_sheet=sheet.digest, seconds=16, expected=PRICE, most=PRICE.times(4))))  # fmt: skip
    if until == "plan":
        return played
    write(lambda tx: _shoot(tx, played, "shot.1", media[0], ReleaseId("ines-1")))
    write(lambda tx: _shoot(tx, played, "shot.2", media[1], None))
    write(lambda tx: _ship(tx, played, 0, first, films[0]))
    write(lambda tx: _read(tx, 0, "reshoot", "shot.2"))
    sheet = write(lambda tx: _plan(tx, again))
    write(lambda tx: _ask(tx, Showing(kind="topup", round=1, question="Shoot one again?", storyboard=again.digest,
                                      call_sheet=sheet.digest, seconds=8, expected=PRICE, most=PRICE.times(2))))  # fmt: skip
    write(lambda tx: _shoot(tx, played, "shot.2.r1", media[2], None))
    write(lambda tx: _ship(tx, played, 1, again, films[1]))
    write(lambda tx: _read(tx, 1, "keep", None))
    write(_wrap)
    return played


def _begin(tx: Transaction) -> None:
    bundle = document.keep(tx, CAMPAIGN)
    records.seed(tx, CAMPAIGN.cameos, CAMPAIGN.claims)
    run = Run(id=RUN, campaign="spring", bundle=bundle, folder="spring", out="out", started_at=tx.now)
    started = RunStarted(bundle=bundle, campaign="spring", provider="per-second", model="draw-1", policy="people", seed=0)
    runs.start(tx, run, started)


def _storyboard(number: int, second: str) -> Storyboard:
    look = {"beat": "hook", "subject": "the lamp", "setting": "a desk", "action": "unfolds", "light": Light.WINDOW,
            "seconds": Fraction(2), "purchased_seconds": 4, "prompt": "a lamp"}  # fmt: skip
    shots = (
        Shot(id=ShotId("shot.1"), framing=Framing.WIDE, movement=Movement.STATIC, cameo=CameoId("ines"), **look),
        Shot(id=ShotId(second), framing=Framing.MACRO if number else Framing.CLOSE, movement=Movement.ORBIT, **look),
    )
    panels = (
        Panel(shot=ShotId("shot.1"), seconds=Fraction(2), caption=HOSTILE[:40]),
        Panel(shot=ShotId(second), seconds=Fraction(1), callout=Callout(text="Recycled", fact=FactId("f1"), claim=ClaimId("c1"))),
    )  # fmt: skip
    card = EndCardPlan(seconds=Fraction(1), headline="Lumen", call_to_action="See it")
    plan = VariantPlan(id=VariantId("a"), audience="early", panels=panels, end_card=card)
    return Storyboard(title="Lamp", round=number, shots=shots, variants=(plan,))


def _plan(tx: Transaction, board: Storyboard) -> CallSheet:
    digest = document.keep(tx, board)
    _tell(tx, StoryboardDrafted(storyboard=digest, round=board.round, by="house"))
    role = CastRole(shot=ShotId("shot.1"), cameo=CameoId("ines"), release="ines-1", constraint="as agreed")
    sheet = CallSheet(storyboard=digest, shots=board.shots, roles=(role,))
    roles = ((role.shot, role.cameo, ReleaseId(role.release)),)
    _tell(tx, CallSheetDrawn(call_sheet=document.keep(tx, sheet), storyboard=digest, roles=roles))
    _tell(tx, PlanCleared(call_sheet=sheet.digest))
    return sheet


def _open(tx: Transaction, showing: Showing) -> Gate:
    shown = document.keep(tx, showing)
    kind: GateKind = showing.kind
    allowance = Allowance(seconds=showing.seconds, money=showing.most) if showing.most else None
    gate = Gate(id=GateId(f"{kind}-{showing.round}-{shown[:8]}.{RUN}"), run=RUN, kind=kind, round=showing.round,
                shown=shown, allowance=allowance, opened_at=tx.now)  # fmt: skip
    return gates.open_gate(tx, gate)


def _ask(tx: Transaction, showing: Showing) -> Gate:
    """Open a gate and approve it, as a person whose name nobody checked."""
    gate = _open(tx, showing)
    by = Principal(name="Robin <b>Reviewer</b>")
    gates.decide(tx, Decision(gate=gate.id, answer="approve", by=by, shown=gate.shown, note=HOSTILE, at=tx.now))
    return gate


def _shoot(tx: Transaction, played: Played, shot: str, media: Media, release: ReleaseId | None) -> None:
    order = Order(workspace="test", provider="per-second", account="x", model="draw-1", prompt=f"[{shot}] a lamp",
                  seconds=4, size="160x284", shot=shot, take=1)  # fmt: skip
    purchase.reserve(tx, RUN, order, PRICE)
    purchase.intend(tx, PurchaseIntended(purchase=order.key, attempt=1, prompt=digest_of(order.prompt), references=(),
                                         size=order.size, provider=order.provider, model=order.model, release=release))  # fmt: skip
    purchase.move(tx, order.key, "accept", job=f"video_{shot}")
    purchase.move(tx, order.key, "complete")
    cameo = CameoId("ines") if release else None
    take = Take(id=TakeId(f"{shot}.take1-{order.key[:8]}"), shot=ShotId(shot), number=1, purchase=order.key,
                provider=order.provider, model=order.model, job=f"video_{shot}", prompt=digest_of(order.prompt), media=media,
                seconds=4, price=PRICE, previz=True, cameo=cameo, release=release, scanned=("integrity",), stored_at=tx.now)  # fmt: skip
    takes.keep(tx, take)
    stored = TakeStored(purchase=order.key, take=take.id, shot=take.shot, media=media.digest, cameo=cameo, release=release,
                        seconds=4, money=PRICE, scanned=take.scanned, watermark="previz mark")  # fmt: skip
    ledger.record(tx, RUN, stored, purchase.chain_of(order.key))
    purchase.move(tx, order.key, "store")
    played.takes[shot] = take


def _ship(tx: Transaction, played: Played, number: int, board: Storyboard, film: Path) -> None:
    used = [played.takes[panel.shot] for panel in board.variants[0].panels]
    clips = tuple(
        Clip(shot=take.shot, take=take.id, media=take.media, frames=int(panel.seconds * 30))
        for take, panel in zip(used, board.variants[0].panels, strict=True)
    )
    words = Super(kind="callout", text="Recycled", start=60, frames=30, fact=FactId("f1"), claim=ClaimId("c1"), shot=used[1].shot)
    card = EndCard(frames=30, picture=None, headline="Lumen", call_to_action="See it")
    cut = Cut(campaign="spring", variant=VariantId("a"), placement=PlacementId("pocket"), locale="en-US", rate=30, width=160,
              height=284, loudness=-14, palette=("#14213d",), clips=clips, supers=(words,), end_card=card, previz=True)  # fmt: skip
    document.keep(tx, cut)
    _tell(tx, TakesCircled(takes=tuple((take.shot, take.id) for take in used)))
    _tell(tx, CutAssembled(cut=cut.digest, storyboard=board.digest, variant=cut.variant, placement=cut.placement,
                           takes=tuple(take.id for take in used)))  # fmt: skip
    _tell(tx, CutCleared(cuts=(cut.digest,)))
    file = played.media.keep(film)
    captions, timeline = played.media.keep_bytes(b"WEBVTT\n"), played.media.keep_bytes(b"{}")
    made = Deliverable(name=cut.name, cut=cut.digest, variant=cut.variant, placement=cut.placement, locale=cut.locale,
                       essence=file, file=file, captions=captions, timeline=timeline, frames=60, rate=30, width=160, height=284,
                       bytes=film.stat().st_size, loudness="-14.0", credentials="development")  # fmt: skip
    said = made.model_dump(include={"name", "cut", "essence", "file", "credentials"})
    _tell(tx, DeliverableFinished(deliverable=document.keep(tx, made), **said))
    played.files[str(number)] = made
    (played.out / "deliverables").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(film, played.out / "deliverables" / f"{made.name}.mp4")
    shown = ShownFile(name=made.name, variant=cut.variant, placement=cut.placement, file=file, essence=file,
                      credentials="development")  # fmt: skip
    gate = _ask(tx, Showing(kind="release", round=number, question="Ship it?", storyboard=board.digest, files=(shown,),
                            notices=("not scanned: faces",)))  # fmt: skip
    for old in publication.of_run(tx, RUN):
        publication.take_down(tx, old.id, "replaced by a newer cut")
    publication.keep(tx, Publication(id=PublicationId(f"pub-{number}-{file[:12]}"), run=RUN, gate=gate.id, name=made.name, file=file,
                                     variant=cut.variant, placement=cut.placement, adapter="folder", at=tx.now))  # fmt: skip


def _read(tx: Transaction, number: int, kind: str, shot: str | None) -> None:
    viewers = (1000, 850, 700 + number * 100, 600 + number * 180)
    reading = Reading(variant=VariantId("a"), placement=PlacementId("pocket"), viewers=viewers, clicks=40, simulated=True,
                      source="simulation, seed 2")  # fmt: skip
    found = Readings(round=number, readings=(reading,))
    _tell(tx, TelemetryRead(readings=document.keep(tx, found), round=number, simulated=True))
    request = ReshootRequest(variant=VariantId("a"), shots=(ShotId(shot),), changes=("closer",), seconds=4,
                             reason="it loses viewers") if shot else None  # fmt: skip
    decision = AnalystDecision(kind=kind, variant=VariantId("a"), shot=ShotId(shot) if shot else None, request=request,
                               reason=f"{kind}: 4.0 % (95 % interval 2.9 % to 5.4 %)", simulated=True)  # fmt: skip
    _tell(tx, AnalystDecided(decision=document.keep(tx, decision), kind_of_decision=kind, variant=decision.variant,
                             shot=decision.shot))  # fmt: skip


def _wrap(tx: Transaction) -> None:
    spent = purchase.book_of(tx, RUN)
    _tell(tx, RunWrapped(status="finished", reason="done", seconds_purchased=spent.spent_seconds, money=spent.spent))
    runs.set_status(tx, RUN, "finished", HOSTILE)


def _tell(tx: Transaction, event: Event) -> None:
    ledger.record(tx, RUN, event)
