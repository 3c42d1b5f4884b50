"""Reading what a machine read: letters as an OCR confuses them, and what is left of a line that nobody ordered."""

import re
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


def letters(text: str) -> str:
    """The letters and figures of a text in the form in which a misreading makes no difference; no spaces."""
    return "".join(mark for mark in fold(text) if mark.isalnum() or mark in "|!").translate(_CONFUSED)


def names_a_price(text: str) -> bool:
    """Whether a text looks like a price, a discount or a percentage."""
    return _PRICE.search(text) is not None


def unordered(text: str, permitted: Iterable[str]) -> int:
    """How many letters of a text nobody permitted; a few may be misread. 0: it is as ordered."""
    line = letters(text)
    covered = [False] * len(line)
    for phrase in permitted:
        _cover(line, letters(phrase), covered)
    left = covered.count(False)
    return 0 if left <= max(_SPARE, len(line) // _MISREAD) and left < len(line) else left


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
        initials = " ".join(f"{part[:1].upper()}." for part in name.split())
        text = re.sub(re.escape(name), initials, text, flags=re.IGNORECASE)
    return text
