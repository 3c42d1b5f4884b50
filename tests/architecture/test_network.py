"""A test that reaches the network fails; one that says `loopback` reaches this machine alone."""

import asyncio
import socket

import pytest
import pytest_socket

# pytest-socket warns as well as raises.
pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket:UserWarning")  # the exception is asserted on


def test_sockets_are_blocked() -> None:
    with pytest.raises(pytest_socket.SocketBlockedError):
        socket.create_connection(("127.0.0.1", 9), timeout=1)


def test_names_are_not_looked_up() -> None:
    with pytest.raises(pytest_socket.SocketBlockedError):
        socket.getaddrinfo("example.com", 443)


async def test_an_event_loop_runs_all_the_same() -> None:
    assert await asyncio.to_thread(lambda: "thread") == "thread"


@pytest.mark.loopback
def test_a_loopback_test_reaches_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())


@pytest.mark.loopback
def test_a_loopback_test_reaches_nothing_else() -> None:
    with socket.socket() as client, pytest.raises(pytest_socket.SocketConnectBlockedError):
        client.connect(("192.0.2.1", 443))
