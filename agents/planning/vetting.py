"""The gate for words as the planners know it: what the campaign says of itself, before anybody else is asked."""

from collections.abc import Iterable
from datetime import date

from callsheet.domain.campaign import Campaign
from callsheet.domain.claim import LegalBook
from callsheet.domain.identity import CameoId
from callsheet.domain.words.gate import WordGate
from callsheet.tools.rules.shipped import shipped_rules

ANY_DAY = date(2000, 1, 1)
"""The day asked about where nobody says one: claims that know dates are not in force on it."""


def plan_gate(campaign: Campaign, day: date | None, cast: Iterable[CameoId] = ()) -> WordGate:
    """What a plan's words are held against. Clearance asks the workspace again; this asks the same rules earlier."""
    book = LegalBook(claims=campaign.claims, disclosures=campaign.disclosures, topics=campaign.topics)
    return WordGate(campaign, book, shipped_rules(), day or ANY_DAY, campaign.locale, (), frozenset(cast))
