"""The workspace's own signing key (Ed25519, RFC 8032): what it signs, nobody without the key can have written.

The private key stays out of the database where that can be: beside a SQLite file, as `signing-….key`, readable by its
owner alone. A workspace that several machines share on Postgres keeps it in the table of secrets, because all of them
must sign alike; there, whoever may read that table may sign.

A signature is of `callsheet <purpose>`, a zero byte and the payload, so that one made for one purpose never passes
for another.
"""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

from sqlalchemy import select

from callsheet.domain.error import InputInvalid
from callsheet.domain.record import digest_of
from callsheet.domain.signature import LETTERS_OF_A_KEY, LETTERS_OF_A_SIGNATURE, is_hex
from callsheet.storage.database import Transaction
from callsheet.storage.table import SECRETS
from callsheet.storage.upsert import insert_once

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_NAMED = "signing"
_STATEMENT = "statement"


class SigningKeyUnusable(InputInvalid):
    """The workspace's signing key is there but cannot be used, so nothing can be signed."""


def sign(tx: Transaction, payload: bytes, purpose: str = _STATEMENT) -> str:
    """The workspace's signature of these bytes, 128 hex letters. The same bytes always get the same signature.

    The key is made at the first use. Raises SigningKeyUnusable.
    """
    return _private_key(tx).sign(_marked(payload, purpose)).hex()


def signing_key(tx: Transaction) -> str:
    """The workspace's public key, 64 hex letters; made when there is none. Raises SigningKeyUnusable."""
    return _public_half(_private_key(tx))


def known_key(tx: Transaction) -> str | None:
    """The workspace's public key if there is one; none is made. Raises SigningKeyUnusable."""
    place = _place(tx)
    found = _read(place) if place is not None else _secret_of(tx)
    return _public_half(found) if found is not None else None


def is_signed(key: str, payload: bytes, signature: str, purpose: str = _STATEMENT) -> bool:
    """Whether that public key signed these bytes for that purpose. A signature has one spelling: lower-case hex."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if not (is_hex(key, LETTERS_OF_A_KEY) and is_hex(signature, LETTERS_OF_A_SIGNATURE)):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(signature), _marked(payload, purpose)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _marked(payload: bytes, purpose: str) -> bytes:
    return f"callsheet {purpose}\0".encode() + payload


def _public_half(key: "Ed25519PrivateKey") -> str:
    return key.public_key().public_bytes_raw().hex()


def _private_key(tx: Transaction) -> "Ed25519PrivateKey":
    place = _place(tx)
    found = _read(place) if place is not None else _secret_of(tx)
    if found is not None:
        return found
    return _make_secret(tx) if place is None else _make_file(place)


def _place(tx: Transaction) -> Path | None:
    """The file of the key: beside the database when that is a file. Several workspaces may share the file."""
    url = tx.connection.engine.url
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database)).absolute().parent / f"signing-{digest_of(tx.workspace)[:12]}.key"


def _read(place: Path) -> "Ed25519PrivateKey | None":
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        key = serialization.load_pem_private_key(place.read_bytes(), password=None)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise SigningKeyUnusable(
            f"The workspace's signing key {place} cannot be read ({error}): put the right file back, or move this one "
            f"away and a new key is made and announced in the ledger"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyUnusable(f"The workspace's signing key {place} is not an Ed25519 key: put the right file back")
    return key


def _make_file(place: Path) -> "Ed25519PrivateKey":
    """Written aside, flushed to the disk and linked into place: the key is there whole, once, or not at all."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = Ed25519PrivateKey.generate()
    text = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle, name = mkstemp(dir=place.parent, prefix=f".{place.name}-")  # mkstemp lets only the owner read it
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _put(part, place)
    finally:
        part.unlink()
    _flush_folder(place.parent)
    return _read(place) or made


def _put(part: Path, place: Path) -> None:
    """Give the file its name, unless another process was quicker: then its key is the workspace's."""
    try:
        os.link(part, place)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links: whoever creates the name first has it
        with suppress(FileExistsError):
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(part.read_bytes())
                file.flush()
                os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system can open a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _secret_of(tx: Transaction) -> "Ed25519PrivateKey | None":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    its = select(SECRETS.c.value).where(SECRETS.c.workspace == tx.workspace, SECRETS.c.name == _NAMED)
    row = tx.execute(its).first()
    if row is None:
        return None
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(row.value))
    except ValueError as error:
        raise SigningKeyUnusable(
            f"The workspace's signing key in the table of secrets is not an Ed25519 key ({error}): restore that row, "
            f"or delete it and a new key is made and announced in the ledger"
        ) from error


def _make_secret(tx: Transaction) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = Ed25519PrivateKey.generate()
    insert_once(tx, SECRETS, {"workspace": tx.workspace, "name": _NAMED, "value": made.private_bytes_raw().hex()})
    return _secret_of(tx) or made
