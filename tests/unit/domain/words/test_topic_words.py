"""Banned subjects inflected, compounded, in another language, as a picture; and words that only resemble one."""

import pytest

from callsheet.domain.claim import Topic
from callsheet.domain.words.reread import readings
from callsheet.domain.words.text import read
from callsheet.domain.words.topic import banned_words
from callsheet.tools.rules.shipped import shipped_rules

DRINK = Topic(id="alcohol", words=("beer", "Bier"))
BETS = Topic(id="t2", words=("Wette", "casino"))


def _said(text: str, topic: Topic, locale: str = "en") -> list[str]:
    return list(banned_words(read(text), topic, shipped_rules().subjects, locale))


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Two beers later", "en"),
        ("Ab ins Bierzelt", "de"),
        ("Verdien je biertje", "nl"),
        ("Due birrette", "it"),
        ("You earned this 🍺", "en"),
        ("b e e r time", "en"),
    ],
)
def test_a_banned_subject_is_found_in_its_other_forms(text: str, locale: str) -> None:
    assert _said(text, DRINK, locale)


@pytest.mark.parametrize("text", ["Das Wetter wartet nicht", "Wettbewerb um sechs", "Paris schläft noch"])
def test_a_word_that_only_resembles_is_left_alone(text: str) -> None:
    assert _said(text, BETS, "de") == []
    assert _said("Wettbonus sichern", BETS, "de")


def test_one_shared_word_does_not_make_a_topic_a_whole_subject() -> None:
    assert _said("A glass of wine", Topic(id="t3", words=("beer",))) == []
    assert _said("A glass of wine", Topic(id="t3", words=("beer", "vodka")))


def test_tags_and_joined_words_are_read_as_a_screen_draws_them() -> None:
    assert "The best there" in readings("The <b>be</b>st there")
    assert "Best Shoe Ever" in [one.strip() for one in readings("#BestShoeEver")]
    assert list(readings("#FleetRunner", ["FleetRunner"])) == []
