"""A run as the records tell it, written through the storage: planned, bought, cut, shipped, read and shot again."""

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from unit.edit.footage import as_media
from unit.edit.footage import take as record_clip
from unit.studio import lamp
from unit.studio.lamp import CAMPAIGN, HOSTILE, PRICE

from callsheet.domain.budget import Allowance
from callsheet.domain.campaign import GateKind
from callsheet.domain.cut import Cut, Deliverable, Media
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
from callsheet.domain.gate import Decision, Gate
from callsheet.domain.identity import CameoId, GateId, PublicationId, ReleaseId, RunId, ShotId
from callsheet.domain.ledger import Event
from callsheet.domain.principal import Principal
from callsheet.domain.purchase import Order
from callsheet.domain.record import digest_of
from callsheet.domain.run import Run
from callsheet.domain.showing import Showing, ShownFile
from callsheet.domain.storyboard import CallSheet, CastRole, Storyboard
from callsheet.domain.take import Take
from callsheet.domain.telemetry import DecisionKind, Readings
from callsheet.storage import cameo as people
from callsheet.storage import document, ledger, legal, publication, purchase
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage import take as takes
from callsheet.storage.database import Database, Transaction
from callsheet.storage.media import FolderStore
from callsheet.storage.publication import Publication

RUN = RunId("spring-1")


@dataclass
class Played:
    """The workspace after the run."""

    database: Database
    media: FolderStore
    out: Path
    takes: dict[str, Take] = field(default_factory=dict)
    files: dict[int, Deliverable] = field(default_factory=dict)


