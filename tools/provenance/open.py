"""Opens what the settings name: the signer, and the readers that look at what it signed."""

from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from callsheet.tools.provenance.credentials import ContentSigner, ReferenceReader
from callsheet.tools.provenance.identity import CERT, KEY, SigningIdentity, development_identity, own_identity
from callsheet.tools.provenance.port import CertificateUnusable, CredentialReader


def signer_for(
    folder: Path, now: datetime, version: str, *, cert: str = "", key: str = "", passphrase: str = "", anchors: str = ""
) -> ContentSigner:
    """The user's certificate where one is named, else the development certificate in `folder`, made on first use.

    Raises CertificateUnusable.
    """
    identity = _identity(folder, now, cert, key, passphrase, anchors)
    return ContentSigner(identity, readers_for(identity.anchors), version)


def readers_for(anchors: str) -> tuple[CredentialReader, ...]:
    """Every reader that is installed; they trust these anchors (PEM) and nobody else."""
    readers: list[CredentialReader] = []
    if find_spec("c2pa") is not None:
        readers.append(ReferenceReader(anchors))
    if find_spec("encypher_c2pa") is not None:
        from callsheet.tools.provenance.independent import IndependentReader

        readers.append(IndependentReader(anchors))
    return tuple(readers)


def _identity(folder: Path, now: datetime, cert: str, key: str, passphrase: str, anchors: str) -> SigningIdentity:
    if not cert and not key:
        return development_identity(folder, now, Path(anchors) if anchors else None)
    if not (cert and key):
        there, missing = (CERT, KEY) if cert else (KEY, CERT)
        raise CertificateUnusable(f"{there} is set and {missing} is not: a certificate signs only with its key")
    root = folder / "root.pem"  # files of earlier runs may still wait for their release
    older = root.read_text() if root.is_file() else ""
    return own_identity(Path(cert), Path(key), passphrase, Path(anchors) if anchors else None, now, older)
