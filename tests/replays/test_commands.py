"""`callsheet record` and `callsheet replay`, and recordings of runs that hear a chat model."""

import asyncio
import json
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from contracts.chat_server import serving
from pydantic import SecretStr
from replays.conftest import HERE, answered
from typer.testing import CliRunner

from callsheet import Settings
from callsheet.cli.app import build
from callsheet.domain.error import CallsheetError, InputInvalid, WrongUse
from callsheet.prompts.prompt import shipped_text
from callsheet.replay import workbench
from callsheet.replay.approver import Dictation, Script, ScriptedApprover, UnaskedGate, read_script
from callsheet.replay.error import NotAsRecorded, RecordingUnusable
from callsheet.replay.exchange import Exchange, read_exchanges, write_exchanges
from callsheet.replay.play import Replayed, replay
from callsheet.replay.record import Wanted, record
from callsheet.replay.recording import load_outcome, load_recording, write_yaml
from callsheet.replay.renew import renew
from callsheet.tools.intake import write_example
from callsheet.tools.sandbox import Sandbox, SandboxSettings
from callsheet.tools.sandbox.server import served

KEY = "chat-key-4711"


@pytest.fixture
def pocket(tmp_path: Path) -> Path:
    write_example(tmp_path / "pocket", "pocket")
    return tmp_path / "pocket"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """The command line in a workspace of its own."""
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))

    def call(*words: str | Path) -> tuple[int, str]:
        result = CliRunner().invoke(build(), list(map(str, words)))
        return result.exit_code, result.output

    return call


