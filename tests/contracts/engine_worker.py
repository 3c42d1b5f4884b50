"""A worker process of its own for the tests: `engine_worker.py HOME NAME`. Killed, never asked to end.

Its job says who did it. The worker called `frozen` begins a job and never ends it.
"""

import asyncio
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from callsheet.domain.identity import RunId
from callsheet.jobs.engine import EngineJobs
from callsheet.jobs.lead import Lead
from callsheet.jobs.port import Work
from callsheet.storage.database import Database

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def open_jobs(home: Path) -> EngineJobs:
    """The jobs of a workspace."""
    database = Database(f"sqlite:///{home / 'workspace.db'}", "w", lambda: NOON)
    return EngineJobs(f"sqlite:///{home / 'engine.db'}", database, Lead(home / "engine.lock"))


async def main(home: Path, name: str) -> None:
    async def job(payload: Mapping[str, Any]) -> Mapping[str, Any]:
        (home / f"{payload['word']}.begun-by-{name}").touch()
        while name == "frozen":  # noqa: ASYNC110 - no Event reaches from another loop
            await asyncio.sleep(1)
        return {"by": name}

    async def drive(run: RunId) -> None:
        (home / f"{run}.driven-by-{name}").touch()

    async with open_jobs(home).work(Work(functions={"render": job}, drive=drive)) as leads:
        (home / f"{name}.{'leads' if leads else 'stands-by'}").touch()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
