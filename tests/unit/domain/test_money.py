"""Money is exact, has one form for one amount, and never mixes currencies."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from operator import add, le, lt, sub

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callsheet.domain.money import Money, nothing

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False)
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY"])


@pytest.mark.parametrize("together", [add, sub, lt, le])
@given(AMOUNTS, AMOUNTS, CURRENCIES, CURRENCIES)
def test_two_currencies_are_never_put_together(
    together: Callable[[Money, Money], object], one: Decimal, other: Decimal, here: str, there: str
) -> None:
    left, right = Money(amount=one, currency=here), Money(amount=other, currency=there)
    if here == there:
        together(left, right)
    else:
        with pytest.raises(ValueError, match="exchange rate"):
            together(left, right)


@given(AMOUNTS, AMOUNTS)
def test_adding_and_taking_away_is_exact(one: Decimal, other: Decimal) -> None:
    left, right = Money(amount=one), Money(amount=other)
    assert left + right - right == left
    assert (left + nothing()).digest == left.digest


@given(AMOUNTS, st.integers(0, 6))
def test_equal_amounts_have_equal_bytes(amount: Decimal, zeros: int) -> None:
    written_longer = Decimal(f"{amount:f}" + "0" * zeros)
    assert Money(amount=written_longer).digest == Money(amount=amount).digest
    assert Money.model_validate_json(Money(amount=amount).model_dump_json()) == Money(amount=amount)


@pytest.mark.parametrize(
    ("written", "kept"), [("1.50", "1.5"), ("1E+2", "100"), ("-0.00", "0"), ("0", "0"), ("10", "10"), ("0.10", "0.1")]
)
def test_an_amount_has_one_written_form(written: str, kept: str) -> None:
    assert Money(amount=Decimal(written)).model_dump(mode="json") == {"amount": kept, "currency": "USD"}


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(ValidationError):
        Money(amount=Decimal(amount))


@given(AMOUNTS, st.integers(-1000, 1000), st.integers(1, 1000))
def test_a_share_of_money_is_exact_to_the_millionth(amount: Decimal, above: int, below: int) -> None:
    share = Fraction(above, below)
    exact = Fraction(amount) * share
    assert abs(Fraction(Money(amount=amount).times(share).amount) - exact) <= Fraction(1, 2_000_000)


def test_money_is_shown_with_its_currency_and_rounded_like_a_bill() -> None:
    assert str(Money(amount=Decimal("1234.565"))) == "$1,234.57"
    assert str(Money(amount=Decimal(3), currency="EUR")) == "EUR 3.00"
