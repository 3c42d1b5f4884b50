"""Draws the campaign graph into docs/graph.md: `make graph`."""

from pathlib import Path
from typing import Any, cast

from callsheet.graphs.campaign import build_campaign_graph

PAGE = Path(__file__).with_name("graph.md")
GATES = ("greenlight", "topup", "purchase", "dailies", "release", "writer")


def page() -> str:
    """The page as it should be."""
    drawn = build_campaign_graph(cast(Any, None)).compile().get_graph().draw_mermaid()
    marks = "".join(f"\tstyle {gate} stroke:#f97316,stroke-width:3px\n" for gate in GATES)
    return (
        "# The campaign graph\n\n"
        "Drawn from the code by `make graph`. Orange nodes are people: the run waits there for a decision.\n"
        "Dotted arrows are choices, made by the pure functions in `graphs/routing.py`.\n\n"
        f"```mermaid\n{drawn.rstrip()}\n{marks}```\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
