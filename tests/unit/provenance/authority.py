"""An authority of the test's own: makes certificates of any kind, right and wrong, and films to sign."""

import hashlib
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

from callsheet.domain.identity import ClaimId, Digest
from callsheet.domain.origin import Edit, Origin, Source
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.provenance.port import Provenance

NOW = datetime.now(UTC)
"""The libraries hold a certificate's term against the machine's clock."""
EMAIL, DOCUMENT, C2PA, SERVER = (
    "1.3.6.1.5.5.7.3.4",
    "1.3.6.1.5.5.7.3.36",
    "1.3.6.1.4.1.62558.2.1",
    "1.3.6.1.5.5.7.3.1",
)
KEYS: dict[str, Any] = {
    "es256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "es384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "es512": lambda: ec.generate_private_key(ec.SECP521R1()),
    "ps256": lambda: rsa.generate_private_key(65537, 2048),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "short rsa": lambda: rsa.generate_private_key(65537, 1024),
    "dsa": lambda: dsa.generate_private_key(2048),
}


@dataclass
class Authority:
    """A root, and what it issued. Files lie in `folder`."""

    folder: Path
    name: str = "Proving Ground"
    key: Any = field(default_factory=KEYS["es256"])

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        subject = _name(f"{self.name} Root", "root")
        self.root = (
            _begun(subject, subject, self.key.public_key(), NOW - timedelta(days=400), NOW + timedelta(days=4000))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(signs=False, certifies=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        self.anchors = self.folder / "anchors.pem"
        self.anchors.write_bytes(_pem(self.root))

    def issue(
        self,
        kind: str = "es256",
        *,
        usage: str | None = EMAIL,
        organisation: str | None = "Longrun Media",
        starts: timedelta = timedelta(days=-1),
        ends: timedelta = timedelta(days=365),
        signs: bool = True,
        is_authority: bool = False,
        names_issuer: bool = True,
        with_root: bool = True,
        passphrase: str = "",
    ) -> tuple[Path, Path]:
        """A chain and its key, as PEM files."""
        key = KEYS[kind]()
        builder = _begun(_name(organisation, "signer"), self.root.subject, key.public_key(), NOW + starts, NOW + ends)
        builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs=signs, certifies=not signs), critical=True)
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ObjectIdentifier(usage)]), critical=False)
        if names_issuer:
            issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
            builder = builder.add_extension(issuer, critical=False)
        leaf = builder.sign(self.key, hashes.SHA256())
        cert, secret = self.folder / f"{leaf.serial_number}.pem", self.folder / f"{leaf.serial_number}.key"
        cert.write_bytes(_pem(leaf) + (_pem(self.root) if with_root else b""))
        secret.write_bytes(private_pem(key, passphrase))
        return cert, secret


def private_pem(key: Any, passphrase: str = "") -> bytes:
    """A key in PEM form."""
    how = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )  # fmt: skip
    return bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how))


def film(path: Path, pattern: str, seconds: float = 0.5, size: str = "96x96") -> Path:
    """A real, short film."""
    argv = [ffmpeg_exe(), "-y", "-loglevel", "error", "-f", "lavfi", "-i", f"{pattern}=size={size}:rate=30",
            "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
            "-movflags", "+faststart", str(path)]  # fmt: skip
    subprocess.run(argv, check=True, capture_output=True)
    return path


def hashed(path: Path) -> Digest:
    """The SHA-256 of a file."""
    return Digest(hashlib.sha256(path.read_bytes()).hexdigest())


def provenance(*takes: Path, title: str = "spring_everyone_vertical_en-US", **changes: Any) -> Provenance:
    """What is said about a film cut from these takes; shot and take are named after their place."""
    sources = tuple(
        Source(
            id=f"s{number}.take1", kind="take", digest=hashed(path), media_type="video/mp4", shot=f"s{number}",
            source_type="trainedAlgorithmicMedia", provider="acme", model="acme-2", purchase=f"{number}" * 64,
        )
        for number, path in enumerate(takes, start=1)
    )  # fmt: skip
    said: dict[str, Any] = {
        "sources": sources,
        "edits": tuple(Edit(action="c2pa.placed", description="placed", source=one.id) for one in sources),
        "releases": ("r1",),
        "claims": (ClaimId("c1"),),
        "storyboard": Digest("5" * 64),
        "call_sheet": Digest("6" * 64),
    }
    return Provenance(title, Digest("e" * 64), Origin(**(said | changes)), {hashed(path): path for path in takes})


def _begun(
    subject: x509.Name, issuer: x509.Name, public: Any, starts: datetime, ends: datetime
) -> x509.CertificateBuilder:
    serial = x509.random_serial_number()
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    return builder.serial_number(serial).not_valid_before(starts).not_valid_after(ends)


def _name(organisation: str | None, common: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organisation:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


def _usage(*, signs: bool, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(signs, False, False, False, False, certifies, certifies, False, False)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
