"""What became of everything when a person took back permission: takes, copies at providers, publications, runs."""

from typing import Literal

from pydantic import AwareDatetime, Field

from callsheet.domain.identity import CameoId, Digest, GateId, PlacementId, ReleaseId, RunId, VariantId
from callsheet.domain.record import Record
from callsheet.domain.run import RunStatus
from callsheet.domain.stop import AffectedPublication, Fate, StoppedTake


class Deletion(Record):
    """One thing a provider holds of the person, and whether it is gone there."""

    provider: str
    what: Literal["character", "render", "reference"]
    id: str = ""
    state: Literal["deleted", "not_deletable", "kept"]
    why: str = Field(default="", description="Why it is still there.")


class AffectedCut(Record):
    """A cut that shows the person and may not be used any more."""

    cut: Digest
    run: RunId
    variant: VariantId
    placement: PlacementId


class AffectedRun(Record):
    """A run that was planned with the person: may it go on with them, where it stands, and which gate waits next."""

    run: RunId
    status: RunStatus
    release: ReleaseId | None = Field(default=None, description="The release that still covers this run's use.")
    reasons: tuple[str, ...] = Field(default=(), description="Why the run may not show the person any more.")
    alternate_of: RunId | None = Field(default=None, description="The finished run in whose place this one was begun.")
    withdrawn: GateId | None = Field(default=None, description="The open question that was taken back.")
    gate: GateId | None = Field(default=None, description="The question that waits for a person now.")
    note: str = ""

    @property
    def is_covered(self) -> bool:
        """Whether another release lets it go on as it is."""
        return self.release is not None


class RevocationReport(Record):
    """Everything a revocation touched. Takes, cuts, publications and runs are named one by one."""

    cameo: CameoId
    releases: tuple[ReleaseId, ...] = Field(description="What ended; empty when nothing was left to end.")
    at: AwareDatetime = Field(description="The moment of the transaction from which on no purchase begins.")
    was_said_before: bool = False
    takes: tuple[StoppedTake, ...] = ()
    last_cancel_ms: int | None = Field(
        default=None, description="Milliseconds from the word to the provider's answer about the last render."
    )
    deletions: tuple[Deletion, ...] = ()
    cuts: tuple[AffectedCut, ...] = ()
    publications: tuple[AffectedPublication, ...] = ()
    runs: tuple[AffectedRun, ...] = ()

    def having(self, fate: Fate) -> tuple[StoppedTake, ...]:
        """The takes that met this fate."""
        return tuple(take for take in self.takes if take.fate is fate)
