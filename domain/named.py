"""Names of people in running text, however they are written: other cases, accents, genitives, hyphens, no spaces."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from callsheet.domain.seen import fold

Span = tuple[int, int]
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
"""Beginnings of the Unicode names of letters that stand without spaces, or with particles right behind a name."""
_BETWEEN = r"(?:[^\w,;:!?]|_)"
"""What stands between two words of one name, and not between two names."""
_JOINED = 6
"""Letters from which on two words are known for a name even with nothing between them."""
_TURNED = (2, 3)
"""How many words a name has whose last one may come first."""
_LEAST_PART = 3
_LEAST_UNSPACED_PART = 2
_LEAST_UNSPACED_NAME = 4
_LEAST_HAN_NAME = 3
"""Shorter names in one word are words of the language too: such as the future, or cherry blossom."""


def is_telling(name: str) -> bool:
    """Whether a name tells who it is wherever it stands. One word alone may be any word: a Rose, a Mark, a Will."""
    words = _WORD.findall(name)
    if len(words) > 1:
        return sum(map(len, words)) > _LEAST_PART
    is_han = all(unicodedata.name(mark, "").startswith("CJK") for mark in name)
    return _is_unspaced(name) and len(name) >= (_LEAST_HAN_NAME if is_han else _LEAST_UNSPACED_NAME)


def parts_of(name: str) -> tuple[str, ...]:
    """The words of a name that may stand for it among people who know whom they mean; a `von` may not."""
    least = {True: _LEAST_UNSPACED_PART, False: _LEAST_PART}
    return tuple(one for one in _WORD.findall(name) if len(one) >= least[_is_unspaced(one)] and not one[0].islower())


def same(wording: str) -> str:
    """What two spellings of one wording have in common."""
    return " ".join(_WORD.findall(fold(wording)))


def spans(text: str, wordings: Iterable[str]) -> tuple[Span, ...]:
    """Where any of these stands in a text, as a reader sees it: whole words, in any spelling. Longest first.

    A wording with a capital is not found where a small letter begins it, if it is one word: will is no Will.
    """
    found: set[Span] = set()
    line, letters, at = fold(text), "", list[int]()
    for wording in wordings:
        pattern = _pattern(wording)
        if pattern is None or not pattern.search(line):
            continue
        if not at:
            letters, at = _letters(text)
        is_one, is_capital = len(_WORD.findall(wording)) == 1, wording[:1].isupper()
        for hit in pattern.finditer(letters):
            start, end = at[hit.start()], at[hit.end() - 1] + 1
            is_cut = (hit.start() and at[hit.start() - 1] == start) or (hit.end() < len(at) and at[hit.end()] < end)
            if not is_cut and not (is_one and is_capital and text[start].islower()):
                found.add((start, _with_marks(text, end)))
    return tuple(sorted(found, key=lambda one: (one[0] - one[1], one)))


def apart(found: Sequence[Span], others: Sequence[Span] = ()) -> tuple[Span, ...]:
    """These spans put together where they meet, in order, without what is one of the others or a part of one."""
    mine = [one for one in found if not any(_is_within(one, other) for other in others)]
    joined: list[Span] = []
    for start, end in sorted(mine):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def initials(text: str) -> str:
    """What stands for a name where nothing can be taken back."""
    return " ".join(f"{word[0].upper()}." for word in _WORD.findall(text))


def _is_within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


@lru_cache(maxsize=4096)
def _pattern(wording: str) -> re.Pattern[str] | None:
    """What finds a wording in folded text: its words in their order, or the last word first with a comma or so."""
    words = [re.escape(word) for word in _WORD.findall(fold(wording))]
    if not words:
        return None
    is_unspaced = _is_unspaced(wording)
    gap = _BETWEEN + ("{0,3}" if is_unspaced or sum(map(len, words)) >= _JOINED else "{1,3}")
    orders = [gap.join(words)]
    if len(words) in _TURNED:
        orders.append(f"{words[-1]}(?:, ?|{_BETWEEN}{{1,3}}){_BETWEEN.join(words[:-1])}")
    either = "|".join(orders)
    return re.compile(f"(?:{either})" if is_unspaced else rf"(?<![^\W_])(?:{either})(?:e?s)?(?![^\W_])")


@lru_cache(maxsize=4096)
def _is_unspaced(text: str) -> bool:
    return any(unicodedata.name(mark, "").startswith(_UNSPACED) for mark in unicodedata.normalize("NFKC", text))


def _letters(text: str) -> tuple[str, list[int]]:
    """The folded letters of a text, and at which mark of it each one stands."""
    pairs = [(letter, at) for at, mark in enumerate(text) for letter in _letter(mark)]
    return "".join(letter for letter, _ in pairs), [at for _, at in pairs]


@lru_cache(maxsize=4096)
def _letter(mark: str) -> str:
    return " " if mark.isspace() else fold(mark)


def _with_marks(text: str, end: int) -> int:
    """The end of a name with the accents that are written behind its last letter."""
    while end < len(text) and unicodedata.category(text[end]) == "Mn":
        end += 1
    return end
