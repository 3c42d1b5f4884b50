"""An answer is for what was looked at: a question that was taken back and asked anew is looked at once more."""

from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result
from unit.cli.conftest import NOW, Open, workspace

from callsheet.cli import decide
from callsheet.cli.app import build
from callsheet.domain.gate import Gate
from callsheet.domain.identity import GateId
from callsheet.domain.run import Run
from callsheet.domain.showing import Showing
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction


@pytest.fixture
def led(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would have been decided and led on, and nothing else is done."""
    done: list[Any] = []
    monkeypatch.setattr(decide, "lead", done.append)
    monkeypatch.setattr("callsheet.cli.outcome.end_with", lambda *_: None)
    return done


def call(*words: str) -> Result:
    return CliRunner().invoke(build(), ["decide", *words])


def test_a_first_question_is_answered_without_its_hash(open_run: Open, led: list[Any]) -> None:
    open_run("spring")
    assert call("approve").exit_code == 0
    assert len(led) == 1


@pytest.mark.parametrize("answer", ["approve", "reject"])
def test_a_question_that_replaced_another_is_answered_by_its_hash_alone(
    open_run: Open, led: list[Any], answer: str
) -> None:
    asked = replaced(open_run("spring"))
    refused = call(answer)
    assert refused.exit_code == 2
    assert led == []
    said = " ".join(refused.output.split())
    assert "callsheet show spring-1" in said
    assert f"--shown {asked.shown[:8]}" in said
    assert call(answer, "--shown", asked.shown[:8]).exit_code == 0
    assert len(led) == 1


def replaced(run: Run) -> Gate:
    """The greenlight taken back, and asked anew about another plan."""

    def write(tx: Transaction) -> Gate:
        (first,) = gates.gates_of(tx, run.id)
        gates.withdraw(tx, first.id, "somebody may not be shown any more")
        showing = document.fetch(tx, Showing, first.shown).model_copy(update={"question": "Shoot it without Ines?"})
        shown, later = document.keep(tx, showing), NOW + timedelta(minutes=1)
        name = GateId(f"greenlight-0-{shown[:8]}.{run.id}")
        again = first.model_copy(update={"id": name, "shown": shown, "opened_at": later})
        return gates.open_gate(tx, again)

    database = workspace()
    try:
        return database.write_now(write)
    finally:
        database.close()
