"""Whether what a scanner needs is installed, without loading it; if not, the command that installs it."""

from importlib.util import find_spec


def missing(extra: str, *modules: str) -> str:
    """What to do so that these modules are there; empty when they are."""
    absent = [name for name in modules if find_spec(name) is None]
    return f'{", ".join(absent)} not installed; pip install "callsheet[{extra}]"' if absent else ""
