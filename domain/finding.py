"""A finding names what is wrong, where, with what evidence, and what would fix it."""

from typing import Literal

from callsheet.domain.record import Record


class Finding(Record):
    """One thing a gate noticed. `stops` findings must be fixed; `notes` are shown and go on."""

    rule: str
    place: str
    evidence: str
    fix: str
    weight: Literal["stops", "notes"] = "stops"

    def __str__(self) -> str:
        return f"{self.place}: {self.evidence} ({self.rule}); {self.fix}"
