"""Who looks at what came back, as the settings say: every scanner that is installed, all of them, or nobody."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from callsheet.domain.cut import Media
from callsheet.domain.error import WrongUse
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.report import ScanReport, not_looked
from callsheet.jobs.order import Scan, TakeOrder
from callsheet.settings import Settings
from callsheet.storage.media import MediaStore
from callsheet.tools.rules.names import find_listed
from callsheet.tools.scan import (
    Bench,
    EntityReader,
    FaceScanner,
    NudityScanner,
    ProductScanner,
    Scanner,
    ScanRoom,
    SpeechScanner,
    TextScanner,
)

OFF = "scanning is off: CALLSHEET_SCAN=off"
EMBEDDED = "drawn on this machine by the sandbox; CALLSHEET_SCAN=all scans that too"


def scanners(bench: Bench) -> tuple[Scanner, ...]:
    """Every scanner there is, at one bench. Nothing is loaded before its first look."""
    kinds = (TextScanner, FaceScanner, SpeechScanner, NudityScanner, ProductScanner)
    return tuple(kind(bench) for kind in kinds)


def scan_room(bench: Bench | None = None) -> ScanRoom:
    """Every scanner, with the list of names and the recogniser of names."""
    bench = bench or Bench()
    return ScanRoom(scanners=scanners(bench), find=find_listed, reader=EntityReader(bench))


def scan_as_set(settings: Settings, media: MediaStore, make: Callable[[], ScanRoom] = scan_room) -> Scan:
    """The scan of a worker. Raises WrongUse when every check is asked for and one cannot be made here."""
    if settings.scan == "off":
        return _unscanned(OFF)
    if settings.scan == "auto" and not settings.video_url:
        return _unscanned(EMBEDDED)
    room = make()
    if settings.scan == "all" and room.missing:
        raise WrongUse(
            f"CALLSHEET_SCAN=all asks for every check, and {'; '.join(room.missing)}. Install it, or set "
            "CALLSHEET_SCAN=auto to scan with what is there"
        )

    async def scan(path: Path, _wanted: TakeOrder, seen: Media, expected: Expected) -> ScanReport:
        product = await asyncio.to_thread(media.path, expected.product) if expected.product else None
        return await room.scan(path, seen, expected, product)

    return scan


def _unscanned(why: str) -> Scan:
    async def scan(_path: Path, _wanted: TakeOrder, _seen: Media, expected: Expected) -> ScanReport:
        return not_looked(expected.checks, why)

    return scan
