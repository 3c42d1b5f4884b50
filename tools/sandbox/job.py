"""One accepted job, and what state it is in at a given time: a pure rule, the same on every read."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from callsheet.tools.sandbox.fault import Fault, parse_fault

Status = Literal["queued", "in_progress", "completed", "failed"]

BLOCKED = {"code": "moderation_blocked", "message": "Your request was blocked by our moderation system."}


@dataclass(frozen=True)
class Job:
    """A job as it was accepted, and what has become of it."""

    number: int
    id: str
    model: str
    prompt: str
    prompt_digest: str
    seconds: int
    size: str
    reference: str
    """The SHA-256 of the reference picture, or empty."""
    usd: Decimal
    fault: str
    created_at: float
    idempotency_key: str = ""
    request_digest: str = ""
    rendered_at: float | None = None
    render_error: str = ""
    billed_at: float | None = None
    is_deleted: bool = False

    @property
    def trouble(self) -> Fault:
        return parse_fault(self.fault)

    @property
    def width(self) -> int:
        return int(self.size.split("x")[0])

    @property
    def height(self) -> int:
        return int(self.size.split("x")[1])


@dataclass(frozen=True)
class Standing:
    """Where a job stands at one moment."""

    status: Status
    progress: int
    completed_at: int | None = None
    expires_at: int | None = None
    error: dict[str, str] | None = None


def standing(job: Job, now: float, latency: float, retention: float, drawn: int) -> Standing:
    """The state of a job. `drawn` is how many percent of its clip the camera has drawn so far."""
    due = job.created_at + latency
    waited = drawn if latency <= 0 else int(100 * (now - job.created_at) / latency)
    trouble = job.trouble
    if trouble.name == "stuck":
        return Standing("in_progress", min(trouble.times, 99))
    if trouble.name == "moderation_blocked" and now >= due:
        return Standing("failed", 0, error=BLOCKED)
    if job.render_error:
        return Standing("failed", 0, error={"code": "render_failed", "message": job.render_error})
    if job.rendered_at is not None and now >= due:
        completed = int(max(due, job.rendered_at))
        return Standing("completed", 100, completed, int(completed + retention))
    progress = max(0, min(99, waited))
    return Standing("in_progress" if progress else "queued", progress)


def as_video(job: Job, now: Standing) -> dict[str, Any]:
    """The job as the dialect's Video object."""
    return {
        "id": job.id,
        "object": "video",
        "model": job.model,
        "status": now.status,
        "progress": now.progress,
        "created_at": int(job.created_at),
        "completed_at": now.completed_at,
        "expires_at": now.expires_at,
        "prompt": job.prompt,
        "size": job.size,
        "seconds": str(job.seconds),
        "remixed_from_video_id": None,
        "error": now.error,
    }


def as_ledger_row(job: Job, now: Standing) -> dict[str, Any]:
    """The job as one line of the bill."""
    return {
        "id": job.id,
        "prompt_digest": job.prompt_digest,
        "seconds": job.seconds,
        "size": job.size,
        "usd": str(job.usd),
        "status": now.status,
        "billed": job.billed_at is not None,
        "created_at": job.created_at,
        "idempotency_key": job.idempotency_key or None,
    }
