"""A second reader of the words, such as a language model: it may add findings, and never overrule one."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from callsheet.domain.finding import Finding
from callsheet.domain.record import Record

ADDED = "reviewer: "
"""Before the rule of every finding that a reviewer added, so that nobody takes it for one of ours."""


class Shown(Record):
    """A text and where it would be shown, spoken or sent."""

    place: str
    text: str


class Reviewer(Protocol):
    """Reads what would be shown and says what it would not let pass. What it lets pass is not asked."""

    async def review(self, lines: Sequence[Shown]) -> Sequence[Finding]:
        """Findings of its own. An empty answer clears nothing."""
        ...


def merged(ours: Iterable[Finding], added: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gate's findings, untouched and first; then the reviewer's, marked as its own, each once."""
    kept = tuple(ours)
    known = {(one.place, one.evidence) for one in kept}
    extra: dict[tuple[str, str], Finding] = {}
    for one in added:
        where = (one.place, one.evidence)
        if where not in known:
            rule = one.rule if one.rule.startswith(ADDED) else f"{ADDED}{one.rule}"
            extra.setdefault(where, one.model_copy(update={"rule": rule}))
    return (*kept, *extra.values())
