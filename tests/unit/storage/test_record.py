"""One campaign's approval is no other's, and an id belongs to one person."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callsheet.domain.cameo import Cameo
from callsheet.domain.claim import Claim
from callsheet.domain.error import WrongUse
from callsheet.domain.identity import CameoId, ClaimId
from callsheet.storage import record as records
from callsheet.storage.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'w.db'}", "w", lambda: datetime(2026, 11, 22, tzinfo=UTC))
    yield opened
    opened.close()


def claim(text: str, approved: bool = True, name: str = "c1") -> Claim:
    return Claim(id=ClaimId(name), text=text, approved=approved)


def test_an_approval_in_one_campaign_approves_nothing_in_another(database: Database) -> None:
    waiting, cure = claim("Made with yarn", approved=False), claim("Cures acne")
    database.write_now(lambda tx: records.seed(tx, "shoe", (), (waiting,)))
    database.write_now(lambda tx: records.seed(tx, "soap", (), (cure, claim("Made with yarn", name="c2"))))
    assert database.read_now(lambda tx: records.claims(tx, "shoe", (waiting,))) == (waiting,)
    assert database.read_now(lambda tx: records.claims(tx, "shoe", (cure,))) == ()


def test_the_latest_word_on_a_wording_is_read_under_the_id_asked_for(database: Database) -> None:
    frozen = claim("Made with yarn", approved=False)
    database.write_now(lambda tx: records.seed(tx, "shoe", (), (frozen,)))
    later = claim("MADE with yarn", name="c7")
    database.write_now(lambda tx: records.seed(tx, "shoe", (), (later,)))
    (found,) = database.read_now(lambda tx: records.claims(tx, "shoe", (frozen,)))
    assert (found.id, found.approved) == ("c1", True)


def test_the_same_wording_twice_stays_two_claims(database: Database) -> None:
    both = (claim("Made with yarn"), claim("Made with yarn", approved=False, name="c2"))
    database.write_now(lambda tx: records.seed(tx, "shoe", (), both))
    assert database.read_now(lambda tx: records.claims(tx, "shoe", both)) == both


def test_an_id_is_never_given_to_another_person(database: Database) -> None:
    mara = Cameo(id=CameoId("mara"), name="Mara Kline")
    database.write_now(lambda tx: records.seed(tx, "shoe", (mara,), ()))
    other = mara.model_copy(update={"name": "Mara Stone"})
    with pytest.raises(WrongUse, match=r"Mara Kline .* Mara Stone .* id of their own"):
        database.write_now(lambda tx: records.seed(tx, "soap", (other,), ()))
    assert database.read_now(lambda tx: records.cameos(tx, ("mara",))) == (mara,)
