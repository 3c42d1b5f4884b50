"""Which rules an ad meets, what the strictest of them makes of its label, and what a cut without it is told."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from callsheet.domain.cut import Clip, Cut, EndCard, Media, Super
from callsheet.domain.identity import Digest, PlacementId, ShotId, TakeId, VariantId
from callsheet.domain.jurisdiction import Facts, Pack, Rule, Trigger, demands
from callsheet.domain.labelled import clear_labels, label_notices
from callsheet.domain.labelling import HEIGHT, Labelling, Policy, divide, label, manifest_disclosures, upload_flags
from callsheet.domain.placement import SQUARE, TITLE_SAFE, UPRIGHT, VERTICAL, Placement, Safe

DAY = date(2026, 11, 22)
PERFORMER = Facts(shows_people=True, has_performer=True)
WORDS = {
    "en": {"generated": "Made by AI", "performer": "Made by AI, made-up people"},
    "de": {"generated": "Von KI", "performer": "Von KI, erfundene Leute"},
    "zh": {"generated": "AI生成", "performer": "AI生成，虚拟演员"},
}


def rule(name: str, *markets: str, **changes: Any) -> Rule:
    """A rule of those places that any generated film meets."""
    given_: dict[str, Any] = {
        "id": name, "where": name.title(), "markets": markets or ("*",), "starts": date(2026, 1, 1),
        "when": ("generated",), "binds": "advertiser", "law": f"{name} act", "source": "https://example.org",
        "checked": DAY, "is_certain": True, "note": "a note", **changes,
    }  # fmt: skip
    return Rule.model_validate(given_)


ALL_THROUGH = {"words": "generated", "span": "throughout"}
UNION = rule("union", "UN", label=ALL_THROUGH)
STATE = rule("state", "US-NY", when=("generated", "performer"), label={"words": "performer", "span": "throughout"})
TALL = rule("tall", "CN", label={"words": "generated", "span": "start", "height": 50, "seconds": 2, "language": "zh"})
CHANNEL = rule("channel", platform="tube", flag={"platform": "tube", "field": "isMade", "value": True})


def pack(*rules: Rule) -> Pack:
    """A pack of these rules, checked today."""
    return Pack.model_validate(
        {"version": 7, "checked": DAY, "regions": {"UN": ("DE", "FR")}, "words": WORDS, "rules": rules}
    )


PACK = pack(UNION, STATE, TALL, CHANNEL)


def labelled(*markets: str, locale: str = "en-US", facts: Facts = PERFORMER, of: Pack = PACK) -> Labelling:
    return label(of, facts, markets, (), locale, DAY, lambda text: True)


def ids(*markets: str, facts: Facts = PERFORMER, day: date = DAY, platforms: tuple[str, ...] = ()) -> set[str]:
    return {one.rule.id for one in demands(PACK, facts, markets, platforms, day)}


def test_a_rule_concerns_the_markets_it_covers() -> None:
    assert ids("DE") == {"union", "channel"}
    assert ids("GB") == {"channel"}
    assert ids("US") == {"state", "channel"}, "an ad for the US runs in New York"
    assert ids("US-CA") == {"channel"}
    assert ids("*") == {"union", "state", "tall", "channel"}
    (union,) = (one for one in demands(PACK, PERFORMER, ("GB", "FR", "DE"), (), DAY) if one.rule.id == "union")
    assert union.markets == ("FR", "DE")


def test_a_rule_waits_for_its_day_and_for_its_facts() -> None:
    assert "union" not in ids("DE", day=date(2025, 12, 31))
    assert "state" not in ids("US", facts=Facts(shows_people=True, has_replica=True))
    ended = pack(rule("gone", ends=DAY), rule("stays", ends=DAY + timedelta(days=1)))
    assert [one.rule.id for one in demands(ended, PERFORMER, ("GB",), (), DAY)] == ["stays"]
    assert not demands(PACK, Facts(is_generated=False), ("*",), (), DAY)


def test_platforms_are_asked_when_they_are_named_and_all_when_none_is() -> None:
    assert "channel" in ids("GB")
    assert "channel" in ids("GB", platforms=("tube",))
    assert "channel" not in ids("GB", platforms=("elsewhere",))


def test_the_strictest_demand_wins_measure_by_measure() -> None:
    both = labelled("US", "DE", "CN")
    assert (both.text, both.height, both.span) == ("Made by AI, made-up people · AI生成，虚拟演员", 50, "throughout")
    assert labelled("DE").height == HEIGHT
    assert labelled("DE", locale="de-AT").text == "Von KI"
    assert labelled("DE", locale="sv-SE").text == "Made by AI"
    assert labelled("CN").seconds == Fraction(2)
    assert labelled("GB").text == ""


def test_words_the_typeface_lacks_are_left_out_and_never_all_of_them() -> None:
    latin = label(PACK, PERFORMER, ("CN",), (), "zh-CN", DAY, lambda text: text.isascii())
    assert latin.text == "Made by AI"


def test_markets_share_a_cut_everywhere_and_part_only_where_required() -> None:
    def made(policy: Policy) -> tuple[Labelling, ...]:
        return divide(PACK, PERFORMER, ("US", "GB", "DE", "FR"), (), "en-US", DAY, lambda text: True, policy)

    (one,) = made("everywhere")
    assert one.markets == ("US", "GB", "DE", "FR")
    assert one.text == labelled("US").text
    base, union, state = made("where_required")
    assert (base.markets, base.text) == (("GB",), "")
    assert (union.markets, union.alternate) == (("DE", "FR"), "alt-de-fr")
    assert (state.markets, state.text) == (("US",), labelled("US").text)


def test_what_is_declared_names_rules_and_dates_and_nobody() -> None:
    said = manifest_disclosures(labelled("US", "DE"))
    assert [one["id"] for one in said["rules"]] == ["union", "state", "channel"]
    assert said["rules"][0]["from"] == "2026-01-01"
    assert said["syntheticPerformer"] is True
    assert upload_flags(labelled("GB")) == {"tube": {"isMade": True}}


def cut(labelling: Labelling, **changes: Any) -> Cut:
    """A cut of 90 frames with the label that is asked for, and no other word."""
    media = Media(digest=Digest("c" * 64), media_type="video/mp4", width=720, height=1280, frames=90, rate=30)
    clip = Clip(shot=ShotId("s1"), take=TakeId("t1"), media=media, frames=60)
    laid = Super(kind="label", text=labelling.text, start=0, frames=90, height=labelling.height)
    settings: dict[str, Any] = {"supers": (laid,), "safe": VERTICAL.margins, "locale": "en-US", **changes}
    return Cut(
        campaign="c", variant=VariantId("a"), placement=PlacementId("vertical"), rate=30, width=720, height=1280,
        loudness=-14, palette=("#000000", "#ffffff"), clips=(clip,),
        end_card=EndCard(frames=30, picture=None, headline="h", call_to_action="c"), **settings,
    )  # fmt: skip


def changed(made: Cut, **changes: Any) -> Cut:
    return made.model_copy(update={"supers": (made.supers[0].model_copy(update=changes),)})


def said(made: Cut, *markets: str) -> list[str]:
    return [one.evidence for one in clear_labels(PACK, made, PERFORMER, markets, VERTICAL, DAY)]


def test_a_cut_with_the_label_that_is_asked_for_is_clear() -> None:
    assert said(cut(labelled("US", "DE")), "US", "DE") == []
    assert said(cut(labelled("CN")), "CN") == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"text": "Von KI"}, "nothing says 'Made by AI"),
        ({"text": "Made by AI"}, "nothing says 'Made by AI, made-up people'"),
        ({"kind": "legal"}, "nothing says"),
        ({"height": HEIGHT - 1}, f"is {HEIGHT - 1} permille of the shorter side, not {HEIGHT}"),
        ({"height": None}, "is 0 permille"),
        ({"frames": 89}, "does not stand on every frame"),
        ({"start": 1, "frames": 89}, "does not stand on every frame"),
    ],
)
def test_a_missing_small_short_or_late_label_stops_a_cut(changes: dict[str, Any], told: str) -> None:
    assert told in " ".join(said(changed(cut(labelled("US", "DE")), **changes), "US", "DE"))


@pytest.mark.parametrize("changes", [{"frames": 59}, {"start": 1, "frames": 89}])
def test_a_label_for_the_start_stands_there_long_enough(changes: dict[str, Any]) -> None:
    first = changed(cut(labelled("CN")), frames=60)
    assert said(first, "CN") == []
    assert "does not stand on the first 2 s" in " ".join(said(changed(first, **changes), "CN"))


def test_a_label_under_the_platforms_buttons_stops_a_cut() -> None:
    assert "covered by the platform" in " ".join(said(cut(labelled("DE"), safe=TITLE_SAFE), "DE"))


def test_a_label_with_words_of_its_own_stops_a_cut() -> None:
    made = changed(cut(labelled("DE")), text="Made by AI · and by doctors")
    assert "is no wording of the rules" in " ".join(said(made, "DE"))
    assert said(changed(cut(labelled("DE")), text="Made by AI · Von KI"), "DE") == []


def test_a_label_in_letters_we_lack_stops_the_cut_for_that_market_and_says_what_to_do() -> None:
    (found,) = clear_labels(PACK, cut(labelled("DE")), PERFORMER, ("CN",), VERTICAL, DAY)
    assert found.weight == "stops"
    assert "leave CN out" in found.fix


def test_an_alternate_answers_for_its_own_markets() -> None:
    bare = cut(labelled("DE")).model_copy(update={"supers": (), "markets": ("GB",)})
    assert said(bare, "US", "GB", "DE") == []
    assert len(said(bare.model_copy(update={"markets": ("DE", "US")}), "US", "GB", "DE")) == 2


def test_the_release_gate_is_told_label_rules_doubts_and_a_stale_pack() -> None:
    doubtful = pack(UNION.model_copy(update={"is_certain": False, "note": "it is disputed"}), CHANNEL)
    told = "\n".join(label_notices(doubtful, [labelled("DE", of=doubtful)], DAY))
    assert "label 'Made by AI' on every frame" in told
    assert "union (since 2026-01-01)" in told
    assert "uncertain: union: it is disputed" in told
    assert "channel" in told
    assert "days ago" not in told
    late = DAY + timedelta(days=181)
    assert "181 days ago" in "\n".join(label_notices(doubtful, [labelled("DE", of=doubtful)], late))
    assert "no label for GB" in "\n".join(label_notices(PACK, [labelled("GB")], DAY))


def test_an_upright_placement_keeps_clear_of_every_platform_unless_it_names_its_own() -> None:
    for zone in UPRIGHT.values():
        assert VERTICAL.margins.holds(zone)
    meta = VERTICAL.model_copy(update={"platforms": ("meta",)})
    assert meta.margins.holds(UPRIGHT["meta"])
    assert not meta.margins.holds(UPRIGHT["tiktok"])
    assert SQUARE.margins == TITLE_SAFE
    assert Placement(id=PlacementId("own"), safe=Safe(top=200)).margins.top == 200


MARKETS = some.lists(some.sampled_from(["US", "US-NY", "DE", "FR", "GB", "CN"]), min_size=1, unique=True)
FACTS = some.builds(Facts, has_performer=some.booleans(), shows_people=some.booleans(), has_replica=some.booleans())
POLICIES: some.SearchStrategy[Policy] = some.sampled_from(["everywhere", "where_required"])


@given(MARKETS, FACTS, POLICIES, some.sampled_from(["en-US", "de-DE", "zh-CN"]))
def test_whatever_is_asked_the_label_made_for_it_clears_every_market(
    markets: list[str], facts: Facts, policy: Policy, locale: str
) -> None:
    found = divide(PACK, facts, markets, (), locale, DAY, lambda text: True, policy)
    assert sorted(market for one in found for market in one.markets) == sorted(markets)
    assert len({one.alternate for one in found}) == len(found)
    for one in found:
        made = cut(one, locale=locale, markets=one.markets) if one.text else None
        bare = cut(labelled("DE"), locale=locale, markets=one.markets).model_copy(update={"supers": ()})
        assert clear_labels(PACK, made or bare, facts, markets, VERTICAL, DAY) == ()
        assert bool(clear_labels(PACK, bare, facts, markets, VERTICAL, DAY)) is bool(one.text)


@given(FACTS, some.sets(some.sampled_from(["people", "performer", "replica"])))
def test_more_facts_never_mean_fewer_demands(facts: Facts, more: set[Trigger]) -> None:
    names = {"people": "shows_people", "performer": "has_performer", "replica": "has_replica"}
    wider = facts.model_copy(update={names[one]: True for one in more})
    assert {one.rule.id for one in demands(PACK, facts, ("*",), (), DAY)} <= {
        one.rule.id for one in demands(PACK, wider, ("*",), (), DAY)
    }
