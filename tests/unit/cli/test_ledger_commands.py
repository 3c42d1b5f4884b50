"""`callsheet ledger`: an export proves itself on another machine, and a bad one is refused by line."""

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from typer.testing import CliRunner, Result
from unit.cli.conftest import Open, workspace
from unit.studio import fixture

from callsheet.cli.app import build
from callsheet.domain.event import GateOpened
from callsheet.domain.gate import Decision
from callsheet.domain.principal import Principal
from callsheet.domain.run import Run
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record
from callsheet.storage.table import PEOPLE


def call(*words: str | Path, given: bytes | None = None) -> Result:
    return CliRunner().invoke(build(), ["ledger", *(str(word) for word in words)], input=given)


def approve(run: Run) -> None:
    """Somebody says yes at the greenlight, which ends a stage."""

    def write(tx: Transaction) -> None:
        (gate,) = gates.gates_of(tx, run.id)
        by = Principal(name="Ada Lovelace")
        gates.decide(tx, Decision(gate=gate.id, answer="approve", by=by, shown=gate.shown, at=tx.now))

    database = workspace()
    database.write_now(write)
    database.close()


@pytest.fixture
def exported(open_run: Open) -> bytes:
    approve(open_run("spring"))
    result = call("export")
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def test_an_export_verifies_where_there_is_no_workspace(
    exported: bytes, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    (elsewhere / "ledger.jsonl").write_bytes(exported)
    for result in (call("verify", "ledger.jsonl"), call("verify", "-", given=exported)):
        assert result.exit_code == 0, result.output
        assert "The ledger verifies: 5 entries and 2 signed heads of 2 runs." in result.stdout
        assert "by the file's own word; pin it with --key" in result.stdout
    assert [path.name for path in elsewhere.iterdir()] == ["ledger.jsonl"]


def test_the_export_names_nobody(exported: bytes) -> None:
    assert b"Ada" not in exported
    assert b"default" not in exported.splitlines()[0]


def test_the_proof_is_one_document(exported: bytes) -> None:
    found = json.loads(call("verify", "-", "--json", given=exported).stdout)
    assert (found["verifies"], found["pinned"]) == (True, False)
    assert [one["run"] for one in found["runs"]] == ["spring-1", "workspace"]
    assert found["signer"] in found["keys"]


def test_a_pinned_key_is_the_only_one_that_counts(exported: bytes) -> None:
    signer = json.loads(call("verify", "-", "--json", given=exported).stdout)["signer"]
    assert "the key you named" in call("verify", "-", "--key", signer, given=exported).stdout
    other = call("verify", "-", "--key", "0" * 64, given=exported)
    assert other.exit_code == 4
    assert "not with 000000" in other.stderr
    assert call("verify", "--key", signer).exit_code == 0
    assert call("verify", "--key", "0" * 64).exit_code == 4


def edited(change: Callable[[dict[str, Any]], None]) -> Callable[[bytes], bytes]:
    """Changes the second line, an entry, and writes it as neatly as before."""

    def edit(text: bytes) -> bytes:
        lines = text.splitlines(keepends=True)
        plain = json.loads(lines[1])
        change(plain)
        lines[1] = json.dumps(plain, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        return b"".join(lines)

    return edit


def second(text: bytes, other: Callable[[bytes], bytes]) -> bytes:
    lines = text.splitlines(keepends=True)
    return b"".join([lines[0], other(lines[1]), *lines[2:]])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (edited(lambda one: one["entry"]["body"].update(seed=1)), r"line 2: spring-1: run: entry 0 .* was changed"),
        (
            edited(lambda one: one["entry"].update(index=3)),
            "line 2: spring-1: run: entry 0 is missing, doubled or moved",
        ),
        (edited(lambda one: one["entry"].update(more=1)), "line 2: it has not the fields of a line: more"),
        (edited(lambda one: one.update(entry=[])), "line 2: it has not the fields of a line"),
        (edited(lambda one: one.update(also={})), "line 2: it is none of header, entry, head, trailer"),
        (edited(lambda one: one["entry"]["body"].update(seed=0.5)), "line 2: it is not a line of a ledger"),
        (lambda text: text.replace(b'"seed":0', b'"seed":NaN'), "line 2: it is not in canonical form"),
        (lambda text: text.replace(b'"seed":0', b'"seed":' + b"9" * 5000), "line 2: it is not a line of a ledger"),
        (lambda text: text.replace(b'"seed":0', b'"seed":0,"seed":0'), "line 2: it is not in canonical form"),
        (lambda text: text.replace(b'"seed":0', b'"seed":0 '), "line 2: it is not in canonical form"),
        (lambda text: text.replace(b'"spring"', b'"spr\\u0069ng"', 1), "line 2: it is not in canonical form"),
        (lambda text: text.replace(b'"spring"', b'"spr\\ud800ng"', 1), "line 2: it is not UTF-8 text"),
        (lambda text: text.replace(b"\n", b"\r\n"), "line 1: it is not in canonical form"),
        (lambda text: second(text, lambda _: b"[" * 200_000 + b"\n"), "line 2: it is not a line of a ledger"),
        (lambda text: second(text, lambda _: b"\xff\xfe\n"), "line 2: it is not UTF-8 text"),
        (lambda text: second(text, lambda line: line[:-1]), "line 2: it is not a line of a ledger"),
        (lambda text: b"\xef\xbb\xbf" + text, "line 1: it is not a line of a ledger"),
        (lambda text: text.split(b"\n", 1)[1], "line 1: it stands before the header"),
        (lambda text: text.splitlines(keepends=True)[0] + text, "line 2: it is a second header"),
        (lambda text: text.replace(b'"format":1', b'"format":2'), "line 1: it is of format 2"),
        (lambda text: text[:-1], "it breaks off before its end"),
        (lambda text: b"".join(text.splitlines(keepends=True)[:-1]), "the signed trailer is missing"),
        (lambda text: text + text.splitlines(keepends=True)[-1], "it stands after the trailer"),
        (lambda text: text[:200], "line 1: it breaks off before its end"),
    ],
)
def test_a_spoiled_export_is_refused_with_its_first_bad_line(
    exported: bytes, spoil: Callable[[bytes], bytes], said: str
) -> None:
    spoiled = spoil(exported)
    assert spoiled != exported
    result = call("verify", "-", given=spoiled)
    assert result.exit_code == 4
    assert "The ledger does not verify: " in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert re.search(said, result.stderr), result.stderr


