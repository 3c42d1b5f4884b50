"""`connect` makes one free call and says what it found; a key is never shown and only written down when asked."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from callsheet.cli import connect as command
from callsheet.cli.app import build
from callsheet.tools.sandbox import Sandbox, SandboxSettings, VirtualClock

URL = "https://video.example/v1"
KEY = "sk-shown-nowhere-42"
Serve = Callable[[httpx.AsyncBaseTransport], None]


def call(*words: str, typed: str = "\n") -> Result:
    return CliRunner().invoke(build(), ["connect", *words], input=typed)


@pytest.fixture
def serve(here: Path, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Answers every address with this transport."""

    def serve(transport: httpx.AsyncBaseTransport) -> None:
        monkeypatch.setattr(
            command, "open_client", lambda url: httpx.AsyncClient(transport=transport, base_url=url + "/")
        )

    return serve


def offering(*models: str) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(200, json={"data": [{"id": name} for name in models]}))


def answering(status: int, **content: object) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(status, **content))  # type: ignore[arg-type]  # text or json


def test_a_server_is_tried_with_one_free_call(serve: Serve, here: Path) -> None:
    sandbox = Sandbox(SandboxSettings(folder=here / "provider", api_key=KEY), VirtualClock())
    serve(httpx.ASGITransport(app=sandbox.app))
    refused = call("--url", URL)
    assert (refused.exit_code, "did not accept the key" in refused.stderr) == (5, True)
    shown = CliRunner(env={"STUDIO_KEY": KEY}).invoke(
        build(), ["connect", "--url", URL, "--key-from-env", "STUDIO_KEY"]
    )
    assert shown.exit_code == 0, shown.stderr
    assert "previz-1" in shown.stdout
    assert "2026-11-22" in shown.stdout
    assert f"export CALLSHEET_VIDEO_URL={URL}" in shown.stdout
    assert "provider: sandbox" in shown.stdout
    assert KEY not in shown.output + refused.output
    assert set(sandbox.requests) == {("GET", "/v1/models", 401), ("GET", "/v1/models", 200)}
    assert not (here / "callsheet.toml").exists()


def test_prices_dates_and_terms_are_shown_with_their_source(serve: Serve) -> None:
    serve(offering("vertex_ai/veo-3.1-fast-generate-001", "sora-2", "Wan-AI/Wan2.2-TI2V-5B-Diffusers", "odd/model"))
    shown = call("--url", URL).stdout
    table = shown.partition("\ngateway")[0].splitlines()[2:]
    lines = {line.split()[1]: line for line in table}
    assert "720p 0.10, 1080p 0.12" in lines["gateway-veo-fast"]
    assert "2026-09-24, GONE" in lines["sora-2"]
    assert "unknown" in lines["sglang-wan"]
    assert "yes" in lines["vllm-omni-wan"]
    assert "gateway-veo-fast: Google Agent Platform price list" in shown
    assert "Apache-2.0" in shown
    assert "not in the catalog" in shown


def test_json_says_everything_and_nothing_else(serve: Serve) -> None:
    serve(offering("sora-2", *(f"odd/{number}" for number in range(30))))
    found = json.loads(call("--url", URL, "--json").stdout)
    assert (found["url"], len(found["models"]), len(found["unknown"])) == (URL, 31, 30)
    assert [(one["name"], one["retired"], one["as_of"]) for one in found["providers"]] == [
        ("sora-2", True, "2026-09-24")
    ]
    assert "and 10 more" in call("--url", URL).stdout


def test_a_person_is_asked_and_the_key_is_not_shown(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers.get("authorization"))
        return httpx.Response(200, json={"data": [{"id": "sora-2"}]})

    serve(httpx.MockTransport(answer))
    monkeypatch.setattr(command, "is_person_there", lambda: True)
    shown = call(typed=f"{URL}\n{KEY}\n")
    assert shown.exit_code == 0, shown.stderr
    assert keys == [f"Bearer {KEY}"]
    assert KEY not in shown.output
    assert "export CALLSHEET_VIDEO_KEY=..." in shown.stdout


def test_saving_changes_only_what_it_says_and_keeps_the_rest(serve: Serve, here: Path) -> None:
    serve(offering("vertex_ai/veo-3.1-generate-001", "sora-2"))
    file = here / "callsheet.toml"
    file.write_text('# ours\nvideo_url = "https://old.example/v1"\nworkspace = "team" # keep\n')
    shown = call("--url", URL + "/", "--save")
    assert shown.exit_code == 0, shown.stderr
    text = file.read_text()
    assert tomllib.loads(text) == {"video_url": URL, "workspace": "team"}
    assert "# ours" in text
    assert "# keep" in text
    assert "provider: gateway-veo" in text


