"""The gate for words. Only approved wording may run, where and while it is approved.

`vet_line` finds claim-like text by rules that are data, takes disguises off first, and passes what it finds only
where it is part of a whole approved wording that nothing beside it turns into another statement.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from callsheet.domain.claim import Claim, LegalBook
from callsheet.domain.record import Record
from callsheet.domain.seen import visible
from callsheet.domain.words.alphabet import borrowed_looks, has_unread_letters, is_foreign, is_han_alone
from callsheet.domain.words.approved import Place, find_approved, in_force, nearest
from callsheet.domain.words.rule import ENGLISH, Rules, code_of, words_of
from callsheet.domain.words.statement import Span, statements, within
from callsheet.domain.words.text import Line, read

_FIX = "use the wording of an approved claim, have one approved under claims, or drop these words"
_ONE_ALPHABET = "write the whole line in one alphabet, without signs in its words"


class ClaimFinding(Record):
    """A line says something that no approved claim covers. Names the words, why, and what would help."""

    line: str
    words: str
    rule: str
    fix: str


class Asked(Record):
    """Where, when and in which language a line would run, and whose names are names in it."""

    markets: tuple[str, ...]
    day: date
    locale: str = "en"
    names: tuple[str, ...] = ()


def vet_line(line: str, book: LegalBook, rules: Rules, asked: Asked) -> tuple[ClaimFinding, ...]:
    """Every claim-like piece of a line that no claim in force in all these markets covers, each once.

    `asked.names` are the product's and the brand's own: in a line they are names and state nothing. A claim in
    force covers only the words of its own whole wording; the nearest one is named where a line misses it.
    """
    if not line.strip():
        return ()
    taken = read(line)
    allowed = in_force(book.claims, asked.markets, asked.day, asked.locale)
    approved = find_approved(taken, allowed)
    covered = _covered(taken, approved, asked.names)
    found = dict.fromkeys((one.rule, one.words) for one in statements(taken, rules, asked.locale, covered))
    fix = _fix_for(line, allowed) if found else _FIX
    findings = [ClaimFinding(line=line, words=words, rule=rule, fix=fix) for rule, words in found]
    findings += _altered(line, taken, approved, rules, asked.locale)
    findings += _unread(line, taken, covered, rules, asked.locale)
    findings += _banned(line, taken, book, asked)
    findings += [
        ClaimFinding(line=line, words=word, rule=rule, fix=_ONE_ALPHABET)
        for rule, word in borrowed_looks(line, approved, asked.names)
    ]
    return tuple(findings)


def _fix_for(line: str, allowed: Sequence[Claim]) -> str:
    near = nearest(line, allowed)
    return f"{_FIX}; the nearest approved wording is {near!r}" if near else _FIX


def _covered(line: Line, approved: Iterable[Place], names: Iterable[str]) -> list[Span]:
    """What stands in an approved wording or is a name, whole words only: `es` takes nothing out of `best`."""
    spans = [(one.start, one.end) for one in approved]
    for name in names:
        if shown := visible(name):
            spans += [match.span() for match in re.finditer(rf"(?<!\w){re.escape(shown)}(?!\w)", line.text)]
    return spans


REACH_BEFORE, REACH_AFTER = 6, 2
"""So many words of the same sentence, before and after an approved wording, can turn it into another statement."""


def _altered(line: str, taken: Line, approved: Sequence[Place], rules: Rules, locale: str) -> list[ClaimFinding]:
    """What stands beside an approved wording and makes another statement of it: `nothing is`, `up to`, `not just`."""
    found: dict[str, ClaimFinding] = {}
    mine = [(one.start, one.end) for one in approved]
    said = list(taken.said)
    for one in approved:
        inside = [at for at, word in enumerate(taken.words) if one.start <= word.start < one.end]
        if not inside:
            continue
        near = [
            *range(max(0, inside[0] - REACH_BEFORE), inside[0]),
            *range(inside[-1] + 1, inside[-1] + 1 + REACH_AFTER),
        ]
        for at in near:
            if at >= len(said) or taken.words[at].sentence != taken.words[inside[0]].sentence:
                continue
            word = taken.words[at]
            if within((word.start, word.end), mine):
                continue
            for code in {code_of(locale), ENGLISH} & rules.lexicons.keys():
                for entry in rules.lexicons[code].modifiers.at(said, at):
                    end = taken.words[at + len(entry.words) - 1].end
                    words = taken.quoted(min(word.start, one.start), max(end, one.end))
                    fix = f"let {taken.quoted(one.start, one.end)!r} stand in a sentence of its own"
                    found.setdefault(words, ClaimFinding(line=line, words=words, rule="altered wording", fix=fix))
    return list(found.values())


def _unread(line: str, taken: Line, covered: list[Span], rules: Rules, locale: str) -> list[ClaimFinding]:
    """A language nobody here has rules for: only wording that legal approved in it may run."""
    bare = [word for word in taken.words if word.folded.isalpha() and not within((word.start, word.end), covered)]
    foreign = bare
    if rules.reads(locale):
        foreign = [word for word in bare if is_foreign(taken.text[word.start : word.end])]
        unread = [word for word in line.split() if has_unread_letters(word)]
        foreign = foreign or (bare if len(unread) >= UNREAD_WORDS or is_han_alone(line, locale) else [])
    if not foreign:
        return []
    words = taken.text[foreign[0].start : foreign[-1].end]
    fix = "nobody here reads this language: legal must approve the exact wording as a claim"
    return [ClaimFinding(line=line, words=words, rule="language", fix=fix)]


UNREAD_WORDS = 2
"""One word with letters of another language may be a name; so many are a language."""


def _banned(line: str, taken: Line, book: LegalBook, asked: Asked) -> list[ClaimFinding]:
    """Subjects this advertiser never touches, wherever one of the markets bans them."""
    found: list[ClaimFinding] = []
    said = taken.said
    for topic in book.topics:
        if not any(topic.holds(market, asked.day, asked.locale) for market in asked.markets):
            continue
        for phrase in topic.words:
            sought = words_of(phrase)
            stands = any(said[at : at + len(sought)] == sought for at in range(len(said))) if sought else False
            if stands or (taken.unspaced and read(phrase).unspaced and read(phrase).unspaced in taken.unspaced):
                why = f" ({topic.reason})" if topic.reason else ""
                fix = f"leave {phrase!r} out: this advertiser does not touch {topic.id}{why}"
                found.append(ClaimFinding(line=line, words=phrase, rule="banned topic", fix=fix))
    return found
