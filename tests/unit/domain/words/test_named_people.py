"""A text names a known person only where they are cast and covered; the finding itself names nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.agents.briefs import cameo, runner

from callsheet.domain.cameo import Cameo
from callsheet.domain.claim import Claim, LegalBook
from callsheet.domain.clearance import clear_cuts, stops
from callsheet.domain.cut import Clip, Cut, EndCard, Media, Super
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, ClaimId, Digest, PlacementId, ShotId, TakeId, VariantId
from callsheet.domain.words.gate import WordGate
from callsheet.domain.words.person import people_in
from callsheet.tools.rules.shipped import shipped_rules

DAY = date(2026, 11, 22)
MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MARA = cameo("mara").model_copy(update={"name": "Mara Olsen"})
JON = cameo("jon").model_copy(update={"name": "Jon Olsen"})
WILL = cameo("will").model_copy(update={"name": "Will Rose"})
HANAKO = cameo("hanako").model_copy(update={"name": "山田 花子"})
MINJI = cameo("minji").model_copy(update={"name": "김 민지"})
SHOT = ShotId("s1")


def gate(*cast: str, known: tuple[Cameo, ...] = (), locale: str = "en-US", **about: object) -> WordGate:
    brief = runner(cameos=(MARA, JON, WILL), **about)
    named = frozenset(CameoId(one) for one in cast)
    return WordGate(brief, LegalBook(claims=brief.claims), shipped_rules(), DAY, locale, known, named)


def named(found: list[Finding]) -> list[str]:
    return [one.rule for one in stops(found) if one.rule == "cast: named"]


def told(*supers: Super, url: str = "", legal: str = "") -> Cut:
    media = Media(digest=Digest("a" * 64), media_type="video/mp4", width=720, height=1280, frames=90, rate=30)
    return Cut(
        campaign="spring", variant=VariantId("a"), placement=PlacementId("vertical"), locale="en-US", rate=30,
        width=720, height=1280, loudness=-14, palette=("#000000", "#ffffff"),
        clips=(Clip(shot=SHOT, take=TakeId("t1"), media=media, frames=60),), supers=supers,
        end_card=EndCard(frames=90, picture=None, headline="Fleet Runner", call_to_action="Go", url=url, legal=legal),
    )  # fmt: skip


def caption(text: str, kind: str = "caption") -> Super:
    return Super.model_validate({"kind": kind, "text": text, "start": 0, "frames": 60})


@pytest.mark.parametrize(
    "line",
    [
        "Mara Olsen runs the loop", "mara olsen runs", "Mara runs", "One run with Mara", "Olsens Schuh", "Mara's shoe",
        "#runwithmara @maraolsen", "M a r a runs", "m\u0430ra olsen", "Ma\u200bra Olsen", "mara_olsen",
        "<b>Ma</b>ra Olsen", "MARA OLSEN",
    ],
)  # fmt: skip
def test_somebody_known_who_is_not_cast_is_found_however_they_are_written(line: str) -> None:
    assert named(gate().said("caption", line)), line
    assert not named(gate("mara", "jon").said("caption", line)), line


@pytest.mark.parametrize("line", ["Will you run?", "You will see", "A rose in the rain", "THE CITY WILL RISE"])
def test_words_of_the_language_are_no_names(line: str) -> None:
    assert not named(gate().said("caption", line))


def test_whoever_bears_the_name_of_somebody_cast_is_not_meant() -> None:
    assert not named(gate("jon").said("caption", "Jon Olsen runs"))
    assert not named(gate("jon").said("caption", "Olsen runs"))
    assert named(gate("jon").said("caption", "Mara Olsen runs"))


@pytest.mark.parametrize(
    ("who", "line"), [(HANAKO, "山田花子が走る"), (HANAKO, "花子と走ろう"), (MINJI, "민지가 달린다")]
)
def test_names_are_found_where_words_run_together(who: Cameo, line: str) -> None:
    made = replace(gate(locale="ja-JP"), campaign=runner(cameos=(who,)))
    assert named(made.said("caption", line))
    assert not named(replace(made, cast=frozenset({who.id})).said("caption", line))


def test_somebody_of_another_campaign_is_named_by_the_whole_name_alone() -> None:
    ines = cameo("ines").model_copy(update={"name": "Ines Grant"})
    assert named(gate(known=(ines, HANAKO)).said("caption", "With Ines Grant"))
    assert named(gate(known=(ines, HANAKO)).said("caption", "With 山田花子"))
    assert not named(gate(known=(ines, HANAKO)).said("caption", "The prize goes to Ines, 花子"))


def test_the_finding_says_what_to_do_and_names_nobody() -> None:
    found = gate().said("variant a, panel 1 (s1) caption", "The best shoe, says Mara Olsen")
    assert {"cast: named"} < {one.rule for one in found}
    for one in found:
        assert "Mara" not in str(one), one
        assert "Olsen" not in str(one), one
    (one,) = (one for one in found if one.rule == "cast: named" and "mara" in one.evidence)
    assert (one.place, one.text) == ("variant a, panel 1 (s1) caption", "")
    assert "M. O." in one.evidence
    assert "cast mara" in one.fix


def test_an_approved_wording_lets_no_name_pass() -> None:
    claims = (Claim(id=ClaimId("c1"), text="Mara Olsen wears it", approved=True, substantiation="contract"),)
    assert named(gate(claims=claims).said("callout", "Mara Olsen wears it"))
    assert not named(gate("mara", claims=claims).said("callout", "Mara Olsen wears it"))


@pytest.mark.parametrize(
    "cut",
    [
        told(caption("Mara Olsen runs")), told(caption("Mara Olsen runs", "callout")),
        told(caption("Mara Olsen is paid by Fleet.", "legal")), told(url="fleet.example/mara-olsen"),
        told(legal="Mara Olsen is paid by Fleet."), told(caption("With Mara Olsen", "label")),
    ],
    ids=["caption", "callout", "legal super", "url", "legal line", "label"],
)  # fmt: skip
def test_a_cut_names_only_whom_a_release_covers_at_that_moment(cut: Cut) -> None:
    brief = runner(cameos=(), brand=runner().brand.model_copy(update={"legal_line": "Mara Olsen is paid by Fleet."}))
    brief = brief.model_copy(update={"product": brief.product.model_copy(update={"url": "fleet.example/mara-olsen"})})
    ended = MARA.releases[0].model_copy(update={"ends": MOMENT - timedelta(days=1)})
    over = MARA.model_copy(update={"releases": (ended,)})

    def rules_of(cast: dict[ShotId, CameoId], known: Cameo) -> set[str]:
        found = clear_cuts(brief, [cut], LegalBook(), cast, (known,), MOMENT, rules=shipped_rules())
        return {one.rule for one in found}

    assert "cast: named" in rules_of({}, MARA)
    assert "cast: named" in rules_of({SHOT: MARA.id}, over)
    assert "cast: named" not in rules_of({SHOT: MARA.id}, MARA)


NAMES = st.sampled_from(["Mara", "Olsen", "Jon", "Ines", "Calder", "Yuki", "Brandt", "Soler"])


@given(
    first=NAMES, last=NAMES, before=st.sampled_from(["", "with ", "run, ", "¡"]), after=st.sampled_from(["", "!", "'s"])
)
def test_a_whole_name_is_found_wherever_it_stands(first: str, last: str, before: str, after: str) -> None:
    who = MARA.model_copy(update={"name": f"{first} {last}"})
    for line in (f"{before}{first} {last}{after}", f"{before}{first}-{last}".upper() + after, f"@{first}{last}"):
        assert people_in(line, [who]) == (who,)
