"""A scenario: an ordered list of rules. Each request takes the fault of the first rule that fits it.

A fault either answers the request itself or, on a create, stays with the job that the request made.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from callsheet.tools.sandbox.fault.kind import Stage
from callsheet.tools.sandbox.fault.named import NO_FAULT, Fault, UnknownFault, parse_fault

CREATE: Final = "POST /v1/videos"
PATHS: Final = (
    CREATE,
    "GET /v1/videos",
    "GET /v1/videos/{video_id}",
    "DELETE /v1/videos/{video_id}",
    "GET /v1/videos/{video_id}/content",
    "GET /v1/models",
)
_FIELDS: Final = ("fault", "times", "request", "path", "prompt", "pattern")
_PATTERN_LIMIT = 200
_SEARCHED = 4_000
_ANYWHERE = (Stage.BEFORE, Stage.AFTER)


@dataclass
class Rule:
    """One line of a scenario: a fault, how often, and which requests it is for.

    `request` is the number of the first request it strikes, counted among those that fit; without one, it strikes
    those that no rule before it took. `prompt` is a piece of text the prompt must hold, `pattern` a regular expression.
    """

    fault: Fault
    times: int = 1
    request: int | None = None
    path: str = CREATE
    prompt: str = ""
    pattern: re.Pattern[str] | None = None
    struck: int = 0
    seen: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether it will not strike again."""
        return self.struck >= self.times

    def fits(self, path: str, prompt: str) -> bool:
        """Whether a request is one of those this rule is for."""
        return (
            path == self.path
            and self.prompt in prompt
            and (self.pattern is None or self.pattern.search(prompt[:_SEARCHED]) is not None)
        )

    def as_json(self) -> dict[str, Any]:
        """The rule as it was written, with how often it will still strike."""
        written: dict[str, Any] = {"fault": str(self.fault), "times": self.times - self.struck, "prompt": self.prompt}
        if self.path != CREATE:
            written["path"] = self.path
        if self.request is not None:
            written["request"] = self.request
        if self.pattern is not None:
            written["pattern"] = self.pattern.pattern
        return written


@dataclass
class Scenario:
    """The faults still to be played, in order."""

    rules: list[Rule] = field(default_factory=list)

    @property
    def honours_keys(self) -> bool | None:
        """Whether idempotency keys are honoured from here on; None where the scenario does not say."""
        said = [rule.fault.argument for rule in self.rules if rule.fault.name == "idem"]
        return said[-1] == "honor" if said else None

    def next_for(self, prompt: str = "", path: str = CREATE) -> Fault:
        """The fault this request gets; it is used up."""
        taken: Rule | None = None
        for rule in self.rules:
            if rule.fault.name == "idem" or not rule.fits(path, prompt):
                continue
            rule.seen += 1
            due = rule.request is None or rule.seen >= rule.request
            if taken is None and due and not rule.is_spent:
                rule.struck += 1
                taken = rule
        return taken.fault if taken else NO_FAULT

    def as_json(self) -> list[dict[str, Any]]:
        """The rules that will still strike."""
        return [rule.as_json() for rule in self.rules if not rule.is_spent]


def parse_scenario(body: object) -> Scenario:
    """Read `{"faults": [...]}`; an entry is `"429:1"` or `{"fault": "stuck", "times": 2, "prompt": "shot.3"}`."""
    entries = body.get("faults") if isinstance(body, dict) else body
    if not isinstance(entries, list):
        raise UnknownFault(f'send {{"faults": [...]}}: a list of names, or of objects with {", ".join(_FIELDS)}')
    return Scenario([read_rule(entry, f"faults[{index}]") for index, entry in enumerate(entries)])


def read_rule(entry: object, where: str) -> Rule:
    """One entry of a scenario. Raises UnknownFault, and says where."""
    try:
        if isinstance(entry, str):
            return Rule(parse_fault(entry))
        if isinstance(entry, Mapping):
            return _rule(entry)
    except UnknownFault as error:
        raise UnknownFault(f"{where}: {error}") from None
    raise UnknownFault(f"{where}: a fault is a name or an object with a name, not {str(entry)[:60]!r}")


def _rule(entry: Mapping[Any, object]) -> Rule:
    unknown = [str(name)[:40] for name in entry if name not in _FIELDS]
    if unknown:
        raise UnknownFault(f"there is no field {unknown[0]!r}; a rule has {', '.join(_FIELDS)}")
    name, path = entry.get("fault"), entry.get("path", CREATE)
    if not isinstance(name, str):
        raise UnknownFault("the field 'fault' is missing: the name of the fault")
    if path not in PATHS:
        raise UnknownFault(f"there is no path {str(path)[:60]!r}; known are {', '.join(PATHS)}")
    fault = parse_fault(name)
    if path != CREATE and fault.stage not in _ANYWHERE:
        raise UnknownFault(f"the fault {fault.name!r} is about a job: its path is {CREATE}")
    return Rule(
        fault,
        times=_count(entry, "times") or 1,
        request=_count(entry, "request"),
        path=str(path),
        prompt=str(entry.get("prompt", "")),
        pattern=_pattern(entry.get("pattern")),
    )


def _count(entry: Mapping[Any, object], name: str) -> int | None:
    value = entry.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not re.fullmatch(r"[1-9][0-9]{0,5}", str(value)):
        raise UnknownFault(f"the field {name!r} takes a whole number from 1 on, not {str(value)[:40]!r}")
    return int(str(value))


def _pattern(value: object) -> re.Pattern[str] | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _PATTERN_LIMIT:
        raise UnknownFault(f"the field 'pattern' takes a regular expression of at most {_PATTERN_LIMIT} characters")
    try:
        return re.compile(value)
    except re.error as error:
        raise UnknownFault(f"the field 'pattern' is no regular expression: {error}") from None
