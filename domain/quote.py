"""A quote says what a shoot costs before anything is bought: seconds purchased and used, expected and worst cost.

The worst cost is twice the expected one: a take may be repeated once when the provider fails it or the bytes that
arrive are unsound, and in the worst case every take needs that repeat and every failure was billed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from callsheet.domain.budget import Balance, Limit, limits
from callsheet.domain.campaign import Campaign
from callsheet.domain.identity import RunId, ShotId
from callsheet.domain.money import Money, Unpriced, nothing
from callsheet.domain.overcap import OverCap, caps_passed
from callsheet.domain.provider import NotSold, Provider, fit_seconds
from callsheet.domain.purse import Charge
from callsheet.domain.record import Record, Seconds
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.writing import Words

Price = Money | Unpriced
SHORTEST_BEAT = Fraction(1)
"""A shot under one second is not read as a shot; no alternative goes below it."""
RETIREMENT_NOTICE_DAYS = 90
REPEATS = 1
"""Repeats a take may need beyond its first attempt."""


class QuoteLine(Record):
    """What one shot costs. A shot that is held was bought before and costs nothing more."""

    shot: ShotId
    seconds: Seconds = Field(description="Seconds used in the cut.")
    purchased_seconds: int = Field(description="Seconds bought for one take.")
    takes: int = Field(ge=0, description="Takes to buy; 0 when held.")
    is_held: bool = False
    price: Price = Field(description="The price of one take.")
    cost: Price = Field(description="The price of all takes to buy.")

    @property
    def bought_seconds(self) -> int:
        """Seconds bought over all takes of this line."""
        return self.purchased_seconds * self.takes

    @property
    def used_seconds(self) -> Fraction:
        """Seconds of this purchase that reach the cut: one circled take's worth."""
        return self.seconds if self.takes else Fraction(0)


class Alternative(Record):
    """Another length of one beat that wastes less: shorter and cheaper, or longer at the same price."""

    kind: Literal["shorten", "stretch"]
    shot: ShotId
    seconds: Seconds
    instead: Seconds
    saves_seconds: int
    saves: Price

    def __str__(self) -> str:
        if self.kind == "stretch":
            return f"{self.shot} {seconds_text(self.seconds)} -> {seconds_text(self.instead)} costs the same"
        saving = f"{self.shot} {seconds_text(self.seconds)} -> {seconds_text(self.instead)} saves {self.saves_seconds}"
        return f"{saving} purchased seconds ({self.saves})"


class Elsewhere(Record):
    """What the same plan costs at another provider, bought anew: takes of one provider are none of another."""

    provider: str
    model: str
    seconds_purchased: int
    expected: Price
    retires: date | None = None

    def __str__(self) -> str:
        return f"{self.provider} ({self.model}): {self.seconds_purchased} s, {self.expected}"


class PricePoint(Record):
    """What a plan of that many seconds costs at one price of a second: one master, and all variants."""

    per_second: Money
    master: Money
    all_variants: Money