def test_an_endless_line_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    import callsheet.domain.export
    import callsheet.storage.export

    for module in (callsheet.domain.export, callsheet.storage.export):
        monkeypatch.setattr(module, "LONGEST_LINE", 1000)
    endless = b'{"header":' + b"x" * 1_000_000
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(endless)))
    result = call("verify", "-", given=endless)
    assert "line 1: it is longer than 1000 bytes" in result.stderr


PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", "is empty: nothing was written to it, or everything in it was cut off"),
        (PICTURE, "does not begin with a line of a ledger"),
        (b"To whom it may concern\n", "does not begin with a line of a ledger"),
        (bytes(range(256)) * 9, "does not begin with a line of a ledger"),
    ],
)
def test_what_never_was_an_export_is_not_called_tampered_with(here: Path, given: bytes, says: str) -> None:
    (here / "what").write_bytes(given)
    for name, result in (("what", call("verify", "what")), ("Standard input", call("verify", "-", given=given))):
        assert result.exit_code == 2
        assert result.stderr.startswith(f"{name} {says}. There is nothing to verify")
        assert "find out who could write here" not in result.stderr


def test_what_is_no_file_is_refused_before_it_is_read(here: Path) -> None:
    folder = call("verify", here)
    assert (folder.exit_code, "is a folder" in folder.stderr) == (2, True)
    missing = call("verify", "none.jsonl")
    assert (missing.exit_code, "callsheet ledger export > none.jsonl" in missing.stderr) == (6, True)


def test_a_workspace_where_nothing_happened_has_no_ledger_to_verify(here: Path) -> None:
    database = workspace()
    database.read_now(lambda _: None)
    database.close()
    for words in (("verify",), ("head",), ("export",)):
        result = call(*words)
        assert (result.exit_code, "The ledger here is empty" in result.stderr) == (6, True), words


@pytest.mark.parametrize("words", [("export",), ("verify",), ("head",), ("show",), ("show", "workspace")])
def test_without_a_ledger_nothing_is_made(here: Path, words: tuple[str, ...]) -> None:
    assert call(*words).exit_code == 6
    assert list(here.iterdir()) == []


def test_one_run_is_exported_alone(open_run: Open) -> None:
    approve(open_run("spring"))
    approve(open_run("autumn"))
    alone = call("export", "autumn").stdout_bytes
    found = json.loads(call("verify", "-", "--json", given=alone).stdout)
    assert [one["run"] for one in found["runs"]] == ["autumn-1"]
    assert b"spring" not in alone
    assert call("export", "winter").exit_code == 6


def test_a_run_before_its_first_answer_verifies_with_a_notice(open_run: Open) -> None:
    open_run("spring")
    result = call("verify")
    assert result.exit_code == 0
    assert "Note: spring-1: 3 entries and no signed head: none of its stages is over yet" in result.stdout
    assert "Nothing is signed yet" in result.stdout
    assert call("verify", "--key", "0" * 64).exit_code == 4


