"""A person's edits and the Analyst's reshoots change what they name and nothing else."""

from fractions import Fraction

import pytest
from unit.agents.briefs import provider, runner

from callsheet.agents.director import Director, EditRefused
from callsheet.domain.finding import Finding
from callsheet.domain.identity import ShotId, VariantId
from callsheet.domain.provider import NotSold
from callsheet.domain.shot import Framing
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.telemetry import Change, ReshootRequest
from callsheet.tools.writer import HouseWriter

DIRECTOR = Director(HouseWriter())


@pytest.fixture(scope="module")
async def board() -> Storyboard:
    return await DIRECTOR.plan(runner())


def again(*shots: str, changes: tuple[Change, ...] = ("closer",), seconds: int = 12) -> ReshootRequest:
    return ReshootRequest(
        variant=VariantId("a"), shots=tuple(map(ShotId, shots)), changes=changes, seconds=seconds, reason="weak"
    )


def test_a_new_length_is_fitted_to_what_is_sold_and_follows_into_every_variant(board: Storyboard) -> None:
    changed = DIRECTOR.edit(runner(), board, {"shot.3.seconds": "4.5"})
    assert changed.shot(ShotId("shot.3")).seconds == Fraction(9, 2)
    assert changed.shot(ShotId("shot.3")).purchased_seconds == 8
    assert {panel.seconds for one in changed.variants for panel in one.panels if panel.shot == "shot.3"} == {
        Fraction(9, 2)
    }
    assert [shot for shot in changed.shots if shot.id != "shot.3"] == [
        shot for shot in board.shots if shot.id != "shot.3"
    ]


def test_a_new_framing_is_asked_for_in_the_prompt(board: Storyboard) -> None:
    changed = DIRECTOR.edit(runner(), board, {"shot.2.framing": "close-up", "shot.2.movement": "pan left"})
    assert changed.shot(ShotId("shot.2")).framing == Framing.CLOSE
    assert changed.shot(ShotId("shot.2")).prompt.startswith("Close-up")
    assert "Pan left" in changed.shot(ShotId("shot.2")).prompt


def test_a_caption_can_be_changed_in_one_variant(board: Storyboard) -> None:
    changed = DIRECTOR.edit(runner(), board, {"b.shot.2.caption": "Only here"})
    said = {one.id: panel.caption for one in changed.variants for panel in one.panels if panel.shot == "shot.2"}
    assert said["b"] == "Only here"
    assert "Only here" not in (said["a"], said["c"])


def test_the_end_card_can_be_changed_everywhere_or_in_one_variant(board: Storyboard) -> None:
    changed = DIRECTOR.edit(runner(), board, {"end_card.call_to_action": "Go", "b.end_card.call_to_action": "Run"})
    assert [one.end_card.call_to_action for one in changed.variants] == ["Go", "Run", "Go"]


def test_a_callout_is_named_by_id_or_wording_and_can_be_taken_away(board: Storyboard) -> None:
    changed = DIRECTOR.edit(runner(), board, {"shot.6.callout": "f2", "shot.3.callout": "none"})
    panels = {panel.shot: panel for panel in changed.variants[0].panels}
    assert panels[ShotId("shot.6")].callout is not None
    assert panels[ShotId("shot.3")].callout is None


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("shot.9.seconds", "2", "shot.1, shot.2"),
        ("shot.2.frmaing", "close-up", "did you mean framing?"),
        ("shot.2.framing", "closeup", "did you mean close-up?"),
        ("shot.2.seconds", "9", "5 s"),
        ("shot.2.seconds", "soon", "write seconds"),
        ("shot.2.seconds", "1.01", "whole number of frames"),
        ("shot.2.seconds", "-1", "between"),
        ("shot.2.callout", "Our lightest shoe", "no approved claim"),
        ("shot.2.cameo", "bob", "ana"),
        ("shot.2.caption", "x" * 61, "60"),
        ("endcard.url", "x", "did you mean end_card?"),
        ("end_card.colour", "x", "headline"),
        ("b.shot.2.seconds", "2", "of its own"),
        ("seconds", "2", "there is no"),
        ("shot.2.subject", " ", "empty"),
    ],
)
def test_a_wrong_edit_names_the_key_what_is_allowed_and_the_nearest(
    board: Storyboard, key: str, value: str, says: str
) -> None:
    with pytest.raises(EditRefused, match=key.replace(".", r"\.")) as refused:
        DIRECTOR.edit(runner(), board, {key: value})
    assert says in str(refused.value)


def test_an_edit_that_makes_neighbours_alike_is_refused(board: Storyboard) -> None:
    other = board.shots[2]
    with pytest.raises(EditRefused, match="would both be"):
        DIRECTOR.edit(runner(), board, {"shot.2.framing": other.framing.value, "shot.2.movement": other.movement.value})


async def test_a_reshoot_changes_the_asked_shot_and_keeps_all_others(board: Storyboard) -> None:
    revised = await DIRECTOR.revise(runner(), board, again("shot.3", changes=("wider", "steadier", "lighter")))
    assert revised.round == board.round + 1
    assert [shot.id for shot in revised.shots][2] == "shot.3.r1"
    assert revised.shots[2].prompt != board.shots[2].prompt
    assert revised.shots[2].framing != board.shots[2].framing
    assert revised.shots[:2] == board.shots[:2]
    assert revised.shots[3:] == board.shots[3:]
    assert all(panel.shot != "shot.3" for one in revised.variants for panel in one.panels)


async def test_a_second_reshoot_of_a_shot_is_named_after_its_round(board: Storyboard) -> None:
    once = await DIRECTOR.revise(runner(), board, again("shot.3"))
    twice = await DIRECTOR.revise(runner(), once, again("shot.3.r1", changes=("wider",)))
    assert twice.shots[2].id == "shot.3.r2"


async def test_a_reshoot_keeps_neighbours_apart(board: Storyboard) -> None:
    for shot in board.shots:
        revised = await DIRECTOR.revise(runner(), board, again(shot.id, changes=("closer", "steadier")))
        DIRECTOR.edit(runner(), revised, {"end_card.url": "checked.example"})


async def test_a_reshoot_never_buys_more_seconds_than_it_may(board: Storyboard) -> None:
    with pytest.raises(NotSold):
        await DIRECTOR.revise(runner(), board, again("shot.3", seconds=3))


async def test_an_exact_product_stays_demanded_where_the_provider_takes_no_reference() -> None:
    """The gate refuses it; the Director does not quietly drop what the brief needs."""
    board = await DIRECTOR.plan(runner(provider=provider(reference="none")))
    assert any(shot.product == "exact" for shot in board.shots)


async def test_a_person_refused_in_one_shot_is_missing_there_and_nowhere_else(board: Storyboard) -> None:
    cast = [shot.id for shot in board.shots if shot.cameo]
    refused = Finding(rule="casting.refused", place=f"{cast[0]}, cameo ana", evidence="revoked", fix="without")
    second = await DIRECTOR.plan(runner(), (refused,))
    assert [shot.id for shot in second.shots if shot.cameo] == cast[1:]
    assert "braid" not in second.shot(cast[0]).prompt
