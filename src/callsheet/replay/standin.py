"""Stand-ins for what a workspace draws at random: the key that signs its ledger, the secret behind its pseudonyms.

They are drawn from the seed of a recording, so that a replay signs and names alike. Nobody else trusts them, and they
protect nothing: a recording is readable anyway.
"""

import hashlib
from pathlib import Path

from callsheet.domain.record import digest_of
from callsheet.storage.database import Database, Transaction
from callsheet.storage.table import SECRETS
from callsheet.storage.upsert import insert_once


def plant(database: Database, home: Path, workspace: str, seed: str) -> None:
    """Put the stand-ins into a workspace that is still empty."""
    _write_key(home / f"signing-{digest_of(workspace)[:12]}.key", _drawn(seed, "signing"))
    secret = _drawn(seed, "pseudonym").hex()

    def write(tx: Transaction) -> None:
        insert_once(tx, SECRETS, {"workspace": workspace, "name": "pseudonym", "value": secret})

    database.write_now(write)


def _write_key(path: Path, seed: bytes) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(seed)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.touch(mode=0o600)
    path.write_bytes(text)


def _drawn(seed: str, what: str) -> bytes:
    return hashlib.sha256(f"callsheet recording\0{seed}\0{what}".encode()).digest()
