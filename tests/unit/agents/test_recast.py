"""Who may not appear any more is named nowhere: not in a caption, a callout, an end card, a voice or a prompt."""

from datetime import date
from typing import Any

import pytest
from unit.agents.briefs import cameo, runner

from callsheet.agents.director import Director
from callsheet.agents.planning.recast import without
from callsheet.domain.campaign import Brand
from callsheet.domain.casting import REFUSED
from callsheet.domain.claim import Claim
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, ClaimId, ShotId
from callsheet.domain.record import Record
from callsheet.domain.storyboard import Callout, Storyboard
from callsheet.tools.writer import HouseWriter

MARA = cameo("mara", description="a runner with a dark braid and a coral top").model_copy(update={"name": "Mara Olsen"})
JON = cameo("jon", description="a man with a grey beard, a green jacket").model_copy(update={"name": "Jon Olsen"})
LINES = (
    "Mara Olsen runs the loop.",
    "Mara's favourite",
    "OLSEN, twice a week",
    "Run with m\u0430ra olsen",
    "Mara\u200b Olsen",
    "#MaraOlsen",
    "mara_olsen",
    "Olsens Schuh",
    "Mára Olsén",
    "voice-over: \u201cI am Mara.\u201d",
    "M.a.r.a runs",
)


def told_everywhere(record: Any, line: str) -> Any:
    """The record with this line in every field that is a text, however deep: fields that come later, too."""
    changed: dict[str, Any] = {}
    for field, info in type(record).model_fields.items():
        value = getattr(record, field)
        if isinstance(value, Record):
            changed[field] = told_everywhere(value, line)
        elif isinstance(value, tuple) and any(isinstance(one, Record) for one in value):
            changed[field] = tuple(told_everywhere(one, line) for one in value)
        elif info.annotation is str:
            changed[field] = line
        elif info.annotation == tuple[str, ...]:
            changed[field] = (line,)
    return record.model_copy(update=changed)


def texts(record: Any) -> list[str]:
    """Every text of a record, found by its JSON alone, less the ids."""
    found: list[str] = []

    def look(data: Any, field: str) -> None:
        if isinstance(data, dict):
            for key, value in data.items():
                look(value, key)
        elif isinstance(data, list):
            for value in data:
                look(value, field)
        elif isinstance(data, str) and field not in ("id", "shot", "cameo", "fact", "claim"):
            found.append(data)

    look(record.model_dump(mode="json"), "")
    return found


def refused(board: Storyboard, who: str = "mara") -> frozenset[tuple[ShotId, CameoId]]:
    return frozenset((shot.id, CameoId(who)) for shot in board.shots if shot.cameo == who)


async def planned(**changes: Any) -> tuple[Any, Storyboard]:
    brief = runner(cameos=(MARA,), **changes)
    board = await Director(HouseWriter()).plan(brief)
    panels = tuple(
        one.model_copy(update={"caption": "She runs", "callout": Callout(text="212 g")})
        for one in board.variants[0].panels
    )
    return brief, board.model_copy(
        update={"variants": (board.variants[0].model_copy(update={"panels": panels}), *board.variants[1:])}
    )


@pytest.mark.parametrize("line", LINES)
async def test_no_text_of_the_film_without_somebody_names_them(line: str) -> None:
    brief, board = await planned()
    named = told_everywhere(board, line)
    assert sum(line in text for text in texts(named)) > 40
    after = without(brief, named, refused(board))
    left = [text for text in texts(after) if text and any(word in text.casefold() for word in NAMING)]
    assert [text for text in left if not text.startswith("planned anew")] == []
    assert all(shot.subject and shot.action and shot.setting and shot.prompt for shot in after.shots)
    assert Storyboard.model_validate(after.model_dump()) == after


NAMING = ("mara", "olsen", "olsén", "mára", "m\u0430ra", "m.a.r.a")


async def test_a_name_without_spaces_is_found_too() -> None:
    hanako = cameo("hanako").model_copy(update={"name": "山田 花子"})
    brief = runner(cameos=(hanako,), locale="ja-JP")
    board = await Director(HouseWriter()).plan(brief)
    after = without(brief, told_everywhere(board, "山田花子が走る"), refused(board, "hanako"))
    assert not [text for text in texts(after) if "花子" in text]


async def test_words_that_name_nobody_stay_as_they_were() -> None:
    brief, board = await planned()
    after = without(brief, board, refused(board))
    assert after.variants == board.variants
    kept = [shot for shot in board.shots if shot.cameo is None]
    assert [shot for shot in after.shots if shot.id in {one.id for one in kept}] == kept


async def test_a_line_about_somebody_of_the_same_surname_who_is_still_cast_stays() -> None:
    brief, board = await planned()
    both = brief.model_copy(update={"cameos": (MARA, JON)})
    first, other = [shot.id for shot in board.shots if shot.cameo == "mara"][:1], "Jon Olsen runs"
    shots = tuple(
        shot.model_copy(update={"cameo": CameoId("jon")}) if shot.id in first else shot for shot in board.shots
    )
    panels = tuple(one.model_copy(update={"caption": other}) for one in board.variants[0].panels)
    told = board.model_copy(
        update={"shots": shots, "variants": (board.variants[0].model_copy(update={"panels": panels}),)}
    )
    gone = frozenset((shot.id, CameoId("mara")) for shot in shots if shot.cameo == "mara")
    assert {one.caption for one in without(both, told, gone).variants[0].panels} == {other}


async def test_a_plan_from_the_start_leaves_out_claims_and_calls_that_name_whom_casting_refused() -> None:
    said = Claim(id=ClaimId("c9"), text="Mara Olsen wears it on every run", approved=True, substantiation="contract")
    brief = runner(
        cameos=(MARA,),
        claims=(said,),
        brand=Brand(name="Fleet", call_to_action="Run with Mara", legal_line="Mara Olsen is paid by Fleet."),
    )
    director = Director(HouseWriter(), lambda: date(2026, 11, 22))
    board = await director.plan(brief)
    assert any("Mara" in text for text in texts(board))
    findings = [
        Finding(rule=REFUSED, place=f"{shot}, cameo {who}", evidence="revoked", fix="") for shot, who in refused(board)
    ]
    again = await director.plan(brief, findings)
    assert not [text for text in texts(again) if "Mara" in text or "Olsen" in text]


async def test_a_product_that_bears_the_name_keeps_it() -> None:
    brief, board = await planned()
    shoe = brief.model_copy(update={"product": brief.product.model_copy(update={"name": "Olsen One"})})
    card = board.variants[0].end_card.model_copy(update={"headline": "Olsen One"})
    told = board.model_copy(update={"variants": (board.variants[0].model_copy(update={"end_card": card}),)})
    assert without(shoe, told, refused(board)).variants[0].end_card.headline == "Olsen One"
