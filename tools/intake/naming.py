"""Ids for things that were written without one: by position (`f1`, `c2`) or from their name (`commuters`)."""

from callsheet.tools.intake.spelling import slug
from callsheet.tools.intake.written import WrittenCampaign


def fact_ids(written: WrittenCampaign) -> list[str]:
    """`f1`, `f2`, ... in the order of the catalog."""
    return [fact.id or f"f{number}" for number, fact in enumerate(written.product.facts, start=1)]


def claim_ids(written: WrittenCampaign) -> list[str]:
    """`c1`, `c2`, ... in the order of the claims."""
    return [claim.id or f"c{number}" for number, claim in enumerate(written.claims, start=1)]


def audience_ids(written: WrittenCampaign) -> list[str]:
    """From the name of each segment."""
    return [
        audience.id or slug(audience.name, f"audience-{number}")
        for number, audience in enumerate(written.audiences, start=1)
    ]


def cameo_ids(written: WrittenCampaign) -> list[str]:
    """From the name of each person."""
    return [cameo.id or slug(cameo.name, f"cameo-{number}") for number, cameo in enumerate(written.cameos, start=1)]


def release_ids(written: WrittenCampaign) -> list[list[str]]:
    """For each person: their id and a number."""
    return [
        [release.id or f"{person}-r{number}" for number, release in enumerate(cameo.releases, start=1)]
        for person, cameo in zip(cameo_ids(written), written.cameos, strict=True)
    ]
