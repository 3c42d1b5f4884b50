"""What scanners saw and heard, before anybody judges it. Sureness and shares are in thousandths."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from callsheet.domain.record import Record, Seconds
from callsheet.domain.scan.report import Check
from callsheet.domain.words.name import Named

Permille = Annotated[int, Field(ge=0, le=1000)]


class Line(Record):
    """A line of writing in a frame. `height` is its share of the picture's height, in thousandths."""

    text: str
    sure: Permille
    height: Permille
    at: Seconds


class Text(Record):
    """Writing in the picture, and the writing on the product's own picture, which may be seen again."""

    lines: tuple[Line, ...] = ()
    on_product: tuple[str, ...] = ()


class Crowd(Record):
    """The faces in one frame, by how sure each is."""

    at: Seconds
    faces: tuple[Permille, ...] = ()


class Faces(Record):
    """The faces of every sampled frame."""

    frames: tuple[Crowd, ...] = ()


class Spoken(Record):
    """Words that were heard."""

    text: str
    sure: Permille
    at: Seconds


class Speech(Record):
    """What was heard. `language` is the one that the listener understands; empty: the take has no sound."""

    spoken: tuple[Spoken, ...] = ()
    language: str = ""


class Nudity(Record):
    """How likely each sampled frame shows nudity, in thousandths."""

    scores: tuple[Permille, ...] = ()


class Likeness(Record):
    """How much of the product's picture was found again in the best frame.

    `marks` are the picture's own distinctive points, `agreeing` those found again where one movement of the picture
    would put them, and `colour` how far the colours there are apart in CIELAB's a and b; none: there was no such place.
    """

    marks: int = Field(ge=0)
    agreeing: int = Field(ge=0)
    colour: int | None = None


class Entity(Record):
    """Words that a recogniser takes for a name."""

    text: str
    kind: Literal["person", "organisation"]


class Entities(Record):
    """What a recogniser made of everything read and heard."""

    found: tuple[Entity, ...] = ()


class Match(Record):
    """Whether each face is the cast person's, as far as a matcher with permission can say."""

    strangers: int = Field(ge=0, description="Frames with a face that is not the person's.")


class NotLooked(Record):
    """Nobody looked, and why."""

    check: Check
    why: str


Sighting = Text | Faces | Speech | Nudity | Likeness | Entities | Match | NotLooked


FindNames = Callable[[str, tuple[str, ...]], tuple[Named, ...]]
"""Finds the listed names in a text, except those that are allowed there."""
