"""Clearance reads every word of a cut and asks for every person in it; a name is a name only where it stands alone."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from callsheet.domain.cameo import Cameo, Release
from callsheet.domain.campaign import Brand, Campaign, Product
from callsheet.domain.claim import Claim, LegalBook
from callsheet.domain.clearance import clear_cuts
from callsheet.domain.cut import Clip, Cut, EndCard, Media, Super
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, ClaimId, Digest, PlacementId, ReleaseId, ShotId, TakeId, VariantId
from callsheet.domain.provider import Provider, Tier
from callsheet.tools.rules.shipped import shipped_rules

MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MARA = CameoId("mara")
PROVIDER = Provider(
    name="p",
    model="m",
    as_of=date(2026, 11, 1),
    source="test",
    tiers=(Tier(name="t", sizes=(), per_second=Decimal(0)),),
)


def campaign(brand: str = "", product: str = "Fleet Runner", **changes: Any) -> Campaign:
    return Campaign(
        name="spring",
        goal="sell shoes",
        product=Product(name=product),
        brand=Brand(name=brand),
        provider=PROVIDER,
        **changes,
    )


def cut(*supers: Super, headline: str = "Fleet Runner", call: str = "Find yours", end: int = 30) -> Cut:
    media = Media(digest=Digest("a" * 64), media_type="video/mp4", width=720, height=1280, frames=90, rate=30)
    return Cut(
        campaign="spring",
        variant=VariantId("everyone"),
        placement=PlacementId("vertical"),
        locale="en-US",
        rate=30,
        width=720,
        height=1280,
        loudness=-14,
        palette=("#000000", "#ffffff"),
        clips=(Clip(shot=ShotId("s1"), take=TakeId("t1"), media=media, frames=60),),
        supers=supers,
        end_card=EndCard(frames=end, picture=None, headline=headline, call_to_action=call),
    )


def caption(text: str, **changes: Any) -> Super:
    return Super.model_validate({"kind": "caption", "text": text, "start": 0, "frames": 10, **changes})


def cleared(
    one: Cut,
    about: Campaign | None = None,
    claims: tuple[Claim, ...] = (),
    cameos: tuple[Cameo, ...] = (),
) -> tuple[Finding, ...]:
    cast = {ShotId("s1"): MARA} if cameos else {}
    book = LegalBook(claims=claims)
    return clear_cuts(about or campaign(), [one], book, cast, cameos, MOMENT, rules=shipped_rules())


@pytest.mark.parametrize(
    "bad",
    [
        cut(caption("The best shoe")),
        cut(caption("The best shoe", kind="callout")),
        cut(headline="The best shoe"),
        cut(call="Free today"),
    ],
    ids=["caption", "callout", "headline", "call to action"],
)
def test_a_claim_nobody_approved_is_found_wherever_it_stands(bad: Cut) -> None:
    assert any(finding.rule.startswith("claims:") for finding in cleared(bad))


def test_the_products_own_name_is_a_name() -> None:
    about = campaign(product="Best Fleet 3", brand="Only")
    assert cleared(cut(caption("Meet Best Fleet 3 by Only"), headline="Best Fleet 3"), about) == ()
    assert cleared(cut(caption("The best of 3"), headline="Best Fleet 3"), about) != ()


@pytest.mark.parametrize(
    ("brand", "line"), [("es", "The best shoe"), ("0", "20% lighter than air"), ("e", "Never slips")]
)
def test_a_short_name_takes_nothing_out_of_the_middle_of_a_claim(brand: str, line: str) -> None:
    with_brand = [finding.rule for finding in cleared(cut(caption(line)), campaign(brand=brand))]
    assert with_brand == [finding.rule for finding in cleared(cut(caption(line)))] != []


def test_a_callout_must_cite_something_that_is_in_force() -> None:
    said = Claim(id=ClaimId("c1"), text="The best shoe", approved=True, markets=("US",))
    citing = cut(caption("The best shoe", kind="callout", claim="c1"))
    assert cleared(citing, claims=(said,)) == ()
    assert {finding.rule for finding in cleared(cut(caption("Soft laces", kind="callout")))} == {"citation"}
    late = said.model_copy(update={"ends": MOMENT.date()})
    assert "citation" in {finding.rule for finding in cleared(citing, claims=(late,))}
    nowhere = campaign(markets=())
    assert "citation" in {finding.rule for finding in cleared(citing, nowhere, (said,))}


def test_a_person_in_a_cut_is_asked_for_at_that_moment() -> None:
    release = Release(
        id=ReleaseId("r1"), starts=datetime(2026, 1, 1, tzinfo=UTC), ends=datetime(2027, 1, 1, tzinfo=UTC)
    )
    mara = Cameo(id=MARA, name="Mara", releases=(release,))
    assert cleared(cut(), cameos=(mara,)) == ()
    revoked = mara.model_copy(update={"releases": (release.model_copy(update={"revoked_at": MOMENT}),)})
    assert [one.rule for one in cleared(cut(), cameos=(revoked,))] == ["release"]
    stranger = mara.model_copy(update={"id": CameoId("other")})
    assert [one.evidence for one in cleared(cut(), cameos=(stranger,))] == ["the workspace has no such cameo"]


SMALL = "Clinically proven, 50% off"


@pytest.mark.parametrize(
    "bad",
    [
        cut(caption(SMALL, kind="legal")),
        cut(caption(SMALL, kind="label")),
        cut().model_copy(update={"end_card": cut().end_card.model_copy(update={"legal": SMALL})}),
        cut().model_copy(update={"end_card": cut().end_card.model_copy(update={"url": "best_shoe.example"})}),
    ],
    ids=["legal", "label", "legal line", "url"],
)
def test_small_print_addresses_and_labels_are_vetted_too(bad: Cut) -> None:
    assert any(finding.rule.startswith("claims:") for finding in cleared(bad))


def test_the_campaigns_own_legal_line_and_the_previz_mark_pass() -> None:
    about = campaign().model_copy(update={"brand": Brand(legal_line=SMALL)})
    assert cleared(cut(caption(SMALL, kind="legal"), caption("PREVIZ", kind="label")), about) == ()


def test_a_legal_line_is_never_cut() -> None:
    about = campaign().model_copy(update={"brand": Brand(legal_line="Fleet is an invented brand. " * 9)})
    part = cut().model_copy(
        update={"end_card": cut().end_card.model_copy(update={"legal": about.brand.legal_line[:200]})}
    )
    assert "disclosure" in {finding.rule for finding in cleared(part, about)}


YARN = Claim(id=ClaimId("c1"), text="Recycled yarn", approved=True, disclosure="Upper only.")


def test_a_claim_is_never_shown_without_its_disclosure() -> None:
    bare = cut(caption("Recycled yarn, soft"))
    assert [finding.rule for finding in cleared(bare, claims=(YARN,))] == ["disclosure"]
    told = caption("Upper only.", kind="legal", frames=72)
    assert cleared(cut(caption("Recycled yarn"), told), claims=(YARN,)) == ()
    short = told.model_copy(update={"frames": 71})
    hurried = cleared(cut(caption("Recycled yarn"), short), claims=(YARN,))
    assert [finding.rule for finding in hurried] == ["reading time"]
    apart = cut(caption("Recycled yarn"), caption("Upper only.", kind="legal", start=30))
    assert [finding.rule for finding in cleared(apart, claims=(YARN,))] == ["disclosure"]
    late = cut(caption("Recycled yarn, soft"), end=90)
    at_the_end = late.model_copy(update={"end_card": late.end_card.model_copy(update={"legal": "Upper only."})})
    assert cleared(at_the_end, claims=(YARN,)) == ()
