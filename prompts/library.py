"""The shot library: versioned snippets of worlds, structures, framing, movement, light, sound and what to leave out."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

import yaml
from pydantic import Field, field_validator

from callsheet.domain.record import Record
from callsheet.domain.shot import Framing, Light, Movement, ProductPresence
from callsheet.domain.telemetry import Change
from callsheet.prompts.prompt import normalise

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads the same as the loader in Python, ten times as fast, where it was built."""

Beat = Literal["hook", "problem", "product", "proof", "payoff"]


class Place(Record):
    """Where a shot can play: words for the picture, words for the sound."""

    words: str
    sound: str


class Moment(Record):
    """One thing worth seeing. `who` is `person`, `product`, `hands`, or a subject of its own.

    `at` names a place of the world, `place` one of its own; without a light of its own it takes the story's.
    """

    beat: Beat
    who: str
    does: str
    at: str = ""
    place: str = ""
    light: Light | None = None
    framing: tuple[Framing, ...] = Field(min_length=1)
    move: tuple[Movement, ...] = Field(min_length=1)
    product: ProductPresence = "shown"


class Script(Record):
    """Captions that belong together, in one tone."""

    tone: str
    hook: tuple[str, ...]
    problem: tuple[str, ...]
    product: tuple[str, ...]
    proof: tuple[str, ...]
    payoff: tuple[str, ...]

    def lines(self, beat: Beat) -> tuple[str, ...]:
        """The lines of one beat, in order."""
        return {
            "hook": self.hook,
            "problem": self.problem,
            "product": self.product,
            "proof": self.proof,
            "payoff": self.payoff,
        }[beat]


class World(Record):
    """A category of product: who lives there, where, what happens, and what is said."""

    name: str
    version: int
    keywords: tuple[str, ...]
    people: tuple[str, ...]
    places: dict[str, Place]
    moments: tuple[Moment, ...]
    scripts: tuple[Script, ...]


class Structure(Record):
    """The shape of an ad: beats in playing order, each with the rank at which a shorter film keeps it."""

    name: str
    logline: str
    goals: tuple[str, ...]
    beats: tuple[tuple[Beat, int], ...]
    lights: tuple[Light, ...]

    @field_validator("beats", mode="before")
    @classmethod
    def _ranked(cls, beats: list[str]) -> list[tuple[str, int]]:
        return [(beat, int(rank)) for beat, rank in (line.split() for line in beats)]

    def arc(self, shots: int) -> tuple[Beat, ...]:
        """The beats of a film of so many shots, in playing order."""
        return tuple(beat for beat, rank in self.beats if rank <= shots)


class Again(Record):
    """What a wish means when a shot is taken again."""

    note: str
    framing: tuple[Framing, ...] = ()
    movement: tuple[Movement, ...] = ()
    light: tuple[Light, ...] = ()


class Camera(Record):
    """The words that ask for a picture."""

    name: str
    version: int
    sentence: str
    look: str
    sound_unsaid: str
    hands: str
    product_exact: str
    product_shown: str
    no_people: str
    left_out: str
    framing: dict[Framing, str]
    movement: dict[Movement, str]
    light: dict[Light, str]
    negative: dict[str, tuple[str, ...]]
    reshoot: dict[Change, Again]
    people_words: str
    pair_words: str
    number_words: str
    crowd_words: str
    companion_words: str
    outdoor_words: str
    studio_words: str
    outdoor_light: dict[Light, Light]
    indoor_light: dict[Light, Light]
    colours: dict[str, str]


class Calls(Record):
    """Calls to action that suit a kind of product; no words: suits any."""

    words: tuple[str, ...]
    lines: tuple[str, ...]


class CastingWords(Record):
    """How a cast person may be shown, and where a minor may never be."""

    name: str
    version: int
    stranger: str
    place: str
    constraint: str
    constraint_minor: str


class NoteWords(Record):
    """What the house understands of a reviewer's note."""

    name: str
    version: int
    framing: dict[Framing, tuple[str, ...]]
    light: dict[Light, tuple[str, ...]]
    movement: dict[Movement, tuple[str, ...]]
    no_people: tuple[str, ...]


class OtherPicture(Record):
    """A picture of the product alone."""

    subject: str
    action: str


class RefusedWords(Record):
    """What to show instead of a picture that a provider refused."""

    name: str
    version: int
    quieter: tuple[str, ...] = Field(min_length=1)
    alone: tuple[OtherPicture, ...] = Field(min_length=1)


@cache
def worlds() -> tuple[World, ...]:
    """Every world, by name; `generic` fits any product."""
    return tuple(World.model_validate(_read(file)) for file in _files() if file.name in _world_names())


@cache
def structures() -> tuple[Structure, ...]:
    """Every structure an ad can take."""
    return tuple(Structure.model_validate(item) for item in _section("structures")["structures"])


@cache
def camera() -> Camera:
    """How pictures are asked for."""
    return Camera.model_validate(_section("camera"))


@cache
def calls() -> tuple[Calls, ...]:
    """Calls to action by kind of product; the last group suits any."""
    return tuple(Calls.model_validate(item) for item in _section("calls")["calls"])


@cache
def casting_words() -> CastingWords:
    """The words that bind how a cast person is shown."""
    return CastingWords.model_validate(_section("casting"))


@cache
def note_words() -> NoteWords:
    """The vocabulary of reviewers' notes."""
    return NoteWords.model_validate(_section("notes"))


@cache
def refused_words() -> RefusedWords:
    """Pictures that take the place of refused ones."""
    return RefusedWords.model_validate(_section("refused"))


@cache
def library_ref() -> str:
    """Names the exact words of the whole library, as prompts are named."""
    text = "\0".join(f"{file.name}\n{normalise(file.read_bytes())}" for file in _files())
    return f"library@v1#{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _root() -> Traversable:
    return files("callsheet.prompts").joinpath("library")


def _world_names() -> frozenset[str]:
    return frozenset(file.name for file in _root().joinpath("worlds").iterdir())


def _files() -> list[Traversable]:
    found = [file for folder in (_root(), _root().joinpath("worlds")) for file in folder.iterdir()]
    return sorted((file for file in found if file.name.endswith(".yaml")), key=lambda file: file.name)


def _section(name: str) -> dict[str, Any]:
    return _read(_root().joinpath(f"{name}.yaml"))


def _read(file: Traversable) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=_SAFE)  # noqa: S506 - it is the safe loader, in C
    return content
