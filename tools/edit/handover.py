"""Files handed to and taken from the encoder: named safely, worked on apart, and shown only when they are whole."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def named(path: Path) -> str:
    """A file as an argument. Absolute, so that no name can be read as an option or a protocol."""
    return str(path.resolve())


@contextmanager
def workbench(folder: Path) -> Iterator[Path]:
    """A scratch folder inside `folder` (made if needed), gone afterwards. One file system, so that moves are atomic."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".work-", dir=folder) as scratch:
        yield Path(scratch)


def hand_over(whole: Path, out: Path) -> Path:
    """Put a finished file in its place in one step."""
    whole.replace(out)
    return out
