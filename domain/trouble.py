"""What kind of trouble a provider reports, and so who can do something about it. Only one kind repeats itself."""

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
    Trouble.FIX_REQUEST: "change the shot or the provider in the campaign, then start a new run",
    Trouble.CONTENT_POLICY: "change what the shot shows, then resume",
    Trouble.QUOTA: "top the account up at the provider or wait until its limit is renewed, then resume",
    Trouble.PROVIDER_GONE: "choose another provider in the campaign and ask for a new quote",
}
"""What a person does about each kind, as the end of a sentence."""
