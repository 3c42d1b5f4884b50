"""Claim-like statements in a line: by the phrases and patterns of its languages, and in words put together again."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from callsheet.domain.seen import fold
from callsheet.domain.words.rule import Ear, Entry, Lexicon, Phrases, Rules
from callsheet.domain.words.text import Line, disguised

Span = tuple[int, int]


class Statement(NamedTuple):
    """A claim-like piece of a line: the rule, the words as they stand, and where."""

    rule: str
    words: str
    start: int
    end: int


def within(span: Span, covered: Iterable[Span]) -> bool:
    """Whether a span lies whole in one of the others."""
    return any(start <= span[0] and span[1] <= end for start, end in covered)


def statements(line: Line, rules: Rules, locale: str, covered: list[Span]) -> list[Statement]:
    """Every claim-like piece outside the covered spans, each once, in the order of the line."""
    ear = rules.ear(locale)
    free = [*covered, *_ordinary(line, ear.ordinary), *_scenes(line, ear)]
    spoken = [one for one in ear.others if len(one.function_words.intersection(line.said)) >= SMALL_WORDS]
    found = [one for one in _all(line, ear, spoken) if not within((one.start, one.end), free)]
    found += _unspaced(line, ear, covered)
    found += (one for one in _put_together(line, ear, spoken) if not within((one.start, one.end), free))
    return _widest(found)


SMALL_WORDS = 2
"""So many different small words of a language in a line say that the language is spoken in it."""
_FIGURES = {"number", "percentage", "price"}


def _widest(found: list[Statement]) -> list[Statement]:
    """Without what lies in another piece of the same rule; a figure in a price or a percentage is that."""
    kept: list[Statement] = []
    for one in sorted(set(found), key=lambda each: (each.start, -each.end, each.rule == "number")):
        if not any(
            other.start <= one.start
            and one.end <= other.end
            and (other.rule == one.rule or (one.rule == "number" and other.rule in _FIGURES))
            for other in kept
        ):
            kept.append(one)
    return kept


def _all(line: Line, ear: Ear, spoken: list[Lexicon]) -> Iterator[Statement]:
    phrases = (ear.claims, ear.abroad, *(one.claims for one in spoken))
    at_home = (*ear.home, *spoken)
    for at in range(len(line.said)):
        for some in phrases:
            for entry in some.at(line.said, at):
                if len(entry.words) == 1 or not _PAUSE.search(line.text, line.words[at].end, _end(line, at, entry)):
                    yield _stated(line, entry.rule, at, at + len(entry.words))
        for lexicon in ear.counting:
            yield from _counted(line, at, lexicon)
    folded, places = folded_with_places(line)
    for lexicon in at_home:
        for rule, pattern in lexicon.patterns:
            for match in pattern.finditer(folded):
                if rule != "number" or not (_tells_time(folded, match) or _is_copyright(folded, match)):
                    start, end = match.span("what" if "what" in pattern.groupindex else 0)
                    span = places[start], places[end - 1] + 1
                    yield Statement(rule, match.group().strip(), *span)


_PAUSE = re.compile(r"[,;:!?。、()]|\.\s")
"""What parts two words that would be a phrase together: `No, more.`"""


def _end(line: Line, at: int, entry: Entry) -> int:
    return line.words[at + len(entry.words) - 1].start


def _stated(line: Line, rule: str, first: int, after: int) -> Statement:
    start, end = line.words[first].start, line.words[after - 1].end
    return Statement(rule, line.quoted(start, end), start, end)


LEAST_COUNTED = 4
"""Letters of a word that a number of several parts counts, whatever it is: thirty-five nights."""


def _counted(line: Line, at: int, lexicon: Lexicon) -> Iterator[Statement]:
    """A number word beside what it counts: `fifty miles`. Nobody says one of several parts, thirty-five, by the way."""
    said, after = line.said, at + lexicon.number_at(line.said, at)
    if not at < after < len(said):
        return
    if units := lexicon.units.at(said, after):
        yield _stated(line, "number in words", at, after + len(units[0].words))
    elif lexicon.is_put_together(said[at:after]) and _is_counted(line, after, lexicon):
        yield _stated(line, "number in words", at, after + 1)


def _is_counted(line: Line, at: int, lexicon: Lexicon) -> bool:
    word, gap = line.said[at], line.text[line.words[at - 1].end : line.words[at].start]
    is_noun = len(word) >= LEAST_COUNTED and word.isalpha() and word not in lexicon.function_words
    return is_noun and line.words[at].sentence == line.words[at - 1].sentence and not gap.strip()


def folded_with_places(line: Line) -> tuple[str, list[int]]:
    """The visible text folded sign by sign, and where each sign of it came from."""
    if line.text.isascii():
        return line.text.casefold().replace("\n", " "), list(range(len(line.text)))
    pieces = [(" " if mark.isspace() else fold(mark), place) for place, mark in enumerate(line.text)]
    return "".join(piece for piece, _ in pieces), [place for piece, place in pieces for _ in piece]


_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[:.h][0-5]\d(?:\s*(?:a|p)\.?m\b)?|(?:1[0-2]|[1-9])\s*(?:a|p)\.?m\b")
_SPAN_OF_TIME = re.compile(r"\b(?:in|under|within|only|just|nur|en|solo|em|so|dans|binnen)\s*$")


def _tells_time(folded: str, match: re.Match[str]) -> bool:
    """Whether a figure is the hour: 5:30, 6 a.m. A length of time is a statement."""
    clock = _CLOCK.match(folded, match.start())
    after = folded[clock.end() : clock.end() + 1] if clock else ""
    return clock is not None and not after.isalnum() and not _SPAN_OF_TIME.search(folded, 0, match.start())


_COPYRIGHT = re.compile(r"(?:©|\(c\)|\bcopyright)\s*(?:(?:19|20)\d\d\s*[-–,]\s*)?$")
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")


def _is_copyright(folded: str, match: re.Match[str]) -> bool:
    """Whether a figure is the year of a copyright notice."""
    is_year = _YEAR.match(folded, match.start()) is not None
    return is_year and _COPYRIGHT.search(folded, 0, match.start()) is not None


def _ordinary(line: Line, phrases: Phrases) -> list[Span]:
    """Phrases that state nothing, though a word in them could."""
    found = [(at, entry) for at in range(len(line.said)) for entry in phrases.at(line.said, at)]
    return [(line.words[at].start, line.words[at + len(entry.words) - 1].end) for at, entry in found]


def _scenes(line: Line, ear: Ear) -> Iterator[Span]:
    """What is said of a scene and not of a product: the bus that is always late."""
    folded, places = folded_with_places(line)
    for lexicon in ear.home:
        for pattern in lexicon.scenes:
            for found in pattern.finditer(folded):
                yield places[found.start()], places[found.end() - 1] + 1


SHORTEST_STEM = 6
"""The beginning of a word, to be found across a gap, is at least this long: `join the` is no joint."""


def _put_together(line: Line, ear: Ear, spoken: list[Lexicon]) -> Iterator[Statement]:
    """Listed words in what was spelled out, stretched, split or turned round; never the ends of two honest words."""
    phrases = (ear.claims, ear.abroad, *(one.claims for one in spoken))
    for one in disguised(line):
        for some in phrases:
            for entry in some.at((one.word,), 0):
                if len(entry.words[0]) >= max(one.least, SHORTEST_STEM if entry.open_ended and one.least > 4 else 0):
                    at = max(0, line.text.casefold().find(one.written.casefold()))
                    yield Statement(entry.rule, one.written.casefold(), at, at + len(one.written))


def _unspaced(line: Line, ear: Ear, covered: list[Span]) -> Iterator[Statement]:
    """Phrases of a language without spaces, wherever they stand."""
    if not line.unspaced:
        return
    free = [*covered, *(span for entry in ear.ordinary.unspaced for span in _runs(line, entry.words[0]))]
    for some in (ear.claims, ear.abroad):
        for entry in some.unspaced:
            for span in _runs(line, entry.words[0]):
                if not within(span, free):
                    yield Statement(entry.rule, entry.words[1], *span)


def _runs(line: Line, sought: str) -> Iterator[Span]:
    at = line.unspaced.find(sought)
    while at >= 0:
        yield line.places[at], line.places[at + len(sought) - 1] + 1
        at = line.unspaced.find(sought, at + 1)


def folded_signs(line: Line) -> str:
    """The visible text of a line, folded sign by sign, as patterns read it."""
    return folded_with_places(line)[0]