class Clock:
    """A minute goes by each time somebody looks."""

    def __init__(self) -> None:
        self._now = lamp.START

    def __call__(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now


def open_workspace(folder: Path) -> Played:
    """The workspace of a folder."""
    database = Database(f"sqlite:///{folder / 'w.db'}", "test", Clock())
    return Played(database, FolderStore(folder / "media"), folder / "out")


def plan(folder: Path) -> Played:
    """Write a run that waits at its greenlight; nothing was bought."""
    played = open_workspace(folder)
    board = lamp.storyboard(0, "shot.2")
    played.database.write_now(_begin)
    sheet = played.database.write_now(lambda tx: _plan(tx, board))
    played.database.write_now(lambda tx: _open(tx, _priced(board, sheet, "greenlight")))
    return played


def play(folder: Path) -> Played:
    """Write a whole run of two rounds: the second shot is shot again, and the first cut is replaced."""
    played = plan(folder)
    clips = [record_clip(folder / f"{name}.mp4", f"color=c={name}") for name in ("navy", "orange", "teal")]
    films = [record_clip(folder / f"{name}.mp4", f"color=c={name}") for name in ("maroon", "olive")]
    media = [as_media(path) for path in clips]
    for path in clips:
        played.media.keep(path)
    write = played.database.write_now
    first, again = lamp.storyboard(0, "shot.2"), lamp.storyboard(1, "shot.2.r1")
    write(lambda tx: _approve(tx, gates.gates_of(tx, RUN)[0]))
    write(lambda tx: _shoot(tx, played, "shot.1", media[0], lamp.RELEASE))
    write(lambda tx: _shoot(tx, played, "shot.2", media[1], None))
    write(lambda tx: _ship(tx, played, 0, first, films[0]))
    write(lambda tx: _read(tx, 0, "reshoot", ShotId("shot.2")))
    sheet = write(lambda tx: _plan(tx, again))
    write(lambda tx: _approve(tx, _open(tx, _priced(again, sheet, "topup"))))
    write(lambda tx: _shoot(tx, played, "shot.2.r1", media[2], None))
    write(lambda tx: _ship(tx, played, 1, again, films[1]))
    write(lambda tx: _read(tx, 1, "keep", None))
    write(_wrap)
    return played


def _begin(tx: Transaction) -> None:
    bundle = document.keep(tx, CAMPAIGN)
    people.seed(tx, CAMPAIGN.cameos)
    legal.seed(tx, CAMPAIGN)
    run = Run(id=RUN, campaign="spring", bundle=bundle, folder="spring", out="out", started_at=tx.now)
    said = {"campaign": "spring", "provider": "per-second", "model": "draw-1", "policy": "people", "seed": 0}
    runs.start(tx, run, RunStarted.model_validate({"bundle": bundle, **said}))


def _plan(tx: Transaction, board: Storyboard) -> CallSheet:
    digest = document.keep(tx, board)
    _tell(tx, StoryboardDrafted(storyboard=digest, round=board.round, by="house"))
    role = CastRole(shot=ShotId("shot.1"), cameo=CameoId("ines"), release=lamp.RELEASE, constraint="as agreed")
    sheet = CallSheet(storyboard=digest, shots=board.shots, roles=(role,))
    roles = ((role.shot, role.cameo, lamp.RELEASE),)
    _tell(tx, CallSheetDrawn(call_sheet=document.keep(tx, sheet), storyboard=digest, roles=roles))
    _tell(tx, PlanCleared(call_sheet=sheet.digest))
    return sheet


def _priced(board: Storyboard, sheet: CallSheet, kind: GateKind) -> Showing:
    return Showing(
        kind=kind,
        round=board.round,
        question="Shoot it?",
        storyboard=board.digest,
        call_sheet=sheet.digest,
        seconds=16,
        expected=PRICE,
        most=PRICE.times(4),
    )


def _open(tx: Transaction, showing: Showing) -> Gate:
    shown = document.keep(tx, showing)
    gate = Gate(
        id=GateId(f"{showing.kind}-{showing.round}-{shown[:8]}.{RUN}"),
        run=RUN,
        kind=showing.kind,
        round=showing.round,
        shown=shown,
        allowance=Allowance(seconds=showing.seconds, money=showing.most) if showing.most else None,
        opened_at=tx.now,
    )
    return gates.open_gate(tx, gate)


def _approve(tx: Transaction, gate: Gate) -> None:
    """Approve, as a person whose name nobody checked."""
    by = Principal(name="Robin <b>Reviewer</b>")
    gates.decide(tx, Decision(gate=gate.id, answer="approve", by=by, shown=gate.shown, note=HOSTILE, at=tx.now))


def _shoot(tx: Transaction, played: Played, shot: str, media: Media, release: ReleaseId | None) -> None:
    order = lamp.order(shot)
    purchase.reserve(tx, RUN, order, PRICE)
    purchase.intend(tx, _intent(order, release))
    purchase.move(tx, order.key, "accept", job=f"video_{shot}")
    purchase.move(tx, order.key, "complete")
    take = lamp.take(order, media, release, tx.now)
    takes.keep(tx, take)
    said = take.model_dump(include={"purchase", "shot", "cameo", "release", "seconds", "scanned"})
    stored = TakeStored(take=take.id, media=media.digest, money=PRICE, watermark="previz mark", **said)
    ledger.record(tx, RUN, stored, purchase.chain_of(order.key))
    purchase.move(tx, order.key, "store")
    played.takes[shot] = take


def _intent(order: Order, release: ReleaseId | None) -> PurchaseIntended:
    return PurchaseIntended(
        purchase=order.key,
        attempt=1,
        prompt=digest_of(order.prompt),
        references=(),
        size=order.size,
        provider=order.provider,
        model=order.model,
        release=release,
    )


def _ship(tx: Transaction, played: Played, number: int, board: Storyboard, film: Path) -> None:
    used = tuple(played.takes[panel.shot] for panel in board.variants[0].panels)
    cut = lamp.cut(board, used)
    document.keep(tx, cut)
    ids = tuple(take.id for take in used)
    said = cut.model_dump(include={"variant", "placement"})
    _tell(tx, TakesCircled(takes=tuple((take.shot, take.id) for take in used)))
    _tell(tx, CutAssembled(cut=cut.digest, storyboard=board.digest, takes=ids, **said))
    _tell(tx, CutCleared(cuts=(cut.digest,)))
    made = _finish(tx, played, cut, film)
    played.files[number] = made
    shown = ShownFile(**made.model_dump(include={"name", "variant", "placement", "file", "essence", "credentials"}))
    notices = ("not scanned: faces",)
    showing = Showing(kind="release", round=number, question="Ship it?", storyboard=board.digest, files=(shown,))
    gate = _open(tx, showing.model_copy(update={"notices": notices}))
    _approve(tx, gate)
    _publish(tx, made, gate)


def _finish(tx: Transaction, played: Played, cut: Cut, film: Path) -> Deliverable:
    captions, timeline = played.media.keep_bytes(b"WEBVTT\n"), played.media.keep_bytes(b"{}")
    made = lamp.deliverable(cut, played.media.keep(film), captions, timeline)
    said = made.model_dump(include={"name", "cut", "essence", "file", "credentials"})
    _tell(tx, DeliverableFinished(deliverable=document.keep(tx, made), **said))
    (played.out / "deliverables").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(film, played.out / "deliverables" / f"{made.name}.mp4")
    return made


def _publish(tx: Transaction, made: Deliverable, gate: Gate) -> None:
    for old in publication.of_run(tx, RUN):
        publication.take_down(tx, old.id, "replaced by a newer cut")
    said = made.model_dump(include={"name", "file", "variant", "placement"})
    new = PublicationId(f"pub-{gate.round}-{made.file[:12]}")
    publication.keep(tx, Publication(id=new, run=RUN, gate=gate.id, adapter="folder", at=tx.now, **said))


def _read(tx: Transaction, number: int, kind: DecisionKind, shot: ShotId | None) -> None:
    found = Readings(round=number, readings=(lamp.reading(number),))
    _tell(tx, TelemetryRead(readings=document.keep(tx, found), round=number, simulated=True))
    decision = lamp.conclusion(kind, shot)
    kept = document.keep(tx, decision)
    _tell(tx, AnalystDecided(decision=kept, kind_of_decision=kind, variant=decision.variant, shot=decision.shot))


def _wrap(tx: Transaction) -> None:
    spent = purchase.book_of(tx, RUN)
    _tell(tx, RunWrapped(status="finished", reason="done", seconds_purchased=spent.spent_seconds, money=spent.spent))
    runs.set_status(tx, RUN, "finished", HOSTILE)


def _tell(tx: Transaction, event: Event) -> None:
    ledger.record(tx, RUN, event)
