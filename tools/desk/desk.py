"""What the tools stand on: the workspace to read from, and a floor that starts runs and goes on with them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Protocol, TypeVar

from pydantic import Field

from callsheet.domain.campaign import Campaign, Cap
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.run import Run
from callsheet.storage import document
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction

T = TypeVar("T")
RunName = Annotated[
    str,
    Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="The run: pocket-1."),
]
MarketCode = Annotated[str, Field(min_length=1, max_length=8, pattern=r"^[A-Za-z]+$", description="Such as US or DE.")]
PlacementName = Annotated[str, Field(min_length=1, max_length=32, description="Such as vertical.")]
ShotName = Annotated[str, Field(min_length=1, max_length=40, description="The shot, such as shot.3.")]


@dataclass(frozen=True)
class Desk:
    """What may be read. `path_of` says where a media file lies, and raises NotFound where it is gone."""

    database: Database
    account: str
    day_cap: Cap | None
    path_of: Callable[[Digest], Path]

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """One consistent view of the workspace."""
        return await self.database.read(work)


class Floor(Protocol):
    """What leads runs. Nothing here can answer a gate, lift a pause or raise a cap."""

    def start(self, folder: Path, out: Path) -> Awaitable[RunId]:
        """Freeze a campaign folder and begin a run whose gates wait for people. Raises WrongUse, CampaignInvalid."""
        ...

    def go_on(self, run: RunId, seconds: float) -> Awaitable[bool]:
        """Go on with a run to its next gate or its end, and wait so long for it. Whether it stands still by then."""
        ...


def frozen(tx: Transaction, name: str) -> tuple[Run, Campaign]:
    """A run and the campaign it began with. Raises NotFound."""
    run = runs.find(tx, RunId(name))
    return run, document.fetch(tx, Campaign, run.bundle)


def today(tx: Transaction) -> date:
    """The day of a transaction."""
    return tx.now.date()
