"""Ids of people at the sandbox: given, deleted once, and never given twice."""

from pathlib import Path

import httpx

from callsheet.tools.sandbox import Sandbox, SandboxSettings
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.videos import VideosApi


async def test_an_id_of_a_person_is_deleted_where_the_catalog_says_there_is_a_call(tmp_path: Path) -> None:
    sandbox = Sandbox(SandboxSettings(folder=tmp_path), lambda: 0.0)
    way = httpx.ASGITransport(app=sandbox.app)
    async with httpx.AsyncClient(transport=way, base_url="http://sandbox/v1/") as client:
        first, second = [(await client.post("characters", json={})).json()["id"] for _ in range(2)]
        assert first != second
        catalog = load_provider("sandbox")
        without = VideosApi(catalog.model_copy(update={"deletes_characters": False}), lambda: client, "", lambda: 0.0)
        assert await without.forget_character(first) is False
        api = VideosApi(catalog, lambda: client, "", lambda: 0.0)
        assert await api.forget_character(first) is True
        assert await api.forget_character(first) is False
        assert (await client.post("characters", json={})).json()["id"] not in (first, second)
        assert await api.forget_character(second) is True
