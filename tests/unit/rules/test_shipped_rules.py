"""The rules that ship can be read, name their sources, and contradict neither themselves nor the words of the house."""

from datetime import date

import pytest

from callsheet.domain.claim import LegalBook
from callsheet.domain.words.rule import Phrases, Rules
from callsheet.domain.words.vet import Asked, vet_line
from callsheet.tools.rules.shipped import shipped_rules

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "ja")
KINDS = {
    "percentage",
    "number in words",
    "superlative",
    "comparison",
    "guarantee",
    "health",
    "price",
    "environment",
    "endorsement",
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_covers_every_kind_and_says_what_it_rests_on(code: str) -> None:
    language = shipped_rules().lexicons[code].language
    assert set(language.kinds) >= KINDS
    assert all(len(entries) >= 2 for entries in language.kinds.values())
    assert len(language.source) > 40
    assert language.modifiers
    assert language.instructions
    assert language.ordinary


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_entry_is_found_by_its_own_rules(code: str) -> None:
    """A listed phrase that the gate passes is listed in vain: an `ordinary` phrase or a mistake in writing hides it."""
    rules = shipped_rules()
    asked = Asked(markets=("US",), day=date(2026, 11, 22), locale=code)
    language = rules.lexicons[code].language
    entries = [entry.strip("~*") for kind in language.kinds.values() for entry in kind]
    assert [entry for entry in entries if not vet_line(entry, LegalBook(), rules, asked)] == []


def test_a_word_that_may_go_on_needs_three_letters() -> None:
    with pytest.raises(ValueError, match="needs 3 letters"):
        Phrases.of({"superlative": ("be*",)})


def test_without_a_language_nothing_in_it_is_found() -> None:
    """The lists do the finding: take one away, and its claims pass but for being unread."""
    shipped = shipped_rules()
    fewer = Rules(
        languages=tuple(one for one in shipped.languages if one.code != "de"),
        names=shipped.names,
        reading=shipped.reading,
    )
    asked = Asked(markets=("DE",), day=date(2026, 11, 22), locale="de-DE")
    assert "guarantee" in {one.rule for one in vet_line("Unkaputtbar", LegalBook(), shipped, asked)}
    assert {one.rule for one in vet_line("Unkaputtbar", LegalBook(), fewer, asked)} == {"language"}


def test_the_figures_for_reading_are_those_of_their_sources() -> None:
    reading = shipped_rules().reading
    assert (reading.disclosure_milliseconds_a_word, reading.recognition_milliseconds) == (200, 2000)
    assert (reading.long_recognition_milliseconds, reading.long_from_words) == (3000, 10)
    assert reading.least_height_permille == 26 * 1000 // 1080
    assert reading.caption_characters_a_second["ja"] < reading.caption_characters_a_second["en"]
