"""From what is written about people to their records."""

from callsheet.domain.cameo import Cameo, Release
from callsheet.domain.identity import CameoId, ReleaseId
from callsheet.tools.intake.check_cameo import PeopleFiles
from callsheet.tools.intake.naming import cameo_ids, release_ids
from callsheet.tools.intake.written import WrittenCampaign
from callsheet.tools.intake.written_cameo import WrittenCameo


def people_of(written: WrittenCampaign, files: PeopleFiles) -> tuple[Cameo, ...]:
    """Everybody the campaign names, with their releases and the hashes of the files that go with them."""
    known = zip(cameo_ids(written), release_ids(written, files.documents), written.cameos, strict=True)
    return tuple(person_of(CameoId(person), releases, cameo, files) for person, releases, cameo in known)


def person_of(person: CameoId, releases: list[str], cameo: WrittenCameo, files: PeopleFiles) -> Cameo:
    """One person's record, under the id they have here."""
    signed = tuple(
        Release.model_validate(
            {
                **release.model_dump(),
                "id": ReleaseId(one),
                "document_digest": files.documents.get(release.document) if release.document else None,
            }
        )
        for one, release in zip(releases, cameo.releases, strict=True)
    )
    references = [files.likenesses[one.path] for one in cameo.references]
    plain = cameo.model_dump(exclude={"references", "releases"})
    return Cameo.model_validate({**plain, "id": person, "references": references, "releases": signed})
