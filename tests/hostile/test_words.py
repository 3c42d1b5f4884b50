"""No hostile text ships, and honest copy is left alone: both figures, over every corpus of cases."""

from fractions import Fraction
from pathlib import Path

import pytest
from figures import Tell
from hostile.judge import Case, Figures, campaign_for, context, figures, judged, read_cases
from hostile.unseen import about, blind_cases

CASES = Path(__file__).parent / "cases"
SECOND = Path(__file__).parent / "second"
THIRD = sorted(path.parent for path in (Path(__file__).parent / "third").glob("*/context.yaml"))
ABOUT = context(CASES / "context.yaml")
CORPORA = sorted(path for path in CASES.glob("*.yaml") if path.name != "context.yaml")
MOST_FALSE_ALARMS = Fraction(5, 100)
LEAST_EACH = 300


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.stem)
def test_nothing_hostile_ships_and_few_honest_texts_are_stopped(path: Path, tell: Tell) -> None:
    found = figures(read_cases(path), ABOUT)
    tell(f"hostile words, {path.stem}: {found}")
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


def test_nothing_of_the_blind_corpus_ships(tell: Tell) -> None:
    found = figures((*blind_cases("hostile"), *blind_cases("honest")), about())
    tell(f"hostile words, blind corpus, as it stands now: {found}")
    assert [one.id for one in found.shipped] == []
    assert found.false_alarms <= MOST_FALSE_ALARMS, [one.id for one in found.alarms]


def test_nothing_of_the_second_blind_corpus_ships(tell: Tell) -> None:
    """Written apart from the gate and judged once before it was opened: then 7 of 75 shipped, and 3 of 62 stopped."""
    found = _corpus(SECOND)
    tell(f"hostile words, second blind corpus, as it stands now: {found}")
    assert [one.id for one in found.shipped] == []
    assert found.false_alarms <= MOST_FALSE_ALARMS, [one.id for one in found.alarms]


def test_nothing_of_the_third_corpus_ships(tell: Tell) -> None:
    """Written by who knew the rules, at the tricks and alarms that were known to be weak; judged once before any mend:
    then 15 of 46 shipped, and 12 of 44 were stopped. No sample of what writers write, and not blind.
    """
    parts = [_corpus(place) for place in THIRD]
    for place, found in zip(THIRD, parts, strict=True):
        tell(f"hostile words, third corpus, {place.name}, as it stands now: {found}")
        assert found.false_alarms <= MOST_FALSE_ALARMS, [one.id for one in found.alarms]
    assert [one.id for found in parts for one in found.shipped] == []


def _corpus(place: Path) -> Figures:
    cases = (*read_cases(place / "hostile.yaml", "hostile"), *read_cases(place / "honest.yaml", "honest"))
    return figures(cases, context(place / "context.yaml"))


def test_every_corpus_together_is_told(tell: Tell) -> None:
    parts = [figures(read_cases(path), ABOUT) for path in CORPORA]
    parts.append(figures((*blind_cases("hostile"), *blind_cases("honest")), about()))
    parts += map(_corpus, [*sorted(path.parent for path in CASES.glob("*/context.yaml")), SECOND, *THIRD])
    hostile, shipped = (sum(len(getattr(one, name)) for one in parts) for name in ("hostile", "shipped"))
    honest, alarms = (sum(len(getattr(one, name)) for one in parts) for name in ("honest", "alarms"))
    tell(f"hostile words, every corpus: {shipped} of {hostile} hostile shipped; {alarms} of {honest} honest stopped")
    assert hostile >= LEAST_EACH and honest >= LEAST_EACH
    assert shipped == 0
    assert Fraction(alarms, honest) <= MOST_FALSE_ALARMS
