"""What the owner of a likeness is owed, from what was published and what their releases say.

- A price per second counts the seconds a person is on screen in each published file, once a file: a second placement
  of the same bytes, or the same file put up again, adds nothing. Another cut is another file.
- A share counts what the takes that show the person cost, once a take and run, as soon as one published file has it.
- Both fall into the period in which the file first went up. Taking it down later takes nothing back.
- Previz shows a drawing and nobody's likeness: its lines are told, and nothing is owed for them.

Amounts are exact fractions of a currency's unit; only a total is rounded, half to even, to its cents. Currencies are
never put together. These rules are ours; a release's own wording goes before them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AwareDatetime, PlainSerializer, PlainValidator, WithJsonSchema

from callsheet.domain.appearance import Appearance
from callsheet.domain.cameo import Cameo, Royalty
from callsheet.domain.identity import CameoId, Digest, ReleaseId, RunId, TakeId
from callsheet.domain.money import Money
from callsheet.domain.record import Record
from callsheet.domain.take import Take

Exact = Annotated[
    Fraction, PlainValidator(Fraction), PlainSerializer(str, return_type=str), WithJsonSchema({"type": "string"})
]
"""An exact number, written as `5/2`."""
Terms = Mapping[tuple[CameoId, ReleaseId], Royalty]
"""What each release of each person pays."""


class Line(Record):
    """One thing that is owed for: seconds of a file, or a share of a take's price. `amount` is exact."""

    basis: Literal["seconds", "share"]
    cameo: CameoId
    release: ReleaseId
    run: RunId
    at: AwareDatetime
    file: Digest | None = None
    name: str = ""
    take: TakeId | None = None
    count: Exact
    rate: Decimal
    amount: Exact
    currency: str
    previz: bool


class Statement(Record):
    """What one owner is owed for one period. `starts` is in it, `ends` is the first moment after it."""

    owner: str
    starts: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    lines: tuple[Line, ...] = ()

    @property
    def totals(self) -> tuple[Money, ...]:
        """What is owed, one sum a currency, rounded half to even to cents."""
        sums: dict[str, Fraction] = {}
        for line in self.lines:
            sums[line.currency] = sums.get(line.currency, Fraction(0)) + (Fraction(0) if line.previz else line.amount)
        return tuple(Money(amount=cents(exact), currency=currency) for currency, exact in sorted(sums.items()))


def statement(
    owner: str,
    people: Iterable[Cameo],
    shown: Iterable[Appearance],
    takes: Mapping[TakeId, Take],
    terms: Terms,
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> Statement:
    """What this owner is owed for what first went up in the period. People of other owners are left out."""
    mine = {person.id for person in people if person.licensor == owner}
    published = [one for one in shown if one.cameo in mine and one.first_up is not None]
    lines = [*_seconds(published, terms), *_shares(published, takes, terms)]
    within = [one for one in lines if (starts is None or starts <= one.at) and (ends is None or one.at < ends)]
    order = sorted(within, key=lambda one: (one.at, one.run, one.cameo, one.basis, one.name, one.take or ""))
    return Statement(owner=owner, starts=starts, ends=ends, lines=tuple(order))


def cents(exact: Fraction) -> Decimal:
    """An exact amount to cents, half to even."""
    return Decimal(round(exact * 100)).scaleb(-2)  # rounding a fraction is half to even, and exact


def _seconds(published: Iterable[Appearance], terms: Terms) -> Iterable[Line]:
    """One line a person, release and file: every take that shows them counts with its seconds, once."""
    files: dict[tuple[CameoId, ReleaseId, Digest], dict[TakeId, Appearance]] = {}
    for one in published:
        if one.release is not None and one.file is not None:
            files.setdefault((one.cameo, one.release, one.file), {}).setdefault(one.take, one)
    for (cameo, release, file), shown in files.items():
        royalty = terms.get((cameo, release))
        rate = royalty.per_second if royalty else None
        if rate is None:
            continue
        count = sum((one.seconds for one in shown.values()), Fraction(0))
        first = next(iter(shown.values()))
        yield Line(
            basis="seconds",
            cameo=cameo,
            release=release,
            run=first.run,
            at=min(one.first_up for one in shown.values() if one.first_up is not None),
            file=file,
            name=first.name,
            count=count,
            rate=rate.amount,
            amount=count * Fraction(rate.amount),
            currency=rate.currency,
            previz=all(one.previz for one in shown.values()),
        )


def _shares(published: Iterable[Appearance], takes: Mapping[TakeId, Take], terms: Terms) -> Iterable[Line]:
    """One line a take and run, at the moment the first file that has it went up."""
    first: dict[tuple[RunId, TakeId], Appearance] = {}
    for one in sorted(published, key=_when):
        first.setdefault((one.run, one.take), one)
    for (run, name), shown in first.items():
        royalty = terms.get((shown.cameo, shown.release)) if shown.release is not None else None
        if royalty is None or royalty.share is None or shown.release is None or shown.first_up is None:
            continue
        price = takes[name].price
        yield Line(
            basis="share",
            cameo=shown.cameo,
            release=shown.release,
            run=run,
            at=shown.first_up,
            take=name,
            count=Fraction(price.amount),
            rate=royalty.share,
            amount=Fraction(price.amount) * Fraction(royalty.share) / 100,
            currency=price.currency,
            previz=shown.previz,
        )


def _when(shown: Appearance) -> float:
    """For sorting alone: moments of different zones in their order."""
    return shown.first_up.timestamp() if shown.first_up is not None else 0
