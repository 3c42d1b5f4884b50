"""A refusal names its cap. There are caps of a campaign over all its runs, of a tier, of a day, of everybody's day."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.budget import Admitted, Balance, OverBudget, admit, limits
from callsheet.domain.campaign import Cap, Caps
from callsheet.domain.identity import PurseId, RunId
from callsheet.domain.money import Money
from callsheet.domain.purchase import Bill
from callsheet.domain.purse import Charge

DAY = date(2026, 11, 22)
CHARGE = Charge(run=RunId("spring-2"), campaign="spring", tier="720p", account="default", day=DAY)


def usd(amount: str) -> Money:
    return Money(amount=Decimal(amount))


def spent(seconds: int, amount: str = "0") -> Balance:
    return Balance(spent_seconds=seconds, spent=usd(amount))


def ask(
    caps: Caps | None, used: dict[PurseId | None, Balance], day_cap: Cap | None = None, charge: Charge = CHARGE
) -> Admitted | OverBudget:
    under = limits(charge, caps, day_cap, lambda purse: used.get(purse, Balance()))
    return admit(Bill(seconds=4, money=usd("0.40")), under)


ROOMY = Caps(seconds=1000)


@pytest.mark.parametrize(
    ("caps", "day_cap", "purse", "name", "remedy"),
    [
        (Caps(seconds=10), None, CHARGE.of_campaign, "of 10 s are left of the cap of campaign spring", "campaign.yaml"),
        (
            ROOMY.model_copy(update={"tiers": {"720p": Cap(seconds=10)}}),
            None,
            CHARGE.of_tier,
            "for tier 720p (caps.tiers.720p.seconds)",
            "campaign.yaml",
        ),
        (
            ROOMY.model_copy(update={"day": Cap(seconds=10)}),
            None,
            CHARGE.of_campaign_day,
            "of campaign spring for 2026-11-22 (caps.day.seconds)",
            "`callsheet resume spring-2`",
        ),
        (
            ROOMY,
            Cap(seconds=10),
            CHARGE.of_day,
            "of all campaigns for 2026-11-22 (setting day_seconds)",
            "midnight UTC",
        ),
    ],
    ids=["campaign", "tier", "campaign day", "day"],
)
def test_each_cap_counts_its_own_purse_and_is_named(
    caps: Caps, day_cap: Cap | None, purse: PurseId, name: str, remedy: str
) -> None:
    assert ask(caps, {purse: spent(6)}, day_cap) == Admitted()
    refused = ask(caps, {purse: spent(7)}, day_cap)
    assert str(refused).startswith("this take needs 4 s; 3 s of 10 s are left of")
    assert name in str(refused)
    assert remedy in str(refused)
    others = {other: spent(10_000) for other in CHARGE.purses if other not in (purse, CHARGE.of_campaign)}
    assert ask(caps.model_copy(update={"seconds": 20_000}), {**others, purse: spent(0)}, day_cap) == Admitted()


def test_money_is_capped_like_seconds_and_only_in_the_currency_of_the_bill() -> None:
    caps = ROOMY.model_copy(update={"day": Cap(money=usd("1"))})
    assert ask(caps, {CHARGE.of_campaign_day: spent(0, "0.60")}) == Admitted()
    refused = ask(caps, {CHARGE.of_campaign_day: spent(0, "0.61")})
    assert "this take needs $0.40; $0.39 of $1.00 is left of the cap of campaign spring" in str(refused)
    euros = Cap(money=Money(amount=Decimal(99), currency="EUR"))
    assert "$0.40 (USD); nothing in USD is left" in str(ask(None, {}, euros))


def test_a_bill_that_passed_a_cap_leaves_nothing_and_not_less() -> None:
    assert "0 s of 10 s are left" in str(ask(Caps(seconds=10), {CHARGE.of_campaign: spent(12)}))


def test_what_is_held_counts_like_what_is_spent() -> None:
    held = Balance(held_seconds=7, held=usd("1"))
    assert isinstance(ask(Caps(seconds=10), {CHARGE.of_campaign: held}), OverBudget)


def test_a_tier_without_a_cap_and_no_caps_at_all_admit_anything() -> None:
    caps = ROOMY.model_copy(update={"tiers": {"1080p": Cap(seconds=1)}})
    assert ask(caps, {CHARGE.of_tier: spent(900)}) == Admitted()
    assert ask(None, {}) == Admitted()


def test_an_order_that_names_no_campaign_is_capped_by_its_run() -> None:
    old = Charge(run=RunId("spring-1"), account="default", day=DAY)
    assert old.purses == (old.of_run, old.of_day)
    refused = ask(Caps(seconds=10), {old.of_run: spent(7)}, charge=old)
    assert "the cap of run spring-1" in str(refused)


def test_every_purse_of_a_charge_is_another() -> None:
    assert len(CHARGE.purses) == 5
    tomorrow = CHARGE.model_copy(update={"day": date(2026, 11, 23)})
    assert set(CHARGE.purses) & set(tomorrow.purses) == {CHARGE.of_run, CHARGE.of_campaign, CHARGE.of_tier}
    autumn = CHARGE.model_copy(update={"campaign": "autumn", "run": RunId("autumn-1")})
    assert set(CHARGE.purses) & set(autumn.purses) == {CHARGE.of_day}


NAMES = st.text(alphabet="ab:%#", max_size=4) | st.text(max_size=300)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=2, max_size=2, unique=True))
def test_two_tiers_never_share_a_purse_whatever_their_names(pairs: list[tuple[str, str]]) -> None:
    one, other = (CHARGE.model_copy(update={"campaign": f"c{name}", "tier": f"t{tier}"}) for name, tier in pairs)
    assert one.of_tier != other.of_tier
    assert len(one.of_tier) <= 160
