"""Which words about the product may be used: catalog facts that say nothing claim-like, and approved claims."""

import re
from datetime import date

from callsheet.domain.campaign import Campaign, Fact
from callsheet.domain.claim import Claim, is_in_force
from callsheet.domain.identity import ClaimId, FactId
from callsheet.domain.seen import fold
from callsheet.domain.storyboard import Callout
from callsheet.domain.words.vet import vet_line

_ANY_DAY = date(2000, 1, 1)
LONGEST_CALLOUT = 80


def usable_claims(campaign: Campaign, day: date | None) -> tuple[Claim, ...]:
    """Claims in force in every market on that day; without a day, only those that know no dates."""
    return tuple(
        claim
        for claim in campaign.claims
        if (day is not None or (claim.starts is None and claim.ends is None))
        and all(is_in_force(claim, market, day or _ANY_DAY) for market in campaign.markets)
    )


def is_clean(line: str, campaign: Campaign, day: date | None) -> bool:
    """Whether a line says nothing that would need an approved claim it does not have, and nothing the brand avoids."""
    avoided = any(fold(word) in fold(line) for word in campaign.brand.avoid)
    statement = line
    for name in (campaign.product.name, campaign.brand.name):
        if name:  # a name is not a statement, whatever words it is made of
            statement = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", statement)
    return not avoided and not vet_line(statement, usable_claims(campaign, day), campaign.markets, day or _ANY_DAY)


def callouts(campaign: Campaign, day: date | None) -> tuple[Callout, ...]:
    """Every callout the campaign's own words allow, claims and facts by turns, each in its exact wording."""
    claims = [claim for claim in usable_claims(campaign, day) if len(claim.text) <= LONGEST_CALLOUT]
    spoken = {fold(claim.text) for claim in claims}
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
        if found is not None and len(found.text) <= LONGEST_CALLOUT:
            return _from_claim(campaign, found)
    if fact is not None:
        known = next((one for one in campaign.product.facts if one.id == fact), None)
        if known is not None and is_clean(known.text, campaign, day):
            return _from_fact(known)
    return None


def _from_claim(campaign: Campaign, claim: Claim) -> Callout:
    said = fold(claim.text)
    fact = next((fact.id for fact in campaign.product.facts if fold(fact.text) == said), None)
    return Callout(text=claim.text, fact=FactId(fact) if fact else None, claim=ClaimId(claim.id))


def _from_fact(fact: Fact) -> Callout:
    return Callout(text=fact.text, fact=fact.id)
