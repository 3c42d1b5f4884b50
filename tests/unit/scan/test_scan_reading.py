"""Misread letters make no difference; what nobody ordered does; prices are seen in figures and in words."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.scan.reading import known_by, masked, names_a_price, unordered, unordered_price

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


@pytest.mark.parametrize("read", ["MARAOLSEN", "MARA OLSEN", "mara 0lsen", "Mar\u00e4 Olsen", "Olsen", "MARA"])
def test_a_person_is_not_named_however_the_name_was_read(read: str) -> None:
    said = masked(f"with {read}, amaranth", known_by(("Mara Olsen",)))
    assert said.startswith("with ")
    assert said.endswith("., amaranth")
    assert not {"mara", "olsen", "0lsen", "mar\u00e4"} & set(said.casefold().replace(",", "").split())


PRICED = ("Nimbus", "Aurora Kettle", "the kettle for $49", "twenty-five dollars", "50% recycled")


@pytest.mark.parametrize(
    "text", ["$49", "Kettle for $ 49", "Twenty five dollars", "50%", "50% RECYCLED", "Nimbus", "\uff15\uff10\uff05"]
)
def test_a_price_that_was_ordered_is_no_surprise(text: str) -> None:
    assert not unordered_price(text, PRICED)


@pytest.mark.parametrize(
    "text",
    ["Nimbus $4", "Nimbus $499", "$49.99", "-$49", "-50%", "50% off", "five dollars", "Aurora Kettle -50%",
     "\uff14\uff05", "half the price", "$49, now 50%"],
)  # fmt: skip
def test_a_price_with_other_figures_sign_or_unit_is_one_that_nobody_ordered(text: str) -> None:
    assert unordered_price(text, PRICED)


@given(st.integers(0, 9999), st.integers(0, 9999), st.sampled_from(["${}", "{} %", "{} euros", "\u00a3{}"]))
def test_a_price_is_as_ordered_only_with_every_figure(read: int, ordered: int, form: str) -> None:
    assert unordered_price(f"Nimbus {form.format(read)}", (f"Nimbus {form.format(ordered)}",)) == (read != ordered)


@given(st.integers(0, 9999))
def test_a_figure_beside_a_permitted_name_is_never_forgiven(figure: int) -> None:
    assert unordered(f"Nimbus Kettle #{figure}", ("Nimbus Kettle",)) > 0


@pytest.mark.parametrize(
    ("read", "ordered"), [("Nimbus 50", "Nimbus 500"), ("24 hours", "4 hours"), ("Run 3", "Run 33")]
)
def test_a_part_of_an_ordered_figure_is_another_figure(read: str, ordered: str) -> None:
    assert unordered(read, (ordered,)) > 0


def test_an_ordered_figure_that_stands_alone_in_a_line_misread_is_the_ordered_one() -> None:
    assert unordered("PREVIZ mediumshot\u00b7 4", ("PREVIZ", "s2", "medium shot", "static", "4 s")) == 0
