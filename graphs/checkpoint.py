"""Where graphs keep their checkpoints: SQLite in the workspace, or Postgres. No file can name a class to revive."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import aiosqlite
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from callsheet.domain.error import ExtraMissing

Checkpoints = Callable[[], AbstractAsyncContextManager[BaseCheckpointSaver[Any]]]
_SETUP_LOCK = 7_305_102


def sqlite_checkpoints(path: Path) -> Checkpoints:
    """Checkpoints in a SQLite file, opened in the event loop that drives and always closed again."""

    @asynccontextmanager
    async def open_saver() -> AsyncIterator[BaseCheckpointSaver[Any]]:
        async with aiosqlite.connect(path, timeout=30) as connection:
            yield AsyncSqliteSaver(connection, serde=_strict())

    return open_saver


def postgres_checkpoints(url: str) -> Checkpoints:
    """Checkpoints in Postgres. Raises ExtraMissing without the extra."""
    if find_spec("langgraph.checkpoint.postgres") is None:
        raise ExtraMissing("postgres", "A workspace in Postgres")
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

    @asynccontextmanager
    async def open_saver() -> AsyncIterator[BaseCheckpointSaver[Any]]:
        async with AsyncPostgresSaver.from_conn_string(url, serde=_strict()) as saver:
            await _set_up(saver)
            yield saver

    return open_saver


async def _set_up(saver: Any) -> None:
    """One process at a time makes the tables. The lock is polled: waiting for it would block the index builds."""

    async def try_lock() -> bool:
        cursor = await saver.conn.execute("select pg_try_advisory_lock(%s) as got", (_SETUP_LOCK,))
        return bool((await cursor.fetchone())["got"])

    async with asyncio.timeout(60):
        while not await try_lock():  # noqa: ASYNC110 - another process frees it, and no Event of ours hears that
            await asyncio.sleep(0.1)
    try:
        await saver.setup()
    finally:
        await saver.conn.execute("select pg_advisory_unlock(%s)", (_SETUP_LOCK,))


def _strict() -> JsonPlusSerializer:
    return JsonPlusSerializer(allowed_msgpack_modules=None)
