"""The packaged catalog of providers: dated, sourced, and honest about who is gone."""

from datetime import date
from decimal import Decimal

import pytest

from callsheet.domain.money import Money, Unpriced
from callsheet.tools.intake.spelling import known_placements
from callsheet.tools.video.catalog import PriceMisplaced, ProviderUnknown, load_provider, providers


def test_every_provider_says_when_its_prices_held_and_who_says_so() -> None:
    for provider in providers():
        assert provider.as_of <= date(2026, 11, 22)
        assert len(provider.source) > 20
        assert provider.tiers


def test_the_sandbox_sells_every_known_placement_for_nothing() -> None:
    sandbox = load_provider("sandbox")
    for name, size in known_placements().items():
        assert sandbox.price(f"{size['width']}x{size['height']}", 4) == Money(amount=Decimal(0)), name
    assert (sandbox.previz, sandbox.slate, sandbox.seconds) == (True, True, (4, 8, 12))
    assert sandbox.compare_with == (Decimal("0.10"), Decimal("0.30"), Decimal("0.50"))


@pytest.mark.parametrize(
    ("name", "size", "price"),
    [
        ("sora-2", "720x1280", "0.10"),
        ("sora-2-pro", "720x1280", "0.30"),
        ("sora-2-pro", "1024x1792", "0.50"),
        ("sora-2-pro", "1080x1920", "0.70"),
    ],
)
def test_models_that_were_shut_down_keep_their_last_price_and_their_date(name: str, size: str, price: str) -> None:
    provider = load_provider(name)
    assert provider.price(size, 1) == Money(amount=Decimal(price))
    assert not provider.has_retired(date(2026, 9, 23))
    assert provider.has_retired(date(2026, 9, 24))


def test_a_model_on_your_own_machine_has_no_price_until_you_say_one() -> None:
    assert isinstance(load_provider("vllm-omni-wan").price("720x1280", 5), Unpriced)
    own = load_provider("vllm-omni-wan", {"self-hosted": Decimal("0.02")})
    assert own.price("720x1280", 5) == Money(amount=Decimal("0.10"))
    assert own.source.startswith("prices set in the campaign")


def test_a_size_beats_a_tier_and_a_tier_beats_all() -> None:
    overrides = {"*": Decimal(3), "720p": Decimal(2), "1280x720": Decimal(1)}
    pro = load_provider("sora-2-pro", overrides)
    assert [pro.price(size, 1) for size in ("1280x720", "720x1280", "1080x1920")] == [
        Money(amount=Decimal(1)),
        Money(amount=Decimal(2)),
        Money(amount=Decimal(3)),
    ]


def test_unknown_names_are_refused_with_the_nearest_one() -> None:
    with pytest.raises(ProviderUnknown, match="Did you mean sora-2"):
        load_provider("sora2")
    with pytest.raises(PriceMisplaced, match="720p"):
        load_provider("sora-2", {"4k": Decimal(1)})
