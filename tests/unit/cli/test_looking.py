"""Commands that look: they open nothing but the database, and show a gate exactly as it would be decided."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result
from unit.cli.conftest import Open, workspace

from callsheet.cli.app import build
from callsheet.cli.view import GateView


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(build(), [str(word) for word in words])


def test_without_a_workspace_nothing_is_made(here: Path) -> None:
    assert "No run here yet" in call("status").stdout
    assert json.loads(call("status", "--json").stdout) == []
    assert "Nothing waits" in call("pending").stdout
    assert call("show").exit_code == 6
    assert call("decide", "approve").exit_code == 6
    assert call("resume").exit_code == 2
    assert call("report").exit_code == 6
    assert call("trace", "shot.1").exit_code == 6
    assert list(here.iterdir()) == []


def test_status_says_where_a_run_waits(open_run: Open) -> None:
    open_run("spring")
    shown = call("status")
    assert "spring-1  waiting  greenlight" in shown.stdout
    (found,) = json.loads(call("status", "--json").stdout)
    assert found["gate"].startswith("greenlight-0-")
    assert found["next"][0].startswith("callsheet decide approve --shown ")


def test_show_prints_what_is_decided_with_the_line_to_fix(open_run: Open) -> None:
    open_run("spring")
    shown = call("show", "greenlight").stdout
    assert "Shoot spring?" in shown
    assert "Seconds: 8 bought, 4 s used" in shown
    assert "note: spring/campaign.yaml:15: not approved yet" in shown
    assert "note: not scanned: faces" in shown
    assert "Approval lets it buy at most 16 s" in shown
    assert "shot.1 asks for:" in shown
    assert "callsheet decide edit --set shot." in shown
    document = json.loads(call("show", "--json").stdout)
    assert document["shown"] == document["gate"]["shown"]
    assert document["shown"][:8] in shown


def test_with_several_gates_open_one_must_be_named_and_commands_name_it(open_run: Open) -> None:
    open_run("spring")
    open_run("autumn")
    several = call("show")
    assert several.exit_code == 2
    assert "Several gates are open" in several.stderr
    assert "callsheet decide autumn-1 approve" in call("show", "autumn").stdout
    assert {one["run"] for one in json.loads(call("pending", "--json").stdout)} == {"spring-1", "autumn-1"}
    refused = call("resume")
    assert refused.exit_code == 2
    assert "callsheet resume spring-1" in refused.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("approve", "--set", "shot.1.seconds"), 2, "--set KEY=VALUE"),
        (("greenlight",), 2, "What is the answer?"),
        (("aprove",), 6, "did you mean approve?"),
        (("edit", "--edit", "nothing.yaml"), 6, "There is no file nothing.yaml"),
        (("approve", "--by", "x" * 81), 2, "at most 80 characters"),
        (("approve", "--note", "x" * 2001), 2, "at most 2000 characters"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused_before_anything_opens(
    open_run: Open, words: tuple[str, ...], code: int, said: str
) -> None:
    open_run("spring")
    refused = call("decide", *words)
    assert (refused.exit_code, said in refused.stderr) == (code, True), refused.output


@pytest.mark.parametrize("text", ["- a\n- b\n", "shot: {1: {seconds: 4}}\n", "just words", "a: [", ""])
def test_a_file_of_changes_has_one_level(open_run: Open, here: Path, text: str) -> None:
    open_run("spring")
    (here / "changes.yaml").write_text(text)
    assert call("decide", "edit", "--edit", "changes.yaml").exit_code == 2


def test_a_file_of_changes_keeps_every_value_as_it_is_written(here: Path) -> None:
    from callsheet.cli.decide import _edits_of

    (here / "changes.yaml").write_text("shot.3.seconds: 4\nshot.2.caption: yes\nshot.1.product: none\n")
    assert _edits_of(here / "changes.yaml") == {
        "shot.3.seconds": "4",
        "shot.2.caption": "yes",
        "shot.1.product": "none",
    }


def test_a_run_that_failed_says_how_to_go_on(open_run: Open) -> None:
    from callsheet.storage import run as runs

    run = open_run("spring")
    database = workspace()
    database.write_now(lambda tx: runs.set_status(tx, run.id, "failed", "2 of 2 takes are missing: no answer"))
    database.close()
    shown = call("status").stdout
    assert "2 of 2 takes are missing" in shown
    assert "callsheet resume spring-1" in shown


def test_what_run_prints_at_the_greenlight_holds_every_word_on_screen(
    open_run: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    from callsheet.cli.console import Console
    from callsheet.cli.gate import show_gate
    from callsheet.cli.view import gate_view
    from callsheet.cli.workspace import look
    from callsheet.storage.database import Transaction

    def find(tx: Transaction) -> GateView:
        return gate_view(tx, "spring-1")

    open_run("spring")
    view = look(find, None)
    assert view is not None
    show_gate(Console(), view)
    said = capsys.readouterr().out
    for variant in view.storyboard.variants:
        assert variant.end_card.call_to_action in said
        for panel in variant.panels:
            assert panel.caption in said
            assert panel.callout is None or f'callout "{panel.callout.text}"' in said
    assert said.index("callsheet show") < said.index("callsheet decide approve")
    whole = call("show").stdout
    assert "callsheet show" not in whole


def test_variants_that_say_the_same_share_a_line(open_run: Open) -> None:
    from callsheet.cli.quote import shot_words
    from callsheet.cli.view import gate_view
    from callsheet.cli.workspace import look

    open_run("spring")
    board = look(lambda tx: gate_view(tx, "spring-1").storyboard, None)
    assert board is not None
    (only,) = board.variants
    shot = only.panels[0].shot
    quiet = only.panels[0].model_copy(update={"caption": "", "callout": None})
    loud = only.panels[0].model_copy(update={"caption": "Out early", "callout": None})
    variants = tuple(
        only.model_copy(update={"id": name, "panels": (panel,)})
        for name, panel in (("a", loud), ("b", quiet), ("c", loud))
    )
    assert shot_words(board.model_copy(update={"variants": variants}), shot) == ['a, c: "Out early"', "b: no words"]
