"""The production graph: what came from what in one run, rebuilt from ledger entries and from nothing else.

Nodes are named `kind:name` and carry `kind`, `name`, `at`, `details` (short facts in words) and `aliases` (every id,
hash and file name they can be asked for by). An edge runs from what was there to what was made of it. A thing that is
met again, in a later round, keeps the origin it had first, so the graph has no cycle.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import networkx as nx

from callsheet.domain.ledger import Entry, current_body
from callsheet.domain.money import Money

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def production_graph(entries: Sequence[Entry], people: Mapping[str, str] | None = None) -> "nx.DiGraph[str]":
    """What came from what, from a run's entries in the order of writing. Unknown kinds of entries add nothing.

    Entries of a take that another run bought may stand before the entry that adopts it. `people` are the names behind
    pseudonyms, as far as they are still known; without them pseudonyms are shown.
    """
    builder = _Builder(people or {})
    for entry in entries:
        reader = getattr(builder, f"on_{_CAPITAL.sub('_', entry.kind).lower()}", None)
        if reader is not None:
            reader(entry, current_body(entry))
    return builder.graph


class _Builder:
    """Reads a run's entries one after the other. Each method is named after the event it reads."""

    def __init__(self, people: Mapping[str, str]) -> None:
        self._people = people
        self.graph: nx.DiGraph[str] = nx.DiGraph()
        self._run = ""
        self._campaign = ""
        self._storyboard = ""
        self._sheet = ""
        self._approval = ""
        self._edit = ""
        self._returned = ""
        self._analyst = ""
        self._readings = ""
        self._roles: dict[str, tuple[str, str]] = {}
        self._gates: dict[str, str] = {}
        self._takes: list[str] = []
        self._files: list[str] = []
        self._up: list[str] = []

    def on_run_started(self, entry: Entry, body: dict[str, Any]) -> None:
        self._run = entry.run
        self._campaign = self._node(entry, "campaign", body["campaign"], (), body["bundle"], entry.run)
        self._say(
            self._campaign, f"run {entry.run}", f"{body['provider']} {body['model']}", f"decided by {body['policy']}"
        )

    def on_run_forked(self, _entry: Entry, body: dict[str, Any]) -> None:
        self._say(self._campaign, f"forked from {body['parent']} at {body['gate']}")
        self._alias(self._campaign, body["parent_head"])

    def on_storyboard_drafted(self, entry: Entry, body: dict[str, Any]) -> None:
        told = [one for one in (self._edit, self._returned, self._analyst) if one]
        key = self._board(entry, body["storyboard"], told)
        prompt = f"prompt {body['prompt']}" if body["prompt"] else ""
        self._say(key, f"round {body['round']}", f"written by {body['by']}", prompt)
        self._edit = self._returned = self._analyst = ""

    def on_call_sheet_drawn(self, entry: Entry, body: dict[str, Any]) -> None:
        board = self._board(entry, body["storyboard"], ())
        self._sheet = self._node(entry, "call sheet", body["call_sheet"][:12], [board], body["call_sheet"])
        self._roles = {shot: (cameo, release) for shot, cameo, release in body["roles"]}
        for shot, (cameo, release) in self._roles.items():
            self._say(self._release(entry, cameo, release), f"cast in {shot}")

    def on_plan_cleared(self, _entry: Entry, body: dict[str, Any]) -> None:
        self._say(f"call sheet:{body['call_sheet'][:12]}", "cleared")

    def on_plan_returned(self, _entry: Entry, body: dict[str, Any]) -> None:
        self._returned = f"call sheet:{body['call_sheet'][:12]}"
        self._say(self._returned, f"returned: {'; '.join(body['findings'])}")

    def on_gate_opened(self, entry: Entry, body: dict[str, Any]) -> None:
        kind = body["kind_of_gate"]
        shown = {"dailies": self._takes, "release": self._files}.get(kind, [self._sheet])
        key = self._node(entry, "gate", body["gate"], shown, body["shown"])
        self._gates[body["gate"]] = kind
        self._say(key, f"shows {body['shown'][:12]}")
        if body["money"]:
            self._say(key, f"asks for up to {body['seconds']} s and {_money(body['money'])}")

    def on_gate_decided(self, entry: Entry, body: dict[str, Any]) -> None:
        gate = f"gate:{body['gate']}"
        number = 1 + sum(1 for one in self.graph.successors(gate) if self.graph.nodes[one]["kind"] == "decision")
        key = self._node(entry, "decision", f"{number}@{body['gate']}", [gate], entry.hash)
        self._say(
            key,
            body["answer"],
            f"by {self._people.get(body['by'], body['by'])} ({body['authenticated']})",
            *body["edits"],
        )
        if body["answer"] == "edit":
            self._edit = key
        if body["answer"] == "approve" and self._gates.get(body["gate"]) in ("greenlight", "topup"):
            self._approval = key

    def on_gate_withdrawn(self, _entry: Entry, body: dict[str, Any]) -> None:
        self._say(f"gate:{body['gate']}", "withdrawn before it was answered")

    def on_seconds_reserved(self, entry: Entry, body: dict[str, Any]) -> None:
        shot = self._shot(entry, body["shot"])
        elsewhere = self._run not in ("", entry.run)
        key = self._node(entry, "purchase", body["purchase"], [shot] if elsewhere else [shot, self._approval])
        self._say(key, f"bought in the run {entry.run}" if elsewhere else "")
        self._say(key, f"{body['shot']} take {body['take']}", f"{body['seconds']} s at {_money(body['money'])}")

    def on_purchase_intended(self, entry: Entry, body: dict[str, Any]) -> None:
        key = f"purchase:{body['purchase']}"
        self._say(key, f"{body['provider']} {body['model']}", f"{body['size']}", f"prompt {body['prompt'][:12]}")
        self._alias(key, body["prompt"])
        for digest in body["references"]:
            self._link(self._node(entry, "reference", digest[:12], [self._campaign], digest), key)
        if body["release"]:
            self._say(key, f"under release {body['release']}")
            self._under(f"release:{body['release']}", key)

    def on_purchase_moved(self, _entry: Entry, body: dict[str, Any]) -> None:
        key = f"purchase:{body['purchase']}"
        self._alias(key, body["job"])
        said = body["state"] + (f": {body['reason']}" if body["reason"] else "")
        self._say(key, said)

    def on_take_stored(self, entry: Entry, body: dict[str, Any]) -> None:
        key = self._node(entry, "take", body["take"], [f"purchase:{body['purchase']}"], body["media"])
        self._takes.append(key)
        cast = f"shows {body['cameo']} under release {body['release']}" if body["cameo"] else ""
        scanned = f"scanned: {', '.join(body['scanned'])}" if body["scanned"] else ""
        missed = _not_scanned(body["not_scanned"])
        self._say(key, f"{body['seconds']} s", _money(body["money"]), cast, scanned, *missed, body["watermark"])

    def on_take_adopted(self, entry: Entry, body: dict[str, Any]) -> None:
        key = self._node(entry, "take", body["take"], [self._shot(entry, body["shot"])], body["purchase"])
        self._takes.append(key)
        self._say(key, "existed already, nothing was bought")

    def on_takes_circled(self, _entry: Entry, body: dict[str, Any]) -> None:
        self._files = []
        for _, take in body["takes"]:
            self._say(f"take:{take}", "circled")

    def on_cut_assembled(self, entry: Entry, body: dict[str, Any]) -> None:
        board = self._board(entry, body["storyboard"], [self._analyst] if self._analyst else ())
        claims = [self._node(entry, "claim", claim, [self._campaign]) for claim in body.get("claims", ())]
        made_of = [board, *(f"take:{take}" for take in dict.fromkeys(body["takes"])), *claims]
        key = self._node(entry, "cut", body["cut"][:12], made_of, body["cut"])
        self._say(key, f"{body['variant']}, {body['placement']}")
        self._analyst = ""

    def on_cut_cleared(self, _entry: Entry, body: dict[str, Any]) -> None:
        for cut in body["cuts"]:
            self._say(f"cut:{cut[:12]}", "cleared")

    def on_cut_returned(self, _entry: Entry, body: dict[str, Any]) -> None:
        for cut in body["cuts"]:
            self._say(f"cut:{cut[:12]}", f"returned: {'; '.join(body['findings'])}")

    def on_deliverable_finished(self, entry: Entry, body: dict[str, Any]) -> None:
        names = (body["name"], f"{body['name']}.mp4", body["file"], body["essence"], body["deliverable"])
        key = self._node(entry, "deliverable", body["file"][:12], [f"cut:{body['cut'][:12]}"], *names)
        sealed = f"content credentials: {body['credentials']}"
        is_said = any(one.startswith(sealed) for one in body["watermark"])
        self._say(key, f"{body['name']}.mp4", "" if is_said else sealed, *body["watermark"])
        self._files.append(key)

    def on_credentials_verified(self, _entry: Entry, body: dict[str, Any]) -> None:
        objections = "; ".join(body["objections"])
        found = f"objections: {objections}" if objections else "no objection"
        key = f"publication:{body['publication']}" if body["publication"] else f"deliverable:{body['file'][:12]}"
        self._say(key, f"credentials read when {body['moment']} by {', '.join(body['readers'])}: {found}")

    def on_consent_revoked(self, entry: Entry, body: dict[str, Any]) -> None:
        for release in body["releases"]:
            self._say(f"release:{release}", f"revoked on {entry.at:%Y-%m-%d %H:%M}")

    def on_published(self, entry: Entry, body: dict[str, Any]) -> None:
        approved = [one for one in self._decided(body["gate"]) if "approve" in self.graph.nodes[one]["details"]]
        sources = [f"deliverable:{body['file'][:12]}", *approved]
        key = self._node(entry, "publication", body["publication"], sources)
        self._say(key, f"{body['name']}.mp4", f"in {body['placement']} by {body['adapter']}")
        self._up.append(key)

    def on_taken_down(self, _entry: Entry, body: dict[str, Any]) -> None:
        key = f"publication:{body['publication']}"
        self._say(key, f"taken down: {body['reason']}")
        self._up = [one for one in self._up if one != key]

    def on_telemetry_read(self, entry: Entry, body: dict[str, Any]) -> None:
        self._readings = self._node(entry, "readings", body["readings"][:12], self._up, body["readings"])
        self._say(self._readings, f"round {body['round']}", "simulation" if body["simulated"] else "measured")

    def on_analyst_decided(self, entry: Entry, body: dict[str, Any]) -> None:
        made_of = [self._readings]
        self._analyst = self._node(entry, "conclusion", body["decision"][:12], made_of, body["decision"])
        about = " ".join(one for one in (body["variant"], body["shot"]) if one)
        self._say(self._analyst, f"{body['kind_of_decision']} {about}".strip())

    def on_run_wrapped(self, _entry: Entry, body: dict[str, Any]) -> None:
        self._say(self._campaign, f"{body['status']}: {body['seconds_purchased']} s for {_money(body['money'])}")

    def _board(self, entry: Entry, digest: str, told: Iterable[str]) -> str:
        before = self._storyboard or self._campaign
        self._storyboard = self._node(entry, "storyboard", digest[:12], [before, *told], digest)
        return self._storyboard

    def _shot(self, entry: Entry, shot: str) -> str:
        cast = [self._release(entry, *self._roles[shot])] if shot in self._roles else []
        return self._node(entry, "shot", shot, [self._sheet, *cast])

    def _release(self, entry: Entry, cameo: str, release: str) -> str:
        person = self._node(entry, "cameo", cameo, [self._campaign])
        return self._node(entry, "release", release, [person])

    def _under(self, release: str, purchase: str) -> None:
        """A release that covered a purchase and is not the one the shot was cast under."""
        if not any(self.graph.has_edge(release, shot) for shot in self.graph.predecessors(purchase)):
            self._link(release, purchase)

    def _decided(self, gate: str) -> list[str]:
        key = f"gate:{gate}"
        return list(self.graph.successors(key)) if key in self.graph else []

    def _node(self, entry: Entry, kind: str, name: str, came_from: Iterable[str], *aliases: str) -> str:
        key = f"{kind}:{name}"
        if key not in self.graph:
            self.graph.add_node(key, kind=kind, name=name, at=entry.at.isoformat(), details=[], aliases={name})
            for source in came_from:
                self._link(source, key)
        self._alias(key, *aliases)
        return key

    def _link(self, source: str, made: str) -> None:
        if source in self.graph and made in self.graph and source != made:
            self.graph.add_edge(source, made)

    def _alias(self, key: str, *aliases: str) -> None:
        if key in self.graph:
            self.graph.nodes[key]["aliases"] |= {one for one in aliases if one}

    def _say(self, key: str, *facts: str) -> None:
        if key in self.graph:
            details = self.graph.nodes[key]["details"]
            details += [fact for fact in dict.fromkeys(facts) if fact and fact not in details]


def _not_scanned(unmade: Sequence[str]) -> list[str]:
    """The checks that were not made, `check: why` each, with a reason that several share said once."""
    checks: dict[str, list[str]] = {}
    for one in unmade:
        check, _, why = one.partition(": ")
        checks.setdefault(why, []).append(check)
    return [f"not scanned: {', '.join(kinds)}{f' ({why})' if why else ''}" for why, kinds in checks.items()]


def _money(body: dict[str, Any]) -> str:
    return str(Money.model_validate(body))
