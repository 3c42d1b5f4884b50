"""What the page on claims shows can be written, and the commands it names are there."""

import re
from datetime import date
from pathlib import Path

import typer
import yaml
from typer.testing import CliRunner

from callsheet.cli.app import build
from callsheet.domain.words.waiver import waivable
from callsheet.tools.intake import read_campaign
from callsheet.tools.rules.shipped import shipped_rules

PAGE = (Path(__file__).parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
CAMPAIGN = "name: shoe\ngoal: Get people to try it\nproduct: { name: Fleet }\n"


def test_the_files_on_the_page_are_read(tmp_path: Path) -> None:
    (tmp_path / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL):
        name = block.splitlines()[0].removeprefix("# ")
        (tmp_path / name).write_text(block.replace("weight]", "lightest]"), encoding="utf-8")
        assert yaml.safe_load(block)
    found = read_campaign(tmp_path, date(2026, 11, 22)).campaign
    assert (len(found.claims), len(found.disclosures), len(found.topics)) == (1, 2, 1)


def test_the_commands_on_the_page_are_there() -> None:
    named = set(re.findall(r"^callsheet claims ([a-z-]+)", PAGE, re.MULTILINE))
    group = typer.main.get_command(build()).commands["claims"]  # type: ignore[attr-defined]  # a group has commands
    assert named == set(group.commands)
    assert CliRunner().invoke(build(), ["claims", "waive", "--help"]).exit_code == 0


def test_the_page_names_every_rule_that_can_be_waived() -> None:
    assert tuple(re.findall(r"`((?:claims|names): [a-z ]+)`", PAGE)) == waivable(shipped_rules())
