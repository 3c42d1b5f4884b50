"""Reads a campaign folder into one validated bundle, or lists everything that is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from callsheet.domain.cameo import Cameo
from callsheet.domain.campaign import Asset, Audience, Brand, Campaign, Caps, Fact, Product, TelemetrySource
from callsheet.domain.claim import Claim, Disclosure, Topic
from callsheet.domain.identity import Digest, FactId
from callsheet.domain.provider import Provider
from callsheet.domain.record import Record, digest_of
from callsheet.tools.intake import check, check_cameo, check_file, check_placement, check_prompt, check_wording, naming
from callsheet.tools.intake.desk import Desk
from callsheet.tools.intake.form import fill_form
from callsheet.tools.intake.gather import Gathered, gather
from callsheet.tools.intake.people import people_of
from callsheet.tools.intake.problem import CampaignInvalid, Notice
from callsheet.tools.intake.spelling import slug
from callsheet.tools.intake.written import MAIN_FILE, WrittenCampaign

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Bundle:
    """A campaign and the files it names, by the hash of their bytes. `digest` names the whole."""

    campaign: Campaign
    files: Mapping[Digest, Path]
    notices: tuple[Notice, ...]
    digest: Digest


def read_campaign(folder: Path, today: date, providers: Path | None = None) -> Bundle:
    """Read and check a campaign folder as of that day. Raises `CampaignInvalid` with every problem in it.

    `providers` is a folder of provider files that add to the catalog or replace its entries.
    """
    gathered = gather(folder)
    if not gathered.is_readable:
        raise CampaignInvalid(gathered.problems, folder)
    form = fill_form(gathered)
    desk = Desk(gathered, form, today, [*gathered.problems, *form.problems], providers=providers)
    provider = check.check_provider(desk)
    size = check.check_size(desk, provider)
    check_placement.check_platforms(desk)
    check.check_lengths(desk)
    check.check_ids(desk)
    check_cameo.check_people(desk)
    check.check_facts(desk)
    check_wording.check_wordings(desk)
    image = check_file.check_picture(desk)
    files = check_cameo.check_people_files(desk)
    check.check_release_ids(desk, files.documents)
    telemetry = check_file.check_telemetry(desk, provider)
    prompts = check_prompt.check_prompts(desk)
    name = _campaign_name(desk, folder)
    if desk.problems or provider is None:
        raise CampaignInvalid(
            sorted(desk.problems, key=lambda one: (one.file != MAIN_FILE, one.file, one.line or 0)), folder
        )
    people = people_of(form.written, files)
    campaign = _campaign(form.written, name, provider, size, image, telemetry, people)
    campaign = campaign.model_copy(update={"prompts": prompts})
    digest = digest_of({"campaign": campaign.digest, "files": sorted(desk.files)})
    return Bundle(campaign, dict(desk.files), tuple(desk.notices), digest)


def unapproved(folder: Path) -> list[tuple[str, str, int]]:
    """Every claim that is not approved yet: its words, and the file and line to change."""
    gathered = gather(folder)
    if not gathered.is_readable:
        raise CampaignInvalid(gathered.problems, folder)
    claims = fill_form(gathered).written.claims
    return [(claim.text, *_approval_line(gathered, n)) for n, claim in enumerate(claims) if not claim.approved]


def _approval_line(gathered: Gathered, number: int) -> tuple[str, int]:
    place = gathered.place("claims", number, "approved")
    return place.file, place.line


def _campaign_name(desk: Desk, folder: Path) -> str:
    if desk.form.written.name is not None:
        return desk.form.written.name
    name = slug(folder.resolve().name, "")
    if not name and not desk.is_doubtful("name"):
        desk.wrong(("name",), "is missing, and the folder's name cannot stand in for it", folder.resolve().name)
    return name


def _campaign(
    written: WrittenCampaign,
    name: str,
    provider: Provider,
    size: str,
    image: Asset | None,
    telemetry: TelemetrySource,
    cameos: tuple[Cameo, ...],
) -> Campaign:
    plain = {
        key: getattr(written, key)
        for key in (
            "goal",
            "placements",
            "markets",
            "locale",
            "labels",
            "seconds",
            "end_card_seconds",
            "shots",
            "max_shot_seconds",
            "variants",
            "takes",
            "priority",
            "reshoots",
            "dailies",
        )
    }
    audiences = zip(naming.audience_ids(written), written.audiences, strict=True)
    return Campaign(
        name=name,
        product=_product(written, image),
        brand=Brand.model_validate(written.brand.model_dump()),
        audiences=tuple(Audience.model_validate({**one.model_dump(), "id": known}) for known, one in audiences),
        cameos=cameos,
        claims=_with_ids(Claim, naming.claim_ids(written), written.claims),
        disclosures=_with_ids(Disclosure, naming.disclosure_ids(written), written.disclosures),
        topics=_with_ids(Topic, naming.topic_ids(written), written.topics),
        caps=Caps.model_validate(written.caps.model_dump()),
        provider=provider,
        size=size,
        telemetry=telemetry,
        **plain,
    )


def _product(written: WrittenCampaign, image: Asset | None) -> Product:
    given = written.product
    facts = zip(naming.fact_ids(written), given.facts, strict=True)
    return Product(
        name=given.name,
        short_names=given.short_names,
        category=given.category,
        description=given.description,
        url=given.url,
        image=image,
        facts=tuple(Fact(id=FactId(known), text=fact.text) for known, fact in facts),
    )


def _with_ids(kind: type[R], known: Sequence[str], written: Sequence[Record]) -> tuple[R, ...]:
    return tuple(
        kind.model_validate({**one.model_dump(), "id": name}) for name, one in zip(known, written, strict=True)
    )
