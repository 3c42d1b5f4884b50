"""The page about the sandbox: its table is the code's, its examples run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from callsheet.tools.sandbox.fault import parse_fault, read_script
from callsheet.tools.sandbox.profile import PROFILES

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import draw_faults  # noqa: E402 - the page's own script, which is no package

PAGE = draw_faults.PAGE.read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_table_of_faults_is_not_stale() -> None:
    assert draw_faults.page() == PAGE, "run `python docs/draw_faults.py`"


def test_the_page_is_short_enough_to_be_read() -> None:
    assert len(PAGE.splitlines()) < 120


@pytest.mark.loopback
def test_the_example_runs_in_a_project_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "test_example.py").write_text(block("python"))
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "callsheet.testing", "-W", "error", "--rootdir", str(tmp_path)]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(argv, cwd=tmp_path, env=alone, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_scenario_of_the_page_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "day.yaml"
    file.write_text(block("yaml"))
    assert [str(rule.fault) for rule in read_script(file).rules] == ["429:30", "stuck:99", "503_before", "black"]
    assert len(yaml.safe_load(block("yaml"))["faults"]) == 4


def test_every_profile_has_its_line() -> None:
    assert re.findall(r"^\| `([a-z-]+)` \| 20", PAGE, re.MULTILINE) == list(PROFILES)


def test_the_faults_named_in_the_text_exist() -> None:
    for name in re.findall(r'scenario=\["(\w+)"\]|X-Sim-Fault: ([\w:]+)', PAGE):
        parse_fault("".join(name))


def test_the_plugin_costs_nothing_until_it_is_asked_for() -> None:
    said = "import sys, callsheet.testing; print(sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout
    assert not {"httpx", "pytest", "starlette", "numpy", "PIL", "pydantic"} & set(re.findall(r"'(\w+)'", loaded))
