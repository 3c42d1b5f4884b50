"""LangGraph's own server loads the graph as langgraph.json says and drives a run; people still decide in our table."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from langgraph_sdk import get_sync_client
from langgraph_sdk.client import SyncLangGraphClient

from callsheet.domain.gate import Decision
from callsheet.domain.identity import GateId, RunId
from callsheet.domain.run import Run
from callsheet.standing import Costs, costs_of
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Database
from callsheet.tools.intake import write_example
from callsheet.wiring import wall_clock

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0
pytestmark = pytest.mark.loopback


@dataclass(frozen=True)
class Host:
    """A LangGraph server in a session of its own, on a workspace of its own, and what it said."""

    desk: Path
    url: str
    process: "subprocess.Popen[bytes]"

    @property
    def log(self) -> str:
        return (self.desk / "server.log").read_text(encoding="utf-8", errors="replace")

    def call(self, *words: str) -> tuple[int, str]:
        """A command of ours, typed beside the server, and all it said."""
        argv = [sys.executable, "-m", "callsheet", *words]
        done = subprocess.run(
            argv, cwd=self.desk, env=self.environment, capture_output=True, text=True, timeout=PATIENCE
        )
        return done.returncode, done.stdout + done.stderr

    def begin(self, name: str) -> dict[str, str]:
        """Freeze the pocket campaign under a name; what comes back is the input of its thread."""
        write_example(self.desk / name, "pocket")
        brief = self.desk / name / "campaign.yaml"
        brief.write_text(f"name: {name}\n{brief.read_text(encoding='utf-8').replace('name: pocket', '')}", "utf-8")
        code, said = self.call("run", name, "--hosted", "--json")
        assert code == 0, said
        return dict(json.loads(said)["input"])

    def books(self, run: str) -> tuple[Run, Costs]:
        """Where a run stands in our workspace."""
        with closing(self.database) as database:
            return database.read_now(lambda tx: (runs.find(tx, RunId(run)), costs_of(tx, RunId(run))))

    def proposals(self, gate: str) -> tuple[Decision, ...]:
        with closing(self.database) as database:
            return tuple(database.read_now(lambda tx: gates.decisions(tx, GateId(gate), "proposal")))

    @property
    def database(self) -> Database:
        return Database(f"sqlite:///{self.desk / 'home' / 'workspace.db'}", "default", wall_clock)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "CALLSHEET_HOME": str(self.desk / "home")}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The server as a user starts it, without a browser and without watching files."""
    desk = tmp_path_factory.mktemp("host")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    argv = [sys.executable, "-m", "langgraph_cli", "dev", "--config", str(ROOT / "langgraph.json")]
    argv += ["--no-browser", "--no-reload", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "CALLSHEET_HOME": str(desk / "home"), "LANGGRAPH_NO_VERSION_CHECK": "true"}
    with (desk / "server.log").open("wb") as log:
        process = subprocess.Popen(
            argv, cwd=desk, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    found = Host(desk, f"http://127.0.0.1:{port}", process)
    try:
        _await_ready(found)
        yield found
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=15)
        _await_nobody(process.pid)


@pytest.fixture
def client(host: Host) -> Iterator[SyncLangGraphClient]:
    """The server's own client."""
    with get_sync_client(url=host.url) as opened:
        yield opened


def _await_ready(host: Host) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert host.process.poll() is None, host.log
        try:
            if httpx.get(f"{host.url}/ok", timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"the server did not come up:\n{host.log}")


def _await_nobody(group: int) -> None:
    """Its worker ends with it: the pipe between them closes."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    pytest.fail("the server is gone and something it started is not")


def _asked(state: Any) -> dict[str, Any]:
    """The one question a thread waits with."""
    (question,) = state["interrupts"]
    return dict(question["value"])


def test_a_run_is_driven_through_the_server_and_past_its_gates_by_our_table_alone(
    host: Host, client: SyncLangGraphClient
) -> None:
    given = host.begin("hosted")
    thread = client.threads.create()["thread_id"]

    def go(**what: Any) -> dict[str, Any]:
        client.runs.wait(thread, "campaign", **what)
        return _asked(client.threads.get_state(thread))

    asked = go(input=given)
    assert asked["action_requests"][0]["name"] == "greenlight"
    assert asked["review_configs"][0]["allowed_decisions"] == ["approve", "edit", "reject"]
    assert host.books(given["run"])[0].status == "waiting", "whoever looks in our table sees that people are asked"

    again = go(command={"resume": {"decisions": [{"type": "approve"}]}})
    assert again["gate"] == asked["gate"], "words that nobody authenticated leave the gate open"
    assert [one.answer for one in host.proposals(asked["gate"])] == ["approve"]
    assert host.books(given["run"])[1].seconds_held == 0
    unmoved = go(command={"resume": {"gate": asked["gate"]}})
    assert unmoved["gate"] == asked["gate"], "a reference to a gate that nobody decided leaves it open"

    code, said = host.call(
        "decide", given["run"], "approve", "--by", "Dana", "--shown", asked["action_requests"][0]["args"]["shown"]
    )
    assert code == 3, said
    assert f"resume thread {thread} there" in " ".join(said.split())
    assert host.books(given["run"])[1].seconds_held == 0, "the run is the server's: nobody here went on with it"

    release = go(command={"resume": {"gate": asked["gate"]}})
    assert release["action_requests"][0]["name"] == "release"
    run, costs = host.books(given["run"])
    assert (costs.takes, costs.seconds_purchased, run.driver, run.status) == (2, 8, thread, "waiting")

    assert host.call("decide", given["run"], "approve", "--by", "Dana")[0] == 3
    client.runs.wait(thread, "campaign", command={"resume": {"gate": release["gate"]}})
    assert client.threads.get_state(thread)["next"] == []
    assert host.books(given["run"])[0].status == "finished"
    assert "BlockingError" not in host.log


def test_a_run_belongs_to_one_thread_until_it_is_taken_over(host: Host, client: SyncLangGraphClient) -> None:
    given = host.begin("owned")
    first, second = (client.threads.create()["thread_id"] for _ in range(2))
    client.runs.wait(first, "campaign", input=given)
    refused = client.runs.wait(second, "campaign", input=given, raise_error=False)
    assert refused["__error__"]["error"] == "WrongUse"  # the server keeps an error's words to its own log
    assert f"is advanced in thread {first} already" in host.log

    asked = _asked(client.threads.get_state(first))
    assert host.call("decide", given["run"], "approve", "--by", "Dana")[0] == 3
    client.runs.wait(first, "campaign", command={"resume": {"gate": asked["gate"]}})
    before = host.books(given["run"])[1]
    code, said = host.call("resume", given["run"])
    assert (code, first in said, "--take-over" in said) == (2, True, True), said

    code, said = host.call("resume", given["run"], "--take-over")
    assert (code, "Ship" in said) == (3, True), said
    run, after = host.books(given["run"])
    assert run.driver == given["run"]
    assert after == before, "the approval still stands, and what was bought is adopted"
