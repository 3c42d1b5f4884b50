"""A run is one passage of a campaign through the graph."""

from typing import Literal

from pydantic import AwareDatetime, Field

from callsheet.domain.identity import Digest, RunId
from callsheet.domain.record import Record

RunStatus = Literal["running", "waiting", "finished", "rejected", "expired", "failed", "paused", "cancelled"]
UNFINISHED: frozenset[RunStatus] = frozenset({"running", "waiting", "paused"})
AT_END: frozenset[RunStatus] = frozenset({"finished", "rejected", "cancelled"})
"""Nothing more comes of these, whatever is asked of them."""
ApprovalPolicy = Literal["people", "approve-all"]
"""`people`: every gate waits for a person. `approve-all`: written policy answers, and the ledger says so."""


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
