"""Jobs as answers: the Video object in the words of the profile, and the line of the bill."""

from typing import Any

from callsheet.tools.sandbox.job import Job
from callsheet.tools.sandbox.profile import Profile
from callsheet.tools.sandbox.standing import Standing

ACCEPTED = Standing("queued", 0)
"""What the answer to a create says, whatever happens next."""


def as_video(job: Job, now: Standing, manners: Profile) -> dict[str, Any]:
    """The job as the dialect's Video object."""
    tells = manners.tells_progress or now.status == "completed"
    video = {
        "id": job.id,
        "object": "video",
        "model": job.model,
        "status": now.word or manners.words.get(now.status, now.status),
        "progress": now.progress if tells else 0,
        "created_at": int(job.created_at),
        "completed_at": now.completed_at,
        "expires_at": now.expires_at,
        "prompt": job.prompt,
        "size": job.size,
        "seconds": job.seconds if manners.seconds_are_numbers else str(job.seconds),
        "remixed_from_video_id": None,
        "error": _error(now, manners),
    }
    if manners.tells_cost and now.status == "completed":
        video["usage"] = {"cost": float(job.usd)}
    return video


def look_status(job: Job, now: Standing, manners: Profile) -> int:
    """The HTTP status under which a job is shown."""
    if now.status != "failed" or now.error is None:
        return 200
    if job.trouble.name == "failed_as_http":
        return job.trouble.times
    return manners.failed_look.get(now.error["code"], 200)


def as_ledger_row(job: Job, now: Standing) -> dict[str, Any]:
    """The job as one line of the bill: what it would cost, whether it is billed by now, and when it was."""
    billed = job.billed_at is not None
    return {
        "id": job.id,
        "number": job.number,
        "model": job.model,
        "prompt_digest": job.prompt_digest,
        "seconds": job.seconds,
        "size": job.size,
        "usd": str(job.usd),
        "status": now.word or now.status,
        "billed": billed,
        "billed_usd": str(job.usd) if billed else "0",
        "billed_at": job.billed_at,
        "created_at": job.created_at,
        "ended_at": now.ended_at,
        "deleted": job.is_deleted,
        "fault": job.fault,
        "idempotency_key": job.idempotency_key or None,
    }


def _error(now: Standing, manners: Profile) -> dict[str, object] | None:
    if now.error is None:
        return None
    if not manners.failure_has_code:
        return {"message": now.error["message"]}
    if manners.error_codes_are_numbers:
        return {"code": manners.failed_look.get(now.error["code"], 500), "message": now.error["message"]}
    return dict(now.error)
