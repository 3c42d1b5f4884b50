"""A cut is exact: every length is a whole number of frames at the cut's rate.

As in OpenTimelineIO, a clip is a use of media in a track, and a dissolve borrows frames from beyond the out point of
the clip before it; it never changes the length of the cut.
"""

from fractions import Fraction
from typing import Literal, Self

from pydantic import Field, model_validator

from callsheet.domain.credential import Seal, Standing
from callsheet.domain.identity import ClaimId, Digest, FactId, PlacementId, ShotId, TakeId, VariantId
from callsheet.domain.labelling import Labelling
from callsheet.domain.placement import TITLE_SAFE, Safe
from callsheet.domain.record import Record, Value


class Transition(Record):
    """How a clip is entered. `frames` counts at the cut's rate; a plain cut has none."""

    kind: Literal["cut", "dissolve", "dip"] = "cut"
    frames: int = Field(default=0, ge=0, le=60)

    @model_validator(mode="after")
    def _lengths_match(self) -> Self:
        if (self.kind == "cut") != (self.frames == 0):
            raise ValueError("a cut takes 0 frames; a dissolve or a dip takes at least 1")
        return self


class Media(Value):
    """A file in the media store by the SHA-256 of its bytes. `frames` at `rate`; a still has none."""

    digest: Digest
    media_type: str
    width: int
    height: int
    frames: int | None = None
    rate: int | None = None


class Clip(Record):
    """A use of a take in the picture track: `frames` on the timeline, from `source_in` of the take.

    Both count at the cut's rate, whatever the rate of the take.
    """

    shot: ShotId
    take: TakeId
    media: Media
    source_in: int = Field(default=0, ge=0)
    frames: int = Field(gt=0)
    transition: Transition = Transition()


class Super(Record):
    """Words on screen. `start` and `frames` count from the first frame of the cut.

    A label with a `height` is the one that says how the film was made; that of a capital letter, in permille of the
    frame's shorter side. It stands in the safe area, and other words make room for it.
    """

    kind: Literal["caption", "callout", "legal", "label"]
    text: str = Field(min_length=1, max_length=200)
    start: int = Field(ge=0)
    frames: int = Field(gt=0)
    fact: FactId | None = None
    claim: ClaimId | None = None
    shot: ShotId | None = None
    height: int | None = Field(default=None, ge=1, le=200)


class EndCard(Record):
    """The last frames of a cut."""

    frames: int = Field(gt=0)
    picture: Media | None
    headline: str
    call_to_action: str
    url: str = ""
    legal: str = ""


class Cut(Record):
    """One variant for one placement in one locale, down to the frame.

    An alternate is the same for `markets` with stricter norms than those of the cut without one.
    """

    campaign: str
    variant: VariantId
    placement: PlacementId
    locale: str
    rate: int
    width: int
    height: int
    loudness: int
    palette: tuple[str, ...]
    clips: tuple[Clip, ...] = Field(min_length=1)
    supers: tuple[Super, ...] = ()
    end_card: EndCard
    previz: bool = False
    alternate: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9-]{0,47})?$")
    markets: tuple[str, ...] = Field(default=(), description="Where it runs; all of the campaign's when absent.")
    safe: Safe = TITLE_SAFE
    labelling: Labelling | None = None
    notes: tuple[str, ...] = Field(default=(), description="What the Editor left out or shortened, and why.")

    @property
    def frames(self) -> int:
        """The length of the cut in frames, end card included."""
        return sum(clip.frames for clip in self.clips) + self.end_card.frames

    @property
    def name(self) -> str:
        """The file name of the deliverable, without suffix: campaign, variant, placement, locale, alternate."""
        name = f"{self.campaign}_{self.variant}_{self.placement}_{self.locale}"
        return f"{name}_{self.alternate}" if self.alternate else name

    @model_validator(mode="after")
    def _clips_stay_inside_their_media(self) -> Self:
        for clip in self.clips:
            if clip.media.frames is None:
                continue
            needs = Fraction(clip.source_in + clip.frames, self.rate)
            holds = Fraction(clip.media.frames, clip.media.rate or self.rate)
            if needs > holds:
                raise ValueError(f"{clip.shot} uses {float(needs):.2f} s of a take that has {float(holds):.2f} s")
        for text in self.supers:
            if text.start + text.frames > self.frames:
                raise ValueError(f"the {text.kind} {text.text!r} runs past the end of the cut")
        return self


class Deliverable(Record):
    """A finished file promised to a placement. `essence` is the hash before any manifest; `file` of what ships."""

    name: str
    cut: Digest
    variant: VariantId
    placement: PlacementId
    locale: str
    essence: Digest
    file: Digest
    captions: Digest
    timeline: Digest
    frames: int
    rate: int
    width: int
    height: int
    bytes: int
    loudness: str = Field(description="Measured integrated loudness in LUFS.")
    credentials: Standing = "none"
    seal: Seal | None = Field(default=None, description="Who signed, and what readers found before release.")
