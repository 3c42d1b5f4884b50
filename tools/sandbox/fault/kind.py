"""The kinds of fault the sandbox can play, as data: when each strikes, what it does and what it should catch."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """When a fault strikes. Only the first two can strike a request that is no create."""

    BEFORE = "before"
    """The request is answered with an error and nothing happened."""
    AFTER = "after"
    """The request is carried out (a job is accepted and will be billed), but its answer is lost."""
    DESK = "desk"
    """How the create request is treated; nothing goes wrong by itself."""
    RUN = "run"
    """What becomes of the job."""
    LOOK = "look"
    """Looking at the job."""
    FETCH = "fetch"
    """Downloading the clip."""
    CLIP = "clip"
    """The clip itself: it plays and is wrong."""
    RING = "ring"
    """The webhook."""


class Argument(StrEnum):
    """What may stand after a fault's colon."""

    NONE = "nothing"
    NUMBER = "a whole number"
    WORD = "a word in small letters"


@dataclass(frozen=True)
class Kind:
    """One kind of fault. `default` stands in for an argument that is not given; empty where none is needed."""

    stage: Stage
    says: str
    """What it does, `N` being the argument."""
    catches: str
    """What a client must do right to live through it."""
    argument: Argument = Argument.NONE
    default: str = ""
    choices: tuple[str, ...] = ()


_N = Argument.NUMBER
_ALWAYS = "every time, or only the first N times"

KINDS: Final[Mapping[str, Kind]] = {
    "none": Kind(Stage.DESK, "nothing; it lets one request pass", "the faults behind it in the list"),
    "429": Kind(Stage.BEFORE, "429 `rate_limit_exceeded`, `retry-after: N`", "waits as long as told", _N, "1"),
    "429_quota": Kind(
        Stage.BEFORE, "429 `insufficient_quota`, `x-should-retry: false`", "does not try again; a person tops up"
    ),
    "500_before": Kind(Stage.BEFORE, "500, nothing accepted", "looks, finds nothing, asks again"),
    "503_before": Kind(Stage.BEFORE, "503, nothing accepted", "looks, finds nothing, asks again"),
    "sentinel_block": Kind(Stage.BEFORE, "400 `sentinel_block`, not billed", "words the shot anew, does not repeat it"),
    "gone": Kind(
        Stage.BEFORE,
        "404 `model_not_found`, or 410",
        "quotes the plan elsewhere",
        _N,
        "404",
        ("404", "410"),
    ),
    "500_after": Kind(Stage.AFTER, "accepted and billed, answered with 500", "adopts the job, buys nothing twice"),
    "hang_after": Kind(Stage.AFTER, "accepted and billed, no answer ever", "has a deadline, adopts the job"),
    "drop_after": Kind(Stage.AFTER, "accepted and billed, the connection drops", "adopts the job, buys nothing twice"),
    "idem": Kind(
        Stage.DESK,
        "idempotency keys are honoured from here on: same key and order, same job, for 24 h; "
        "another order 422; while the first is being taken 409 `request_in_progress`",
        "is right with and without",
        Argument.WORD,
        "honor",
        ("honor", "ignore"),
    ),
    "clamped": Kind(
        Stage.DESK,
        "the job is shorter (or smaller) than asked, and says so",
        "compares before it cuts",
        Argument.WORD,
        "seconds",
        ("seconds", "size"),
    ),
    "moderation_blocked": Kind(
        Stage.RUN, "fails with `moderation_blocked` at N %", "words the shot anew; counts what it cost", _N, "100"
    ),
    "moderation_flaky": Kind(
        Stage.RUN, "a prompt is blocked once and passes the next time", "tries a bounded number of times"
    ),
    "stuck_queued": Kind(Stage.RUN, "stays queued for ever", "has a deadline, does not buy again blindly"),
    "stuck": Kind(Stage.RUN, "stays at N % for ever", "has a deadline, does not buy again blindly", _N, "99"),
    "late_completion": Kind(Stage.RUN, "completes N seconds late", "adopts the paid render later", _N, "60"),
    "unknown_status": Kind(
        Stage.RUN,
        "says N: instead of `in_progress`, or at its end where N is `cancelled`, `canceled` or `expired`",
        "knows what to do with any word",
        Argument.WORD,
        "processing",
    ),
    "failed_as_http": Kind(
        Stage.RUN,
        "fails; GET answers with that HTTP status and the job as body",
        "reads the body",
        _N,
        "500",
        ("400", "422", "500", "502"),
    ),
    "restart": Kind(
        Stage.RUN,
        "the server forgets the job at N % and answers 404; the bill does not",
        "does not buy blindly",
        _N,
        "50",
    ),
    "poll_5xx": Kind(Stage.LOOK, "the first N looks are answered with 500", "a blip is no failed render", _N, "1"),
    "poll_hang": Kind(Stage.LOOK, "the first N looks are never answered", "its deadline bounds a look too", _N, "1"),
    "poll_404_once": Kind(Stage.LOOK, "the first look is answered with 404", "a blip is no lost render"),
    "done_no_video": Kind(
        Stage.FETCH,
        "completed, but the content is 404, or empty",
        "does not call it a success",
        Argument.WORD,
        "404",
        ("404", "empty"),
    ),
    "content_504": Kind(Stage.FETCH, "the first N downloads are answered with 504", "fetches again", _N, "1"),
    "truncate": Kind(Stage.FETCH, f"half the clip under the whole `content-length`; {_ALWAYS}", "counts bytes", _N),
    "truncate_nolength": Kind(
        Stage.FETCH, f"half the clip without a `content-length`; {_ALWAYS}", "reads the file to its end", _N
    ),
    "json_as_mp4": Kind(Stage.FETCH, f"200 `video/mp4` with an error in JSON; {_ALWAYS}", "looks for `ftyp`", _N),
    "expired": Kind(Stage.FETCH, "the clip has expired when the job completes", "fetches at once; says what is lost"),
    "no_audio": Kind(Stage.CLIP, "the clip has no sound", "checks for sound"),
    "black": Kind(Stage.CLIP, "the clip is black", "looks at the picture"),
    "wrong_aspect": Kind(Stage.CLIP, "the clip lies on its side", "measures the picture"),
    "frozen": Kind(Stage.CLIP, "the clip shows one picture all along", "looks for movement"),
    "webhook_dup": Kind(Stage.RING, "the webhook comes twice with one `webhook-id`", "counts it once"),
    "webhook_drop": Kind(Stage.RING, "the webhook never comes", "keeps looking"),
    "webhook_bad_sig": Kind(Stage.RING, "the webhook's signature is wrong", "refuses it and keeps looking"),
    "webhook_old": Kind(Stage.RING, "the webhook is signed ten minutes ago", "refuses it and keeps looking"),
}
