"""Orders to a machine, hidden in words that are only data: captions, prompts, catalog fields, notes, readings."""

import base64
import re
from collections.abc import Iterator
from urllib.parse import unquote

from callsheet.domain.seen import visible
from callsheet.domain.words.rule import Rules, kana
from callsheet.domain.words.statement import folded_signs
from callsheet.domain.words.text import read

_ESCAPED = re.compile(r"(?:%[0-9a-fA-F]{2}){3,}|%[0-9a-fA-F]{2}.*%[0-9a-fA-F]{2}")
_ENCODED = re.compile(r"(?<![\w+/])[A-Za-z0-9+/_-]{16,}={0,2}(?![\w+/])")
_HEX = re.compile(r"(?<!\w)(?:0x)?(?:[0-9a-fA-F]{2}){10,}(?!\w)")
_ENTITY = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_TAGS = re.compile("[\U000e0020-\U000e007e]{3,}")


def find_orders(text: str, rules: Rules) -> tuple[str, ...]:
    """Every piece of a text that reads as an order to a machine, in any of the languages, plain or encoded."""
    found: dict[str, None] = {}
    for reading in (text, *_decoded(text)):
        flat = visible(reading.replace("\n", " | "))
        folded = kana(folded_signs(read(flat)))
        for lexicon in rules.lexicons.values():
            for pattern in lexicon.instructions:
                if match := pattern.search(folded):
                    found.setdefault(match.group().strip())
    return tuple(found)


def _decoded(text: str) -> Iterator[str]:
    """What an encoded piece says once it is decoded, where it says anything that people write."""
    if _ESCAPED.search(text):
        yield unquote(text)
    if _ENTITY.search(text):
        yield _ENTITY.sub(_mark, text)
    for tagged in _TAGS.findall(text):
        yield "".join(chr(ord(mark) - 0xE0000) for mark in tagged)
    for piece in _ENCODED.findall(text):
        try:
            yield base64.b64decode(piece.replace("-", "+").replace("_", "/") + "=" * (-len(piece) % 4)).decode("utf-8")
        except ValueError:
            continue
    for piece in _HEX.findall(text):
        try:
            yield bytes.fromhex(piece.removeprefix("0x")).decode("utf-8")
        except ValueError:
            continue
    if "rot13" in text.casefold():
        yield text.translate(_ROT13)


def _mark(entity: re.Match[str]) -> str:
    """The sign that an HTML entity stands for; one beyond Unicode stays as it is written."""
    code = int(entity[1], 16) if entity[1] else int(entity[2])
    return chr(code) if code < 0x110000 else entity[0]


_ROT13 = {
    ord(one): chr((ord(one) - base + 13) % 26 + base) for base in (65, 97) for one in map(chr, range(base, base + 26))
}
