"""Draws the packaged rules into docs/jurisdictions.md: `python docs/draw_jurisdictions.py`."""

from pathlib import Path

from callsheet.domain.jurisdiction import Rule
from callsheet.tools.rules.jurisdiction import jurisdictions

PAGE = Path(__file__).with_name("jurisdictions.md")
MARK = "<!-- drawn by docs/draw_jurisdictions.py -->\n"


def drawn() -> str:
    """The table as it should be."""
    pack = jurisdictions()
    return (
        f"## The pack, version {pack.version}, all of it checked {pack.checked}\n\n"
        "No entry is legal advice. *Checked* is the day on which somebody last compared it with public pages.\n\n"
        "| rule | where | since | met by | asks for | sure | checked |\n|---|---|---|---|---|---|---|\n"
        f"{''.join(map(_row, pack.rules))}"
    )


def page() -> str:
    """The page as it should be: what people wrote, and the table."""
    written, _, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    return f"{written}{MARK}\n{drawn()}"


def _row(rule: Rule) -> str:
    sure = "yes" if rule.is_certain else "no"
    return (
        f"| [`{rule.id}`]({rule.source}) | {rule.where} | {rule.starts} | {', '.join(rule.when)} | {_asks(rule)} "
        f"| {sure} | {rule.checked} |\n"
    )


def _asks(rule: Rule) -> str:
    asks: list[str] = []
    if rule.label is not None:
        size = f", {rule.label.height / 10:g} % high" if rule.label.height else ""
        length = f", {rule.label.seconds} s" if rule.label.seconds else ""
        asks.append(f"label ({rule.label.words}, {rule.label.span}{size}{length})")
    asks += [f"`{rule.flag.field}`"] if rule.flag is not None else []
    asks += ["origin in the file"] if rule.provenance else []
    asks += [f"metadata `{name}`" for name in rule.metadata]
    asks += ["the person's permission"] if rule.release else []
    return "; ".join(asks) or "nothing by itself"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
