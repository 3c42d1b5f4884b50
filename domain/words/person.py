"""People who are known by name, in a text: whole, by a first name or surname alone, in any letters, joined or parted.

A whole name counts in any case. A part of one counts only where it is written as a name, with a capital; one that is
also a word (`Will`, `Rose`) not where every word would have a capital: opening a sentence, or in a line of capitals.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from callsheet.domain.cameo import Cameo
from callsheet.domain.scan.reading import known_by, masked
from callsheet.domain.seen import fold
from callsheet.domain.words.reread import readings
from callsheet.domain.words.rule import kana
from callsheet.domain.words.text import Line, disguised, read
from callsheet.domain.words.topic import is_taken_apart

_LEAST_PART, _LEAST_PARTED, _LEAST_SIGNS = 3, 4, 2
"""Letters of the shortest part that names somebody; of one that is looked for in pieces; of one without capitals."""
_PARTING = re.compile(r"[\s・·=＝\-_.*]+")
_ENDINGS = ("", "s", "es")
"""What a name takes in a genitive or a plural: Olsens."""


def people_in(
    text: str, people: Iterable[Cameo], own: Iterable[str] = (), words: Iterable[str] = (), *, whole: bool = False
) -> tuple[Cameo, ...]:
    """Everybody of these people whom a text names. `own` are names that may stand in it: the product's, those of
    others; `words` are names that are words, too. With `whole`, a first name or a surname alone names nobody.
    """
    if not text.strip():
        return ()
    allowed, common = tuple(own), frozenset(map(fold, words))
    lines = [read(one) for one in (text, *readings(text))]
    return tuple(one for one in people if any(_names(line, one.name, allowed, common, whole=whole) for line in lines))


def without_names(text: str, people: Iterable[Cameo]) -> str:
    """The text with these people's names cut to initials: what is written down forever names nobody."""
    return masked(text, known_by(one.name for one in people))


def _names(line: Line, name: str, allowed: tuple[str, ...], common: frozenset[str], *, whole: bool) -> bool:
    if (known := fold(name)).upper() == known:
        return _names_unspaced(line, name, allowed, whole=whole)
    said = read(name).said
    taken = {at for one in allowed for span in _spans(line, read(one).said) for at in span}
    if any(not taken.issuperset(span) for span in _spans(line, said)):
        return True
    parts = {part for part in said if len(part) >= _LEAST_PART} if len(said) > 1 and not whole else set[str]()
    for part in parts:
        for span in _spans(line, (part,)):
            if not taken.issuperset(span) and _is_written_as_name(line, span[0], part in common):
                return True
    glued = {"".join(said), *(part for part in parts if len(part) >= _LEAST_PARTED)}
    hidden = (one for one in disguised(line) if one.word in glued and one.written not in allowed)
    return any(is_taken_apart(one.written, one.word) for one in hidden)


def _spans(line: Line, wanted: tuple[str, ...]) -> Iterator[tuple[int, ...]]:
    """Where these words stand in a row, or glued to one."""
    if not wanted:
        return
    size, glued = len(wanted), "".join(wanted)
    for at, word in enumerate(line.said):
        row = line.said[at : at + size]
        if _is_form(word, glued):
            yield (at,)
        elif len(row) == size > 1 and row[:-1] == wanted[:-1] and _is_form(row[-1], wanted[-1]):
            yield tuple(range(at, at + size))


@lru_cache(maxsize=65536)
def _is_form(word: str, name: str) -> bool:
    return word.startswith(name) and word[len(name) :] in (_ENDINGS if len(name) >= _LEAST_PART else ("",))


def _is_written_as_name(line: Line, at: int, is_common: bool) -> bool:
    word = line.words[at]
    shown = line.text[word.start : word.end]
    if not shown[:1].isupper():
        return False
    opens = at == 0 or line.words[at - 1].sentence != word.sentence
    return not is_common or not (opens or (len(shown) > 1 and shown.isupper()))


def _names_unspaced(line: Line, name: str, allowed: tuple[str, ...], *, whole: bool) -> bool:
    """In a script without capitals words run together: a name, or two signs that are a part of it, anywhere but inside
    a permitted name.
    """
    plain = _run_together(line.text)
    for one in sorted(map(_run_together, allowed), key=len, reverse=True):
        plain = plain.replace(one, " ") if one else plain
    pieces = (name,) if whole else (name, *_PARTING.split(name))
    return any(_run_together(one) in plain for one in pieces if len(one) >= _LEAST_SIGNS)


def _run_together(text: str) -> str:
    return _PARTING.sub("", kana(fold(text)))
