"""The drawing of a purchase in the docs has the states and steps of the code, no more and no fewer."""

import re
import sys
from pathlib import Path
from typing import get_args

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import draw_purchase  # noqa: E402 - the page's own script, which is no package

from callsheet.domain.purchase import PurchaseState, Step  # noqa: E402 - after the page's own script


def test_the_drawn_purchase_is_not_stale() -> None:
    assert draw_purchase.PAGE.read_text(encoding="utf-8") == draw_purchase.page(), "run `make graph`"


def test_the_drawing_names_exactly_the_steps_and_states_of_the_code() -> None:
    text = draw_purchase.PAGE.read_text(encoding="utf-8")
    drawn = text.split(draw_purchase.BEGIN)[1].split(draw_purchase.END)[0]
    arrows = re.findall(r"^ +(\S+) --> (\S+): (\S+)$", drawn, re.MULTILINE)
    assert {step for _, _, step in arrows} == set(get_args(Step))
    assert {state for before, after, _ in arrows for state in (before, after)} == set(PurchaseState)
    ends = set(re.findall(r"^ +(\S+) --> \[\*\]$", drawn, re.MULTILINE))
    assert ends == {"settled", "rejected", "failed", "cancelled"}
    assert not ends & {before for before, _, _ in arrows}
