"""Purchases of which nobody can say whether they were made: what people are shown, and what their answer does.

approve                       it is not there: it may be bought again
edit   shot.2.1.job=<id>      take 1 of shot.2 was made, as that render: it is adopted
edit   shot.2.1.job=paid      it was billed and is nowhere to be found: counted as paid, and shot once more
reject                        all of them are counted as paid, and the run ends
"""

from collections.abc import Mapping

from callsheet.domain.error import WrongUse
from callsheet.domain.identity import Digest, PurchaseKey
from callsheet.domain.purchase import PurchaseState
from callsheet.domain.showing import Showing, ShownPurchase
from callsheet.graphs.crew import Crew
from callsheet.graphs.state import CampaignState
from callsheet.storage import purchase as journal
from callsheet.storage.database import Transaction
from callsheet.storage.purchase import Purchase

PAID = "paid"
"""What stands for a render that was billed and cannot be found."""
_LONGEST_ID = 500


async def show_lost(crew: Crew, state: CampaignState) -> Showing:
    """Every purchase in doubt, with all that is known of it."""
    keys = [PurchaseKey(key) for key in state["lost"]]
    found = await crew.database.read(lambda tx: [journal.current(tx, key) for key in keys])
    return Showing(
        kind="purchase",
        round=state["round"],
        question=_question(found),
        storyboard=Digest(state["storyboard"]),
        purchases=tuple(_shown(one) for one in found),
        notices=(
            "approve: the provider's own page shows none of them, so they are bought again within what was approved",
            "edit: name the render the provider made, or `paid` for one that was billed and is nowhere to be found",
            "reject: all of them are counted as paid, and the run ends",
        ),
    )


def key_of(one: ShownPurchase) -> str:
    """How an answer names a purchase: `shot.2.1.job` for take 1 of shot.2."""
    return f"{one.shot}.{one.take}.job"


def check_found(showing: Showing, edits: Mapping[str, str]) -> None:
    """Hold what was found, such as `{"shot.2.1.job": "video_123"}`, against what is shown. Raises WrongUse."""
    offered = {key_of(one) for one in showing.purchases}
    for key, value in edits.items():
        if key not in offered:
            raise WrongUse(f"{key} names no purchase in doubt; there are: {', '.join(sorted(offered))}")
        if not value.strip() or len(value) > _LONGEST_ID or not value.isprintable():
            raise WrongUse(f"{key} takes the provider's own name of the render, or `{PAID}`")
    named = [value.strip() for value in edits.values() if value.strip() != PAID]
    if len(set(named)) < len(named):
        raise WrongUse("one render cannot be two takes: name each render once")
    if unsaid := sorted(offered - set(edits)):
        raise WrongUse(f"say of every one what became of it; {', '.join(unsaid)} is not named")


def settle_lost(tx: Transaction, showing: Showing, answer: str, edits: Mapping[str, str]) -> None:
    """Write the answer into the journal. Doing so again changes nothing."""
    for one in showing.purchases:
        purchase = journal.current(tx, one.purchase)
        is_the_same_doubt = purchase.state is PurchaseState.AMBIGUOUS and purchase.attempt == one.attempt
        if not is_the_same_doubt:
            continue  # answered before, found at the provider meanwhile, or asked for once more since
        found = edits.get(key_of(one), "").strip() if answer == "edit" else ""
        if answer == "approve":
            journal.move(tx, purchase.key, "absent", reason="a person looked: the provider did not make it")
        elif found and found != PAID:
            journal.adopt_job(tx, purchase.key, [found])  # another take's render changes nothing: it is asked again
        else:
            journal.move(tx, purchase.key, "write_off", reason="a person looked: it counts as paid and is not here")


def _shown(purchase: Purchase) -> ShownPurchase:
    order = purchase.order
    return ShownPurchase.model_validate(
        {
            "purchase": purchase.key,
            "shot": order.shot,
            "take": order.take,
            "seconds": purchase.seconds,
            "money": purchase.money,
            "provider": order.provider,
            "attempt": purchase.attempt,
            "intended_at": purchase.intended_at,
            "reason": purchase.reason,
        }
    )


def _question(found: list[Purchase]) -> str:
    takes = ", ".join(f"{one.order.shot} take {one.order.take}" for one in found)
    return f"Did {found[0].order.provider} make {takes}? Its answer was lost, and it cannot be asked."
