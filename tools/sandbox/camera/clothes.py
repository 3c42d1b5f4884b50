"""What a prompt says a person wears, so that one described person looks the same in every shot."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from callsheet.tools.sandbox.camera.palette import RGB

COLOURS: Final[Mapping[str, RGB]] = {
    "black": (34, 34, 38),
    "white": (238, 236, 230),
    "grey": (140, 143, 148),
    "gray": (140, 143, 148),
    "navy": (30, 44, 80),
    "blue": (58, 104, 176),
    "teal": (38, 128, 128),
    "green": (70, 128, 84),
    "olive": (110, 112, 66),
    "yellow": (232, 190, 70),
    "orange": (236, 128, 56),
    "coral": (240, 112, 92),
    "red": (200, 60, 56),
    "pink": (226, 134, 160),
    "purple": (118, 84, 158),
    "brown": (116, 82, 58),
    "tan": (196, 160, 120),
    "beige": (214, 198, 170),
    "cream": (240, 230, 208),
    "denim": (70, 98, 140),
    "charcoal": (58, 60, 66),
    "burgundy": (112, 36, 52),
    "maroon": (104, 36, 44),
    "rust": (168, 82, 48),
    "mustard": (202, 158, 58),
    "khaki": (156, 146, 104),
    "mint": (152, 206, 180),
    "turquoise": (72, 174, 176),
    "lilac": (178, 158, 204),
    "plum": (98, 54, 92),
    "ivory": (240, 234, 218),
    "sand": (212, 192, 154),
    "camel": (190, 148, 98),
    "gold": (206, 168, 82),
    "silver": (180, 184, 190),
}
HAIR: Final[Mapping[str, RGB]] = {
    "dark": (40, 32, 32),
    "black": (26, 24, 28),
    "brown": (86, 58, 42),
    "auburn": (126, 62, 40),
    "red": (150, 74, 40),
    "blond": (206, 170, 106),
    "blonde": (206, 170, 106),
    "grey": (150, 148, 146),
    "gray": (150, 148, 146),
    "silver": (178, 178, 178),
    "white": (226, 224, 220),
}
CUTS: Final[Mapping[str, int]] = {"cap": 3, "bun": 1, "ponytail": 1, "long": 2, "short": 0, "cropped": 0}

_TOPS = "top|shirt|tee|t-shirt|vest|jacket|hoodie|sweater|jumper|coat|blouse|dress|apron|cardigan"
_LEGS = "shorts|trousers|jeans|leggings|tights|skirt|pants|chinos"
_TOP = re.compile(rf"\b({'|'.join(COLOURS)})\s+(?:\w+\s+)?(?:{_TOPS})\b")
_LEG = re.compile(rf"\b({'|'.join(COLOURS)})\s+(?:\w+\s+)?({_LEGS})\b")
_HEAD = re.compile(r"\b((?:\w+[ -]){0,3})hair\b")
_BARE = re.compile(r"\b(?:bald(?:ing)?|(?:shaved|shaven|clean-shaven) head)\b")
BARE_CUT: Final = 4


@dataclass(frozen=True)
class Described:
    """What was said about somebody's clothes and hair; what was not said is None. `seed` stands for the description."""

    top: RGB | None
    legs: RGB | None
    shorts: bool | None
    hair: RGB | None
    cut: int | None
    seed: int


def described(text: str) -> Described | None:
    """What a prompt in lower case says about the person in it, if it says anything."""
    top, legs, head = _TOP.search(text), _LEG.search(text), _HEAD.search(text)
    bare = _BARE.search(text)
    if not (top or legs or head or bare):
        return None
    hair_words = head.group(1).replace("-", " ").split() if head else []
    found = "|".join(match.group() for match in (top, legs, head, bare) if match)
    return Described(
        top=COLOURS[top.group(1)] if top else None,
        legs=COLOURS[legs.group(1)] if legs else None,
        shorts=legs.group(2) == "shorts" if legs else None,
        hair=next((HAIR[word] for word in hair_words if word in HAIR), None),
        cut=BARE_CUT if bare else next((CUTS[word] for word in hair_words if word in CUTS), None),
        seed=int.from_bytes(hashlib.sha256(found.encode()).digest()[:8], "big"),
    )
