"""A likeness is used where, when, and for what its release says, and nowhere else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from callsheet.domain.cameo import Cameo, Covered, Release, Uncovered, Use, check_release
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
    assert verdict == Uncovered(reasons=("Mara has signed no release; add one under cameos",))
    narrow = release(territories=("DE",), media=("square",))
    refused = check_release(person(narrow), USE, END)
    assert refused == Uncovered(
        reasons=(
            "release r1 ended on 2027-01-01",
            "release r1 does not cover the placement vertical",
            "release r1 does not cover the market US",
        )
    )
