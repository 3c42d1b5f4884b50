"""The command line walks the whole loop on the pocket campaign, in a workspace of its own."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from callsheet.cli.app import build


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(build(), [str(word) for word in words])


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a workspace in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CALLSHEET_HOME")
    assert call("new", "x", "--pocket").exit_code == 0
    return tmp_path


def test_a_run_stops_at_each_gate_until_somebody_decides(desk: Path) -> None:
    begun = call("run", "x")
    assert begun.exit_code == 3, begun.output
    assert "director: storyboard with 2 shots" in begun.stdout
    assert "Seconds: 8 bought" in begun.stdout
    assert "callsheet decide approve" in begun.stdout
    assert not (desk / "x" / "out" / "deliverables").exists()

    refused = call("run", "x")
    assert (refused.exit_code, "pocket-1" in refused.stderr) == (2, True)

    shown = call("show")
    assert shown.exit_code == 0
    assert "asks for:" in shown.stdout
    first = json.loads(call("show", "--json").stdout)["shown"]

    for edit, said in (("shot.9.seconds=2", "shot.9"), ("shot.2.framing=clse-up", "did you mean close-up?")):
        wrong = call("decide", "edit", "--set", edit)
        assert wrong.exit_code == 2
        assert said in wrong.stderr
    assert json.loads(call("show", "--json").stdout)["shown"] == first, "an edit that cannot be made leaves no trace"

    changed = call("decide", "edit", "--set", "shot.2.caption=One more street", "--by", "Mara")
    assert changed.exit_code == 3, changed.output
    assert "gate: greenlight changed on the word of Mara (shot.2.caption=One more street)" in changed.stdout
    stale = call("decide", "approve", "--shown", first[:8])
    assert (stale.exit_code, "look again" in stale.stderr) == (2, True), stale.output

    approved = call("decide", "greenlight", "approve")
    assert approved.exit_code == 3, approved.output
    assert "take 1: bought 4 s, verified" in approved.stdout
    assert "Ship this file?" in approved.stdout
    cannot = call("decide", "edit", "--set", "shot.1.seconds=1")
    assert (cannot.exit_code, "approve or reject" in cannot.stderr) == (2, True)

    rejected = call("decide", "pocket-1", "reject", "--note", "not our tone", "--json")
    assert rejected.exit_code == 0, rejected.output
    document = json.loads(rejected.stdout)
    assert document["status"] == "rejected"
    assert document["costs"]["seconds_purchased"] == 8
    assert "not our tone" in document["run"]["reason"]


def test_a_written_policy_takes_a_run_to_its_end_and_the_books_tell_it(desk: Path) -> None:
    done = call("run", "x", "--yes", "--out", "made")
    assert done.exit_code == 0, done.output
    assert "greenlight approved by written policy: approve-all" in done.stdout
    assert "pocket-1 is finished" in done.stdout
    assert (desk / "made" / "deliverables" / "pocket_a_pocket_en-US.mp4").is_file()

    status = json.loads(call("status", "--json").stdout)
    assert [(run["id"], run["status"]) for run in status] == [("pocket-1", "finished")]
    assert "Nothing waits" in call("pending").stdout
    assert call("resume").exit_code == 2
    assert call("decide", "approve").exit_code == 2

    page = call("report")
    assert page.exit_code == 0, page.output
    assert (desk / "made" / "report.html").is_file()
    assert "take shot.1.take1" in call("trace", "shot.1").stdout
    assert call("trace", "shot.77").exit_code == 6


def test_json_is_one_document_from_the_first_gate_on(desk: Path) -> None:
    begun = call("run", "x", "--json")
    assert begun.exit_code == 3
    document = json.loads(begun.stdout)
    assert document["gate"]["showing"]["kind"] == "greenlight"
    assert document["gate"]["quote"]["seconds_purchased"] == 8
    assert document["next"][0].startswith("callsheet decide approve --shown ")


def test_the_demo_needs_nothing_and_never_writes_into_a_folder_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from callsheet.cli import demo

    monkeypatch.setattr(demo, "CAMPAIGN", "pocket")  # the loop is the same, and it takes seconds
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALLSHEET_VIDEO_URL", "https://video.example/v1")
    (tmp_path / "callsheet-demo").mkdir()
    done = call("demo")
    assert done.exit_code == 0, done.output
    assert list((tmp_path / "callsheet-demo").iterdir()) == []
    assert "a person would decide here: Shoot pocket" in done.stdout
    assert 'caption: "' in done.stdout
    assert "no network, $0.00 spent" in done.stdout
    assert "$0.80 at $0.10 a second" in done.stdout
    for line in ("deliverables/pocket_a_pocket_en-US.mp4", "report.html"):
        (found,) = [words.strip() for words in done.stdout.splitlines() if words.strip().endswith(line)]
        assert (tmp_path / found).is_file()


CALLSHEET = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_module('callsheet', run_name='__main__', alter_sys=True)"
)
"""The command as a terminal starts it: a shell that runs tests in the background has all they start ignore Ctrl-C."""


def test_ctrl_c_says_how_to_go_on_and_nothing_is_bought_twice(desk: Path) -> None:
    argv = [sys.executable, "-c", CALLSHEET, "run", "x", "--yes"]
    process = subprocess.Popen(argv, cwd=desk, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "bought" in line:
            process.send_signal(signal.SIGINT)
            break
    said += process.communicate(timeout=60)[0]
    assert process.returncode == 130, said
    assert "callsheet resume pocket-1" in said
    assert "Traceback" not in said

    assert json.loads(call("status", "--json").stdout)[0]["status"] == "running"
    done = call("resume")
    assert done.exit_code == 0, done.output
    (run,) = json.loads(call("status", "--json").stdout)
    assert (run["status"], run["policy"], run["costs"]["seconds_purchased"]) == ("finished", "approve-all", 8)


@pytest.mark.loopback
def test_the_sandbox_says_where_it_is_and_closes_on_ctrl_c(desk: Path) -> None:
    argv = [sys.executable, "-c", CALLSHEET, "sandbox", "--port", "0", "--json"]
    process = subprocess.Popen(argv, cwd=desk, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        text = ""
        while not text.rstrip().endswith("}"):
            text += process.stdout.readline()
        served = json.loads(text)
        models = httpx.get(f"{served['url']}/models", timeout=10).json()
        assert [model["id"] for model in models["data"]] == [served["model"]]
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=30)[0]
        assert (process.returncode, "Traceback" in rest) == (0, False), rest
    finally:
        process.kill()
