"""A shot is one continuous intended piece of picture, with framing and length.

The vocabulary of framing, movement and light is a closed list, so that a rule can compare two shots
("no two adjacent shots share framing and movement") and a prompt can be built from the shot library.
"""

from enum import StrEnum
from fractions import Fraction
from typing import Literal

from pydantic import Field

from callsheet.domain.identity import CameoId, ShotId
from callsheet.domain.record import Record, Seconds


class Framing(StrEnum):
    """How much of the subject the picture holds."""

    EXTREME_WIDE = "extreme wide shot"
    WIDE = "wide shot"
    MEDIUM = "medium shot"
    MEDIUM_CLOSE = "medium close-up"
    CLOSE = "close-up"
    MACRO = "macro insert"
    OVERHEAD = "overhead shot"
    LOW_ANGLE = "low angle shot"


class Movement(StrEnum):
    """What the camera does during the shot."""

    STATIC = "locked-off camera"
    PUSH_IN = "slow push-in"
    PULL_BACK = "pull-back"
    PAN_LEFT = "pan left"
    PAN_RIGHT = "pan right"
    TILT_UP = "tilt up"
    TILT_DOWN = "tilt down"
    ORBIT = "orbit"
    TRACKING = "tracking shot"
    CRANE_UP = "crane up"
    HANDHELD = "handheld"


class Light(StrEnum):
    """The light of the scene."""

    DAWN = "dawn light"
    GOLDEN_HOUR = "golden hour"
    NOON = "hard noon sun"
    OVERCAST = "soft overcast"
    WINDOW = "window light"
    STUDIO = "high-key studio light"
    LOW_KEY = "low-key light"
    NEON = "neon night"


ProductPresence = Literal["none", "shown", "exact"]
"""`none`: not in frame. `shown`: may be in frame. `exact`: must match the product's picture."""


class Shot(Record):
    """One intended shot: what it shows, how, for how long, and the words that ask for it.

    `seconds` is the length used in the cut; `purchased_seconds` the length the provider sells that covers it.
    """

    id: ShotId
    beat: str = Field(description="The beat it plays: hook, problem, product, proof, payoff, call.")
    subject: str
    setting: str
    action: str
    framing: Framing
    movement: Movement
    light: Light
    seconds: Seconds
    purchased_seconds: int = Field(gt=0)
    product: ProductPresence = "none"
    cameo: CameoId | None = None
    audio: str = ""
    prompt: str
    negative_prompt: str = ""

    @property
    def wasted_seconds(self) -> Fraction:
        """Seconds paid for and not used."""
        return Fraction(self.purchased_seconds) - self.seconds
