"""A cast person is never heard: their release is asked for the face alone, and nothing could carry their voice."""

from typing import Any

import pytest
from unit.agents.briefs import NOON, runner

from callsheet.agents.casting import Casting
from callsheet.agents.director import Director
from callsheet.agents.house.planner import draft_storyboard
from callsheet.agents.planning.board import compile_board
from callsheet.domain.casting import speaks, use_of
from callsheet.domain.provider import Provider
from callsheet.domain.purchase import Order
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Storyboard
from callsheet.prompts.library import casting_words, worlds
from callsheet.tools.writer import HouseWriter

_KNOWN_FIELDS = {
    "workspace", "provider", "account", "model", "prompt", "negative_prompt", "references", "seconds", "size", "shot",
    "take",
}  # fmt: skip


async def board(**changes: Any) -> tuple[Storyboard, Shot]:
    """A storyboard whose first cast shot says something else."""
    drawn = await Director(HouseWriter()).plan(runner())
    first = next(shot for shot in drawn.shots if shot.cameo)
    other = first.model_copy(update=changes)
    shots = tuple(other if shot.id == first.id else shot for shot in drawn.shots)
    return drawn.model_copy(update={"shots": shots}), other


@pytest.mark.parametrize(
    "changes",
    [
        {"audio": "she says 'I never lace anything else'"},
        {"audio": 'a warm voice: "Run."'},
        {"audio": "voice-over by the runner"},
        {"audio": "„Lauf.“"},
        {"action": "turns to the camera and talks about the morning"},
        {"action": "WHISPERS to the shoe"},
        {"subject": "a runner lip-syncing"},
        {"prompt": "Close-up: a runner speaks into the lens."},
        {"action": "spricht in die Kamera"},
        {"action": "flüstert"},
        {"action": "カメラに話しかける"},
    ],
)
async def test_nobody_is_cast_where_somebody_would_be_heard(changes: dict[str, str]) -> None:
    storyboard, shot = await board(**changes)
    sheet, findings = Casting().cast(runner(), storyboard, runner().cameos, NOON)
    assert shot.id not in {role.shot for role in sheet.roles}
    (finding,) = findings
    assert finding.weight == "stops" and "says nothing" in finding.evidence
    assert f"plan {shot.id} with nobody heard" in finding.fix


@pytest.mark.parametrize(
    "changes", [{"audio": "low voices, a grinder far back"}, {"action": "runs past the finish line, mouth open"}]
)
async def test_sounds_that_nobody_makes_keep_nobody_out(changes: dict[str, str]) -> None:
    storyboard, shot = await board(**changes)
    sheet, findings = Casting().cast(runner(), storyboard, runner().cameos, NOON)
    assert findings == () and shot.id in {role.shot for role in sheet.roles}


def test_the_house_asks_no_person_to_speak() -> None:
    cast = 0
    for category in ("", *(world.keywords[0] for world in worlds() if world.keywords)):
        brief = runner()
        brief = brief.model_copy(update={"product": brief.product.model_copy(update={"category": category})})
        for note in ("", "again", "once more"):
            drafted = draft_storyboard(brief, NOON.date(), note=note)
            with_people = [one for one in compile_board(brief, drafted, NOON.date(), []).shots if one.cameo]
            assert [one for one in with_people if speaks(one)] == []
            cast += len(with_people)
    assert cast > 50


def test_the_order_of_a_take_has_nowhere_to_put_a_voice_and_asks_for_silence() -> None:
    """Should either change, `use_of` must ask releases for the voice, or for a clone of it."""
    assert set(Order.model_fields) == _KNOWN_FIELDS
    assert not any("voice" in name for name in Provider.model_fields)
    assert use_of(runner()).rights == ("face",)
    assert all("saying nothing" in words for words in (casting_words().constraint, casting_words().constraint_minor))
