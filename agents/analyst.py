"""The Analyst: reads what an audience did and says what should happen next, and how sure it is.

It sees readings and nothing else. It can ask for a trim or a reshoot; it can never buy one. What is decided follows by
rule; a writer may find the words for what a shot should show when it is taken again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from callsheet.agents.planning.insist import Insist
from callsheet.agents.planning.wish import RequestDraft, check_wish, wish_facts, with_wish
from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import Cut
from callsheet.domain.identity import ShotId, VariantId
from callsheet.domain.shot import Framing, Light, Movement, Shot
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.telemetry import (
    AnalystDecision,
    Change,
    Drop,
    Interval,
    Reading,
    ReshootRequest,
    TrimRequest,
    chance_ahead,
    drops,
    merge,
    percent,
    pool,
    stands_out,
    starts_for,
    wilson,
)
from callsheet.prompts.shelf import shelf_of
from callsheet.tools.writer import HouseWriter, Task, Writer, Written

REQUEST = "analyst/request"
_HOUSE = HouseWriter()
_SHORT_ANSWER = 120
"""Most tokens of a wish."""

MARGIN = Decimal("0.05")
"""How exactly a share must be known before anything is decided: to five viewers in a hundred, 19 times in 20."""

HOPELESS = Decimal("0.001")
"""A variant that surely gets fewer clicks than this is not worth another second."""

NO_READINGS = (
    "no readings yet: put telemetry.csv (variant,placement,second,viewers,clicks) beside campaign.yaml and run it again"
)
"""What is said when nothing was measured at all."""

_SURE = Decimal("0.95")
_AS_GOOD_AS_CERTAIN = Decimal("0.999")
_SHORTEST = Fraction(1)
_FAR = {Framing.EXTREME_WIDE, Framing.WIDE, Framing.MEDIUM, Framing.OVERHEAD, Framing.LOW_ANGLE}
_BUSY = {Movement.HANDHELD, Movement.ORBIT, Movement.TRACKING}
_DARK = {Light.LOW_KEY, Light.NEON, Light.OVERCAST, Light.DAWN}


@dataclass(frozen=True)
class _Weak:
    """The shot that loses viewers: its losses, what the others lose, and the seconds into it at which that begins."""

    drop: Drop
    others: Interval
    onset: int

    @property
    def holds(self) -> Fraction:
        """How long the shot holds its viewers."""
        return self.drop.offset + self.onset


def _unheard(_written: Written[Any]) -> None:
    """Nobody keeps the books: a decision outside a run."""


class Analyst:
    """Decides from readings.

    `day` says which claims are in force for the words of a request; `told` hears of everything written: by whom, from
    which prompt, for how many tokens.
    """

    def __init__(
        self,
        day: Callable[[], date] | None = None,
        writer: Writer = _HOUSE,
        told: Callable[[Written[Any]], object] = _unheard,
    ) -> None:
        self._day = day
        self._writer = writer
        self._told = told

    def decide(
        self,
        campaign: Campaign,
        storyboard: Storyboard,
        cuts: Sequence[Cut],
        readings: Sequence[Reading],
        rounds_left: int,
    ) -> AnalystDecision:
        """The next step. A request for a trim or a reshoot is made only while rounds are left, within their seconds."""
        decision = self._decide(campaign, storyboard, cuts, readings, rounds_left)
        if not any(reading.simulated for reading in readings):
            return decision
        return decision.model_copy(update={"simulated": True, "reason": f"{decision.reason} (simulated audience)"})

    async def word(self, campaign: Campaign, storyboard: Storyboard, decision: AnalystDecision) -> AnalystDecision:
        """The same decision with a writer's wish for what the shot shows when it is taken again. No other decision is
        worded, and nothing but the wish can change.

        Raises WriterFailed when a chat model gives nothing usable.
        """
        request = decision.request
        if not isinstance(request, ReshootRequest):
            return decision
        shot, day = storyboard.shot(request.shots[0]), self._day() if self._day else None
        task = Task(
            prompt=REQUEST,
            inputs=wish_facts(campaign, shot, decision, request),
            output=RequestDraft,
            house=lambda: RequestDraft(wish=""),
            check=Insist[RequestDraft](lambda draft: check_wish(campaign, shot, draft, day)),
            longest=_SHORT_ANSWER,
            shelf=shelf_of(campaign),
        )
        written = await self._writer.write(task)
        self._told(written)
        return with_wish(campaign, shot, decision, request, written.value, day)

    def _decide(
        self,
        campaign: Campaign,
        storyboard: Storyboard,
        cuts: Sequence[Cut],
        readings: Sequence[Reading],
        rounds_left: int,
    ) -> AnalystDecision:
        by_variant = {one.id: [each for each in readings if each.variant == one.id] for one in storyboard.variants}
        waiting = _too_little(by_variant)
        if waiting is not None:
            return waiting
        clicks = {variant: pool(group) for variant, group in by_variant.items()}
        leader = max(clicks, key=lambda variant: (clicks[variant].share, _completion(by_variant[variant])))
        evidence = tuple(f"{variant}: {clicks[variant]} of viewers clicked" for variant in clicks)
        if clicks[leader].high < HOPELESS:
            return AnalystDecision(
                kind="stop",
                variant=leader,
                stops=tuple(clicks),
                reason=f"even the best variant, {leader}, gets at most {percent(clicks[leader].high)} clicks; stop",
                evidence=evidence,
            )
        weak = _weakest(cuts, by_variant[leader])
        if weak is None:
            return _keep(campaign, leader, clicks, evidence, "no shot loses viewers faster than the rest")
        return _mend(campaign, storyboard, leader, clicks, weak, rounds_left, evidence)


def _too_little(by_variant: Mapping[VariantId, Sequence[Reading]]) -> AnalystDecision | None:
    enough = starts_for(MARGIN)
    seen = {variant: sum(reading.starts for reading in group) for variant, group in by_variant.items()}
    short = {variant: enough - starts for variant, starts in seen.items() if starts < enough}
    if not short:
        return None
    more = ", ".join(
        f"{missing} more for {variant}" if len(seen) > 1 else f"{missing} more" for variant, missing in short.items()
    )
    has = " and ".join(f"variant {variant} has {seen[variant]} viewers" for variant in short)
    reason = (
        f"too little data: {has}, about {enough} {'are' if len(short) == 1 else 'each are'} needed to know a share "
        f"to {int(MARGIN * 100)} points; {more}"
    )
    return AnalystDecision(
        kind="wait",
        reason=reason if any(by_variant.values()) else NO_READINGS,
        evidence=tuple(f"{variant}: {starts} viewers so far" for variant, starts in seen.items()),
    )


def _completion(readings: Sequence[Reading]) -> Decimal:
    return wilson(sum(one.viewers[-1] for one in readings), sum(one.starts for one in readings)).share


def _weakest(cuts: Sequence[Cut], readings: Sequence[Reading]) -> _Weak | None:
    """The shot that clearly loses most, compared with all others of the same variant."""
    timelines = {(cut.variant, cut.placement): cut for cut in cuts}
    parts: dict[ShotId, list[Drop]] = {}
    for reading in readings:
        cut = timelines.get((reading.variant, reading.placement))
        for drop in drops(cut, reading) if cut else ():
            parts.setdefault(drop.shot, []).append(drop)
    merged = [merge(group) for group in parts.values()]
    found = []
    for drop in merged:
        rest = [other for other in merged if other.shot != drop.shot]
        others = wilson(sum(sum(one.losses) for one in rest), sum(sum(one.watching) for one in rest))
        onset = _onset(drop, others)
        if onset is not None and stands_out(drop.rate, others):
            found.append(_Weak(drop, others, onset))
    return max(found, key=lambda weak: weak.drop.rate.share - weak.others.share, default=None)


def _onset(drop: Drop, others: Interval) -> int | None:
    """The first second of the shot that is clearly worse than the other shots."""
    seconds = [wilson(lost, seen) for lost, seen in zip(drop.losses, drop.watching, strict=True)]
    return next((place for place, second in enumerate(seconds) if stands_out(second, others)), None)


def _keep(
    campaign: Campaign,
    leader: VariantId,
    clicks: Mapping[VariantId, Interval],
    evidence: tuple[str, ...],
    finding: str,
) -> AnalystDecision:
    others = [variant for variant in clicks if variant != leader]
    runner_up = max(others, key=lambda variant: clicks[variant].share, default=None)
    sure = chance_ahead(clicks[leader], clicks[runner_up]) if runner_up else Decimal(1)
    chance = percent(sure) if sure < _AS_GOOD_AS_CERTAIN else f"more than {percent(_AS_GOOD_AS_CERTAIN)}"
    ahead = f", with a chance of {chance} that it is truly ahead of {runner_up}" if runner_up else ""
    return AnalystDecision(
        kind="keep",
        variant=leader,
        tier=_tier(campaign, is_sure=sure >= _SURE),
        stops=tuple(variant for variant in others if clicks[variant].high < clicks[leader].low),
        reason=f"keep {leader}: {clicks[leader]} of its viewers click{ahead}; {finding}",
        evidence=evidence,
    )


def _tier(campaign: Campaign, *, is_sure: bool) -> str | None:
    """The tier for the next seconds: a sure winner moves up to the next dearer one, where the provider has one."""
    tiers = sorted(campaign.provider.tiers, key=lambda tier: tier.per_second or Decimal(0))
    now = next((tier for tier in tiers if campaign.size in tier.sizes), None)
    if now is None:
        return None
    dearer = [tier for tier in tiers if (tier.per_second or Decimal(0)) > (now.per_second or Decimal(0))]
    return dearer[0].name if is_sure and dearer else now.name


def _mend(
    campaign: Campaign,
    storyboard: Storyboard,
    leader: VariantId,
    clicks: Mapping[VariantId, Interval],
    weak: _Weak,
    rounds_left: int,
    evidence: tuple[str, ...],
) -> AnalystDecision:
    """Shorten a shot that starts well and drags; shoot one again that loses people from its start."""
    shot = storyboard.shot(weak.drop.shot)
    said = f"{shot.id} loses {weak.drop.rate} of its viewers each second, other shots {weak.others}"
    if rounds_left <= 0:
        return _keep(campaign, leader, clicks, (*evidence, said), f"{shot.id} is weak, but no round is left to mend it")
    request = _trim(leader, shot, weak) or _reshoot(campaign, leader, shot, weak)
    if request is None:
        return _keep(campaign, leader, clicks, (*evidence, said), f"{shot.id} is weak, but a reshoot is not affordable")
    return AnalystDecision(
        kind=request.kind,
        variant=leader,
        shot=shot.id,
        tier=_tier(campaign, is_sure=False) if request.kind == "reshoot" else None,
        reason=f"{request.reason}: {said}",
        evidence=(*evidence, said),
        request=request,
    )


def _trim(leader: VariantId, shot: Shot, weak: _Weak) -> TrimRequest | None:
    if weak.onset < 1 or not _SHORTEST <= weak.holds < shot.seconds:
        return None
    reason = f"trim {shot.id} of {leader} to {float(weak.holds):g} s, it holds its viewers that long and then drags"
    return TrimRequest(variant=leader, shot=shot.id, seconds=weak.holds, reason=reason)


def _reshoot(campaign: Campaign, leader: VariantId, shot: Shot, weak: _Weak) -> ReshootRequest | None:
    """A specific wish, when its seconds are within what a round may buy."""
    if shot.purchased_seconds * campaign.takes > campaign.reshoots.seconds:
        return None
    changes = _changes(shot)
    begins = f"from {float(weak.holds):g} s on" if weak.holds else "from its first second"
    return ReshootRequest(
        variant=leader,
        shots=(shot.id,),
        changes=changes,
        seconds=shot.purchased_seconds * campaign.takes,
        reason=f"shoot {shot.id} of {leader} again, {' and '.join(changes)}, it loses viewers {begins}",
    )


def _changes(shot: Shot) -> tuple[Change, ...]:
    """What would be different enough to learn from: how near, how it moves, how bright."""
    wishes: list[Change] = ["closer" if shot.framing in _FAR else "wider"]
    if shot.movement == Movement.STATIC:
        wishes.append("more movement")
    elif shot.movement in _BUSY:
        wishes.append("steadier")
    if shot.light in _DARK:
        wishes.append("lighter")
    return tuple(wishes)
