"""What the camera makes of a prompt: setting, framing, movement, light, who is in it and what they do.

The prompt is only ever looked at for known words. Nothing of it becomes a path, a shell word or a filter expression.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from callsheet.domain.shot import Framing, Light, Movement
from callsheet.tools.sandbox.camera.clothes import Described, described
from callsheet.tools.sandbox.camera.words import (
    FRAMING_WORDS,
    INDOORS,
    LIGHT_WORDS,
    MOVEMENT_WORDS,
    NOBODY,
    PAIR,
    PERSON_WORDS,
    POSE_WORDS,
    SETTING_WORDS,
    UNRELATED,
)

T = TypeVar("T")

_SHOT_TAG = re.compile(r"\s*\[(?P<id>[A-Za-z0-9][A-Za-z0-9._-]{0,23})\]")
_PLACE = re.compile(r"\b(in|on|at|through|along|across|inside|into|over|by|setting)\b(\W+\w+){0,4}\W+$")


_NAMED = re.compile(
    r"\bThe product is (?P<shown>.{1,120}?)(?:\.(?=\s|$)|$)|\bKeep (?P<exact>.{1,120}?) exactly\b", re.IGNORECASE
)
"""The two phrases that put the product into the picture."""


@dataclass(frozen=True)
class Reading:
    """One prompt, understood. `seed` tells two prompts apart wherever chance decides."""

    shot_id: str
    framing: Framing
    movement: Movement
    light: Light
    setting: str
    pose: str
    """`none` when nobody is in the picture, else standing, running, walking, sitting, holding or hands."""
    product: str
    """The product's name where the prompt says that it is in the picture, else empty."""
    insists: bool
    """The picture must be of exactly the referenced product, so a tight shot shows nothing else."""
    person: Described | None
    """What is said about somebody's clothes and hair, if anything."""
    is_pair: bool
    """Two people are in the picture."""
    seed: int

    @property
    def is_indoors(self) -> bool:
        return self.setting in INDOORS


def read(prompt: str, seed_text: str = "") -> Reading:
    """Understand a prompt. The same prompt and seed text always give the same reading."""
    seed = int.from_bytes(hashlib.sha256(f"{prompt}\0{seed_text}".encode()).digest()[:8], "big")
    tag = _SHOT_TAG.match(prompt)
    named = _NAMED.search(prompt)
    text = _drop(_NAMED.sub(" ", prompt[tag.end() if tag else 0 :]).lower(), UNRELATED)
    framing, text = _take(text, FRAMING_WORDS)
    movement, text = _take(text, MOVEMENT_WORDS)
    light, text = _take(text, LIGHT_WORDS)
    setting = _setting(text, seed)
    return Reading(
        shot_id=tag["id"] if tag else "",
        framing=framing or _pick(seed, 1, (Framing.WIDE, Framing.MEDIUM, Framing.MEDIUM_CLOSE)),
        movement=movement or _pick(seed, 2, (Movement.PUSH_IN, Movement.ORBIT, Movement.PAN_RIGHT, Movement.CRANE_UP)),
        light=light or _usual_light(setting, seed),
        setting=setting,
        pose=_pose(text, is_tight=framing in (Framing.CLOSE, Framing.MACRO)),
        product=(named["shown"] or named["exact"]).strip() if named else "",
        insists=bool(named and named["exact"]),
        person=described(text),
        is_pair=bool(re.search(PAIR, text)),
        seed=seed,
    )


def _take(text: str, words: Mapping[str, T]) -> tuple[T | None, str]:
    """The meaning of the phrase found, and the text without it: a tracking shot is not a race track.

    A term of the shot vocabulary beats a looser word for it, then the first one counts.
    """
    hits = [
        (phrase != meaning, found.start(), -len(phrase), meaning)
        for phrase, meaning in words.items()
        if (found := re.search(rf"\b{re.escape(phrase)}\b", text))
    ]
    if not hits:
        return None, text
    _, at, minus_length, meaning = min(hits, key=lambda hit: hit[:3])
    return meaning, f"{text[:at]} {text[at - minus_length :]}"


def _drop(text: str, phrases: Sequence[str]) -> str:
    for phrase in phrases:
        text = re.sub(rf"\b{phrase}\b", " ", text)
    return text


def _has_person(text: str) -> bool:
    return any(re.search(rf"\b{word}(e?s)?\b", text) for word in PERSON_WORDS)


def _setting(text: str, seed: int) -> str:
    """The place named first, places after a preposition before others; without one, a place chosen by the seed.

    Of two places in a row the last one counts: a city street is a street, a forest trail a trail.
    """
    hits: list[tuple[int, int, int, str]] = []
    for word, setting in SETTING_WORDS.items():
        for found in re.finditer(rf"\b{re.escape(word)}(e?s)?\b", text):
            is_place = _PLACE.search(text[max(0, found.start() - 60) : found.start()])
            hits.append((0 if is_place else 1, found.start(), found.end(), setting))
    if not hits:
        return _pick(seed, 3, ("studio", "gallery", "street", "hills", "rooftop"))
    best = min(hits)
    while follower := next((hit for hit in sorted(hits) if best[2] < hit[1] <= best[2] + 2), None):
        best = follower
    return best[3]


def _pose(text: str, is_tight: bool) -> str:
    """What the person does. Only a tight shot shows no more than the hands of somebody it speaks of."""
    if re.search(NOBODY, text):
        return "none"
    pose, _ = _take(text, POSE_WORDS)
    if not _has_person(text):
        return "hands" if pose == "hands" else "none"
    if pose == "hands" and not is_tight:
        return "holding"
    return pose or "standing"


def _usual_light(setting: str, seed: int) -> Light:
    if setting in ("studio", "gallery", "bathroom"):
        return Light.STUDIO
    if setting in INDOORS:
        return Light.WINDOW
    return _pick(seed, 4, (Light.DAWN, Light.GOLDEN_HOUR, Light.NOON, Light.OVERCAST))


def _pick(seed: int, salt: int, choices: Sequence[T]) -> T:
    return choices[(seed >> (salt * 7)) % len(choices)]
