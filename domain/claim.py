"""What legal has said: claims, disclosures, banned topics and waivers, each in its markets, languages and dates.

Agents draw only from these records, and the gate for words passes only what they cover.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from callsheet.domain.error import Refused
from callsheet.domain.identity import ClaimId, DisclosureId, TopicId, WaiverId
from callsheet.domain.principal import Principal
from callsheet.domain.record import Record

ClaimKind = Literal["claim", "comparison", "superlative"]
EVERYWHERE = "*"
SLOT_NAME = r"[a-z][a-z0-9_]{0,31}"
_SLOT = re.compile(r"\{([^{}]*)\}")


class WaiverRefused(Refused):
    """A finding may not be waived like this, or not by whoever asks for it."""


class Term(Record):
    """Where and when a word of legal's holds. `ends` is the first day without it; `*` is every market or language."""

    locale: str = Field(default=EVERYWHERE, description="BCP 47 tag of the words, such as en or de-CH, or `*`.")
    markets: tuple[str, ...] = (EVERYWHERE,)
    starts: date | None = None
    ends: date | None = None

    def holds(self, market: str, day: date, locale: str | None = None) -> bool:
        """Whether it holds in that market on that day, for words in that language when one is asked about."""
        return (
            (market in self.markets or EVERYWHERE in self.markets)
            and (self.starts is None or self.starts <= day)
            and (self.ends is None or day < self.ends)
            and (locale is None or is_language(locale, self.locale))
        )

    def holds_everywhere(self, markets: Iterable[str], day: date, locale: str | None = None) -> bool:
        """Whether it holds in all these markets. Nowhere is not everywhere."""
        asked = tuple(markets)
        return bool(asked) and all(self.holds(market, day, locale) for market in asked)


class Claim(Term):
    """An approved (or not yet approved) wording, its evidence, its markets and dates.

    `text` may have slots such as `From {price}`; each is filled only with one of the values under its name. A
    `comparison` or `superlative` is never in force without its substantiation: who says better or best must be able to
    show it when asked (in the EU Directive 2006/114/EC, articles 4 and 7; in the US the FTC's substantiation policy).
    """

    id: ClaimId
    kind: ClaimKind = "claim"
    text: str = Field(min_length=3, description="The exact wording that may run.")
    slots: dict[str, tuple[str, ...]] = Field(default={}, description="What each slot may say.")
    approved: bool = False
    substantiation: str = Field(default="", description="Where the evidence is.")
    disclosure: str = Field(default="", description="What must be shown with it.")


class Disclosure(Term):
    """What a viewer must be told: with certain claims, or, when none is named, in every cut."""

    id: DisclosureId
    text: str = Field(min_length=3, max_length=400)
    claims: tuple[ClaimId, ...] = ()


class Topic(Term):
    """A subject that this advertiser never touches, by the words that would touch it."""

    id: TopicId
    words: tuple[str, ...] = Field(min_length=1)
    reason: str = ""


class Waiver(Term):
    """Legal lets one finding pass: this rule, about exactly this text, in these markets, for this term."""

    id: WaiverId
    rule: str = Field(min_length=1)
    text: str = Field(min_length=1, description="The exact text, letter by letter.")
    reason: str = Field(min_length=3)
    by: Principal
    at: AwareDatetime


class LegalBook(Record):
    """Everything legal has said that concerns one campaign, as it stands at one moment."""

    claims: tuple[Claim, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    topics: tuple[Topic, ...] = ()
    waivers: tuple[Waiver, ...] = ()


def is_language(locale: str, asked: str) -> bool:
    """Whether words in `locale` are in the language that was asked for: `en-GB` is `en`, and not `en-US`."""
    one, other = locale.casefold(), asked.casefold()
    return other in (EVERYWHERE, one) or one.startswith(f"{other}-")


def slots_of(text: str) -> tuple[str, ...]:
    """The names of the slots in a wording, in order, each once."""
    return tuple(dict.fromkeys(_SLOT.findall(text)))


def slot_faults(text: str, slots: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What keeps a wording's slots from being filled, each as a sentence; none when all is well."""
    named = slots_of(text)
    faults = [
        f"the slot {{{name}}} must be named in small letters, digits and _, such as {{price}}"
        for name in named
        if not re.fullmatch(SLOT_NAME, name)
    ]
    faults += [f"the slot {{{name}}} of the wording has no values" for name in named if not slots.get(name)]
    faults += [f"the wording has no slot {{{name}}}" for name in slots if name not in named]
    return tuple(faults)


def lacks(claim: Claim, markets: Iterable[str], day: date, locale: str | None = None) -> str:
    """Why a claim may not run in all these markets on that day, in the order in which it would be mended; or nothing.

    Nowhere is not everywhere: without a market, no claim is in force.
    """
    asked = tuple(markets)
    outside = [one for one in asked if one not in claim.markets and EVERYWHERE not in claim.markets]
    if not claim.approved:
        return "not approved"
    if claim.kind != "claim" and not claim.substantiation.strip():
        return f"a {claim.kind} without substantiation"
    if faults := slot_faults(claim.text, claim.slots):
        return faults[0]
    if claim.ends is not None and day >= claim.ends:
        return f"ended on {claim.ends}"
    if claim.starts is not None and day < claim.starts:
        return f"starts on {claim.starts}"
    if outside or not asked:
        return f"not approved for {', '.join(outside) or 'any market'}"
    if locale is not None and not is_language(locale, claim.locale):
        return f"not approved for words in {locale}"
    return ""


def is_in_force(claim: Claim, market: str, day: date) -> bool:
    """Whether the claim may be used in that market on that day."""
    return not lacks(claim, (market,), day)


def is_in_force_everywhere(claim: Claim, markets: Iterable[str], day: date, locale: str | None = None) -> bool:
    """Whether the claim may be used in all these markets on that day. Nowhere is not everywhere."""
    return not lacks(claim, markets, day, locale)


def refuse_machine(principal: Principal, deed: str) -> None:
    """Legal's word is a person's word. Raises WaiverRefused for a written policy, and so for every model and agent."""
    if principal.authenticated == "policy":
        raise WaiverRefused(
            f"{principal.name} is a written policy and may not {deed}: only a person may. "
            f"Do it yourself with: callsheet claims --help"
        )


def check_waiver(waiver: Waiver, today: date) -> None:
    """Whether a waiver is as narrow as the law of the house wants it, and a person's. Raises WaiverRefused."""
    refuse_machine(waiver.by, "waive a finding")
    if not waiver.markets or EVERYWHERE in waiver.markets:
        raise WaiverRefused("A waiver names its markets one by one, such as --market US; it never holds everywhere.")
    if waiver.ends is None:
        raise WaiverRefused("A waiver has a term: say the first day without it, such as --until 2027-01-31.")
    if waiver.ends <= today or (waiver.starts is not None and waiver.ends <= waiver.starts):
        raise WaiverRefused(f"A waiver until {waiver.ends} would never hold; name a later day with --until.")
