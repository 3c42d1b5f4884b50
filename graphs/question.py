"""How a gate is put to people: LangChain's human-in-the-loop request, and every shape of reply that hosts send back.

The only reply that moves a run is a reference to a gate that is decided in the workspace's own table. Anything else
is kept as a proposal by nobody in particular, and the gate stays open.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from callsheet.domain.gate import ANSWERS, Gate
from callsheet.domain.showing import Showing

ALLOWED: dict[str, list[str]] = {kind: list(answers) for kind, answers in ANSWERS.items()}
"""The answers a host may offer at each gate, as JSON writes them: the domain's rule and nothing beside it."""


class Said(BaseModel):
    """One answer in a reply, in whatever shape it came."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["approve", "edit", "reject"]
    message: str = ""
    edits: dict[str, str] = {}


class Reply(BaseModel):
    """A reply to the interrupt: a reference to a decided gate, or words from a host that we cannot authenticate."""

    model_config = ConfigDict(extra="ignore")

    gate: str | None = None
    said: Said | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_any_shape(cls, reply: Any) -> Any:
        return _normalise(reply)


_WORDS = {"accept": "approve", "ignore": "reject", "respond": "reject", "response": "reject"}


def _normalise(reply: Any) -> dict[str, Any]:
    """Bring the shapes of LangChain, Agent Inbox, chat front ends and plain clients to one."""
    if isinstance(reply, list) and len(reply) == 1:
        reply = reply[0]
    if isinstance(reply, dict) and isinstance(reply.get("decisions"), list) and len(reply["decisions"]) == 1:
        reply = reply["decisions"][0]
    if isinstance(reply, str):
        reply = {"type": reply}
    if not isinstance(reply, dict):
        raise ValueError("a reply is a decision such as {'type': 'approve'}")
    if isinstance(reply.get("gate"), str):
        return {"gate": reply["gate"]}
    if "said" in reply:
        return {"said": reply["said"]}
    word, args = str(reply.get("type", "")), reply.get("args")
    action = reply.get("edited_action") or args
    edits = action.get("args", action) if isinstance(action, dict) else {}
    message = reply.get("message") or (args if isinstance(args, str) else "")
    return {
        "said": {
            "type": _WORDS.get(word, word),
            "message": str(message),
            "edits": {str(key): str(value) for key, value in edits.items()} if word == "edit" else {},
        }
    }


def question(gate: Gate, showing: Showing) -> dict[str, Any]:
    """The interrupt's value: one action, what it shows, and which answers are allowed."""
    args = {
        "gate": gate.id,
        "run": gate.run,
        "shown": gate.shown,
        "seconds": gate.allowance.seconds if gate.allowance else 0,
        "money": str(gate.allowance.money) if gate.allowance else "",
        "notices": list(showing.notices),
    }
    return {
        "action_requests": [{"name": gate.kind, "args": args, "description": showing.question}],
        "review_configs": [{"action_name": gate.kind, "allowed_decisions": ALLOWED[gate.kind]}],
        "gate": gate.id,
    }
