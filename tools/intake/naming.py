"""Ids for things that were written without one: by position (`f1`), from their name (`commuters`) or what they say."""

from collections.abc import Mapping

from callsheet.domain.identity import Digest
from callsheet.domain.proof import in_order
from callsheet.domain.record import digest_of
from callsheet.domain.seen import fold
from callsheet.tools.intake.spelling import slug
from callsheet.tools.intake.wording import wording_id
from callsheet.tools.intake.written import WrittenCampaign
from callsheet.tools.intake.written_cameo import WrittenRelease


def fact_ids(written: WrittenCampaign) -> list[str]:
    """`f1`, `f2`, ... in the order of the catalog."""
    return [fact.id or f"f{number}" for number, fact in enumerate(written.product.facts, start=1)]


def claim_ids(written: WrittenCampaign) -> list[str]:
    """From the wording of each claim, so that one more above it does not rename it."""
    return [claim.id or wording_id(claim.text) for claim in written.claims]


def disclosure_ids(written: WrittenCampaign) -> list[str]:
    """From the wording of each disclosure."""
    return [one.id or wording_id(one.text) for one in written.disclosures]


def topic_ids(written: WrittenCampaign) -> list[str]:
    """From the first word of each topic."""
    return [one.id or wording_id(one.words[0]) for one in written.topics]


def audience_ids(written: WrittenCampaign) -> list[str]:
    """From the name of each segment."""
    return [
        audience.id or slug(audience.name, f"audience-{number}")
        for number, audience in enumerate(written.audiences, start=1)
    ]


def cameo_ids(written: WrittenCampaign) -> list[str]:
    """From a hash of each person's name: an id stays in ledgers for good, where no name belongs."""
    return [cameo.id or person_id(cameo.name) for cameo in written.cameos]


def person_id(name: str) -> str:
    """An id for a person who was written without one: the same for the same name, however it is spelt in capitals."""
    return f"person-{digest_of(fold(name))[:8]}"


def release_ids(written: WrittenCampaign, papers: Mapping[str, Digest]) -> list[list[str]]:
    """For each person the ids of their releases; `papers` are the signed files by the path that is written."""
    return [
        [release.id or release_id(person, release, papers.get(release.document or "")) for release in cameo.releases]
        for person, cameo in zip(cameo_ids(written), written.cameos, strict=True)
    ]


def release_id(person: str, release: WrittenRelease, paper: Digest | None) -> str:
    """From the signed paper, else from the terms: what stands above it in the file never makes it another release."""
    said = release.model_dump(mode="json", exclude={"id", "document"}, exclude_defaults=True)
    return f"{person}-{(paper or digest_of(in_order(said)))[:8]}"
