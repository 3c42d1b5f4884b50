"""Approved wordings: found whole, as they are read, and only where nothing is glued to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice, product

from callsheet.domain.claim import Claim, LegalBook, is_in_force_everywhere
from callsheet.domain.identity import ClaimId
from callsheet.domain.seen import fold
from callsheet.domain.words.rule import IDEOGRAPHS
from callsheet.domain.words.text import Line, read

MOST_FILLINGS = 2000
"""Filled wordings of one slot template that are known; the ones after it are not approved."""
_OPENS = " \t\n\u3000\"'“”„‚‘«»(（「『[|—;!?…。、！？·•"
_CLOSES = " \t\n\u3000\"'”“’»«)）」』]|—:,;.!?…。、！？·•*†"


_SHORTEST = 3
"""Letters of the shortest wording that a claim may have."""


@dataclass(frozen=True)
class Place:
    """Where an approved wording stands in a line, from `start` to before `end` of its visible text."""

    start: int
    end: int
    claim: Claim


def in_force(claims: Iterable[Claim], markets: Sequence[str], day: date, locale: str) -> tuple[Claim, ...]:
    """The claims that may run in all these markets on that day in that language."""
    return tuple(claim for claim in claims if is_in_force_everywhere(claim, markets, day, locale or None))


@lru_cache(maxsize=2048)
def _filled(text: str, slots: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, ...]:
    used = [(name, values) for name, values in slots if f"{{{name}}}" in text]
    wordings: list[str] = []
    for choice in islice(product(*(values for _, values in used)), MOST_FILLINGS):
        wording = text
        for (name, _), value in zip(used, choice, strict=True):
            wording = wording.replace(f"{{{name}}}", value)
        wordings.append(wording)
    return tuple(wording for wording in wordings if "{" not in wording)


def wordings(claim: Claim) -> tuple[str, ...]:
    """Every exact wording a claim allows: its text, with each slot filled by one of its values."""
    return _filled(claim.text, tuple(sorted(claim.slots.items())))


def disclosures_in_force(book: LegalBook, markets: Sequence[str], day: date, locale: str) -> tuple[Claim, ...]:
    """What legal wants viewers told, as wordings that may run: of the claims in force here, and of the book."""
    told = [one.disclosure for one in in_force(book.claims, markets, day, locale)]
    told += [one.text for one in book.disclosures if any(one.holds(market, day, locale) for market in markets)]
    kept = dict.fromkeys(text for text in told if len(text) >= _SHORTEST)
    return tuple(Claim(id=ClaimId(f"disclosure-{at}"), text=text, approved=True) for at, text in enumerate(kept))


def find_approved(line: Line, claims: Iterable[Claim]) -> tuple[Place, ...]:
    """Every approved wording that stands whole in a line, the longest first."""
    found: list[Place] = []
    for claim in claims:
        for wording in wordings(claim):
            found += [Place(start, end, claim) for start, end in _standing(line, wording)]
    return tuple(sorted(found, key=lambda one: one.start - one.end))


def _standing(line: Line, wording: str) -> list[tuple[int, int]]:
    sought = read(wording)
    if IDEOGRAPHS.search(wording):
        return _standing_unspaced(line, sought)
    size = len(sought.said)
    if not size or size > len(line.said):
        return []
    spans: list[tuple[int, int]] = []
    for at in range(len(line.said) - size + 1):
        if line.said[at] == sought.said[0] and line.said[at : at + size] == sought.said:
            start, end = line.words[at].start, line.words[at + size - 1].end
            same_signs = _sentences(line, at, size) <= _sentences(sought, 0, size)
            if same_signs and _stands_free(line, start, end):
                spans.append((start, end))
    return spans


def _sentences(line: Line, at: int, size: int) -> int:
    return line.words[at + size - 1].sentence - line.words[at].sentence


def _stands_free(line: Line, start: int, end: int) -> bool:
    """Whether nothing is glued to it: `-20%` is not `20%`, and `0.5 g` not `5 g`."""
    before, after = line.text[start - 1 : start] if start else "", line.text[end : end + 2]
    glued_before = bool(before) and before not in _OPENS
    glued_after = bool(after) and (after[0] not in _CLOSES or (after[0] in ".,:" and after[1:].isalnum()))
    return not (glued_before or glued_after)


def _standing_unspaced(line: Line, sought: Line) -> list[tuple[int, int]]:
    """Without spaces a wording counts only between signs that are no letters: 世界最高 is not 最高."""
    spans: list[tuple[int, int]] = []
    wanted = sought.unspaced.rstrip("。.")
    at = line.unspaced.find(wanted) if wanted else -1
    while at >= 0:
        start, end = line.places[at], line.places[at + len(wanted) - 1] + 1
        before, after = line.text[:start], line.text[end:]
        if not (before and before[-1].isalnum()) and not (after and after[0].isalnum()):
            spans.append((start, end))
        at = line.unspaced.find(wanted, at + 1)
    return spans


def nearest(text: str, claims: Iterable[Claim]) -> str:
    """The approved wording most like this line, or nothing."""
    known = {fold(wording): wording for claim in claims for wording in wordings(claim)[:50]}
    close = get_close_matches(fold(text), known, n=1, cutoff=0.55)
    return known[close[0]] if close else ""
