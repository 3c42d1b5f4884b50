"""A storyboard is the ordered intended shots of each variant, with their captions and callouts."""

from fractions import Fraction

from pydantic import Field

from callsheet.domain.cut import Transition
from callsheet.domain.identity import CameoId, ClaimId, Digest, FactId, ReleaseId, ShotId, VariantId
from callsheet.domain.record import Record, Seconds
from callsheet.domain.shot import Shot


class Callout(Record):
    """A short super about the product that cites one catalog fact, or one approved claim, or both."""

    text: str = Field(min_length=1, max_length=80)
    fact: FactId | None = None
    claim: ClaimId | None = None


class Panel(Record):
    """One shot's place in a variant: how long it plays, what is written over it, how it is entered."""

    shot: ShotId
    seconds: Seconds
    caption: str = Field(default="", max_length=90)
    callout: Callout | None = None
    transition: Transition = Transition()


class EndCardPlan(Record):
    """The last frames: the product's real picture, the name, the call to action, the legal line."""

    seconds: Seconds = Fraction(3)
    headline: str = Field(max_length=60)
    call_to_action: str = Field(max_length=40)
    url: str = ""
    legal: str = ""


class VariantPlan(Record):
    """The storyboard adapted to one audience hypothesis. The first variant is the master."""

    id: VariantId
    audience: str
    hypothesis: str = ""
    panels: tuple[Panel, ...] = Field(min_length=1)
    end_card: EndCardPlan

    @property
    def seconds(self) -> Fraction:
        """The length of the finished cut."""
        return sum((panel.seconds for panel in self.panels), Fraction(0)) + self.end_card.seconds


class Storyboard(Record):
    """Every shot to be bought, and the variants made from them. `round` counts from 0; reshoots add one."""

    title: str
    round: int = 0
    shots: tuple[Shot, ...] = Field(min_length=1)
    variants: tuple[VariantPlan, ...] = Field(min_length=1)
    notes: tuple[str, ...] = ()

    def shot(self, shot_id: ShotId) -> Shot:
        """The shot of that id."""
        for shot in self.shots:
            if shot.id == shot_id:
                return shot
        raise KeyError(f"no shot {shot_id} in the storyboard; it has {', '.join(s.id for s in self.shots)}")


class CastRole(Record):
    """A person cast in a shot under a release, with the words that bind how they may be shown."""

    shot: ShotId
    cameo: CameoId
    release: ReleaseId
    constraint: str


class Refusal(Record):
    """A person who may not appear in a shot: why, and what could be done instead."""

    shot: ShotId
    cameo: CameoId
    reasons: tuple[str, ...]
    alternatives: tuple[str, ...]


class CallSheet(Record):
    """Who and what a shoot needs: the storyboard's shots with cast and constraints, ready to be priced and bought."""

    storyboard: Digest
    shots: tuple[Shot, ...]
    roles: tuple[CastRole, ...] = ()
    refusals: tuple[Refusal, ...] = ()
