"""A shot that a provider refused gets another picture; everything else stays as it was, so its takes are kept."""

import pytest
from unit.agents.briefs import runner

from callsheet.agents.director import Director
from callsheet.agents.planning.reword import RewordDraft, RewordedShot, check_words, house_words
from callsheet.agents.planning.wording import shows_somebody
from callsheet.domain.error import NotFound
from callsheet.domain.finding import Finding
from callsheet.domain.identity import ShotId
from callsheet.domain.storyboard import Storyboard
from callsheet.tools.writer import HouseWriter

DIRECTOR = Director(HouseWriter())


@pytest.fixture(scope="module")
async def board() -> Storyboard:
    return await DIRECTOR.plan(runner())


def refusal(shot: str) -> Finding:
    return Finding(rule="content_policy", place=shot, evidence="moderation_blocked", fix="show another picture")


async def test_only_the_refused_shot_is_worded_anew(board: Storyboard) -> None:
    after = await DIRECTOR.reword(runner(), board, [refusal("shot.2")], {})
    assert [shot.id for shot in after.shots] == [shot.id for shot in board.shots]
    changed = [new.id for new, old in zip(after.shots, board.shots, strict=True) if new != old]
    assert changed == ["shot.2"]
    new, old = after.shot(ShotId("shot.2")), board.shot(ShotId("shot.2"))
    assert new.prompt != old.prompt
    assert (new.seconds, new.purchased_seconds, new.framing) == (old.seconds, old.purchased_seconds, old.framing)
    assert "shot.2" in after.notes[-1]


async def test_every_refusal_leads_to_words_that_were_not_refused_before(board: Storyboard) -> None:
    for shot in board.shots:
        asked, current = {shot.prompt}, board
        for times in range(3):
            current = await DIRECTOR.reword(runner(), current, [refusal(shot.id)], {shot.id: times})
            assert current.shot(shot.id).prompt not in asked, (shot.id, times)
            asked.add(current.shot(shot.id).prompt)


async def test_after_a_second_refusal_nobody_is_in_the_picture(board: Storyboard) -> None:
    peopled = next(shot for shot in board.shots if shows_somebody(shot))
    after = await DIRECTOR.reword(runner(), board, [refusal(peopled.id)], {peopled.id: 1})
    assert not shows_somebody(after.shot(peopled.id))
    assert after.shot(peopled.id).cameo is None


async def test_a_refusal_of_a_shot_that_is_not_planned_is_an_error(board: Storyboard) -> None:
    with pytest.raises(NotFound, match=r"shot\.99"):
        await DIRECTOR.reword(runner(), board, [refusal("shot.99")], {})


def test_words_that_are_missing_empty_or_the_refused_ones_are_found(board: Storyboard) -> None:
    shots = board.shots[:2]
    good = house_words(shots, {})
    assert check_words(good, shots) == ()
    assert check_words(RewordDraft(shots=good.shots[:1]), shots)
    same = RewordedShot(
        shot=shots[0].id, subject=shots[0].subject, action=shots[0].action, setting=shots[0].setting, sound=""
    )
    assert [one.place for one in check_words(RewordDraft(shots=(same, good.shots[1])), shots)] == [shots[0].id]
    empty = good.shots[0].model_copy(update={"action": " "})
    assert check_words(RewordDraft(shots=(empty, good.shots[1])), shots)
    stranger = good.shots[0].model_copy(update={"shot": "shot.9"})
    assert check_words(RewordDraft(shots=(stranger, good.shots[1])), shots)
