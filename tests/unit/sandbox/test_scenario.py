"""Scenarios: which request meets which fault, and what a mistake in one says."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from unit.sandbox.conftest import Counter, Open

from callsheet.domain.error import InputInvalid
from callsheet.tools.sandbox.fault import NO_FAULT, Scenario, UnknownFault, parse_scenario, read_script


def played(scenario: Scenario, prompts: list[str], path: str = "POST /v1/videos") -> list[str]:
    return [str(scenario.next_for(prompt, path)) for prompt in prompts]


def test_the_nth_fitting_request_is_struck_and_the_others_pass() -> None:
    scenario = parse_scenario([{"fault": "500_before", "request": 3, "times": 2}])
    assert played(scenario, ["a"] * 6) == ["none", "none", "500_before", "500_before", "none", "none"]
    scenario = parse_scenario([{"fault": "stuck", "request": 2, "prompt": "sea"}, "none", "503_before"])
    assert played(scenario, ["a", "sea", "b", "sea", "c"]) == ["none", "503_before", "none", "stuck:99", "none"]


def test_a_rule_can_ask_for_a_prompt_by_pattern() -> None:
    scenario = parse_scenario([{"fault": "black", "pattern": r"^\[shot\.[13]\]", "times": 9}])
    assert played(scenario, ["[shot.1] a", "[shot.2] a", "[shot.3] a", "in [shot.1]"]) == [
        "black",
        "none",
        "black",
        "none",
    ]


async def test_a_rule_can_strike_looks_lists_downloads_and_deletes(open_counter: Open) -> None:
    counter = open_counter(stock=True)
    job_id = (await counter.create()).json()["id"]
    one = f"/v1/videos/{job_id}"
    paths = {"GET /v1/videos": "/v1/videos", "GET /v1/videos/{video_id}": one, "GET /v1/models": "/v1/models"}
    paths["GET /v1/videos/{video_id}/content"] = f"{one}/content"
    for path, address in paths.items():
        await counter.play({"fault": "503_before", "path": path, "request": 2})
        codes = [(await counter.http.get(address)).status_code for _ in range(3)]
        assert codes == [200, 503, 200], path
    await counter.play({"fault": "drop_after", "path": "DELETE /v1/videos/{video_id}"})
    with pytest.raises(httpx.RemoteProtocolError):
        await counter.http.delete(one)
    assert (await counter.http.get(one)).status_code == 404


WRONG: list[tuple[Any, str]] = [
    ("500_after", "send"),
    (["gremlins"], r"faults\[0\]: there is no fault 'gremlins'; known are none, 429"),
    (["none", "429:soon"], r"faults\[1\]: .*takes a whole number after the colon, not 'soon'"),
    (["none:1"], "takes nothing after the colon"),
    (["gone:500"], "takes 404 or 410 after the colon"),
    ([{"fault": "stuck", "often": 2}], "no field 'often'; a rule has fault, times, request, path, prompt, pattern"),
    ([{"times": 2}], "the field 'fault' is missing"),
    ([{"fault": "stuck", "times": 0}], "whole number from 1 on, not '0'"),
    ([{"fault": "stuck", "request": True}], "whole number from 1 on"),
    ([{"fault": "stuck", "path": "GET /"}], "no path 'GET /'; known are POST /v1/videos"),
    ([{"fault": "stuck", "path": "GET /v1/models"}], "is about a job: its path is POST /v1/videos"),
    ([{"fault": "stuck", "pattern": "("}], "no regular expression"),
    ([{"fault": "stuck", "pattern": "a" * 201}], "at most 200 characters"),
    ([7], "a name or an object with a name"),
]


@pytest.mark.parametrize(("body", "says"), WRONG)
def test_a_mistake_in_a_scenario_says_where_and_what_is_allowed(body: Any, says: str) -> None:
    with pytest.raises(UnknownFault, match=says):
        parse_scenario(body)


async def test_a_wrong_scenario_leaves_the_old_one_in_place(counter: Counter) -> None:
    await counter.play("500_before")
    answer = await counter.http.put("/_sim/scenario", json={"faults": ["gremlins"]})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "faults")
    assert (await counter.http.get("/_sim/scenario")).json()["faults"][0]["fault"] == "500_before"


YAML = """
# A bad morning.
faults:
  - 429:30
  - fault: stuck:99
    prompt: shot.3
    times: 2
  - {fault: 503_before, path: GET /v1/videos, request: 3}
"""
JSON = '{"faults": ["429:30", {"fault": "stuck", "prompt": "shot.3", "times": 2}]}'


@pytest.mark.parametrize("text", [YAML, JSON])
def test_a_file_may_be_yaml_or_json(tmp_path: Path, text: str) -> None:
    file = tmp_path / "scenario"
    file.write_text(text)
    scenario = read_script(file)
    assert played(scenario, ["a", "shot.3", "shot.3", "shot.3"]) == ["429:30", "stuck:99", "stuck:99", str(NO_FAULT)]
    bare = tmp_path / "list"
    bare.write_text("- 429\n- 500_before\n")
    assert played(read_script(bare), ["a", "a"]) == ["429:1", "500_before"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("faults:\n  - none\n  - gremlins\n", "line 3: there is no fault 'gremlins'"),
        ("faults:\n  - fault: stuck\n    fault: black\n", "line 3: the field 'fault' is there twice"),
        ("faults:\n  - [stuck]\n", "line 2: a fault is a name or a rule with fields, not a list"),
        ("faults:\n  - fault: stuck\n    times: [2]\n", "line 3: the field takes plain text or a number"),
        ("fault:\n  - stuck\n", "line 1: there is no key 'fault'; write faults"),
        ("faults: stuck\n", "write faults: and below it a list"),
        ("", "write faults: and below it a list"),
        ("faults: [\n  stuck\n", "line 3: neither YAML nor JSON"),
        ("- " * 3000, "neither YAML nor JSON|not a list"),
    ],
)
def test_a_mistake_in_a_file_says_the_line(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(text)
    with pytest.raises(InputInvalid, match=says) as caught:
        read_script(file)
    assert re.search(r"scenario\.yaml", str(caught.value))


def test_a_file_that_is_missing_or_no_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid, match="cannot be read: No such file"):
        read_script(tmp_path / "none.yaml")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputInvalid, match="not text in UTF-8"):
        read_script(tmp_path / "b.yaml")
