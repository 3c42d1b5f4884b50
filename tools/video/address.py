"""Where a finished render may be fetched from: a provider names the address, so it is judged before it is used.

A file may lie at the API itself or anywhere on the public internet, over https. It may not lie on this machine, in its
network, or behind a name and password: a provider's answer must not become a way into the house.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

import httpx

from callsheet.tools.video.port import FetchFailed

Resolve = Callable[[str], Awaitable[tuple[str, ...]]]
"""Looks up which network addresses a host's name stands for; none when nobody knows the name."""

_AT_HOME = (".localhost", ".local", ".internal", ".home.arpa")


async def look_up(host: str) -> tuple[str, ...]:
    """Ask this machine's resolver. A name it does not know may still be known to a proxy, so that is no error."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return tuple(str(entry[4][0]) for entry in found)


def is_same_door(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether two addresses are of one server, so that the key of one may be shown at the other."""
    return (one.scheme, one.host, _port(one)) == (other.scheme, other.host, _port(other))


async def vet(address: str, home: httpx.URL, resolve: Resolve = look_up) -> httpx.URL:
    """The address of a render as something that may be asked for. `home` is the API. Raises FetchFailed.

    A name is looked up here and again by the client: whoever can change its answer in between still gets a request
    without any key in it.
    """
    try:
        url = home.join(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchFailed("the provider names an address that cannot be read") from error
    if url.userinfo or not url.host:
        raise FetchFailed("the provider names an address with a user's name in it, or without a host")
    if is_same_door(url, home):
        return url
    if url.scheme != "https":
        raise FetchFailed(f"the provider names an address at {url.host[:80]} that is not https")
    host = url.host.rstrip(".").lower()
    if ("." not in host and ":" not in host) or host.endswith(_AT_HOME):
        raise FetchFailed(f"the provider names {host[:80]}, which is not on the public internet")
    for number in (host, *await resolve(host)):
        if not _is_public(number):
            raise FetchFailed(f"the provider names {host[:80]}, which lies in a private network")
    return url


def _port(url: httpx.URL) -> int | None:
    return url.port or {"http": 80, "https": 443}.get(url.scheme)


def _is_public(number: str) -> bool:
    """Whether this is an address of the public internet; a name is none and says nothing yet."""
    try:
        ip = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return True
    return ip.is_global and not ip.is_multicast
