"""Scanning a take: every scanner that is installed looks at it, and the domain judges what they saw."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from callsheet.domain.cut import Media
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.judge import judge
from callsheet.domain.scan.report import ScanReport, not_looked
from callsheet.domain.scan.sighting import FindNames, NotLooked, Sighting, Speech, Text
from callsheet.domain.scan.words import everything_said
from callsheet.tools.scan.footage import take_apart
from callsheet.tools.scan.port import FaceMatcher, Footage, NameReader, Scanner, ScannerFailed


@dataclass(frozen=True)
class ScanRoom:
    """Who looks at takes. `find` knows the listed names; without a `matcher` faces are counted and never compared."""

    scanners: tuple[Scanner, ...]
    find: FindNames
    reader: NameReader | None = None
    matcher: FaceMatcher | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """What must be installed so that every scanner can look."""
        return tuple(f"{one.check}: {one.missing}" for one in self.scanners if one.missing)

    async def scan(self, take: Path, media: Media, expected: Expected, product: Path | None = None) -> ScanReport:
        """Look at a verified take. `product` is the picture it must match.

        Never raises for what is in the take: what could not be looked at is reported as not looked at.
        """
        length = Fraction(media.frames or 0, media.rate or 1)
        with TemporaryDirectory(prefix="callsheet-scan-") as folder:
            try:
                footage = await take_apart(take, media.width, media.height, length, Path(folder))
            except (ScannerFailed, OSError) as failure:
                return not_looked(expected.checks, str(failure))
            return await self._judged(replace(footage, product=product), expected)

    async def _judged(self, footage: Footage, expected: Expected) -> ScanReport:
        concerned = [one for one in self.scanners if one.check in expected.checks]
        seen: list[Sighting] = list(await asyncio.gather(*(_look(one, footage) for one in concerned)))
        if expected.cast:
            seen.append(await self._match(footage, expected))
        if self.reader is not None:
            seen.append(await self.reader.read(_texts(seen)))
        return judge(seen, expected, self.find)

    async def _match(self, footage: Footage, expected: Expected) -> Sighting:
        """Compare faces, if the release permits it: without that word nobody's face is ever measured."""
        if not expected.may_match:
            return NotLooked(check="cast", why="the release does not permit comparing faces (biometrics)")
        if self.matcher is None:
            return NotLooked(check="cast", why="no face matcher is installed")
        if not expected.likeness:
            return NotLooked(check="cast", why="there is no picture of the person to compare with")
        try:
            return await self.matcher.match(footage, expected.likeness)
        except ScannerFailed as failure:
            return NotLooked(check="cast", why=str(failure))


async def _look(scanner: Scanner, footage: Footage) -> Sighting:
    if scanner.missing:
        return NotLooked(check=scanner.check, why=scanner.missing)
    return await scanner.look(footage)


def _texts(seen: Sequence[Sighting]) -> tuple[str, ...]:
    text = next((one for one in seen if isinstance(one, Text)), None)
    speech = next((one for one in seen if isinstance(one, Speech)), None)
    return everything_said(text, speech)
