"""Traces a thing through a production: what it came from, and what was made of it.

`trace_in(database, "shot.3")` looks through the runs of a workspace, newest first; `trace` looks in one graph.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import groupby
from typing import Any

import networkx as nx

from callsheet.domain.cameo import Release
from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.identity import PurchaseKey, RunId
from callsheet.domain.ledger import Entry
from callsheet.storage import cameo as people
from callsheet.storage import ledger, publication, purchase
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction
from callsheet.studio.lineage import production_graph

__all__ = ["Step", "Trace", "production_graph", "trace", "trace_in"]

_SHORTEST_HASH = 8
_SHORTEST_NAME = 3
_SHOWN_OF_A_HASH = 12
_LETTERS_OF_A_MOMENT = len("2026-11-22T09:30")
_ANSWERS = {"gate", "decision"}
_CROSSINGS = _ANSWERS | {"readings", "conclusion", "campaign"}
_BORDERS = {("readings", "publication"), ("conclusion", "storyboard")}


@dataclass(frozen=True)
class Step:
    """A thing on the way, `depth` steps off by way of the step above it. A repeat is not unfolded a second time."""

    depth: int
    kind: str
    name: str
    details: tuple[str, ...]
    at: str
    is_repeat: bool = False

    def __str__(self) -> str:
        name = self.name[:_SHOWN_OF_A_HASH] if _is_hash(self.name) else self.name
        if self.is_repeat:
            return f"{self.kind} {name}  (see above)"
        parts = (f"{self.kind} {name}", ", ".join(self.details), self.at[:_LETTERS_OF_A_MOMENT].replace("T", " "))
        return "  ".join(part for part in parts if part)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        plain = {
            "depth": self.depth,
            "kind": self.kind,
            "name": self.name,
            "details": list(self.details),
            "at": self.at,
        }
        return {**plain, "is_repeat": self.is_repeat}


@dataclass(frozen=True)
class Trace:
    """What a thing came from and what was made of it, each nearest first and branch by branch."""

    thing: Step
    upstream: tuple[Step, ...]
    downstream: tuple[Step, ...]
    run: str = ""

    def lines(self) -> list[str]:
        """The trace as an indented tree, one line a step."""
        head = [f"{self.thing}" + (f"  [run {self.run}]" if self.run else "")]
        return [*head, "came from", *_branch(self.upstream), "led to", *_branch(self.downstream)]

    def as_json(self) -> dict[str, Any]:
        """The trace as one JSON document."""
        return {
            "run": self.run,
            "thing": self.thing.as_json(),
            "upstream": [step.as_json() for step in self.upstream],
            "downstream": [step.as_json() for step in self.downstream],
        }


def trace(graph: "nx.DiGraph[str]", wanted: str, run: str = "") -> Trace:
    """Trace a shot, take, file name, publication, gate, release, claim ... or at least 8 characters of any hash.

    Raises NotFound naming the nearest names, WrongUse when a beginning fits several things.
    """
    key = _find(graph, wanted.strip())
    return Trace(
        thing=_step(graph, key, 0),
        upstream=tuple(_walk(graph.reverse(copy=False), key)),
        downstream=tuple(_walk(graph, key)),
        run=run,
    )


async def trace_in(database: Database, wanted: str, run_id: RunId | None = None) -> Trace:
    """Trace in one run, or in the newest run of the workspace that knows the thing. Raises NotFound, WrongUse."""

    def look(tx: Transaction) -> Trace:
        chosen = (runs.find(tx, run_id),) if run_id else tuple(reversed(runs.every(tx)))
        missing: NotFound | None = None
        for run in chosen:
            try:
                return trace(_production(tx, run.id), wanted, run.id)
            except NotFound as error:
                missing = missing or error
        raise missing or NotFound(f"nothing is called {wanted}: this workspace has no run yet")

    return await database.read(look)


def _production(tx: Transaction, run: RunId) -> "nx.DiGraph[str]":
    entries = tuple(_with_bought_elsewhere(tx, run))
    marks = {str(one.body["by"]) for one in entries if one.kind == "GateDecided"}
    graph = production_graph(entries, {mark: name for mark in marks if (name := ledger.name_of(tx, mark))})
    _say_standing(tx, graph)
    _say_perhaps_out(tx, run, graph)
    return graph


def _with_bought_elsewhere(tx: Transaction, run: RunId) -> Iterator[Entry]:
    """The entries of a run; before a take is adopted that another run bought, how that run came by it."""
    bought: set[str] = set()
    for entry in ledger.entries(tx, run):
        if entry.kind == "SecondsReserved":
            bought.add(str(entry.body["purchase"]))
        if entry.kind == "TakeAdopted" and (key := str(entry.body["purchase"])) not in bought:
            bought.add(key)
            found = purchase.find(tx, PurchaseKey(key))
            if found is not None and found.run != run:
                yield from ledger.of_chain(tx, found.run, purchase.chain_of(found.key))
        yield entry


def _say_standing(tx: Transaction, graph: "nx.DiGraph[str]") -> None:
    """Whether each release holds now: the ledger of a run tells how it was then."""
    for key, data in graph.nodes(data=True):
        if data["kind"] == "release":
            cameos = tuple(graph.nodes[one]["name"] for one in graph.predecessors(key))
            known = [one for person in people.cameos(tx, cameos) for one in person.releases if one.id == data["name"]]
            standing = _standing(known[0], tx.now) if known else "its record was erased"
            data["details"] += [standing] if standing not in data["details"] else []


def _say_perhaps_out(tx: Transaction, run: RunId, graph: "nx.DiGraph[str]") -> None:
    """Which file was about to leave when nobody wrote down whether it did: the ledger tells only what is known."""
    for one in publication.of_run(tx, run):
        key = f"deliverable:{one.file[:12]}"
        if one.state == "sending" and key in graph:
            graph.nodes[key]["details"].append(f"perhaps out in {one.placement} by {one.adapter}")


def _standing(release: Release, now: datetime) -> str:
    if release.revoked_at is not None:
        return f"revoked on {release.revoked_at:%Y-%m-%d %H:%M}"
    if release.ends <= now:
        return f"ended on {release.ends:%Y-%m-%d}"
    return f"in force, until {release.ends:%Y-%m-%d}"


def _find(graph: "nx.DiGraph[str]", wanted: str) -> str:
    """The thing of that name; of several of exactly the same name, such as a file of two rounds, the newest."""
    exact = [key for key, data in graph.nodes(data=True) if wanted == key or wanted in data["aliases"]]
    if exact:
        return exact[-1]
    begins = [key for key, data in graph.nodes(data=True) if any(_begins(one, wanted) for one in data["aliases"])]
    if len(begins) == 1:
        return begins[0]
    if begins:
        raise WrongUse(f"{wanted} could be {', '.join(begins[:6])}: write more of it")
    names = {alias: key for key, data in graph.nodes(data=True) for alias in data["aliases"] if not _is_hash(alias)}
    near = get_close_matches(wanted, names, n=3, cutoff=0.4)
    kinds = ", ".join(sorted({str(data["kind"]) for _, data in graph.nodes(data=True)}))
    hint = f"nearest: {', '.join(near)}" if near else f"it knows each {kinds}" if kinds else "the ledger is empty"
    raise NotFound(f"nothing in this production is called {wanted[:80]}; {hint}")


def _begins(alias: str, wanted: str) -> bool:
    return len(wanted) >= (_SHORTEST_HASH if _is_hash(alias) else _SHORTEST_NAME) and alias.startswith(wanted)


def _is_hash(alias: str) -> bool:
    return len(alias) >= 12 and all(letter in "0123456789abcdef" for letter in alias)


def _walk(graph: "nx.DiGraph[str]", start: str) -> list[Step]:
    """Every step away from the start, depth first, in the order in which things came about."""
    order = {key: place for place, key in enumerate(graph)}
    seen: set[str] = {start}
    steps: list[Step] = []
    waiting = [(start, 0)]
    while waiting:
        key, depth = waiting.pop()
        is_repeat = bool(depth) and key in seen
        if depth:
            steps.append(_step(graph, key, depth, is_repeat))
        if not is_repeat:
            seen.add(key)
            ways = [one for one in graph.successors(key) if _goes_on(graph, start, key, one)]
            waiting += [(one, depth + 1) for one in sorted(ways, key=order.__getitem__, reverse=True)]
    return steps


def _goes_on(graph: "nx.DiGraph[str]", start: str, key: str, following: str) -> bool:
    """Whether a trace that did not begin here unfolds further.

    An approval covers many things at once, readings are of many files, and a conclusion begins a new round: behind
    each stands a whole production, which is traced from there and does not belong to the one thing asked about.
    """
    kinds = graph.nodes[key]["kind"], graph.nodes[following]["kind"]
    if graph.nodes[start]["kind"] in _CROSSINGS:
        return True
    if kinds[0] in _ANSWERS:
        return kinds[1] in _ANSWERS
    return kinds not in _BORDERS


def _step(graph: "nx.DiGraph[str]", key: str, depth: int, is_repeat: bool = False) -> Step:
    data = graph.nodes[key]
    return Step(depth, data["kind"], data["name"], tuple(data["details"]), data["at"], is_repeat)


def _branch(steps: tuple[Step, ...]) -> list[str]:
    """Draw the steps as a tree. A branch goes on past a step when a later one is as deep and none between is nearer."""
    lines = _folded(steps)
    drawn: list[str] = []
    open_below: set[int] = set()
    for depth, text in reversed(lines or [(1, "nothing")]):
        open_below = {one for one in open_below if one <= depth}
        bars = "".join("│  " if one in open_below else "   " for one in range(1, depth))
        drawn.append(f"{bars}{'├─' if depth in open_below else '└─'} {text}")
        open_below.add(depth)
    return drawn[::-1]


def _folded(steps: Sequence[Step]) -> list[tuple[int, str]]:
    """One line a step; several repeats of a kind in a row are one line."""
    lines: list[tuple[int, str]] = []
    for (depth, kind, is_repeat), group in groupby(steps, key=lambda one: (one.depth, one.kind, one.is_repeat)):
        same = list(group)
        if is_repeat and len(same) > 1:
            lines.append((depth, f"{kind} {same[0].name[:_SHOWN_OF_A_HASH]} and {len(same) - 1} more  (see above)"))
        else:
            lines += [(depth, str(one)) for one in same]
    return lines
