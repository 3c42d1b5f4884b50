"""Who signs: a certificate chain with its key, looked at once at start-up, so that no finished film waits for it.

What a certificate must be comes from the C2PA specification 2.2, "X.509 Certificates"; what is checked here beyond it
is what the reference library was seen to refuse.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from callsheet.domain.credential import Signatory, Standing
from callsheet.domain.identity import Digest
from callsheet.tools.provenance.certificate import development_chain
from callsheet.tools.provenance.port import CertificateUnusable, KeyHolder

CERT, KEY, PASSPHRASE, ANCHORS = (
    "CALLSHEET_SIGN_CERT",
    "CALLSHEET_SIGN_KEY",
    "CALLSHEET_SIGN_PASSPHRASE",
    "CALLSHEET_SIGN_ANCHORS",
)
C2PA_SIGNING = "1.3.6.1.4.1.62558.2.1"
"""The extended key usage that C2PA's own certificate authorities give; the other two are older and still common."""
USAGES = (ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string, "1.3.6.1.5.5.7.3.36", C2PA_SIGNING)
_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
_SHA: dict[str, hashes.HashAlgorithm] = {"es256": hashes.SHA256(), "es384": hashes.SHA384(), "es512": hashes.SHA512()}
_SMALLEST_RSA = 2048

E = TypeVar("E", bound=x509.ExtensionType)
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class SigningIdentity:
    """A chain that signs, its key, and the anchors that readers here take for trusted (all PEM)."""

    chain: str
    key: KeyHolder
    anchors: str
    standing: Standing
    by: Signatory


@dataclass(frozen=True)
class FileKey:
    """A private key that was read from a file."""

    key: PrivateKey
    algorithm: str

    def sign(self, data: bytes) -> bytes:
        """Sign."""
        match self.key:
            case ec.EllipticCurvePrivateKey():
                return self.key.sign(data, ec.ECDSA(_SHA[self.algorithm]))
            case rsa.RSAPrivateKey():
                salted = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256().digest_size)
                return self.key.sign(data, salted, hashes.SHA256())
            case ed25519.Ed25519PrivateKey():
                return self.key.sign(data)


def development_identity(folder: Path, now: datetime, anchors: Path | None = None) -> SigningIdentity:
    """The workspace's own certificate, made when it is not there. Nobody else trusts it.

    `anchors` vouch for the signers of takes, never for this certificate.
    """
    leaf, root, key = development_chain(folder, now)
    chain = _certificates(leaf.read_bytes() + root.read_bytes(), leaf, "the development certificate")
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    others = _certificates(_read(anchors, ANCHORS), anchors, ANCHORS) if anchors else []
    trusted, by = _pem([*chain[1:], *others]), _signatory(chain[0]).model_copy(update={"is_of_workspace": True})
    return SigningIdentity(_pem(chain), FileKey(private, "es256"), trusted, "development", by)


def own_identity(
    cert: Path, key: Path, passphrase: str, anchors: Path | None, now: datetime, also: str = ""
) -> SigningIdentity:
    """The user's certificate. Trusted only if its chain reaches one of `anchors`; without any it counts as development.

    `also` (PEM) are anchors that older files of the workspace were signed under. Raises CertificateUnusable.
    """
    chain = _certificates(_read(cert, CERT), cert, CERT)
    _check_leaf(chain[0], cert, now)
    _check_order(chain, cert)
    private = _private_key(key, passphrase)
    if _public(private.public_key()) != _public(chain[0].public_key()):
        raise CertificateUnusable(f"{key} ({KEY}) is not the key of the first certificate in {cert}: name the pair")
    by = _signatory(chain[0])
    holder = FileKey(private, by.algorithm)
    if anchors is None:
        return SigningIdentity(_pem(chain), holder, _pem(chain[-1:]) + also, "development", by)
    trusted = _certificates(_read(anchors, ANCHORS), anchors, ANCHORS)
    if not any(_reaches(chain[-1], one) for one in trusted):
        raise CertificateUnusable(
            f"{cert} ({CERT}) does not lead to any certificate in {anchors} ({ANCHORS}): add the intermediate "
            "certificates to the chain, or the authority's root to the anchors"
        )
    return SigningIdentity(_pem(chain), holder, _pem(trusted) + also, "trusted", by)


def read_anchors(folder: Path, anchors: str, *, is_alone: bool) -> str:
    """Whom to trust when reading (PEM): the anchors that are named, and unless they are to stand alone the workspace's
    own root in `folder`. Raises CertificateUnusable.
    """
    named = _pem(_certificates(_read(Path(anchors), ANCHORS), Path(anchors), ANCHORS)) if anchors else ""
    root = folder / "root.pem"
    return named if is_alone or not root.is_file() else named + root.read_text()


