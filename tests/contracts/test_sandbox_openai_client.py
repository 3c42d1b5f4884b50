"""The official `openai` client against a sandbox on a port, in a process of its own."""

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from callsheet.tools.sandbox import Sandbox, SandboxSettings
from callsheet.tools.sandbox import served as serving

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning"),  # the dialect outlived the service
]
openai = pytest.importorskip("openai", reason="the official client comes with the chat extra")

TINY = "160x284"
SECRET = "whsec_c2VjcmV0IG9mIHRoZSBob3VzZQ=="


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


@contextmanager
def quick(folder: Path, **settings: object) -> Iterator[tuple[Sandbox, "openai.OpenAI"]]:
    """A sandbox with stock clips on a port of this process, and the official client at it."""
    plain: dict[str, object] = {"folder": folder, "stock": True, "hang_seconds": 20.0}
    sandbox = Sandbox(SandboxSettings(**(plain | settings)), time.time)  # type: ignore[arg-type]  # the settings of a test, by name
    with serving(sandbox) as url, openai.OpenAI(base_url=url, api_key="any", max_retries=0) as client:
        yield sandbox, client
    sandbox.book.close()


@pytest.mark.parametrize(("fault", "error"), [("drop_after", "APIConnectionError"), ("hang_after", "APITimeoutError")])
def test_a_lost_answer_is_a_lost_connection_and_the_job_is_there(tmp_path: Path, fault: str, error: str) -> None:
    with quick(tmp_path) as (sandbox, client):
        with pytest.raises(getattr(openai, error)):
            headers = {"X-Sim-Fault": fault}
            client.videos.create(prompt="lost", seconds="4", size=TINY, extra_headers=headers, timeout=1.0)
        assert [video.prompt for video in client.videos.list()] == ["lost"]
        assert [row["billed"] for row in sandbox.ledger()] == [True]


def test_half_a_download_without_a_length_passes_the_client_in_silence(tmp_path: Path) -> None:
    with quick(tmp_path) as (sandbox, client):
        headers = {"X-Sim-Fault": "truncate_nolength"}
        video = client.videos.create(prompt="half", seconds="4", size=TINY, extra_headers=headers)
        got = client.videos.download_content(video.id).read()
        assert len(got) == sandbox.darkroom.clip(sandbox.find(video.id)).stat().st_size // 2


def test_quota_and_moderation_reach_the_client_with_their_codes(tmp_path: Path) -> None:
    with quick(tmp_path) as (_, client):
        for fault, error in (("429_quota", openai.RateLimitError), ("sentinel_block", openai.BadRequestError)):
            with pytest.raises(error) as refused:
                headers = {"X-Sim-Fault": fault}
                client.videos.create(prompt="a", seconds="4", size=TINY, extra_headers=headers)
            assert refused.value.code in ("insufficient_quota", "sentinel_block")
        headers = {"X-Sim-Fault": "moderation_blocked"}
        failed = client.videos.create(prompt="a", seconds="4", size=TINY, extra_headers=headers)
        assert client.videos.retrieve(failed.id).error.code == "moderation_blocked"


@pytest.mark.parametrize("profile", ["azure", "vllm-omni", "sglang", "gateway"])
def test_the_client_buys_from_every_profile(tmp_path: Path, profile: str) -> None:
    with quick(tmp_path, profile=profile) as (_, client):
        video = client.videos.create(prompt="a beach", seconds="4", size=TINY)
        assert client.videos.retrieve(video.id).status == "completed"
        assert client.videos.download_content(video.id).read()[4:8] == b"ftyp"


@contextmanager
def listening() -> Iterator[tuple[str, "queue.Queue[tuple[dict[str, str], bytes]]"]]:
    """A host with a doorbell: its URL, and what it heard."""
    heard: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.put((dict(self.headers.items()), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/hook", heard
        finally:
            server.shutdown()


def test_webhooks_are_signed_as_the_official_verifier_wants_them(tmp_path: Path) -> None:
    with (
        listening() as (url, heard),
        quick(tmp_path, webhook_url=url, webhook_secret=SECRET) as (_, client),
    ):
        video = client.videos.create(prompt="a beach", seconds="4", size=TINY)
        headers, body = heard.get(timeout=20)
        client.webhooks.verify_signature(body, headers, secret=SECRET)
        event = json.loads(body)
        assert (event["object"], event["type"], event["data"]) == ("event", "video.completed", {"id": video.id})
        with pytest.raises(openai.InvalidWebhookSignatureError):
            client.webhooks.verify_signature(body + b" ", headers, secret=SECRET)
        for fault in ("webhook_bad_sig", "webhook_old"):
            client.videos.create(prompt="a", seconds="4", size=TINY, extra_headers={"X-Sim-Fault": fault})
            headers, body = heard.get(timeout=20)
            with pytest.raises(openai.InvalidWebhookSignatureError):
                client.webhooks.verify_signature(body, headers, secret=SECRET)
