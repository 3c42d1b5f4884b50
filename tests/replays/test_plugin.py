"""What the pytest plugin gives to users' own tests, in a project of their own."""

import shutil

import pytest
from replays.conftest import HERE, SAME_MACHINE

from callsheet.replay.recording import load_recording, write_yaml

pytest_plugins = ("pytester",)
WITHOUT_NETWORK = ("-p", "pytest_socket", "--disable-socket", "--allow-unix-socket")
IN_LOOPS = (
    "-p",
    "pytest_asyncio.plugin",
    "-o",
    "asyncio_mode=auto",
    "-o",
    "asyncio_default_fixture_loop_scope=function",
)
RECORDED = """
    import pytest

    @pytest.mark.callsheet_recording("house")
    def test_the_campaign_ends_well(callsheet_recording):
        found = callsheet_recording()
        assert [one.status for one in found.runs] == ["finished"]
        asked = [entry.body["kind_of_gate"] for entry in found.entries if entry.kind == "GateOpened"]
        assert asked == ["greenlight", "release"]

    def test_a_recording_can_be_named(callsheet_recording):
        with pytest.raises(ValueError, match="which recording"):
            callsheet_recording()
        with pytest.raises(Exception, match="is no recording"):
            callsheet_recording("nowhere")
"""
DEPARTED = """
    def test_the_campaign_ends_well(callsheet_recording):
        callsheet_recording("house")

    async def test_a_difference_can_be_looked_at(callsheet_recording):
        found = callsheet_recording("house", check=False)
        assert not found.is_same and found.departure.kind == "GateDecided"
"""
REFUSED = """
    def test_the_plan_is_refused(callsheet_recording):
        (only,) = callsheet_recording("house").runs
        assert (only.status, only.reason) == ("rejected", "too dear")
"""
LIVE = """
    import asyncio
    from datetime import timedelta
    from pathlib import Path
    import pytest
    from callsheet import Callsheet, Settings
    from callsheet.replay.approver import UnaskedGate
    from callsheet.tools.intake import write_example

    def test_a_run_is_seen_through(callsheet_approver, callsheet_clock, tmp_path):
        write_example(tmp_path / "pocket", "pocket")
        edit = {"answer": "edit", "edits": {"shot.2.seconds": "1.5"}}
        approver = callsheet_approver({"greenlight": [edit, {"answer": "reject", "note": "too long"}]}, by="Rae")

        async def see():
            async with Callsheet.open(Settings(home=tmp_path / "home"), clock=callsheet_clock) as callsheet:
                run = await callsheet.start(tmp_path / "pocket")
                ended = await approver.see_through(run)
                assert (ended.status, ended.reason) == ("rejected", "too long")
                assert ended.started_at == callsheet_clock()
                before = callsheet_clock()
                assert callsheet_clock.advance(hours=2) - before == timedelta(hours=2)
                another = await callsheet.start(tmp_path / "pocket")
                with pytest.raises(UnaskedGate, match="greenlight"):
                    await callsheet_approver({"release": "approve"}).see_through(another)

        asyncio.run(see())
        assert [one.gate.kind for one in approver.asked] == ["greenlight", "greenlight"]
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project that has Callsheet and a recording of its own."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    shutil.copytree(HERE / "house", pytester.path / "house")
    return pytester


def run(project: pytest.Pytester, *words: str) -> pytest.RunResult:
    return project.runpytest_subprocess(
        "-p", "callsheet.testing", "-W", "error", "--strict-markers", *words, timeout=200
    )


@SAME_MACHINE
def test_a_recording_is_played_and_its_results_can_be_asserted_on(project: pytest.Pytester) -> None:
    project.makepyfile(RECORDED)
    run(project, *WITHOUT_NETWORK).assert_outcomes(passed=2)


def test_a_run_that_departs_fails_with_the_first_event(project: pytest.Pytester) -> None:
    steps = project.path / "house" / "recording.yaml"
    steps.write_text(steps.read_text().replace("name: Dana", "name: Rae", 1))
    project.makepyfile(DEPARTED)
    done = run(project, *IN_LOOPS, *WITHOUT_NETWORK)
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["*event * (GateDecided) departs from the recording:*", "*by*"])


@pytest.mark.loopback
def test_the_option_makes_the_recording_anew(project: pytest.Pytester) -> None:
    kept = project.path / "house" / "recording.yaml"
    told = load_recording(kept.parent)
    begun, greenlight = told.steps[:2]
    refused = greenlight.model_copy(update={"answer": "reject", "note": "too dear"})
    write_yaml(kept, told.model_copy(update={"steps": (begun, refused)}))
    project.makepyfile(REFUSED)
    run(project, *WITHOUT_NETWORK).assert_outcomes(failed=1)
    run(project, "--callsheet-record").assert_outcomes(passed=1)
    assert load_recording(kept.parent).begun > told.begun, "it is another run, on its own clock"
    run(project, *WITHOUT_NETWORK).assert_outcomes(passed=1)


def test_gates_are_answered_by_script_on_a_clock_that_stands_still(project: pytest.Pytester) -> None:
    project.makepyfile(LIVE)
    run(project, *WITHOUT_NETWORK).assert_outcomes(passed=1)


def test_the_plugin_says_what_it_gives(project: pytest.Pytester) -> None:
    done = run(project, "--fixtures", "-q")
    done.stdout.fnmatch_lines(["callsheet_sandbox*", "callsheet_recording*", "callsheet_approver*", "callsheet_clock*"])
    assert "callsheet_recording(folder)" in "\n".join(run(project, "--markers").outlines)
