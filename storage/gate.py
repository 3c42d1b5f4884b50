"""Gates and what was answered. Opening one is idempotent, because graph nodes run again."""

from sqlalchemy import func, select, update

from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.event import GateDecided, GateOpened, GateWithdrawn
from callsheet.domain.gate import ANSWERS, Decision, Gate, Verdict, verdict
from callsheet.domain.identity import GateId, RunId
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import pseudonym, record
from callsheet.storage.table import DECISIONS, GATES
from callsheet.storage.upsert import insert_once


def open_gate(tx: Transaction, gate: Gate) -> Gate:
    """Ask people. A gate of that id that is open already stays as it is."""
    row = {"workspace": tx.workspace, "id": gate.id, "run": gate.run, "body": gate.model_dump_json()}
    if not insert_once(tx, GATES, row):
        return find(tx, gate.id)
    asked = gate.allowance
    record(
        tx,
        gate.run,
        GateOpened(
            gate=gate.id,
            kind_of_gate=gate.kind,
            round=gate.round,
            shown=gate.shown,
            seconds=asked.seconds if asked else 0,
            money=asked.money if asked else None,
        ),
    )
    return gate


def find(tx: Transaction, gate_id: GateId) -> Gate:
    """The gate of that id. Raises NotFound."""
    row = tx.execute(select(GATES.c.body).where(GATES.c.workspace == tx.workspace, GATES.c.id == gate_id)).first()
    if row is None:
        raise NotFound(f"no gate {gate_id} in this workspace; `callsheet pending` lists the open ones")
    return Gate.model_validate_json(row.body)


def gates_of(tx: Transaction, run: RunId) -> tuple[Gate, ...]:
    """Every gate of a run, oldest first."""
    rows = tx.execute(select(GATES.c.body).where(GATES.c.workspace == tx.workspace, GATES.c.run == run))
    return tuple(
        sorted((Gate.model_validate_json(row.body) for row in rows), key=lambda gate: (gate.opened_at, gate.id))
    )


def decisions(tx: Transaction, gate_id: GateId, standing: str = "decision") -> tuple[Decision, ...]:
    """What was answered at a gate, in order; or what was only proposed."""
    rows = tx.execute(
        select(DECISIONS.c.body)
        .where(DECISIONS.c.workspace == tx.workspace, DECISIONS.c.gate == gate_id, DECISIONS.c.standing == standing)
        .order_by(DECISIONS.c.position)
    )
    return tuple(Decision.model_validate_json(row.body) for row in rows)


def verdict_at(tx: Transaction, gate_id: GateId) -> Verdict:
    """What the answers add up to now."""
    return verdict(find(tx, gate_id), decisions(tx, gate_id), tx.now)


def decide(tx: Transaction, decision: Decision) -> Verdict:
    """Record an answer, and say what the answers add up to now.

    Refused when the gate is decided already, takes no such answer, or shows something else. An asserted name at a gate
    that asks for roles is recorded like any answer; it leaves the gate open.
    """
    gate = find(tx, decision.gate)
    before = verdict_at(tx, gate.id)
    if before.is_final:
        raise WrongUse(f"gate {gate.id} is decided already ({before.answer}); nothing was changed")
    if decision.answer not in ANSWERS[gate.kind]:
        raise WrongUse(
            f"gate {gate.id} takes {' or '.join(ANSWERS[gate.kind])}, not {decision.answer}; nothing was changed"
        )
    if decision.shown != gate.shown:
        raise WrongUse(
            f"gate {gate.id} shows {gate.shown[:12]}, and this answer is about {decision.shown[:12]}: "
            f"look again with `callsheet show {gate.run}` and answer what it shows now"
        )
    _append(tx, decision, "decision")
    record(
        tx,
        gate.run,
        GateDecided(
            gate=gate.id,
            answer=decision.answer,
            by=pseudonym(tx, decision.by.name),
            authenticated=decision.by.authenticated,
            shown=decision.shown,
            edits=tuple(f"{key}={value}" for key, value in sorted(decision.edits.items())),
        ),
    )
    return verdict_at(tx, gate.id)


def withdraw(tx: Transaction, gate_id: GateId, reason: str) -> bool:
    """Take an open question back: what it shows may not be done any more. False when it was answered before."""
    gate = find(tx, gate_id)
    if verdict_at(tx, gate_id).is_final:
        return False
    withdrawn = gate.model_copy(update={"withdrawn_at": tx.now, "withdrawn_because": reason})
    where = (GATES.c.workspace == tx.workspace, GATES.c.id == gate_id)
    tx.execute(update(GATES).where(*where).values(body=withdrawn.model_dump_json()))
    record(tx, gate.run, GateWithdrawn(gate=gate.id, shown=gate.shown))
    return True


def propose(tx: Transaction, decision: Decision) -> None:
    """Keep an answer nobody authenticated. It leaves the gate open."""
    _append(tx, decision, "proposal")


def _append(tx: Transaction, decision: Decision, standing: str) -> None:
    position = tx.execute(
        select(func.count())
        .select_from(DECISIONS)
        .where(DECISIONS.c.workspace == tx.workspace, DECISIONS.c.gate == decision.gate)
    ).scalar_one()
    tx.execute(
        DECISIONS.insert(),
        {
            "workspace": tx.workspace,
            "gate": decision.gate,
            "position": position,
            "standing": standing,
            "body": decision.model_dump_json(),
        },
    )
