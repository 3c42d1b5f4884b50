"""The page on replays: its script is read, its example runs in a project of its own, every file it names is there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from architecture.source import ROOT
from callsheet.replay.approver import read_script
from callsheet.replay.recording import ANSWERS, CAMPAIGN, EXCHANGES, LEDGER, MEDIA, OUTCOME, RECORDING
from callsheet.tools.intake import write_example

PAGE = (ROOT / "docs" / "replay.md").read_text(encoding="utf-8")
HOUSE = ROOT / "tests" / "replays" / "house"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_script_of_the_page_is_that_of_a_recording(tmp_path: Path) -> None:
    file = tmp_path / "gates.yaml"
    file.write_text(block("yaml"))
    lines = read_script(file).decisions
    assert [one.gate or one.begin for one in lines] == [
        "greenlight", "again", "greenlight", "greenlight", "release", "topup", "release",
    ]  # fmt: skip


def test_the_example_runs_in_a_project_of_its_own(tmp_path: Path) -> None:
    shutil.copytree(HOUSE, tmp_path / "replays" / "spring")
    write_example(tmp_path / "spring", "pocket")
    (tmp_path / "test_example.py").write_text(block("python"))
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "callsheet.testing", "-W", "error", "--rootdir", str(tmp_path)]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(argv, cwd=tmp_path, env=alone, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_every_file_of_a_recording_is_explained_and_there() -> None:
    for name in (RECORDING, CAMPAIGN, EXCHANGES, ANSWERS, MEDIA, LEDGER, OUTCOME):
        assert re.search(rf"^\| `{re.escape(name)}/?`", PAGE, re.MULTILINE), name
        assert (HOUSE / name).exists(), name


def test_the_page_is_short_enough_to_be_read() -> None:
    assert len(PAGE.splitlines()) < 120
