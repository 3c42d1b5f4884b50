"""What an audience did with a cut, and the arithmetic that reads it.

A reading counts who still watches at the start of each second. Losses are put on the shot that was on screen, and
every share carries its 95 % Wilson interval (Wilson 1927), so that a decision can say how sure it is.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import erf, sqrt
from typing import Literal, Self

from pydantic import Field, model_validator

from callsheet.domain.cut import Cut
from callsheet.domain.identity import PlacementId, ShotId, VariantId
from callsheet.domain.record import Record, Seconds

Change = Literal["closer", "wider", "more movement", "steadier", "lighter"]
"""What a shot should do differently when it is shot again."""

DecisionKind = Literal["keep", "stop", "trim", "reshoot", "wait"]

_Z95 = 1.959964
_FOUR_PLACES = Decimal("0.0001")
_TWO_IN_A_HUNDRED = Decimal("0.02")


class Reading(Record):
    """One variant in one placement: who still watches at the start of each second, and who clicked.

    `simulated` readings come from the audience simulator and say so wherever they are shown.
    """

    variant: VariantId
    placement: PlacementId
    viewers: tuple[int, ...] = Field(min_length=1)
    clicks: int = Field(ge=0)
    simulated: bool
    source: str = Field(description="Where it was read: a file, or the simulator and its seed.")

    @model_validator(mode="after")
    def _curve_falls(self) -> Self:
        if any(after > before or after < 0 for before, after in zip(self.viewers, self.viewers[1:], strict=False)):
            raise ValueError(
                f"viewers of {self.variant} in {self.placement} rise again; nobody can start in the middle"
            )
        if self.clicks > self.viewers[0]:
            raise ValueError(
                f"{self.variant} in {self.placement} has {self.clicks} clicks of {self.viewers[0]} viewers"
            )
        return self

    @property
    def starts(self) -> int:
        """Who saw the first frame."""
        return self.viewers[0]


class Readings(Record):
    """The readings of one round, kept together."""

    round: int
    readings: tuple[Reading, ...]


class Interval(Record):
    """A share that was counted, with the bounds that hold it in 95 of 100 such counts."""

    share: Decimal
    low: Decimal
    high: Decimal
    hits: int
    trials: int

    def __str__(self) -> str:
        return f"{percent(self.share)} (95 % interval {percent(self.low)} to {percent(self.high)})"


class Drop(Record):
    """What a shot lost, second by second: `losses[i]` of `watching[i]` left in its i-th measured second.

    The first second of a cut is not counted: that is where people swipe on from anything. `offset` says how
    far into the shot the counting begins.
    """

    shot: ShotId
    offset: Seconds
    losses: tuple[int, ...]
    watching: tuple[int, ...]

    @property
    def rate(self) -> Interval:
        """The share of watchers lost in a second of this shot."""
        return wilson(sum(self.losses), sum(self.watching))


class TrimRequest(Record):
    """Play a shot for `seconds` and no longer. Costs nothing."""

    kind: Literal["trim"] = "trim"
    variant: VariantId
    shot: ShotId
    seconds: Seconds
    reason: str


class ReshootRequest(Record):
    """Shoot these shots again, changed. `seconds` is the most that may be bought for it."""

    kind: Literal["reshoot"] = "reshoot"
    variant: VariantId
    shots: tuple[ShotId, ...] = Field(min_length=1)
    changes: tuple[Change, ...] = Field(min_length=1)
    seconds: int = Field(gt=0)
    reason: str
    wish: str = Field(default="", max_length=160, description="What the picture should show instead, in a sentence.")


class AnalystDecision(Record):
    """What should happen next, to which variant and shot, in a sentence that says how sure it is."""

    kind: DecisionKind
    variant: VariantId | None = None
    shot: ShotId | None = None
    tier: str | None = Field(
        default=None, description="The price tier at which the variant should get its next seconds."
    )
    stops: tuple[VariantId, ...] = Field(default=(), description="Variants that are clearly behind and should end.")
    reason: str
    evidence: tuple[str, ...] = ()
    request: ReshootRequest | TrimRequest | None = Field(default=None, discriminator="kind")
    simulated: bool = False


def percent(share: Decimal) -> str:
    """A share as people read it: `4.1 %`."""
    return f"{share * 100:.1f} %"


def wilson(hits: int, trials: int) -> Interval:
    """The counted share and its 95 % Wilson score interval; no trials: anything is possible."""
    if trials == 0:
        return Interval(share=Decimal(0), low=Decimal(0), high=Decimal(1), hits=hits, trials=0)
    share, square = hits / trials, _Z95 * _Z95
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    reach = _Z95 / (1 + square / trials) * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return Interval(share=_exact(share), low=_exact(low), high=_exact(high), hits=hits, trials=trials)


def starts_for(margin: Decimal) -> int:
    """How many viewers it takes until any share is known to this margin, 19 times in 20."""
    return -(-int(Decimal(_Z95**2 / 4).quantize(_FOUR_PLACES) * 10_000) // int(margin * margin * 10_000))


def pool(readings: Iterable[Reading]) -> Interval:
    """Clicks of viewers over several readings."""
    kept = tuple(readings)
    return wilson(sum(reading.clicks for reading in kept), sum(reading.starts for reading in kept))


def drops(cut: Cut, reading: Reading) -> tuple[Drop, ...]:
    """The losses of a reading, put on the shots of the cut it was measured on, in the order they play.

    A second belongs to the shot that is on screen in its middle.
    """
    seconds = [
        (Fraction(second), before - after, before)
        for second, (before, after) in enumerate(zip(reading.viewers, reading.viewers[1:], strict=False))
        if second > 0
    ]
    found: list[Drop] = []
    for shot, start, end in _spans(cut):
        inside = [one for one in seconds if start <= one[0] + Fraction(1, 2) < end]
        if inside:
            found.append(
                Drop(
                    shot=shot,
                    offset=max(Fraction(0), inside[0][0] - start),
                    losses=tuple(lost for _, lost, _ in inside),
                    watching=tuple(watching for _, _, watching in inside),
                )
            )
    return tuple(found)


def merge(parts: Sequence[Drop]) -> Drop:
    """Several readings of one shot as one; each second is the sum of that second."""
    length = max(len(part.losses) for part in parts)
    return Drop(
        shot=parts[0].shot,
        offset=max(part.offset for part in parts),
        losses=tuple(sum(part.losses[i] for part in parts if i < len(part.losses)) for i in range(length)),
        watching=tuple(sum(part.watching[i] for part in parts if i < len(part.watching)) for i in range(length)),
    )


def stands_out(one: Interval, other: Interval) -> bool:
    """Whether one loss rate is clearly worse than another.

    The intervals do not touch, it is at least twice the other, and at least two viewers in a hundred lie between them.
    """
    counted = one.trials > 0 and other.trials > 0
    return counted and one.low > other.high and one.share >= max(2 * other.share, other.share + _TWO_IN_A_HUNDRED)


def chance_ahead(one: Interval, other: Interval) -> Decimal:
    """The chance that one share is truly higher than another (normal approximation of the two Beta posteriors)."""
    (mean, spread), (mean_other, spread_other) = _beta(one), _beta(other)
    distance = (mean - mean_other) / sqrt(spread + spread_other)
    return _exact(_normal(distance))


def _beta(interval: Interval) -> tuple[float, float]:
    hits, misses = interval.hits + 1, interval.trials - interval.hits + 1
    both = hits + misses
    return hits / both, hits * misses / (both * both * (both + 1))


def _normal(distance: float) -> float:
    return (1 + erf(distance / sqrt(2))) / 2


def _spans(cut: Cut) -> list[tuple[ShotId, Fraction, Fraction]]:
    spans: list[tuple[ShotId, Fraction, Fraction]] = []
    start = 0
    for clip in cut.clips:
        spans.append((clip.shot, Fraction(start, cut.rate), Fraction(start + clip.frames, cut.rate)))
        start += clip.frames
    return spans


def _exact(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_FOUR_PLACES)
