"""Draws the states of a purchase into docs/buying.md: `make graph`."""

from contextlib import suppress
from pathlib import Path
from typing import get_args

from callsheet.domain.purchase import ENDED_UNBOUGHT, PAID, NoSuchStep, PurchaseState, Step, advance

PAGE = Path(__file__).with_name("buying.md")
BEGIN, END = "<!-- drawn from the code by `make graph` -->\n", "<!-- end of the drawing -->\n"


def drawing() -> str:
    """The states and steps as Mermaid, and what each end does with what was held."""
    arrows = []
    for state in PurchaseState:
        for step in get_args(Step):
            with suppress(NoSuchStep):
                arrows.append(f"    {state} --> {advance(state, step)}: {step}")
    ends = [f"    {state} --> [*]" for state in PurchaseState if state in ENDED_UNBOUGHT | PAID]
    lines = ["stateDiagram-v2", "    [*] --> reserved", *arrows, *ends]
    paid, free = ([state for state in PurchaseState if state in ends_in] for ends_in in (PAID, ENDED_UNBOUGHT))
    said = f"Spent when it ends {' or '.join(paid)}; given back when it ends {' or '.join(free)}; held until then."
    return "```mermaid\n" + "\n".join(lines) + f"\n```\n\n{said}\n"


def page() -> str:
    """The page as it should be."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    return before + BEGIN + drawing() + END + rest.split(END)[1]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
