"""A wall around this process: while it stands, no connection is opened, not even to this machine."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from callsheet.replay.error import NotAsRecorded

_NETWORK = (socket.AF_INET, socket.AF_INET6)


class Wall:
    """Counts what was tried against it."""

    def __init__(self) -> None:
        self.tried: list[str] = []
        self._lock = threading.Lock()

    def refuse(self, where: object) -> NotAsRecorded:
        """The error for a connection that was tried."""
        said = f"a connection to {where} was tried past the recording: a replay has no network"
        with self._lock:
            self.tried.append(said)
        return NotAsRecorded(said)


@contextmanager
def no_network() -> Iterator[Wall]:
    """Refuse every connection and every look-up of a name, in every thread, while inside."""
    wall = Wall()
    kind = socket.socket  # whatever stands there: test suites put guards of their own in its place

    def walled(real: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in _NETWORK:
                raise wall.refuse(address)
            return real(self, address)

        return connect

    def look_up(host: object, *_: object, **__: object) -> Any:
        raise wall.refuse(host)

    with (
        mock.patch.object(kind, "connect", walled(kind.connect)),
        mock.patch.object(kind, "connect_ex", walled(kind.connect_ex)),
        mock.patch.object(socket, "getaddrinfo", look_up),
    ):
        yield wall
