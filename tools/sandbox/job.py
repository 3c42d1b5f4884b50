"""One accepted job, as it was ordered and as it is written in the book."""

from dataclasses import dataclass
from decimal import Decimal

from callsheet.tools.sandbox.fault import Fault, parse_fault


@dataclass(frozen=True)
class Job:
    """A job as it was accepted, and what has become of it. Moments are seconds since 1970."""

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
    starts_at: float
    """Until when it waits in the queue. Settled when it is accepted, like `ends_at`: no poll changes it."""
    ends_at: float
    idempotency_key: str = ""
    request_digest: str = ""
    rendered_at: float | None = None
    render_error: str = ""
    billed_at: float | None = None
    cancelled_at: float | None = None
    is_deleted: bool = False

    @property
    def trouble(self) -> Fault:
        """The fault that stays with it."""
        return parse_fault(self.fault)

    @property
    def width(self) -> int:
        """Of the picture, in pixels."""
        return int(self.size.split("x")[0])

    @property
    def height(self) -> int:
        """Of the picture, in pixels."""
        return int(self.size.split("x")[1])
