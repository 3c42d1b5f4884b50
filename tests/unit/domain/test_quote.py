"""What a plan costs: the arithmetic, the waste, the caps, and prices that are not known."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.budget import Balance, limits
from callsheet.domain.campaign import Campaign, Cap, Caps, Product
from callsheet.domain.claim import LegalBook
from callsheet.domain.clearance import clear_plan
from callsheet.domain.identity import RunId, ShotId, VariantId
from callsheet.domain.money import Money, Unpriced
from callsheet.domain.provider import NotSold, Provider, Tier, fit_seconds
from callsheet.domain.quote import Quote, add_up, arithmetic, charge_of, elsewhere, quote
from callsheet.domain.shot import Framing, Light, Movement, Shot
from callsheet.domain.storyboard import EndCardPlan, Panel, Storyboard, VariantPlan
from callsheet.tools.rules.shipped import shipped_rules

SIZE = "720x1280"
DAY = date(2026, 11, 22)


def provider(
    price: str | None = "0.30", seconds: tuple[int, ...] = (4, 8, 12), retires: date | None = None
) -> Provider:
    per_second = None if price is None else Decimal(price)
    return Provider(
        name="test",
        model="test-1",
        as_of=date(2026, 11, 1),
        source="a test",
        seconds=seconds,
        max_seconds=30,
        tiers=(Tier(name="720p", sizes=(SIZE,), per_second=per_second),),
        retires=retires,
    )


def campaign(sold_by: Provider, caps: Caps | None = None, takes: int = 1) -> Campaign:
    return Campaign(
        name="spring",
        goal="Sell the shoe",
        product=Product(name="Shoe"),
        provider=sold_by,
        caps=caps or Caps(seconds=10_000),
        takes=takes,
    )


def shots_of(lengths: list[Fraction], sold_by: Provider, prefix: str = "") -> list[Shot]:
    return [
        Shot(
            id=ShotId(f"{prefix}shot.{number}"),
            beat="hook",
            subject="a shoe",
            setting="a street",
            action="rests",
            framing=Framing.WIDE,
            movement=Movement.STATIC,
            light=Light.NOON,
            seconds=length,
            purchased_seconds=fit_seconds(sold_by, length),
            prompt="a shoe",
        )
        for number, length in enumerate(lengths, start=1)
    ]


def storyboard_of(*groups: list[Shot]) -> Storyboard:
    variants = tuple(
        VariantPlan(
            id=VariantId(f"v{number}"),
            audience="everyone",
            panels=tuple(Panel(shot=shot.id, seconds=shot.seconds) for shot in group),
            end_card=EndCardPlan(seconds=Fraction(3), headline="Shoe", call_to_action="Go"),
        )
        for number, group in enumerate(groups, start=1)
    )
    return Storyboard(title="t", shots=tuple(shot for group in groups for shot in group), variants=variants)


def priced(lengths: list[Fraction], sold_by: Provider, **kwargs: object) -> Quote:
    shots = shots_of(lengths, sold_by)
    return quote(campaign(sold_by, **kwargs), shots, storyboard_of(shots))  # type: ignore[arg-type]  # test keywords


def usd(amount: str) -> Money:
    return Money(amount=Decimal(amount))


@pytest.mark.parametrize(("price", "master", "five"), [("0.10", "3", "15"), ("0.30", "9", "45"), ("0.50", "15", "75")])
def test_the_known_arithmetic_holds_on_a_provider_that_sells_by_the_second(price: str, master: str, five: str) -> None:
    sold_by = provider(price, seconds=())
    one = shots_of([Fraction(5)] * 6, sold_by)
    assert quote(campaign(sold_by), one, storyboard_of(one)).expected == usd(master)
    groups = [shots_of([Fraction(5)] * 6, sold_by, prefix) for prefix in ("", "b.", "c.", "d.", "e.")]
    every = [shot for group in groups for shot in group]
    assert quote(campaign(sold_by), every, storyboard_of(*groups)).expected == usd(five)
    (point,) = arithmetic(30, [Decimal(price)], variants=5)
    assert (point.master, point.all_variants) == (usd(master), usd(five))


def test_purchased_seconds_are_told_from_used_seconds() -> None:
    offer = priced([Fraction(4), Fraction(9, 2)], provider())
    assert (offer.seconds_purchased, offer.seconds_used, offer.seconds_wasted) == (12, Fraction(17, 2), Fraction(7, 2))
    assert offer.expected == usd("3.60")
    assert offer.worst == usd("7.20")
    assert offer.per_finished_second == usd("0.313043")


def test_a_beat_just_over_a_sold_length_is_offered_shorter() -> None:
    (alternative,) = priced([Fraction(4), Fraction(9, 2)], provider()).alternatives
    assert str(alternative) == "shot.2 4.5 s -> 4 s saves 4 purchased seconds ($1.20)"


def test_a_beat_under_the_shortest_sold_length_may_run_longer_for_the_same_price() -> None:
    (alternative,) = priced([Fraction(2)], provider()).alternatives
    assert str(alternative) == "shot.1 2 s -> 4 s costs the same"


def test_takes_multiply_cost_and_savings() -> None:
    offer = priced([Fraction(9, 2)], provider(), takes=3)
    assert offer.expected == usd("7.20")
    assert offer.alternatives[0].saves_seconds == 12
    assert offer.alternatives[0].saves == usd("3.60")


def test_shots_already_bought_cost_nothing_more() -> None:
    sold_by = provider()
    shots = shots_of([Fraction(4), Fraction(4)], sold_by)
    offer = quote(campaign(sold_by), shots, storyboard_of(shots), held=frozenset({shots[0].id}))
    assert (offer.expected, offer.seconds_purchased, offer.seconds_used) == (usd("1.20"), 4, 4)
    assert [line.is_held for line in offer.lines] == [True, False]


def test_a_price_that_is_not_known_never_counts_as_zero() -> None:
    offer = priced([Fraction(4)], provider(price=None))
    assert isinstance(offer.expected, Unpriced)
    assert isinstance(offer.worst, Unpriced)
    assert not offer.fits
    assert add_up([usd("1"), Unpriced(reason="who knows")]) == Unpriced(reason="who knows")


def test_each_cap_that_is_passed_is_named() -> None:
    offer = priced([Fraction(4)] * 3, provider(), caps=Caps(seconds=8, money=usd("2")))
    assert [str(one) for one in offer.over] == [
        "the plan needs 12 s; the cap of campaign spring over all its runs is 8 s (caps.seconds)",
        "the plan needs $3.60; the cap of campaign spring over all its runs is $2.00 (caps.money)",
    ]
    assert not offer.fits


def test_a_cap_that_only_the_worst_case_reaches_is_told_apart() -> None:
    offer = priced([Fraction(4)] * 3, provider(), caps=Caps(seconds=12, money=usd("5")))
    assert offer.fits
    assert [one.cap for one in offer.worst_over] == ["caps.seconds", "caps.money"]


def test_what_other_runs_and_this_day_have_spent_counts_against_each_cap() -> None:
    caps = Caps(seconds=20, day=Cap(seconds=14), tiers={"720p": Cap(money=usd("5"))})
    sold_by, spent = provider(), Balance(spent_seconds=4, held_seconds=5, spent=usd("2"))
    shots = shots_of([Fraction(4)] * 3, sold_by)
    plan = campaign(sold_by, caps=caps)
    charge = charge_of(plan, RunId("spring-2"), "default", DAY)
    under = limits(charge, caps, Cap(seconds=15), lambda _purse: spent)
    offer = quote(plan, shots, storyboard_of(shots), day=DAY, under=under)
    assert [str(one) for one in offer.over] == [
        "the plan needs 12 s more than the 9 s held or spent already; "
        "the cap of campaign spring over all its runs is 20 s (caps.seconds)",
        "the plan needs $3.60 more than the $2.00 held or spent already; "
        "the cap of campaign spring for tier 720p is $5.00 (caps.tiers.720p.money)",
        "the plan needs 12 s more than the 9 s held or spent already; "
        "the cap of campaign spring for 2026-11-22 is 14 s (caps.day.seconds)",
        "the plan needs 12 s more than the 9 s held or spent already; "
        "the cap of all campaigns for 2026-11-22 is 15 s (setting day_seconds)",
    ]
    assert ["next day" in one.remedy for one in offer.over] == [False, False, True, True]


def test_a_quote_without_a_workspace_holds_the_plan_against_the_caps_alone() -> None:
    sold_by = provider()
    shots = shots_of([Fraction(4)] * 3, sold_by)
    plan = campaign(sold_by, caps=Caps(seconds=99, day=Cap(seconds=8)))
    offer = quote(plan, shots, storyboard_of(shots), day=DAY)
    assert [one.cap for one in offer.over] == ["caps.day.seconds"]


def test_a_cap_in_another_currency_does_not_fit() -> None:
    offer = priced([Fraction(4)], provider(), caps=Caps(seconds=12, money=Money(amount=Decimal(50), currency="EUR")))
    assert not offer.fits


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2026, 9, 24), "retired on"), (date(2026, 9, 1), "in 23 days"), (date(2026, 1, 1), None)],
)
def test_a_quote_warns_of_retirement(day: date, words: str | None) -> None:
    sold_by = provider(retires=date(2026, 9, 24))
    shots = shots_of([Fraction(4)], sold_by)
    warnings = quote(campaign(sold_by), shots, storyboard_of(shots), day=day).warnings
    assert (words in warnings[0]) if words else warnings == ()


def replacement(name: str, **changes: object) -> Provider:
    return provider().model_copy(update={"name": name, "model": f"{name}-1", **changes})


def test_who_could_make_the_plan_instead_is_named_with_its_price() -> None:
    tiers = provider().tiers
    cheap = replacement("cheap", tiers=(tiers[0].model_copy(update={"per_second": Decimal("0.10")}),))
    unpriced = replacement("unpriced", tiers=(tiers[0].model_copy(update={"per_second": None}),), seconds=())
    others = [
        replacement("dear"),
        unpriced,
        cheap,
        replacement("retired", retires=DAY),
        replacement("short", seconds=(2,)),
        replacement("small", tiers=(tiers[0].model_copy(update={"sizes": ("64x64",)}),)),
        replacement("draws", previz=True),
        replacement("barred", commercial_use=False),
    ]
    sold_by = provider(retires=date(2026, 12, 1))
    shots = shots_of([Fraction(4), Fraction(9, 2)], sold_by)
    offer = quote(campaign(sold_by, takes=2), shots, storyboard_of(shots), day=DAY, providers=[sold_by, *others])
    assert [str(one) for one in offer.elsewhere] == [
        "cheap (cheap-1): 24 s, $2.40",
        "dear (dear-1): 24 s, $7.20",
        f"unpriced (unpriced-1): 18 s, no price (unpriced unpriced-1 publishes no price for {SIZE})",
    ]
    assert offer.warnings[1:] == tuple(f"the same plan at {one}" for one in offer.elsewhere)
    wants_picture = [shot.model_copy(update={"product": "exact"}) for shot in shots]
    able = replacement("able", reference="first_frame")
    assert [one.provider for one in elsewhere(campaign(sold_by), wants_picture, [*others, able], DAY)] == ["able"]


def test_nobody_else_is_named_while_the_provider_stays() -> None:
    shots = shots_of([Fraction(4)], provider())
    for retires in (None, DAY + timedelta(days=91)):
        sold_by = provider(retires=retires)
        offer = quote(campaign(sold_by), shots, storyboard_of(shots), day=DAY, providers=[replacement("other")])
        assert (offer.elsewhere, offer.warnings) == ((), ())


@pytest.mark.parametrize(
    ("retires", "closes", "words"),
    [
        (DAY, None, "test-1 was retired on 2026-11-22"),
        (DAY + timedelta(days=2), DAY + timedelta(days=2), "may be approved until 2026-11-24"),
        (DAY + timedelta(days=2), DAY + timedelta(days=1), None),
        (DAY + timedelta(days=2), None, None),
    ],
)
def test_a_plan_that_outlives_its_provider_is_stopped_and_quoted_elsewhere(
    retires: date, closes: date | None, words: str | None
) -> None:
    sold_by = provider(retires=retires)
    shots = shots_of([Fraction(4)], sold_by)
    plan, board = campaign(sold_by), storyboard_of(shots)
    offer = quote(plan, shots, board, day=DAY, providers=[replacement("other")])
    judged = clear_plan(plan, board, shots, LegalBook(), offer, DAY, closes, rules=shipped_rules())
    found = [one for one in judged if one.rule == "provider"]
    assert [one.weight for one in found] == (["stops"] if words else [])
    if words:
        assert words in found[0].evidence
        assert found[0].fix == "choose another provider: other (other-1): 4 s, $1.20"


def test_a_cap_that_is_passed_stops_the_plan_and_says_what_to_do() -> None:
    sold_by = provider()
    shots = shots_of([Fraction(4)] * 3, sold_by)
    plan, board = campaign(sold_by, caps=Caps(seconds=8)), storyboard_of(shots)
    found = clear_plan(plan, board, shots, LegalBook(), quote(plan, shots, board, day=DAY), DAY, rules=shipped_rules())
    assert [(one.place, one.fix, one.weight) for one in found] == [
        ("caps.seconds", "shorten the plan or raise the cap", "stops")
    ]


def test_a_beat_longer_than_anything_sold_is_refused() -> None:
    with pytest.raises(NotSold, match="longer than any"):
        fit_seconds(provider(), Fraction(13))


lengths = st.lists(st.fractions(min_value=1, max_value=12, max_denominator=30), min_size=1, max_size=8)
sold = st.sampled_from([(), (4, 8, 12), (5, 10, 15), (12,)])


@given(lengths=lengths, sold=sold, takes=st.integers(1, 4), price=st.decimals("0", "9", places=3))
def test_the_total_is_the_sum_of_the_lines_and_nothing_is_used_that_was_not_bought(
    lengths: list[Fraction], sold: tuple[int, ...], takes: int, price: Decimal
) -> None:
    sold_by = provider(str(price), seconds=sold)
    offer = priced(lengths, sold_by, takes=takes)
    assert offer.expected == add_up([line.cost for line in offer.lines])
    assert offer.expected == Money(amount=price * offer.seconds_purchased)
    assert offer.seconds_purchased >= offer.seconds_used
    assert offer.seconds_wasted == offer.seconds_purchased - offer.seconds_used
    for alternative in offer.alternatives:
        better = fit_seconds(sold_by, alternative.instead)
        before = fit_seconds(sold_by, alternative.seconds)
        assert (before - better) * takes == alternative.saves_seconds
        assert alternative.saves == Money(amount=price * alternative.saves_seconds)
