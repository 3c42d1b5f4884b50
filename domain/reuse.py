"""May a take that exists be used again, and if there is none, what is the nearest thing that was ever asked for?"""

from collections.abc import Sequence
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

from pydantic import Field

from callsheet.domain.cameo import Cameo, Uncovered, Use, check_release
from callsheet.domain.identity import CameoId, PurchaseKey, ReleaseId, RunId
from callsheet.domain.provider import Provider
from callsheet.domain.purchase import Order, PurchaseState
from callsheet.domain.record import Record
from callsheet.domain.stop import Stop
from callsheet.domain.take import Take

Cause = Literal["called_off", "cast", "release", "licence", "no_take", "changed", "never"]
"""Why a take cannot be used: a word to stop, another person, no release, its licence, no such take, another order."""

_ALIKE = 0.8
"""Share of words that two orders have in common when one is a rewording of the other: measured on house prompts, where
shots of one film share up to three quarters.
"""
_ALIKE_IN_ONE_SHOT = 0.6
_SHOWN_OF_A_HASH = 12
_SHOWN_CHANGES = 3

_STANDS: dict[PurchaseState, str] = {
    PurchaseState.RESERVED: "its seconds are held, and it was not asked for yet",
    PurchaseState.INTENDED: "it is being asked for now, or the work was cut off before the answer",
    PurchaseState.AMBIGUOUS: "nobody can say whether it was bought: it waits at a gate",
    PurchaseState.SUBMITTED: "it is still rendering at the provider",
    PurchaseState.RENDERED: "the provider has made it, and it is not downloaded yet",
    PurchaseState.SETTLED: "it is paid for, and its file is missing from the store",
    PurchaseState.REJECTED: "it was paid for and cannot be used",
    PurchaseState.FAILED: "it failed and was not paid for",
    PurchaseState.CANCELLED: "it was cancelled and not paid for",
}


class Asked(Record):
    """An order of this workspace, and where its purchase stands."""

    order: Order
    run: RunId
    state: PurchaseState
    reason: str = ""

    @property
    def name(self) -> str:
        """The take as people call it, with the run that asked for it."""
        return f"{self.order.shot} take {self.order.take} of {self.run}"

    def __str__(self) -> str:
        return _STANDS[self.state] + (f": {self.reason}" if self.reason else "")


class Difference(Record):
    """One thing in which an order differs from the nearest one before it; an empty side has nothing there."""

    field: str
    was: str
    now: str

    def __str__(self) -> str:
        if not self.was:
            return f'{self.field}: "{self.now}" is new'
        if not self.now:
            return f'{self.field}: "{self.was}" is gone'
        if self.field == "prompt":
            return f'{self.field}: "{self.was}" is now "{self.now}"'
        return f"{self.field}: {self.was} is now {self.now}"


class Hit(Record):
    """The take may be used again; `release` is the one that covers whoever is in it."""

    kind: Literal["hit"] = "hit"
    release: ReleaseId | None = None
    notices: tuple[str, ...] = ()


class Miss(Record):
    """The take cannot be used, and why. `nearest` is the order that comes nearest, when one comes near."""

    kind: Literal["miss"] = "miss"
    cause: Cause
    reasons: tuple[str, ...]
    nearest: PurchaseKey | None = None
    unlike: str = Field(default="", description="The take of the nearest order, as people call it.")
    differences: tuple[Difference, ...] = ()

    def __str__(self) -> str:
        return (f"unlike {self.unlike}: " if self.unlike else "") + "; ".join(self.reasons)


class Standing(Record):
    """What a workspace says at one moment about a take and about who is cast where it would be used."""

    asked: Asked
    person: Cameo | None = None
    terms: Provider | None = Field(default=None, description="The provider as it sold when the take was bought.")
    stop: Stop | None = None


