"""Reads a render as `/v1/videos` servers write it: whatever they leave out, add or get wrong, nothing here raises."""

from decimal import Decimal
from typing import Any

from callsheet.domain.trouble import Trouble, read_trouble
from callsheet.tools.video.answer import Answer, read_cost, read_error, read_moment, read_whole, without_secrets
from callsheet.tools.video.port import RenderJob
from callsheet.tools.video.profile import Profile

_LONGEST_NAME = 1000


def read_job(body: Any, answer: Answer, profile: Profile, now: float, secret: str) -> RenderJob | None:
    """The render that a body describes, wherever in the answer it stands; None when it describes none."""
    if not isinstance(body, dict):
        return None
    name, word = body.get("id"), body.get("status")
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME or not isinstance(word, str):
        return None
    status = profile.status(word)
    reason, trouble = _failure(body, secret) if status == "failed" else ("", None)
    return RenderJob(
        id=name,
        status=status,
        prompt=_text(body.get("prompt")),
        seconds=_seconds(body.get("seconds")),
        size=_text(body.get("size")),
        created_at=read_moment(body.get("created_at")),
        progress=min(max(read_whole(body.get("progress")) or 0, 0), 100),
        reason=reason,
        retry_after=answer.poll_after(now),
        trouble=trouble,
        cost=read_cost(body),
    )


def _failure(body: dict[str, Any], secret: str) -> tuple[str, Trouble]:
    code, said = read_error(body)
    return without_secrets(said or code, secret), read_trouble(None, code, said)


def _seconds(value: Any) -> str | None:
    """Whole seconds are written as such, whether the server writes 4, "4" or 4.0."""
    whole = read_whole(value)
    if whole is not None and Decimal(str(value).strip()) == whole:
        return str(whole)
    return None if value is None else str(value)[:40]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
