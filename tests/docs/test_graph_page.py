"""The drawing in the docs is the graph in the code."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import draw_graph  # noqa: E402 - the page's own script, which is no package


def test_the_drawn_graph_is_not_stale() -> None:
    assert draw_graph.PAGE.read_text(encoding="utf-8") == draw_graph.page(), "run `make graph`"


def test_every_node_can_be_reached_and_left() -> None:
    drawn = draw_graph.page()
    arrows = [line.split() for line in drawn.splitlines() if "-->" in line or "-.->" in line]
    after = {words[-1].strip(";") for words in arrows}
    before = {words[0] for words in arrows}
    nodes = (before | after) - {"__start__", "__end__"}
    assert nodes <= after, nodes - after
    assert nodes <= before, nodes - before
