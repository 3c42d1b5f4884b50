"""The publish port: an approved hash in, a publication id out; list; take down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from callsheet.domain.error import InputInvalid, Refused
from callsheet.domain.identity import Digest, PlacementId, PublicationId


@dataclass(frozen=True, kw_only=True)
class Slot:
    """Which film runs where: the hash that was approved, under a name, in a placement."""

    name: str
    placement: PlacementId
    approved: Digest


@dataclass(frozen=True, kw_only=True)
class Parcel(Slot):
    """What is to go out: a file, the hash that was approved, and where it runs.

    `markets` are those the film was made and labelled for, as a publisher may target them; empty when nobody said.
    `alternate` names a version that is for these markets alone, and is empty for the one without stricter norms.

    `flags` are to be declared at upload, field and value by platform; `disclosures` say what is told about the film and
    by which rules. Both are plain JSON. A publisher for one platform sets that platform's flags.
    """

    file: Path
    markets: tuple[str, ...] = ()
    alternate: str = ""
    flags: Mapping[str, Mapping[str, bool | str]] = field(default_factory=dict)
    disclosures: Mapping[str, object] = field(default_factory=dict)


class NotTheApprovedFile(Refused):
    """The bytes differ from what was approved. Nothing was published."""


class NameUnusable(InputInvalid):
    """A publication has a name that a channel cannot keep. Nothing was published."""


class Publisher(Protocol):
    """A place where ads run."""

    @property
    def name(self) -> str:
        """What the adapter is called in the ledger."""
        ...

    async def publish(self, parcel: Parcel) -> PublicationId:
        """Send a file out. The same file to the same place again is the same publication. Raises NotTheApprovedFile."""
        ...

    async def find(self, slot: Slot) -> PublicationId | None:
        """The publication that this very file is in its place, if it is out; nothing is sent."""
        ...

    async def listed(self) -> tuple[PublicationId, ...]:
        """What is out now."""
        ...

    async def fetch(self, publication: PublicationId, target: Path) -> bool:
        """Write the bytes that are out now, as an audience gets them, to `target`; False when it is not out."""
        ...

    async def take_down(self, publication: PublicationId) -> bool:
        """Withdraw a publication; False when it was not out."""
        ...
