"""A run is one passage of a campaign through the graph."""

from typing import Literal

from pydantic import AwareDatetime, Field

from callsheet.domain.identity import Digest, GateId, RunId
from callsheet.domain.record import Record

RunStatus = Literal["running", "waiting", "finished", "rejected", "expired", "failed", "paused", "cancelled"]
UNFINISHED: frozenset[RunStatus] = frozenset({"running", "waiting", "paused"})
AT_END: frozenset[RunStatus] = frozenset({"finished", "rejected", "cancelled"})
"""Nothing more comes of these, whatever is asked of them."""
ApprovalPolicy = Literal["people", "approve-all"]
"""`people`: every gate waits for a person. `approve-all`: written policy answers, and the ledger says so."""


class Fork(Record):
    """Where a run parted from another: before which of its gates, on which checkpoint of its graph."""

    run: RunId
    gate: GateId
    checkpoint: str = Field(description="The other run's state just before that gate was opened.")
    head: Digest = Field(description="The head of the other run's ledger as it was then.")


class Run(Record):
    """What was started, on which frozen input, under which approval policy."""

    id: RunId
    campaign: str
    bundle: Digest = Field(description="The frozen campaign, a document of the workspace.")
    folder: str = Field(description="Where the campaign was read from, as typed; never read again.")
    out: str = Field(description="Where finished files are copied.")
    policy: ApprovalPolicy = "people"
    status: RunStatus = "running"
    reason: str = ""
    started_at: AwareDatetime
    server: str = Field(default="", description="Which video server it buys from, as a hash of its address.")
    notices: tuple[str, ...] = Field(
        default=(), description="What the reader of the folder remarked, with file and line."
    )
    seed: int = 0
    alternate_of: RunId | None = Field(
        default=None, description="The finished run in whose place it was begun, when a person in it took consent back."
    )
    forked_from: Fork | None = Field(
        default=None, description="The run whose past it shares up to one gate, when that gate is asked again here."
    )
    driver: str = Field(
        default="", description="Whose it is to advance: its own name, or a thread that another host keeps."
    )

    @property
    def is_hosted(self) -> bool:
        """Whether another host advances it, so that nobody here may."""
        return self.driver not in ("", self.id)
