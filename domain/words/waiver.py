"""Legal may let one finding pass: this rule, about exactly this text, in these markets, for this term."""

from collections.abc import Iterable, Sequence
from datetime import date

from callsheet.domain.claim import LegalBook, Waiver
from callsheet.domain.finding import Finding

NEVER_WAIVED = frozenset({"instruction", "release", "cast", "budget", "price", "licence"})
"""Rules that no waiver of wording reaches."""


def waived(
    findings: Iterable[Finding], book: LegalBook, markets: Sequence[str], day: date, locale: str | None = None
) -> tuple[Finding, ...]:
    """The same findings; each that legal waived for exactly its text, in all these markets, becomes a note.

    A finding without a text of its own is about no wording and cannot be waived; one changed letter voids a waiver.
    """
    return tuple(_settled(one, _waiver(one, book.waivers, markets, day, locale)) for one in findings)


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
    evidence = f"{finding.evidence}; waived by legal: {waiver.reason}"
    return finding.model_copy(update={"weight": "notes", "evidence": evidence})
