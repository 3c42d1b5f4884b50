"""What the README shows works as it is shown."""

import asyncio
import re
import runpy
from pathlib import Path

import pytest

from callsheet.tools.intake import write_example

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))
    write_example(tmp_path / "spring", "pocket")
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    exec(compile(code.group(1), "README.md", "exec"), {"__name__": "readme"})
    said = capfd.readouterr().out
    assert "Shoot" in said and "Ship this file?" in said
    assert "pocket_a_pocket_en-US.mp4" in said


def test_the_readme_names_files_that_are_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_a_new_agent_fits_in_forty_lines(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    example = ROOT / "examples" / "music_supervisor.py"
    assert len(example.read_text(encoding="utf-8").splitlines()) < 40
    write_example(tmp_path / "spring", "pocket")
    asked = asyncio.run(runpy.run_path(str(example))["main"](str(tmp_path / "spring"), str(tmp_path / "home")))
    assert "seconds" in asked
    assert "music:" in capfd.readouterr().out
