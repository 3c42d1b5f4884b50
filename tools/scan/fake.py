"""The fakes of the scanner ports: they see what they are told to. For tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from callsheet.domain.identity import Digest
from callsheet.domain.scan.report import Check
from callsheet.domain.scan.sighting import Match, NotLooked, Sighting
from callsheet.tools.scan.port import Footage


@dataclass
class FakeScanner:
    """Makes one check, and always sees the same; `looks` counts how often it was asked."""

    check: Check
    sees: Sighting
    missing: str = ""
    looks: int = 0

    async def look(self, footage: Footage) -> Sighting:  # noqa: ARG002 - as the port says
        """What it was told to see."""
        self.looks += 1
        return self.sees


@dataclass
class FakeMatcher:
    """Finds so many frames with a stranger, and remembers whose likeness it was given."""

    strangers: int = 0
    asked: list[tuple[Digest, ...]] = field(default_factory=list)

    async def match(self, footage: Footage, likeness: Sequence[Digest]) -> Match | NotLooked:  # noqa: ARG002 - as the port says
        """What it was told to find."""
        self.asked.append(tuple(likeness))
        return Match(strangers=self.strangers)
