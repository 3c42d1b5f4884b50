"""The publish port: an approved hash in, a publication id out; list; take down."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from callsheet.domain.error import InputInvalid, Refused
from callsheet.domain.identity import Digest, PlacementId, PublicationId


@dataclass(frozen=True)
class Parcel:
    """What is to go out: a file, the hash that was approved, and where it runs."""

    name: str
    placement: PlacementId
    file: Path
    approved: Digest


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

    async def listed(self) -> tuple[PublicationId, ...]:
        """What is out now."""
        ...

    async def take_down(self, publication: PublicationId) -> bool:
        """Withdraw a publication; False when it was not out."""
        ...