def test_entries_after_the_last_signed_head_are_counted(open_run: Open) -> None:
    run = open_run("spring")
    approve(run)
    opened = GateOpened(gate=gates_name(run), kind_of_gate="dailies", round=0, shown=run.bundle)
    database = workspace()
    database.write_now(lambda tx: record(tx, run.id, opened))
    database.close()
    assert "Note: spring-1: 1 entry after the last signed head." in call("verify").stdout


def gates_name(run: Run) -> Any:
    return f"dailies-0-{run.bundle[:8]}.{run.id}"


def test_a_head_kept_elsewhere_holds_the_ledger_to_it(open_run: Open) -> None:
    run = open_run("spring")
    first = json.loads(call("head", "--json").stdout)["head"]
    approve(run)
    printed = call("head")
    assert re.fullmatch("[0-9a-f]{64}\n", printed.stdout), "nothing but the head, so that it can be kept by > alone"
    assert re.fullmatch("signed 2026-11-22 09:30:00 UTC with the key [0-9a-f]{64}\n", printed.stderr)
    second_head = printed.stdout.strip()
    assert second_head != first
    assert call("verify", "--expect", first, "--expect", second_head).exit_code == 0
    assert call("verify", "-", "--expect", first, given=call("export").stdout_bytes).exit_code == 0
    other = call("verify", "--expect", "f" * 64)
    assert other.exit_code == 4
    assert "the signed head ffff" in other.stderr


@pytest.mark.parametrize("option", ["--key", "--expect"])
@pytest.mark.parametrize("text", ["abc", "g" * 64, "0" * 65])
def test_a_part_of_a_hash_is_not_taken_for_one(open_run: Open, option: str, text: str) -> None:
    open_run("spring")
    result = call("verify", option, text)
    assert (result.exit_code, f"{option} takes all 64 letters" in result.stderr) == (2, True)


def test_the_ledger_reads_in_words(open_run: Open) -> None:
    approve(open_run("spring"))
    shown = call("show").stdout.splitlines()
    assert len(shown) == 4
    assert shown[0] == (
        "2026-11-22 09:30:00  run  RunStarted  spring began: sandbox previz-1; gates are answered by people"
    )
    assert shown[-1].endswith("GateDecided  gate: greenlight approved on the word of Ada Lovelace")
    (key,) = call("show", "workspace", "--chain", "signing").stdout.splitlines()
    assert "KeyMade  key " in key


def test_a_person_who_was_erased_is_not_named(open_run: Open) -> None:
    approve(open_run("spring"))
    database = workspace()
    database.write_now(lambda tx: tx.execute(delete(PEOPLE)))
    database.close()
    assert "Ada" not in call("show").stdout
    assert call("verify").exit_code == 0


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (("--kind", "gatedecided"), ["GateDecided"]),
        (("--kind", "GateOpened", "--chain", "run"), ["GateOpened"]),
        (("--chain", "take:none"), []),
        (("--since", "2026-11-23"), []),
        (("--since", "2026-11-22T10:30+01:00", "--kind", "RunStarted"), ["RunStarted"]),
    ],
)
def test_what_is_shown_can_be_narrowed(open_run: Open, words: tuple[str, ...], kinds: list[str]) -> None:
    approve(open_run("spring"))
    assert [one["kind"] for one in json.loads(call("show", *words, "--json").stdout)] == kinds


def test_a_day_that_is_none_is_refused(open_run: Open) -> None:
    open_run("spring")
    result = call("show", "--since", "yesterday")
    assert (result.exit_code, "2026-11-22T14:00" in result.stderr) == (2, True)


def test_a_finished_file_tells_its_whole_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which script made which shot with which cameo, when, with which marks: one command, asked of the file itself."""
    played = fixture.play(tmp_path)
    played.database.close()
    (tmp_path / "w.db").rename(tmp_path / "workspace.db")
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path))
    monkeypatch.setenv("CALLSHEET_WORKSPACE", "test")
    film = next((tmp_path / "out" / "deliverables").iterdir())
    result = CliRunner().invoke(build(), ["trace", str(film)])
    assert result.exit_code == 0, result.output
    for fact in (
        "storyboard ",
        "written by house",
        "shot shot.1",
        "prompt ",
        "shows ines under release ines-1",
        "in force, until",
        "previz mark",
        "content credentials: development",
        "approve, by Robin <b>Reviewer</b> (asserted)  2026-11-20 09:",
        "publication pub-1",
    ):
        assert fact in result.stdout, fact
    film.write_bytes(film.read_bytes() + b"x")
    changed = CliRunner().invoke(build(), ["trace", str(film)])
    assert (changed.exit_code, "it was changed since" in changed.stderr) == (6, True)
