"""Where a studio hears from outside: time to wait, signatures, scans. HTTP has its own way in, and the clock is given.

A studio works with the world itself. A recording listens in at these places, and a replay answers there instead.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from callsheet.jobs.order import Patience, Scan
from callsheet.jobs.port import JobFunction
from callsheet.tools.provenance.port import Signer


def _as_it_is(patience: Patience) -> Patience:
    return patience


def _bought(buy: JobFunction) -> JobFunction:
    return buy


def _made_signer(make: Callable[[], Signer]) -> Signer:
    return make()


def _made_scan(make: Callable[[], Scan]) -> Scan:
    return make()


@dataclass(frozen=True)
class Outside:
    """What stands between a studio and the world. `buys` is around each render job. Signer and scan are handed
    over unmade: a replay makes none.
    """

    patience: Callable[[Patience], Patience] = _as_it_is
    buys: Callable[[JobFunction], JobFunction] = _bought
    signer: Callable[[Callable[[], Signer]], Signer] = _made_signer
    scan: Callable[[Callable[[], Scan]], Scan] = _made_scan
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


WORLD = Outside()