class Quote(Record):
    """The price of a plan, line by line, with what is wasted and what would be cheaper."""

    provider: str
    model: str
    size: str
    as_of: date
    source: str
    lines: tuple[QuoteLine, ...]
    finished_seconds: Seconds = Field(description="Length of all variants together; placements do not count again.")
    seconds_purchased: int
    seconds_used: Seconds
    seconds_wasted: Seconds
    expected: Price
    worst: Price
    per_finished_second: Price
    over: tuple[OverCap, ...] = ()
    worst_over: tuple[OverCap, ...] = Field(default=(), description="Caps that only the worst case would reach.")
    alternatives: tuple[Alternative, ...] = ()
    comparisons: tuple[PricePoint, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = Field(default=(), description="Other providers, when this one retires soon.")
    warnings: tuple[str, ...] = ()
    words: Words | None = Field(default=None, description="What a chat model's words cost; none where none is asked.")

    @property
    def fits(self) -> bool:
        """Whether the expected cost is known and inside every cap."""
        return not self.over and isinstance(self.expected, Money)


def quote(
    campaign: Campaign,
    shots: Sequence[Shot],
    storyboard: Storyboard,
    held: Iterable[ShotId] = (),
    day: date | None = None,
    under: Sequence[Limit] | None = None,
    providers: Sequence[Provider] = (),
    words: Words | None = None,
) -> Quote:
    """Price the shots of a call sheet; `day` is when the shoot would be.

    `held` names the shot of every take that need not be paid for any more, as often as there are such takes.

    `under` are the caps with what counts against them already; without it, the campaign's own with nothing spent.
    `providers` are those that may take this one's place when it retires. `words` are what the crew's model costs beside
    the takes: under the same caps.
    """
    provider = campaign.provider
    paid = Counter(held)
    lines = tuple(_line(campaign, shot, max(0, campaign.takes - paid[shot.id])) for shot in shots)
    purchased = sum(line.bought_seconds for line in lines)
    used = sum((line.used_seconds for line in lines), Fraction(0))
    finished = sum((variant.seconds for variant in storyboard.variants), Fraction(0))
    expected = add_up([line.cost for line in lines], provider.currency)
    worst = _times(expected, 1 + REPEATS)
    caps = unspent(campaign, day) if under is None else under
    over = caps_passed(caps, purchased, _with_words(expected, words))
    passed = {one.cap for one in over}
    at_worst = caps_passed(caps, purchased * (1 + REPEATS), _with_words(worst, words))
    others = elsewhere(campaign, shots, providers, day) if day and _retires_soon(provider, day) else ()
    return Quote(
        provider=provider.name,
        model=provider.model,
        size=campaign.size,
        as_of=provider.as_of,
        source=provider.source,
        lines=lines,
        finished_seconds=finished,
        seconds_purchased=purchased,
        seconds_used=used,
        seconds_wasted=purchased - used,
        expected=expected,
        worst=worst,
        per_finished_second=_times(expected, 1 / finished),
        over=over,
        worst_over=tuple(one for one in at_worst if one.cap not in passed),
        alternatives=tuple(
            found for line in lines if not line.is_held for found in (_alternative(campaign, line),) if found
        ),
        comparisons=tuple(_point(purchased, per, 1, provider.currency) for per in provider.compare_with),
        elsewhere=others,
        warnings=_warnings(provider, day, others),
        words=words,
    )


def _with_words(takes: Price, words: Words | None) -> Price:
    """What a cap must hold: the takes, and the words still to come in the same currency."""
    if words is None or not isinstance(takes, Money) or not isinstance(words.expected, Money):
        return takes
    return takes + words.expected if takes.currency == words.expected.currency else takes


def charge_of(campaign: Campaign, run: RunId, account: str, day: date | None) -> Charge:
    """Who pays for the takes of a campaign's run on a day."""
    tier = campaign.provider.tier_of(campaign.size)
    return Charge(run=run, campaign=campaign.name, tier=tier, account=account, day=day)


def unspent(campaign: Campaign, day: date | None) -> tuple[Limit, ...]:
    """The campaign's own caps before anything counts against them."""
    none = nothing(campaign.provider.currency)
    charge = charge_of(campaign, RunId(""), "", day)
    return limits(charge, campaign.caps, None, lambda _purse: Balance(held=none, spent=none))


def elsewhere(
    campaign: Campaign, shots: Sequence[Shot], providers: Sequence[Provider], day: date
) -> tuple[Elsewhere, ...]:
    """Who else could make this plan from that day on, the cheapest first, prices nobody knows last.

    They sell the size and every length, take the product's picture if a shot needs it, and may be used in adverts.
    """
    own, found = campaign.provider, list[Elsewhere]()
    needs_picture = any(shot.product == "exact" for shot in shots)
    for one in providers:
        fits = one.sells_size(campaign.size) and not one.has_retired(day) and (own.previz or not one.previz)
        is_barred = one.commercial_use is False or (needs_picture and one.reference == "none")
        if one.name == own.name or not fits or is_barred:
            continue
        try:
            lengths = [fit_seconds(one, shot.seconds) for shot in shots]
        except NotSold:
            continue
        expected = add_up(
            [_times(one.price(campaign.size, length), campaign.takes) for length in lengths], one.currency
        )
        bought = sum(lengths) * campaign.takes
        place = Elsewhere(
            provider=one.name, model=one.model, seconds_purchased=bought, expected=expected, retires=one.retires
        )
        found.append(place)
    return tuple(sorted(found, key=_by_price))


def arithmetic(seconds: Fraction | int, per_second: Sequence[Decimal], variants: int = 1) -> tuple[PricePoint, ...]:
    """What a master of that length and its variants cost at each price, where every second is bought and used.

    30 seconds at 0.10, 0.30 and 0.50 dollars: 3, 9 and 15 a master; five variants with their own shots: 15, 45, 75.
    """
    return tuple(_point(Fraction(seconds), price, variants, "USD") for price in per_second)


def add_up(costs: Sequence[Price], currency: str = "USD") -> Price:
    """The sum of known costs. One cost that is not known makes the sum not known."""
    total = nothing(currency)
    for cost in costs:
        if isinstance(cost, Unpriced):
            return cost
        total = total + cost
    return total


def seconds_text(seconds: Fraction | int) -> str:
    """A length as people write it: `4 s`, `4.5 s`."""
    return f"{float(seconds):.3f}".rstrip("0").rstrip(".") + " s"


def _line(campaign: Campaign, shot: Shot, takes: int) -> QuoteLine:
    price = campaign.provider.price(campaign.size, shot.purchased_seconds)
    return QuoteLine(
        shot=shot.id,
        seconds=shot.seconds,
        purchased_seconds=shot.purchased_seconds,
        takes=takes,
        is_held=takes == 0,
        price=price,
        cost=_times(price, takes) if takes else nothing(campaign.provider.currency),
    )


def _times(price: Price, factor: int | Fraction) -> Price:
    return price.times(factor) if isinstance(price, Money) else price


def _point(seconds: Fraction | int, per_second: Decimal, variants: int, currency: str) -> PricePoint:
    each = Money(amount=per_second, currency=currency)
    master = each.times(Fraction(seconds))
    return PricePoint(per_second=each, master=master, all_variants=master.times(variants))


def _alternative(campaign: Campaign, line: QuoteLine) -> Alternative | None:
    """The length that saves most for this beat, or else the one that wastes least of what is paid anyway."""
    if line.purchased_seconds <= line.seconds:
        return None
    provider = campaign.provider
    shorter = _longest_sold(provider, line.seconds)
    if shorter is not None and shorter >= SHORTEST_BEAT:
        saved = (line.purchased_seconds - shorter) * line.takes
        saving = _difference(line.price, provider.price(campaign.size, shorter), line.takes)
        return Alternative(
            kind="shorten",
            shot=line.shot,
            seconds=line.seconds,
            instead=Fraction(shorter),
            saves_seconds=saved,
            saves=saving,
        )
    longer = min(Fraction(line.purchased_seconds), campaign.max_shot_seconds)
    if longer <= line.seconds:
        return None
    return Alternative(
        kind="stretch",
        shot=line.shot,
        seconds=line.seconds,
        instead=longer,
        saves_seconds=0,
        saves=nothing(provider.currency),
    )


def _longest_sold(provider: Provider, seconds: Fraction) -> int | None:
    """The longest length on sale that is no longer than this."""
    if not provider.seconds:
        return min(int(seconds), provider.max_seconds)
    return max((sold for sold in provider.seconds if sold <= seconds), default=None)


def _difference(dear: Price, cheap: Price, takes: int) -> Price:
    if isinstance(dear, Money) and isinstance(cheap, Money):
        return (dear - cheap).times(takes)
    return dear if isinstance(dear, Unpriced) else cheap


def _retires_soon(provider: Provider, day: date) -> bool:
    return provider.retires is not None and (provider.retires - day).days <= RETIREMENT_NOTICE_DAYS


def _warnings(provider: Provider, day: date | None, others: Sequence[Elsewhere]) -> tuple[str, ...]:
    if provider.retires is None or day is None or not _retires_soon(provider, day):
        return ()
    who, left = f"{provider.name} {provider.model}", (provider.retires - day).days
    if provider.has_retired(day):
        notice = f"{who} retired on {provider.retires}; choose another provider"
    else:
        notice = f"{who} retires on {provider.retires}, in {left} days; plan its replacement"
    return (notice, *(f"the same plan at {one}" for one in others))


def _by_price(one: Elsewhere) -> tuple[bool, str, Decimal, str]:
    known = one.expected if isinstance(one.expected, Money) else None
    return (known is None, known.currency if known else "", known.amount if known else Decimal(0), one.provider)
