"""A claim is an objective statement about the product. Only approved wording may run, where and while it is approved.

`vet_line` finds claim-like text by rule (numbers, percentages, superlatives, comparisons, health, price and
guarantee language) and passes it only where an approved claim says the same.
"""

import re
import unicodedata
from collections.abc import Iterable
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
    (
        "superlative",
        r"\b(?:best|most|least|fastest|lightest|strongest|cheapest|safest|finest|greatest|leading|"
        r"number one|no\.? ?1|ultimate|unbeatable|perfect|only)\b",
    ),
    (
        "comparison",
        r"\b(?:better|faster|lighter|stronger|cheaper|safer|longer|more|less|fewer)\b(?:\s+\w+){0,3}\s+than\b",
    ),
    ("guarantee", r"\b(?:guarantee[ds]?|always|never|proven|certified|clinically|scientifically|risk[- ]free)\b"),
    ("health", r"\b(?:cures?|heals?|prevents?|treats?|relieves?|healthy|healthier|medical|doctor)\b"),
    ("price", r"(?:[$€£]\s*\d|\bfree\b|\bdiscount|\bsale\b|\bcheap\b|\blowest price)"),
)


_CYRILLIC = (
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458\u0501\u051b\u051d\u04bb"
)
_GREEK = (
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03b1\u03b2\u03b5\u03b7\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
)
_OTHER = "\u0131\u0261\u0251\u0578\u057d\u0585\u0581"
_LOOKS_LIKE = str.maketrans(
    _CYRILLIC + _GREEK + _OTHER,
    "ABEKMHOPCTYXSIJabekmhopctyxsijdqwhABEZHIKMNOPTYXabenikvoptuxiganuog",
)
"""Letters of other scripts that a reader takes for Latin ones."""

_UNSEEN = {"Cc", "Cf", "Mn", "Me"}
_FILLERS = "\u115f\u1160"
"""Letters by name that draw nothing."""


def fold(text: str) -> str:
    """Reduce a line to what a reader sees: letters by their look, no case, no accents, single spaces."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\s+", " ", text))
    seen = "".join(mark for mark in plain if unicodedata.category(mark) not in _UNSEEN and mark not in _FILLERS)
    return re.sub(r"\s+", " ", seen.translate(_LOOKS_LIKE)).strip().casefold()


def is_in_force(claim: Claim, market: str, day: date) -> bool:
    """Whether the claim may be used in that market on that day."""
    return (
        claim.approved
        and (market in claim.markets or "*" in claim.markets)
        and (claim.starts is None or claim.starts <= day)
        and (claim.ends is None or day < claim.ends)
    )


def is_in_force_everywhere(claim: Claim, markets: Iterable[str], day: date) -> bool:
    """Whether the claim may be used in all these markets on that day. Nowhere is not everywhere."""
    asked = tuple(markets)
    return bool(asked) and all(is_in_force(claim, market, day) for market in asked)


def vet_line(line: str, claims: tuple[Claim, ...], markets: tuple[str, ...], day: date) -> tuple[ClaimFinding, ...]:
    """Every claim-like piece of a line that no claim in force in all these markets covers."""
    seen = fold(line)
    allowed = [fold(claim.text) for claim in claims if is_in_force_everywhere(claim, markets, day)]
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
