"""A claim is an objective statement about the product. Only approved wording may run, where and while it is approved.

`vet_line` finds claim-like text by rule (numbers, percentages, superlatives, comparisons, health, price and
guarantee language) and passes it only where an approved claim says the same.
"""

import re
import unicodedata
from datetime import date

from pydantic import Field

from callsheet.domain.identity import ClaimId
from callsheet.domain.record import Record


class Claim(Record):
    """An approved (or not yet approved) wording, its evidence, its markets and dates."""

    id: ClaimId
    text: str = Field(min_length=3, description="The exact wording that may run.")
    approved: bool = False
    substantiation: str = Field(default="", description="Where the evidence is.")
    disclosure: str = Field(default="", description="What must be shown with it.")
    markets: tuple[str, ...] = ("*",)
    starts: date | None = None
    ends: date | None = None


class ClaimFinding(Record):
    """A line says something that no approved claim covers. Names the words, why, and what would help."""

    line: str
    words: str
    rule: str
    fix: str


_RULES: tuple[tuple[str, str], ...] = (
    ("number", r"\d[\d.,]*\s*(?:%|percent|x\b|times\b|[a-z]{1,12})?"),
    ("number in words", r"\b(?:half|twice|double|triple|third|quarter|hundred|thousand|million|percent)\b"),
    ("superlative", r"\b(?:best|most|least|fastest|lightest|strongest|cheapest|safest|finest|greatest|leading|"
                    r"number one|no\.? ?1|ultimate|unbeatable|perfect|only)\b"),
    ("comparison", r"\b(?:better|faster|lighter|stronger|cheaper|safer|longer|more|less|fewer)\b(?:\s+\w+){0,3}\s+than\b"),
    ("guarantee", r"\b(?:guarantee[ds]?|always|never|proven|certified|clinically|scientifically|risk[- ]free)\b"),
    ("health", r"\b(?:cures?|heals?|prevents?|treats?|relieves?|healthy|healthier|medical|doctor)\b"),
    ("price", r"(?:[$€£]\s*\d|\bfree\b|\bdiscount|\bsale\b|\bcheap\b|\blowest price)"),
)


def fold(text: str) -> str:
    """Reduce a line to what a reader sees: compatibility forms, no case, single spaces, no invisible marks."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(mark for mark in plain if unicodedata.category(mark) not in {"Cf", "Mn"})
    return re.sub(r"\s+", " ", plain).strip().casefold()


def is_in_force(claim: Claim, market: str, day: date) -> bool:
    """Whether the claim may be used in that market on that day."""
    return (
        claim.approved
        and (market in claim.markets or "*" in claim.markets)
        and (claim.starts is None or claim.starts <= day)
        and (claim.ends is None or day < claim.ends)
    )


def vet_line(line: str, claims: tuple[Claim, ...], markets: tuple[str, ...], day: date) -> tuple[ClaimFinding, ...]:
    """Every claim-like piece of a line that no claim in force in all these markets covers."""
    seen = fold(line)
    allowed = [fold(claim.text) for claim in claims if all(is_in_force(claim, market, day) for market in markets)]
    for wording in sorted(allowed, key=len, reverse=True):
        seen = re.sub(rf"(?<!\w){re.escape(wording.rstrip('.'))}(?!\w)", " ", seen)
    findings: list[ClaimFinding] = []
    for rule, pattern in _RULES:
        for match in re.finditer(pattern, seen):
            findings.append(
                ClaimFinding(
                    line=line,
                    words=match.group().strip(),
                    rule=rule,
                    fix="use the wording of an approved claim, have one approved under claims, or drop these words",
                )
            )
    return tuple(findings)
