"""The recordings that are shipped, and copies of them that may be tampered with."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from callsheet.replay.exchange import Exchange, read_exchanges, write_exchanges
from callsheet.replay.programs import machine

HERE = Path(__file__).parent
SAME_MACHINE = pytest.mark.skipif(
    machine() != "Linux x86_64", reason="films are held against bytes that were encoded on Linux x86_64"
)
STORIES = tuple(sorted(path.parent.name for path in HERE.glob("*/recording.yaml")))


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a story in a folder of its own."""

    def copy(story: str) -> Path:
        return Path(shutil.copytree(HERE / story, tmp_path / story))

    return copy


@pytest.fixture
def tampered(copied: Callable[[str], Path]) -> Callable[[str, Callable[[list[Exchange]], object]], Path]:
    """A copy of a story whose exchanges were changed by a function."""

    def tamper(story: str, change: Callable[[list[Exchange]], object]) -> Path:
        folder = copied(story)
        exchanges = list(read_exchanges(folder))
        change(exchanges)
        write_exchanges(folder, exchanges)
        return folder

    return tamper


def answered(exchange: Exchange, old: bytes, new: bytes) -> Exchange:
    """The same exchange with other words in its answer, which must have held the old ones."""
    assert exchange.answer.count(old) == 1, (old, exchange.answer)
    return replace(exchange, answer=exchange.answer.replace(old, new))
