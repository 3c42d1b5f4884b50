"""The words of a shot: the prompt that asks for it, from the library's sentence, and what must be left out."""

import re
from collections.abc import Mapping

from callsheet.domain.campaign import Campaign
from callsheet.domain.shot import Shot
from callsheet.prompts.library import camera

_SLOT = re.compile(r"<([a-z_]+)>")


def word_shot(campaign: Campaign, shot: Shot, wish: str = "") -> Shot:
    """The shot with its prompt and negative prompt written anew from what it says.

    `wish` is a sentence about what a second attempt should do differently.
    """
    words = camera()
    nobody = not shows_somebody(shot)
    blocks = {
        "framing": _capital(shot.framing.value),
        "framing_note": words.framing[shot.framing],
        "subject": plain(shot.subject, 160),
        "action": plain(shot.action, 240),
        "place": plain(shot.setting, 160),
        "movement": _capital(shot.movement.value),
        "movement_note": words.movement[shot.movement],
        "light": _capital(shot.light.value),
        "light_note": words.light[shot.light],
        "wish": f"{_capital(wish)}. " if wish else "",
        "product": _product(campaign, shot),
        "people": words.no_people if nobody else "",
        "palette": ", ".join(palette_words(campaign.brand.palette)),
        "look": words.look,
        "sound": plain(shot.audio, 160) or words.sound_unsaid,
    }
    left_out = (*words.negative["always"], *words.negative["nobody" if nobody else "people"], *campaign.brand.avoid)
    return shot.model_copy(
        update={
            "prompt": fill(words.sentence, blocks),
            "negative_prompt": ", ".join(plain(one, 60) for one in left_out),
        }
    )


def shows_somebody(shot: Shot) -> bool:
    """Whether a person, or a part of one, is in the picture."""
    people = set(camera().people_words.split())
    return shot.cameo is not None or bool(people & set(re.findall(r"\w+", f"{shot.subject} {shot.action}".casefold())))


def fill(sentence: str, blocks: Mapping[str, str]) -> str:
    """Put blocks into the slots of a sentence, once, and close the gaps."""
    filled = _SLOT.sub(lambda slot: blocks[slot[1]], sentence)
    return re.sub(r"\s+", " ", filled).replace(" .", ".").replace("..", ".").strip()


def plain(text: str, most: int) -> str:
    """One line of printable words, cut at a word's end, without a full stop."""
    line = re.sub(r"\s+", " ", "".join(mark if mark.isprintable() else " " for mark in text)).strip(" .;,")
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0].rstrip(" .;,")


def palette_words(palette: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the brand's colours, as people and models say them."""
    named = camera().colours
    return tuple(dict.fromkeys(min(named, key=lambda name: _distance(named[name], colour)) for colour in palette))


def _product(campaign: Campaign, shot: Shot) -> str:
    words, name = camera(), {"name": plain(campaign.product.name, 60)}
    sentence = {"exact": words.product_exact, "shown": words.product_shown, "none": ""}[shot.product]
    return f"{fill(sentence, name)} " if sentence else ""


def _distance(one: str, other: str) -> int:
    """How far apart two colours look, by the weighted distance of Riemersma's colour metric, in whole numbers."""
    (red, green, blue), (red2, green2, blue2) = _rgb(one), _rgb(other)
    mean = (red + red2) // 2
    return (
        (512 + mean) * (red - red2) ** 2 // 256 + 4 * (green - green2) ** 2 + (767 - mean) * (blue - blue2) ** 2 // 256
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if not re.fullmatch(r"[0-9a-fA-F]{6}", digits):
        return 128, 128, 128
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
