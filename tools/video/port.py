"""The video port: ask a provider for a render, watch it, fetch it.

What can go wrong is typed by one question: may something have been bought? `RenderRefused` and `ProviderBusy` say
surely not. `AnswerLost` says perhaps, and the caller must look before it asks again.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from callsheet.domain.error import ProviderTrouble
from callsheet.domain.purchase import JobStatus
from callsheet.domain.trouble import Trouble


@dataclass(frozen=True)
class RenderRequest:
    """One render as it is asked for. `seconds` whole; `size` as `WIDTHxHEIGHT`; `reference` a PNG of that size.

    An adapter refuses what its wire cannot say; it never clamps.
    """

    prompt: str
    seconds: int
    size: str
    model: str
    reference: bytes | None = None
    negative_prompt: str = ""


@dataclass(frozen=True)
class RenderJob:
    """A render as the provider sees it. `created_at` in Unix seconds; `retry_after` is its hint, in seconds.

    `trouble` says why a render failed, in our words; `cost` is what the provider says it billed, in its currency.
    """

    id: str
    status: JobStatus
    prompt: str | None = None
    seconds: str | None = None
    size: str | None = None
    created_at: int = 0
    progress: int = 0
    reason: str = ""
    retry_after: float | None = None
    trouble: Trouble | None = None
    cost: Decimal | None = None

    def may_be(self, request: RenderRequest) -> bool:
        """Whether it can be the answer to this request: it has the same words, or does not say which.

        Length and size prove nothing: a provider may have made it shorter or smaller than it was asked for.
        """
        return self.prompt in (None, request.prompt)

    def is_surely(self, request: RenderRequest) -> bool:
        """Whether it says of itself everything that the request asked for."""
        asked = (request.prompt, str(request.seconds), request.size)
        return (self.prompt, self.seconds, self.size) == asked


class RenderRefused(ProviderTrouble):
    """The provider refused the request; nothing was bought. `trouble` says what kind of refusal it is."""

    def __init__(self, message: str, trouble: Trouble = Trouble.FIX_REQUEST) -> None:
        super().__init__(message)
        self.trouble = trouble


class ProviderBusy(ProviderTrouble):
    """The provider is too busy or was not reached; nothing was bought. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class AnswerLost(ProviderTrouble):
    """The answer to a purchase was lost; it may or may not have been bought. Look before asking again."""


class FetchFailed(ProviderTrouble):
    """A finished render could not be downloaded yet. The render is not lost: fetch it again."""


class NotAVideo(FetchFailed):
    """What the provider sends as the render, whole, is no video. Sent again and again, it is all there will be."""


class RenderGone(FetchFailed):
    """A finished render is no longer there to be downloaded. It may have been billed."""


class CannotTell(ProviderTrouble):
    """The provider's list does not say enough to know whether a render of ours is in it. Look at its own page."""


class VideoApi(Protocol):
    """A provider of renders. Every call has its own deadline and is made once: repeats are the caller's decision."""

    async def turn(self) -> None:
        """Wait until the account may send one more request, and take that turn for the `create` that follows at once.

        Waiting may take minutes. So it comes before the intent is written: nothing a person says in the meantime is
        overtaken by a request that had only been queueing.
        """
        ...

    async def create(self, request: RenderRequest, idempotency_key: str) -> RenderJob:
        """Ask for a render, now: it waits for no turn. Raises RenderRefused, ProviderBusy or AnswerLost."""
        ...

    async def retrieve(self, job: str) -> RenderJob | None:
        """Look at a render; None when the provider does not know it. Raises ProviderBusy when the look failed."""
        ...

    async def find(self, request: RenderRequest, since: int) -> tuple[RenderJob, ...]:
        """Renders that may be of this request, created at or after `since` (Unix seconds), newest first.

        Raises CannotTell when the list was not read to its end, and ProviderBusy when it could not be read.
        """
        ...

    async def download(self, job: str, to: Path) -> None:
        """Write the finished render's bytes to a file. Raises FetchFailed; RenderGone when it never will be there."""
        ...

    async def cancel(self, job: str) -> bool:
        """Ask the provider to stop a render. Whether it says that it did; one that runs on is paid for when it ends.

        Never raises: what could not be stopped is locked away when it arrives.
        """
        ...

    async def forget_render(self, job: str) -> bool:
        """Delete a render that has ended; whether it is gone here, by this call or before it.

        False where the provider has no such call or did not do it. Never raises, and never touches a render under way.
        """
        ...

    async def forget_character(self, character: str) -> bool:
        """Delete the id under which the provider knows a person. False where it has no such call or did not do it.

        Never raises.
        """
        ...

    async def models(self) -> tuple[str, ...]:
        """The models the provider offers: one free call."""
        ...
