"""The fake of the video port: a provider in memory that goes wrong as it is told, and keeps the bill. For tests.

It stands for what outlives a killed client: hand the same fake to the next one, and the bill says what was bought.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from callsheet.domain.purchase import JobStatus
from callsheet.domain.trouble import Trouble
from callsheet.tools.video.port import AnswerLost, FetchFailed, ProviderBusy, RenderJob, RenderRefused, RenderRequest

UNSOUND = b"unsound"
"""What the bytes of a render hold that no check should let pass."""


@dataclass
class Faults:
    """How often each thing still goes wrong. Each count is used up as it happens; all at zero is a good day."""

    busy: int = 0
    refused: int = 0
    lost_before_accept: int = 0
    lost_after_accept: int = 0
    vanished: int = 0
    failed: int = 0
    unsound: int = 0
    looks_fail: int = 0
    unseen_at_first: int = 0
    list_lags: int = 0
    fetch_fails: int = 0

    def strikes(self, name: str) -> bool:
        """Whether this goes wrong now; if so, it is used up."""
        left: int = getattr(self, name)
        setattr(self, name, max(0, left - 1))
        return left > 0


@dataclass(frozen=True)
class Sold:
    """One render the provider took on."""

    job: RenderJob
    key: str
    ends: JobStatus
    looks_left: int
    data: bytes

    @property
    def is_billed(self) -> bool:
        """A render that failed or was cancelled costs nothing; one that expired was made first."""
        return self.ends in ("succeeded", "expired")


@dataclass
class FakeVideo:
    """A provider. `looks` is how often a render is seen running before it ends; `clock` gives Unix seconds.

    `refusal` and `failure` are the kinds of trouble it reports; `cost` is what it says each render was billed, and
    `makes` how many seconds it makes whatever is asked; `answers` is what a look waits for.
    """

    clock: Callable[[], float]
    faults: Faults = field(default_factory=Faults)
    looks: int = 1
    refusal: Trouble = Trouble.FIX_REQUEST
    failure: Trouble | None = None
    cost: Decimal | None = None
    makes: int | None = None
    answers: Callable[[], Awaitable[None]] | None = None
    asked: list[str] = field(default_factory=list)
    characters: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    _sold: dict[str, Sold] = field(default_factory=dict)

    @property
    def bill(self) -> tuple[Sold, ...]:
        """Everything that must be paid for, in order of sale."""
        return tuple(sold for sold in self._sold.values() if sold.is_billed)

    def hurry(self, job: str) -> None:
        """Let a render end at the next look."""
        self._sold[job] = replace(self._sold[job], looks_left=0)

    async def turn(self) -> None:
        """The fake sets no rate."""

    async def create(self, request: RenderRequest, idempotency_key: str) -> RenderJob:
        """Sell a render, unless a fault strikes."""
        self.asked.append(idempotency_key)
        if self.faults.strikes("busy"):
            raise ProviderBusy("the provider is busy", retry_after=1.0)
        if self.faults.strikes("refused"):
            raise RenderRefused("the provider does not like the prompt", self.refusal)
        if self.faults.strikes("lost_before_accept"):
            raise AnswerLost("the connection broke before the provider read the request")
        job = self._sell(request, idempotency_key)
        if self.faults.strikes("lost_after_accept"):
            raise AnswerLost("the connection broke after the provider took the request")
        return job

    async def retrieve(self, job: str) -> RenderJob | None:
        """Look at a render; each look brings it nearer to its end."""
        if self.answers is not None:
            await self.answers()
        if self.faults.strikes("looks_fail"):
            raise ProviderBusy("the look failed")
        sold = self._sold.get(job)
        if sold is None or self.faults.strikes("unseen_at_first"):
            return None
        if sold.looks_left > 0:
            self._sold[job] = replace(sold, looks_left=sold.looks_left - 1)
            return replace(sold.job, status="running")
        return self._ended(sold)

    async def find(self, request: RenderRequest, since: int) -> tuple[RenderJob, ...]:
        """Renders of the same request, newest first."""
        if self.faults.strikes("looks_fail"):
            raise ProviderBusy("the list could not be read")
        if self.faults.strikes("list_lags"):
            return ()
        same = (request.prompt, str(request.seconds), request.size)
        return tuple(
            self._ended(sold) if sold.looks_left == 0 else sold.job
            for sold in reversed(self._sold.values())
            if (sold.job.prompt, sold.job.seconds, sold.job.size) == same and sold.job.created_at >= since
        )

    async def download(self, job: str, to: Path) -> None:
        """Write the render's bytes."""
        if self.faults.strikes("fetch_fails"):
            to.write_bytes(b"half a")  # noqa: ASYNC240 - a fake's few bytes
            raise FetchFailed(f"fetching {job} broke off")
        to.write_bytes(self._sold[job].data)  # noqa: ASYNC240 - a fake's few bytes

    async def cancel(self, job: str) -> bool:
        """Stop a render that has not ended."""
        sold = self._sold.get(job)
        if sold is None or sold.looks_left == 0:
            return False
        self._sold[job] = replace(sold, ends="cancelled", looks_left=0)
        return True

    async def forget_render(self, job: str) -> bool:
        """Delete a render that has ended; the bill stays."""
        sold = self._sold.get(job)
        if sold is None:
            return True
        if sold.looks_left > 0:
            return False
        self.forgotten.add(job)
        return True

    async def forget_character(self, character: str) -> bool:
        """Delete an id of a person that was given."""
        is_known = character in self.characters
        self.characters.discard(character)
        return is_known

    async def models(self) -> tuple[str, ...]:
        """The one model there is."""
        return ("fake-1",)

    def _sell(self, request: RenderRequest, key: str) -> RenderJob:
        name = f"video_{len(self._sold) + 1}"
        ends: JobStatus = "succeeded"
        if self.faults.strikes("failed"):
            ends = "failed"
        elif self.faults.strikes("vanished"):
            ends = "expired"
        mark = UNSOUND if ends == "succeeded" and self.faults.strikes("unsound") else b"sound"
        job = RenderJob(
            id=name,
            status="queued",
            prompt=request.prompt,
            seconds=str(request.seconds),
            size=request.size,
            created_at=int(self.clock()),
        )
        data = b"\x00\x00\x00\x18ftypisom" + mark + f" {name} {request.prompt}".encode()
        self._sold[name] = Sold(job=job, key=key, ends=ends, looks_left=self.looks, data=data)
        return job

    def _ended(self, sold: Sold) -> RenderJob:
        made = str(self.makes) if self.makes else sold.job.seconds
        if sold.ends != "failed":
            return replace(sold.job, status=sold.ends, seconds=made, cost=self.cost)
        return replace(sold.job, status="failed", reason="the picture was not allowed", trouble=self.failure)
