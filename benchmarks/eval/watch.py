"""A writer that is watched: how often each task was tried, what its checker said, and what a rule had to strike."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from callsheet.domain.finding import Finding
from callsheet.tools.writer import Task, Writer, WriterFailed, Written


@dataclass
class Watch:
    """What happened at the writer while one brief was planned."""

    tasks: int = 0
    attempts: int = 0
    caught: Counter[str] = field(default_factory=Counter)
    struck: int = 0
    remarks: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def is_spotless(self) -> bool:
        """Whether every task was right at its first try, with nothing struck."""
        return self.attempts == self.tasks and not self.struck and not self.failed


class WatchedWriter:
    """Passes every task on and keeps what its checker found."""

    def __init__(self, writer: Writer, watch: Watch) -> None:
        self._writer = writer
        self._watch = watch

    async def write(self, task: Task[Any]) -> Written[Any]:
        """Write, and remember what it took. Raises WriterFailed."""
        watch, last = self._watch, list[Finding]()
        watch.tasks += 1
        try:
            written = await self._writer.write(replace(task, check=self._listening(task.check, last)))
        except WriterFailed as failure:
            watch.failed.append(f"{failure.prompt}: {failure.reasons[-1] if failure.reasons else 'nothing'}"[:400])
            watch.attempts += len(failure.reasons)
            self._count(failure.tokens_in, failure.tokens_out)
            raise
        watch.attempts += written.attempts
        watch.struck += sum(finding.weight == "notes" for finding in last)
        self._count(written.tokens_in, written.tokens_out)
        return written

    def _listening(self, check: Callable[[Any], tuple[Finding, ...]], last: list[Finding]) -> Any:
        def listening(value: Any) -> tuple[Finding, ...]:
            last[:] = check(value)
            self._watch.caught.update(finding.rule for finding in last)
            self._watch.remarks += [f"{finding.weight}: {finding}"[:300] for finding in last]
            return tuple(last)

        return listening

    def _count(self, tokens_in: int, tokens_out: int) -> None:
        self._watch.tokens_in += tokens_in
        self._watch.tokens_out += tokens_out
