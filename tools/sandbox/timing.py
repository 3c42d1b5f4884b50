"""How long a job waits and takes: drawn from its number, so that the same sandbox gives the same times for ever."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from callsheet.tools.sandbox.fault import Fault
from callsheet.tools.sandbox.order import Order
from callsheet.tools.sandbox.settings import SandboxSettings

_PER_SECOND = 12.0
"""Median render time of one second of clip; five seconds were measured at 83 to 253 s with a median of 105."""
_SPREAD = 0.35
_SHORTEST, _LONGEST = 30.0, 900.0
_FULL_HD = 1920 * 1080
_JUST_BEGUN = 0.01


@dataclass(frozen=True)
class Timing:
    """When a job leaves the queue and when it ends, in seconds since 1970."""

    starts_at: float
    ends_at: float


def timing(
    settings: SandboxSettings, order: Order, fault: Fault, number: int, now: float, busy: Sequence[float]
) -> Timing:
    """The times of a new job. `busy` holds when earlier jobs end; the latest of them hold the places in flight."""
    late = fault.times if fault.name == "late_completion" else 0
    if settings.pace == "latency":
        return Timing(now + settings.latency * _JUST_BEGUN, now + settings.latency + late)
    chance = random.Random(f"{settings.seed}:{number}:times")  # noqa: S311 - a simulation, not a secret
    ready = now + chance.uniform(1, 10)
    if settings.max_in_flight is not None:
        holding = sorted(busy, reverse=True)[: settings.max_in_flight]
        if len(holding) == settings.max_in_flight:
            ready = max(ready, holding[-1])
    median = _PER_SECOND * order.seconds * _effort(order)
    took = min(_LONGEST, max(_SHORTEST, chance.lognormvariate(math.log(median), _SPREAD)))
    return Timing(ready, ready + took + late)


def _effort(order: Order) -> float:
    width, height = (int(side) for side in order.size.split("x"))
    finer = 1.6 if width * height >= _FULL_HD else 1.0
    return finer * (2.5 if order.model.endswith("-pro") else 1.0)
