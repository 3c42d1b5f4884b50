"""The provenance port: puts content credentials into a finished file, once, before anybody is asked to approve it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from callsheet.domain.error import CallsheetError

Standing = Literal["trusted", "development", "none"]


@dataclass(frozen=True)
class Provenance:
    """What a manifest says: how the file came about. Ids and hashes only; no names of people."""

    title: str
    is_generated: bool
    shots: tuple[str, ...]
    releases: tuple[str, ...]
    claims: tuple[str, ...]
    essence: str


class SigningFailed(CallsheetError):
    """The file could not be signed, or the signed file did not verify. The unsigned file is kept."""


class Signer(Protocol):
    """Signs files."""

    @property
    def standing(self) -> Standing:
        """What a reader will make of the signature."""
        ...

    async def sign(self, source: Path, target: Path, provenance: Provenance) -> None:
        """Write a signed copy of `source` to `target`, which must be another file. Raises SigningFailed."""
        ...
