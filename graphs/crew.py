"""The crew: the agents and tools that a campaign graph works with, put together in one place and handed to nodes."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from callsheet.agents.analyst import Analyst
from callsheet.agents.casting import Casting
from callsheet.agents.director import Director
from callsheet.agents.editor import Editor
from callsheet.domain.campaign import Campaign, Cap
from callsheet.domain.cut import Deliverable
from callsheet.domain.provider import Provider
from callsheet.domain.run import Run
from callsheet.domain.words.reviewer import Reviewer
from callsheet.domain.writing import Price
from callsheet.jobs.port import Jobs
from callsheet.storage.archive import Archive
from callsheet.storage.database import Database
from callsheet.storage.media import MediaStore
from callsheet.tools.provenance.port import Signer
from callsheet.tools.publish.port import Publisher
from callsheet.tools.telemetry import Telemetry
from callsheet.tools.writer import Written

WRITTEN: ContextVar[tuple[Written[Any], ...]] = ContextVar("written", default=())
"""What was written in this node so far: by whom, from which prompt, for how many tokens."""


def tell_written(written: Written[Any]) -> None:
    """Remember what an agent of this node was given."""
    WRITTEN.set((*WRITTEN.get(), written))


class Prepare(Protocol):
    """Lays the product's picture out as the reference that a provider takes: PNG bytes of exactly that size."""

    async def __call__(self, picture: Path, size: str, palette: tuple[str, ...]) -> bytes:
        """The reference picture."""
        ...


class Deliver(Protocol):
    """Lays finished files out where people can play them."""

    async def __call__(self, run: Run, files: Sequence[Deliverable]) -> None:
        """Copy the files, their captions and timelines into the run's folder."""
        ...


@dataclass(frozen=True)
class Crew:
    """Everything a node may reach. Clock and patience are given, never looked up."""

    director: Director
    casting: Casting
    editor: Editor
    analyst: Analyst
    archive: Archive
    database: Database
    media: MediaStore
    jobs: Jobs
    publisher: Callable[[Run], Publisher]
    signer: Signer
    telemetry: Callable[[Campaign], Telemetry]
    prepare_reference: Prepare
    deliver: Deliver
    workspace: str
    account: str
    server: str
    clock: Callable[[], datetime]
    gate_deadline: timedelta | None = None
    day_cap: Cap | None = None
    providers: Callable[[], Sequence[Provider]] = tuple
    model: str = ""
    reviewer: Callable[[Campaign, Sequence[str]], Reviewer] | None = None
    word_price: Price | None = None
