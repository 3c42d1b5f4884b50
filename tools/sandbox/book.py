"""The sandbox's own book: accepted jobs and their bills in one SQLite file, safe against a killed process."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from callsheet.tools.sandbox.job import Job

_SCHEMA = """
create table if not exists job (
    number integer primary key autoincrement, id text not null unique, model text not null, prompt text not null,
    prompt_digest text not null, seconds integer not null, size text not null, reference text not null,
    usd text not null, fault text not null, created_at real not null, starts_at real not null default 0,
    ends_at real not null default 0, idempotency_key text not null, request_digest text not null, rendered_at real,
    render_error text not null, billed_at real, cancelled_at real, is_deleted integer not null
);
create table if not exists strike (
    job text not null, what text not null, count integer not null, primary key (job, what)
);
create table if not exists character (id text primary key);
create table if not exists meter (name text primary key, value integer not null);
"""
_ADDED = ("starts_at real not null default 0", "ends_at real not null default 0", "cancelled_at real")
"""Columns that books of an earlier version lack."""
_COLUMNS = tuple(field.name for field in fields(Job))


class Book:
    """Accepted jobs. Every write is on disk before the answer goes out."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=full")
        self._migrate()
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _migrate(self) -> None:
        known = {str(row[1]) for row in self._rows("pragma table_info(job)", ())}
        for column in _ADDED if known else ():
            if column.split()[0] not in known:
                self._rows(f"alter table job add column {column}", ())

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Write several things as one: after a kill all of them are there, or none."""
        with self._lock:
            self._db.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def next_number(self) -> int:
        """A number that is never given twice, not even by another process or after a restart."""
        statement = (
            "insert into meter values ('job', 1) on conflict (name) do update set value = value + 1 returning value"
        )
        return int(self._rows(statement, ())[0][0])

    def accept(self, job: Job) -> Job:
        """Write a new job."""
        names = [name for name in _COLUMNS if name != "number"]
        places = ", ".join("?" for _ in names)
        values = [_to_column(getattr(job, name)) for name in names]
        rows = self._rows(f"insert into job ({', '.join(names)}) values ({places}) returning number", values)  # noqa: S608 - the names are this class's own fields
        return replace(job, number=int(rows[0][0]))

    def find(self, job_id: str) -> Job | None:
        jobs = self._jobs("where id = ? and is_deleted = 0", (job_id,))
        return jobs[0] if jobs else None

    def find_by_key(self, key: str, since: float) -> Job | None:
        """The first job that was ordered with this key since a moment."""
        jobs = self._jobs("where idempotency_key = ? and created_at >= ? order by number limit 1", (key, since))
        return jobs[0] if jobs else None

    def latest_ends(self, count: int) -> list[float]:
        """When the jobs that end last will have ended."""
        statement = "select min(ends_at, coalesce(cancelled_at, ends_at)) as over from job order by over desc limit ?"
        return [float(row[0]) for row in self._rows(statement, (count,))]

    def page(self, oldest_first: bool, behind: Job | None, limit: int) -> list[Job]:
        """Up to `limit` jobs by the order of acceptance, beginning behind a job."""
        if oldest_first:
            return self._jobs(
                "where is_deleted = 0 and number > ? order by number limit ?", (_number(behind, 0), limit)
            )
        values = (_number(behind, 2**62), limit)
        return self._jobs("where is_deleted = 0 and number < ? order by number desc limit ?", values)

    def all(self) -> list[Job]:
        """Every job ever accepted, deleted ones too: the bill forgets nothing."""
        return self._jobs("order by number", ())

    def without(self, what: str) -> list[Job]:
        """Jobs to which that has never happened."""
        return self._jobs("where id not in (select job from strike where what = ?) order by number", (what,))

    def undrawn(self) -> list[Job]:
        """Jobs whose clip the camera still owes, as far as the book knows."""
        return self._jobs("where rendered_at is null and render_error = '' order by number", ())

    def unsettled(self) -> list[Job]:
        return self._jobs("where billed_at is null order by number", ())

    def mark_rendered(self, job_id: str, at: float) -> None:
        """The clip is drawn. Drawing a lost clip again does not change when it was first there."""
        self._rows("update job set rendered_at = coalesce(rendered_at, ?) where id = ?", (at, job_id))

    def mark_failed(self, job_id: str, why: str) -> None:
        self._rows("update job set render_error = ? where id = ? and rendered_at is null", (why, job_id))

    def bill(self, job_id: str, at: float) -> None:
        """A job is billed once."""
        self._rows("update job set billed_at = coalesce(billed_at, ?) where id = ?", (at, job_id))

    def cancel(self, job_id: str, at: float) -> None:
        """A job is stopped before its end. It is cancelled once."""
        self._rows("update job set cancelled_at = coalesce(cancelled_at, ?) where id = ?", (at, job_id))

    def new_character(self) -> str:
        """An id for a person, never given twice."""
        statement = (
            "insert into meter values ('character', 1) on conflict (name) do update set value = value + 1 "
            "returning value"
        )
        character = f"char_{int(self._rows(statement, ())[0][0]):06d}"
        self._rows("insert into character values (?)", (character,))
        return character

    def delete_character(self, character: str) -> bool:
        """Forget a person's id. False when there is none such."""
        return bool(self._rows("delete from character where id = ? returning id", (character,)))

    def reset(self) -> None:
        """Forget every job and every bill. Numbers go on, so that no id comes twice."""
        self._rows("delete from job", ())
        self._rows("delete from strike", ())

    def delete(self, job_id: str) -> None:
        self._rows("update job set is_deleted = 1 where id = ?", (job_id,))

    def struck(self, job_id: str, what: str) -> int:
        """How often that has happened so far."""
        rows = self._rows("select count from strike where job = ? and what = ?", (job_id, what))
        return int(rows[0][0]) if rows else 0

    def strike(self, job_id: str, what: str) -> int:
        """Count one more time that something went wrong with a job on purpose, and say how often by now."""
        statement = """insert into strike values (?, ?, 1)
            on conflict (job, what) do update set count = count + 1 returning count"""
        return int(self._rows(statement, (job_id, what))[0][0])

    def _jobs(self, clause: str, values: Sequence[object]) -> list[Job]:
        rows = self._rows(f"select {', '.join(_COLUMNS)} from job {clause}", values)  # noqa: S608 - clauses are written in this class
        return [
            Job(**{name: _from_column(name, value) for name, value in zip(_COLUMNS, row, strict=True)}) for row in rows
        ]

    def _rows(self, statement: str, values: Sequence[object]) -> list[Any]:
        with self._lock, closing(self._db.execute(statement, tuple(values))) as cursor:
            return cursor.fetchall()


def _number(job: Job | None, otherwise: int) -> int:
    return otherwise if job is None else job.number


def _to_column(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


def _from_column(name: str, value: Any) -> Any:
    if name == "usd":
        return Decimal(value)
    return bool(value) if name == "is_deleted" else value
