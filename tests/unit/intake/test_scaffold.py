"""Folders to begin with: short, commented, sound as written, and never written over anything."""

from pathlib import Path

import pytest
import yaml
from unit.intake.folder import TODAY, picture

from callsheet.domain.claim import LegalBook
from callsheet.domain.error import InputInvalid, NotFound
from callsheet.domain.words.vet import Asked, vet_line
from callsheet.tools.intake import EXAMPLES, AlreadyThere, read_campaign, unapproved, write_campaign, write_example
from callsheet.tools.rules.shipped import shipped_rules

PRODUCTS = [
    "Fleet Runner",
    'Say "hi": #1',
    "- dash",
    "null",
    "2026",
    "Überschuh",
    "{{x}}",
    "{facts}",
    "a 'b' c",
    "雨靴",
    "yes: no",
]


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_new_campaign_is_sound_whatever_the_product_is_called(tmp_path: Path, product: str) -> None:
    image = picture(tmp_path / "photo.PNG")
    folder = tmp_path / "spring"
    write_campaign(folder, "spring", product, image, "shop.example")
    campaign = read_campaign(folder, TODAY).campaign
    assert campaign.product.name == product
    assert campaign.product.url == "shop.example"
    assert campaign.product.image is not None
    assert (folder / campaign.product.image.path).read_bytes() == image.read_bytes()


def test_a_new_campaign_has_at_most_twenty_lines_and_says_what_they_are_for(tmp_path: Path) -> None:
    write_campaign(tmp_path / "spring", "spring", "Fleet Runner", picture(tmp_path / "a.png"), "shop.example")
    lines = (tmp_path / "spring" / "campaign.yaml").read_text().splitlines()
    assert len(lines) <= 20
    assert sum("#" in line for line in lines) >= 10


def test_sample_claims_wait_for_approval_and_sample_facts_claim_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "spring"
    write_campaign(folder, "spring", "Fleet Runner")
    campaign = read_campaign(folder, TODAY).campaign
    assert [claim.approved for claim in campaign.claims] == [False]
    ((_, file, line),) = unapproved(folder)
    assert "approved: false" in (folder / file).read_text().splitlines()[line - 1]
    for fact in campaign.product.facts:
        assert vet_line(fact.text, LegalBook(), shipped_rules(), Asked(markets=("US",), day=TODAY)) == ()


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "spring"
    folder.mkdir()
    (folder / "campaign.yaml").write_text("mine")
    image = picture(tmp_path / "a.png")
    with pytest.raises(AlreadyThere, match=r"campaign\.yaml"):
        write_campaign(folder, "spring", "Fleet Runner", image)
    with pytest.raises(AlreadyThere):
        write_example(folder, "pocket")
    assert [path.name for path in folder.iterdir()] == ["campaign.yaml"]
    assert (folder / "campaign.yaml").read_text() == "mine"


def test_what_cannot_be_used_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.png"
    page.write_text("<html>")
    with pytest.raises(InputInvalid, match="not a PNG"):
        write_campaign(tmp_path / "a", "a", "Cup", page)
    with pytest.raises(InputInvalid, match="one line"):
        write_campaign(tmp_path / "a", "a", "Cup\nprovider: sora-2")
    with pytest.raises(NotFound, match="runner, pocket"):
        write_example(tmp_path / "a", "../..")
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_is_sound_and_needs_no_further_approval(tmp_path: Path, name: str) -> None:
    write_example(tmp_path / "copy", name)
    bundle = read_campaign(tmp_path / "copy", TODAY)
    assert bundle.campaign.name == name
    assert bundle.notices == ()
    assert bundle.campaign.product.image is not None
    assert bundle.campaign.provider.previz
    asked = Asked(markets=bundle.campaign.markets, day=TODAY)
    for fact in bundle.campaign.product.facts:
        assert vet_line(fact.text, LegalBook(), shipped_rules(), asked) == ()


def test_the_runner_is_the_campaign_the_demo_promises(tmp_path: Path) -> None:
    write_example(tmp_path / "copy", "runner")
    campaign = read_campaign(tmp_path / "copy", TODAY).campaign
    assert (campaign.shots, len(campaign.audiences), len(campaign.placements), len(campaign.cameos)) == (6, 3, 2, 1)
    assert 24 <= campaign.seconds <= 30
    placements = {str(placement.id) for placement in campaign.placements}
    release = campaign.cameos[0].releases[0]
    assert placements <= set(release.media)
    assert set(campaign.markets) <= set(release.territories)
    assert release.ends.year - TODAY.year >= 5
    assert all(claim.approved and claim.substantiation for claim in campaign.claims)
    assert yaml.safe_load((tmp_path / "copy" / "brand.yaml").read_text())["brand"]["name"] == "Fleet"


def test_sample_facts_are_noticed_on_their_lines_until_they_are_edited(tmp_path: Path) -> None:
    folder = tmp_path / "spring"
    write_campaign(folder, "spring", "Fleet Runner")
    path = folder / "campaign.yaml"
    lines = path.read_text().splitlines()
    noticed = [one for one in read_campaign(folder, TODAY).notices if one.text.startswith("sample fact, edit it")]
    assert len(noticed) == 3
    for notice in noticed:
        assert notice.line is not None
        assert lines[notice.line - 1].strip().removeprefix("- ") in notice.text
    path.write_text(path.read_text().replace("Ready when you are", "Laces that stay tied"))
    texts = [one.text for one in read_campaign(folder, TODAY).notices if "sample fact" in one.text]
    assert len(texts) == 2
    assert not any("Laces" in text for text in texts)
