"""What the page on prompts says of pins, references and commands is so."""

import re
from pathlib import Path

from typer.testing import CliRunner
from unit.intake.folder import SOUND, TODAY, make

from callsheet.cli.app import build
from callsheet.prompts.prompt import shipped_text
from callsheet.prompts.shelf import SHIPPED, names, shelf_of
from callsheet.tools.intake import read_campaign

PAGE = (Path(__file__).parents[2] / "docs" / "prompts.md").read_text(encoding="utf-8")


def test_the_pages_choice_is_one_that_a_campaign_can_make(tmp_path: Path) -> None:
    found = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    mine = shipped_text("analyst/request@v1").replace("# user\n", "# user\nIn the words of our house:\n\n")
    folder = make(tmp_path / "spring", SOUND + found[1], {"prompts/my_request.md": mine})
    shelf = shelf_of(read_campaign(folder, TODAY).campaign)
    assert shelf.resolve("analyst/request").ref.startswith("campaign:analyst/request@v1#")
    assert shelf.resolve("writer/repair") == SHIPPED.resolve("writer/repair@v1")


def test_every_prompt_that_the_page_names_is_shipped_in_those_words() -> None:
    for name, version, digits in re.findall(r"`(?:campaign:)?([a-z]+/[a-z]+)@(v\d+)#([0-9a-f]{12})`", PAGE):
        assert SHIPPED.resolve(f"{name}@{version}").digest.startswith(digits), "quote the reference as it is now"
    for name in re.findall(r"callsheet prompts show (\S+?)`", PAGE):
        assert CliRunner().invoke(build(), ["prompts", "show", name]).exit_code == 0
    assert "director/reword" in names()
