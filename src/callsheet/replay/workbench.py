"""Where a recording is made: beside the folder it will be in, where nothing that was paid for is lost by a failure."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import select

from callsheet.domain.error import CallsheetError
from callsheet.replay.play import Replayed, replay
from callsheet.storage.database import Database
from callsheet.storage.table import POSTINGS


@contextmanager
def workbench(to: Path, *, is_paid: bool) -> Iterator[Path]:
    """A folder to work in, gone afterwards. If servers were paid and it fails, it stays, and the error says where."""
    to.parent.mkdir(parents=True, exist_ok=True)
    place = Path(mkdtemp(prefix=f".{to.name}-", dir=to.parent)).absolute()
    stays = False
    try:
        yield place
    except BaseException as error:
        stays = is_paid and _was_paid(place / "home" / "workspace.db")
        if stays:
            _tell(error, f"What was bought for it is not lost: CALLSHEET_HOME={place / 'home'} callsheet status")
        raise
    finally:
        if not stays:
            shutil.rmtree(place, ignore_errors=True)


async def prove(part: Path, to: Path) -> Replayed:
    """Put a recording in its place if it replays, instead of the one that is there. Raises NotAsRecorded."""
    found = replace(await replay(part), folder=to).check()
    await asyncio.to_thread(_put, part, to)
    return found


def _put(part: Path, to: Path) -> None:
    if to.exists():
        shutil.rmtree(to)
    shutil.move(part, to)


def _was_paid(workspace: Path) -> bool:
    """Whether money or seconds were ever held in a workspace."""
    if not workspace.is_file():
        return False
    database = Database(f"sqlite:///{workspace}", "any", lambda: datetime.now(UTC))
    try:
        return database.read_now(lambda tx: tx.execute(select(POSTINGS.c.purchase).limit(1)).first()) is not None
    finally:
        database.close()


def _tell(error: BaseException, more: str) -> None:
    if isinstance(error, CallsheetError):
        error.args = (f"{error}\n{more}",)
    else:
        error.add_note(more)
