"""`config` says what is in force and where it comes from, and gives no secret away."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from callsheet.cli.app import build


def call(*words: str) -> Result:
    return CliRunner().invoke(build(), list(words))


def test_unset_means_embedded_and_makes_nothing(here: Path) -> None:
    shown = call("config")
    assert shown.exit_code == 0
    assert "no network is used" in shown.stdout
    assert "the sandbox in this process" in shown.stdout
    assert list(here.iterdir()) == []


def test_each_setting_says_where_it_comes_from(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "callsheet.toml").write_text('chat_model = "m"\nworkspace = "team"\n')
    monkeypatch.setenv("CALLSHEET_WORKSPACE", "mine")
    found = json.loads(call("config", "--json").stdout)["settings"]
    assert found["workspace"] == {"value": "mine", "from": "environment CALLSHEET_WORKSPACE"}
    assert found["chat_model"] == {"value": "m", "from": "callsheet.toml"}
    assert found["account"] == {"value": "default", "from": "default"}


def test_keys_and_passwords_are_masked(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLSHEET_VIDEO_KEY", "sesame-key")
    monkeypatch.setenv("CALLSHEET_SIGN_PASSPHRASE", "sesame-phrase")
    monkeypatch.setenv("CALLSHEET_DATABASE_URL", "postgresql://anna:sesame-password@db.example/callsheet")
    for words in (("config",), ("config", "--json"), ("config", "--explain")):
        shown = call(*words)
        assert "sesame" not in shown.stdout
        assert "db.example/callsheet" in shown.stdout
    assert json.loads(call("config", "--json").stdout)["embedded"] is True


def test_an_unknown_key_names_the_nearest_one_in_every_command(here: Path) -> None:
    (here / "callsheet.toml").write_text('vido_url = "https://video.example/v1"\n')
    for words in (("config",), ("status",), ("run", "x"), ("demo",)):
        refused = call(*words)
        assert (refused.exit_code, "did you mean video_url?" in refused.stderr) == (2, True), words
    assert [path.name for path in here.iterdir()] == ["callsheet.toml"]


def test_what_is_not_toml_or_makes_no_sense_is_a_sentence(here: Path) -> None:
    (here / "callsheet.toml").write_text("home = \n")
    assert "callsheet.toml is not valid TOML" in call("config").stderr
    (here / "callsheet.toml").write_text("gate_hours = -1\n")
    refused = call("config")
    assert (refused.exit_code, "gate_hours" in refused.stderr) == (2, True)


def test_a_misspelt_variable_is_pointed_out(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLSHEET_VIDO_URL", "https://video.example/v1")
    assert "CALLSHEET_VIDO_URL is set in the environment" in call("config").stderr
