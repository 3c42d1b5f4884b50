"""Output in its three forms, and errors as sentences with documented exit codes."""

import io
import json

import pytest

from callsheet.cli.app import EPILOG
from callsheet.cli.console import Console, Exit, exit_of
from callsheet.domain.error import (
    CallsheetError,
    ExtraMissing,
    InputInvalid,
    NotFound,
    OverBudget,
    ProviderTrouble,
    ReleaseMissing,
    Waiting,
    WrongUse,
)
from callsheet.domain.money import nothing
from callsheet.domain.provider import NotSold
from callsheet.tools.intake import CampaignInvalid


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_without_a_terminal_a_table_is_plain_aligned_lines() -> None:
    out = io.StringIO()
    Console(out=out).table("Shots", ["shot", ">cost"], [("shot.1", "$1.20"), ("shot.10", "$10.20")])
    assert out.getvalue() == "Shots\n  shot       cost\n  shot.1    $1.20\n  shot.10  $10.20\n"


def test_on_a_terminal_words_from_files_stay_words() -> None:
    out = Terminal()
    say = Console(out=out)
    say.say("[red]not red[/red] \x1b[2J gone")
    say.table("Shots", ["shot"], [("[bold]x[/bold]",)])
    assert "[red]not red[/red]" in out.getvalue()
    assert "[bold]x[/bold]" in out.getvalue()
    assert "\x1b[2J" not in out.getvalue()


def test_with_json_there_is_one_document_and_nothing_else() -> None:
    out = io.StringIO()
    say = Console(as_json=True, out=out)
    say.say("hello")
    say.table("Shots", ["shot"], [("a",)])
    say.document({"cost": nothing()})
    assert json.loads(out.getvalue()) == {"cost": {"amount": "0", "currency": "USD"}}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WrongUse("x"), Exit.INVALID),
        (ExtraMissing("chat", "The chat crew"), Exit.INVALID),
        (InputInvalid("x"), Exit.INVALID),
        (NotSold("x"), Exit.INVALID),
        (Waiting("x"), Exit.WAITING),
        (OverBudget("x"), Exit.REFUSED),
        (ReleaseMissing("x"), Exit.REFUSED),
        (ProviderTrouble("x"), Exit.PROVIDER),
        (NotFound("x"), Exit.NOT_FOUND),
        (CallsheetError("x"), Exit.UNEXPECTED),
    ],
)
def test_every_branch_of_the_error_tree_has_its_exit_code(error: CallsheetError, code: Exit) -> None:
    assert exit_of(error) == code
    assert f" {int(code)} " in EPILOG


def test_a_missing_extra_names_the_command_that_installs_it() -> None:
    assert 'pip install "callsheet[chat]"' in str(ExtraMissing("chat", "The chat crew"))


def test_problems_come_with_the_error_document() -> None:
    out, err = io.StringIO(), io.StringIO()
    from pathlib import Path

    from callsheet.tools.intake import Problem

    error = CampaignInvalid([Problem(file="campaign.yaml", line=3, message="is odd")], Path("spring"))
    Console(as_json=True, out=out, err=err).complain(error, Exit.INVALID)
    assert json.loads(out.getvalue())["error"]["problems"][0]["line"] == 3
    assert "spring/campaign.yaml:3: is odd" in err.getvalue()
