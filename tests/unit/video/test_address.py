"""A provider names where its clips lie; whatever it names, it is no way into the house."""

import httpx
import pytest

from callsheet.tools.video.address import is_same_door, vet
from callsheet.tools.video.port import FetchFailed

HOME = httpx.URL("https://api.example/v1/")


async def public(_: str) -> tuple[str, ...]:
    return ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")


async def unknown(_: str) -> tuple[str, ...]:
    return ()


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://media.example/a.mp4?x=1", "https://media.example/a.mp4?x=1"),
        ("https://api.example:443/file", "https://api.example/file"),
        ("files/f1:download?alt=media", "https://api.example/v1/files/f1:download?alt=media"),
        ("/elsewhere", "https://api.example/elsewhere"),
        ("//media.example/a.mp4", "https://media.example/a.mp4"),
    ],
)
async def test_the_api_and_the_public_internet_may_be_asked(address: str, asked: str) -> None:
    assert str(await vet(address, HOME, public)) == asked


@pytest.mark.parametrize(
    "address",
    [
        "http://media.example/a.mp4",
        "http://api.example/v1/files/f1",
        "ftp://media.example/a.mp4",
        "file:///etc/passwd",
        "gs://bucket/a.mp4",
        "data:video/mp4;base64,AAAA",
        "https://user:word@media.example/a.mp4",
        "https://key@api.example/v1/files/f1",
        "https://localhost/a.mp4",
        "https://intranet/a.mp4",
        "https://printer.local/a.mp4",
        "https://metadata.google.internal/a.mp4",
        "https://127.0.0.1/a.mp4",
        "https://10.1.2.3/a.mp4",
        "https://169.254.169.254/latest",
        "https://[::1]/a.mp4",
        "https://[::ffff:127.0.0.1]/a.mp4",
        "https://[fd00::1]/a.mp4",
        "https://0.0.0.0/a.mp4",
        "https://224.0.0.1/a.mp4",
        "https://api.example:8443/v1/\x00",
        "https://[half/a.mp4",
    ],
)
async def test_nothing_inside_the_house_is_asked(address: str) -> None:
    with pytest.raises(FetchFailed):
        await vet(address, HOME, public)


@pytest.mark.parametrize("number", ["127.0.0.1", "192.168.1.1", "::1", "fe80::1%eth0", "100.64.0.1"])
async def test_a_name_that_stands_for_an_address_inside_is_not_asked(number: str) -> None:
    async def inside(_: str) -> tuple[str, ...]:
        return ("93.184.215.14", number)

    with pytest.raises(FetchFailed, match="private network"):
        await vet("https://media.example/a.mp4", HOME, inside)


async def test_a_name_nobody_here_knows_is_left_to_the_client() -> None:
    assert str(await vet("https://media.example/a.mp4", HOME, unknown)) == "https://media.example/a.mp4"


async def test_an_api_on_this_machine_may_name_its_own_addresses() -> None:
    home = httpx.URL("http://127.0.0.1:8080/v1/")
    assert str(await vet("http://127.0.0.1:8080/files/a", home, unknown)) == "http://127.0.0.1:8080/files/a"
    with pytest.raises(FetchFailed):
        await vet("http://127.0.0.1:9090/files/a", home, unknown)


def test_another_port_is_another_door() -> None:
    assert is_same_door(httpx.URL("https://api.example/a"), httpx.URL("https://api.example:443/b"))
    assert not is_same_door(httpx.URL("https://api.example:444/a"), HOME)
    assert not is_same_door(httpx.URL("http://api.example/a"), HOME)
