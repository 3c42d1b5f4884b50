"""Text from catalogs, reviewers and telemetry is data. This is the only door through which it enters a prompt."""

import json
from typing import Any


def quote(name: str, value: Any) -> str:
    """Write plain JSON data as a block that no text inside can close, escape or pretend to be.

    Angle brackets and ampersands inside become JSON escapes, so the only tags in the block are its own two.
    """
    if not name.isidentifier():
        raise ValueError(f"{name!r} cannot name a data block; use letters, digits and underscores")
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    for mark, escape in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
        text = text.replace(mark, escape)
    return f"<data name={json.dumps(name)}>\n{text}\n</data>"
