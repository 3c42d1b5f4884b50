"""A likeness is used where, when, and for what its release says, and nowhere else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from callsheet.domain.cameo import Cameo, Covered, Release, Uncovered, Use, check_release, with_more
from callsheet.domain.identity import CameoId, ReleaseId

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(-400, 800).map(lambda days: START + timedelta(days=days))
MARKETS = st.lists(st.sampled_from(["US", "DE", "FR", "JP"]), min_size=1, max_size=3, unique=True).map(tuple)
MEDIA = st.lists(st.sampled_from(["vertical", "square", "wide"]), min_size=1, max_size=2, unique=True).map(tuple)
GRANTED_MARKETS = st.just(("*",)) | st.just(()) | MARKETS
GRANTED_MEDIA = st.just(("*",)) | st.just(()) | MEDIA
RIGHTS = st.sampled_from(["face", "voice"])


def release(**changes: Any) -> Release:
    return Release.model_validate({"id": "r1", "starts": START, "ends": END, **changes})


def person(*releases: Release, **changes: Any) -> Cameo:
    return Cameo.model_validate({"id": CameoId("mara"), "name": "Mara", "releases": releases, **changes})


RELEASES = st.builds(
    release,
    rights=st.lists(RIGHTS, max_size=2, unique=True).map(tuple),
    media=GRANTED_MEDIA,
    territories=GRANTED_MARKETS,
    uses=st.sampled_from([("advertising",), ("editorial",), ("*",), ()]),
    starts=MOMENTS,
    ends=MOMENTS,
    guardian=st.sampled_from([None, "", "a parent"]),
)
USES = st.builds(Use, media=MEDIA, territories=MARKETS, rights=st.tuples(RIGHTS))
USE = Use(media=("vertical",), territories=("US",))


def grants(asked: tuple[str, ...], granted: tuple[str, ...]) -> bool:
    return "*" in granted or set(asked) <= set(granted)


@given(RELEASES, USES, MOMENTS, st.booleans(), st.booleans())
def test_a_release_covers_exactly_what_it_says(
    signed: Release, use: Use, moment: datetime, is_revoked: bool, is_minor: bool
) -> None:
    signed = signed.model_copy(update={"revoked_at": moment if is_revoked else None})
    covers = (
        signed.starts <= moment < signed.ends
        and set(use.rights) <= set(signed.rights)
        and grants(use.media, signed.media)
        and grants(use.territories, signed.territories)
        and grants((use.purpose,), signed.uses)
        and not is_revoked
        and (not is_minor or bool(signed.guardian))
    )
    verdict = check_release(person(signed, is_minor=is_minor), use, moment)
    assert isinstance(verdict, Covered) == covers
    if isinstance(verdict, Uncovered):
        assert verdict.reasons
        assert all(reason.startswith("release r1 ") for reason in verdict.reasons)


@given(st.lists(RELEASES, max_size=3), USES, MOMENTS)
def test_a_revoked_release_never_covers(releases: list[Release], use: Use, moment: datetime) -> None:
    everything = release(id=ReleaseId("all"), rights=("face", "voice"), uses=("*",))
    signed = [*(one.model_copy(update={"id": ReleaseId(f"r{n}")}) for n, one in enumerate(releases)), everything]
    revoked = [one.model_copy(update={"revoked_at": moment}) for one in signed]
    assert isinstance(check_release(person(*revoked), use, moment), Uncovered)


@given(st.lists(RELEASES, max_size=3), USES, MOMENTS)
def test_a_public_figure_is_never_generated(releases: list[Release], use: Use, moment: datetime) -> None:
    assert isinstance(check_release(person(*releases, is_public_figure=True), use, moment), Uncovered)
    assert isinstance(check_release(person(release(), is_public_figure=True), USE, START), Uncovered)


@given(RELEASES, USES, MOMENTS)
def test_a_minor_needs_a_guardians_word(signed: Release, use: Use, moment: datetime) -> None:
    assume(not signed.guardian)
    assert isinstance(check_release(person(signed, is_minor=True), use, moment), Uncovered)
    with_guardian = signed.model_copy(update={"guardian": "a parent"})
    grown, minor = person(with_guardian), person(with_guardian, is_minor=True)
    assert type(check_release(minor, use, moment)) is type(check_release(grown, use, moment))


@given(st.lists(RELEASES, min_size=1, max_size=4), USES, MOMENTS)
def test_one_release_must_cover_it_all_two_halves_do_not_add_up(
    releases: list[Release], use: Use, moment: datetime
) -> None:
    alone = [isinstance(check_release(person(one), use, moment), Covered) for one in releases]
    assert isinstance(check_release(person(*releases), use, moment), Covered) == any(alone)


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        (START - timedelta(microseconds=1), False),
        (START, True),
        (END - timedelta(microseconds=1), True),
        (END, False),
    ],
)
def test_the_term_begins_on_its_first_moment_and_is_over_on_its_last(moment: datetime, covered: bool) -> None:
    assert isinstance(check_release(person(release()), USE, moment), Covered) == covered


@pytest.mark.parametrize("use", [Use(media=(), territories=("US",)), Use(media=("vertical",), territories=())])
def test_a_use_that_does_not_say_where_is_not_covered(use: Use) -> None:
    assert isinstance(check_release(person(release()), use, START), Uncovered)


def test_somebody_without_a_release_is_told_what_is_missing() -> None:
    verdict = check_release(person(), USE, START)
    assert verdict == Uncovered(reasons=("mara has signed no release; add one under cameos",))
    narrow = release(territories=("DE",), media=("square",))
    refused = check_release(person(narrow), USE, END)
    assert refused == Uncovered(
        reasons=(
            "release r1 ended on 2027-01-01",
            "release r1 does not cover the placement vertical",
            "release r1 does not cover the market US",
        )
    )


# --- who, about what, in which language ---


def about(*contexts: str, **changes: Any) -> Use:
    return USE.model_copy(update={"contexts": contexts, **changes})


def is_covered(cameo: Cameo, use: Use, moment: datetime = START) -> bool:
    return isinstance(check_release(cameo, use, moment), Covered)


@pytest.mark.parametrize(
    ("rights", "asked", "covered"),
    [
        (("face",), ("voice",), False),
        (("voice",), ("voice_clone",), False),
        (("face", "voice"), ("voice_clone",), False),
        (("voice_clone",), ("voice",), False),
        (("face", "voice_clone"), ("face", "voice_clone"), True),
        (("face",), (), False),
    ],
)
def test_face_voice_and_a_clone_of_the_voice_are_three_permissions(
    rights: tuple[str, ...], asked: tuple[str, ...], covered: bool
) -> None:
    assert is_covered(person(release(rights=rights)), USE.model_copy(update={"rights": asked})) is covered


@pytest.mark.parametrize(
    ("grantees", "grantee", "covered"),
    [
        (("Fleet",), "FLEET", True),
        (("Fleet",), "Fleet Foods", False),
        (("Fleet",), "", False),
        (("*",), "", True),
        ((), "Fleet", False),
        (("Fléet",), "Fleet", True),
    ],
)
def test_only_a_grantee_may_use_it(grantees: tuple[str, ...], grantee: str, covered: bool) -> None:
    assert is_covered(person(release(grantees=grantees)), about(grantee=grantee)) is covered


@pytest.mark.parametrize(
    ("languages", "language", "covered"),
    [
        (("en",), "en-GB", True),
        (("en-GB",), "en-US", False),
        (("en",), "enm", False),
        (("de-at",), "de-AT", True),
        ((), "en", False),
    ],
)
def test_a_language_covers_its_regions_and_no_other(languages: tuple[str, ...], language: str, covered: bool) -> None:
    assert is_covered(person(release(languages=languages)), about(languages=(language,))) is covered


@pytest.mark.parametrize(
    ("excluded", "context", "covered"),
    [
        ("beer", "Craft BEERS from the coast", False),
        ("fast cars", "a fast car", False),
        ("party", "political parties", False),
        ("beer", "beeriness", True),
        ("political party", "a birthday party", True),
        ("glass", "glasses", False),
    ],
)
def test_an_excluded_context_is_found_in_the_singular_and_the_plural(
    excluded: str, context: str, covered: bool
) -> None:
    assert is_covered(person(release(excluded=(excluded,))), about("running shoes", context)) is covered


@pytest.mark.parametrize(
    ("context", "covered"),
    [
        ("craft beers", False),
        ("Bitcoin for beginners", False),
        ("a payday loan", False),
        ("e-cigarettes", False),
        ("the spirit of running", True),
        ("ginger tea", True),
        ("running shoes", True),
    ],
)
def test_a_minor_is_kept_out_of_what_is_for_adults_whatever_the_guardian_signed(context: str, covered: bool) -> None:
    minor = person(release(guardian="a parent"), is_minor=True)
    assert is_covered(minor, about(context)) is covered
    assert is_covered(person(release()), about(context))


def test_what_is_promised_to_one_advertiser_is_shown_for_no_other_while_the_promise_holds() -> None:
    promise = release(id="p", grantees=("Fleet",), exclusive=("running shoes",))
    cameo = person(release(), promise)
    assert is_covered(cameo, about("Running shoe", grantee="Fleet"))
    assert not is_covered(cameo, about("Running shoe", grantee="Stride"))
    assert is_covered(cameo, about("coffee", grantee="Stride"))
    ended = promise.model_copy(update={"revoked_at": START})
    assert is_covered(person(release(), ended), about("Running shoe", grantee="Stride"))


def test_an_owner_who_says_yes_each_time_said_yes_to_no_more_than_that() -> None:
    whole = about("shoes", media=("vertical", "square"), territories=("US", "DE"), grantee="Fleet")
    each = release(approval="each_use")
    refused = check_release(person(each), whole, START)
    assert isinstance(refused, Uncovered)
    assert f"callsheet cameo approve mara {whole.digest[:12]}" in refused.reasons[0]
    given = person(each.model_copy(update={"approved_uses": (whole,)}))
    assert is_covered(given, whole)
    assert is_covered(given, whole.model_copy(update={"media": ("square",)}))
    for change in (
        {"media": ("wide",)}, {"territories": ("US", "FR")}, {"contexts": ("boots",)}, {"grantee": "Stride"},
        {"languages": ("en",)}, {"rights": ("face", "voice")}, {"purpose": "editorial"},
    ):  # fmt: skip
        assert not whole.model_copy(update=change).is_within(whole), change
    assert not is_covered(given, whole.model_copy(update={"contexts": ("boots",)}))


def test_reasons_name_a_person_by_id_alone() -> None:
    cameo = person(is_minor=True, name="Mara Kline")
    public = person(release(), is_public_figure=True, name="Mara Kline")
    nowhere = person(release(), name="Mara Kline")
    told = [
        check_release(cameo, about("beer"), START),
        check_release(public, USE, START),
        check_release(nowhere, USE.model_copy(update={"rights": ()}), START),
        check_release(person(release(exclusive=("x",), grantees=("A",)), name="Mara Kline"), about("x"), START),
    ]
    for verdict in told:
        assert isinstance(verdict, Uncovered)
        assert all("Kline" not in reason and reason for reason in verdict.reasons)


def test_adding_to_what_is_known_never_makes_a_minor_grown() -> None:
    known = person(release(id="r1"), is_minor=True, owner="Agency", description="a runner")
    more = with_more(known, person(release(id="r2"), release(id="r1", media=("square",))))
    assert (more.is_minor, more.owner, more.description) == (True, "Agency", "a runner")
    assert [one.id for one in more.releases] == ["r1", "r2"]
    assert more.releases[0].media == ("square",)
