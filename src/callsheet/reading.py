"""A run to read as plain text: its storyboard, its quote, its report. Nobody is named, and nothing can be changed."""

from collections.abc import Callable
from io import StringIO

from callsheet.cli.console import Console, printable
from callsheet.cli.quote import card_words, shot_words, show_quote
from callsheet.cli.telling import tell
from callsheet.domain.campaign import Campaign
from callsheet.domain.error import NotFound
from callsheet.domain.identity import RunId
from callsheet.domain.ledger import Entry, current_body
from callsheet.domain.quote import Quote, seconds_text
from callsheet.domain.run import Run
from callsheet.domain.showing import Showing
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.words.person import without_names
from callsheet.standing import costs_of, finished
from callsheet.storage import cameo as people
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries

MOST_CHARACTERS = 60_000
Read = Callable[[Transaction, Run], str]


def read_run(tx: Transaction, name: str, what: str) -> str:
    """The text of a run of that kind: storyboard, quote or report. Raises NotFound."""
    if what not in READINGS:
        raise NotFound(f"a run has no {what[:40]!r} to read; there are: {', '.join(READINGS)}")
    run = runs.find(tx, RunId(name))
    said = without_names(READINGS[what](tx, run), people.every(tx))
    return said if len(said) <= MOST_CHARACTERS else f"{said[:MOST_CHARACTERS]}\n[cut here: it is longer]\n"


def _storyboard(tx: Transaction, run: Run) -> str:
    board = document.fetch(tx, Storyboard, _newest(tx, run).storyboard)
    lines = [f"{board.title}: {len(board.shots)} shots, round {board.round}"]
    for shot in board.shots:
        lines += [
            "",
            f"{shot.id} ({shot.beat}): {seconds_text(shot.seconds)} used of {shot.purchased_seconds} s bought",
            f"  {shot.framing}, {shot.movement}, {shot.light}; cast: {shot.cameo or 'nobody'}",
            f"  {shot.subject}; {shot.action}; {shot.setting}",
            *(f"  {words}" for words in shot_words(board, shot.id)),
        ]
    lines += ["", "end card", *(f"  {words}" for words in card_words(board)), "", *board.notes]
    return printable("\n".join(lines)) + "\n"


def _quote(tx: Transaction, run: Run) -> str:
    shown = _newest(tx, run, priced=True)
    if shown.quote is None:
        raise NotFound(f"{run.id} has no priced plan yet; it has one when it waits at its greenlight")
    paper = StringIO()
    campaign, board = document.fetch(tx, Campaign, run.bundle), document.fetch(tx, Storyboard, shown.storyboard)
    show_quote(Console(out=paper), campaign, board, document.fetch(tx, Quote, shown.quote), with_words=False)
    return paper.getvalue()


def _report(tx: Transaction, run: Run) -> str:
    costs = costs_of(tx, run.id)
    lines = [
        f"{run.id}: {run.status}" + (f", {run.reason}" if run.reason else ""),
        f"{costs.takes} takes, {costs.seconds_purchased} s bought, {costs.spent} spent, "
        f"{costs.seconds_held} s and {costs.held} held; {costs.per_finished_second} a finished second",
        *(f"finished: {one.name}.mp4, {one.width}x{one.height}" for one in finished(tx, run.id)),
        "",
        *(f"{one.at:%Y-%m-%d %H:%M:%S}  {said}" for one in entries(tx, run.id) if (said := _told(tx, one))),
    ]
    return printable("\n".join(lines)) + "\n"


def _told(tx: Transaction, entry: Entry) -> str | None:
    """An entry in words. Who decided is left out: a model has no need of the names of people."""
    if entry.kind == "GateDecided":
        body = current_body(entry)
        return f"{body['gate']}: {body['answer']} ({body['authenticated']})"
    try:
        return tell(tx, entry)
    except NotFound:  # it speaks of a document that was erased since
        return None


def _newest(tx: Transaction, run: Run, *, priced: bool = False) -> Showing:
    """What was last put to people; with `priced`, the last that had a price."""
    for gate in reversed(gates.gates_of(tx, run.id)):
        shown = document.fetch(tx, Showing, gate.shown)
        if shown.quote is not None or not priced:
            return shown
    raise NotFound(f"nothing of {run.id} was shown to people yet; ask again when it waits at its greenlight")


READINGS: dict[str, Read] = {"storyboard": _storyboard, "quote": _quote, "report": _report}
"""What a run can be read as."""
