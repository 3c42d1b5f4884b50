"""A sentence that is an approved wording with another figure in it, or with none: three movements become two."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby

from callsheet.domain.claim import Claim
from callsheet.domain.words.approved import Place, wordings
from callsheet.domain.words.rule import IDEOGRAPHS, Lexicon, Rules, code_of
from callsheet.domain.words.text import Line, read

_STEM, _SHORTEST = 5, 4
"""Letters by which two forms of a word are one, and of the shortest word that says what a wording is about."""
_LEAST_WORDS = 2
_LONGER = 3
"""So many words more than the wording a sentence may have."""
_ALIKE = 0.7
"""Our own figure: how much of a wording without spaces another one shares with it, to be a form of it."""
_FIGURE = re.compile(r"[0-9一二三四五六七八九十百千万]")
_MOST_WORDINGS = 50


def near_misses(
    line: Line, allowed: Sequence[Claim], approved: Sequence[Place], rules: Rules, locale: str
) -> Iterator[tuple[str, str]]:
    """The sentence and the wording that it misses. A sentence with that very claim in it misses nothing."""
    lexicon = rules.lexicons.get(code_of(locale))
    if lexicon is None:
        return
    for start, end, said in _sentences(line):
        quoted = line.quoted(start, end)
        standing = {one.claim.id for one in approved if start <= one.start < end}
        for claim in allowed:
            if claim.id in standing:
                continue
            for wording in wordings(claim)[:_MOST_WORDINGS]:
                if _is_missed(quoted, said, wording, lexicon):
                    yield quoted, wording


def _sentences(line: Line) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for _, some in groupby(line.words, key=lambda word: word.sentence):
        words = tuple(some)
        yield words[0].start, words[-1].end, tuple(word.folded for word in words)


def _is_missed(quoted: str, said: tuple[str, ...], wording: str, lexicon: Lexicon) -> bool:
    if IDEOGRAPHS.search(wording):
        wanted, found = read(wording).unspaced.rstrip("。."), read(quoted).unspaced.rstrip("。.")
        return bool(_FIGURE.search(wanted)) and SequenceMatcher(None, wanted, found).ratio() >= _ALIKE
    words = read(wording).said
    about = _about(words, lexicon)
    if len(about) < _LEAST_WORDS or not _has_figure(words, lexicon) or len(said) > len(words) + _LONGER:
        return False
    stems = iter(word[:_STEM] for word in said)
    return all(stem in stems for stem in about)


def _has_figure(words: Sequence[str], lexicon: Lexicon) -> bool:
    return any(word[0].isdigit() or lexicon.is_number(words, at) for at, word in enumerate(words))


def _about(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    """The words that say what a wording is about, by their stems: neither figures nor small words.

    What a figure counts is part of it, so that an hour is another figure than thirty minutes, where enough is left.
    """
    about = [
        (at, word[:_STEM])
        for at, word in enumerate(words)
        if len(word) >= _SHORTEST
        and word.isalpha()
        and not lexicon.is_number(words, at)
        and word not in lexicon.function_words
    ]
    bare = [stem for at, stem in about if not lexicon.units.at(words, at)]
    return bare if len(bare) >= _LEAST_WORDS else [stem for _, stem in about]
