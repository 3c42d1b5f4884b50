"""A word to stop: buying is paused, or called off for good, for everything that carries a tag."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from callsheet.domain.identity import PlacementId, PublicationId, PurchaseKey, RunId
from callsheet.domain.money import Money
from callsheet.domain.record import Record

StopKind = Literal["pause", "cancel"]
"""`pause`: nothing new is bought until it is lifted; what is under way goes on. `cancel`: all of it ends."""
EVERYTHING = "all"
"""The tag that every take carries."""


class Stop(Record):
    """Who or what is stopped: a tag such as `run:spring-1`, `campaign:spring`, `cameo:mara`, `take:<key>` or `all`."""

    tag: str
    kind: StopKind
    reason: str = ""
    at: AwareDatetime

    def __str__(self) -> str:
        """The word as a sentence."""
        kind, _, name = self.tag.partition(":")
        what = "everything" if self.tag == EVERYTHING else f"{kind} {name}"
        said = "is paused" if self.kind == "pause" else "was called off"
        return f"{what} {said}, {self.at:%Y-%m-%d %H:%M %Z}{': ' if self.reason else ''}{self.reason}"


class Fate(StrEnum):
    """What becomes of a take that is called off."""

    NEVER_ASKED = "never asked for, costs nothing"
    STOPPED = "stopped at the provider"
    RUNS_ON = "runs on, is paid for, and locked away when it arrives"
    UNCLEAR = "nobody knows yet whether it was bought; it is looked for, and stopped or locked away when found"
    HERE = "already here, paid for, and locked"
    ASIDE = "paid for before and kept aside: it could not be used"
    OVER = "ended before without a take, costs nothing"


class StoppedTake(Record):
    """One take that was called off, and what became of it."""

    purchase: PurchaseKey
    run: RunId
    shot: str
    fate: Fate
    job: str = ""
    seconds: int = 0
    money: Money | None = None


class AffectedPublication(Record):
    """A file that must not be out, or perhaps not: where it was sent, and whether it is still there."""

    publication: PublicationId
    run: RunId
    name: str
    placement: PlacementId
    adapter: str
    state: Literal["down", "failed", "up", "sending"] = Field(
        description="`up`: another release still covers this place. `sending`: on its way, and not there at a look."
    )
    why: str = ""


class CallOff(Record):
    """What was called off: the runs that are concerned, the fate of every take, and of what was just being sent."""

    tag: str
    runs: tuple[RunId, ...]
    takes: tuple[StoppedTake, ...]
    publications: tuple[AffectedPublication, ...] = ()

    def having(self, fate: Fate) -> tuple[StoppedTake, ...]:
        """The takes that met this fate."""
        return tuple(take for take in self.takes if take.fate is fate)
