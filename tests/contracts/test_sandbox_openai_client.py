"""The official `openai` client against a sandbox on a port, in a process of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning"),  # the dialect outlived the service
]
openai = pytest.importorskip("openai", reason="the official client comes with the chat extra")

TINY = "160x284"


class Served:
    """A sandbox process over a folder; it can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        argv = [sys.executable, "-m", "callsheet.tools.sandbox", "--folder", str(self.folder), "--seconds", "1,4,8"]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = str(json.loads(self.process.stdout.readline())["url"])

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def client(self) -> "openai.OpenAI":
        return openai.OpenAI(base_url=self.url, api_key="any", max_retries=0)

    def ledger(self) -> list[dict[str, object]]:
        return list(httpx.get(self.url.replace("/v1", "/_sim/ledger")).json()["jobs"])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    sandbox = Served(tmp_path / "sandbox")
    yield sandbox
    sandbox.kill()


def test_create_retrieve_list_download_and_delete(served: Served, tmp_path: Path) -> None:
    with served.client() as client:
        video = client.videos.create(prompt="[shot.1] wide shot, a runner on a beach", seconds="4", size=TINY)
        assert video.status in ("queued", "in_progress")
        done = client.videos.poll(video.id)
        assert (done.status, done.progress, done.seconds, done.size) == ("completed", 100, "4", TINY)
        assert [listed.id for listed in client.videos.list(limit=5)] == [video.id]
        content = client.videos.download_content(video.id)
        content.write_to_file(tmp_path / "clip.mp4")
        assert (tmp_path / "clip.mp4").read_bytes()[4:8] == b"ftyp"
        assert client.videos.download_content(video.id, variant="thumbnail").read()[8:12] == b"WEBP"
        assert client.videos.delete(video.id).deleted
    assert [(row["usd"], row["billed"]) for row in served.ledger()] == [("0.40", True)]


def test_a_reference_file_and_a_refusal_reach_the_client_as_it_expects(served: Served) -> None:
    from unit.sandbox.sight import product_picture

    with served.client() as client:
        picture = ("shoe.png", product_picture(), "image/png")
        video = client.videos.create(prompt="close-up of the shoe", seconds="4", size=TINY, input_reference=picture)
        assert client.videos.poll(video.id).status == "completed"
        with pytest.raises(openai.BadRequestError, match="Inpaint image must match"):
            client.videos.create(prompt="close-up", seconds="4", size="720x1280", input_reference=picture)
        with pytest.raises(openai.NotFoundError):
            client.videos.retrieve("video_none")


def test_a_truncated_download_is_a_connection_error_on_a_real_port(served: Served) -> None:
    with served.client() as client:
        headers = {"X-Sim-Fault": "truncate"}
        video = client.videos.create(prompt="a beach", seconds="4", size=TINY, extra_headers=headers)
        client.videos.poll(video.id)
        with pytest.raises(openai.APIConnectionError):
            client.videos.download_content(video.id)


def test_a_killed_sandbox_goes_on_with_its_jobs_and_bills_each_once(served: Served) -> None:
    with served.client() as client:
        videos = [client.videos.create(prompt=f"shot {i}", seconds="4", size=TINY) for i in range(3)]
    served.kill()
    served.start()
    with served.client() as client:
        assert [client.videos.poll(video.id).status for video in videos] == ["completed"] * 3
        fourth = client.videos.create(prompt="shot 3", seconds="4", size=TINY)
    assert fourth.id not in {video.id for video in videos}
    billed = [row["id"] for row in served.ledger() if row["billed"]]
    assert billed == [video.id for video in videos]