def judge(take: Take, cameo: CameoId | None, use: Use | None, standing: Standing, moment: datetime) -> Hit | Miss:
    """Say whether a take may be used for a shot that casts `cameo` (or nobody), at this moment, and if not, why."""
    if standing.asked.state is not PurchaseState.SETTLED:
        return Miss(cause="no_take", reasons=(str(standing.asked),))
    if standing.stop is not None and standing.stop.kind == "cancel":
        why = f": {standing.stop.reason}" if standing.stop.reason else ""
        return Miss(cause="called_off", reasons=(f"{standing.stop.tag} was called off{why}",))
    if take.cameo != cameo:
        return Miss(cause="cast", reasons=(f"it shows {take.cameo or 'nobody cast'}; now {cameo or 'nobody'} is cast",))
    terms = standing.terms
    if terms is not None and terms.commercial_use is False:
        licence = f" ({terms.licence})" if terms.licence else ""
        return Miss(cause="licence", reasons=(f"adverts may not use what {take.provider} {take.model} made{licence}",))
    unknown = terms is not None and terms.commercial_use is None and not take.previz
    notices = (f"nobody has said whether adverts may use what {take.provider} {take.model} makes",) if unknown else ()
    if cameo is None:
        return Hit(notices=notices)
    if standing.person is None or use is None:
        return Miss(cause="release", reasons=(f"no cameo {cameo} in this workspace",))
    verdict = check_release(standing.person, use, moment)
    if isinstance(verdict, Uncovered):
        return Miss(cause="release", reasons=verdict.reasons)
    return Hit(release=verdict.release, notices=notices)


def nearest(order: Order, known: Sequence[Asked]) -> Miss:
    """Say why no take answers an order: where its own purchase stands, or in what the nearest one before differs."""
    words = _words(order)
    found: list[tuple[float, str, Asked]] = []
    for one in known:
        if one.order == order:
            return Miss(cause="no_take", reasons=(str(one),), nearest=order.key)
        shared = _shared(words, _words(one.order))
        if shared >= (_ALIKE_IN_ONE_SHOT if one.order.shot == order.shot else _ALIKE):
            distance = 10 * (1 - shared) + len(_figures(one.order, order))
            found.append((distance, one.order.key, one))
    if not found:
        return Miss(cause="never", reasons=("never asked for",))
    return _differing(order, min(found, key=lambda one: one[:2])[2])


def _differing(order: Order, near: Asked) -> Miss:
    differences = (*_reworded(_words(near.order), _words(order)), *_figures(near.order, order))
    if {one.field for one in differences} == {"take"} and near.state is not PurchaseState.SETTLED:
        return Miss(cause="no_take", reasons=(f"{near.name}: {near}",), nearest=near.order.key, differences=differences)
    prompt = [str(one) for one in differences if one.field == "prompt"]
    more = len(prompt) - _SHOWN_CHANGES
    said = [*prompt[:_SHOWN_CHANGES], *([f"prompt: {more} more changes"] if more > 0 else [])]
    said += [str(one) for one in differences if one.field != "prompt"]
    if not said:
        said = ["prompt: only its white space differs"]
    if near.state is not PurchaseState.SETTLED:
        said.append(f"and {near}")
    key = near.order.key
    return Miss(cause="changed", reasons=tuple(said), nearest=key, unlike=near.name, differences=differences)


def _words(order: Order) -> list[str]:
    """The prompt's words, without the shot's name that a slate is sent ahead of them."""
    return order.prompt.removeprefix(f"[{order.shot}] ").split()


def _shared(one: Sequence[str], other: Sequence[str]) -> float:
    if one == other:
        return 1.0
    these, those = set(one), set(other)
    return 2 * len(these & those) / (len(these) + len(those) or 1)


def _figures(before: Order, now: Order) -> tuple[Difference, ...]:
    """In what two orders differ besides their words."""
    pairs = (
        ("seconds", f"{before.seconds} s", f"{now.seconds} s"),
        ("size", before.size, now.size),
        ("reference picture", *_pictures(before, now)),
        ("model", before.model, now.model),
        ("provider", before.provider, now.provider),
        ("account", before.account, now.account),
        ("negative prompt", before.negative_prompt, now.negative_prompt),
        ("shot", before.shot, now.shot),
        ("take", str(before.take), str(now.take)),
    )
    return tuple(Difference(field=field, was=was, now=new) for field, was, new in pairs if was != new)


def _pictures(before: Order, now: Order) -> tuple[str, str]:
    """The pictures of both. Laid out for another size they are other bytes, which says nothing about the picture."""
    if before.size != now.size and len(before.references) == len(now.references):
        return "", ""
    was, new = (", ".join(one[:_SHOWN_OF_A_HASH] for one in order.references) for order in (before, now))
    return was, new


def _reworded(before: Sequence[str], now: Sequence[str]) -> tuple[Difference, ...]:
    """The phrases that changed. Two changes with one word between them are one change."""
    changes: list[list[int]] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if changes and i - changes[-1][1] <= 1:
            changes[-1][1], changes[-1][3] = j, m
        else:
            changes.append([i, j, k, m])
    return tuple(
        Difference(field="prompt", was=" ".join(before[i:j]), now=" ".join(now[k:m])) for i, j, k, m in changes
    )
