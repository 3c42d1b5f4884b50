"""Which words about the product may be used: catalog facts that say nothing claim-like, and approved claims."""

from datetime import date
from fractions import Fraction

from callsheet.domain.campaign import Campaign, Fact
from callsheet.domain.claim import Claim, LegalBook, is_in_force_everywhere
from callsheet.domain.identity import ClaimId, FactId
from callsheet.domain.seen import fold
from callsheet.domain.storyboard import Callout
from callsheet.domain.words.approved import wordings
from callsheet.domain.words.instruction import find_orders
from callsheet.domain.words.vet import Asked, vet_line
from callsheet.tools.rules.shipped import shipped_rules

_ANY_DAY = date(2000, 1, 1)
LONGEST_CALLOUT = 80
READING = 18
"""Characters a second that a callout may take; under the 20 of Netflix's English style guide, for words on pictures."""

SETTLE = Fraction(1, 2)
"""Seconds of a shot in which a callout is not there yet, or already gone."""


def usable_claims(campaign: Campaign, day: date | None) -> tuple[Claim, ...]:
    """Claims in force in every market on that day; without a day, only those that know no dates."""
    return tuple(
        claim
        for claim in campaign.claims
        if (day is not None or (claim.starts is None and claim.ends is None))
        and is_in_force_everywhere(claim, campaign.markets, day or _ANY_DAY, campaign.locale)
    )


def is_clean(line: str, campaign: Campaign, day: date | None) -> bool:
    """Whether a line says nothing that would need an approved claim it does not have, and nothing the brand avoids."""
    if any(fold(word) in fold(line) for word in campaign.brand.avoid) or find_orders(line, shipped_rules()):
        return False
    asked = Asked(
        markets=campaign.markets,
        day=day or _ANY_DAY,
        locale=campaign.locale,
        names=(campaign.product.name, campaign.brand.name, *campaign.product.short_names),
    )
    usable = usable_claims(campaign, day)
    others = (one.model_copy(update={"approved": False}) for one in campaign.claims if one not in usable)
    book = LegalBook(claims=(*usable, *others), disclosures=campaign.disclosures, topics=campaign.topics)
    return not vet_line(line, book, shipped_rules(), asked)


def callouts(campaign: Campaign, day: date | None) -> tuple[Callout, ...]:
    """Every callout the campaign's own words allow, claims and facts by turns, each in its exact wording."""
    claims = [claim for claim in usable_claims(campaign, day) if 0 < len(_said(claim)) <= LONGEST_CALLOUT]
    spoken = {fold(_said(claim)) for claim in claims}
    facts = [fact for fact in campaign.product.facts if fold(fact.text) not in spoken]
    turns: list[Callout] = []
    for place in range(max(len(claims), len(facts))):
        turns += [_from_claim(campaign, claim) for claim in claims[place : place + 1]]
        turns += [_from_fact(fact) for fact in facts[place : place + 1] if is_clean(fact.text, campaign, day)]
    return tuple(turns)


def cite(campaign: Campaign, fact: str | None, claim: str | None, day: date | None) -> Callout | None:
    """The callout that cites this fact or this claim, in its own words; none when neither may be used."""
    if claim is not None:
        found = next((one for one in usable_claims(campaign, day) if one.id == claim), None)
        if found is not None and 0 < len(_said(found)) <= LONGEST_CALLOUT:
            return _from_claim(campaign, found)
    if fact is not None:
        known = next((one for one in campaign.product.facts if one.id == fact), None)
        if known is not None and is_clean(known.text, campaign, day):
            return _from_fact(known)
    return None


def _from_claim(campaign: Campaign, claim: Claim) -> Callout:
    said = _said(claim)
    fact = next((fact.id for fact in campaign.product.facts if fold(fact.text) == fold(said)), None)
    return Callout(text=said, fact=FactId(fact) if fact else None, claim=ClaimId(claim.id))


def _from_fact(fact: Fact) -> Callout:
    return Callout(text=fact.text, fact=fact.id)


def _said(claim: Claim) -> str:
    """The wording of a claim as it may be quoted; of a template, the first of its filled wordings."""
    return next(iter(wordings(claim)), "")
