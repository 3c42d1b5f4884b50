"""What kind of trouble a provider reports, and so who can do something about it. Only one kind repeats itself.

Providers agree on no list of codes, so the reading goes by the words that several of them were seen to use. It decides
who is asked next and never whether something was bought; what nobody knows is a passing trouble of a failed render.
"""

from enum import StrEnum


class Trouble(StrEnum):
    """Why a render was refused or failed, by what must happen next."""

    RETRYABLE = "retryable"
    """The provider's own fault or a passing one: the same request may succeed later."""
    FIX_REQUEST = "fix_request"
    """The request cannot be served as it is: a person changes the plan, the size or the model."""
    CONTENT_POLICY = "content_policy"
    """The provider does not want this picture: the Director words the shot anew, a bounded number of times."""
    QUOTA = "quota"
    """The account has no more to spend at the provider: a person tops it up or waits."""
    PROVIDER_GONE = "provider_gone"
    """The model or the service does not exist any more: the plan is quoted elsewhere."""

    @property
    def retries_itself(self) -> bool:
        """Whether the same request may be sent again without anybody being asked."""
        return self is Trouble.RETRYABLE


NEXT_STEP: dict[Trouble, str] = {
    Trouble.RETRYABLE: "resume the run to try again",
    Trouble.FIX_REQUEST: "correct what it names and resume; a changed campaign needs a new run",
    Trouble.CONTENT_POLICY: "change the brief so that the shot shows something else, then start a new run",
    Trouble.QUOTA: "top the account up at the provider or wait until its limit is renewed, then resume",
    Trouble.PROVIDER_GONE: "choose another provider in the campaign and ask for a new quote",
}
"""What a person does about each kind, as the end of a sentence."""


_NOT_THIS_PICTURE = (
    "sentinel_block",
    "something didn't look right with your request",
    "moderation",
    "content_policy",
    "content policy",
    "content_filter",
    "content filter",
    "content_violation",
    "safety",
    "responsible ai",
    "sensitive content",
    "prohibited content",
    "nsfw",
)
_NOTHING_LEFT = (
    "insufficient_quota",
    "billing_hard_limit",
    "billing_not_active",
    "quota_exceeded",
    "exceeded your current quota",
    "insufficient credit",
    "insufficient_credit",
    "insufficient balance",
    "insufficient_balance",
    "insufficient funds",
    "exhausted balance",
    "spending limit",
)
_NO_SUCH_MODEL = (
    "model_not_found",
    "model not found",
    "model_deprecated",
    "model_not_available",
    "has been deprecated",
)
_BY_STATUS = {402: Trouble.QUOTA, 404: Trouble.PROVIDER_GONE, 410: Trouble.PROVIDER_GONE}


def read_trouble(status: int | None, code: str, message: str) -> Trouble:
    """The kind of trouble behind a refusal or a failed render.

    `status` is the HTTP status of a refused request, None for a render that failed; `code` and `message` are the
    provider's own. Some servers put an HTTP status where the code should be.
    """
    said = f"{code} {message}".lower()
    for words, trouble in (
        (_NOTHING_LEFT, Trouble.QUOTA),
        (_NOT_THIS_PICTURE, Trouble.CONTENT_POLICY),
        (_NO_SUCH_MODEL, Trouble.PROVIDER_GONE),
    ):
        if any(word in said for word in words):
            return trouble
    number = status if status is not None else _number(code)
    if number is None or number == 408 or number == 429 or number >= 500:
        return Trouble.RETRYABLE
    if status is None:
        return Trouble.FIX_REQUEST if 400 <= number < 500 else Trouble.RETRYABLE
    return _BY_STATUS.get(number, Trouble.FIX_REQUEST)


def _number(code: str) -> int | None:
    return int(code) if len(code) == 3 and code.isascii() and code.isdigit() else None
