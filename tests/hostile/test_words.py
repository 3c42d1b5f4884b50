"""No hostile text ships, and honest copy is left alone: both figures, over every corpus of cases."""

from fractions import Fraction
from pathlib import Path

import pytest
from hostile.judge import Case, campaign_for, context, figures, judged, read_cases

CASES = Path(__file__).parent / "cases"
ABOUT = context(CASES / "context.yaml")
CORPORA = sorted(path for path in CASES.glob("*.yaml") if path.name != "context.yaml")
MOST_FALSE_ALARMS = Fraction(5, 100)


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.stem)
def test_nothing_hostile_ships_and_few_honest_texts_are_stopped(path: Path) -> None:
    found = figures(read_cases(path), ABOUT)
    print(f"{path.stem}: {found}")
    assert [(one.id, one.text) for one in found.shipped] == []
    assert found.false_alarms <= MOST_FALSE_ALARMS, [(one.id, one.text) for one in found.alarms]


@pytest.mark.parametrize("place", ["caption", "callout", "headline", "call_to_action", "legal", "voice_over", "prompt"])
def test_the_same_place_stops_a_claim_and_passes_its_absence(place: str) -> None:
    def case(text: str) -> Case:
        return Case(id="x", place=place, locale="en-US", markets=("US",), text=text, kind="honest", why="")

    assert judged(case('A sign reading "Clinically proven"'), ABOUT)
    assert judged(case("The road is yours"), ABOUT) == ()


def test_the_context_itself_is_clean() -> None:
    bare = Case(id="x", place="caption", locale="en-US", markets=("US",), text="Good morning", kind="honest", why="")
    assert judged(bare, ABOUT) == ()
    assert campaign_for(bare, ABOUT).claims
