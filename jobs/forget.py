"""Has providers delete what they hold of a person, and names what they do not delete."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from callsheet.domain.cameo import Cameo, Character
from callsheet.domain.error import CallsheetError
from callsheet.domain.purchase import PurchaseState
from callsheet.domain.revocation import Deletion
from callsheet.jobs.buying import ApiFor
from callsheet.storage.purchase import Purchase

_FETCHED = (PurchaseState.SETTLED, PurchaseState.REJECTED)
"""A render that is not fetched yet stays at the provider until it is: it was paid for, and is evidence."""
_AT_ONCE = 16
_NO_CALL = "the provider did not delete it, or has no call for that; ask it to, or wait for its own retention to end"


async def forget_person(
    api_for: ApiFor, person: Cameo, purchases: Sequence[Purchase], moment: datetime
) -> tuple[Deletion, ...]:
    """Delete the person's character ids, once no release is in force, and the renders with them that were fetched."""
    slots = asyncio.Semaphore(_AT_ONCE)
    standing = next((one.id for one in person.releases if one.is_in_force(moment)), None)
    characters = [_character(api_for, one, standing) for one in person.characters]
    renders = [_render(api_for, one, slots) for one in purchases if one.job]
    done = await asyncio.gather(*characters, *renders)
    asked = sorted({one.order.provider for one in purchases if one.job})
    return (*done, *map(_reference, asked))


async def _character(api_for: ApiFor, character: Character, standing: str | None) -> Deletion:
    said = Deletion(provider=character.provider, what="character", id=character.id, state="kept")
    if standing is not None:
        return said.model_copy(update={"why": f"release {standing} is still in force"})
    try:
        is_gone = await api_for(character.provider).forget_character(character.id)
    except CallsheetError as error:
        return said.model_copy(update={"state": "not_deletable", "why": str(error)})
    return said.model_copy(update={"state": "deleted"} if is_gone else {"state": "not_deletable", "why": _NO_CALL})


async def _render(api_for: ApiFor, purchase: Purchase, slots: asyncio.Semaphore) -> Deletion:
    said = Deletion(provider=purchase.order.provider, what="render", id=purchase.job, state="kept")
    if purchase.state is PurchaseState.CANCELLED:
        return said.model_copy(update={"state": "deleted", "why": "stopped before it was made"})
    if purchase.state not in _FETCHED:
        return said.model_copy(
            update={"why": "it is locked away when it arrives; revoke again then to delete it there"}
        )
    try:
        async with slots:
            is_gone = await api_for(purchase.order.provider).forget_render(purchase.job)
    except CallsheetError as error:
        return said.model_copy(update={"state": "not_deletable", "why": str(error)})
    return said.model_copy(update={"state": "deleted"} if is_gone else {"state": "not_deletable", "why": _NO_CALL})


def _reference(provider: str) -> Deletion:
    """Pictures go inside each request. No dialect we speak stores them under a name that could be deleted."""
    why = "pictures and words went inside each request; how long they are kept is the provider's own rule"
    return Deletion(provider=provider, what="reference", state="not_deletable", why=why)
