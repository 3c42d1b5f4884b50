"""`callsheet prompts` names the words agents are given, shows them, and says what is wrong with a file of one's own."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from callsheet.cli.app import build
from callsheet.prompts.prompt import load_prompt, shipped_text
from callsheet.prompts.shelf import names
from callsheet.tools.intake import write_example

NAME = "writer/repair"
SHIPPED = load_prompt(f"{NAME}@v1")
MINE = shipped_text(f"{NAME}@v1").replace("cannot be used", "does not work for our brand")


def call(*words: str) -> Result:
    return CliRunner().invoke(build(), ["prompts", *words])


@pytest.fixture
def own(here: Path) -> str:
    """A campaign folder that brings its own words for a repair."""
    write_example(here / "spring", "pocket")
    (here / "spring" / "mine.md").write_text(MINE, encoding="utf-8")
    with (here / "spring" / "campaign.yaml").open("a", encoding="utf-8") as brief:
        brief.write(f"prompts: {{ {NAME}: mine.md }}\n")
    return "spring"


def test_every_prompt_is_listed_with_the_words_in_use(own: str) -> None:
    shipped = {one["name"]: one["ref"] for one in json.loads(call("list", "--json").stdout)}
    assert set(shipped) == set(names())
    assert shipped[NAME] == SHIPPED.ref
    chosen = {one["name"]: one["ref"] for one in json.loads(call("list", "--campaign", own, "--json").stdout)}
    assert {name for name in shipped if chosen[name] != shipped[name]} == {NAME}
    assert chosen[NAME].startswith(f"campaign:{NAME}@v1#")


def test_a_prompt_is_shown_as_it_stands(own: str) -> None:
    shown = call("show", NAME)
    assert (shown.exit_code, SHIPPED.ref in shown.stdout, SHIPPED.user in shown.stdout) == (0, True, True)
    mine = call("show", NAME, "--campaign", own)
    assert "does not work for our brand" in mine.stdout
    assert json.loads(call("show", f"{NAME}@v1", "--campaign", own, "--json").stdout)["ref"] == SHIPPED.ref
    assert call("show", "director/none").exit_code == 6


def test_a_file_of_ones_own_is_checked_before_it_is_used(here: Path) -> None:
    (here / "good.md").write_text(MINE, encoding="utf-8")
    (here / "bad.md").write_text(MINE.replace("<<answer>>", "It was <<answer>>"), encoding="utf-8")
    assert call("lint", "good.md").exit_code == 0
    bad = call("lint", "good.md", "bad.md")
    assert (bad.exit_code, "bad.md, line" in bad.stderr, "good.md" in bad.stderr) == (2, True, False)
    assert call("lint", "none.md").exit_code == 6
