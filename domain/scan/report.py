"""What a scan concluded, check by check. What nobody looked at is said so; it is never taken for clean."""

from collections.abc import Sequence
from typing import Literal

from callsheet.domain.finding import Finding
from callsheet.domain.record import Record

Check = Literal["integrity", "black", "frozen", "text", "faces", "cast", "speech", "names", "nudity", "product"]
SOUND: tuple[Check, ...] = ("integrity", "black", "frozen")
"""What is looked at in every take before anything else, by the decoder; a take that fails is never scanned."""
Standing = Literal["clear", "stopped", "not_looked"]


class Looked(Record):
    """What came of one check. `why` says for a check that was not made what was missing."""

    check: Check
    standing: Standing
    findings: tuple[Finding, ...] = ()
    why: str = ""


class ScanReport(Record):
    """What came of every check that concerns one take."""

    looked: tuple[Looked, ...] = ()

    @property
    def scanned(self) -> tuple[Check, ...]:
        """The checks that were really made."""
        return tuple(one.check for one in self.looked if one.standing != "not_looked")

    @property
    def not_scanned(self) -> tuple[str, ...]:
        """The checks that were not made, each with its reason: `speech: not installed ...`."""
        return tuple(f"{one.check}: {one.why}" for one in self.looked if one.standing == "not_looked")

    @property
    def stops(self) -> tuple[Finding, ...]:
        """What makes the take unusable."""
        return tuple(found for one in self.looked for found in one.findings if found.weight == "stops")

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What a person should know of a take that may be used."""
        return tuple(found for one in self.looked for found in one.findings if found.weight == "notes")


def concluded(check: Check, findings: Sequence[Finding], why: str = "") -> Looked:
    """A check that was made, with what it found."""
    is_stopped = any(found.weight == "stops" for found in findings)
    return Looked(check=check, standing="stopped" if is_stopped else "clear", findings=tuple(findings), why=why)


def not_looked(checks: Sequence[Check], why: str) -> ScanReport:
    """The report when none of these checks was made, for one reason."""
    return ScanReport(looked=tuple(Looked(check=check, standing="not_looked", why=why) for check in checks))
