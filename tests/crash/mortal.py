"""A process that can die at any moment that matters: around a journal write, and around an exchange with a provider."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import httpx
from sqlalchemy import event

from callsheet.storage.database import Database, Transaction

T = TypeVar("T")


class Crash(BaseException):
    """The process is gone. Nothing may catch this."""


class Points:
    """Counts the moments at which a process could die, and dies at the chosen one. The dead do nothing any more."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.passed, self.is_dead = at, 0, False
        self.names: list[str] = []

    def here(self, name: str) -> None:
        if self.is_dead:
            raise Crash("dead already")
        self.names.append(name)
        self.passed += 1
        if self.passed - 1 == self.at:
            self.is_dead = True
            self.die(name)

    def die(self, name: str) -> None:
        """End here. A process of its own ends in earnest."""
        raise Crash(name)


class MortalDatabase(Database):
    """A database whose process may die before a write, before its commit, and after it.

    A process dies here, never the machine, so the file need not be forced to the disk each time.
    """

    def __init__(self, url: str, now: Callable[[], datetime], points: Points | None = None) -> None:
        self.points = points or Points()
        super().__init__(url, "w", now)
        event.listen(self._engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        self.close()

    async def write(self, work: Callable[[Transaction], T]) -> T:
        def to_the_commit(tx: Transaction) -> T:
            done = work(tx)
            self.points.here("before commit")
            return done

        self.points.here("before write")
        done = await super().write(to_the_commit)
        self.points.here("after write")
        return done


class MortalTransport(httpx.AsyncBaseTransport):
    """The way to a provider, on which the client may die before each request and after each answer."""

    def __init__(self, way: httpx.AsyncBaseTransport, points: Points) -> None:
        self._way, self._points = way, points

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        what = spoken(request)
        self._points.here(f"before {what}")
        answer = await self._way.handle_async_request(request)
        self._points.here(f"after {what}")
        return answer

    async def aclose(self) -> None:
        await self._way.aclose()


def spoken(request: httpx.Request) -> str:
    """What a request is for, without the name of a render."""
    rest = Path(request.url.path).relative_to("/v1/videos").parts
    match request.method, len(rest):
        case "POST", _:
            return "create"
        case "DELETE", _:
            return "cancel"
        case _, 0:
            return "list"
        case _, 1:
            return "look"
        case _:
            return "download"
