"""A waiver reaches one rule about one exact text; a reviewer may add findings and never takes one away."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hostile.judge import context, judged, read_cases
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.claim import LegalBook, Waiver
from callsheet.domain.clearance import stops
from callsheet.domain.finding import Finding
from callsheet.domain.principal import Principal
from callsheet.domain.words.reviewer import ADDED, Reviewer, Shown, merged
from callsheet.domain.words.waiver import NEVER_WAIVED, can_waive, waivable, waived
from callsheet.tools.rules.shipped import shipped_rules

DAY = date(2026, 11, 22)
FOUND = Finding(rule="claims: superlative", place="caption", evidence="'best'", fix="drop it", text="The best mornings")


def book(**changes: Any) -> LegalBook:
    by = Principal(name="lena", authenticated="token", roles=("legal",))
    at = datetime(2026, 1, 1, tzinfo=UTC)
    fields = {"id": "w1", "rule": FOUND.rule, "text": FOUND.text, "reason": "a song title", "by": by, "at": at}
    return LegalBook(waivers=(Waiver.model_validate({**fields, **changes}),))


def test_a_waived_finding_becomes_a_note_that_says_so() -> None:
    (one,) = waived([FOUND], book(), ("US",), DAY)
    assert one.weight == "notes"
    assert one.evidence.endswith("waived by legal: a song title")
    assert stops([one]) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "The best mornings."},
        {"text": "the best mornings"},
        {"text": "The b\u0435st mornings"},
        {"rule": "claims: comparison"},
        {"markets": ("US",)},
        {"starts": date(2026, 11, 23)},
        {"ends": DAY},
        {"locale": "de"},
    ],
    ids=str,
)
def test_any_change_voids_a_waiver(changes: dict[str, Any]) -> None:
    assert waived([FOUND], book(**changes), ("US", "DE"), DAY, "en-US") == (FOUND,)


@pytest.mark.parametrize("rule", ["instruction", "release", "budget"])
def test_orders_people_and_money_are_never_waived(rule: str) -> None:
    found = FOUND.model_copy(update={"rule": rule})
    assert waived([found], book(rule=rule), ("US",), DAY) == (found,)


def test_a_finding_about_no_wording_is_never_waived() -> None:
    found = FOUND.model_copy(update={"text": ""})
    assert waived([found], LegalBook(waivers=book().waivers), ("US",), DAY) == (found,)


findings = st.builds(
    Finding,
    rule=st.sampled_from(["claims: price", "instruction", "names: brand"]),
    place=st.sampled_from(["a", "b"]),
    evidence=st.sampled_from(["x", "y"]),
    fix=st.just("f"),
    weight=st.sampled_from(["stops", "notes"]),
)


@given(st.lists(findings), st.lists(findings))
def test_a_reviewer_may_add_and_never_overrule(ours: list[Finding], added: list[Finding]) -> None:
    kept = merged(ours, added)
    assert kept[: len(ours)] == tuple(ours)
    assert all(one.rule.startswith(ADDED) for one in kept[len(ours) :])
    assert {one.evidence for one in added} <= {one.evidence for one in kept}


async def test_a_reviewer_that_clears_everything_clears_nothing() -> None:
    class Obliging:
        async def review(self, lines: Sequence[Shown]) -> Sequence[Finding]:
            return []

    reviewer: Reviewer = Obliging()
    assert merged([FOUND], await reviewer.review([Shown(place="caption", text=FOUND.text)])) == (FOUND,)


def test_every_rule_by_which_words_are_stopped_can_be_waived_or_never() -> None:
    cases = Path(__file__).parents[3] / "hostile" / "cases"
    about = context(cases / "context.yaml")
    found = [one for case in read_cases(cases / "development.yaml") for one in judged(case, about)]
    rules = {one.rule for one in found if one.text and one.weight == "stops"}
    assert len(rules) > 10
    assert rules - NEVER_WAIVED <= set(waivable(shipped_rules()))
    assert not set(waivable(shipped_rules())) & NEVER_WAIVED
    assert can_waive(f"{ADDED}tone", shipped_rules())
