"""The sandbox's own command: a proving ground on a port, and what its mistakes say."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

SHOT = {"prompt": "a beach", "seconds": "4", "size": "160x284"}


def argv(*words: str) -> list[str]:
    return [sys.executable, "-m", "callsheet", "sandbox", "--port", "0", "--json", *words]


@contextmanager
def opened(folder: Path, *words: str) -> Iterator[dict[str, Any]]:
    process = subprocess.Popen(argv(*words), cwd=folder, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        said = ""
        while not said.rstrip().endswith("}"):
            line = process.stdout.readline()
            assert line, said
            said += line
        yield json.loads(said)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.loopback
def test_it_plays_a_scenario_in_the_manners_and_the_time_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "day.yaml").write_text("faults:\n  - 429:30\n  - drop_after\n")
    words = ("--scenario", "day.yaml", "--profile", "gateway", "--pace", "seeded", "--virtual-clock", "--stock")
    with opened(tmp_path, *words) as said, httpx.Client(base_url=said["url"]) as client:
        assert (said["profile"], said["faults"]) == ("gateway", 2)
        assert client.post("/videos", json=SHOT).headers["retry-after"] == "30"
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/videos", json=SHOT)
        assert client.post("/videos", json=SHOT).status_code == 202
        control = said["url"].replace("/v1", "/_sim")
        assert client.get(f"{control}/scenario").json() == {"faults": []}
        assert client.put(f"{control}/clock", json={"advance": 1000}).json()["virtual"] is True
        assert [video["status"] for video in client.get("/videos").json()["data"]] == ["completed"] * 2
        assert [row["billed"] for row in client.get(f"{control}/ledger").json()["jobs"]] == [True, True]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--scenario", "bad.yaml"), "bad.yaml, line 2: there is no fault 'gremlins'; known are none, 429"),
        (("--scenario", "none.yaml"), "cannot be read: No such file"),
        (("--profile", "sora"), "Take one of openai, azure, vllm-omni, sglang, gateway"),
        (("--pace", "fast"), "Take latency or seeded"),
        (("--webhook", "http://example.com/"), "this machine only"),
        (("--webhook", "http://127.0.0.1:1/", "--webhook-secret", "secret"), "whsec_ followed by base64"),
    ],
)
def test_a_mistake_is_said_in_one_sentence(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    (tmp_path / "bad.yaml").write_text("faults:\n- gremlins\n")
    done = subprocess.run(argv(*words), cwd=tmp_path, capture_output=True, text=True, timeout=60)
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 2, said
    assert says in said and "Traceback" not in said
