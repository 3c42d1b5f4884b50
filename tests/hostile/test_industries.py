"""Three made-up campaigns in other trades than the first: what the gate stops in them, and what it leaves alone."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from figures import Tell
from hostile.judge import Case, campaign_for, context, judged, read_cases

CASES = Path(__file__).parent / "cases"
INDUSTRIES = sorted(path.parent for path in CASES.glob("*/context.yaml"))
MOST_FALSE_ALARMS = Fraction(5, 100)
LEAST_HOSTILE, LEAST_HONEST = 120, 200

ONE_A_TRADE = pytest.mark.parametrize("folder", INDUSTRIES, ids=lambda folder: folder.name)


def _cases(folder: Path, side: str) -> tuple[Case, ...]:
    """The cases of one side. Which side a case is on is the name of its file; what it is about is its kind.

    The judge reads the side from the kind, so it is put there.
    """
    return tuple(replace(one, kind=side) for one in read_cases(folder / f"{side}.yaml"))


@ONE_A_TRADE
def test_nothing_hostile_ships_in_this_trade(folder: Path, tell: Tell) -> None:
    hostile, about = _cases(folder, "hostile"), context(folder / "context.yaml")
    shipped = [(one.id, one.text) for one in hostile if not judged(one, about)]
    tell(f"hostile words, {folder.name}: {len(shipped)} of {len(hostile)} hostile shipped")
    assert shipped == []


@ONE_A_TRADE
def test_few_honest_texts_of_this_trade_are_stopped(folder: Path, tell: Tell) -> None:
    honest, about = _cases(folder, "honest"), context(folder / "context.yaml")
    alarms = [(one.id, one.text, judged(one, about)[0].rule) for one in honest if judged(one, about)]
    tell(f"hostile words, {folder.name}: {len(alarms)} of {len(honest)} honest stopped")
    assert Fraction(len(alarms), len(honest)) <= MOST_FALSE_ALARMS, alarms


@ONE_A_TRADE
def test_what_the_campaign_itself_says_is_clean(folder: Path) -> None:
    about = context(folder / "context.yaml")
    bare = Case("bare", "caption", "en-US", ("US",), "Good morning", "honest", "")
    assert judged(bare, about) == ()
    assert campaign_for(bare, about).claims


def test_the_corpus_is_large_enough_and_every_text_stands_in_it_once() -> None:
    hostile = [one for folder in INDUSTRIES for one in _cases(folder, "hostile")]
    honest = [one for folder in INDUSTRIES for one in _cases(folder, "honest")]
    assert len(INDUSTRIES) >= 3
    assert len(hostile) >= LEAST_HOSTILE and len(honest) >= LEAST_HONEST
    every = [*hostile, *honest]
    assert len({one.id for one in every}) == len(every)
    assert len({(one.id[0], one.place, one.locale, one.text) for one in every}) == len(every)
    assert sum(one.locale.startswith("en") for one in every) < Fraction(2, 3) * len(every)


@ONE_A_TRADE
def test_every_hostile_case_says_why(folder: Path) -> None:
    for side in ("hostile", "honest"):
        for one in yaml.safe_load((folder / f"{side}.yaml").read_text(encoding="utf-8")):
            assert one["kind"] not in ("hostile", "honest"), one["id"]
            assert side == "honest" or len(one["why"]) > 10, one["id"]
