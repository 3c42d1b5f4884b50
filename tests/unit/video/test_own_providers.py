"""Provider files of one's own add to the catalog or replace its entries, and say where they are wrong."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from callsheet.domain.money import Money, Unpriced
from callsheet.domain.provider import with_model
from callsheet.tools.intake import read_campaign
from callsheet.tools.video.catalog import CatalogInvalid, ProviderUnknown, load_provider, providers
from callsheet.tools.video.open import open_api
from callsheet.tools.video.pace import UNPACED
from callsheet.tools.video.profile import PROFILES

OWN = """\
name: ours
model: studio-1
profile: gateway
as_of: 2026-11-20
source: our contract of 2026-11-20
tiers:
  - {name: hd, sizes: [720x1280], per_second: "0.031"}
commercial_use: true
licence: our contract
requests_per_second: "2.5"
"""


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_file_adds_a_provider(tmp_path: Path) -> None:
    folder = write(tmp_path / "providers", "ours.yaml", OWN)
    ours = load_provider("ours", folder=folder)
    assert ours.price("720x1280", 4) == Money(amount=Decimal("0.124"))
    assert (ours.source, ours.as_of) == ("our contract of 2026-11-20", date(2026, 11, 20))
    assert {one.name for one in providers(folder)} == {one.name for one in providers()} | {"ours"}
    with pytest.raises(ProviderUnknown, match="Did you mean ours"):
        load_provider("our", folder=folder)


def test_a_file_replaces_the_packaged_provider_of_its_name_with_its_own_date(tmp_path: Path) -> None:
    folder = write(tmp_path / "providers", "fal-wan.yaml", OWN.replace("name: ours", "name: fal-wan"))
    assert isinstance(load_provider("fal-wan").price("720x1280", 4), Unpriced)
    assert load_provider("fal-wan", folder=folder).as_of == date(2026, 11, 20)
    assert len(providers(folder)) == len(providers())


def test_a_campaign_may_name_it_and_set_its_own_prices(tmp_path: Path) -> None:
    folder = write(tmp_path / "providers", "ours.yaml", OWN)
    campaign = "name: spring\ngoal: Sell it\nproduct: {name: Cup}\nprovider: ours\nprices: {hd: 0.02}\n"
    write(tmp_path / "spring", "campaign.yaml", campaign)
    bundle = read_campaign(tmp_path / "spring", date(2026, 11, 22), folder)
    assert bundle.campaign.provider.price("720x1280", 1) == Money(amount=Decimal("0.02"))
    assert bundle.campaign.provider.source == "prices set in the campaign; else our contract of 2026-11-20"


def test_no_folder_is_no_error(tmp_path: Path) -> None:
    assert providers(tmp_path / "nothing") == providers()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", "line 1: not valid YAML"),
        ("- a\n- b\n", "keys and values"),
        (OWN.replace("name: ours", "name: theirs"), "name: must be the name of the file, ours"),
        (OWN.replace("model: studio-1", "modell: studio-1"), "modell: there is no such key; did you mean model?"),
        (OWN.replace("per_second", "per_secnd"), "tiers.0.per_secnd: there is no such key; did you mean per_second?"),
        (OWN.replace("as_of: 2026-11-20", "as_of: soon"), "as_of:"),
        (OWN.replace("source: our contract of 2026-11-20\n", ""), "source: Field required"),
        (OWN.replace("[720x1280]", "[720p]"), "tiers.0.sizes: 720p is not WIDTHxHEIGHT"),
        (OWN.replace('"0.031"', '"-1"'), "tiers.0.per_second: must be 0 or more"),
        (OWN.replace('"0.031"', '"NaN"'), "tiers.0.per_second"),
        (OWN.replace("  - {", "  # {"), "tiers:"),
        (OWN + "seconds: [0]\n", "seconds, max_seconds"),
        (OWN + "profile: comfy\n", "profile: "),
        ("#" * 200_000, "more than 100000 bytes"),
    ],
)
def test_a_wrong_file_says_its_name_and_key(tmp_path: Path, text: str, said: str) -> None:
    folder = write(tmp_path / "providers", "ours.yaml", text)
    with pytest.raises(CatalogInvalid) as told:
        load_provider("sandbox", folder=folder)
    assert str(folder / "ours.yaml") in str(told.value)
    assert said in str(told.value)


def test_bytes_that_are_no_text_are_a_sentence(tmp_path: Path) -> None:
    folder = write(tmp_path / "providers", "ours.yaml", "")
    (folder / "ours.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CatalogInvalid, match="cannot be read as text"):
        providers(folder)


def test_another_model_has_neither_the_price_nor_the_licence_of_the_one_in_the_catalog() -> None:
    other = with_model(load_provider("vllm-omni-wan", {"*": Decimal(1)}), "someone/else")
    assert (other.licence, other.commercial_use) == ("", None)
    veo = with_model(load_provider("gateway-veo-fast"), "someone/else")
    assert isinstance(veo.price("720x1280", 4), Unpriced)


@pytest.mark.parametrize("provider", providers(), ids=lambda one: one.name)
def test_every_provider_of_the_catalog_can_be_opened(provider) -> None:  # type: ignore[no-untyped-def]  # a test's argument
    assert provider.profile in PROFILES
    open_api(provider, lambda: None, "", lambda: 0.0, UNPACED)  # type: ignore[arg-type,return-value]  # no client is made before the first call
