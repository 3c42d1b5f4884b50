"""Where one campaign folder lies while it is checked: its form, the files found so far, and what is wrong."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from callsheet.domain.identity import Digest
from callsheet.tools.intake.document import Where
from callsheet.tools.intake.form import Form
from callsheet.tools.intake.gather import Gathered
from callsheet.tools.intake.problem import Notice, Problem


@dataclass
class Desk:
    """What is known while one folder is checked: its form, what was found in it, and what was wrong."""

    gathered: Gathered
    form: Form
    today: date
    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    files: dict[Digest, Path] = field(default_factory=dict)
    providers: Path | None = None

    def wrong(
        self, where: Where, message: str, found: object = None, allowed: str = "", near: str | None = None
    ) -> None:
        """Note a problem at a key."""
        self.problems.append(self.gathered.problem(where, message, found, allowed, near))

    def note(self, where: Where, text: str) -> None:
        """Note something worth knowing at a key."""
        place = self.gathered.place(*where)
        self.notices.append(Notice(file=place.file, line=place.line, text=text))

    def is_doubtful(self, *keys: str) -> bool:
        """Whether any of these keys was wrong already, so that nothing should be concluded from it."""
        return any(key in self.form.doubtful for key in keys)
