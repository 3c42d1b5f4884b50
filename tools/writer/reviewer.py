"""A model reads the words once more. It may doubt a line, marked as its own doubt; it can clear none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from callsheet.domain.finding import Finding
from callsheet.domain.record import Record
from callsheet.domain.words.reviewer import Shown
from callsheet.prompts.shelf import SHIPPED, Shelf
from callsheet.tools.writer.port import Task, Writer, WriterFailed, Written

PROMPT = "clearance/review"
RULE = "reads as a claim"
UNREAD = "not reviewed"
_LONGEST = 160
_MOST = 200


class Doubt(Record):
    """One line that a model would not let pass."""

    line: int = Field(description="The number of the line.")
    why: str = Field(description="What it promises or hints at, in a few words.")


class Doubts(Record):
    """Everything a model doubts."""

    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class WritingReviewer:
    """Reviews with a writer. `approved` are the wordings that legal approved; `weight` says whether a doubt stops.

    A review that did not happen is a note that says so: unread is never taken for clean.
    """

    writer: Writer
    told: Callable[[Written[Any]], object]
    approved: Sequence[str] = ()
    weight: Literal["stops", "notes"] = "notes"
    shelf: Shelf = SHIPPED

    async def review(self, lines: Sequence[Shown]) -> Sequence[Finding]:
        """Findings of its own, each about one of the lines, at most 200 lines a review."""
        read = lines[:_MOST]
        if not read:
            return ()
        listed = [{"line": number, "place": one.place, "text": one.text} for number, one in enumerate(read, 1)]
        task = Task(
            prompt=PROMPT,
            inputs={"lines": listed, "approved": list(self.approved)},
            output=Doubts,
            house=lambda: Doubts(doubts=()),
            check=lambda said: _numbers(said, len(read)),
            shelf=self.shelf,
        )
        try:
            written = await self.writer.write(task)
        except WriterFailed as failed:
            return (_unread(f"{failed.model} gave no usable answer"),)
        self.told(written)
        found = [self._finding(read[one.line - 1], one.why) for one in written.value.doubts]
        return (*found, *([_unread(f"{len(lines) - _MOST} lines are more than one review")] if lines[_MOST:] else ()))

    def _finding(self, line: Shown, why: str) -> Finding:
        said = " ".join("".join(mark if mark.isprintable() else " " for mark in why).split())[:_LONGEST]
        return Finding(
            rule=RULE,
            place=line.place,
            evidence=f"{line.text!r}: {said}" if said else repr(line.text),
            fix="look at it yourself: say it otherwise, or let legal approve the wording",
            weight=self.weight,
            text=line.text,
        )


def _numbers(said: Doubts, lines: int) -> tuple[Finding, ...]:
    wrong = [one.line for one in said.doubts if not 1 <= one.line <= lines]
    return tuple(
        Finding(rule="review.line", place="doubts", evidence=f"there is no line {number}", fix=f"use 1 to {lines}")
        for number in wrong
    )


def _unread(why: str) -> Finding:
    return Finding(
        rule=UNREAD, place="review", evidence=why, fix="read the lines yourself before you approve", weight="notes"
    )
