"""What readers of content credentials found in a file, and when that is good enough to ship.

A reader's own verdict is not enough: C2PA calls a file valid whose signer nobody knows, and trusted although one of
its ingredients was broken before it was signed. So a file passes only when every reader trusts its signer and none
found a failure in any manifest or ingredient.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import AwareDatetime

from callsheet.domain.identity import Digest
from callsheet.domain.record import Record, Value

Standing = Literal["trusted", "development", "none"]
State = Literal["trusted", "untrusted", "invalid", "absent", "unread"]
Moment = Literal["signed", "published"]


class Signatory(Value):
    """Whose certificate signs. `fingerprint` is the SHA-256 of the certificate, `serial` its number in decimal.

    One of the workspace was made here and is trusted by nobody elsewhere.
    """

    organisation: str
    fingerprint: Digest
    serial: str
    algorithm: str
    expires: AwareDatetime
    is_of_workspace: bool = False


class Reading(Value):
    """What one reader made of a file: `manifests` and `ingredients` count what it walked, nested ones included.

    `signer` is the organisation in the signer's certificate, where the reader tells it.
    """

    reader: str
    version: str
    state: State
    serial: str = ""
    signer: str = ""
    manifests: int = 0
    ingredients: int = 0
    failures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.reader} {self.version}: {self.state}"


class Seal(Record):
    """The content credentials of one finished file: who signed, and what each reader found before release."""

    by: Signatory
    readings: tuple[Reading, ...]

    @property
    def is_doubly_read(self) -> bool:
        """Whether two readers that share no code have read it."""
        return len({one.reader for one in self.readings if one.state != "unread"}) > 1


def objections(readings: Sequence[Reading], serial: str) -> tuple[str, ...]:
    """Why these readings are not good enough for a file that the certificate of that serial number should have signed.

    A reader that could not read the file objects to nothing, but at least one must have read it.
    """
    read = [one for one in readings if one.state != "unread"]
    if not read:
        return ("no reader could read it",)
    found: list[str] = []
    for one in read:
        if one.state != "trusted":
            found.append(f"{one.reader} calls it {one.state}")
        elif one.serial != serial:
            found.append(f"{one.reader} found another signer's certificate (serial {one.serial or 'unknown'})")
        found += [f"{one.reader}: {failure}" for failure in one.failures]
    return tuple(found)
