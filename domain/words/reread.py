"""What else a text says once marks, tags and joined words are taken apart: `<b>be</b>st`, `#BestShoeEver`."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from callsheet.domain.words.rule import Ear, Phrases
from callsheet.domain.words.text import Line

_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,80}>")
_EMPHASIS = re.compile(r"\*{1,3}|~~|__|`")
_ESCAPE = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})")
_ENTITY = re.compile(r"&#?\w{2,32};")
_HUMP = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[a-z])(?=\d)|_")
_JOINED = re.compile(r"[#@]\w+|\b[A-Z]?[a-z]+(?:[A-Z][a-z]+)+\b")
_TAGGED = re.compile(r"[#@]([^\W\d_]{6,})|(?<=[/.?=&])([^\W\d_]{8,})(?=[/.?=&\s]|$)")


def readings(text: str, known: Iterable[str] = ()) -> Iterator[str]:
    """Other texts that a screen or a reader makes of this one. Names in `known` are never taken apart."""
    plain = unmarked(text)
    if plain != text:
        yield plain
    for name in known:
        plain = plain.replace(name, " ")
    apart = _JOINED.sub(lambda found: _HUMP.sub(" ", found.group().lstrip("#@")), plain)
    if apart != plain and " " in apart.strip():
        yield apart


def unmarked(text: str) -> str:
    """A text without tags, marks of emphasis, entities and escapes, as a screen would draw it."""
    plain = text
    if "\\" in plain:
        plain = _ESCAPE.sub(_character, plain)
    if "&" in plain:
        plain = _ENTITY.sub(lambda found: unescape(found.group()).replace("\u00ad", ""), plain)
    if "<" in plain:
        plain = _TAG.sub("", plain)
    return _EMPHASIS.sub("", plain) if _EMPHASIS.search(plain) else plain


def _character(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else found.group()


LEAST_HEAD, LEAST_REST = 4, 3
"""A listed word of so many letters opens or closes a hashtag that has so many more."""


def tagged(line: Line, ear: Ear) -> Iterator[tuple[str, str]]:
    """Rule and word, where a hashtag or an address in small letters begins or ends with a listed word."""
    for found in _TAGGED.finditer(line.text):
        word = (found[1] or found[2]).casefold()
        for size in range(LEAST_HEAD, len(word) - LEAST_REST + 1):
            yield from ((rule, word) for rule in _whole(ear.claims, word[:size]))
            yield from ((rule, word) for rule in _whole(ear.claims, word[-size:]))


def _whole(phrases: Phrases, word: str) -> list[str]:
    return [one.rule for one in phrases.exact.get(word, ()) if len(one.words) == 1]