def _read(path: Path, setting: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CertificateUnusable(f"{path} ({setting}) cannot be read: {error.strerror or error}") from None


def _certificates(data: bytes, path: Path, setting: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError:
        raise CertificateUnusable(
            f"{path} ({setting}) holds no certificate in PEM form (-----BEGIN CERTIFICATE-----): convert it"
        ) from None


def _private_key(path: Path, passphrase: str) -> PrivateKey:
    data = _read(path, KEY)
    try:
        found = serialization.load_pem_private_key(data, passphrase.encode() or None)
    except TypeError:
        what = "is not encrypted, and a passphrase is set: unset" if passphrase else "is encrypted: set"
        raise CertificateUnusable(f"{path} ({KEY}) {what} {PASSPHRASE}") from None
    except ValueError:
        why = f"the passphrase in {PASSPHRASE} is wrong, or it" if passphrase else "it"
        raise CertificateUnusable(f"{path} ({KEY}) cannot be used: {why} is no private key in PEM form") from None
    if not isinstance(found, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise CertificateUnusable(f"{path} ({KEY}) is no EC, RSA or Ed25519 key, and C2PA knows no other kind")
    return found


def _check_leaf(leaf: x509.Certificate, path: Path, now: datetime) -> None:
    for problem, remedy in _problems(leaf, now):
        raise CertificateUnusable(f"{path} ({CERT}): the first certificate {problem}; {remedy}")


def _problems(leaf: x509.Certificate, now: datetime) -> list[tuple[str, str]]:
    ask = "ask your certificate authority for one for content credentials"
    found: list[tuple[str, str]] = []
    if now >= leaf.not_valid_after_utc:
        found.append((f"expired on {leaf.not_valid_after_utc:%Y-%m-%d}", "renew it"))
    if now < leaf.not_valid_before_utc:
        found.append((f"is valid only from {leaf.not_valid_before_utc:%Y-%m-%d}", "wait, or use another"))
    if leaf.issuer == leaf.subject:
        found.append(("signed itself", f"C2PA readers refuse that: {ask}"))
    constraints = _extension(leaf, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        found.append(("is an authority's", "put the signer's own certificate first in the file"))
    usage = _extension(leaf, x509.KeyUsage)
    if usage is None or not usage.digital_signature:
        found.append(("may not sign (key usage digitalSignature is missing)", ask))
    extended = _extension(leaf, x509.ExtendedKeyUsage)
    allowed = {one.dotted_string for one in extended} if extended is not None else set()
    if not allowed & set(USAGES) or "2.5.29.37.0" in allowed:
        wanted = "emailProtection, documentSigning or C2PA claim signing"
        found.append((f"lacks the extended key usage that C2PA asks for ({wanted})", ask))
    if _extension(leaf, x509.AuthorityKeyIdentifier) is None:
        found.append(("has no authority key identifier", ask))
    if not leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME):
        found.append(("names no organisation (O)", f"readers would show nobody: {ask}"))
    if leaf.signature_hash_algorithm is not None and leaf.signature_hash_algorithm.name not in (
        "sha256", "sha384", "sha512",
    ):  # fmt: skip
        found.append((f"is signed with {leaf.signature_hash_algorithm.name}", ask))
    if _algorithm(leaf) is None:
        found.append(("has a key that C2PA does not know or that is too short", "use P-256, RSA 2048 or Ed25519"))
    return found


def _check_order(chain: list[x509.Certificate], path: Path) -> None:
    for number, (below, above) in enumerate(pairwise(chain), start=1):
        if not _issued(below, above):
            raise CertificateUnusable(
                f"{path} ({CERT}): certificate {number + 1} did not issue certificate {number}; put the signer's "
                "first, then each one's issuer"
            )


def _reaches(last: x509.Certificate, anchor: x509.Certificate) -> bool:
    return last == anchor or _issued(last, anchor)


def _issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _signatory(leaf: x509.Certificate) -> Signatory:
    named = leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return Signatory(
        organisation=str(named[0].value),
        fingerprint=Digest(leaf.fingerprint(hashes.SHA256()).hex()),
        serial=str(leaf.serial_number),
        algorithm=_algorithm(leaf) or "",
        expires=leaf.not_valid_after_utc,
    )


def _algorithm(leaf: x509.Certificate) -> str | None:
    match leaf.public_key():
        case ec.EllipticCurvePublicKey() as key:
            return _CURVES.get(key.curve.name)
        case rsa.RSAPublicKey() as key:
            return "ps256" if key.key_size >= _SMALLEST_RSA else None
        case ed25519.Ed25519PublicKey():
            return "ed25519"
        case _:
            return None


def _extension(leaf: x509.Certificate, kind: type[E]) -> E | None:
    try:
        return leaf.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _public(key: CertificatePublicKeyTypes) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _pem(chain: list[x509.Certificate]) -> str:
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in chain)
