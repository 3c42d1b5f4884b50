"""A take is bought once for every campaign of a workspace that asks for the same, and `takes` says so."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from callsheet.cli.app import build


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(build(), [str(word) for word in words])


def told(*words: str | Path) -> Any:
    result = call(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def write_sister(name: str, *changes: tuple[str, str]) -> None:
    """A campaign of another name about the same product, with some lines changed."""
    assert call("new", name, "--pocket").exit_code == 0
    brief = Path(name, "campaign.yaml")
    text = brief.read_text()
    for old, new in (("name: pocket", f"name: {name}"), *changes):
        assert old in text
        text = text.replace(old, new)
    brief.write_text(text)


def differing(name: str) -> list[set[str]]:
    """In what each take of a folder or run differs from the nearest one that was asked for."""
    return [{one["field"] for one in row["verdict"]["differences"]} for row in told("takes", name)["takes"]]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which the campaign `spring` is finished: its two takes are paid for."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CALLSHEET_HOME")
    write_sister("spring")
    done = call("run", "spring", "--yes")
    assert done.exit_code == 0, done.output
    return tmp_path


def test_a_second_campaign_uses_the_takes_of_the_first_and_buys_nothing(desk: Path) -> None:
    write_sister("summer", ("money: 10 USD", "money: 9 USD"))
    before = told("takes", "summer")
    assert (before["hits"], before["misses"]) == (2, 0)
    done = call("run", "summer", "--yes", "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["costs"]["seconds_purchased"] == 0
    after = told("takes", "summer-1")
    assert (after["hits"], after["misses"]) == (2, 0)
    for row in after["takes"]:
        assert row["bought_by"] == "spring-1"
        assert row["circled_in"] == ["spring-1", "summer-1"]
        assert {cut["run"] for cut in row["cuts"]} == {"spring-1", "summer-1"}
        assert Path(row["file"]).is_file()
    assert len(told("takes", "--all")) == 2


def test_a_miss_says_exactly_what_is_another(desk: Path) -> None:
    write_sister("large", ("placements: [pocket]", "placements: [pocket]\nsize: 720x1280"))
    assert differing("large") == [{"size"}, {"size"}]
    write_sister("bare", ("  image: shoe.png\n", ""))
    assert {"reference picture"} in differing("bare")
    write_sister("long", ("\nseconds: 6", "\nseconds: 18"), ("max_shot_seconds: 2", "max_shot_seconds: 8"))
    assert differing("long") == [{"seconds"}, {"seconds"}]
    assert "unlike shot.1 take 1 of spring-1: seconds: 4 s is now 8 s" in " ".join(call("takes", "long").stdout.split())

    assert call("run", "spring").exit_code == 3
    changed = call("decide", "edit", "--set", "shot.2.light=neon night")
    assert changed.exit_code == 3, changed.output
    same, other = told("takes", "spring-2")["takes"]
    assert same["verdict"]["kind"] == "hit"
    assert {one["field"] for one in other["verdict"]["differences"]} == {"prompt"}
    assert "Neon night" in str(other["verdict"]["reasons"])
