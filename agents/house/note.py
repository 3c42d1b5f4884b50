"""What the house does with a reviewer's note: a few plain wishes are understood, the rest asks for another plan."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from callsheet.agents.planning.draft import BeatDraft
from callsheet.domain.shot import Framing, Light, Movement
from callsheet.prompts.library import note_words

W = TypeVar("W", Framing, Light, Movement)


def heed(beats: Sequence[BeatDraft], note: str) -> tuple[BeatDraft, ...]:
    """The shots with the wishes of a note in them. A note that names shots (`shot 2`) is about those."""
    said = " ".join(note.casefold().replace(".", " ").split())
    if not said:
        return tuple(beats)
    named = {int(number) for number in re.findall(r"\bshot (\d+)", said)}
    words = note_words()
    wishes: dict[str, Framing | Light | Movement] = {}
    for field, heard in (
        ("framing", _heard(said, words.framing)),
        ("light", _heard(said, words.light)),
        ("movement", _heard(said, words.movement)),
    ):
        if heard is not None:
            wishes[field] = heard
    return tuple(
        beat.model_copy(update=wishes) if not named or number in named else beat for number, beat in enumerate(beats, 1)
    )


def wants_nobody(note: str) -> bool:
    """Whether a note asks for pictures without people."""
    return any(phrase in note.casefold() for phrase in note_words().no_people)


def _heard(said: str, phrases: Mapping[W, Sequence[str]]) -> W | None:
    return next((wish for wish, spoken in phrases.items() if any(phrase in said for phrase in spoken)), None)
