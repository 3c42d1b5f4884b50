"""What the page on claims shows can be written, and the commands it names are there."""

import json
import re
import shlex
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from callsheet.cli.app import build
from callsheet.domain.words.waiver import waivable
from callsheet.tools.intake import read_campaign
from callsheet.tools.rules.shipped import shipped_rules

PAGE = (Path(__file__).parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")


def test_the_page_can_be_typed_from_its_first_line_to_its_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything but waiving a finding of a run, which needs a run that was stopped."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))
    waivers: list[str] = []
    for fence, block in re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL):
        if fence == "yaml":
            name = block.splitlines()[0].removeprefix("# ")
            (tmp_path / "shoe" / name).write_text(block, encoding="utf-8")
            continue
        for line in block.splitlines():
            words = shlex.split(line, comments=True)[1:]
            if "RUN" in words:
                continue
            typed = CliRunner().invoke(build(), [waivers[-1] if word == "ID" else word for word in words])
            assert typed.exit_code == 0, f"{line}\n{typed.output}"
            waivers += re.findall(r"^(w-\w+):", typed.output, re.MULTILINE)
            if words[0] == "new":
                take_out_the_sample(tmp_path / "shoe" / "campaign.yaml")
    assert waivers
    found = read_campaign(tmp_path / "shoe", date(2026, 11, 22)).campaign
    assert (len(found.claims), len(found.disclosures), len(found.topics)) == (1, 2, 1)
    listed = json.loads(CliRunner().invoke(build(), ["claims", "list", "--json"]).stdout)["records"]
    assert {one["id"]: one["today"] for one in listed if one["kind"] != "topic"} == {
        "lightest": "not approved",
        "light": "in force",
        "ad": "in force",
        "size": "in force",
    }


def take_out_the_sample(file: Path) -> None:
    before = file.read_text(encoding="utf-8")
    after = re.sub(r"^claims:.*\n(  .*\n)+", "", before, flags=re.MULTILINE)
    assert after != before
    file.write_text(after, encoding="utf-8")


def test_the_commands_on_the_page_are_there() -> None:
    named = set(re.findall(r"^callsheet claims ([a-z-]+)", PAGE, re.MULTILINE))
    group = typer.main.get_command(build()).commands["claims"]  # type: ignore[attr-defined]  # a group has commands
    assert named == set(group.commands)
    assert CliRunner().invoke(build(), ["claims", "waive", "--help"]).exit_code == 0


def test_the_page_names_every_rule_that_can_be_waived() -> None:
    assert tuple(re.findall(r"`((?:claims|names): [a-z ]+)`", PAGE)) == waivable(shipped_rules())
