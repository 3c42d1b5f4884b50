"""A wall around this process: while it stands, no connection is opened, not even to this machine."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from callsheet.replay.error import NotAsRecorded

_NETWORK = (socket.AF_INET, socket.AF_INET6)
_SENDS = tuple(name for name in ("sendto", "sendmsg") if hasattr(socket.socket, name))
_LOOK_UPS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo")


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
    """Refuse every connection, datagram and look-up of a name, in every thread of this process, while inside.

    A program that is started is not walled in: what a replay starts is the encoder, on files alone.
    """
    wall = Wall()
    kind = socket.socket  # whatever stands there: test suites put guards of their own in its place

    def walled(real: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in _NETWORK:
                raise wall.refuse(address)
            return real(self, address)

        return connect

    def unsent(real: Callable[..., Any]) -> Callable[..., Any]:
        def send(self: socket.socket, *said: Any) -> Any:
            if self.family in _NETWORK:
                raise wall.refuse(said[-1])
            return real(self, *said)

        return send

    def look_up(host: object, *_: object, **__: object) -> Any:
        raise wall.refuse(host)

    with ExitStack() as stack:
        for name in ("connect", "connect_ex"):
            stack.enter_context(mock.patch.object(kind, name, walled(getattr(kind, name))))
        for name in _SENDS:
            stack.enter_context(mock.patch.object(kind, name, unsent(getattr(kind, name))))
        for name in _LOOK_UPS:
            stack.enter_context(mock.patch.object(socket, name, look_up))
        yield wall
