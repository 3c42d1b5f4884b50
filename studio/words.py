"""How the report writes lengths, money, moments and names of states."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from callsheet.domain.money import Money

STANDING = {
    "asserted": "a name typed by the local user; nobody checked it",
    "token": "signed in with a token",
    "policy": "a written policy; no person looked",
}
ANSWER = {
    "approve": "approved",
    "edit": "sent back with edits",
    "reject": "rejected",
    "expired": "expired unanswered",
    "open": "waits for a person",
    "withdrawn": "taken back before it was answered",
}
GATE = {
    "greenlight": "Greenlight",
    "purchase": "Purchase in doubt",
    "writer": "Words nobody wrote",
    "dailies": "Dailies",
    "release": "Release",
    "topup": "Top-up",
}
CREDENTIALS = {
    "trusted": "signed, trusted certificate",
    "development": "signed, development certificate",
    "none": "not signed",
}


def seconds(length: Fraction | int) -> str:
    """A length as people write it: `4 s`, `4.5 s`, `27 s`; hundredths at most."""
    exact = Decimal(length.numerator) / Decimal(length.denominator)
    plain = f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
    return f"{plain.rstrip('0').rstrip('.')} s"


def share(amount: Fraction, currency: str) -> str:
    """An exact share of money, to the cent, or finer when it is less than ten cents."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    if Decimal(0) < exact < Decimal("0.10"):
        sign = "$" if currency == "USD" else f"{currency} "
        return f"{sign}{exact.quantize(Decimal('0.0001'), ROUND_HALF_UP)}"
    return str(Money(amount=exact, currency=currency))


def sentence(text: str) -> str:
    """Words as a sentence: a capital to begin with, a stop at the end."""
    whole = text.strip()
    stop = "" if not whole or whole.endswith((".", ")", "!", "?")) else "."
    return whole[:1].upper() + whole[1:] + stop


def moment(at: datetime) -> str:
    """A moment to the minute, with its zone."""
    return f"{at:%d %b %Y, %H:%M} {at.tzname() or ''}".strip()


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{max(1, count // 1000)} kB"
