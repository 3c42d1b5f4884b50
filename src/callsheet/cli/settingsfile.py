"""Changes single settings in `callsheet.toml` and leaves every other line of it, comments too, as it was."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from callsheet.domain.error import InputInvalid

_PRIVATE = 0o600
_READABLE = 0o644


def write_settings(path: Path, values: Mapping[str, str], notes: Mapping[str, str]) -> None:
    """Set these top-level keys; `notes` are comments behind them. A file that holds a key is for its owner's eyes only.

    Raises InputInvalid, and writes nothing, where the file is written in a way that cannot be changed line by line.
    """
    real = path.resolve()
    before = real.read_text(encoding="utf-8") if real.is_file() else ""
    after = before
    for name, value in values.items():
        after = _with(after, name, f"{name} = {json.dumps(value)}" + (f"  # {notes[name]}" if name in notes else ""))
    _check(path, before, after, values)
    fresh = real.with_name(real.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(_PRIVATE)
    fresh.write_text(after, encoding="utf-8")
    if "video_key" not in values:
        fresh.chmod(real.stat().st_mode & 0o777 if real.exists() else _READABLE)
    fresh.replace(real)


def _with(text: str, name: str, line: str) -> str:
    lines = text.splitlines()
    head = next((number for number, one in enumerate(lines) if one.lstrip().startswith("[")), len(lines))
    there = [number for number, one in enumerate(lines[:head]) if re.match(rf'\s*["\']?{name}["\']?\s*=', one)]
    if there:
        lines[there[0]] = line
    else:
        lines.insert(head, line)
    return "\n".join(lines) + "\n"


def _check(path: Path, before: str, after: str, values: Mapping[str, str]) -> None:
    """Whether the change did what it should, read as a machine reads it."""
    try:
        is_right = tomllib.loads(after) == {**tomllib.loads(before), **values}
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise InputInvalid(
            f"{path} cannot be changed by machine as it is written: set {', '.join(values)} there by hand"
        )
