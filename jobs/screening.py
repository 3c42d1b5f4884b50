"""The screening of a sound take: what the order permits, with the permissions of this moment, against what is seen."""

import logging
from pathlib import Path

from callsheet.domain.cameo import Covered
from callsheet.domain.cut import Media
from callsheet.domain.finding import Finding
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.reading import known_by
from callsheet.domain.scan.report import ScanReport, not_looked
from callsheet.jobs.buying import Buying
from callsheet.jobs.order import TakeOrder
from callsheet.jobs.permit import permission
from callsheet.storage import cameo as people
from callsheet.storage.database import Transaction

_LOG = logging.getLogger("callsheet.jobs.screening")


async def nobody_scans(_path: Path, _wanted: TakeOrder, _media: Media, expected: Expected, /) -> ScanReport:
    """The scan where none is set up: it says so."""
    return not_looked(expected.checks, "no scanner is set up")


async def screen(buying: Buying, wanted: TakeOrder, path: Path, media: Media) -> ScanReport:
    """Scan a take. A scanner that breaks down is reported as not having looked: the take was paid for."""
    if wanted.expected is None:
        return not_looked(Expected().checks, "the order is of an earlier version and does not say what may be seen")
    expected = await buying.database.read(lambda tx: _with_permissions(tx, wanted, wanted.expected or Expected()))
    try:
        return await buying.scan(path, wanted, media, expected)
    except Exception as error:  # noqa: BLE001 - whatever breaks in a scanner, a paid take is kept, and it is said
        _LOG.warning("scanning %s broke off: %s", wanted.order.shot, error)
        return not_looked(expected.checks, f"the scan broke off: {type(error).__name__}: {error}")


def told(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Findings as the ledger and the purchase keep them."""
    return tuple(f"{one.place}: {one.evidence} ({one.rule})" for one in findings)


def _with_permissions(tx: Transaction, wanted: TakeOrder, expected: Expected) -> Expected:
    """Faces may be compared only where the release that covers the shot at this moment says so.

    Nobody whom the workspace knows is named in what a scan writes down.
    """
    expected = expected.model_copy(update={"hidden": known_by(one.name for one in people.every(tx))})
    verdict = permission(tx, wanted)
    found = people.cameos(tx, (wanted.cameo,)) if wanted.cameo is not None else ()
    if not isinstance(verdict, Covered) or not found:
        return expected.model_copy(update={"may_match": False, "likeness": ()})
    person = found[0]
    may_match = any(one.id == verdict.release and one.biometrics for one in person.releases)
    faces = tuple(one.digest for one in person.references if one.kind == "face") if may_match else ()
    return expected.model_copy(update={"may_match": may_match, "likeness": faces})
