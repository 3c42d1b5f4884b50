"""The page about labels: its table is the pack's."""

import sys
from pathlib import Path

from callsheet.tools.rules.jurisdiction import jurisdictions

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import draw_jurisdictions  # noqa: E402 - the page's own script, which is no package

PAGE = draw_jurisdictions.PAGE.read_text(encoding="utf-8")


def test_the_table_is_not_stale() -> None:
    assert draw_jurisdictions.page() == PAGE, "run `python docs/draw_jurisdictions.py`"


def test_every_entry_says_when_it_was_checked_and_that_it_is_no_advice() -> None:
    table = PAGE.partition(draw_jurisdictions.MARK)[2]
    assert "No entry is legal advice." in table
    for rule in jurisdictions().rules:
        (row,) = [line for line in table.splitlines() if f"[`{rule.id}`]" in line]
        assert row.endswith(f"| {rule.checked} |")


def test_the_page_is_short_enough_to_be_read() -> None:
    assert len(PAGE.splitlines()) < 120
