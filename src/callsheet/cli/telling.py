"""Tells what happened, event by event, in sentences a producer could read. Not every event is worth one."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from callsheet.domain.count import counted
from callsheet.domain.quote import seconds_text

if TYPE_CHECKING:
    from callsheet.domain.ledger import Entry
    from callsheet.storage.database import Transaction

Body = Mapping[str, Any]
Teller = Callable[["Transaction", Body], str | None]

_LETTERS_OF_A_HASH = 64
_TROUBLE = {
    "refuse": "the provider refused it: {reason}",
    "lose": "the answer was lost; looking for the render before anything is bought again",
    "find": "found at the provider; nothing is bought again",
    "absent": "the provider surely does not have it; asking again",
    "busy": "the provider is busy; asking again",
    "fail": "it failed: {reason}",
    "cancel": "cancelled: {reason}",
    "reject": "paid for, but not usable: {reason}",
}


def tell(tx: "Transaction", entry: "Entry") -> str | None:
    """What an entry of the ledger means, or nothing when it is not worth a line."""
    from callsheet.domain.ledger import current_body

    teller = _TELLERS.get(entry.kind)
    return teller(tx, current_body(entry)) if teller else None


def in_words(tx: "Transaction", entry: "Entry") -> str:
    """Every entry in words: its sentence where it has one, else what it holds; people by name where that is kept."""
    from callsheet.domain.error import NotFound
    from callsheet.domain.ledger import current_body
    from callsheet.storage.ledger import name_of

    try:
        sentence = tell(tx, entry)
    except NotFound:  # it speaks of a document that was erased since
        sentence = None
    if sentence:
        return sentence
    body = current_body(entry)
    told = {**body, "by": name_of(tx, str(body["by"])) or body["by"]} if body.get("by") else body
    runs = _market(tx, body["cut"]) if entry.kind == "CutAssembled" else ""
    said = ", ".join(
        f"{key.replace('_', ' ')} {_plain(value)}" for key, value in told.items() if value not in ("", None, [])
    )
    return f"{runs}: {said}" if runs else said


def _market(tx: "Transaction", cut: str) -> str:
    """Where a cut runs, when that is not everywhere: a base cut and its alternates are otherwise told alike."""
    from callsheet.domain.cut import Cut
    from callsheet.domain.error import NotFound
    from callsheet.domain.identity import Digest
    from callsheet.domain.showing import market_words
    from callsheet.storage import document

    try:
        found = document.fetch(tx, Cut, Digest(cut))
    except NotFound:
        return ""
    return market_words(found.markets, found.alternate)


def _plain(value: Any) -> str:
    match value:
        case {"amount": amount, "currency": currency}:
            return f"{amount} {currency}"
        case str() if len(value) == _LETTERS_OF_A_HASH:
            return value[:12]
        case list():
            return "; ".join(map(_plain, value))
        case _:
            return str(value)


def film_seconds(frames: int, rate: int) -> str:
    """The length of a film, from its frames."""
    from fractions import Fraction

    return seconds_text(Fraction(frames, rate))


def _started(_tx: "Transaction", body: Body) -> str:
    answered = "a written policy" if body["policy"] == "approve-all" else "people"
    return f"{body['campaign']} began: {body['provider']} {body['model']}; gates are answered by {answered}"


def _forked(_tx: "Transaction", body: Body) -> str:
    return f"it shares the way of {body['parent']} up to {body['gate']}, which is asked again"


def _drafted(tx: "Transaction", body: Body) -> str:
    from callsheet.domain.storyboard import Storyboard
    from callsheet.storage import document

    board = document.fetch(tx, Storyboard, body["storyboard"])
    length = seconds_text(sum(shot.seconds for shot in board.shots))
    by = "" if body["by"] in ("house", "rule") else f" by {body['by']}"
    what = f"storyboard{by} with {counted(len(board.shots), 'shot')}, {length}"
    return f"director: {what}" if body["round"] == 0 else f"director: storyboard of round {body['round']}{by}"


def _cast(_tx: "Transaction", body: Body) -> str | None:
    if not body["roles"]:
        return None
    people: dict[str, list[str]] = {}
    for shot, cameo, release in body["roles"]:
        people.setdefault(f"{cameo} (release {release})", []).append(shot)
    return "casting: " + "; ".join(f"{who} in {', '.join(shots)}" for who, shots in people.items())


def _plan_cleared(_tx: "Transaction", _body: Body) -> str:
    return "clearance: the plan is clear"


def _returned(what: str) -> Teller:
    return lambda _tx, body: f"clearance: {what} goes back: {'; '.join(body['findings'])}"


def _gate_opened(_tx: "Transaction", body: Body) -> str:
    from callsheet.domain.money import Money

    asks = ""
    if body["seconds"]:
        money = f" and {Money.model_validate(body['money'])}" if body["money"] else ""
        asks = f": at most {body['seconds']} s{money}"
    return f"gate: {body['kind_of_gate']} is open{asks}"


def _gate_decided(tx: "Transaction", body: Body) -> str:
    from callsheet.storage.ledger import name_of

    kind = str(body["gate"]).partition("-")[0]
    past = {"approve": "approved", "edit": "changed", "reject": "rejected"}.get(body["answer"], body["answer"])
    who = name_of(tx, body["by"]) or "a person whose name was erased"
    says = "on the word of" if body["authenticated"] == "asserted" else "by"
    edits = f" ({', '.join(body['edits'])})" if body["edits"] else ""
    return f"gate: {kind} {past} {says} {who}{edits}"


def _gate_withdrawn(_tx: "Transaction", body: Body) -> str:
    kind = str(body["gate"]).partition("-")[0]
    return f"gate: {kind} was taken back before it was answered: somebody in it may not be shown any more"


def _stored(tx: "Transaction", body: Body) -> str:
    from callsheet.storage import take as takes

    take = takes.find(tx, body["purchase"])
    number = f" take {take.number}" if take else ""
    return f"{body['shot']}{number}: bought {body['seconds']} s, verified"


def _moved(tx: "Transaction", body: Body) -> str | None:
    from callsheet.storage import purchase

    if body["step"] not in _TROUBLE:
        return None
    found = purchase.find(tx, body["purchase"])
    name = f"{found.order.shot} take {found.order.take}" if found else "a take"
    return f"{name}: {_TROUBLE[body['step']].format(reason=body['reason'] or 'no reason was given')}"


def _adopted(_tx: "Transaction", body: Body) -> str:
    return f"{body['shot']}: a take that exists is used; nothing was bought"


def _circled(_tx: "Transaction", body: Body) -> str:
    return f"editor: circled {counted(len(body['takes']), 'take')}"


def _cuts_cleared(_tx: "Transaction", body: Body) -> str:
    return f"editor: {counted(len(body['cuts']), 'cut')} laid out; clearance: clear"


def _finished(tx: "Transaction", body: Body) -> str:
    from callsheet.domain.cut import Deliverable
    from callsheet.storage import document

    one = document.fetch(tx, Deliverable, body["deliverable"])
    length = film_seconds(one.frames, one.rate)
    return f"finished {one.name}: {length}, {one.width}x{one.height}, {one.loudness} LUFS"


def _published(_tx: "Transaction", body: Body) -> str:
    return f"published {body['name']} as {body['publication']} ({body['adapter']})"


def _taken_down(_tx: "Transaction", body: Body) -> str:
    return f"taken down {body['publication']}: {body['reason']}"


def _telemetry(_tx: "Transaction", body: Body) -> str:
    label = " from the SIMULATION: no evidence about people" if body["simulated"] else ""
    return f"telemetry: readings of round {body['round']}{label}"


def _analysed(tx: "Transaction", body: Body) -> str:
    from callsheet.domain.telemetry import AnalystDecision
    from callsheet.storage import document

    decision = document.fetch(tx, AnalystDecision, body["decision"])
    return f"analyst: {decision.kind}: {decision.reason}"


def _written(_tx: "Transaction", body: Body) -> str:
    from callsheet.domain.money import Money

    cost = Money.model_validate(body["money"]) if body["money"] else "no price known"
    if not body["attempts"]:
        return f"words: a stop cut {body['by']} off, and nobody can say what it wrote: counted as paid, {cost}"
    prompt = body["prompt"].partition("#")[0]
    if not body["input_tokens"] and not body["output_tokens"]:
        return f"words: {body['by']} gave no answer for {prompt}: {cost}"
    use = "" if body["is_usable"] else ", nothing of use"
    tokens = f"{body['input_tokens']} tokens read, {body['output_tokens']} written"
    return f"words: {body['by']} wrote {prompt}{use}: {tokens}, {cost}"


_TELLERS: dict[str, Teller] = {
    "RunStarted": _started,
    "RunForked": _forked,
    "StoryboardDrafted": _drafted,
    "CallSheetDrawn": _cast,
    "WordsWritten": _written,
    "PlanCleared": _plan_cleared,
    "PlanReturned": _returned("the plan"),
    "GateOpened": _gate_opened,
    "GateDecided": _gate_decided,
    "GateWithdrawn": _gate_withdrawn,
    "TakeStored": _stored,
    "PurchaseMoved": _moved,
    "TakeAdopted": _adopted,
    "TakesCircled": _circled,
    "CutCleared": _cuts_cleared,
    "CutReturned": _returned("the cut"),
    "DeliverableFinished": _finished,
    "Published": _published,
    "TakenDown": _taken_down,
    "BuyingPaused": lambda _tx, body: f"paused: {body['tag'].replace(':', ' ')}; nothing new is bought",
    "PauseLifted": lambda _tx, body: f"the pause is over: {body['tag'].replace(':', ' ')}",
    "ShootCancelled": lambda _tx, body: f"called off: {body['tag'].replace(':', ' ')}; nothing more is bought",
    "TelemetryRead": _telemetry,
    "AnalystDecided": _analysed,
}
