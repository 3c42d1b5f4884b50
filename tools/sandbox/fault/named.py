"""One fault by its name and argument, as scenarios and the `X-Sim-Fault` header write it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from callsheet.domain.error import InputInvalid
from callsheet.tools.sandbox.fault.kind import KINDS, Argument, Kind, Stage

_WORD = re.compile(r"[a-z_0-9-]{1,32}")
_NUMBER = re.compile(r"[0-9]{1,6}")


class UnknownFault(InputInvalid):
    """A scenario asks for what this sandbox does not know. The message says what there is."""


@dataclass(frozen=True)
class Fault:
    """One fault with its argument, such as `429:30` (seconds to wait) or `poll_5xx:2` (times)."""

    name: str
    argument: str

    @property
    def stage(self) -> Stage:
        """When it strikes."""
        return KINDS[self.name].stage

    @property
    def times(self) -> int:
        """The argument as a number; 0 where there is none."""
        return int(self.argument) if self.argument.isdigit() else 0

    def strikes(self, count: int) -> bool:
        """Whether it still happens the `count`th time. Without a number it always does."""
        return not self.argument or count <= self.times

    def __str__(self) -> str:
        return f"{self.name}:{self.argument}" if self.argument else self.name


NO_FAULT: Final = Fault("none", "")


@lru_cache(maxsize=1024)
def parse_fault(text: str) -> Fault:
    """Read `name` or `name:argument`. Raises UnknownFault and says which names there are."""
    name, _, argument = text.strip().partition(":")
    if name not in KINDS:
        raise UnknownFault(f"there is no fault {name[:40]!r}; known are {', '.join(KINDS)}")
    kind = KINDS[name]
    if argument and not _fits(kind, argument):
        wanted = " or ".join(kind.choices) or kind.argument
        raise UnknownFault(f"the fault {name!r} takes {wanted} after the colon, not {argument[:40]!r}")
    return Fault(name, argument or kind.default)


def _fits(kind: Kind, argument: str) -> bool:
    if kind.choices:
        return argument in kind.choices
    if kind.argument is Argument.NUMBER:
        return _NUMBER.fullmatch(argument) is not None
    return kind.argument is Argument.WORD and _WORD.fullmatch(argument) is not None
