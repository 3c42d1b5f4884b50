"""A gate is where a person decides. It is a record of ours: what was shown, what it may cost, who said what, when.

A LangGraph interrupt only announces a gate. `verdict` is the one rule that says whether a gate is decided.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from callsheet.domain.budget import Allowance
from callsheet.domain.campaign import GateKind
from callsheet.domain.identity import Digest, GateId, RunId
from callsheet.domain.principal import Principal
from callsheet.domain.record import Record

Answer = Literal["approve", "edit", "reject"]

ANSWERS: dict[GateKind, tuple[Answer, ...]] = {
    "greenlight": ("approve", "edit", "reject"),
    "purchase": ("approve", "edit", "reject"),
    "dailies": ("approve", "edit", "reject"),
    "release": ("approve", "reject"),
    "topup": ("approve", "edit", "reject"),
    "writer": ("approve", "edit", "reject"),
}
"""Which answers each kind of gate takes. Finished files cannot be edited by words, so release takes none."""


class Gate(Record):
    """One question to people. `shown` is the hash of exactly what they are asked to approve."""

    id: GateId
    run: RunId
    kind: GateKind
    round: int
    shown: Digest
    allowance: Allowance | None = Field(default=None, description="What approval permits to be spent.")
    roles: tuple[str, ...] = Field(default=(), description="Roles that must each approve; none: anybody may decide.")
    opened_at: AwareDatetime
    deadline: AwareDatetime | None = None
    withdrawn_at: AwareDatetime | None = Field(default=None, description="From here on no answer counts.")
    withdrawn_because: str = ""


class Decision(Record):
    """One person's answer at one gate, bound to what was shown."""

    gate: GateId
    answer: Answer
    by: Principal
    shown: Digest
    note: str = Field(default="", max_length=2000)
    edits: dict[str, str] = Field(default_factory=dict)
    at: AwareDatetime


class Verdict(Record):
    """What the decisions at a gate add up to."""

    answer: Literal["open", "approve", "edit", "reject", "expired", "withdrawn"]
    decisions: tuple[Decision, ...] = ()

    @property
    def is_final(self) -> bool:
        """Whether the run can go on from here."""
        return self.answer != "open"


def verdict(gate: Gate, decisions: Sequence[Decision], now: datetime) -> Verdict:
    """Add up the decisions. Any edit or reject ends the question; approval needs every required role.

    A decision about another gate, or bound to something else than what this one shows, does not count; an asserted
    name has no roles; one that came after the deadline does not count, and an unanswered gate is expired. The same
    holds for a gate that was withdrawn because what it shows may not be done any more.
    """
    valid = [d for d in decisions if d.gate == gate.id and d.shown == gate.shown]
    if gate.kind == "purchase":  # only somebody who looked at the provider's own page can know
        valid = [d for d in valid if d.by.authenticated != "policy"]
    valid = [d for d in valid if not (gate.deadline and d.at >= gate.deadline)]
    valid = [d for d in valid if not (gate.withdrawn_at and d.at >= gate.withdrawn_at)]
    valid = [d for d in valid if not gate.roles or _speaks_for(d.by) & set(gate.roles)]
    for decision in valid:
        if decision.answer in ("edit", "reject"):
            return Verdict(answer=decision.answer, decisions=tuple(valid))
    if valid and set(gate.roles) <= set().union(*(_speaks_for(d.by) for d in valid)):
        return Verdict(answer="approve", decisions=tuple(valid))
    if gate.withdrawn_at:
        return Verdict(answer="withdrawn", decisions=tuple(valid))
    if gate.deadline and now >= gate.deadline:
        return Verdict(answer="expired", decisions=tuple(valid))
    return Verdict(answer="open", decisions=tuple(valid))


def _speaks_for(principal: Principal) -> set[str]:
    return set() if principal.authenticated == "asserted" else set(principal.roles)
