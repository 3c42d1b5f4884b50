"""A disclosure is shown whole, with its claim, long and large enough; one that is not stops the cut."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.domain.test_clearance import MOMENT, campaign, caption, cut

from callsheet.domain.claim import Claim, Disclosure, LegalBook
from callsheet.domain.clearance import clear_cuts
from callsheet.domain.cut import Cut
from callsheet.domain.words.owed import DrawnHeight, in_pieces, owed_always, owed_with
from callsheet.domain.words.reading import caption_frames, disclosure_frames, words_to_read
from callsheet.tools.edit import drawn_legal
from callsheet.tools.rules.shipped import shipped_rules

READING = shipped_rules().reading
DAY = date(2026, 11, 22)
YARN = Claim.model_validate({"id": "c1", "text": "Recycled yarn", "approved": True})


def told(text: str, **changes: Any) -> Disclosure:
    return Disclosure.model_validate({"id": "d1", "text": text, **changes})


def rules(one: Cut, book: LegalBook, pixels: int = 20) -> list[str]:
    def draw(text: str, width: int, height: int, on_card: bool) -> DrawnHeight:
        return DrawnHeight(pixels=pixels, width=width, height=height)

    return [
        found.rule for found in clear_cuts(campaign(), [one], book, {}, (), MOMENT, rules=shipped_rules(), draw=draw)
    ]


@pytest.mark.parametrize(("words", "seconds"), [(1, "2.2"), (9, "3.8"), (10, "5.0"), (16, "6.2")])
def test_a_disclosure_takes_a_fifth_of_a_second_a_word_and_time_to_notice(words: int, seconds: str) -> None:
    assert disclosure_frames("word " * words, 10, READING) == round(float(seconds) * 10)


def test_reading_speed_is_that_of_the_language() -> None:
    assert caption_frames("x" * 40, 30, "en-US", READING) == 60
    assert caption_frames("x" * 34, 30, "de-DE", READING) == 60
    assert caption_frames("あ" * 8, 30, "ja-JP", READING) == 60
    assert caption_frames("x", 30, "en", READING) == 30
    assert words_to_read("サイズ42で", READING) == 3


def test_a_disclosure_of_a_claim_is_owed_where_any_market_asks_for_it() -> None:
    book = LegalBook(disclosures=(told("Upper only.", claims=["c1"], markets=["DE"]), told("Always.", id="d2")))
    assert owed_with(YARN, book, ("US", "DE"), DAY, "en-US") == ("Upper only.",)
    assert owed_with(YARN, book, ("US",), DAY, "en-US") == ()
    assert owed_always(book, ("US",), DAY, "en-US") == ("Always.",)


@given(st.text(alphabet="ab cd", max_size=120), st.integers(5, 30))
def test_pieces_lose_nothing_and_fit(text: str, longest: int) -> None:
    pieces = in_pieces(text, longest)
    assert "".join(pieces).replace(" ", "") == "".join(text.split())
    assert all(len(piece) <= longest for piece in pieces)


def test_a_long_disclosure_may_run_in_supers_that_follow_each_other() -> None:
    book = LegalBook(claims=(YARN,), disclosures=(told("Upper only. Lining of wool.", claims=["c1"]),))
    first = caption("Upper only.", kind="legal", start=0, frames=72)
    second = caption("Lining of wool.", kind="legal", start=72, frames=78)
    one = cut(caption("Recycled yarn"), first, second, end=120)
    assert set(rules(one, book)) == {"claims: superlative"}  # `only` in a piece nobody cut it into
    whole = caption("Upper only. Lining of wool.", kind="legal", frames=90)
    assert rules(cut(caption("Recycled yarn"), whole, end=120), book) == []
    assert "disclosure" in rules(cut(caption("Recycled yarn"), first, end=120), book)
    gap = second.model_copy(update={"start": 100})
    assert "disclosure" in rules(cut(caption("Recycled yarn"), first, gap, end=120), book)


def test_what_every_cut_owes_is_in_every_cut() -> None:
    book = LegalBook(disclosures=(told("Paid for by Fleet."),))
    assert rules(cut(end=120), book) == ["disclosure"]
    assert rules(cut(caption("Paid for by Fleet.", kind="legal", frames=84), end=120), book) == []


def test_small_print_that_is_too_small_stops_the_cut() -> None:
    book = LegalBook(disclosures=(told("Paid for by Fleet."),))
    one = cut(caption("Paid for by Fleet.", kind="legal", frames=84), end=120)
    assert rules(one, book, pixels=18) == []
    assert rules(one, book, pixels=17) == ["reading size"]


@pytest.mark.parametrize("frame", [(720, 1280), (1920, 1080), (720, 720), (180, 320)])
def test_the_cutting_room_draws_an_ordinary_disclosure_large_enough(frame: tuple[int, int]) -> None:
    for on_card in (False, True):
        drawn = drawn_legal("Weight measured in size 42.", *frame, on_card)
        assert drawn.permille >= READING.least_height_permille
    assert drawn_legal("word " * 120, 720, 1280, False).permille < READING.least_height_permille
