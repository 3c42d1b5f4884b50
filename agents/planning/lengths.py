"""Seconds of a storyboard: how many shots, how long each plays, and how long the end card stands.

Lengths prefer what the provider sells, so that little is bought and thrown away. All are whole frames at 30.
"""

from dataclasses import dataclass
from fractions import Fraction

from callsheet.domain.campaign import Campaign, Cap
from callsheet.domain.money import Money, Unpriced
from callsheet.domain.provider import fit_seconds

FIRST_PASS = Fraction(30)
"""The longest first pass: a team learns what works before it pays for more."""

FRAME = Fraction(1, 30)
MOST_SHOTS = 12
_SHORTEST = Fraction(1)
_END_CARDS = tuple(map(Fraction, ("3", "2.5", "3.5", "2", "4")))


@dataclass(frozen=True)
class Lengths:
    """What each shot plays, in order, what the end card stands, and what had to give."""

    shots: tuple[Fraction, ...]
    end_card: Fraction
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Fraction:
        """Seconds of the finished cut."""
        return sum(self.shots, Fraction(0)) + self.end_card


def plan_lengths(campaign: Campaign, count: int | None = None) -> Lengths:
    """Divide the wanted seconds over `count` shots; without a count, over as many as waste least and can be paid."""
    wanted = min(campaign.seconds, FIRST_PASS)
    total = max(Fraction(int(wanted / FRAME)) * FRAME, 2 * _SHORTEST)
    counts = (count,) if count else (campaign.shots,) if campaign.shots else range(1, MOST_SHOTS + 1)
    plans = [plan for number in counts for plan in _plans(campaign, total, number)]
    paid = [plan for plan in plans if _can_pay(campaign, plan)] or [min(plans, key=lambda plan: len(plan.shots))]
    best = min(paid, key=lambda plan: _faults(campaign, plan, total))
    return Lengths(best.shots, best.end_card, _notes(campaign, best, count))


def longest_shot(campaign: Campaign) -> Fraction:
    """The most one shot may play: the longest length sold within the campaign's limit, or that limit."""
    limit = Fraction(int(campaign.max_shot_seconds / FRAME)) * FRAME
    sold = campaign.provider.seconds or range(1, campaign.provider.max_seconds + 1)
    within = [Fraction(length) for length in sold if length <= limit]
    return max(within) if within else limit


def _plans(campaign: Campaign, total: Fraction, count: int) -> list[Lengths]:
    cap = longest_shot(campaign)
    plans = []
    for end_card in _END_CARDS:
        body = min(total - end_card, cap * count)
        number = min(count, int(body / _SHORTEST))
        if number >= 1:
            plans.append(Lengths(_share(campaign, body, number, cap), end_card))
    return plans or [Lengths((max(FRAME, total - _SHORTEST),), _SHORTEST)]


def _share(campaign: Campaign, body: Fraction, count: int, cap: Fraction) -> tuple[Fraction, ...]:
    """Equal lengths, with the first shots giving way in round steps where the sum does not divide."""
    step = Fraction(1, 2) if campaign.provider.seconds else Fraction(1)
    even = body / count
    start = min(cap, -(-even // step) * step)
    lengths = [start] * count
    excess = start * count - body
    turn = 0
    while excess > 0:
        given = min(step, excess, lengths[turn % count] - _SHORTEST)
        lengths[turn % count] -= given
        excess -= given
        turn += 1
    return tuple(lengths)


def _purchased(campaign: Campaign, plan: Lengths) -> int:
    return sum(fit_seconds(campaign.provider, length) for length in plan.shots)


def _can_pay(campaign: Campaign, plan: Lengths) -> bool:
    """Whether the takes of all shots of all variants stay inside the campaign's caps."""
    boards = len(campaign.audiences) if campaign.variants == "reshoot" else 1
    seconds = _purchased(campaign, plan) * boards * campaign.takes
    price = campaign.provider.price(campaign.size, seconds)
    caps = campaign.caps.of_plan(campaign.provider.tier_of(campaign.size))
    return all(_keeps(cap, seconds, price) for cap in caps)


def _keeps(cap: Cap, seconds: int, price: Money | Unpriced) -> bool:
    is_dear = (
        cap.money is not None
        and isinstance(price, Money)
        and price.currency == cap.money.currency
        and cap.money < price
    )
    return not is_dear and (cap.seconds is None or seconds <= cap.seconds)


def _faults(campaign: Campaign, plan: Lengths, total: Fraction) -> tuple[Fraction, ...]:
    """What is wrong with a plan, worst first: missing seconds, waste, a strange end card, uneven pace."""
    body = sum(plan.shots, Fraction(0))
    pace = abs(body / len(plan.shots) - min(longest_shot(campaign), Fraction(4)))
    usual = Fraction(3) if total > 8 else Fraction(2)
    return (total - plan.total, _purchased(campaign, plan) - body, abs(plan.end_card - usual), pace)


def _notes(campaign: Campaign, plan: Lengths, count: int | None) -> tuple[str, ...]:
    notes = []
    if campaign.seconds > FIRST_PASS:
        notes.append(f"a first pass is at most {FIRST_PASS} s; {_say(campaign.seconds)} s were wanted")
    elif plan.total < campaign.seconds:
        notes.append(
            f"{len(plan.shots)} shots of at most {_say(longest_shot(campaign))} s make {_say(plan.total)} s; "
            f"{_say(campaign.seconds)} s were wanted"
        )
    asked = count or campaign.shots
    if asked and len(plan.shots) < asked:
        notes.append(f"{asked} shots of at least one second do not fit; {len(plan.shots)} are planned")
    return tuple(notes)


def _say(seconds: Fraction) -> str:
    return f"{float(seconds):g}"
