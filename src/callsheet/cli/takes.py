"""The command that says which takes exist, where each was used, and whether a run or a folder may use them again."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from callsheet.cli.console import AsJson, Console, console
from callsheet.cli.workspace import look, near, read_settings
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from callsheet.cli.adoption import Plan, TakeStand
    from callsheet.domain.run import Run
    from callsheet.settings import Settings
    from callsheet.storage.database import Transaction

T = TypeVar("T")
NO_TAKES = "No take was ever asked for here."
_INDENT = "    "
_LONGEST_JOB = 40


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(takes)


def takes(
    what: Annotated[
        str, typer.Argument(metavar="RUN|FOLDER", help="The newest run if not said.", show_default=False)
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Every take of the workspace instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the takes a run asks for, or a folder would: which exist and are used again, and why others are not."""
    del as_json
    if every and what:
        raise WrongUse(f"Choose one: {what}, or --all for every take of the workspace.")
    if every:
        _show_every()
    else:
        _show_plan(what)


def _show_plan(what: str) -> None:
    from callsheet.cli.adoption import reference_of, stands_of

    settings = read_settings()
    plan = _look(settings, lambda tx: _plan(tx, what, settings))
    reference = reference_of(plan)
    stands = _look(settings, lambda tx: stands_of(tx, settings.account, plan, reference))
    asked = [one for one in stands if not one.is_passed_over]
    hits = sum(1 for one in asked if one.hit)
    say = console()
    found = f"{_count(hits, 'hit')}, {_count(len(asked) - hits, 'miss')}"
    head = f"{plan.name} asks for {_count(len(asked), 'take')}: {found}"
    say.say(head, style="bold")
    _show(say, stands)
    remarks = [note for one in stands if one.hit for note in one.hit.notices]
    notices = list(dict.fromkeys([*plan.notices, *remarks]))
    for note in notices:
        say.say(f"note: {note}")
    say.document(
        {
            "of": plan.name,
            "hits": hits,
            "misses": len(asked) - hits,
            "notices": notices,
            "takes": [_document(one) for one in stands],
        }
    )


def _show_every() -> None:
    from callsheet.cli.adoption import every_stand

    stands = _look(read_settings(), every_stand)
    say = console()
    runs = len({one.purchase.run for one in stands if one.purchase})
    say.say(f"{_count(len(stands), 'take')} of {_count(runs, 'run')}" if stands else NO_TAKES, style="bold")
    _show(say, stands)
    say.document([_document(one) for one in stands])


def _plan(tx: "Transaction", what: str, settings: "Settings") -> "Plan":
    """What was meant: a run by its whole name, a folder, or a run by the beginning of its name."""
    from callsheet.cli.adoption import plan_of_folder, plan_of_run
    from callsheet.cli.naming import run_named
    from callsheet.storage import run as runs

    every: dict[str, Run] = {one.id: one for one in runs.every(tx)}
    if what and what not in every and Path(what).is_dir():
        return plan_of_folder(tx, Path(what), settings)
    if not every:
        raise NotFound(f"There is no folder {what} and no run here yet." if what else _nothing_yet())
    return plan_of_run(tx, every[run_named(what, every)] if what else list(every.values())[-1])


def _nothing_yet() -> str:
    from callsheet.cli.look import NOTHING_YET

    return NOTHING_YET


def _look(settings: "Settings", work: "Callable[[Transaction], T]") -> T:
    """Read the workspace; where there is none yet, an empty one that exists in memory only."""
    from callsheet.storage.database import Database

    def whole(tx: "Transaction") -> tuple[T, ...]:
        return (work(tx),)

    nothing: tuple[T, ...] = ()
    if found := look(whole, nothing):
        return found[0]
    database = Database("sqlite://", settings.workspace, lambda: datetime.now(UTC))
    try:
        return database.read_now(work)
    finally:
        database.close()


def _show(say: Console, stands: "tuple[TakeStand, ...]") -> None:
    """A few lines a take: where it stands, what there is to say about it, and its file."""
    rows = [(one, *_headline(one)) for one in stands]
    name_width = max((len(name) for _, name, *_ in rows), default=0)
    word_width = max((len(word) for _, _, word, *_ in rows), default=0)
    for one, name, word, length, cost in rows:
        style = "green" if one.hit else None
        say.say(f"  {name:<{name_width}}  {word:<{word_width}}  {length:>4}  {cost}", style=style)
        if words := "; ".join(_words(one)):
            indented = fill(
                words,
                say.width,
                initial_indent=_INDENT,
                subsequent_indent=_INDENT,
                break_on_hyphens=False,
                break_long_words=False,
            )
            say.say(indented, whole=True)
        if one.file:
            say.say(f"{_INDENT}{near(one.file)}", whole=True)


def _headline(one: "TakeStand") -> tuple[str, str, str, str]:
    state = one.purchase.state.value if one.purchase else "not bought"
    word = state if one.verdict is None else f"{one.verdict.kind:<4}  {state}"
    seconds, money = (one.bill.seconds, one.bill.money) if one.bill else (one.order.seconds, one.price)
    return f"{one.order.shot} take {one.order.take}", word, f"{seconds} s", str(money)


def _words(one: "TakeStand") -> list[str]:
    """What there is to say about a take, most telling first."""
    said = [str(one.verdict)] if one.verdict is not None and one.verdict.kind == "miss" else []
    if one.verdict is None and one.purchase and one.purchase.reason:
        said.append(one.purchase.reason)
    if one.purchase:
        job = one.purchase.job
        said += [f"job {job if len(job) <= _LONGEST_JOB else job[:_LONGEST_JOB] + '…'}"] if job else []
        said.append(f"bought by {one.purchase.run}" if job else f"ordered by {one.purchase.run}")
    said += [f"release {one.release}"] if one.release else []
    said += [f"circled in {', '.join(one.circled_in)}"] if one.circled_in else []
    cuts = [place.run for place in one.cuts]
    said += [f"in {_count(cuts.count(run), 'cut')} of {run}" for run in dict.fromkeys(cuts)]
    return said


def _document(one: "TakeStand") -> dict[str, Any]:
    return {
        "shot": one.order.shot,
        "take": one.order.take,
        "id": one.take.id if one.take else None,
        "purchase": one.order.key,
        "verdict": one.verdict.model_dump(mode="json") if one.verdict else None,
        "is_passed_over": one.is_passed_over,
        "state": one.purchase.state if one.purchase else None,
        "reason": one.purchase.reason if one.purchase else "",
        "trouble": one.purchase.trouble if one.purchase else None,
        "provider": one.order.provider,
        "model": one.order.model,
        "job": one.purchase.job if one.purchase else "",
        "bought_by": one.purchase.run if one.purchase else None,
        "seconds": one.order.seconds,
        "price": one.price,
        "bill": one.bill,
        "release": one.release,
        "file": one.file,
        "circled_in": one.circled_in,
        "cuts": [{"run": place.run, "cut": place.cut} for place in one.cuts],
    }


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}{'es' if what.endswith('s') else 's'}"
