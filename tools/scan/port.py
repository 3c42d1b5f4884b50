"""The scanner port: one scanner makes one check of a take and says what it saw. Judging is the domain's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import Digest
from callsheet.domain.scan.report import Check
from callsheet.domain.scan.sighting import Entities, Match, NotLooked, Sighting


@dataclass(frozen=True)
class Reel:
    """Frames as raw RGB, one after the other in a file, and when each is shown, in seconds."""

    file: Path
    width: int
    height: int
    times: tuple[Fraction, ...]

    def as_given(self, frames: Sequence[int]) -> Mapping[str, Any]:
        """The same for another process, with the frames it is to look at."""
        return {"file": str(self.file), "width": self.width, "height": self.height, "frames": list(frames)}


@dataclass(frozen=True)
class Footage:
    """A take as scanners get it: decoded apart, with a deadline, and never to be opened as a video again.

    `telling` are the frames of the reel that differ from the one before. `sound` is mono 16-bit PCM at 16 kHz; there
    is none when the take is silent. `product` is the product's own picture.
    """

    reel: Reel
    telling: tuple[int, ...]
    sound: Path | None = None
    product: Path | None = None


class Scanner(Protocol):
    """Makes one check."""

    @property
    def check(self) -> Check:
        """Which check it makes."""
        ...

    @property
    def missing(self) -> str:
        """What must be installed before it can look; empty when it can."""
        ...

    async def look(self, footage: Footage) -> Sighting:
        """What it saw, or why it did not look. It never raises for what is in the footage."""
        ...


class NameReader(Protocol):
    """Recognises names of people and organisations in texts, known or not."""

    async def read(self, texts: Sequence[str]) -> Entities | NotLooked:
        """The names."""
        ...


class FaceMatcher(Protocol):
    """Compares the faces of a take with the pictures of the person who is cast. Only ever asked with permission."""

    async def match(self, footage: Footage, likeness: Sequence[Digest]) -> Match | NotLooked:
        """In how many frames there is a face of somebody else."""
        ...


class ScannerFailed(CallsheetError):
    """A scanner did not finish its look. What it should have looked at counts as not looked at."""
