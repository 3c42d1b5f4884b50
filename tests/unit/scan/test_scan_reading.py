"""Misread letters make no difference; what nobody ordered does; prices are seen in figures and in words."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.scan.reading import masked, names_a_price, unordered

SLATE = ("PREVIZ", "s3", "close-up", "slow push-in", "4 s")
PHRASES = st.lists(st.text(string.ascii_letters + " ", min_size=6, max_size=24), min_size=1, max_size=4)
MISREAD = str.maketrans("iIlL1oO0sS5", "lll1i0o0555")


@pytest.mark.parametrize(
    "line",
    [
        "PREVIZ s3 · close-up· slow push-in· 4 s",
        "PREV1Z s3·close-up",
        "PREVlZ",
        "slow push-in",
        "pREVIZ s3 close up 4s",
    ],
)
def test_a_slate_is_as_ordered_however_it_is_read(line: str) -> None:
    assert unordered(line, SLATE) == 0


@pytest.mark.parametrize("line", ["SALE", "PREVIZ SALE TODAY", "push for shoes", "OPEN ALL NIGHT", "Nike", "s3 Gucci"])
def test_other_words_are_unordered_even_beside_a_slate(line: str) -> None:
    assert unordered(line, SLATE) > 0


@given(PHRASES)
def test_what_is_permitted_stays_permitted_when_it_is_misread(phrases: list[str]) -> None:
    for phrase in phrases:
        assert unordered(phrase.translate(MISREAD).replace(" ", ""), phrases) == 0


@given(st.text(string.ascii_uppercase[:9], min_size=4), PHRASES.map(lambda _: ["zzzzzzzz", "yxwvuty"]))
def test_words_that_share_nothing_with_the_order_are_always_unordered(line: str, permitted: list[str]) -> None:
    assert unordered(line, permitted) == len(line)


@pytest.mark.parametrize(
    "text",
    ["$19.99", "19,99 €", "only £5", "20% off", "S9.99", "nineteen dollars", "half price", "fifty percent", "20 off"],
)
def test_a_price_is_seen(text: str) -> None:
    assert names_a_price(text)


@pytest.mark.parametrize("text", ["4 s", "s3", "24 hours", "Fleet Runner 2", "twenty runners", "the offer"])
def test_a_figure_is_not_yet_a_price(text: str) -> None:
    assert not names_a_price(text)


def test_a_person_is_cut_to_initials_and_the_rest_stays() -> None:
    assert masked("taylor swift runs in Fleet", ("Taylor Swift",)) == "T. S. runs in Fleet"
