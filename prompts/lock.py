"""The lock: the hash of every prompt version ever shipped. Published words never change; new words, new version."""

from importlib.resources import files

from callsheet.prompts.prompt import load_prompt
from callsheet.prompts.shelf import names, versions

FILE = "prompts.lock"


def locked() -> dict[str, str]:
    """What the lock says: `role/task@v1` and the first twelve digits of its hash."""
    lines = files("callsheet.prompts").joinpath(FILE).read_text(encoding="utf-8").splitlines()
    return dict(line.split("#") for line in lines if line)


def present() -> dict[str, str]:
    """What is there: every shipped version and the first twelve digits of its hash."""
    found = [load_prompt(f"{name}@v{version}") for name in names() for version in versions(name)]
    return dict(prompt.ref.split("#") for prompt in found)


def departures(promised: dict[str, str], found: dict[str, str]) -> tuple[str, ...]:
    """Where the files depart from the lock, each with what to do."""
    told = []
    for address in sorted({*promised, *found}):
        was, now = promised.get(address), found.get(address)
        if was is None:
            told.append(f"{address} is not in {FILE} yet: add the line {address}#{now}")
        elif now is None:
            told.append(f"{address} was published and its file is gone: bring it back, campaigns may be pinned to it")
        elif was != now:
            told.append(f"{address} was published as #{was} and reads #{now} now: undo that, and write a new version")
    return tuple(told)
