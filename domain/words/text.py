"""A line as the gate reads it: its words with their places, and what becomes of it when disguises are taken off."""

import re
from dataclasses import dataclass
from functools import lru_cache

from callsheet.domain.seen import fold, visible
from callsheet.domain.words.rule import IDEOGRAPHS, WORD, kana

_SENTENCE_END = re.compile(r"[.!?;\n。！？…]")
_SPELLED_OUT = re.compile(r"(?<!\w)(?:[^\W\d_][ .,_*·•|/~-]+){2,}[^\W\d_](?!\w)")
"""Single letters in a row, as in B E S T or b.e.s.t."""
_STRETCHED = re.compile(r"(.)\1{2,}")
_UNSPACED_MARKS = re.compile(r"[\s・·\-_.*]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a line: where it stands in the visible text, its folded form, whether it opens a sentence."""

    start: int
    end: int
    folded: str
    sentence: int


@dataclass(frozen=True)
class Line:
    """A line taken apart. `text` is what draws something; every place counts in it."""

    text: str
    words: tuple[Word, ...]
    said: tuple[str, ...]
    unspaced: str = ""
    places: tuple[int, ...] = ()

    def quoted(self, start: int, end: int) -> str:
        """The piece between two places, without case."""
        return self.text[start:end].casefold().strip()


@dataclass(frozen=True)
class Disguised:
    """A word that is only read once a disguise is taken off, and what it was written as.

    A listed word shorter than `least` would stand in one of the pieces alone.
    """

    word: str
    written: str
    least: int = 4


@lru_cache(maxsize=4096)
def read(text: str) -> Line:
    """Take a line apart. Equal lines are taken apart once."""
    plain = visible(text.replace("\u2019", "'").replace("\u00ad", ""))
    words: list[Word] = []
    sentence = before = 0
    for match in WORD.finditer(plain):
        sentence += bool(_SENTENCE_END.search(plain, before, match.start()))
        words.append(Word(match.start(), match.end(), fold(match.group()), sentence))
        before = match.end()
    unspaced, places = _without_spaces(plain) if IDEOGRAPHS.search(plain) else ("", ())
    return Line(plain, tuple(words), tuple(word.folded for word in words), unspaced, places)


def _without_spaces(plain: str) -> tuple[str, tuple[int, ...]]:
    """A line of kana and kanji as one run, with the place of each sign: spaces and dots hide nothing in it."""
    kept = [(kana(fold(mark)), place) for place, mark in enumerate(plain) if not _UNSPACED_MARKS.match(mark)]
    kept = [(folded, place) for folded, place in kept if folded]
    return "".join(folded for folded, _ in kept), tuple(place for folded, place in kept for _ in folded)


def disguised(line: Line) -> list[Disguised]:
    """Words that a reader puts together from pieces: spelled out, stretched, split, written backwards."""
    found: list[Disguised] = []
    folded = fold(line.text)
    for run in _SPELLED_OUT.finditer(folded):
        letters = re.sub(r"[\W_]", "", run.group())
        found += [Disguised(letters[start:], run.group()) for start in range(max(1, len(letters) - 2))]
    for word in line.words:
        if _STRETCHED.search(word.folded):
            found += [Disguised(_STRETCHED.sub(by, word.folded), word.folded) for by in (r"\1", r"\1\1")]
        if len(word.folded) > 3:
            found.append(Disguised(word.folded[::-1], word.folded))
    found += _joined(line)
    return found


LONGEST_SPLIT, LONGEST_GAP = 5, 3
"""In how many pieces a word is looked for, and how many signs may stand between two of them."""


def _joined(line: Line) -> list[Disguised]:
    """Neighbouring pieces as one word; what is looked up in it must reach from the first piece into the last."""
    found: list[Disguised] = []
    for first, word in enumerate(line.words):
        if not word.folded.isalpha():
            continue
        joined = word.folded
        for last in range(first + 1, min(len(line.words), first + LONGEST_SPLIT)):
            piece = line.words[last].folded
            gap = line.text[line.words[last - 1].end : line.words[last].start]
            if not piece.isalpha() or len(gap) > LONGEST_GAP or "'" in gap or ", " in gap:
                break
            joined += piece
            written = line.text[word.start : line.words[last].end]
            found.append(Disguised(joined, written, max(4, len(joined) - len(piece) + 1)))
    return found
