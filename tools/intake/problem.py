"""What is wrong with a campaign folder: every problem at once, each with its file, its line and what would be right."""

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from callsheet.domain.error import InputInvalid
from callsheet.domain.record import Record

LONGEST_FOUND = 60


class Problem(Record):
    """One thing that is wrong. `where` is the key in words such as `product.image` or `claims[2].text`."""

    file: str
    line: int | None = None
    where: str = ""
    found: str = ""
    allowed: str = ""
    nearest: str | None = None
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [f"{place}: {self.where}: {self.message}" if self.where else f"{place}: {self.message}"]
        if self.found:
            parts.append(f"found {self.found}")
        if self.nearest:
            parts.append(f"did you mean {self.nearest}?")
        if self.allowed:
            parts.append(f"allowed: {self.allowed}")
        return "; ".join(parts)


class CampaignInvalid(InputInvalid):
    """The campaign folder has problems; all of them are listed."""

    def __init__(self, problems: Sequence[Problem], folder: Path) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = [f"  {folder / problem.file}{str(problem).removeprefix(problem.file)}" for problem in problems]
        super().__init__("\n".join([f"The campaign in {folder} has {count}:", *lines]))


class Notice(Record):
    """Something worth knowing that stops nothing yet: where it is, and what to do about it."""

    file: str
    line: int | None = None
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.text}"


def nearest_of(name: object, names: Iterable[str], likeness: float = 0.5) -> str | None:
    """The known name that looks most like this one, if any is alike enough (0 to 1)."""
    by_case = {known.casefold(): known for known in names}
    close = difflib.get_close_matches(str(name).casefold(), by_case, n=1, cutoff=likeness)
    return by_case[close[0]] if close else None


def shown(value: object) -> str:
    """A found value as one short line that cannot be taken for anything else."""
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list | tuple):
        return "a list"
    text = "nothing" if value is None else str(value) if not isinstance(value, str) else f'"{value}"'
    text = "".join(mark if mark.isprintable() else "�" for mark in text)
    return text if len(text) <= LONGEST_FOUND else text[: LONGEST_FOUND - 1] + "…"
