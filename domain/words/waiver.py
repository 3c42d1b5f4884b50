"""Legal may let one finding pass: this rule, about exactly this text, in these markets, for this term."""

from collections.abc import Iterable, Sequence
from datetime import date

from callsheet.domain.claim import LegalBook, Waiver
from callsheet.domain.finding import Finding
from callsheet.domain.words.reviewer import ADDED
from callsheet.domain.words.rule import Rules

NEVER_WAIVED = frozenset({"instruction", "release", "cast", "cast: named", "budget", "price", "licence"})
"""Rules that no waiver of wording reaches."""

_OF_ANY_LANGUAGE = frozenset(
    {
        "altered wording", "banned topic", "disguised word", "hidden direction", "language", "mixed alphabets",
        "not in force", "number",
    }
)  # fmt: skip
_OF_NAMES = frozenset({"names: brand", "names: emblem", "names: public figure"})
WAIVED = "; waived by legal: "
"""Between what a finding noticed and why legal lets it pass."""


def waived(
    findings: Iterable[Finding], book: LegalBook, markets: Sequence[str], day: date, locale: str | None = None
) -> tuple[Finding, ...]:
    """The same findings; each that legal waived for exactly its text, in all these markets, becomes a note.

    A finding without a text of its own is about no wording and cannot be waived; one changed letter voids a waiver.
    """
    return tuple(_settled(one, _waiver(one, book.waivers, markets, day, locale)) for one in findings)


def waivable(rules: Rules) -> tuple[str, ...]:
    """Every rule that a waiver can be about, as findings name it, in the order of the alphabet."""
    stated = {kind for one in rules.languages for kind in (*one.kinds, *one.patterns)}
    return tuple(sorted({f"claims: {kind}" for kind in {*stated, *_OF_ANY_LANGUAGE}} | _OF_NAMES))


def can_waive(rule: str, rules: Rules) -> bool:
    """Whether a waiver can be about this rule. What a second reader added is named as that reader likes."""
    return rule in waivable(rules) or rule.startswith(ADDED)


def in_use(
    findings: Iterable[Finding], book: LegalBook, markets: Sequence[str], day: date, locale: str | None = None
) -> tuple[Waiver, ...]:
    """The waivers by which findings of a clearance became notes, each once, in the order of granting."""
    let_pass = [one for one in findings if one.weight == "notes" and WAIVED in one.evidence]
    used = {found.id for one in let_pass if (found := _waiver(one, book.waivers, markets, day, locale)) is not None}
    return tuple(one for one in book.waivers if one.id in used)


def _waiver(
    finding: Finding, waivers: Iterable[Waiver], markets: Sequence[str], day: date, locale: str | None
) -> Waiver | None:
    if not finding.text or finding.rule in NEVER_WAIVED:
        return None
    for one in waivers:
        if one.rule == finding.rule and one.text == finding.text and one.holds_everywhere(markets, day, locale):
            return one
    return None


def _settled(finding: Finding, waiver: Waiver | None) -> Finding:
    if waiver is None or finding.weight == "notes":
        return finding
    evidence = f"{finding.evidence}{WAIVED}{waiver.reason}"
    return finding.model_copy(update={"weight": "notes", "evidence": evidence})
