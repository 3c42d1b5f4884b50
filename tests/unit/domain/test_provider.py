"""The length bought covers the length wanted, and no shorter one that is sold does."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.money import Money, Unpriced
from callsheet.domain.provider import NotSold, Provider, Tier, fit_seconds

LENGTHS = st.fractions(min_value=Fraction(1, 30), max_value=40, max_denominator=1001)


def provider(seconds: tuple[int, ...] = (), most: int = 20, price: str | None = "0.10") -> Provider:
    tier = Tier(name="plain", sizes=("720x1280",), per_second=None if price is None else Decimal(price))
    return Provider(
        name="p", model="m", as_of=date(2026, 11, 1), source="test", seconds=seconds, max_seconds=most, tiers=(tier,)
    )


@given(st.sets(st.integers(1, 30), min_size=1, max_size=5), LENGTHS)
def test_the_shortest_sold_length_that_covers_the_shot_is_bought(sold: set[int], wanted: Fraction) -> None:
    shop = provider(tuple(sold))
    if wanted > max(sold):
        with pytest.raises(NotSold, match="is longer than any"):
            fit_seconds(shop, wanted)
        return
    bought = fit_seconds(shop, wanted)
    assert bought in sold
    assert bought >= wanted
    assert not [shorter for shorter in sold if wanted <= shorter < bought]
    assert [fit_seconds(shop, Fraction(exact)) for exact in sold] == list(sold)


@given(st.integers(1, 30), LENGTHS)
def test_where_any_second_is_sold_less_than_one_second_is_wasted(most: int, wanted: Fraction) -> None:
    shop = provider(most=most)
    if wanted > most:
        with pytest.raises(NotSold, match="at most"):
            fit_seconds(shop, wanted)
        return
    bought = fit_seconds(shop, wanted)
    assert 1 <= bought <= most
    assert 0 <= bought - wanted < 1


def test_a_price_nobody_published_is_not_a_price_of_nothing() -> None:
    assert provider().price("720x1280", 4) == Money(amount=Decimal("0.4"))
    assert isinstance(provider(price=None).price("720x1280", 4), Unpriced)
    assert isinstance(provider().price("1x1", 4), Unpriced)


def test_a_model_is_gone_from_its_last_day_on() -> None:
    shop = provider().model_copy(update={"retires": date(2026, 9, 24)})
    assert [shop.has_retired(date(2026, 9, day)) for day in (23, 24, 25)] == [False, True, True]
