"""A finished run with a person in it, in a workspace that names them wherever it can, and what erases them."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any

from unit.studio import lamp
from unit.studio.fixture import CAMPAIGN, RUN, Played, open_workspace, play

from callsheet.domain.cameo import Cameo, Character, Likeness, Release
from callsheet.domain.cut import Cut
from callsheet.domain.identity import BatchId, CameoId, Digest, JobId, RunId
from callsheet.jobs.erasure import Eraser, erase
from callsheet.jobs.fake import FakeJobs
from callsheet.storage import cameo as people
from callsheet.storage import document, ledger, publication
from callsheet.storage import job as jobs
from callsheet.storage import run as runs
from callsheet.storage import segment as pieces
from callsheet.storage import stop as stops
from callsheet.storage.database import Database, Transaction
from callsheet.storage.table import DECISIONS, PURCHASES, RUNS, TAKES, job_mark
from callsheet.tools.edit import segments
from callsheet.tools.video.fake import FakeVideo

INES = CAMPAIGN.cameos[0]
NAME = INES.name
TERM = {"starts": lamp.START, "ends": lamp.START + timedelta(days=9)}
OTHER = Cameo(id=CameoId("mara"), name="Mara Kline", releases=(Release.model_validate({"id": "x", **TERM}),))
LOG = "callsheet.log"
ASIDE = b"a render that was locked away"
PIECE = b"a piece of a film with them"


def file_hash(data: bytes) -> Digest:
    """The name the media store gives these bytes."""
    return Digest(sha256(data).hexdigest())


@dataclass
class Scene:
    """A played workspace, what erases, and which checkpoints were dropped."""

    folder: Path
    played: Played
    eraser: Eraser
    dropped: list[str]

    @property
    def database(self) -> Database:
        return self.played.database

    async def erase(self) -> Any:
        return await erase(self.eraser, INES.id, "Dana")


def scene(folder: Path, played: Played) -> Scene:
    dropped: list[str] = []

    async def forget_run(run: RunId) -> None:
        dropped.append(run)

    log = folder / LOG
    log.write_text(f"10:00 INFO {NAME} was cast\n10:01 INFO done\n", encoding="utf-8")
    api = FakeVideo(clock=lambda: 0.0)
    eraser = Eraser(played.database, played.media, FakeJobs(), lambda _: api, forget_run, log)
    return Scene(folder, played, eraser, dropped)


def finished_run(folder: Path) -> Played:
    """A finished run with a person in one take, two films that show it, and their papers."""
    played = play(folder)
    paper, face = played.media.keep_bytes(b"signed"), played.media.keep_bytes(b"a face")
    signed = INES.releases[0].model_copy(
        update={"document": "releases/ines-calder.md", "document_digest": paper, "guardian": f"Mother of {NAME}"}
    )
    whole = INES.model_copy(
        update={
            "releases": (signed,),
            "description": "a tall runner in a coral top",
            "references": (Likeness(path="ines.png", digest=face, media_type="image/png"),),
            "characters": (
                Character(
                    provider="per-second", id="char_77", captured_at=lamp.START, verified_by="Dana", verification="call"
                ),
            ),
        }
    )

    def write(tx: Transaction) -> None:
        people.revised(tx, whole)
        people.revised(tx, OTHER)
        for name in (NAME, signed.id, "Mara Kline"):
            ledger.pseudonym(tx, name)
        take = played.takes["shot.1"].model_copy(update={"cameo": INES.id})
        played.takes["shot.1"] = take
        tx.execute(TAKES.update().where(TAKES.c.purchase == take.purchase).values(body=take.model_dump_json()))

    played.database.write_now(write)
    played.database.write_now(lambda tx: _lock_away(tx, played))
    played.database.write_now(_mention)
    played.database.close()
    return played


def _lock_away(tx: Transaction, played: Played) -> None:
    """A second render with them that was rejected, and a piece of a film: bytes that one row alone names."""
    first = tx.execute(PURCHASES.select().where(PURCHASES.c.key == played.takes["shot.1"].purchase)).mappings().one()
    job = "render-aside"
    change = {"key": "aside", "state": "rejected", "job": job, "job_mark": job_mark(job), "kept": file_hash(ASIDE)}
    tx.execute(PURCHASES.insert(), {**first, **change})
    played.media.keep_bytes(ASIDE)
    take, cut = played.takes["shot.1"], next(iter(played.files.values())).cut
    shown = [one for one in segments(document.fetch(tx, Cut, cut)) if take.media.digest in one.media]
    pieces.remember(tx, shown[0].key, played.media.keep_bytes(PIECE))
    jobs.tag(tx, BatchId("b"), RUN, [(JobId("j"), "render", (f"cameo:{INES.id}", "take:aside"))])


def _mention(tx: Transaction) -> None:
    """Have every kind of text name the person: an order's words, reasons, a run's notices, what somebody answered."""
    said = f"{NAME} in a coral top"
    mine = next(row for row in tx.execute(PURCHASES.select()) if "shot.1" in row.order)
    order = json.loads(mine.order) | {"prompt": said}
    change = {"order": json.dumps(order), "reason": f"no release of {NAME}"}
    tx.execute(PURCHASES.update().where(PURCHASES.c.key == mine.key).values(change))
    run = runs.find(tx, RUN).model_copy(update={"notices": (f"cameos.yaml:3: the release of {NAME} ended",)})
    tx.execute(RUNS.update().values(body=run.model_dump_json(), folder=f"/campaigns/{NAME}"))
    for row in tx.execute(DECISIONS.select()).all():
        answer = json.loads(row.body) | {"note": f"{NAME} looks fine"}
        tx.execute(DECISIONS.update().where(DECISIONS.c.gate == row.gate).values(body=json.dumps(answer)))
    stops.say(tx, "campaign:autumn", "cancel", f"{NAME} asked us to")


def copied(to: Path, template: tuple[Path, Played]) -> Scene:
    """A copy of it, with a log that names the person."""
    folder, was = template
    copytree(folder, to)
    return scene(to, replace(open_workspace(to), takes=was.takes, files=was.files))


def down(one: Scene) -> None:
    def write(tx: Transaction) -> None:
        for out in publication.of_run(tx, RUN):
            publication.take_down(tx, out.id, "asked")

    one.database.write_now(write)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
