"""What legal has said: claims, disclosures, banned topics and waivers, each in its markets, languages and dates.

Agents draw only from these records, and the gate for words passes only what they cover.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from callsheet.domain.identity import ClaimId, DisclosureId, TopicId, WaiverId
from callsheet.domain.principal import Principal
from callsheet.domain.record import Record

ClaimKind = Literal["claim", "comparison", "superlative"]
EVERYWHERE = "*"


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

    `text` may have slots such as `From {price}`; each is filled only with one of the values under its name.
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
    rule: str
    text: str
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


def is_in_force(claim: Claim, market: str, day: date) -> bool:
    """Whether the claim may be used in that market on that day."""
    return claim.approved and claim.holds(market, day)


def is_in_force_everywhere(claim: Claim, markets: Iterable[str], day: date, locale: str | None = None) -> bool:
    """Whether the claim may be used in all these markets on that day. Nowhere is not everywhere."""
    return claim.approved and claim.holds_everywhere(markets, day, locale)
