"""The gate for words. Only approved wording may run, where and while it is approved.

`vet_line` finds claim-like text by rules that are data, takes disguises off first, and passes what it finds only
where it is part of a whole approved wording that nothing beside it turns into another statement.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from callsheet.domain.claim import Claim, LegalBook, lacks
from callsheet.domain.record import Record
from callsheet.domain.seen import visible
from callsheet.domain.words.alphabet import borrowed_looks, has_unread_letters, is_foreign, is_han_alone
from callsheet.domain.words.approved import Place, disclosures_in_force, find_approved, in_force, nearest
from callsheet.domain.words.missed import near_misses
from callsheet.domain.words.reread import readings, tagged
from callsheet.domain.words.rule import ENGLISH, IDEOGRAPHS, Rules, code_of
from callsheet.domain.words.statement import Span, statements, within
from callsheet.domain.words.text import Line, read
from callsheet.domain.words.topic import banned_words

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
    told = disclosures_in_force(book, asked.markets, asked.day, asked.locale)
    approved = (*find_approved(taken, allowed), *find_approved(taken, told))
    covered = _covered(taken, approved, asked.names)
    found = dict.fromkeys((one.rule, one.words) for one in statements(taken, rules, asked.locale, covered))
    found |= dict.fromkeys(_reread(line, rules, asked, approved))
    fix = _fix_for(line, allowed) if found else _FIX
    findings = [ClaimFinding(line=line, words=words, rule=rule, fix=fix) for rule, words in found]
    findings += _altered(line, taken, approved, rules, asked.locale)
    findings += _missed(line, taken, allowed, approved, rules, asked.locale)
    findings += _unread(line, taken, covered, rules, asked.locale)
    findings += banned_topics(line, taken, book, rules, asked)
    findings += _elsewhere(line, taken, book, approved, asked)
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
            spans += [match.span() for match in re.finditer(_whole(shown), line.text)]
    return spans


_NO_LETTER, _NO_LATIN = r"\w", rf"[^\W{IDEOGRAPHS.pattern[1:-1]}]"


def _whole(name: str) -> str:
    """A pattern for a name that nothing is glued to; a Latin one may touch kana and kanji, which have no spaces."""
    first, last = (_NO_LETTER if IDEOGRAPHS.match(mark) else _NO_LATIN for mark in (name[0], name[-1]))
    return rf"(?<!{first}){re.escape(name)}(?!{last})"


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


def _missed(
    line: str, taken: Line, allowed: Sequence[Claim], approved: Sequence[Place], rules: Rules, locale: str
) -> list[ClaimFinding]:
    """A sentence that has everything of an approved wording but its figure: another figure, or none."""
    return [
        ClaimFinding(line=line, words=words, rule="altered wording", fix=f"{_FIX}; the approved wording is {wording!r}")
        for words, wording in near_misses(taken, allowed, approved, rules, locale)
    ]


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


def banned_topics(line: str, taken: Line, book: LegalBook, rules: Rules, asked: Asked) -> list[ClaimFinding]:
    """Subjects this advertiser never touches, wherever one of the markets bans them."""
    found: list[ClaimFinding] = []
    for topic in book.topics:
        if any(topic.holds(market, asked.day, asked.locale) for market in asked.markets):
            why = f" ({topic.reason})" if topic.reason else ""
            for phrase in banned_words(taken, topic, rules.subjects, asked.locale):
                fix = f"leave {phrase!r} out: this advertiser does not touch {topic.id}{why}"
                found.append(ClaimFinding(line=line, words=phrase, rule="banned topic", fix=fix))
    return found


def _elsewhere(line: str, taken: Line, book: LegalBook, approved: Sequence[Place], asked: Asked) -> list[ClaimFinding]:
    """A wording that legal has as a claim, and that may not run here: unapproved, ended, or of another market."""
    allowed = {one.claim.id for one in approved}
    others = [one for one in book.claims if one.id not in allowed and _lacks(one, asked)]
    mine = [(one.start, one.end) for one in approved]
    found: list[ClaimFinding] = []
    for place in find_approved(taken, others):
        words = taken.quoted(place.start, place.end)
        if not within((place.start, place.end), mine) and (" " in words or not words.isascii()):
            fix = f"claim {place.claim.id} is {_lacks(place.claim, asked)}: have it approved for here, or drop it"
            found.append(ClaimFinding(line=line, words=words, rule="not in force", fix=fix))
    return found


def _lacks(claim: Claim, asked: Asked) -> str:
    return lacks(claim, asked.markets, asked.day, asked.locale)


def _reread(line: str, rules: Rules, asked: Asked, approved: Sequence[Place]) -> Iterator[tuple[str, str]]:
    """Statements in what becomes of a line when tags and joined words are taken apart."""
    known = [*asked.names, *(read(line).text[one.start : one.end] for one in approved)]
    for other in readings(line, known):
        taken = read(other)
        covered = _covered(taken, (), asked.names)
        yield from ((one.rule, one.words) for one in statements(taken, rules, asked.locale, covered))
    yield from tagged(read(line), rules.ear(asked.locale))
