"""The packaged rules on labels and disclosure, read once. Nothing is fetched: they are as fresh as their day says."""

from functools import cache
from importlib.resources import files

import yaml

from callsheet.domain.jurisdiction import Pack

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def jurisdictions() -> Pack:
    """Every rule, by law and by platform."""
    text = (files("callsheet.tools.rules") / "jurisdiction.yaml").read_text(encoding="utf-8")
    return Pack.model_validate(yaml.load(text, Loader=_SAFE))  # noqa: S506 - it is the safe loader, in C
