"""Time travel: a decided gate is asked again in a run of its own, and the run it was decided in stays as it is."""

from collections.abc import Sequence
from pathlib import Path

from callsheet.domain.campaign import GateKind
from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.gate import Answer, Gate
from callsheet.domain.identity import RunId
from callsheet.domain.principal import Principal
from callsheet.domain.run import ApprovalPolicy, Run
from callsheet.domain.showing import Showing
from callsheet.graphs.campaign import build_campaign_graph
from callsheet.graphs.fork import BEFORE, checkpoint_before, stands_on
from callsheet.standing import OpenGate
from callsheet.storage import document
from callsheet.storage import fork as forks
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.wiring import Studio

_ANSWERED = ("approve", "edit", "reject")
_BY_ITSELF = ("greenlight", "release")
SETTLED: dict[GateKind, str] = {
    "purchase": "what came of a purchase is settled in the journal, once for every run",
    "writer": "a model was asked there for words, and the gate that showed them asks about them",
}
"""Why a kind of gate is not asked again."""


def gate_to_fork(tx: Transaction, run: RunId, at: str = "") -> OpenGate:
    """The decided gate that `at` names: a kind, such as greenlight, an id, or the beginning of one.

    Of a kind, the one decided last; without `at`, the last greenlight or release. Raises NotFound for a gate that the
    run does not have, and WrongUse for one that was not answered or cannot be asked again.
    """
    known = gates.gates_of(tx, runs.find(tx, run).id)
    decided = [one for one in known if gates.verdict_at(tx, one.id).answer in _ANSWERED]
    chosen = _named(known, decided, at) if at else _last([one for one in decided if one.kind in _BY_ITSELF])
    if chosen is None:
        kept = f"{run} has no gate {at}" if at else f"{run} has no decided greenlight or release to fork at"
        raise NotFound(f"{kept}; there are: {', '.join(one.id for one in decided) or 'none that was answered yet'}")
    if chosen.kind not in BEFORE:
        raise WrongUse(
            f"{chosen.id} cannot be asked again: {SETTLED[chosen.kind]}; "
            f"fork at {', '.join(one.id for one in decided if one.kind in BEFORE) or 'another gate'}"
        )
    if chosen not in decided:
        raise WrongUse(_unanswered(tx, chosen))
    return OpenGate(gate=chosen, showing=document.fetch(tx, Showing, chosen.shown))


async def begin_fork(
    studio: Studio, asked: OpenGate, by: Principal, out: Path | None = None, approve_rest: bool = False
) -> Run:
    """Begin a run that stands just before the gate; driving it asks the gate again. Nothing is bought by it.

    Finished files go to `out`, a whole path; if not said, beside the folder of the other run's. Raises WrongUse for a
    folder that holds those of a run: they would be written over.
    """
    gate = asked.gate
    if out is not None:
        await studio.database.read(lambda tx: _check_free(tx, out))
    async with studio.checkpoints() as saver:
        graph = build_campaign_graph(studio.crew).compile(checkpointer=saver)
        checkpoint, state = await checkpoint_before(graph, gate)
    parent = await studio.database.read(lambda tx: runs.find(tx, gate.run))
    target = str(out) if out is not None else str(Path(parent.out).parent / "out-{run}")
    policy: ApprovalPolicy = "approve-all" if approve_rest else "people"
    takes = await studio.database.read(lambda tx: stands_on(tx, gate, state))
    wanted = forks.Forking(gate=gate, checkpoint=checkpoint, out=target, policy=policy, by=by, takes=takes)
    return await studio.database.write(lambda tx: forks.begin(tx, wanted))


def _check_free(tx: Transaction, out: Path) -> None:
    held = next((one for one in runs.every(tx) if Path(one.out).resolve() == out.resolve()), None)
    if held is not None:
        raise WrongUse(
            f"{out} is where the finished files of {held.id} go, and they stay as they are: choose another --out"
        )


def is_meant_for(answer: Answer, then: OpenGate, now: OpenGate) -> bool:
    """Whether an answer that was given to what the gate showed then may be given to what it shows now.

    A no always may. An edit of a plan leads to a gate that shows the edited plan. A yes is for the same plan, takes and
    files, for no more seconds and money, and only when nothing has come up that was not said then.
    """
    if now.gate.kind != then.gate.kind:
        return False
    if answer == "reject" or (answer == "edit" and now.gate.kind in ("greenlight", "topup")):
        return True
    return _same(then.showing, now.showing) and not _news(then, now) and not _costs_more(then.showing, now.showing)


def _same(then: Showing, now: Showing) -> bool:
    before = (then.storyboard, then.call_sheet, then.takes, then.files)
    return before == (now.storyboard, now.call_sheet, now.takes, now.files)


def _news(then: OpenGate, now: OpenGate) -> set[str]:
    """What is worth knowing now and was not then. A notice that names the run names the other one."""
    return {one.replace(now.gate.run, then.gate.run) for one in now.showing.notices} - set(then.showing.notices)


def _costs_more(then: Showing, now: Showing) -> bool:
    if now.seconds > then.seconds or (now.most is None) != (then.most is None):
        return True
    return now.most is not None and then.most is not None and then.most < now.most


def _named(known: Sequence[Gate], decided: Sequence[Gate], at: str) -> Gate | None:
    """By id, by kind, or by the only beginning that fits. Raises WrongUse when several begin so."""
    exact = [one for one in known if at == one.id]
    kind = [one for one in decided if at == one.kind] or [one for one in known if at == one.kind]
    begins = [one for one in known if one.id.startswith(at)]
    if not exact and not kind and len(begins) > 1:
        raise WrongUse(f"{at} could be {', '.join(one.id for one in begins)}; type more of it")
    return _last(exact or kind or begins)


def _last(of: Sequence[Gate]) -> Gate | None:
    return of[-1] if of else None


def _unanswered(tx: Transaction, gate: Gate) -> str:
    word = gates.verdict_at(tx, gate.id).answer
    if word == "open":
        return f"{gate.id} is not decided yet: answer it with `callsheet decide {gate.run} {gate.kind} ...`"
    return f"{gate.id} was never answered: it is {word}; `callsheet resume {gate.run}` asks it anew"
