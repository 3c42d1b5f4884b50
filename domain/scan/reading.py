"""Reading what a machine read: letters as an OCR confuses them, and what is left of a line that nobody ordered."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from callsheet.domain.seen import fold

_CONFUSED = str.maketrans("i1|!05", "llllos")
"""What OCR takes for one another; each group becomes one letter."""
_LEAST_BLOCK = 4
"""Fewer letters than this in common are chance."""
_MISREAD = 6
"""One letter in so many may be misread."""
_SPARE = 2

_SIGN = r"[$€£¥₹]"
_UNIT = r"(?:usd|eur|gbp|chf|dollars?|euros?|pounds?|cents?|bucks|per\s?cent|prozent)"
_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)"
)
_PRICE = re.compile(
    rf"{_SIGN}\s?\d|\d\s?(?:{_SIGN}|%)|\d[.,]\d\d(?!\d)|(?:\d|\b{_NUMBER_WORD})[\s-]?{_UNIT}\b"
    r"|\bhalf (?:the )?price\b|\b(?:for|it'?s) free\b|\b\d+\s?off\b",
    re.IGNORECASE,
)
_RUN = re.compile(
    rf"(?:[-−–+]\s?)?(?:\d+(?:[.,]\d+)*|{_SIGN}|%|\b{_NUMBER_WORD}|(?:\b|(?<=\d)){_UNIT}\b|\boff\b)"
    rf"(?:[\s−–+-]*(?:\d+(?:[.,]\d+)*|{_SIGN}|%|{_NUMBER_WORD}|{_UNIT}\b|off\b))*",
    re.IGNORECASE,
)
"""Figures with their sign and unit, as many as stand in a row."""
_FIGURES = re.compile(r"\d+")
_SURE_FIGURE = re.compile(r"[2-46-9]")
"""Figures that OCR takes for no letter."""
_FIGURED = re.compile(r"[^\W_]*\d[^\W_]*")
_LEAST_NAME = 3
_SLATE_SHARED, _SLATE_OF = 4, 5
"""Four letters in five: our own figure, from slates of 8 pixels as OCR reads them."""


def letters(text: str) -> str:
    """The letters and figures of a text in the form in which a misreading makes no difference; no spaces."""
    return "".join(mark for mark in fold(text) if mark.isalnum() or mark in "|!").translate(_CONFUSED)


def names_a_price(text: str) -> bool:
    """Whether a text looks like a price, a discount or a percentage."""
    return _PRICE.search(_plain(text)) is not None


def unordered_price(text: str, permitted: Iterable[str]) -> bool:
    """Whether a text names a price that does not stand, figures and sign and unit, in one permitted phrase."""
    named = _prices(text)
    return bool(named) and not any(named <= _prices(phrase) for phrase in permitted)


def _prices(text: str) -> frozenset[str]:
    """Every price that a text names, each with all of its figures, so that $4 is not found in $49."""
    text = _plain(text)
    runs = [found for found in _RUN.finditer(text) if _PRICE.search(found.group())]
    others = [
        found
        for found in _PRICE.finditer(text)
        if not any(run.start() < found.end() and found.start() < run.end() for run in runs)
    ]
    return frozenset(re.sub(r"\s+|(?<=\w)-(?=[^\W\d])", "", found.group()) for found in (*runs, *others))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def unordered(text: str, permitted: Iterable[str]) -> int:
    """How many letters of a text nobody permitted; a few letters may be misread, figures never. 0: it is as ordered."""
    phrases = tuple(permitted)
    line = letters(text)
    covered = [False] * len(line)
    for phrase in phrases:
        _cover(line, letters(phrase), covered)
    strange = _strange_figures(text, phrases)
    left = covered.count(False)
    if strange or any(is_figure and not done for is_figure, done in zip(_figures(text, phrases), covered, strict=True)):
        return max(left, 1)
    return 0 if left <= max(_SPARE, len(line) // _MISREAD) and left < len(line) else left


def is_slate(text: str, slate: str) -> bool:
    """Whether a line is what a machine made of a slate: nearly all of its letters stand in it, in their order.

    Small type runs together, so that shot 1 of 4 seconds reads as shot 14.
    """
    line = letters(text)
    shared = SequenceMatcher(None, line, letters(slate), autojunk=False).get_matching_blocks()
    of_slate = sum(block.size for block in shared if block.size > 1)  # single letters are shared by chance
    return bool(line) and of_slate * _SLATE_OF >= len(line) * _SLATE_SHARED


def _strange_figures(text: str, phrases: Sequence[str]) -> bool:
    """Whether a number stands in a text and in no permitted phrase, unless it may be a misread phrase itself."""
    known = {number for phrase in phrases for number in _FIGURES.findall(fold(phrase))}
    words = {letters(word) for phrase in phrases for word in (phrase, *fold(phrase).split())}
    for word in _FIGURED.findall(fold(text)):
        for number in _FIGURES.findall(word):
            is_misread = letters(number) in words or not (word == number or _SURE_FIGURE.search(number))
            if number not in known and not is_misread:
                return True
    return False


def _figures(text: str, phrases: Sequence[str]) -> list[bool]:
    """Which letters of a line are figures of a number that no phrase has."""
    seen = fold(text)
    known = {number for phrase in phrases for number in _FIGURES.findall(fold(phrase))}
    strange = {at for one in _FIGURES.finditer(seen) if one.group() not in known for at in range(*one.span())}
    return [at in strange for at, mark in enumerate(seen) if mark.isalnum() or mark in "|!"]


def _cover(line: str, phrase: str, covered: list[bool]) -> None:
    if not phrase:
        return
    start = line.find(phrase)
    while start >= 0:
        covered[start : start + len(phrase)] = [True] * len(phrase)
        start = line.find(phrase, start + len(phrase))
    for block in SequenceMatcher(None, line, phrase, autojunk=False).get_matching_blocks():
        if block.size >= _LEAST_BLOCK:
            covered[block.a : block.a + block.size] = [True] * block.size


def masked(text: str, people: Sequence[str]) -> str:
    """A text with the names of people cut to initials: what is written down forever names nobody."""
    for name in sorted(filter(None, people), key=len, reverse=True):
        text = _without(text, name, " ".join(f"{part[:1].upper()}." for part in name.split()))
    return text


def known_by(names: Iterable[str]) -> tuple[str, ...]:
    """The names of people, whole and word for word: a first name or a surname alone tells who it is, too."""
    whole = tuple(names)
    parts = (part for name in whole for part in name.split() if len(letters(part)) >= _LEAST_NAME)
    return tuple(dict.fromkeys((*whole, *parts)))


def _without(text: str, name: str, initials: str) -> str:
    """A text in which initials stand for a name, however it was read: other letters for some, spaces lost."""
    marks = [(letter, at) for at, mark in enumerate(text) for letter in letters(mark)]
    line, wanted = "".join(letter for letter, _ in marks), letters(name)
    spans: list[tuple[int, int]] = []
    start = line.find(wanted) if wanted else -1
    while start >= 0:
        begin, end = marks[start][1], marks[start + len(wanted) - 1][1] + 1
        is_word = not (text[begin - 1 : begin].isalnum() or text[end : end + 1].isalnum())
        if is_word or len(name.split()) > 1:
            spans.append((begin, end))
        start = line.find(wanted, start + len(wanted))
    for begin, end in reversed(spans):
        text = text[:begin] + initials + text[end:]
    return text
