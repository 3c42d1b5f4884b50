"""The commands on the page about forking do what the page says."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callsheet.cli.app import build
from callsheet.graphs.fork import BEFORE

PAGE = (Path(__file__).parents[2] / "docs" / "forking.md").read_text(encoding="utf-8")


def call(line: str) -> str:
    program, *words = shlex.split(line)
    assert program == "callsheet"
    done = CliRunner().invoke(build(), words)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_commands_on_the_page_fork_a_run_and_compare_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CALLSHEET_HOME")
    block = re.search(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    told = [call(line) for line in block[1].splitlines()]
    assert "pocket-2 is forked from pocket-1 at greenlight-0-" in told[2]
    assert "neon night" in told[3]
    document = json.loads(call("callsheet compare pocket-1 pocket-2 --json"))
    costs = {one["what"]: (one["one"], one["other"]) for one in document["costs"]}
    assert costs["takes bought"] == ("2", "1")
    assert costs["takes adopted"] == ("0", "1")
    assert [(one["place"], one["what"]) for one in document["storyboard"]] == [("shot.2", "light")]
    assert not document["is_same_film"]


def test_the_page_names_every_kind_of_gate_that_can_be_asked_again() -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("| `--at`"))
    assert set(re.findall(r"`(\w+)`", row.partition("kind (")[2].partition(")")[0])) == set(BEFORE)
