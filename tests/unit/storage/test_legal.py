"""Legal's word in the workspace outlives every old file; the folder's newer word counts, and only where it is new."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from callsheet.domain.campaign import Campaign, Product
from callsheet.domain.claim import Claim, Disclosure, Topic, WaiverRefused
from callsheet.domain.identity import ClaimId, DisclosureId, TopicId
from callsheet.domain.ledger import WORKSPACE
from callsheet.domain.principal import Principal
from callsheet.domain.record import digest_of
from callsheet.domain.seen import fold
from callsheet.storage import legal, revision
from callsheet.storage.database import Database
from callsheet.storage.ledger import entries, head_of, name_of
from callsheet.tools.video.catalog import load_provider

ADA = Principal(name="Ada Legal")
POLICY = Principal(name="written policy: approve-all", authenticated="policy", roles=("*",))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'w.db'}", "w", lambda: datetime(2026, 11, 22, tzinfo=UTC))
    yield opened
    opened.close()


def claim(text: str = "Made with yarn", approved: bool = True, name: str = "c1", **rest: Any) -> Claim:
    return Claim(id=ClaimId(name), text=text, approved=approved, **rest)


def campaign(*records: legal.LegalRecord, name: str = "shoe") -> Campaign:
    return Campaign(
        name=name,
        goal="Get people to try it",
        product=Product(name="Fleet"),
        provider=load_provider("sandbox", {}, None),
        claims=tuple(one for one in records if isinstance(one, Claim)),
        disclosures=tuple(one for one in records if isinstance(one, Disclosure)),
        topics=tuple(one for one in records if isinstance(one, Topic)),
    )


def seed(database: Database, *records: legal.LegalRecord, name: str = "shoe") -> None:
    database.write_now(lambda tx: legal.seed(tx, campaign(*records, name=name)))


def revise(database: Database, one: legal.LegalRecord) -> None:
    assert database.write_now(lambda tx: legal.revise(tx, "shoe", one, ADA)) is not None


def claims(database: Database, *frozen: legal.LegalRecord, name: str = "shoe") -> tuple[Claim, ...]:
    return database.read_now(lambda tx: legal.book(tx, campaign(*frozen, name=name))).claims


def notices(database: Database, *frozen: legal.LegalRecord) -> tuple[str, ...]:
    return database.read_now(lambda tx: legal.notices(tx, campaign(*frozen)))


def numbers(database: Database) -> dict[legal.Key, int]:
    return {key: len(past) for key, past in database.read_now(lambda tx: legal.histories(tx, "shoe")).items()}


def test_an_approval_in_one_campaign_approves_nothing_in_another(database: Database) -> None:
    waiting, cure = claim(approved=False), claim("Cures acne")
    seed(database, waiting)
    seed(database, cure, claim(name="c2"), name="soap")
    assert claims(database, waiting) == (waiting,)
    assert claims(database, claim("Cures warts", name="c9")) == ()


def test_two_claims_of_the_same_wording_stay_two(database: Database) -> None:
    both = (claim(markets=("US",)), claim(approved=False, name="c2", markets=("GB",)))
    seed(database, *both)
    assert claims(database, *both) == both


def test_a_folder_that_says_the_same_makes_no_revision(database: Database) -> None:
    for _ in range(3):
        seed(database, claim(), Topic(id=TopicId("weight"), words=("slimming",)))
    assert numbers(database) == {("claim", "c1"): 1, ("topic", "weight"): 1}


def test_a_corrected_wording_is_a_revision_of_the_same_claim(database: Database) -> None:
    seed(database, claim("Made wiht yarn"))
    seed(database, claim("Made with yarn"))
    assert numbers(database) == {("claim", "c1"): 2}
    assert claims(database, claim("Made wiht yarn")) == (claim("Made with yarn"),)


@pytest.mark.parametrize("after", [claim(approved=False), claim(ends=date(2026, 11, 1)), claim("Made of yarn")])
def test_the_same_folder_never_undoes_what_legal_wrote(database: Database, after: Claim) -> None:
    seed(database, claim())
    revise(database, after)
    seed(database, claim())
    assert claims(database, claim()) == (after,)
    (notice,) = notices(database, claim())
    assert "claim c1: the workspace's word stands" in notice
    assert "callsheet claims history c1" in notice


def test_only_what_the_folder_changed_is_its_newer_word(database: Database) -> None:
    seed(database, claim(substantiation="Report 1"))
    revise(database, claim(approved=False, substantiation="Report 1"))
    newer = claim(substantiation="Report 2")
    seed(database, newer)
    assert claims(database, newer) == (claim(approved=False, substantiation="Report 2"),)


def test_the_folder_s_newer_word_about_the_same_thing_counts_and_is_told(database: Database) -> None:
    seed(database, claim(substantiation="Report 1"))
    revise(database, claim(substantiation="Report 1b"))
    newer = claim(substantiation="Report 2")
    seed(database, newer)
    assert claims(database, newer) == (newer,)
    (notice,) = notices(database, newer)
    assert "the campaign folder has changed it since legal did" in notice


def test_an_older_file_brings_nothing_back(database: Database) -> None:
    old, later = claim(substantiation="Report 1"), claim(substantiation="Report 2")
    seed(database, old)
    seed(database, later)
    withdrawn = claim(approved=False, substantiation="Report 2")
    revise(database, withdrawn)
    seed(database, old)
    assert claims(database, old) == (withdrawn,)


def test_a_folder_may_go_back_to_its_own_earlier_word_while_legal_is_silent(database: Database) -> None:
    old, later = claim(substantiation="Report 1"), claim(substantiation="Report 2")
    for one in (old, later, old):
        seed(database, one)
    assert claims(database, old) == (old,)


def test_a_withdrawn_wording_does_not_come_back_under_another_id(database: Database) -> None:
    seed(database, claim())
    revise(database, claim(approved=False))
    renamed = claim("MADE with  yarn", name="yarn")
    seed(database, renamed)
    (found,) = claims(database, renamed)
    assert (found.id, found.approved) == ("yarn", False)


def test_an_approval_of_legal_s_is_none_of_another_wording(database: Database) -> None:
    seed(database, claim(approved=False))
    revise(database, claim())
    other = claim("Cures acne", approved=False)
    seed(database, other)
    assert claims(database, other) == (other,)


def test_a_folder_may_approve_what_it_said_was_not_approved(database: Database) -> None:
    seed(database, claim(approved=False))
    revise(database, claim(approved=False, substantiation="Report 1"))
    seed(database, claim())
    assert claims(database, claim()) == (claim(substantiation="Report 1"),)


def test_what_legal_added_is_part_of_the_campaign(database: Database) -> None:
    seed(database, claim())
    revise(database, claim("Made by hand", name="hand"))
    revise(database, Disclosure(id=DisclosureId("ad"), text="Advertisement"))
    found = database.read_now(lambda tx: legal.book(tx, campaign(claim())))
    assert [one.id for one in found.claims] == ["c1", "hand"]
    assert [one.id for one in found.disclosures] == ["ad"]


def test_a_claim_that_left_the_folder_is_gone_and_a_ban_that_legal_touched_is_not(database: Database) -> None:
    ban = Topic(id=TopicId("weight"), words=("slimming",))
    seed(database, claim(), claim("Made by hand", name="hand"), ban)
    revise(database, claim(substantiation="Report 1"))
    revise(database, Topic(id=TopicId("weight"), words=("slimming", "diet")))
    found = database.read_now(lambda tx: legal.book(tx, campaign(claim("Made by hand", name="hand"))))
    assert [one.id for one in found.claims] == ["hand"]
    assert [one.words for one in found.topics] == [("slimming", "diet")]


def test_an_older_run_finds_a_claim_by_its_wording_under_its_own_id(database: Database) -> None:
    seed(database, claim(name="yarn"))
    revise(database, claim(approved=False, name="yarn"))
    (found,) = claims(database, claim())
    assert (found.id, found.approved) == ("c1", False)


def test_claims_of_an_earlier_version_s_workspace_are_still_read(database: Database) -> None:
    key = digest_of(["shoe", fold("Made with yarn"), 0])
    database.write_now(lambda tx: revision.revise(tx, "claim", key, claim(name="c7").model_dump_json()))
    assert claims(database, claim(approved=False)) == (claim(),)


def test_every_change_is_in_the_ledger_without_a_name(database: Database) -> None:
    seed(database, claim())
    revise(database, claim(approved=False))
    told = database.read_now(lambda tx: entries(tx, WORKSPACE))
    assert [(one.chain, one.body["revision"], one.body["source"]) for one in told] == [
        ("legal.shoe", 1, "folder"),
        ("legal.shoe", 2, "person"),
    ]
    assert told[-1].body["record"] == claim(approved=False).digest
    assert "Ada" not in told[-1].model_dump_json()
    assert database.read_now(lambda tx: name_of(tx, told[-1].body["by"])) == "Ada Legal"
    database.read_now(lambda tx: head_of(tx, WORKSPACE))


def test_saying_the_same_again_is_no_change(database: Database) -> None:
    seed(database, claim())
    assert database.write_now(lambda tx: legal.revise(tx, "shoe", claim(), ADA)) is None
    assert numbers(database) == {("claim", "c1"): 1}


def test_a_written_policy_changes_nothing(database: Database) -> None:
    seed(database, claim(approved=False))
    with pytest.raises(WaiverRefused, match="only a person may"):
        database.write_now(lambda tx: legal.revise(tx, "shoe", claim(), POLICY))
    assert claims(database, claim(approved=False)) == (claim(approved=False),)
