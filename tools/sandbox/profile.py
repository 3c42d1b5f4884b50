"""How servers of the `/v1/videos` dialect differ, as data: one profile each, none of it in the handlers.

Sources: the reference API's own specification, Azure's documentation, the sources of vLLM-Omni 0.30 and SGLang 0.5.23,
and what hosted gateways were seen to answer in 2026.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

Status = Literal["queued", "in_progress", "completed", "failed", "cancelled"]
_DAY: Final = 86_400.0


class Cancel(StrEnum):
    """What DELETE does to a job that has not ended."""

    REFUSED = "refused"
    """400: only what has ended can be deleted."""
    STOPS = "stops"
    """The job ends at once, is forgotten and costs nothing."""
    DETACHES = "detaches"
    """The answer says `deleted` and the job is forgotten, but it runs on and is billed."""
    WHILE_QUEUED = "while_queued"
    """A queued job is cancelled; from its start on the answer is 400 `cancel_failed`."""


@dataclass(frozen=True)
class Profile:
    """One kind of server. Times are in seconds."""

    name: str
    job_id: str = "video_{digest}"
    """How a job is named: with `{digest}`, 48 hexadecimal digits; `{uuid}`; `{wrapped}`, a gateway's envelope."""
    takes_json: bool = True
    created: int = 200
    """The HTTP status of an accepted create."""
    sells_anything: bool = False
    """Any whole length and any size, and `seconds` may be asked for as a number."""
    seconds_are_numbers: bool = False
    error_codes_are_numbers: bool = False
    failure_has_code: bool = True
    """Whether the `error` of a failed job says more than a message."""
    failed_look: Mapping[str, int] = field(default_factory=dict)
    """HTTP status of GET on a failed job by the reason's code, 200 where none is named. The body is always the job."""
    failed_content: int = 404
    tells_progress: bool = True
    not_ready: str = "Video is not ready yet. Poll GET /v1/videos/{id} until its status is 'completed'."
    words: Mapping[Status, str] = field(default_factory=dict)
    """Its own word for a status, where it has one."""
    cancel: Cancel = Cancel.REFUSED
    retention: float = 3600.0
    """How long a finished clip can be downloaded."""
    retention_begins: Literal["created", "completed"] = "completed"
    tells_cost: bool = False
    has_variants: bool = True
    """Whether a thumbnail can be fetched as well."""


PROFILES: Final[Mapping[str, Profile]] = {
    profile.name: profile
    for profile in (
        Profile("openai"),
        Profile("azure", retention=_DAY, retention_begins="created"),
        Profile(
            "vllm-omni",
            job_id="video_gen_{digest}",
            takes_json=False,
            sells_anything=True,
            error_codes_are_numbers=True,
            failed_look={"moderation_blocked": 400, "render_failed": 500},
            failed_content=422,
            tells_progress=False,
            not_ready="Generation is still in-progress",
            cancel=Cancel.STOPS,
            retention=math.inf,
            has_variants=False,
        ),
        Profile(
            "sglang",
            job_id="{uuid}",
            sells_anything=True,
            seconds_are_numbers=True,
            failure_has_code=False,
            not_ready="Generation is still in-progress",
            cancel=Cancel.DETACHES,
            retention=math.inf,
            has_variants=False,
        ),
        Profile(
            "gateway",
            job_id="video_{wrapped}",
            created=202,
            words={"queued": "pending", "in_progress": "processing"},
            cancel=Cancel.WHILE_QUEUED,
            retention=_DAY,
            tells_cost=True,
        ),
    )
}
