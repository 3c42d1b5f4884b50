"""Whoever follows the page on adapters ends with one that keeps the promises of the port."""

import re
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from contracts import test_video_api as contract
from contracts.video_stand import SECRET, Stand, Till, bill_of, open_sandbox
from docs.clapper import serve_clapper

from callsheet.domain.provider import Provider
from callsheet.domain.trouble import Trouble
from callsheet.tools.sandbox.fault import KINDS
from callsheet.tools.video.pace import UNPACED
from callsheet.tools.video.port import RenderRefused, RenderRequest

PAGE = Path(__file__).parents[2] / "docs" / "adapters.md"
Promise = Callable[..., Awaitable[None]]


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


@cache
def adapter() -> Any:
    names: dict[str, Any] = {"__name__": "adapters_page"}
    exec(compile(block("python"), "docs/adapters.md", "exec"), names)
    return names["ClapperApi"]


def provider() -> Provider:
    """The page's own data; its dialect is not one that ships."""
    return Provider.model_validate({**yaml.safe_load(block("yaml")), "dialect": "videos"})


def make(folder: Path, faults: tuple[str, ...]) -> Till:
    sold = provider()
    sandbox, clock = open_sandbox(folder, faults, model=sold.model)
    serve_clapper(sandbox)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://clapper/")
    request = RenderRequest("a red shoe on wet asphalt", 4, "160x160", sold.model)
    api = adapter()(sold, lambda: client, SECRET, clock, UNPACED)
    return Till(api, request, lambda: bill_of(sandbox), clock.advance)


CLAPPER = Stand("clapper", make, frozenset(KINDS), lists=False)


def promises() -> list[tuple[Promise, str]]:
    """Every case of the contract, with each fault it is tried on; the fault is empty where there is none."""
    cases: list[tuple[Promise, str]] = []
    for name, promise in vars(contract).items():
        if name.startswith("test_"):
            (mark,) = [mark for mark in promise.pytestmark if mark.name == "parametrize"]
            faults = [pair[1] for pair in mark.args[1]] if mark.args[0] == ("stand", "fault") else [""]
            cases += [(promise, fault) for fault in dict.fromkeys(faults)]
    return cases


@pytest.mark.parametrize(("promise", "fault"), promises(), ids=lambda one: getattr(one, "__name__", one or "plain"))
async def test_the_adapter_on_the_page_keeps_the_promise(promise: Promise, fault: str, tmp_path: Path) -> None:
    await promise(CLAPPER, *([fault] if fault else []), tmp_path)


async def test_the_adapter_on_the_page_refuses_what_its_wire_cannot_say(tmp_path: Path) -> None:
    till = make(tmp_path, ())
    with pytest.raises(RenderRefused, match="no reference") as told:
        await till.api.create(RenderRequest("a shoe", 4, "160x160", "clapper-1", reference=b"png"), "k")
    assert told.value.trouble is Trouble.FIX_REQUEST
    assert till.bill() == 0


def test_the_page_is_short() -> None:
    assert len(PAGE.read_text(encoding="utf-8").splitlines()) < 100


def test_the_page_names_files_that_are_there() -> None:
    named = re.findall(r"`((?:tools|domain|tests)/[\w./]+)`", PAGE.read_text(encoding="utf-8"))
    assert named
    assert [path for path in named if not (PAGE.parents[1] / path).exists()] == []
