"""Draws the table of faults into docs/sandbox.md: `python docs/draw_faults.py`."""

from pathlib import Path

from callsheet.tools.sandbox.fault import KINDS, Kind, Stage

PAGE = Path(__file__).with_name("sandbox.md")
MARK = "<!-- drawn by docs/draw_faults.py -->\n"
WHEN = {
    Stage.BEFORE: "any request, before",
    Stage.AFTER: "any request, after",
    Stage.DESK: "create",
    Stage.RUN: "the job",
    Stage.LOOK: "looks",
    Stage.FETCH: "the download",
    Stage.CLIP: "the clip",
    Stage.RING: "the webhook",
}


def table() -> str:
    """The table as it should be."""
    rows = [
        f"| `{_shown(name, kind)}` | {WHEN[kind.stage]} | {kind.says} | {kind.catches} |\n"
        for name, kind in KINDS.items()
    ]
    return "| fault | strikes | what it does | a client that lives through it |\n|---|---|---|---|\n" + "".join(rows)


def page() -> str:
    """The page as it should be: what people wrote, and the table."""
    written, _, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    return f"{written}{MARK}\n{table()}"


def _shown(name: str, kind: Kind) -> str:
    """The name with what may follow its colon."""
    argument = "\\|".join(kind.choices) or ("" if kind.argument == "nothing" else "N")
    return f"{name}:{argument}" if argument else name


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
