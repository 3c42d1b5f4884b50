"""The page about labels: its table is the pack's."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import draw_jurisdictions  # noqa: E402 - the page's own script, which is no package

PAGE = draw_jurisdictions.PAGE.read_text(encoding="utf-8")


def test_the_table_is_not_stale() -> None:
    assert draw_jurisdictions.page() == PAGE, "run `python docs/draw_jurisdictions.py`"


def test_the_page_is_short_enough_to_be_read() -> None:
    assert len(PAGE.splitlines()) < 120
