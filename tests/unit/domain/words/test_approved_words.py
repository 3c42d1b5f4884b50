"""Only a whole approved wording passes, and only where nothing beside it makes another statement of it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.claim import Claim, LegalBook, Topic
from callsheet.domain.words.approved import wordings
from callsheet.domain.words.vet import Asked, ClaimFinding, vet_line
from callsheet.tools.rules.shipped import shipped_rules

DAY = date(2026, 11, 22)
YARN = Claim.model_validate({"id": "yarn", "text": "Made with recycled yarn", "approved": True, "markets": ["*"]})
PRICE = Claim.model_validate(
    {"id": "price", "text": "From {price} a {unit}", "approved": True, "markets": ["*"]}
    | {"slots": {"price": ["$10", "€12.50"], "unit": ["pair"]}}
)
JAPANESE = Claim.model_validate(
    {"id": "ja", "text": "最高の履き心地", "approved": True, "markets": ["*"], "locale": "ja"}
)


def vet(line: str, *claims: Claim, topics: tuple[Topic, ...] = (), **asked: Any) -> tuple[ClaimFinding, ...]:
    where = Asked.model_validate({"markets": ("US",), "day": DAY, "locale": "en-US", **asked})
    return vet_line(line, LegalBook(claims=claims, topics=topics), shipped_rules(), where)


def rules(line: str, *claims: Claim, **asked: Any) -> set[str]:
    return {one.rule for one in vet(line, *claims, **asked)}


@pytest.mark.parametrize(
    "line",
    [
        "Made with recycled yarn",
        "made with RECYCLED yarn.",
        "Run. Made with recycled yarn. Rest.",
        "“Made with recycled yarn”",
    ],
)
def test_the_whole_wording_passes(line: str) -> None:
    assert vet(line, YARN) == ()


@pytest.mark.parametrize(
    "line",
    [
        "Nothing is made with recycled yarn",
        "Not just made with recycled yarn",
        "Made with recycled yarn, not plastic",
        "Always made with recycled yarn",
        "Almost made with recycled yarn",
        "Only shoes made with recycled yarn",
        "Fully made with recycled yarn",
        "Is it made with recycled yarn? Never made with recycled yarn",
    ],
)
def test_a_word_beside_an_approved_wording_that_changes_it_is_found(line: str) -> None:
    assert "altered wording" in rules(line, YARN)


@pytest.mark.parametrize(
    "line",
    [
        "Made with recycled yarns",
        "Made with organic yarn",
        "Unmade with recycled yarn",
        "Made with un-recycled yarn",
        "x-Made with recycled yarn",
    ],
)
def test_a_near_miss_is_found_and_the_nearest_wording_named(line: str) -> None:
    found = [one for one in vet(line, YARN) if one.rule == "environment"]
    assert found
    assert all("'Made with recycled yarn'" in one.fix for one in found)


def test_a_template_passes_with_its_own_values_and_no_other() -> None:
    assert wordings(PRICE) == ("From $10 a pair", "From €12.50 a pair")
    assert vet("From €12.50 a pair", PRICE) == ()
    for line in ("From $11 a pair", "From $100 a pair", "From $10 a sock", "From {price} a pair $5", "From 10 a pair"):
        assert vet(line, PRICE) != (), line


def test_a_template_without_values_approves_nothing() -> None:
    assert wordings(PRICE.model_copy(update={"slots": {"price": ("$10",)}})) == ()


def test_a_wording_in_one_language_is_none_in_another() -> None:
    assert vet("最高の履き心地", JAPANESE, locale="ja-JP") == ()
    assert "superlative" in rules("最高の履き心地", JAPANESE, locale="en-US")
    assert "superlative" in rules("世界最高の履き心地", JAPANESE, locale="ja-JP")


@pytest.mark.parametrize(
    ("line", "locale"), [("세계 최고의 신발", "ko-KR"), ("Новая пара", "en-US"), ("Buty na rano", "pl-PL")]
)
def test_a_language_without_rules_needs_a_wording_of_its_own(line: str, locale: str) -> None:
    (found,) = [one for one in vet(line, locale=locale) if one.rule == "language"]
    assert "legal must approve" in found.fix
    said = Claim.model_validate({"id": "own", "text": line, "approved": True, "markets": ["*"]})
    assert vet(line, said, locale=locale) == ()


def test_a_banned_topic_is_found_where_any_market_bans_it() -> None:
    topic = Topic.model_validate(
        {"id": "bodies", "words": ["slim", "weight loss"], "markets": ["DE"], "reason": "no bodies"}
    )
    assert "banned topic" in {one.rule for one in vet("A slim road", topics=(topic,), markets=("US", "DE"))}
    assert vet("A slim road", topics=(topic,), markets=("US",)) == ()
    assert "banned topic" not in {one.rule for one in vet("A slime road", topics=(topic,), markets=("DE",))}


@given(st.sampled_from(["best", "guaranteed", "clinically"]), st.data())
def test_a_listed_word_split_anywhere_is_still_found(word: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(word) - 1))
    gap = data.draw(st.sampled_from([" ", "-", "\n", "\u00ad", "\u2011", ". ", "/"]))
    assert vet(f"the {word[:cut]}{gap}{word[cut:]} shoe") != ()


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("the beeest", "superlative"),
        ("tseb eht", "superlative"),
        ("🅱🅴🆂🆃", "superlative"),
        ("ʇ be$t", "disguised word"),
        ("b*st in town", "disguised word"),
        ("a \u202etseb\u202c shoe", "hidden direction"),
        ("💯", "number"),
        ("½ off", "number"),
        ("give it away", ""),
        ("join the club", ""),
        ("the rest of it", ""),
        ("Läufer*innen", ""),
        ("5:45, still dark", ""),
        ("in 5:45", "number"),
    ],
)
def test_disguises_come_off_and_honest_pieces_are_left(line: str, rule: str) -> None:
    assert rule in rules(line) if rule else rules(line) == set()