def test_the_key_is_written_only_when_asked_and_for_its_owner_alone(
    serve: Serve, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(offering("sora-2"))
    monkeypatch.setenv("STUDIO_KEY", KEY)
    words = ("--url", URL, "--key-from-env", "STUDIO_KEY", "--save")
    assert KEY not in call(*words).output + (here / "callsheet.toml").read_text()
    shown = call(*words, "--save-key")
    assert KEY not in shown.output
    assert "only you can read it" in shown.stderr
    assert tomllib.loads((here / "callsheet.toml").read_text())["video_key"] == KEY
    assert (here / "callsheet.toml").stat().st_mode & 0o777 == 0o600
    assert call("--save-key", "--url", URL).exit_code == 2


def test_a_settings_file_that_cannot_be_changed_safely_is_left_alone(serve: Serve, here: Path) -> None:
    serve(offering("sora-2"))
    before = 'workspace = """\nvideo_url = 1\n"""\n'
    (here / "callsheet.toml").write_text(before)
    refused = call("--url", URL, "--save")
    assert (refused.exit_code, "by hand" in refused.stderr) == (2, True)
    assert (here / "callsheet.toml").read_text() == before


def test_the_key_of_one_server_is_not_sent_to_another(
    serve: Serve, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers.get("authorization"))
        return httpx.Response(200, json={"data": [{"id": "sora-2"}]})

    serve(httpx.MockTransport(answer))
    monkeypatch.setenv("CALLSHEET_VIDEO_KEY", KEY)
    monkeypatch.setenv("CALLSHEET_VIDEO_URL", "https://ours.example/v1")
    warned = call("--url", URL, "--save")
    call()
    assert keys == [None, f"Bearer {KEY}"]
    assert "would be sent there" in warned.stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://anna:pass@video.example/v1", "name and password"),
        ("ftp://video.example/v1", "https://"),
        ("video.example/v1", "https://"),
        ("file:///etc/passwd", "https://"),
        ("https://video.example/v1?key=abc", "what follows ?"),
        ("https://video.example:port/v1", "not an address"),
        ("https://video.example/v 1", "not an address"),
        ("https://vidéo.example/v1", "not an address"),
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_is_asked(here: Path, url: str, said: str) -> None:
    refused = call("--url", url)
    assert (refused.exit_code, said in refused.stderr) == (2, True), refused.stderr
    assert "pass@" not in refused.stderr
    assert "abc" not in refused.stderr


@pytest.mark.parametrize(
    ("transport", "said"),
    [
        (answering(200, text="<!doctype html><title>Welcome</title>"), "web page"),
        (answering(404, json={"detail": "Not Found"}), "most end in /v1"),
        (answering(200, json={"data": []}), "offers no model"),
        (answering(403, json={"error": "no"}), "did not accept the key"),
    ],
    ids=["page", "404", "no models", "403"],
)
def test_an_answer_that_helps_nobody_says_what_to_check(
    serve: Serve, transport: httpx.AsyncBaseTransport, said: str
) -> None:
    serve(transport)
    refused = call("--url", URL)
    assert (refused.exit_code, said in refused.stderr) == (5, True), refused.stderr
    assert json.loads(call("--url", URL, "--json").stdout)["error"]["exit"] == 5


def test_a_key_on_an_open_road_is_pointed_out(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(offering("sora-2"))
    monkeypatch.setenv("STUDIO_KEY", KEY)
    key = ("--key-from-env", "STUDIO_KEY")
    assert "not https" in call("--url", "http://video.example/v1", *key).stderr
    assert "not https" not in call("--url", "http://127.0.0.1:8717/v1", *key).stderr
    assert "not https" not in call("--url", "http://video.example/v1").stderr


def test_a_variable_that_is_not_there_and_a_server_nobody_named_are_sentences(here: Path) -> None:
    assert "no NO_SUCH_KEY in the environment" in call("--url", URL, "--key-from-env", "NO_SUCH_KEY").stderr
    assert "callsheet connect --url" in call().stderr
    assert "Did you mean sora-2" in call("--url", URL, "--provider", "sora2").stderr


def test_a_server_with_one_other_model_says_how_to_ask_for_it(serve: Serve) -> None:
    serve(offering("local/wan"))
    shown = call("--url", "http://127.0.0.1:8000/v1", "--provider", "vllm-omni-wan").stdout
    assert "does not offer Wan-AI/Wan2.2-TI2V-5B-Diffusers" in shown
    assert "export CALLSHEET_VIDEO_MODEL=local/wan" in shown


def test_what_a_server_calls_its_models_cannot_command_the_terminal(serve: Serve) -> None:
    serve(offering("evil\x1b[2J\x07", "x" * 5000))
    shown = call("--url", URL)
    assert "\x1b" not in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) < 400
