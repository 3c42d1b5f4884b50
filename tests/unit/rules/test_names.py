"""Listed people and brands are found however they are written; ordinary words that are also names are left alone."""

import pytest

from callsheet.domain.seen import fold
from callsheet.tools.rules.names import brands, find_listed, name_list, public_figures


def named(text: str, *allowed: str, capitals_tell: bool = True) -> list[str]:
    return [one.name for one in find_listed(text, allowed, capitals_tell=capitals_tell)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A woman who looks like Taylor Swift", "Taylor Swift"),
        ("taylor\u200b swift runs", "Taylor Swift"),
        ("TAYLORSWIFT on tour", "Taylor Swift"),
        ("Beyonce's own", "Beyoncé"),
        ("wie Kylian Mbappe", "Kylian Mbappé"),
        ("the Kardashians", "Kardashian"),
        ("better than Target", "Target"),
        ("I met Prince yesterday", "Prince"),
        ("Than Apple, Sharper", "Apple"),
        ("H & M", "H&M"),
        ("ナイキより軽い", "ナイキ"),
        ("Jay\u2019Z", "Jay-Z"),
    ],
)
def test_a_listed_name_is_found(text: str, name: str) -> None:
    assert name in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hit your target", "Find Your Target", "Apple pie at dawn", "an apple a day", "A prince of the street",
        "Zoom in slowly", "Lace up your boots. Boots on.", "Mind the gap.", "a canvas satchel",
     "Shaken, not stirred", "a tempered glass",
    ],
)  # fmt: skip
def test_an_ordinary_word_is_not_a_name(text: str) -> None:
    assert named(text) == []


def test_where_every_noun_has_a_capital_an_ordinary_word_needs_a_word_beside_it() -> None:
    assert named("Sie hält das Tempo hoch", capitals_tell=False) == []
    assert named("weicher als Tempo", capitals_tell=False) == ["Tempo"]


def test_the_own_brand_and_the_cast_may_be_named_and_nobody_else() -> None:
    assert named("Nike and Adidas meet Serena Williams", "Nike", "Serena Williams") == ["Adidas"]
    assert named("Apple Press by Apple", "Apple Press") == ["Apple"]
    assert named("Nikelodeon", "Nikelodeon") == []


def test_the_list_holds_several_hundred_of_each_and_knows_its_ordinary_words() -> None:
    assert len(public_figures()) > 600
    assert len(brands()) > 500
    listed = public_figures() | brands()
    assert [name for name in name_list().ordinary if fold(name) not in listed] == []
