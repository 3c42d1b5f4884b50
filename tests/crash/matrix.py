"""The crash matrix: every fault a provider can have, times every moment at which a process can die."""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from crash.world import NO_LIST, Ground, Lived, lay_ground, tell

from callsheet.tools.sandbox.fault import KINDS, Stage

NOT_BUYING = frozenset({Stage.RING})
"""Faults of webhooks make a client look later, never buy; they are tried where webhooks are."""
VARIANTS: dict[str, tuple[str, ...]] = {
    "gone": ("gone:404", "gone:410"),
    "idem": ("idem:honor", "idem:ignore"),
    "clamped": ("clamped:seconds", "clamped:size"),
    "done_no_video": ("done_no_video:404", "done_no_video:empty"),
    "unknown_status": ("unknown_status:processing", "unknown_status:cancelled", "unknown_status:expired"),
    "late_completion": ("late_completion:60", "late_completion:900"),
    "429": ("429:1", "429:90"),
    "poll_5xx": ("poll_5xx:1", "poll_5xx:5"),
    "content_504": ("content_504:1", "content_504:9"),
    "truncate": ("truncate:2",),
    "truncate_nolength": ("truncate_nolength:1",),
    "json_as_mp4": ("json_as_mp4:2", "json_as_mp4"),
}
NEVER_ENDS = frozenset({"stuck", "stuck_queued"})
"""The provider works on these renders for ever: the takes stay held, and nobody buys them again."""
_MOST_SENTENCES = 3


@dataclass
class Row:
    """What came of one fault: how many moments there are, how many were tried, and what went wrong in how many."""

    fault: str
    moments: int = 0
    tried: int = 0
    bought_twice: int = 0
    lost: int = 0
    open: int = 0
    other: int = 0
    repeats: int = 0
    waiting: int = 0
    sentences: list[str] = field(default_factory=list)

    def count(self, at: int | None, lived: Lived) -> None:
        """Add a story that has ended."""
        verdict = lived.verdict
        self.tried += 1
        self.bought_twice += bool(verdict.bought_twice)
        self.lost += bool(verdict.lost)
        self.open += bool(verdict.open)
        self.other += bool(verdict.other)
        self.repeats = max(self.repeats, verdict.repeats)
        self.waiting = max(self.waiting, verdict.waiting)
        if verdict.faults and len(self.sentences) < _MOST_SENTENCES:
            died = "nobody died" if at is None else f"died {lived.moments[at]} (moment {at})"
            self.sentences.append(f"{self.fault}, {died}: {'; '.join(verdict.faults)}")

    @property
    def is_clean(self) -> bool:
        return not (self.bought_twice or self.lost or self.open or self.other)


def faults() -> Iterator[str]:
    """Every fault that can strike a purchase, with the arguments worth trying."""
    for name, kind in KINDS.items():
        if kind.stage not in NOT_BUYING:
            yield from VARIANTS.get(name, (name,))
    yield from (f"{name}{NO_LIST}" for name in ("none", "drop_after"))


def try_fault(ground: Ground, fault: str, stride: int = 1, first: int = 0) -> Row:
    """Tell the story of one fault undisturbed, then once for every `stride`th moment at which a process can die."""
    is_complete = fault.partition(":")[0] not in NEVER_ENDS
    row = Row(fault)
    undisturbed = _undisturbed(ground, fault, is_complete)
    row.moments = len(undisturbed.moments)
    row.count(None, undisturbed)
    for at in range(first, row.moments, stride):
        lived = tell(ground, fault, at, is_complete)
        if lived.moments[at] != undisturbed.moments[at]:
            raise AssertionError(f"{fault}: moment {at} was {undisturbed.moments[at]}, and now {lived.moments[at]}")
        row.count(at, lived)
    return row


def try_beside_others(folder: Path, fault: str, stride: int = 1, first: int = 0) -> Row:
    """The same in one of several processes, each with a ground of its own; says on standard error what came of it."""
    began = time.monotonic()
    row = try_fault(_own_ground(folder), fault, stride, first)
    took = time.monotonic() - began
    print(f"{fault}: {row.tried} points in {took:.0f} s, {'clean' if row.is_clean else row}", file=sys.stderr)
    return row


@cache
def _own_ground(folder: Path) -> Ground:
    return lay_ground(folder / str(os.getpid()))


def _undisturbed(ground: Ground, fault: str, is_complete: bool) -> Lived:
    """Nobody dies. Told anew when clips had to be drawn and inspected: programs end when they like, not in turn."""
    while True:
        known = len(ground.seen)
        lived = tell(ground, fault, is_complete=is_complete)
        if len(ground.seen) == known:
            return lived
