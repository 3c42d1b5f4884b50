"""What an owner is owed: seconds of published files, shares of takes' prices, each once, exact, a total a currency."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.appearance import Airing, Appearance
from callsheet.domain.cameo import Cameo, Royalty
from callsheet.domain.cut import Media
from callsheet.domain.identity import CameoId, Digest, ReleaseId, TakeId
from callsheet.domain.money import Money
from callsheet.domain.royalty import Statement, cents, statement
from callsheet.domain.take import Take

START = datetime(2026, 11, 1, tzinfo=UTC)
INES = Cameo(id=CameoId("ines"), name="Ines Calder", owner="Northlight")
R1 = ReleaseId("r1")
FILE = Digest("f" * 64)
PER_SECOND = Royalty(per_second=Money(amount=Decimal("4"), currency="USD"))
SHARE = Royalty(share=Decimal("12.5"))


def shown(take: str = "t1", seconds: Fraction | int = 2, **changes: Any) -> Appearance:
    said = {
        "cameo": "ines",
        "release": "r1",
        "run": "spring-1",
        "shot": "shot.1",
        "take": take,
        "cut": "c" * 64,
        "placement": "vertical",
        "seconds": Fraction(seconds),
        "previz": False,
        "name": "spring_a_vertical",
        "file": FILE,
        "airings": (Airing.model_validate({"publication": "p1", "adapter": "folder", "up": START}),),
    }
    return Appearance.model_validate({**said, **changes})


def take(name: str = "t1", price: str = "0.40", currency: str = "USD") -> Take:
    media = Media(digest=Digest("a" * 64), media_type="video/mp4", width=2, height=2)
    said = {
        "id": name, "shot": "shot.1", "number": 1, "purchase": name, "provider": "p", "model": "m", "job": "j",
        "prompt": "b" * 64, "seconds": 4, "stored_at": START, "cameo": "ines", "release": "r1",
    }  # fmt: skip
    return Take.model_validate({**said, "media": media, "price": Money(amount=Decimal(price), currency=currency)})


def owed(
    *appearances: Appearance, terms: Royalty = PER_SECOND, takes: tuple[Take, ...] = (), **period: Any
) -> Statement:
    known = {one.id: one for one in takes or (take(),)}
    return statement("Northlight", [INES], appearances, known, {(INES.id, R1): terms}, **period)


def test_seconds_on_screen_are_paid_once_a_published_file() -> None:
    again = Airing.model_validate({"publication": "p2", "adapter": "folder", "up": START + timedelta(days=1)})
    twice = shown(airings=(*shown().airings, again))
    assert owed(shown(), twice).totals == (Money(amount=Decimal("8")),)
    other = shown(file=Digest("e" * 64), name="spring_a_square")
    assert owed(shown(), other).totals == (Money(amount=Decimal("16")),)


def test_every_take_that_shows_them_in_a_file_counts() -> None:
    found = owed(shown(), shown("t2", Fraction(1, 3)))
    assert [line.amount for line in found.lines] == [Fraction(28, 3)]
    assert found.totals == (Money(amount=Decimal("9.33")),)


def test_what_was_never_published_owes_nothing() -> None:
    assert owed(shown(airings=())).lines == ()
    assert owed(shown(airings=(), file=None), terms=SHARE).lines == ()


def test_a_share_is_of_each_take_once_a_run_however_many_files_have_it() -> None:
    other = shown(file=Digest("e" * 64), cut="d" * 64)
    found = owed(shown(), other, terms=SHARE)
    assert [(line.take, line.amount) for line in found.lines] == [("t1", Fraction(1, 20))]
    next_run = shown(run="spring-2", file=Digest("d" * 64))
    assert owed(shown(), next_run, terms=SHARE).totals == (Money(amount=Decimal("0.1")),)


def test_both_parts_of_a_royalty_add_up() -> None:
    both = Royalty(per_second=PER_SECOND.per_second, share=SHARE.share)
    assert owed(shown(), terms=both).totals == (Money(amount=Decimal("8.05")),)


def test_currencies_are_never_put_together() -> None:
    both = Royalty(per_second=Money(amount=Decimal("1"), currency="EUR"), share=Decimal(50))
    assert owed(shown(), terms=both).totals == (
        Money(amount=Decimal("2"), currency="EUR"),
        Money(amount=Decimal("0.2"), currency="USD"),
    )


def test_previz_is_told_and_owes_nothing() -> None:
    found = owed(shown(previz=True))
    assert [(line.amount, line.previz) for line in found.lines] == [(Fraction(8), True)]
    assert found.totals == (Money(amount=Decimal(0)),)


@pytest.mark.parametrize(
    ("starts", "ends", "lines"),
    [
        (START, START + timedelta(days=1), 1),
        (START + timedelta(microseconds=1), None, 0),
        (None, START, 0),
        (None, None, 1),
    ],
)
def test_a_file_falls_into_the_period_in_which_it_first_went_up(
    starts: datetime | None, ends: datetime | None, lines: int
) -> None:
    assert len(owed(shown(), starts=starts, ends=ends).lines) == lines


def test_taking_a_file_down_takes_nothing_back() -> None:
    down = shown().airings[0].model_copy(update={"down": START + timedelta(seconds=1)})
    assert owed(shown(airings=(down,))).totals == owed(shown()).totals


def test_nobody_is_paid_for_somebody_elses_likeness() -> None:
    other = INES.model_copy(update={"id": CameoId("mara"), "owner": "Elsewhere"})
    found = statement("Northlight", [INES, other], [shown(cameo="mara")], {}, {(other.id, R1): PER_SECOND})
    assert found.lines == ()


def test_a_release_without_a_royalty_owes_nothing() -> None:
    assert statement("Northlight", [INES], [shown(), shown(release=None)], {TakeId("t1"): take()}, {}).lines == ()


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("1/200", "0"), ("3/200", "0.02"), ("1/400", "0"), ("7/400", "0.02"), ("-3/200", "-0.02"), ("1/3", "0.33")],
)
def test_a_total_is_rounded_half_to_even(exact: str, rounded: str) -> None:
    assert cents(Fraction(exact)) == Decimal(rounded)


@given(st.lists(st.fractions(min_value=0, max_value=50, max_denominator=1001), min_size=1, max_size=8))
def test_only_the_total_is_rounded(lengths: list[Fraction]) -> None:
    """Rounding each line first would be off by up to half a cent a line."""
    files = [shown(seconds=length, file=Digest(f"{n:064x}")) for n, length in enumerate(lengths)]
    (total,) = owed(*files).totals
    assert abs(Fraction(total.amount) - 4 * sum(lengths)) <= Fraction(1, 200)


@given(st.permutations(range(4)))
def test_the_order_of_what_is_known_changes_nothing(order: list[int]) -> None:
    parts = [shown(f"t{n % 2 + 1}", n + 1, file=Digest(f"{n // 2:064x}"), run=f"spring-{n}") for n in range(4)]
    takes = (take("t1"), take("t2", "0.80"))
    first = owed(*parts, terms=SHARE, takes=takes)
    assert owed(*(parts[n] for n in order), terms=SHARE, takes=takes) == first
