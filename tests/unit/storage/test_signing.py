"""The workspace's signing key: made once, kept from others, and never guessed at when it is damaged."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from sqlalchemy import update

from callsheet.domain.error import WrongUse
from callsheet.domain.identity import RunId
from callsheet.domain.ledger import WORKSPACE, Event
from callsheet.domain.signature import fingerprint
from callsheet.storage.database import Database, Transaction
from callsheet.storage.export import export, prove_workspace
from callsheet.storage.head import newest
from callsheet.storage.ledger import entries, record, sign_head
from callsheet.storage.signing import SigningKeyUnusable, is_signed, known_key, sign, signing_key
from callsheet.storage.table import SECRETS

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN = RunId("spring-1")


class Noted(Event):
    """Something small happened."""

    what: str


class Ended(Noted):
    """A stage was over."""

    ends_stage = True


def opened(folder: Path, workspace: str = "w") -> Database:
    return Database(f"sqlite:///{folder / 'workspace.db'}", workspace, lambda: NOON)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = opened(tmp_path)
    yield found
    found.close()


def key_file(folder: Path) -> Path:
    (found,) = folder.glob("signing-*.key")
    return found


def test_the_same_bytes_get_the_same_signature_from_then_on(database: Database, tmp_path: Path) -> None:
    first = database.write_now(lambda tx: sign(tx, b"words"))
    again = opened(tmp_path)
    assert again.write_now(lambda tx: sign(tx, b"words")) == first
    key = again.read_now(known_key)
    assert key is not None
    assert is_signed(key, b"words", first)
    again.close()


@pytest.mark.parametrize(
    ("payload", "purpose", "spelling"),
    [(b"word", "statement", str.lower), (b"words", "head", str.lower), (b"words", "statement", str.upper)],
    ids=["other bytes", "another purpose", "another spelling"],
)
def test_a_signature_holds_for_nothing_else(
    database: Database, payload: bytes, purpose: str, spelling: type[str]
) -> None:
    made = database.write_now(lambda tx: sign(tx, b"words"))
    key = database.write_now(signing_key)
    assert is_signed(key, b"words", made)
    assert not is_signed(key, payload, spelling(made), purpose)
    assert not is_signed(fingerprint(key), b"words", made)


@pytest.mark.parametrize("text", ["", "00", "g" * 64, "0" * 63, "ü" * 64])
def test_what_is_no_key_signed_nothing(text: str) -> None:
    assert not is_signed(text, b"words", "0" * 128)
    assert not is_signed("0" * 64, b"words", text)


def test_the_key_is_outside_the_database_and_only_its_owner_reads_it(database: Database, tmp_path: Path) -> None:
    database.write_now(signing_key)
    place = key_file(tmp_path)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    secret = serialization.load_pem_private_key(place.read_bytes(), password=None).private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    database.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path != place)
    assert secret not in kept
    assert secret.hex().encode() not in kept


def test_a_look_makes_no_key(database: Database, tmp_path: Path) -> None:
    assert database.read_now(known_key) is None
    assert list(tmp_path.glob("*.key")) == []


def test_workspaces_in_one_file_sign_with_keys_of_their_own(database: Database, tmp_path: Path) -> None:
    other = opened(tmp_path, "../w")
    assert database.write_now(signing_key) != other.write_now(signing_key)
    assert len(list(tmp_path.glob("signing-*.key"))) == 2
    other.close()


def test_several_who_need_the_first_key_at_once_share_it(tmp_path: Path) -> None:
    found = [opened(tmp_path) for _ in range(6)]
    with ThreadPoolExecutor(6) as people:  # reading transactions: nothing else keeps them apart
        keys = set(people.map(lambda one: one.read_now(signing_key), found))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.glob(".signing-*")] == []
    for one in found:
        one.close()


def test_without_a_file_the_key_is_among_the_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database("sqlite://", "w", lambda: NOON)
    made = database.write_now(lambda tx: (sign(tx, b"words"), signing_key(tx), sign(tx, b"words")))
    assert is_signed(made[1], b"words", made[0])
    assert made[0] == made[2]
    assert list(tmp_path.iterdir()) == []
    database.close()


def _other_kind() -> bytes:
    return generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize("text", [b"", b"not a key", _other_kind()], ids=["empty", "nonsense", "another kind"])
def test_a_damaged_key_is_refused_and_not_replaced(database: Database, tmp_path: Path, text: bytes) -> None:
    database.write_now(signing_key)
    key_file(tmp_path).write_bytes(text)
    for use in (lambda tx: sign(tx, b"words"), signing_key, known_key):
        with pytest.raises(SigningKeyUnusable, match=r"signing-.*\.key.* put the right file back"):
            database.write_now(use)
    assert key_file(tmp_path).read_bytes() == text


def test_a_damaged_secret_is_refused_and_not_replaced() -> None:
    database = Database("sqlite://", "w", lambda: NOON)
    database.write_now(signing_key)

    def damage(tx: Transaction) -> None:
        tx.execute(update(SECRETS).where(SECRETS.c.name == "signing").values(value="zz"))

    database.write_now(damage)
    with pytest.raises(SigningKeyUnusable, match="restore that row"):
        database.write_now(signing_key)
    database.close()


def test_what_ends_a_stage_is_signed_in_its_own_transaction(database: Database) -> None:
    database.write_now(lambda tx: record(tx, RUN, Noted(what="small")))
    assert database.read_now(newest) is None
    database.write_now(lambda tx: record(tx, RUN, Ended(what="great")))
    head = database.read_now(newest)
    assert head is not None
    assert (head.run, head.entries, head.turn) == (RUN, 2, 0)
    with pytest.raises(ZeroDivisionError):
        database.write_now(lambda tx: (record(tx, RUN, Ended(what="undone")), 1 // 0))
    assert database.read_now(newest) == head


def test_a_head_that_would_say_nothing_new_is_not_signed(database: Database) -> None:
    database.write_now(lambda tx: record(tx, RUN, Ended(what="great")))
    assert database.write_now(lambda tx: sign_head(tx, RUN)) is None


def test_a_key_is_announced_once_before_it_signs(database: Database) -> None:
    for _ in range(2):
        database.write_now(lambda tx: record(tx, RUN, Ended(what="great")))
    (made,) = database.read_now(lambda tx: entries(tx, WORKSPACE))
    assert (made.kind, made.body["public"]) == ("KeyMade", database.read_now(known_key))
    assert made.body["replaces"] == ""


def test_a_lost_key_is_replaced_in_the_open_and_old_heads_still_verify(database: Database, tmp_path: Path) -> None:
    database.write_now(lambda tx: record(tx, RUN, Ended(what="before")))
    before = database.read_now(known_key)
    key_file(tmp_path).unlink()
    assert "the next signature will be by a new one" in database.read_now(prove_workspace).notices[0]
    database.write_now(lambda tx: record(tx, RUN, Ended(what="after")))
    after = database.read_now(known_key)
    assert before is not None
    assert after is not None
    replaced = database.read_now(lambda tx: entries(tx, WORKSPACE))[-1].body
    assert (replaced["key"], replaced["replaces"]) == (fingerprint(after), fingerprint(before))
    proof = database.read_now(prove_workspace)
    assert (len(proof.keys), proof.signer) == (2, fingerprint(after))


def test_what_is_not_signed_is_not_written_out(database: Database) -> None:
    database.write_now(lambda tx: record(tx, RUN, Noted(what="small")))
    with pytest.raises(WrongUse, match="callsheet ledger head"):
        database.read_now(lambda tx: list(export(tx)))


def test_takes_that_finish_in_another_order_are_signed_as_the_same_head(tmp_path: Path) -> None:
    heads = set()
    for workspace, order in (("one", "abc"), ("two", "cab")):
        database = opened(tmp_path, workspace)
        for chain in order:
            database.write_now(lambda tx, chain=chain: record(tx, RUN, Noted(what=chain), chain))  # type: ignore[misc]  # mypy cannot type a lambda's default
        database.write_now(lambda tx: record(tx, RUN, Ended(what="over")))
        head = database.read_now(newest)
        assert head is not None
        heads.add((head.head, head.tips, head.entries))
        database.close()
    assert len(heads) == 1
