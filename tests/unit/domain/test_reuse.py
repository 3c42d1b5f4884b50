"""A take is used again only while every permission lasts, and a miss says exactly what is in the way."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.cameo import Cameo, Release, Use
from callsheet.domain.cut import Media
from callsheet.domain.identity import CameoId, Digest, PurchaseKey, ReleaseId, RunId, ShotId, TakeId
from callsheet.domain.money import Money
from callsheet.domain.provider import Provider, Tier
from callsheet.domain.purchase import Order, PurchaseState
from callsheet.domain.reuse import Asked, Hit, Miss, Standing, judge, nearest
from callsheet.domain.stop import Stop
from callsheet.domain.take import Take

NOW = datetime(2026, 11, 22, tzinfo=UTC)
USE = Use(media=("vertical",), territories=("US",))
MARA = CameoId("mara")
PROMPT = "Wide shot: a runner takes the corner fast. Setting: an empty street. Slow push-in, soft overcast."


def order(**changes: Any) -> Order:
    return Order.model_validate(
        {
            "workspace": "default",
            "provider": "fourths",
            "account": "default",
            "model": "m-1",
            "prompt": PROMPT,
            "seconds": 4,
            "size": "720x1280",
            "shot": "shot.1",
            "take": 1,
            **changes,
        }
    )


def known(state: str = "settled", reason: str = "", **changes: Any) -> Asked:
    return Asked(order=order(**changes), run=RunId("spring-1"), state=PurchaseState(state), reason=reason)


def take(**changes: Any) -> Take:
    media = Media(digest=Digest("a" * 64), media_type="video/mp4", width=720, height=1280, frames=96, rate=24)
    told: dict[str, Any] = {"cameo": MARA, "release": ReleaseId("r1"), **changes}
    return Take(
        id=TakeId("shot.1.take1"),
        shot=ShotId("shot.1"),
        number=1,
        purchase=PurchaseKey("k"),
        provider="fourths",
        model="m-1",
        job="job-1",
        prompt=Digest("b" * 64),
        media=media,
        seconds=4,
        price=Money(amount=Decimal("0.40")),
        stored_at=NOW,
        **told,
    )


def person(**changes: Any) -> Cameo:
    terms = {"starts": NOW - timedelta(days=9), "ends": NOW + timedelta(days=1)}
    terms |= {name: changes.pop(name) for name in ("ends", "revoked_at") if name in changes}
    signed = Release.model_validate({"id": "r1", **terms})
    return Cameo.model_validate({"id": MARA, "name": "Mara", "releases": (signed,), **changes})


def sold(commercial_use: bool | None, licence: str = "") -> Provider:
    tier = Tier(name="standard", sizes=("720x1280",), per_second=Decimal("0.10"))
    return Provider(
        name="fourths",
        model="m-1",
        as_of=date(2026, 11, 1),
        source="test",
        tiers=(tier,),
        commercial_use=commercial_use,
        licence=licence,
    )


def standing(**changes: Any) -> Standing:
    return Standing.model_validate(
        {"asked": known(), "person": person(), "terms": sold(commercial_use=True), **changes}
    )


def missed(verdict: Hit | Miss) -> Miss:
    assert isinstance(verdict, Miss)
    return verdict


def test_a_take_is_a_hit_under_the_release_that_covers_it_now() -> None:
    assert judge(take(release=ReleaseId("an older one")), MARA, USE, standing(), NOW) == Hit(release=ReleaseId("r1"))


def test_a_take_with_nobody_cast_needs_no_release() -> None:
    verdict = judge(take(cameo=None, release=None), None, None, standing(person=None), NOW)
    assert verdict == Hit()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"person": person(ends=NOW)}, "release r1 ended on 2026-11-22"),
        ({"person": person(revoked_at=NOW)}, "release r1 was revoked"),
        ({"person": None}, "no cameo mara in this workspace"),
        ({"person": person(is_public_figure=True)}, "public figure"),
    ],
)
def test_without_a_release_at_this_moment_it_is_a_miss(changes: dict[str, Any], says: str) -> None:
    verdict = missed(judge(take(), MARA, USE, standing(**changes), NOW))
    assert verdict.cause == "release"
    assert says in str(verdict)


def test_a_use_that_the_release_does_not_name_is_a_miss() -> None:
    signed = person().releases[0].model_copy(update={"territories": ("DE",)})
    verdict = missed(judge(take(), MARA, USE, standing(person=person(releases=(signed,))), NOW))
    assert (verdict.cause, str(verdict)) == ("release", "release r1 does not cover the market US")


@pytest.mark.parametrize(
    ("shows", "casts", "says"),
    [
        (MARA, CameoId("ines"), "it shows mara; now ines is cast"),
        (MARA, None, "it shows mara; now nobody is cast"),
        (None, MARA, "it shows nobody cast; now mara is cast"),
    ],
)
def test_another_person_than_the_one_cast_is_a_miss(shows: CameoId | None, casts: CameoId | None, says: str) -> None:
    verdict = missed(judge(take(cameo=shows), casts, USE if casts else None, standing(), NOW))
    assert (verdict.cause, str(verdict)) == ("cast", says)


def test_a_licence_that_forbids_adverts_forbids_reuse_and_an_unknown_one_is_remarked() -> None:
    forbidden = missed(
        judge(take(), MARA, USE, standing(terms=sold(commercial_use=False, licence="research only")), NOW)
    )
    assert forbidden.cause == "licence"
    assert "research only" in str(forbidden)
    unknown = judge(take(), MARA, USE, standing(terms=sold(commercial_use=None)), NOW)
    assert isinstance(unknown, Hit) and "nobody has said" in unknown.notices[0]
    drawn = judge(take(previz=True), MARA, USE, standing(terms=sold(commercial_use=None)), NOW)
    assert drawn == Hit(release=ReleaseId("r1")), "a drawn frame is the house's own"


def test_what_was_called_off_is_not_used_and_what_is_paused_may_be() -> None:
    word = Stop(tag="cameo:mara", kind="cancel", reason="she asked us to", at=NOW)
    off = missed(judge(take(), MARA, USE, standing(stop=word), NOW))
    assert (off.cause, str(off)) == ("called_off", "cameo:mara was called off: she asked us to")
    paused = word.model_copy(update={"kind": "pause"})
    assert isinstance(judge(take(), MARA, USE, standing(stop=paused), NOW), Hit)


@given(st.sampled_from([one for one in PurchaseState if one is not PurchaseState.SETTLED]))
def test_only_a_settled_purchase_is_ever_used(state: PurchaseState) -> None:
    verdict = missed(judge(take(), MARA, USE, standing(asked=known(state)), NOW))
    assert verdict.cause == "no_take"
    assert str(verdict)


@pytest.mark.parametrize(
    ("state", "reason", "says"),
    [
        ("rejected", "the picture is black", "it was paid for and cannot be used: the picture is black"),
        ("rejected", "locked away as 0a1b: release r1 was revoked", "locked away as 0a1b: release r1 was revoked"),
        ("failed", "the provider broke", "it failed and was not paid for: the provider broke"),
        ("cancelled", "called off", "it was cancelled and not paid for: called off"),
        ("submitted", "", "it is still rendering at the provider"),
        ("ambiguous", "no answer", "nobody can say whether it was bought: it waits at a gate: no answer"),
    ],
)
def test_the_order_itself_says_where_it_stands(state: str, reason: str, says: str) -> None:
    verdict = nearest(order(), [known("settled", take=2), known(state, reason)])
    assert (verdict.cause, verdict.nearest) == ("no_take", order().key)
    assert says in str(verdict)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"seconds": 8}, "seconds: 4 s is now 8 s"),
        ({"size": "1080x1920"}, "size: 720x1280 is now 1080x1920"),
        ({"references": ("c" * 64,)}, 'reference picture: "cccccccccccc" is new'),
        ({"model": "m-2"}, "model: m-1 is now m-2"),
        ({"provider": "others"}, "provider: fourths is now others"),
        ({"account": "second"}, "account: default is now second"),
        ({"shot": "shot.2"}, "shot: shot.1 is now shot.2"),
        ({"take": 2}, "take: 1 is now 2"),
        ({"prompt": PROMPT.replace("Slow push-in", "Handheld")}, 'prompt: "Slow push-in," is now "Handheld,"'),
        ({"prompt": PROMPT + " Rain."}, 'prompt: "Rain." is new'),
        ({"prompt": PROMPT.replace(" fast", "")}, 'prompt: "corner fast." is now "corner."'),
        ({"prompt": PROMPT.replace("Wide shot: ", "")}, 'prompt: "Wide shot:" is gone'),
        ({"prompt": PROMPT + " "}, "prompt: only its white space differs"),
    ],
)
def test_each_thing_that_differs_is_named(changes: dict[str, Any], says: str) -> None:
    verdict = nearest(order(**changes), [known()])
    assert verdict.cause == "changed"
    assert str(verdict) == f"unlike shot.1 take 1 of spring-1: {says}"


def test_the_nearest_of_many_is_the_one_with_least_to_change() -> None:
    others = [known(seconds=8, size="1080x1920"), known(size="1080x1920"), known(model="m-2", seconds=8)]
    verdict = nearest(order(), others)
    assert verdict.nearest == others[1].order.key
    assert [one.field for one in verdict.differences] == ["size"]
    assert verdict == nearest(order(), others[::-1]), "whatever the order in which they are looked at"


def test_a_picture_laid_out_for_another_size_is_not_another_picture() -> None:
    other_bytes = nearest(order(size="1080x1920", references=("c" * 64,)), [known(references=("d" * 64,))])
    assert [one.field for one in other_bytes.differences] == ["size"]
    one_less = nearest(order(size="1080x1920"), [known(references=("d" * 64,))])
    assert [one.field for one in one_less.differences] == ["size", "reference picture"]


def test_the_name_on_a_slate_is_not_part_of_the_words() -> None:
    verdict = nearest(order(prompt=f"[shot.2] {PROMPT}", shot="shot.2"), [known(prompt=f"[shot.1] {PROMPT}")])
    assert [one.field for one in verdict.differences] == ["shot"]


def test_another_picture_was_never_asked_for() -> None:
    elsewhere = "Macro insert: rain runs down a window. Golden hour, orbit, nobody in frame, quiet room."
    assert nearest(order(prompt=elsewhere), [known()]).cause == "never"
    assert str(nearest(order(), [])) == "never asked for"


def test_one_more_take_after_an_unusable_one_says_why() -> None:
    verdict = nearest(order(take=2), [known("rejected", "the picture is black")])
    assert verdict.cause == "no_take"
    assert str(verdict) == "shot.1 take 1 of spring-1: it was paid for and cannot be used: the picture is black"


def test_many_changes_are_counted_and_all_kept() -> None:
    old = " ".join(f"same{n} same{n}b word{n}" for n in range(8))
    new = " ".join(f"same{n} same{n}b other{n}" for n in range(8))
    verdict = nearest(order(prompt=new), [known(prompt=old)])
    assert len(verdict.differences) == 8
    assert str(verdict).endswith("prompt: 5 more changes")


def test_what_is_near_and_never_came_says_so_too() -> None:
    verdict = nearest(order(seconds=8), [known("failed", "the provider broke")])
    assert str(verdict).endswith("seconds: 4 s is now 8 s; and it failed and was not paid for: the provider broke")
