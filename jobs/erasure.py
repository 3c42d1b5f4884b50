"""Forgets a person: at providers, in the media store, in the queue's own books, in checkpoints, and in the database.

The database comes last, in one transaction. Until then it knows whom and what to remove, so that what was cut short
anywhere is finished by saying it again. After that only old pages of its file are left to be freed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from callsheet.domain.erasure import ErasureReport, Personal, redacted_text
from callsheet.domain.identity import CameoId, Digest, RunId
from callsheet.domain.run import Run
from callsheet.jobs.buying import ApiFor
from callsheet.jobs.forget import forget_person
from callsheet.jobs.port import Jobs
from callsheet.storage import erasure
from callsheet.storage import segment as pieces
from callsheet.storage.database import Database, Transaction
from callsheet.storage.erasure import Traces
from callsheet.storage.media import MediaStore
from callsheet.tools.edit import segments, soundtrack

_ELSEWHERE = (
    "copies that others made of published films, and backups of this workspace: nobody here can reach them",
    "the ledger keeps the person's id, hashes and moments: they name nobody, and without them it would not verify",
)


@dataclass(frozen=True)
class Eraser:
    """What is needed to forget somebody. `log` is the workspace's log file; `forget_run` drops a run's checkpoints."""

    database: Database
    media: MediaStore
    jobs: Jobs
    api_for: ApiFor
    forget_run: Callable[[RunId], Awaitable[None]]
    log: Path | None = None


async def erase(eraser: Eraser, cameo: CameoId, by: str) -> ErasureReport:
    """Erase a person's data and media, and say what was erased and what could not be. Said again, it says so.

    Raises NotFound for somebody nobody knows, and Refused while an unfinished run or a publication uses them.
    """

    def begin(tx: Transaction) -> Traces | None:
        if erasure.was_erased(tx, cameo):
            return None
        found = erasure.traces(tx, cameo)
        erasure.close(tx, found)
        return found

    found = await eraser.database.write(begin)
    if found is None:
        is_compact = await asyncio.to_thread(eraser.database.compact)
        return ErasureReport(cameo=cameo, was_erased_before=True, remains=(*_remains((), 0, is_compact), *_ELSEWHERE))
    at = await eraser.database.read(lambda tx: tx.now)
    ended = found.person.model_copy(update={"releases": ()})
    deletions = await forget_person(eraser.api_for, ended, found.purchases, at)
    files = await _forget_media(eraser, found)
    jobs = [await eraser.jobs.forget(tag) for tag in (f"cameo:{cameo}", *(f"run:{run.id}" for run in found.runs))]
    for run in found.runs:
        await eraser.forget_run(run.id)
    if eraser.log is not None:
        await asyncio.to_thread(_redact_log, eraser.log, found.who)
    named = await eraser.database.read(lambda tx: erasure.named_in_ledger(tx, found.who))
    records, documents = await eraser.database.write(lambda tx: erasure.erase(tx, found, by))
    is_compact = await asyncio.to_thread(eraser.database.compact)
    return ErasureReport(
        cameo=cameo,
        takes=tuple(take.id for take in found.takes.values()),
        files=files,
        records=records,
        documents=documents,
        jobs=sum(jobs),
        runs=tuple(run.id for run in found.runs),
        deletions=deletions,
        remains=(*_remains(found.runs, named, is_compact), *_ELSEWHERE),
    )


async def _forget_media(eraser: Eraser, found: Traces) -> int:
    """Takes, finished files, signed papers and likenesses, and the pieces that films were put together from."""
    keys = [part.key for cut in found.cuts for part in segments(cut) if _shows(part.media, found)]
    sounds = (soundtrack(cut) for cut in found.cuts)
    keys += [sound.key for sound in sounds if _shows(sound.media, found)]
    of_pieces = await eraser.database.read(lambda tx: pieces.alone(tx, keys))
    gone = [await asyncio.to_thread(eraser.media.forget, digest) for digest in sorted({*found.files, *of_pieces})]
    await eraser.database.write(lambda tx: pieces.forget(tx, keys))
    return sum(gone)


def _shows(media: frozenset[Digest], found: Traces) -> bool:
    return not media.isdisjoint(take.media.digest for take in found.takes.values())


def _redact_log(path: Path, who: Personal) -> None:
    if not path.is_file():
        return
    before = path.read_text(encoding="utf-8", errors="replace")
    after = "".join(redacted_text(line, who) for line in before.splitlines(keepends=True))
    if after != before:
        path.write_text(after, encoding="utf-8")


def _remains(concerned: tuple[Run, ...], named: int, is_compact: bool) -> list[str]:
    """What this cannot reach, each with what to do about it."""
    found = [
        f"{place}: what lies in this folder is not touched; delete it there if it is about them"
        for run in concerned
        for place in dict.fromkeys((run.folder, run.out))
        if Path(place).exists()
    ]
    if named:
        found.append(f"{named} ledger entries hold their words in a free text, and an entry is never changed")
    if not is_compact:
        found.append("the database frees old pages only at its next vacuum; until then they hold earlier rows")
    return list(dict.fromkeys(found))
