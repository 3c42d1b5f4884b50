"""Money is a decimal amount with a currency; a price that is not known is a type, never zero."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from callsheet.domain.record import Record

_CENT = Decimal("0.01")
_MICRO = Decimal("0.000001")


def _plain(amount: Decimal) -> Decimal:
    """One amount has one form: 1.5, 1.50 and 15E-1 are the same money, so they have the same bytes and hash."""
    text = format(amount, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal(0) if text == "-0" else Decimal(text)


class Money(Record):
    """An exact amount in one currency. Adding two currencies is an error."""

    amount: Annotated[Decimal, AfterValidator(_plain)]
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(amount=self.amount + other.amount, currency=self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(amount=self.amount - other.amount, currency=self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same_currency(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        self._same_currency(other)
        return self.amount <= other.amount

    def __str__(self) -> str:
        sign = "$" if self.currency == "USD" else f"{self.currency} "
        exact = self.amount.quantize(_CENT, ROUND_HALF_UP)
        return f"{sign}{exact:,}"

    def times(self, factor: int | Fraction) -> "Money":
        """Multiply by a whole number or an exact fraction, to the millionth of a unit."""
        share = Fraction(factor)
        amount = self.amount * share.numerator / share.denominator
        if share.denominator != 1:
            amount = amount.quantize(_MICRO, ROUND_HALF_UP)
        return Money(amount=amount, currency=self.currency)

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be put together without an exchange rate")


class Unpriced(Record):
    """The price is not known. It stops a spend; it never counts as zero."""

    kind: Literal["unpriced"] = "unpriced"
    reason: str

    def __str__(self) -> str:
        return f"no price ({self.reason})"


def nothing(currency: str = "USD") -> Money:
    """Zero money."""
    return Money(amount=Decimal(0), currency=currency)
