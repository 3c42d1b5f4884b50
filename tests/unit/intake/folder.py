"""Makes campaign folders for tests: sound ones, and ones with something wrong."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from callsheet.tools.intake import CampaignInvalid, Problem, read_campaign

TODAY = date(2026, 11, 22)
SOUND = """\
name: spring
goal: Get people to try the shoe
product:
  name: Fleet Runner
"""


def make(folder: Path, campaign: str = SOUND, files: Mapping[str, str | bytes] | None = None) -> Path:
    """A folder with a campaign file and others."""
    folder.mkdir(exist_ok=True)
    (folder / "campaign.yaml").write_text(campaign, encoding="utf-8")
    for name, content in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


def picture(path: Path, size: tuple[int, int] = (120, 90), form: str = "PNG") -> Path:
    """A small plain picture."""
    Image.new("RGB", size, (200, 80, 40)).save(path, form)
    return path


def problems(folder: Path) -> tuple[Problem, ...]:
    """What is wrong with a folder."""
    with pytest.raises(CampaignInvalid) as caught:
        read_campaign(folder, TODAY)
    return caught.value.problems


def only(folder: Path) -> Problem:
    """The one thing that is wrong with a folder."""
    found = problems(folder)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]
