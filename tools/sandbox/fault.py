"""Faults on request: everything that goes wrong with real video services, to be played at will.

A scenario is an ordered list. Each create request takes the next fault that fits it. A fault either answers the create
request itself or stays with the job that the request made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class Stage(StrEnum):
    """When a fault strikes."""

    BEFORE = "before"
    """The create request fails and nothing was accepted."""
    AFTER = "after"
    """The job is accepted, and will be billed, but the answer is lost."""
    JOB = "job"
    """The job itself, its polls, its clip or its download."""


@dataclass(frozen=True)
class Kind:
    """One kind of fault: when it strikes, and what its argument means when none is given."""

    stage: Stage
    default: str = ""


KINDS: Final[Mapping[str, Kind]] = {
    "none": Kind(Stage.JOB),
    "429": Kind(Stage.BEFORE, "1"),
    "500_before": Kind(Stage.BEFORE),
    "500_after": Kind(Stage.AFTER),
    "drop_after": Kind(Stage.AFTER),
    "moderation_blocked": Kind(Stage.JOB),
    "stuck": Kind(Stage.JOB, "99"),
    "truncate": Kind(Stage.JOB),
    "poll_5xx": Kind(Stage.JOB, "1"),
    "content_504": Kind(Stage.JOB, "1"),
    "black": Kind(Stage.JOB),
    "no_audio": Kind(Stage.JOB),
    "clamped": Kind(Stage.JOB),
}


class UnknownFault(Exception):
    """A scenario names a fault this sandbox does not know."""


@dataclass(frozen=True)
class Fault:
    """One fault with its argument, such as `429:30` (seconds to wait) or `poll_5xx:2` (times)."""

    name: str
    argument: str

    @property
    def stage(self) -> Stage:
        return KINDS[self.name].stage

    @property
    def times(self) -> int:
        """The argument as a count."""
        return int(self.argument) if self.argument.isdigit() else 0

    def __str__(self) -> str:
        return f"{self.name}:{self.argument}" if self.argument else self.name


NO_FAULT: Final = Fault("none", "")


def parse_fault(text: str) -> Fault:
    """Read `name` or `name:argument`. Raises UnknownFault and says which names there are."""
    name, _, argument = text.strip().partition(":")
    if name not in KINDS:
        raise UnknownFault(f"there is no fault {name!r}; known are {', '.join(KINDS)}")
    kind = KINDS[name]
    if kind.default and argument and not argument.isdigit():
        raise UnknownFault(f"the fault {name!r} takes a whole number after the colon, not {argument!r}")
    return Fault(name, argument or kind.default)


@dataclass
class Rule:
    """One line of a scenario: a fault, how often, and a piece of text the prompt must hold, if any."""

    fault: Fault
    left: int = 1
    prompt: str = ""


@dataclass
class Scenario:
    """The faults still to be played, in order."""

    rules: list[Rule] = field(default_factory=list)

    def next_for(self, prompt: str) -> Fault:
        """The fault this create request gets; it is used up."""
        for rule in self.rules:
            if rule.left > 0 and rule.prompt in prompt:
                rule.left -= 1
                return rule.fault
        return NO_FAULT

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {"fault": str(rule.fault), "times": rule.left, "prompt": rule.prompt} for rule in self.rules if rule.left
        ]


def parse_scenario(body: object) -> Scenario:
    """Read `{"faults": [...]}`; an entry is `"429:1"` or `{"fault": "stuck", "times": 2, "prompt": "shot.3"}`."""
    entries = body.get("faults") if isinstance(body, dict) else body
    if not isinstance(entries, list):
        raise UnknownFault('send {"faults": [...]}: a list of names, or of objects with fault, times and prompt')
    return Scenario([_rule(entry) for entry in entries])


def _rule(entry: object) -> Rule:
    if isinstance(entry, str):
        return Rule(parse_fault(entry))
    if isinstance(entry, dict) and isinstance(entry.get("fault"), str):
        return Rule(parse_fault(entry["fault"]), int(entry.get("times", 1)), str(entry.get("prompt", "")))
    raise UnknownFault(f"a fault is a name or an object with a name, not {entry!r}")
