"""Names of people and of brands in a text, by a curated list: whole names, in any case, accents or disguise.

Some names are words of their own (`Target`, `Prince`, `Apple`). Such a name counts only where it is written as a
name: with a capital inside a sentence that is otherwise in small letters, or beside a word that makes it one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pydantic import Field

from callsheet.domain.record import Record
from callsheet.domain.seen import fold, visible

NameKind = Literal["person", "brand"]
_WORD = re.compile(r"[^\W_]+")
_STOP = re.compile(r"[.!?:;…\n|“\"«»(]")
_NAMING = frozenset(
    "than by like from versus vs unlike beats beat with feat featuring starring meets at via als wie von que de como "
    "par chez di da come dan van do em bij bei gegen contre contra contro tegen".split()
)
"""Words after which a capital letter makes a name of an ordinary word, even in a line set in title case."""


class Named(Record):
    """A listed name in a text: as it is listed, whose it is, and how it stands in the text."""

    kind: NameKind
    name: str
    words: str


class NameList(Record):
    """Names nobody may use without leave. `ordinary` are those that are also words of a language."""

    people: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    ordinary: tuple[str, ...] = ()
    words: tuple[str, ...] = Field(
        default=(), description="First names and surnames that are words of a language, too."
    )
    slogans: tuple[str, ...] = Field(default=(), description="Lines everybody knows as a brand's.")
    emblems: tuple[str, ...] = Field(
        default=(), description="Regular expressions over folded text: a brand drawn without its name."
    )


@dataclass(frozen=True)
class _Entry:
    kind: NameKind
    name: str
    words: tuple[str, ...]
    is_ordinary: bool


@dataclass(frozen=True)
class _Word:
    text: str
    folded: str
    opens: bool
    possessive: bool


def find_names(
    text: str, names: NameList, allowed: Iterable[str] = (), *, capitals_tell: bool = True
) -> tuple[Named, ...]:
    """Every listed name in the text, each once, except those in `allowed` (the own brand, the people who are cast).

    A name inside an allowed one is allowed with it: a product `Apple Press` may be called by its name. Where every
    noun has a capital, as in German, `capitals_tell` is false, and an ordinary word needs a word beside it.
    """
    by_first, unspaced = _index(names.people, names.brands, names.ordinary, names.slogans)
    words = _words(text)
    mine = _covered(words, tuple(allowed))
    found: dict[tuple[NameKind, str], Named] = {}
    for place, word in enumerate(words):
        for entry in by_first.get(word.folded, ()) or _of_plural(by_first, word.folded):
            span = range(place, place + len(entry.words))
            if span.stop > len(words) or any(words[at].folded != entry.words[at - place] for at in span):
                continue
            if mine.issuperset(span) or (entry.is_ordinary and not _is_written_as_name(words, span, capitals_tell)):
                continue
            shown = " ".join(words[at].text for at in span)
            found.setdefault((entry.kind, entry.name), Named(kind=entry.kind, name=entry.name, words=shown))
    if unspaced and not text.isascii():
        plain = fold(text)
        own = [fold(one) for one in allowed]
        for entry in unspaced:
            if entry.words[0] in plain and not any(entry.words[0] in one and one in plain for one in own):
                found.setdefault((entry.kind, entry.name), Named(kind=entry.kind, name=entry.name, words=entry.name))
    return tuple(found.values())


def listed_word(word: str, names: NameList) -> Named | None:
    """The listed name that a single folded word is, unless it is also a word of its own."""
    for entry in _index(names.people, names.brands, names.ordinary, names.slogans)[0].get(word, ()):
        if len(entry.words) == 1 and not entry.is_ordinary:
            return Named(kind=entry.kind, name=entry.name, words=word)
    return None


def find_emblems(text: str, names: NameList) -> tuple[str, ...]:
    """Every emblem of a brand that a text describes: it draws the brand without naming it."""
    plain = fold(text)
    return tuple(found.group() for one in _emblems(names.emblems) if (found := one.search(plain)))


@lru_cache(maxsize=8)
def _emblems(emblems: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one) for one in emblems)


def _words(text: str) -> list[_Word]:
    plain = visible(text.replace("\u2019", "'"))
    matches = list(_WORD.finditer(plain))
    words: list[_Word] = []
    before = 0
    for match in matches:
        gap = plain[before : match.start()]
        words.append(_Word(match.group(), fold(match.group()), not words or bool(_STOP.search(gap)), False))
        before = match.end()
        if len(words) > 1 and gap == "'" and words[-1].folded == "s":
            words[-2:] = [_Word(words[-2].text, words[-2].folded, words[-2].opens, True)]
    return words


def _of_plural(by_first: dict[str, tuple[_Entry, ...]], folded: str) -> tuple[_Entry, ...]:
    """`Kardashians` are of the name; a word of its own is no plural of one."""
    if len(folded) < 5 or not folded.endswith("s"):
        return ()
    return tuple(
        _Entry(one.kind, one.name, (folded,), False)
        for one in by_first.get(folded[:-1], ())
        if len(one.words) == 1 and not one.is_ordinary
    )


def _is_written_as_name(words: Sequence[_Word], span: range, capitals_tell: bool) -> bool:
    """Whether an ordinary word stands as a name: capital letter, in running text or beside a word that says so."""
    first = words[span.start]
    if not first.text[:1].isupper():
        return False
    others = [word.text for at, word in enumerate(words) if at not in span and not word.opens and len(word.text) > 3]
    running = any(word.islower() for word in others) and not all(word[:1].isupper() for word in others)
    if first.opens:
        return words[span[-1]].possessive and running
    return (running and capitals_tell) or words[span.start - 1].folded in _NAMING


def _covered(words: Sequence[_Word], allowed: tuple[str, ...]) -> set[int]:
    covered: set[int] = set()
    for name in allowed:
        wanted = [word.folded for word in _words(name)]
        for place in range(len(words) - len(wanted) + 1 if wanted else 0):
            if [word.folded for word in words[place : place + len(wanted)]] == wanted:
                covered.update(range(place, place + len(wanted)))
    return covered


@lru_cache(maxsize=8)
def _index(
    people: tuple[str, ...], brands: tuple[str, ...], commons: tuple[str, ...], slogans: tuple[str, ...]
) -> tuple[dict[str, tuple[_Entry, ...]], tuple[_Entry, ...]]:
    """Names by their first word, and those of scripts that put no space between words."""
    ordinary = {fold(name) for name in commons}
    by_first: dict[str, list[_Entry]] = defaultdict(list)
    unspaced: list[_Entry] = []
    listed: list[tuple[NameKind, str]] = [("person", name) for name in people]
    listed.extend(("brand", name) for name in brands)
    for kind, name in listed:
        words = tuple(word.folded for word in _words(name))
        if any("\u3040" <= letter <= "\u9fff" for letter in name):
            unspaced.append(_Entry(kind, name, (fold(name),), False))
        elif words:
            entry = _Entry(kind, name, words, fold(name) in ordinary)
            by_first[words[0]].append(entry)
            if len(words) > 1 and all(len(one) > 1 for one in words[:1]):
                glued = "".join(words)
                by_first[glued].append(_Entry(kind, name, (glued,), entry.is_ordinary))
    for slogan in slogans:
        said = tuple(word.folded for word in _words(slogan))
        by_first[said[0]].append(_Entry("brand", slogan, said, False))
    longest_first = {first: tuple(sorted(rest, key=lambda one: -len(one.words))) for first, rest in by_first.items()}
    return longest_first, tuple(unspaced)
