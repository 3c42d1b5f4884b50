"""One reel of footage for all tests of the cutting room."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from unit.edit.footage import Reel, caption, shoot, small_cut

from callsheet.domain.cut import Cut, Super
from callsheet.tools.edit import conform


@dataclass(frozen=True)
class Finished:
    """A conformed cut, its file, and the folder its pieces are kept in."""

    cut: Cut
    file: Path
    folder: Path
    steps: tuple[tuple[int, int], ...]


@pytest.fixture(scope="session")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Reel:
    return shoot(tmp_path_factory.mktemp("reel"))


@pytest.fixture(scope="session")
async def finished(reel: Reel, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder, steps = tmp_path_factory.mktemp("cut"), []
    supers = (
        caption("Before the city wakes", 5, 30),
        caption("she runs the river loop.", 60, 30),
        Super(kind="callout", text="212 g", start=10, frames=50),
        Super(kind="legal", text="Lab test, 2026.", start=10, frames=50),
        Super(kind="label", text="AI-generated", start=0, frames=135),
    )
    cut = small_cut(reel, supers=supers)
    file = await conform(cut, reel.files, folder, progress=lambda done, every: steps.append((done, every)))
    return Finished(cut, file, folder, tuple(steps))
