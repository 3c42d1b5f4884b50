"""A second reader of the words, such as a language model: it may add findings, and never overrule one."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from callsheet.domain.finding import Finding
from callsheet.domain.record import Record
from callsheet.domain.storyboard import Storyboard

ADDED = "reviewer: "
"""Before the rule of every finding that a reviewer added, so that nobody takes it for one of ours."""


class Shown(Record):
    """A text and where it would be shown, spoken or sent."""

    place: str
    text: str


def lines_of(storyboard: Storyboard) -> tuple[Shown, ...]:
    """Every line of a plan that people would read or hear, each text once, with the place where it comes first."""
    found: dict[str, Shown] = {}
    for variant in storyboard.variants:
        card, said = variant.end_card, list[tuple[str, str]]()
        for position, panel in enumerate(variant.panels, start=1):
            place = f"panel {position} ({panel.shot})"
            said += [
                (f"{place} caption", panel.caption),
                (f"{place} callout", panel.callout.text if panel.callout else ""),
            ]
        said += [("end card headline", card.headline), ("end card call to action", card.call_to_action)]
        for place, text in said:
            if text:
                found.setdefault(text, Shown(place=f"variant {variant.id}, {place}", text=text))
    return tuple(found.values())


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
