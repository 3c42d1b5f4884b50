"""A provider chooses the names of its renders; whatever it chooses, a name never leads to another address."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.port import FetchFailed
from callsheet.tools.video.videos import VideosApi

HOSTILE = [
    "../models",
    "..",
    ".",
    "a/../../admin",
    "x?limit=1",
    "x#y",
    "%2e%2e/models",
    "//elsewhere.example/x",
    "a b\n",
    "走る",
]


@pytest.fixture
def asked() -> list[bytes]:
    return []


@pytest.fixture
def api(asked: list[bytes]) -> VideosApi:
    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path)
        assert request.url.host == "provider.example"
        return httpx.Response(404, json={"error": {"message": "no such render"}})

    return VideosApi(
        load_provider("vllm-omni-wan"),
        lambda: httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="https://provider.example/v1/"),
    )


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
async def test_a_name_stays_one_piece_of_the_address(
    name: str, api: VideosApi, asked: list[bytes], tmp_path: Path
) -> None:
    async def fetch(job: str) -> None:
        with pytest.raises(FetchFailed):
            await api.download(job, tmp_path / "take.mp4")

    calls: list[Callable[[str], Awaitable[object]]] = [api.retrieve, fetch, api.cancel]
    for call in calls:
        await call(name)
    for path, tail in zip(asked, ([], [b"content"], []), strict=True):
        assert path.split(b"/")[:3] == [b"", b"v1", b"videos"]
        assert path.split(b"/")[4:] == tail
        assert not set(path) & set(b"?#")


async def test_a_plain_name_is_left_as_it_is(api: VideosApi, asked: list[bytes]) -> None:
    await api.retrieve("video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5")
    assert asked == [b"/v1/videos/video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5"]
