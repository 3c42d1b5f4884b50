"""A finding names what is wrong, where, with what evidence, and what would fix it."""

from typing import Literal

from pydantic import Field

from callsheet.domain.record import Record


class Finding(Record):
    """One thing a gate noticed. `stops` findings must be fixed; `notes` are shown and go on.

    `text` is the whole line it is about, letter by letter, when it is about words: what legal may waive.
    """

    rule: str
    place: str
    evidence: str
    fix: str
    weight: Literal["stops", "notes"] = "stops"
    text: str = Field(
        default="", description="The exact words it is about, when it is about words: a waiver names them."
    )

    def __str__(self) -> str:
        return f"{self.place}: {self.evidence} ({self.rule}); {self.fix}"
