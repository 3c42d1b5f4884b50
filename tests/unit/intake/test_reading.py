"""A sound campaign folder becomes one bundle, whatever friendly way it is written in."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from unit.intake.folder import SOUND, TODAY, make, picture

from callsheet.domain.campaign import Cap, Caps
from callsheet.domain.error import NotFound
from callsheet.domain.money import Money
from callsheet.tools.intake import naming, read_campaign, unapproved


def test_two_required_lines_make_a_campaign_and_everything_else_has_a_default(tmp_path: Path) -> None:
    campaign = read_campaign(make(tmp_path / "autumn", "goal: Sell it\nproduct: {name: Cup}\n"), TODAY).campaign
    assert campaign.name == "autumn"
    assert campaign.provider.name == "sandbox"
    assert (campaign.size, campaign.seconds, campaign.takes) == ("720x1280", Fraction(16), 1)
    assert [audience.id for audience in campaign.audiences] == ["everyone"]


def test_short_spellings_mean_what_they_look_like(tmp_path: Path) -> None:
    text = """
goal: Sell it
product: {name: Cup, facts: [Keeps warm for long, {id: lid, text: The lid closes}]}
audiences: [Early Runners, {id: b, name: Others}]
placements: [square, {id: vertical, max_seconds: 15}, {id: tower, width: 300, height: 900}]
markets: [NO, SE]
seconds: 20.5
caps: {seconds: 60, money: 40.50 USD}
"""
    campaign = read_campaign(make(tmp_path / "cup", text), TODAY).campaign
    assert [fact.id for fact in campaign.product.facts] == ["f1", "lid"]
    assert [audience.id for audience in campaign.audiences] == ["early-runners", "b"]
    assert [(one.id, one.size) for one in campaign.placements] == [
        ("square", "720x720"),
        ("vertical", "720x1280"),
        ("tower", "300x900"),
    ]
    assert campaign.placements[1].max_seconds == 15
    assert campaign.markets == ("NO", "SE")
    assert campaign.seconds == Fraction(41, 2)
    assert campaign.caps.money == Money(amount=Decimal("40.50"))


@pytest.mark.parametrize("written", ["40", "40.0 USD", "USD 40", "$40", "40 USD"])
def test_money_may_be_written_in_several_ways(tmp_path: Path, written: str) -> None:
    campaign = read_campaign(make(tmp_path / "a", SOUND + f"caps: {{money: {written}}}\n"), TODAY).campaign
    assert campaign.caps.money is not None
    assert str(campaign.caps.money) == "$40.00"


def test_caps_may_be_for_a_day_and_for_a_tier(tmp_path: Path) -> None:
    text = "caps: {seconds: 60, day: {seconds: 20, money: 5 USD}, tiers: {screen: {money: 3}}}\n"
    caps = read_campaign(make(tmp_path / "a", SOUND + text), TODAY).campaign.caps
    assert caps == Caps(
        seconds=60,
        day=Cap(seconds=20, money=Money(amount=Decimal(5))),
        tiers={"screen": Cap(money=Money(amount=Decimal(3)))},
    )
    assert caps.of_plan("screen") == (Cap(seconds=60), caps.day, caps.tiers["screen"])
    assert caps.of_plan("pocket") == (Cap(seconds=60), caps.day)


def test_sections_may_stand_in_files_of_their_own(tmp_path: Path) -> None:
    files = {
        "catalog.yaml": "facts:\n  - It holds water\n",
        "claims.yaml": "- text: Holds a litre\n  approved: true\n  substantiation: lab\n- Is blue\n",
        "audiences.yaml": "audiences: [Everyone]",
        "brand.yaml": "name: Cupco\ncall_to_action: Get one\n",
        "placements.yaml": "[square]",
        "cameos.yaml": "- {name: Ines Calder, releases: [{starts: 2026-01-01, ends: 2027-01-01, rights: face}]}",
    }
    bundle = read_campaign(make(tmp_path / "cup", SOUND, files), TODAY)
    campaign = bundle.campaign
    assert campaign.product.facts[0].text == "It holds water"
    assert [(one.id, one.approved) for one in campaign.claims] == [("holds-a-litre", True), ("is-blue", False)]
    assert campaign.brand.name == "Cupco"
    assert campaign.placements[0].id == "square"
    assert campaign.cameos[0].id == naming.person_id("INES CALDER")
    assert "ines" not in campaign.cameos[0].id
    release = campaign.cameos[0].releases[0]
    assert release.id.startswith(f"{campaign.cameos[0].id}-")
    assert release.starts == datetime(2026, 1, 1, tzinfo=UTC)
    assert [(notice.file, notice.line) for notice in bundle.notices] == [("claims.yaml", 4)]


def test_claims_without_approval_are_named_with_the_line_to_fix(tmp_path: Path) -> None:
    text = SOUND + "claims:\n  - Is the warmest\n  - text: Holds a litre\n    approved: false\n"
    folder = make(tmp_path / "cup", text)
    assert unapproved(folder) == [("Is the warmest", "campaign.yaml", 6), ("Holds a litre", "campaign.yaml", 8)]
    notices = read_campaign(folder, TODAY).notices
    assert str(notices[1]) == (
        'campaign.yaml:8: not approved yet: "Holds a litre"; set approved: true once the wording is approved'
    )


@pytest.mark.parametrize(("form", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_the_product_picture_is_known_by_its_bytes(tmp_path: Path, form: str, kind: str) -> None:
    folder = make(tmp_path / "cup", SOUND + "  image: pictures/cup.png\n")
    (folder / "pictures").mkdir()
    path = picture(folder / "pictures" / "cup.png", form=form)
    bundle = read_campaign(folder, TODAY)
    image = bundle.campaign.product.image
    assert image is not None
    assert image.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (image.media_type, image.width, image.height) == (kind, 120, 90)
    assert bundle.files[image.digest].read_bytes() == path.read_bytes()


def test_the_digest_names_the_words_and_the_bytes(tmp_path: Path) -> None:
    folder = make(tmp_path / "cup", SOUND + "  image: cup.png\n")
    picture(folder / "cup.png")
    first = read_campaign(folder, TODAY).digest
    assert read_campaign(folder, TODAY).digest == first
    picture(folder / "cup.png", size=(121, 90))
    second = read_campaign(folder, TODAY).digest
    make(folder, SOUND + "  image: cup.png\nmarkets: DE\n")
    assert len({first, second, read_campaign(folder, TODAY).digest}) == 3


def test_own_prices_replace_those_of_the_catalog(tmp_path: Path) -> None:
    text = SOUND + "provider: vllm-omni-wan\nprices: {720x1280: 0.021}\n"
    provider = read_campaign(make(tmp_path / "a", text), TODAY).campaign.provider
    assert provider.price("720x1280", 10) == Money(amount=Decimal("0.21"))
    general = read_campaign(make(tmp_path / "b", SOUND + "provider: vllm-omni-wan\nprices: 0.5\n"), TODAY)
    assert general.campaign.provider.price("720x900", 2) == Money(amount=Decimal("1.0"))


def test_a_size_the_provider_does_not_sell_is_bought_in_the_nearest_shape(tmp_path: Path) -> None:
    bundle = read_campaign(make(tmp_path / "a", SOUND + "provider: gateway-veo-fast\nplacements: [portrait]\n"), TODAY)
    assert bundle.campaign.size == "720x1280"
    assert "does not sell 720x900" in bundle.notices[0].text


def test_telemetry_comes_from_a_csv_beside_the_campaign(tmp_path: Path) -> None:
    content = "variant,placement,second,viewers,clicks\neveryone,vertical,0,100,0\n"
    bundle = read_campaign(make(tmp_path / "a", SOUND, {"telemetry.csv": content}), TODAY)
    asset = bundle.campaign.telemetry.asset
    assert bundle.campaign.telemetry.kind == "csv"
    assert asset is not None
    assert bundle.files[asset].read_text() == content


def test_signed_documents_are_part_of_the_bundle(tmp_path: Path) -> None:
    cameos = "- {name: Ines, releases: [{document: signed.md, starts: 2026-01-01, ends: 2027-01-01}]}"
    bundle = read_campaign(make(tmp_path / "a", SOUND, {"cameos.yaml": cameos, "signed.md": "yes"}), TODAY)
    assert [path.name for path in bundle.files.values()] == ["signed.md"]


def test_a_release_that_has_ended_is_pointed_out(tmp_path: Path) -> None:
    cameos = "- {name: Ines, releases: [{starts: 2025-01-01, ends: 2026-01-01, media: [vertcal]}]}"
    notices = read_campaign(make(tmp_path / "a", SOUND, {"cameos.yaml": cameos}), TODAY).notices
    assert [notice.text for notice in notices] == [
        "the release of Ines ended on 2026-01-01; a new one is needed",
        'the release names a placement "vertcal" that is not known',
    ]


def test_a_provider_may_be_used_until_the_day_it_retires(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", SOUND + "provider: sora-2\n")
    notices = read_campaign(folder, date(2026, 9, 1)).notices
    assert notices[0].text == "sora-2 retires on 2026-09-24; plan its replacement"


def test_a_folder_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="callsheet new"):
        read_campaign(tmp_path / "nothing", TODAY)


@pytest.mark.parametrize(
    ("written", "kind", "seed"),
    [
        ("", "simulation", 2),
        ("provider: vllm-omni-wan\n", "none", 1),
        ("telemetry: none\n", "none", 1),
        ("telemetry: { kind: simulation, seed: 7 }\n", "simulation", 7),
        ("provider: vllm-omni-wan\ntelemetry: simulation\n", "simulation", 1),
    ],
)
def test_previz_has_simulated_viewers_unless_the_campaign_says_otherwise(
    tmp_path: Path, written: str, kind: str, seed: int
) -> None:
    telemetry = read_campaign(make(tmp_path / "a", SOUND + written), TODAY).campaign.telemetry
    assert (telemetry.kind, telemetry.seed) == (kind, seed)
