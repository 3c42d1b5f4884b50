"""What state a job is in at a given time: a pure rule, the same on every look and whoever looks."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from callsheet.tools.sandbox.job import Job
from callsheet.tools.sandbox.profile import Profile, Status

_REASONS: Final = {
    "moderation_blocked": "Your request was blocked by our moderation system.",
    "server_error": "The server had an error while rendering your video.",
}
_ENDS_WITHOUT_CLIP: Final = ("cancelled", "canceled")


@dataclass(frozen=True)
class Standing:
    """Where a job stands at one moment. `word` is what it calls its status, where a fault puts it in odd words."""

    status: Status
    progress: int
    completed_at: int | None = None
    expires_at: int | None = None
    error: Mapping[str, str] | None = None
    word: str = ""
    ended_at: float | None = None
    """When it came to its end, whatever that was."""
    is_forgotten: bool = False
    """The server has lost it from memory."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.ended_at is not None


@dataclass(frozen=True)
class House:
    """What the standing of every job depends on besides the job: how long clips are kept, and since when."""

    manners: Profile
    retention: float
    is_exact: bool
    """A job completes at the moment it was due, however long the camera really took."""


def standing(job: Job, now: float, house: House, drawn: int) -> Standing:
    """The state of a job. `drawn` is how many percent of its clip the camera has drawn so far."""
    if job.cancelled_at is not None and now >= job.cancelled_at:
        before = _progress(job, job.cancelled_at, 0)
        return Standing("cancelled", before, ended_at=job.cancelled_at)
    rule = _TROUBLES.get(job.trouble.name)
    troubled = rule(job, now) if rule else None
    if troubled is not None:
        return troubled
    if job.render_error:
        return _failed("render_failed", job.render_error, 0, max(job.created_at, job.ends_at))
    if job.rendered_at is not None and now >= job.ends_at:
        return _completed(job, house)
    progress = _progress(job, now, drawn)
    waits = now < job.starts_at or (_took(job) <= 0 and not drawn)
    word = job.trouble.argument if job.trouble.name == "unknown_status" and not _ends_oddly(job) else ""
    return Standing("queued" if waits else "in_progress", progress, word="" if waits else word)


def _completed(job: Job, house: House) -> Standing:
    drawn_at = job.ends_at if house.is_exact else max(job.ends_at, job.rendered_at or 0)
    begins = job.created_at if house.manners.retention_begins == "created" else drawn_at
    kept = 0.0 if job.trouble.name == "expired" or _ends_oddly(job) else house.retention
    expires = int(drawn_at) if not kept else None if math.isinf(kept) else int(int(begins) + kept)
    word = job.trouble.argument if _ends_oddly(job) else ""
    return Standing("completed", 100, int(drawn_at), expires, word=word, ended_at=drawn_at)


def _took(job: Job) -> float:
    return job.ends_at - job.starts_at


def _progress(job: Job, now: float, drawn: int) -> int:
    done = 100 * (now - job.starts_at) / _took(job) if _took(job) > 0 else drawn
    return max(0, min(99, int(done)))


def _at(job: Job, percent: int) -> float:
    return job.starts_at + _took(job) * min(percent, 100) / 100


def _ends_oddly(job: Job) -> bool:
    return job.trouble.name == "unknown_status" and job.trouble.argument in (*_ENDS_WITHOUT_CLIP, "expired")


def _failed(code: str, message: str, progress: int, at: float) -> Standing:
    return Standing("failed", progress, error={"code": code, "message": message}, ended_at=at)


def _blocked(job: Job, now: float) -> Standing | None:
    percent = min(job.trouble.times, 100) if job.trouble.argument else 100
    at = _at(job, percent)
    return _failed("moderation_blocked", _REASONS["moderation_blocked"], min(percent, 99), at) if now >= at else None


def _broken(job: Job, now: float) -> Standing | None:
    return _failed("server_error", _REASONS["server_error"], 99, job.ends_at) if now >= job.ends_at else None


def _forgotten(job: Job, now: float) -> Standing | None:
    at = _at(job, job.trouble.times)
    return Standing("failed", 0, ended_at=at, is_forgotten=True) if now >= at else None


def _stuck(job: Job, now: float) -> Standing | None:
    limit = min(job.trouble.times, 99)
    if now < job.starts_at:
        return None
    return Standing("in_progress", min(limit, _progress(job, now, limit)))


def _odd(job: Job, now: float) -> Standing | None:
    if now < job.ends_at or job.trouble.argument not in _ENDS_WITHOUT_CLIP:
        return None
    return Standing("cancelled", 99, word=job.trouble.argument, ended_at=job.ends_at)


_TROUBLES: Final[Mapping[str, Callable[[Job, float], Standing | None]]] = {
    "moderation_blocked": _blocked,
    "moderation_flaky": _blocked,
    "failed_as_http": _broken,
    "restart": _forgotten,
    "stuck": _stuck,
    "stuck_queued": lambda _job, _now: Standing("queued", 0),
    "unknown_status": _odd,
}
