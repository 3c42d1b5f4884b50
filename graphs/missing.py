"""Takes that did not come, sorted by who can help: another try, people, or the Director."""

from collections.abc import Sequence
from dataclasses import dataclass

from callsheet.agents.planning.reword import RULE
from callsheet.domain.cameo import Uncovered
from callsheet.domain.casting import refusal_finding
from callsheet.domain.finding import Finding
from callsheet.domain.identity import PurchaseKey, ShotId
from callsheet.domain.purchase import PurchaseState
from callsheet.domain.storyboard import Refusal
from callsheet.domain.trouble import Trouble
from callsheet.jobs.order import TakeOrder
from callsheet.jobs.permit import permission
from callsheet.jobs.shoot import ShootItem
from callsheet.storage import purchase as journal
from callsheet.storage.database import Transaction

_CUT_OFF = (PurchaseState.RESERVED, PurchaseState.INTENDED, PurchaseState.RENDERED)


@dataclass(frozen=True)
class Missing:
    """What is missing, and why. `may_succeed`: asking again may bring some of it without anybody's help."""

    count: int = 0
    reasons: tuple[str, ...] = ()
    may_succeed: bool = False
    lost: tuple[PurchaseKey, ...] = ()
    refused: tuple[Finding, ...] = ()
    uncovered: tuple[Finding, ...] = ()


def missing(tx: Transaction, items: Sequence[ShootItem]) -> Missing:
    """Look at every order without a take: what the journal says of its purchase decides what can be done."""
    without = [item for item in items if item.state != "done"]
    bought = [(item, journal.find(tx, item.order.order.key)) for item in without]
    return Missing(
        count=len(without),
        reasons=tuple(sorted({item.why for item in without})),
        may_succeed=any(_may_succeed(purchase) for _, purchase in bought),
        lost=tuple(one.key for _, one in bought if one and one.state is PurchaseState.AMBIGUOUS),
        refused=tuple(
            _refusal(item.order.order.shot, one.reason)
            for item, one in bought
            if one and one.trouble is Trouble.CONTENT_POLICY
        ),
        uncovered=_uncovered(tx, [item.order for item in without]),
    )


def worth_asking(tx: Transaction, orders: Sequence[TakeOrder]) -> tuple[TakeOrder, ...]:
    """The orders without those that would only be refused once more: somebody has to change something first."""
    known = [(order, journal.find(tx, order.order.key)) for order in orders]
    return tuple(order for order, one in known if one is None or one.trouble is None or one.trouble.retries_itself)


def _may_succeed(purchase: journal.Purchase | None) -> bool:
    """Whether it was cut off, arrived unusable (one more take is wanted then), or failed for a passing reason."""
    if purchase is None:
        return False
    if purchase.trouble is not None:
        return purchase.trouble.retries_itself
    return purchase.state in _CUT_OFF or purchase.state is PurchaseState.REJECTED


def _uncovered(tx: Transaction, orders: Sequence[TakeOrder]) -> tuple[Finding, ...]:
    """The roles that no release covers at this moment: no take of them will ever come."""
    found: dict[str, Finding] = {}
    for one in orders:
        shot, verdict = ShotId(one.order.shot), permission(tx, one)
        if one.cameo is not None and isinstance(verdict, Uncovered):
            without = (f"plan {shot} without {one.cameo}",)
            refusal = Refusal(shot=shot, cameo=one.cameo, reasons=verdict.reasons, alternatives=without)
            found.setdefault(shot, refusal_finding(refusal))
    return tuple(found.values())


def _refusal(shot: str, reason: str) -> Finding:
    return Finding(rule=RULE, place=shot, evidence=reason[:300], fix="show another picture that tells it")