@pytest.mark.loopback
def test_a_campaign_is_recorded_by_script_and_played_by_the_name_of_its_run(
    pocket: Path, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    home = tmp_path / "home"
    script = tmp_path / "script.yaml"
    script.write_text("by: Dana\ndecisions: [{gate: greenlight, answer: reject, note: not this spring}]\n")
    code, said = command("record", pocket, "--decisions", script)
    assert code == 0, said
    assert "replayed once: the same run" in said
    for name in ("pocket-1", home / "recordings" / "pocket"):
        code, said = command("replay", name, "--json")
        assert code == 0, said
        told = json.loads(said)
        assert (told["same"], told["runs"][0]["status"], told["exchanges"]) == (True, "rejected", 1)
    kept = home / "recordings" / "pocket" / "recording.yaml"
    kept.write_text(kept.read_text().replace("not this spring", "not this year"))
    code, said = command("replay", "pocket")
    assert code == 4, "a difference is said by the exit code"
    assert "reason was not this spring and is not this year" in said or "departs from the recording" in said
    assert command("replay", "pocket-2")[0] == 6


def test_gates_that_nobody_answers_are_refused_before_anything_begins(
    pocket: Path, command: Callable[..., tuple[int, str]]
) -> None:
    code, said = command("record", pocket)
    assert code == 2 and "--decisions" in said
    code, said = command("record", pocket, "--yes", "--decisions", "x.yaml")
    assert code == 2 and "take one of them" in said


@pytest.mark.loopback
async def test_a_run_that_hears_a_chat_model_is_recorded_without_its_key(pocket: Path, tmp_path: Path) -> None:
    approver = ScriptedApprover(lambda _: "reject")
    with serving() as server:
        server.answers = [{"refusal": "I would rather not."}]
        settings = Settings(
            home=tmp_path / "home",
            chat_url=server.url,
            chat_model="model-x",
            chat_key=SecretStr(KEY),
            chat_price_in=Decimal("0.15"),
            chat_price_out=Decimal("0.60"),
        )
        made = await record(Wanted(pocket, tmp_path / "kept", approver, settings=settings))
        asked = len(server.asked)
    assert made.is_same and asked > 1, "the model was asked, and once more with what was wrong"
    chats = [one for one in read_exchanges(tmp_path / "kept") if one.path.endswith("/chat/completions")]
    assert len(chats) == asked
    assert {one.uri for one in chats} == {"http://chat.invalid/v1/chat/completions"}
    whole = await asyncio.to_thread(_contents, tmp_path / "kept")
    assert KEY.encode() not in whole and b"127.0.0.1" not in whole
    assert (await replay(tmp_path / "kept")).is_same, "and again with the server gone"

    exchanges = list(await asyncio.to_thread(read_exchanges, tmp_path / "kept"))
    first = exchanges.index(chats[0])
    exchanges[first] = answered(chats[0], b'"prompt_tokens":11', b'"prompt_tokens":12')
    await asyncio.to_thread(write_exchanges, tmp_path / "kept", exchanges)
    departure = (await replay(tmp_path / "kept")).departure
    assert departure is not None and departure.kind == "WordsWritten"
    assert [name for name, _, _ in departure.fields] == ["input_tokens", "money.amount"], "its price is kept too"


@pytest.mark.loopback
async def test_a_key_in_a_campaign_stops_the_recording(pocket: Path, tmp_path: Path) -> None:
    (pocket / "notes.txt").write_text(f"the key is {KEY}")
    settings = Settings(home=tmp_path / "home", video_key=SecretStr(KEY))
    wanted = Wanted(pocket, tmp_path / "kept", ScriptedApprover(lambda _: "reject"), settings=settings)
    with pytest.raises(WrongUse, match=r"campaign/notes\.txt .* would hold a key"):
        await record(wanted)
    assert not (tmp_path / "kept").exists()


async def test_only_a_recording_is_ever_replaced(pocket: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "film.mp4").write_bytes(b"precious")
    with pytest.raises(WrongUse, match="nothing is overwritten"):
        await record(Wanted(pocket, tmp_path / "mine", ScriptedApprover({})))
    assert (tmp_path / "mine" / "film.mp4").read_bytes() == b"precious"


@pytest.mark.loopback
async def test_a_recording_that_does_not_replay_replaces_none(
    copied: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, settings = copied("house"), Settings(home=HERE / "nowhere")
    before = await asyncio.to_thread(_contents, folder)

    async def departs(part: Path) -> Replayed:
        return Replayed(part, (), (), 0, 0.0, 0.0, problems=("nothing is as it was",))

    monkeypatch.setattr(workbench, "replay", departs)
    refusing = Wanted(folder / "campaign", folder, ScriptedApprover({"greenlight": "reject"}), settings=settings)
    with pytest.raises(NotAsRecorded, match="nothing is as it was"):
        await record(refusing)
    assert await asyncio.to_thread(_contents, folder) == before
    assert _names(folder.parent) == [folder.name], "and nothing lies about"


@pytest.mark.loopback
async def test_what_was_bought_for_a_recording_that_failed_is_kept_and_found(
    pocket: Path, tmp_path: Path, command: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script ends at the release gate, when seconds were bought from a server of one's own."""
    script = Dictation(Script.model_validate({"decisions": [{"gate": "greenlight", "answer": "approve"}]}))
    with served(Sandbox(SandboxSettings(folder=tmp_path / "sandbox"), time.time)) as url:
        settings = Settings(home=tmp_path / "home", video_url=url, video_model="previz-1")
        other = settings.model_copy(update={"video_model": "sora-2"})
        with pytest.raises(CallsheetError, match="offers previz-1") as early:
            await record(Wanted(pocket, tmp_path / "kept", script.ask, settings=other))
        with pytest.raises(CallsheetError, match="CALLSHEET_HOME=") as failed:
            await record(Wanted(pocket, tmp_path / "kept", script.ask, settings=settings))
    assert "CALLSHEET_HOME" not in str(early.value), "nothing was bought yet, so nothing is left"
    assert len([one for one in _names(tmp_path) if "kept" in one]) == 1
    home = str(failed.value).partition("CALLSHEET_HOME=")[2].split()[0]
    monkeypatch.setenv("CALLSHEET_HOME", home)
    code, said = await asyncio.to_thread(command, "takes", "pocket-1", "--json")
    assert code == 0, said
    assert [one["state"] for one in json.loads(said)["takes"]] == ["settled", "settled"], said


async def test_what_moved_hashes_alone_is_renewed_without_asking_anybody(copied: Callable[[str], Path]) -> None:
    folder = copied("house")
    campaign = folder / "campaign" / "campaign.yaml"
    campaign.write_text(campaign.read_text().replace("seconds: 20, money: 10 USD", "seconds: 24, money: 12 USD"))
    found = await replay(folder)
    assert found.departure is not None and (found.departure.kind, found.departure.index) == ("RunStarted", 0)
    assert any("--renew" in one for one in found.problems)
    renewed = await renew(folder)
    assert renewed.is_same and found.expected is not None
    assert renewed.heads["pocket-1"] != found.expected.runs[0].head


async def test_other_words_shipped_since_change_no_recording(
    copied: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, bare = copied("house"), HERE / "house"
    kept = load_recording(bare).prompts
    assert kept and len({one.name for one in kept}) == len(kept)
    monkeypatch.setattr("callsheet.prompts.shelf.shipped_text", lambda address: f"{shipped_text(address)}\nBe brief.\n")
    found = await replay(folder)
    assert found.departure is None, str(found.departure)
    assert found.heads == {one.run: one.head for one in load_outcome(bare).runs}

    plain = load_recording(folder).model_copy(update={"prompts": ()})  # as they were before prompts were kept
    write_yaml(folder / "recording.yaml", plain)
    departure = (await replay(folder)).departure
    assert departure is not None and (departure.kind, departure.index) == ("RunStarted", 0)
    await renew(folder)
    renewed = load_recording(folder).prompts
    assert [one.name for one in renewed] == [one.name for one in kept]
    assert all(one.text.endswith("Be brief.\n") for one in renewed), (
        "renewed with the words of today, and they are kept"
    )


async def test_what_asks_other_things_of_the_world_is_not_renewed(
    tampered: Callable[[str, Callable[[list[Exchange]], object]], Path],
) -> None:
    folder = tampered("house", lambda exchanges: exchanges.pop())
    before = await asyncio.to_thread(_contents, folder)
    with pytest.raises(NotAsRecorded, match="record it anew"):
        await renew(folder)
    assert await asyncio.to_thread(_contents, folder) == before


async def test_settings_of_a_newer_version_are_refused_by_name(copied: Callable[[str], Path]) -> None:
    kept = copied("house") / "recording.yaml"
    kept.write_text(kept.read_text().replace("settings:\n", "settings:\n  telepathy: strong\n"))
    with pytest.raises(RecordingUnusable, match="telepathy"):
        await replay(kept.parent)
    kept.write_text(kept.read_text().replace("  telepathy: strong\n", "").replace("format: 1", "format: 9"))
    with pytest.raises(RecordingUnusable, match="format 9"):
        await replay(kept.parent)


async def test_settings_that_make_no_sense_are_refused(copied: Callable[[str], Path]) -> None:
    kept = copied("house") / "recording.yaml"
    kept.write_text(kept.read_text().replace("gate_hours: 0", "gate_hours: soon"))
    with pytest.raises(RecordingUnusable, match="gate_hours"):
        await replay(kept.parent)


def test_a_recording_keeps_no_place_and_no_key() -> None:
    kept = load_recording(HERE / "house").settings
    assert not {"home", "database_url", "media_url", "providers", "sign_key", "sign_cert"} & set(kept)
    assert not [name for name in kept if name.endswith(("key", "passphrase"))]
    assert load_outcome(HERE / "house").runs[0].files


def test_a_script_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "script.yaml"
    file.write_text("decisions:\n- {gate: greenlight, answer: maybe}\n")
    with pytest.raises(InputInvalid, match="answer"):
        read_script(file)
    file.write_text("by: Rae\ndecisions:\n- {gate: greenlight}\n- {begin: again}\n- {gate: release, answer: reject}\n")
    told = Dictation(read_script(file))
    greenlight, release = _open("greenlight"), _open("release")
    assert told.ask(greenlight).answer == "approve"
    with pytest.raises(UnaskedGate, match="again"):
        told.ask(release)
    assert told.further(_ended()) == "again"
    with pytest.raises(WrongUse, match="still answers a release"):
        told.further(_ended())
    assert (told.ask(release).answer, told.further(_ended())) == ("reject", "")
    with pytest.raises(UnaskedGate, match="has ended"):
        Dictation(Script(decisions=())).ask(greenlight)


def test_a_gate_that_nobody_foresees_is_answered_otherwise_and_no_line_is_used_up(tmp_path: Path) -> None:
    file = tmp_path / "script.yaml"
    file.write_text("by: Rae\notherwise: {writer: approve}\ndecisions:\n- {gate: greenlight, answer: reject}\n")
    told = Dictation(read_script(file))
    writer = _open("writer")
    assert [told.ask(writer).answer, told.ask(writer).answer] == ["approve", "approve"]
    assert told.ask(writer).by.name == "Rae"
    with pytest.raises(UnaskedGate, match="its next line is greenlight"):
        told.ask(_open("release"))
    assert told.ask(_open("greenlight")).answer == "reject"
    assert told.ask(writer).answer == "approve", "and after the last line too"
    file.write_text("otherwise: {writers: approve}\ndecisions: []\n")
    with pytest.raises(InputInvalid, match="otherwise"):
        read_script(file)


def _names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


def _contents(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def _open(kind: Any) -> Any:
    from datetime import UTC, datetime

    from callsheet.domain.gate import Gate
    from callsheet.domain.identity import Digest, GateId, RunId
    from callsheet.domain.showing import Showing
    from callsheet.standing import OpenGate

    now, shown = datetime(2026, 3, 1, tzinfo=UTC), Digest("0" * 64)
    gate = Gate(id=GateId(f"{kind}-0.x"), run=RunId("x"), kind=kind, round=0, shown=shown, opened_at=now)
    return OpenGate(gate, Showing(kind=kind, round=0, question="Well?", storyboard=shown))


def _ended() -> Any:
    from datetime import UTC, datetime

    from callsheet.domain.identity import Digest, RunId
    from callsheet.domain.run import Run

    return Run(
        id=RunId("x-1"),
        campaign="x",
        bundle=Digest("0" * 64),
        folder="x",
        out="out",
        status="rejected",
        started_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
