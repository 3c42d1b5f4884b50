"""How jobs stand at the engine: each is a workflow of the job's name, and one more for every time it was tried anew.

Long lists are asked for in pieces, and what ended well is remembered: it never changes.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from dbos import DBOSClient

from callsheet.domain.identity import JobId
from callsheet.jobs.port import CANCELLED, Done, Outcome, Undone

T = TypeVar("T")
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
_PIECE = 500


@dataclass(frozen=True)
class Seen:
    """One workflow as the engine shows it."""

    status: str
    output: Mapping[str, Any] | None
    error: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in ENDED

    @property
    def has_failed(self) -> bool:
        """Whether it ended without what it was to make."""
        return self.has_ended and (self.status != "SUCCESS" or self.output is None or "done" not in self.output)

    @property
    def outcome(self) -> Outcome:
        """What came of it, once it has ended."""
        output = self.output or {}
        if self.status == "CANCELLED":
            return CANCELLED
        if "done" in output:
            return Done(result=output["done"])
        reason = str(output.get("undone") or f"the job ended as {self.status.lower()}")
        return Undone(reason=reason, needs_person=bool(output.get("needs_person", True)))


@dataclass(frozen=True)
class Try:
    """The newest try of a job; nothing was `seen` of one that was never queued."""

    attempt: int
    seen: Seen | None

    @property
    def next_attempt(self) -> int | None:
        """Which try has to be queued so that the job is done; none when one is under way or ended well."""
        if self.seen is None:
            return self.attempt
        return self.attempt + 1 if self.seen.has_failed else None


class Standing:
    """Looks at the engine through its client."""

    def __init__(self, client: DBOSClient) -> None:
        self._client = client
        self._done: set[str] = set()

    async def latest(self, jobs: Sequence[JobId], known: Mapping[JobId, int] | None = None) -> dict[JobId, Try]:
        """The newest try of each job. `known` says which try was the newest when it was last looked at."""
        attempts = {id_: (known or {}).get(id_, 0) for id_ in jobs}
        latest = {id_: Try(attempt, None) for id_, attempt in attempts.items()}
        open_ = list(attempts)
        while open_:
            seen = await self.look([name_of(id_, attempts[id_]) for id_ in open_])
            open_ = [id_ for id_ in open_ if name_of(id_, attempts[id_]) in seen]
            for id_ in open_:
                latest[id_] = Try(attempts[id_], seen[name_of(id_, attempts[id_])])
            open_ = [id_ for id_ in open_ if latest[id_].next_attempt is not None]
            for id_ in open_:
                attempts[id_] += 1
        return latest

    async def look(self, names: Sequence[str], only_ended: bool = False) -> dict[str, Seen]:
        """The workflows of these names, as far as there are any."""
        found: dict[str, Seen] = {}
        for piece in pieces(names, _PIECE):
            rows = await asyncio.to_thread(
                self._client.list_workflows,
                workflow_ids=list(piece),
                status=list(ENDED) if only_ended else None,
                load_input=False,
            )
            found |= {row.workflow_id: Seen(row.status, row.output, str(row.error or "")) for row in rows}
        return found

    async def count_ended(self, jobs: Sequence[JobId]) -> int:
        """How many of these jobs have ended, well or not."""
        latest = await self.latest([id_ for id_ in jobs if id_ not in self._done])
        ended = {id_: one.seen for id_, one in latest.items() if one.seen is not None and one.seen.has_ended}
        self._done.update(id_ for id_, seen in ended.items() if not seen.has_failed)
        return len(ended) + len(jobs) - len(latest)


def name_of(job: JobId, attempt: int) -> str:
    """The workflow of a try of a job."""
    return job if attempt == 0 else f"{job}~{attempt}"


def pieces(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The same things in order, so many at a time."""
    return (things[start : start + size] for start in range(0, len(things), size))
