"""How one take is bought: the key that names the purchase, and the states it may pass through.

    reserved ──intend──> intended ──accept──> submitted ──complete──> rendered ──store──> settled
        │                 │   │                   │                      │
        │                 │   └──lose──> ambiguous┤                      └──reject──> rejected   (paid, unusable)
        │                 │        find ──────────┘
        │                 │        absent ──> reserved   (surely not bought: may be tried again)
        │                 │     write_off ──> rejected   (nobody can say: counted as paid, done without)
        │                 ├──busy──> reserved                (surely not bought: may be tried again)
        └──cancel         └──refuse                ├──vanish──> rejected  (taken, then gone)
                │               │                  └──fail / cancel
                └───────────────┴──────────────────────────┴───────> failed | cancelled

A purchase found `intended` when work starts again is ambiguous: the answer was lost, so it is looked for at the
provider before anything is sent again. Unknown words from a provider map to `running`: they neither crash nor buy.
"""

from enum import StrEnum
from fractions import Fraction
from typing import Literal

from pydantic import Field

from callsheet.domain.identity import PurchaseKey
from callsheet.domain.money import Money
from callsheet.domain.record import Record, digest_of


class PurchaseState(StrEnum):
    """Where the purchase of one take stands."""

    RESERVED = "reserved"
    INTENDED = "intended"
    AMBIGUOUS = "ambiguous"
    SUBMITTED = "submitted"
    RENDERED = "rendered"
    SETTLED = "settled"
    REJECTED = "rejected"
    FAILED = "failed"
    CANCELLED = "cancelled"


Step = Literal[
    "intend",
    "accept",
    "busy",
    "lose",
    "find",
    "absent",
    "refuse",
    "complete",
    "store",
    "reject",
    "fail",
    "vanish",
    "write_off",
    "cancel",
]

_S = PurchaseState
_GRAPH: dict[tuple[PurchaseState, Step], PurchaseState] = {
    (_S.RESERVED, "intend"): _S.INTENDED,
    (_S.RESERVED, "cancel"): _S.CANCELLED,
    (_S.INTENDED, "accept"): _S.SUBMITTED,
    (_S.INTENDED, "busy"): _S.RESERVED,
    (_S.INTENDED, "lose"): _S.AMBIGUOUS,
    (_S.INTENDED, "refuse"): _S.FAILED,
    (_S.AMBIGUOUS, "find"): _S.SUBMITTED,
    (_S.AMBIGUOUS, "absent"): _S.RESERVED,
    (_S.AMBIGUOUS, "write_off"): _S.REJECTED,
    (_S.SUBMITTED, "complete"): _S.RENDERED,
    (_S.SUBMITTED, "fail"): _S.FAILED,
    (_S.SUBMITTED, "vanish"): _S.REJECTED,
    (_S.SUBMITTED, "cancel"): _S.CANCELLED,
    (_S.RENDERED, "store"): _S.SETTLED,
    (_S.RENDERED, "reject"): _S.REJECTED,
}

OPEN = frozenset({_S.RESERVED, _S.INTENDED, _S.AMBIGUOUS, _S.SUBMITTED, _S.RENDERED})
UNDER_WAY = OPEN - {_S.RESERVED}
"""Perhaps paid for: whatever happens, these are seen to their end."""
ENDED_UNBOUGHT = frozenset({_S.FAILED, _S.CANCELLED})
PAID = frozenset({_S.SETTLED, _S.REJECTED})


class NoSuchStep(ValueError):
    """The purchase cannot take this step from where it stands. Nothing was changed."""


def advance(state: PurchaseState, step: Step) -> PurchaseState:
    """The state after a step. A step that the drawing does not show is an error."""
    try:
        return _GRAPH[state, step]
    except KeyError:
        raise NoSuchStep(f"a purchase that is {state} cannot {step}") from None


class Order(Record):
    """Everything that decides what is bought. Two equal orders are one purchase."""

    workspace: str
    provider: str
    account: str
    model: str
    prompt: str
    negative_prompt: str = Field(default="", description="What must not be seen, where the provider is told apart.")
    references: tuple[str, ...] = ()
    seconds: int
    size: str
    shot: str
    take: int

    @property
    def key(self) -> PurchaseKey:
        """The name of the purchase: the same order has the same key in every run, fork and repeat."""
        unsaid = set() if self.negative_prompt else {"negative_prompt"}  # orders before it existed keep their names
        return PurchaseKey(digest_of(self.model_dump(mode="json", exclude=unsaid))[:40])


class Bill(Record):
    """What a take really cost: generated seconds, and money."""

    seconds: int
    money: Money


def bill_of(reserved: Bill, seconds: int | None = None, money: Money | None = None) -> Bill:
    """What was billed, as far as the provider says: its own price first, else our price for the seconds it made.

    `reserved` is what was asked for and held. A provider that says nothing billed exactly that.
    """
    made = seconds if seconds is not None and seconds > 0 else reserved.seconds
    if money is not None and money.amount >= 0 and money.currency == reserved.money.currency:
        return Bill(seconds=made, money=money)
    if made == reserved.seconds:
        return reserved
    return Bill(seconds=made, money=reserved.money.times(Fraction(made, reserved.seconds)))


JobStatus = Literal["queued", "running", "succeeded", "failed", "cancelled", "expired"]

_STATUS: dict[str, JobStatus] = {
    "queued": "queued",
    "pending": "queued",
    "starting": "queued",
    "in_progress": "running",
    "processing": "running",
    "running": "running",
    "completed": "succeeded",
    "succeeded": "succeeded",
    "failed": "failed",
    "error": "failed",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "deleted": "cancelled",
    "expired": "expired",
}


def read_status(word: str) -> JobStatus:
    """Map a provider's word to ours. A word nobody knows counts as running, so the deadline decides."""
    return _STATUS.get(word.strip().lower(), "running")
