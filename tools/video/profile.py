"""How servers of the `/v1/videos` dialect depart from the reference, as data: one profile each.

Sources: the specification and guide of the reference API, the source code of vLLM-Omni 0.30 and SGLang 0.5.23, and
what gateways (LiteLLM 1.106 and hosted ones) were seen to answer in 2026.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from callsheet.domain.provider import Profile as ProfileName
from callsheet.domain.purchase import JobStatus, read_status
from callsheet.tools.video.wire import GONE, NOT_READY


@dataclass(frozen=True)
class Profile:
    """One kind of server."""

    encoding: Literal["multipart", "json"] = "multipart"
    """How a create without a picture is sent. One with a picture is a form with a file part everywhere: all take it."""
    seconds: Literal["text", "number"] = "text"
    """The type of `seconds` in JSON. A form has no types."""
    cancel: Literal["none", "delete_stops", "delete_detaches"] = "none"
    """What DELETE does to a render under way. `delete_detaches`: it says `deleted`, runs on, is billed and cannot be
    found any more. Only where it stops a render is it ever sent, and never for one that has ended: it would delete it.
    """
    deletes_ended: bool = True
    """Whether DELETE removes a render that has ended. Gateways pass no such call on."""
    words: Mapping[str, JobStatus] = field(default_factory=dict)
    """Status words beyond the common ones, in lower case."""
    not_ready: tuple[str, ...] = NOT_READY
    """What the refusal of a download says of a render that only needs more time."""
    gone: frozenset[int] = GONE
    """Answers to a download that mean the render will never be there, unless they say that it is not ready."""

    def status(self, word: str) -> JobStatus:
        """Map the server's word to ours. A word nobody knows counts as running, so the deadline decides."""
        return self.words.get(word.strip().lower()) or read_status(word)


PROFILES: Mapping[ProfileName, Profile] = {
    "openai": Profile(),
    "vllm-omni": Profile(cancel="delete_stops", gone=GONE | {422}),
    # `deleted` is said of a render that somebody took off the list: it runs on, and nobody will ever see it.
    "sglang": Profile(encoding="json", seconds="number", cancel="delete_detaches", words={"deleted": "expired"}),
    # Gateways pass on the words of whoever renders behind them.
    "gateway": Profile(
        encoding="json",
        cancel="delete_stops",
        deletes_ended=False,
        words={
            "submitted": "queued",
            "preparing": "queued",
            "queueing": "queued",
            "in_queue": "queued",
            "throttled": "queued",
            "dreaming": "running",
            "success": "succeeded",
            "succeed": "succeeded",
            "complete": "succeeded",
            "done": "succeeded",
            "fail": "failed",
            "failure": "failed",
        },
    ),
}
