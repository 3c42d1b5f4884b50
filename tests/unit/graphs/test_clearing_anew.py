"""A run that legal's word stopped goes on when legal says another one, from the very plan and cuts it had."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flows.test_revocation import with_person
from unit.graphs.floor import DANA, NOON, RUN, Floor

from callsheet.domain.finding import Finding
from callsheet.domain.identity import Digest
from callsheet.domain.ledger import current_body
from callsheet.domain.showing import Showing
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries
from callsheet.storage.waived import in_force
from callsheet.storage.waiver import end_waiver, waive
from callsheet.tools.intake import read_campaign
from callsheet.tools.rules.shipped import shipped_rules

BOAST = "The best shoe"
RULE = "claims: superlative"


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    """A run whose every plan ends with words that no claim covers."""
    bundle = read_campaign(with_person(tmp_path / "cast"), NOON.date())
    brand = bundle.campaign.brand.model_copy(update={"call_to_action": BOAST})
    made = Floor(tmp_path, replace(bundle, campaign=bundle.campaign.model_copy(update={"brand": brand})))
    yield made
    made.close()


def test_a_plan_that_was_waived_is_cleared_anew_letter_by_letter(floor: Floor) -> None:
    floor.drive()
    assert floor.status().status == "failed"
    drafted = drafts(floor)
    grant(floor)
    floor.drive()
    assert (floor.status().status, floor.asked()) == ("waiting", "greenlight")
    assert drafts(floor) == drafted


def test_a_plan_that_still_cannot_be_cleared_says_so_again(floor: Floor) -> None:
    floor.drive()
    first = floor.told().count("PlanReturned")
    floor.drive()
    assert floor.status().status == "failed"
    assert floor.told().count("PlanReturned") == 2 * first


def test_cuts_that_were_waived_again_are_cleared_anew_without_another_plan(floor: Floor) -> None:
    to(floor, "greenlight")
    end(floor)
    floor.answer()
    floor.drive()
    assert (floor.status().status, floor.told()[-2]) == ("failed", "CutReturned")
    drafted, bought = drafts(floor), floor.told().count("TakeStored")
    grant(floor)
    floor.drive()
    assert (floor.status().status, floor.asked()) == ("waiting", "release")
    assert (drafts(floor), floor.told().count("TakeStored")) == (drafted, bought)


def test_what_stops_a_run_at_publishing_is_kept_for_legal_to_waive(floor: Floor) -> None:
    to(floor, "release")
    end(floor)
    floor.answer()
    floor.drive()
    assert floor.status().reason.startswith("nothing was published: ")
    assert (RULE, BOAST) in [(one.rule, one.text) for one in stopped(floor)]
    assert "Published" not in floor.told()
    grant(floor)
    floor.drive()
    assert floor.status().status == "finished"
    assert "Published" in floor.told()


@pytest.mark.parametrize("kind", ["greenlight", "release"])
def test_people_are_told_of_a_waiver_in_use_and_of_no_name(floor: Floor, kind: str) -> None:
    to(floor, kind)
    (waiver,) = floor.database.read_now(lambda tx: in_force(tx, floor.campaign.name))
    told = [one for one in shown(floor).notices if waiver.id in one]
    assert len(told) == 1, shown(floor).notices
    assert BOAST in told[0]
    assert RULE in told[0]
    assert str(waiver.ends) in told[0]
    assert DANA.name not in told[0]


def test_a_waiver_of_other_words_is_not_told(floor: Floor) -> None:
    grant(floor, "The best knitting")
    to(floor, "greenlight")
    assert not [one for one in shown(floor).notices if "The best knitting" in one]


def grant(floor: Floor, text: str = BOAST) -> None:
    about = floor.campaign
    floor.now = floor.now.replace(second=floor.now.second + 1)
    floor.database.write_now(
        lambda tx: waive(
            tx,
            about.name,
            DANA,
            rules=shipped_rules(),
            rule=RULE,
            text=text,
            markets=about.markets,
            ends=date(2027, 1, 31),
            reason="cleared with the broadcaster",
        )
    )


def end(floor: Floor) -> None:
    def write(tx: Transaction) -> None:
        for one in in_force(tx, floor.campaign.name):
            end_waiver(tx, floor.campaign.name, one.id, DANA)

    floor.database.write_now(write)


def to(floor: Floor, kind: str) -> None:
    """Waived from the beginning, and yes to everything before that gate."""
    grant(floor)
    floor.drive()
    while floor.asked() != kind:
        assert floor.answer(), floor.status()
        floor.drive()


def drafts(floor: Floor) -> int:
    return floor.told().count("StoryboardDrafted")


def stopped(floor: Floor) -> list[Finding]:
    def look(tx: Transaction) -> list[Finding]:
        returned = [one for one in entries(tx, RUN) if one.kind == "CutReturned"]
        return [document.fetch(tx, Finding, Digest(one)) for one in current_body(returned[-1])["kept"]]

    return floor.database.read_now(look)


def shown(floor: Floor) -> Showing:
    def look(tx: Transaction) -> Showing:
        (gate,) = [one for one in gates.gates_of(tx, RUN) if not gates.verdict_at(tx, one.id).is_final]
        return document.fetch(tx, Showing, gate.shown)

    return floor.database.read_now(look)
