"""The provenance port: puts content credentials into a finished file, once, before anybody is asked to approve it,
and reads them back, before release and after publishing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from callsheet.domain.credential import Reading, Seal, Standing
from callsheet.domain.error import CallsheetError, InputInvalid
from callsheet.domain.identity import Digest
from callsheet.domain.origin import Origin


@dataclass(frozen=True)
class Provenance:
    """What a manifest says. `files` holds the bytes of every source by its hash: they become ingredients."""

    title: str
    essence: Digest
    origin: Origin
    files: Mapping[Digest, Path]


class SigningFailed(CallsheetError):
    """The file could not be signed, or the signed file did not verify. The unsigned file is kept."""


class IngredientUnsound(SigningFailed):
    """A take carries content credentials that do not hold. Nothing is signed over it."""


class CertificateUnusable(InputInvalid):
    """The certificate or key that the settings name cannot sign content credentials."""


class KeyHolder(Protocol):
    """Holds a private key, here or in a service that never gives it away."""

    def sign(self, data: bytes) -> bytes:
        """The signature over these bytes by the certificate's algorithm: r and s for EC keys (raw or DER), PSS with
        SHA-256 for RSA, plain for Ed25519.
        """
        ...


class CredentialReader(Protocol):
    """Reads content credentials and says what it found, never more than it found."""

    name: str
    version: str

    def read(self, path: Path) -> Reading:
        """Read a file; what is wrong with it is in the reading, not raised."""
        ...


class Signer(Protocol):
    """Signs files and reads them back."""

    @property
    def standing(self) -> Standing:
        """What a reader elsewhere will make of the signature."""
        ...

    async def sign(self, source: Path, target: Path, provenance: Provenance) -> Seal | None:
        """Write a signed copy of `source` to `target`, which must be another file, and read it back with every reader.

        None where nothing is signed. Raises SigningFailed.
        """
        ...

    async def verify(self, path: Path) -> tuple[Reading, ...]:
        """What every reader makes of a file; nothing where nothing reads."""
        ...
