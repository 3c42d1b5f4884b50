"""The command that answers an open gate and leads the run on from there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import lead, look
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from callsheet.cli.naming import AnswerWord, Question
    from callsheet.cli.view import Stand
    from callsheet.session import Callsheet
    from callsheet.storage.database import Transaction

MOST_EDIT_BYTES = 100_000
LONGEST_NAME = 80
LONGEST_NOTE = 2000


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(decide)


def decide(
    words: Annotated[
        list[str], typer.Argument(metavar="[RUN] [GATE] approve|edit|reject", help="The answer.", show_default=False)
    ],
    by: Annotated[str, typer.Option(help="Who decides; your account on this machine if not said.")] = "",
    note: Annotated[str, typer.Option(help="Why, in a sentence.")] = "",
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="A change, such as shot.3.seconds=4, b.shot.3.caption=... (variant b alone) or "
            "end_card.call_to_action=.... Repeatable.",
            show_default=False,
        ),
    ] = None,
    edit: Annotated[
        Path | None, typer.Option("--edit", help="Changes as a YAML file: shot.3.seconds: 4", show_default=False)
    ] = None,
    shown: Annotated[str, typer.Option(help="The hash of what you looked at; anything else is refused.")] = "",
    as_json: AsJson = False,
) -> None:
    """Answer an open gate, then go on to the next one or to the end.

    RUN and GATE are needed only when several gates are open. A gate is named by its kind, such as greenlight, by its
    id, or by the beginning of either. A name given with --by is recorded as asserted by the local user.
    """
    del as_json
    from callsheet.cli.outcome import end_with

    edits = {**(_edits_of(edit) if edit else {}), **dict(change_of(one) for one in changes or ())}
    check_lengths(by, note)
    found = look(lambda tx: _recognise(tx, words), None)
    if found is None:
        raise NotFound("There is no workspace here yet; begin with: callsheet run FOLDER")
    question, answer = found
    if not shown:
        look(lambda tx: _check_replaced(tx, question), None)
    end_with(
        console(),
        lead(lambda callsheet: _decide(callsheet, question, answer, by or account_name(), note, edits, shown)),
    )


async def _decide(
    callsheet: "Callsheet",
    question: "Question",
    answer: "AnswerWord",
    by: str,
    note: str,
    edits: dict[str, str],
    shown: str,
) -> "Stand":
    from callsheet.cli.run import lead_on
    from callsheet.cli.watch import known

    run = await callsheet.run(question.run)
    seen = await known(callsheet, run)
    await run.decide(answer, by=by, note=note, edits=edits, shown=shown or None, gate=question.gate)
    return await lead_on(callsheet, question.run, seen)


def account_name() -> str:
    """The account of the local user, as the system knows it."""
    try:
        import os
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError, AttributeError):
        return "local user"


def _recognise(tx: "Transaction", words: list[str]) -> "tuple[Question, AnswerWord]":
    from callsheet.cli.naming import ANSWERS, choose, recognise
    from callsheet.cli.view import questions, run_names

    open_ = questions(tx)
    asked = recognise(words, run_names(tx), open_)
    question = choose(asked, open_)
    if asked.answer is None:
        raise WrongUse(f"What is the answer? callsheet decide {' '.join(words)} {'|'.join(ANSWERS)}")
    return question, asked.answer


def _check_replaced(tx: "Transaction", question: "Question") -> None:
    """A yes may be meant for a question that was taken back since it was looked at. Raises WrongUse."""
    from callsheet.domain.identity import RunId
    from callsheet.storage import gate as gates

    same = [one for one in gates.gates_of(tx, RunId(question.run)) if one.kind == question.kind]
    names = [str(one.id) for one in same]
    at = names.index(question.gate)
    if at and gates.verdict_at(tx, same[at - 1].id).answer == "withdrawn":
        raise WrongUse(
            f"The {question.kind} of {question.run} was taken back and asked anew about something else. Look first: "
            f"callsheet show {question.run}; then answer with --shown {same[at].shown[:8]}, if that is what it shows"
        )


def change_of(text: str) -> tuple[str, str]:
    """One change as it is typed after --set: its key and its value. Raises WrongUse."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise WrongUse(f"--set {text} changes nothing; write --set KEY=VALUE, such as --set shot.3.seconds=4")
    return key.strip(), value


def _edits_of(path: Path) -> dict[str, str]:
    """The changes in a YAML file: one level, every value as it is written."""
    import yaml

    if not path.is_file():
        raise NotFound(f"There is no file {path}; --edit takes YAML such as: shot.3.seconds: 4")
    if path.stat().st_size > MOST_EDIT_BYTES:
        raise WrongUse(f"{path} is too large for a list of changes ({MOST_EDIT_BYTES:,} bytes at most)")
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # makes only text
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WrongUse(f"{path} is not readable YAML: {error}") from None
    if not isinstance(read, dict) or not read or not all(isinstance(value, str) for value in read.values()):
        raise WrongUse(f"{path} must hold changes as one level of keys and values, such as: shot.3.seconds: 4")
    return {str(key): value for key, value in read.items()}


def check_lengths(by: str, note: str) -> None:
    """Refuse a name or a note that is too long to be kept. Raises WrongUse."""
    if len(by) > LONGEST_NAME or not by.isprintable():
        raise WrongUse(f"--by takes a name of at most {LONGEST_NAME} characters on one line")
    if len(note) > LONGEST_NOTE:
        raise WrongUse(f"--note takes at most {LONGEST_NOTE} characters; this has {len(note)}")
