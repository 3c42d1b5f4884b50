"""Holds a replay against its recording and says where it departs first, field by field."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from callsheet.domain.ledger import Entry
from callsheet.domain.record import canonical_json
from callsheet.replay.exchange import Exchange
from callsheet.replay.recording import RunOutcome

_LONGEST = 160
_FETCHED = frozenset({"store", "reject"})
_FOUND = frozenset({"find", "absent"})
_ASKED = frozenset({"intend", "accept", "refuse", "busy", "lose"})
_CHATS = ("/chat/completions", "/responses")
_ANSWERED = 200
_ABSENT = "nothing"


@dataclass(frozen=True)
class Departure:
    """The first event that is not as it was recorded: which one, and each field that differs.

    `index` is its place in its chain, from 0; `exchange` the number of the exchange that it came from, from 1, as far
    as that is known.
    """

    run: str
    chain: str
    index: int
    kind: str
    fields: tuple[tuple[str, str, str], ...]
    exchange: int | None = None
    heard: str = ""

    def __str__(self) -> str:
        chain = self.chain if len(self.chain) < 40 else f"{self.chain[:17]}…"
        lines = [f"{self.run}, chain {chain}, event {self.index} ({self.kind}) departs from the recording:"]
        lines += [f"  {name}\n    expected {then}\n    now      {now}" for name, then, now in self.fields]
        if self.exchange is not None:
            lines.append(f"  it came from exchange {self.exchange}: {self.heard}")
        return "\n".join(lines)


def first_departure(then: Sequence[Entry], now: Sequence[Entry], exchanges: Sequence[Exchange]) -> Departure | None:
    """The first entry, in the order in which it was recorded, that is missing, other or too many now.

    Chains are compared each for itself: takes that finish in another order are the same run.
    """
    places = {_place(one): one for one in now}
    for entry in then:
        fields = tuple(_differences(entry, places.pop(_place(entry), None)))
        if fields:
            return _departure(entry, fields, then, exchanges)
    for entry in now:
        if _place(entry) in places:
            fields = (("the event", _ABSENT, _event(entry)),)
            return _departure(entry, fields, now, exchanges)
    return None


def outcome_differences(then: Sequence[RunOutcome], now: Sequence[RunOutcome]) -> Iterator[str]:
    """What is not as it was in how the runs ended: status, head, and files by hash, a sentence each."""
    after = {one.run: one for one in now}
    for before in then:
        found = after.get(before.run)
        if found is None:
            yield f"{before.run} was recorded and is not there now"
            continue
        for name in ("status", "reason", "head"):
            if (said := getattr(before, name)) != (says := getattr(found, name)):
                yield f"{before.run}: its {name} was {said or _ABSENT} and is {says or _ABSENT}"
        yield from _file_differences(before, found)


def _file_differences(before: RunOutcome, found: RunOutcome) -> Iterator[str]:
    files = {one.name: one for one in found.files}
    for one in before.files:
        if (other := files.pop(one.name, None)) is None:
            yield f"{before.run}: {one.name} was finished and is not there now"
            continue
        for name in ("essence", "timeline", "captions", "file", "frames"):
            if (said := getattr(one, name)) != (says := getattr(other, name)):
                yield f"{before.run}: the {name} of {one.name} was {str(said)[:16]} and is {str(says)[:16]}"
    yield from (f"{before.run}: {name} is finished now and was not then" for name in files)


def _place(entry: Entry) -> tuple[str, str, int]:
    return entry.run, entry.chain, entry.index


def _differences(then: Entry, now: Entry | None) -> Iterator[tuple[str, str, str]]:
    if now is None or now.kind != then.kind:
        yield "the event", _event(then), _event(now) if now else _ABSENT
        return
    for name in ("version", "at"):
        if (said := getattr(then, name)) != (says := getattr(now, name)):
            yield name, _short(said), _short(says)
    for name in sorted({*then.body, *now.body}):
        if (said := then.body.get(name)) != (says := now.body.get(name)):
            yield from _inside(name, said, says)


def _event(entry: Entry) -> str:
    """An event in a line: its kind, and why where it says why."""
    said = {name: value for name, value in entry.body.items() if value not in (None, "", [], {})}
    return f"{entry.kind}: {said.get('reason') or ''} {_short(said)}".replace(":  ", ": ")


def _inside(name: str, then: Any, now: Any) -> Iterator[tuple[str, str, str]]:
    """Down to the parts of a field that differ, where both are made of named parts."""
    if isinstance(then, dict) and isinstance(now, dict):
        for part in sorted({*then, *now}):
            if then.get(part) != now.get(part):
                yield from _inside(f"{name}.{part}", then.get(part), now.get(part))
    else:
        yield name, _short(then), _short(now)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else canonical_json(value) if _is_plain(value) else str(value)
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text or _ABSENT


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, dict | list | tuple | int)


def _departure(
    entry: Entry, fields: tuple[tuple[str, str, str], ...], among: Sequence[Entry], exchanges: Sequence[Exchange]
) -> Departure:
    found = exchange_of(entry, among, exchanges)
    return Departure(
        run=entry.run,
        chain=entry.chain,
        index=entry.index,
        kind=entry.kind,
        fields=fields,
        exchange=found,
        heard=str(exchanges[found - 1]) if found else "",
    )


def exchange_of(entry: Entry, among: Sequence[Entry], exchanges: Sequence[Exchange]) -> int | None:
    """The number of the exchange that an event of a take, or a model's answer, came from; None where unknown."""
    if entry.chain.startswith("take:"):
        return _last(exchanges, _of_take(entry))
    if entry.kind != "WordsWritten":
        return None
    heard = [n for n, one in enumerate(exchanges, 1) if one.path.endswith(_CHATS) and one.status == _ANSWERED]
    tries = [(one, int(one.body.get("attempts", 0))) for one in among if one.kind == "WordsWritten"]
    if sum(count for _, count in tries) != len(heard):  # some exchanges were no attempt, and nobody knows which
        return None
    so_far = sum(count for one, count in tries[: [one for one, _ in tries].index(entry) + 1])
    return heard[so_far - 1] if so_far else None


def _of_take(entry: Entry) -> Callable[[Exchange], bool]:
    """Which exchanges an event of a take may have come from: its create, a look through the list, or its download."""
    step = str(entry.body.get("step", ""))
    if entry.kind in ("TakeStored", "TakeScanned") or step in _FETCHED:
        return lambda one: one.take == entry.chain and one.path.endswith("/content")
    if step in _ASKED or entry.kind == "PurchaseIntended":
        return lambda one: one.take == entry.chain and one.method == "POST"
    if step in _FOUND:
        return lambda one: one.take == entry.chain and one.path.endswith("/videos") and one.method == "GET"
    return lambda one: one.take == entry.chain and one.method == "GET" and not one.path.endswith("/content")


def _last(exchanges: Sequence[Exchange], wanted: Callable[[Exchange], bool]) -> int | None:
    return next((number for number in range(len(exchanges), 0, -1) if wanted(exchanges[number - 1])), None)
