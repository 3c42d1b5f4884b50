"""How far the work is, and how long it will still take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from callsheet.jobs.port import Progress

_NAMES = {"render": "shots", "segment": "encode", "conform": "files", "sign": "sign"}
_ABOUT_TO_END = 2
_ROUND_TO_FIVE = 10
_MINUTES_FROM = 90


@dataclass(frozen=True)
class Bar:
    """One batch of work: how much of it is done, and the seconds left if that can be said yet."""

    batch: str
    name: str
    done: int
    total: int
    left: float | None

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.done >= self.total

    def __str__(self) -> str:
        words = "" if self.is_done or self.left is None else f", about {left_text(self.left)} left"
        return f"{self.name} {self.done}/{self.total}{words}"


class Stopwatch:
    """Turns counts into bars. Batches that were over when it first looked are history and stay out."""

    def __init__(self) -> None:
        self._began: dict[str, tuple[float, int]] = {}
        self._over: set[str] = set()

    def bars(self, counts: "Sequence[Progress]", now: float) -> tuple[Bar, ...]:
        """The batches under way and those that ended since the first look. `now` is in seconds of any clock."""
        found = []
        for one in counts:
            if one.batch not in self._began and one.done >= one.total:
                self._over.add(one.batch)
            if one.batch in self._over:
                continue
            since, done_before = self._began.setdefault(one.batch, (now, one.done))
            done = one.done - done_before
            left = (now - since) / done * (one.total - one.done) if done else None
            name = _NAMES.get(one.kind, one.kind)
            found.append(Bar(batch=one.batch, name=name, done=one.done, total=one.total, left=left))
        return tuple(found)


def left_text(seconds: float) -> str:
    """A remaining time as people say it: `3 s`, `25 s`, `4 min`."""
    if seconds < _ABOUT_TO_END:
        return "1 s"
    if seconds < _ROUND_TO_FIVE:
        return f"{round(seconds)} s"
    if seconds < _MINUTES_FROM:
        return f"{5 * round(seconds / 5)} s"
    return f"{max(2, round(seconds / 60))} min"
