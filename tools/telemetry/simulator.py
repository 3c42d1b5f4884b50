"""A seeded audience with a hidden truth about every shot. It is a simulation and says so in everything it returns.

The truth is never handed out: only readings are, and those are counts with chance in them. A seed decides which shot,
if any, is weak and how: by its remainder by three, no shot (0), one that drags in its second half (1), or one that
misses from its first second (2). A weak shot that was shot again is good; one that is trimmed no longer drags.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from callsheet.domain.cut import Clip, Cut
from callsheet.domain.identity import ShotId, VariantId
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.telemetry import Reading

VIEWERS = 4000
_AGAIN = re.compile(r"\.r\d+$")
_SWIPE = (0.12, 0.18)
_USUAL = (0.014, 0.02)
_WEAK = (0.09, 0.12)
_CARD = 0.03
_CLICKS = (0.045, 0.008)
"""Clicks of the most liked variant, and how much less each next one gets."""


@dataclass(frozen=True)
class _Truth:
    """What only the simulator knows."""

    seed: int
    drags: frozenset[ShotId]
    misses: frozenset[ShotId]
    halfway: dict[ShotId, Fraction]
    liked: tuple[VariantId, ...]

    def loss(self, clip: Clip, into: Fraction) -> float:
        """The share of watchers that leaves in the second that begins `into` the shot."""
        shot = _first_name(clip.shot)
        is_again = clip.shot != shot
        dragging = shot in self.drags and into >= self.halfway[shot]
        weak = not is_again and (shot in self.misses or dragging)
        return _between(_WEAK if weak else _USUAL, self.seed, shot, "weak" if weak else "usual")


class SimulatedTelemetry:
    """An audience that is not there. `viewers` see each cut."""

    def __init__(self, seed: int, viewers: int = VIEWERS) -> None:
        self._seed = seed
        self._viewers = viewers

    async def read(self, storyboard: Storyboard, cuts: Sequence[Cut]) -> tuple[Reading, ...]:
        """What this audience does with these cuts."""
        return simulate(self._seed, storyboard, cuts, storyboard.round, self._viewers)


def simulate(
    seed: int, storyboard: Storyboard, cuts: Sequence[Cut], round_number: int, viewers: int = VIEWERS
) -> tuple[Reading, ...]:
    """One reading for each cut. The same seed, cuts and round always give the same counts."""
    truth = _hide(seed, storyboard)
    return tuple(_watch(truth, cut, round_number, viewers) for cut in cuts)


def _watch(truth: _Truth, cut: Cut, round_number: int, viewers: int) -> Reading:
    names = (str(truth.seed), cut.variant, cut.placement, str(round_number))
    curve = [viewers]
    for second in range(-(-cut.frames // cut.rate) - 1):
        share = _between(_SWIPE, truth.seed, cut.variant) if second == 0 else _loss_at(truth, cut, second)
        curve.append(curve[-1] - _count(curve[-1], share, *names, str(second)))
    clicking = _CLICKS[0] - _CLICKS[1] * truth.liked.index(cut.variant)
    return Reading(
        variant=cut.variant,
        placement=cut.placement,
        viewers=tuple(curve),
        clicks=_count(viewers, clicking, *names, "clicks"),
        simulated=True,
        source=f"simulated audience, seed {truth.seed}",
    )


def _loss_at(truth: _Truth, cut: Cut, second: int) -> float:
    middle = Fraction(2 * second + 1, 2)
    start = Fraction(0)
    for clip in cut.clips:
        length = Fraction(clip.frames, cut.rate)
        if start <= middle < start + length:
            return truth.loss(clip, middle - start)
        start += length
    return _CARD


def _hide(seed: int, storyboard: Storyboard) -> _Truth:
    """Decide the truth from the plan alone, so that it stays the same when shots are trimmed or shot again."""
    weak = _weak_shots(seed, storyboard) if seed % 3 else frozenset()
    return _Truth(
        seed=seed,
        drags=weak if seed % 3 == 1 else frozenset(),
        misses=weak if seed % 3 == 2 else frozenset(),
        halfway={_first_name(shot.id): shot.seconds / 2 for shot in storyboard.shots},
        liked=tuple(sorted((one.id for one in storyboard.variants), key=lambda name: _number(seed, "liked", name))),
    )


def _weak_shots(seed: int, storyboard: Storyboard) -> frozenset[ShotId]:
    """One shot all variants play and none opens with, where there is one; else one of each variant."""
    plays = [[_first_name(panel.shot) for panel in variant.panels] for variant in storyboard.variants]
    openers = {shots[0] for shots in plays}
    shared = [shot for shot in plays[0] if shot not in openers and all(shot in shots for shots in plays)]
    groups = [shared] if shared else [_candidates(shots, openers) for shots in plays]
    return frozenset(group[_number(seed, "weak", *group) % len(group)] for group in groups)


def _candidates(shots: Sequence[ShotId], openers: Iterable[ShotId]) -> list[ShotId]:
    return [shot for shot in shots if shot not in set(openers)] or list(shots[1:]) or list(shots)


def _first_name(shot: ShotId) -> ShotId:
    return ShotId(_AGAIN.sub("", shot))


def _count(trials: int, share: float, *names: str) -> int:
    """How many of so many do it: the expected number with binomial chance, decided by the names."""
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    bell = sum(int.from_bytes(digest[at : at + 2], "big") for at in range(0, 24, 2)) / 65536 - 6
    return max(0, min(trials, round(trials * share + bell * sqrt(trials * share * (1 - share)))))


def _between(bounds: tuple[float, float], seed: int, *names: str) -> float:
    low, high = bounds
    return low + (high - low) * (_number(seed, *names) % 1000) / 1000


def _number(seed: int, *names: str) -> int:
    return int.from_bytes(hashlib.sha256("\0".join((str(seed), *names)).encode()).digest()[:8], "big")
