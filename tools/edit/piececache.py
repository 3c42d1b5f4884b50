"""Where encoded pieces are kept between cuts."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from callsheet.domain.identity import Digest
from callsheet.tools.edit.handover import hand_over

Lookup = Callable[[Digest], Path | None]
"""Finds an encoded piece by key."""
Store = Callable[[Digest, Path], Path]
"""Keeps an encoded piece under its key and says where. The given file may be moved; it is gone soon after."""


class PieceFolder:
    """Pieces as files of one folder, named by key. Processes may share it: a piece appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lookup(self, key: Digest) -> Path | None:
        """The piece of a key, if it was kept."""
        path = self._folder / key
        return path if path.is_file() else None

    def store(self, key: Digest, path: Path) -> Path:
        """Keep a piece."""
        self._folder.mkdir(parents=True, exist_ok=True)
        coming = self._folder / f".{key}.{os.getpid()}"
        shutil.move(path, coming)
        return hand_over(coming, self._folder / key)
