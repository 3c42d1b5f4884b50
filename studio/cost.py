"""What was paid, and where it went: per shot, per finished file, per finished second, all from the books."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from callsheet.domain.identity import ShotId, TakeId
from callsheet.domain.purchase import PAID
from callsheet.studio.board import changed
from callsheet.studio.story import Story


@dataclass(frozen=True)
class ShotCost:
    """One shot: seconds paid for over all its takes, the longest use in a finished cut, what it cost."""

    shot: ShotId
    takes: int
    bought: int
    used: Fraction
    cost: Fraction
    is_final: bool


@dataclass(frozen=True)
class FileCost:
    """One finished file and its even share of every take it uses. `bought` are purchased seconds, shared likewise."""

    name: str
    variant: str
    placement: str
    seconds: Fraction
    bought: Fraction
    cost: Fraction

    @property
    def per_second(self) -> Fraction:
        """What a second of this file cost."""
        return self.cost / self.seconds if self.seconds else Fraction(0)


@dataclass(frozen=True)
class Costs:
    """The books of a run, divided. The files' shares and what is in no finished file add up to what was spent."""

    shots: tuple[ShotCost, ...]
    files: tuple[FileCost, ...]
    bought: int
    used: Fraction
    spent: Fraction
    finished: Fraction
    unused_bought: Fraction
    unused_cost: Fraction
    currency: str

    @property
    def per_finished_second(self) -> Fraction:
        """What one second of all finished variants cost."""
        return self.spent / self.finished if self.finished else Fraction(0)

    @property
    def variants(self) -> tuple[FileCost, ...]:
        """The shares of a variant's files added up; its length counts once."""
        found: dict[str, FileCost] = {}
        for file in self.files:
            before = found.get(file.variant)
            found[file.variant] = FileCost(
                name=file.variant,
                variant=file.variant,
                placement="",
                seconds=max(file.seconds, before.seconds if before else Fraction(0)),
                bought=file.bought + (before.bought if before else 0),
                cost=file.cost + (before.cost if before else 0),
            )
        return tuple(found.values())


def costs(story: Story) -> Costs:
    """Divide what was bought over shots and finished files."""
    shots = _shots(story)
    files = _files(story)
    spent = Fraction(story.book.spent.amount)
    return Costs(
        shots=shots,
        files=files,
        bought=story.book.spent_seconds,
        used=sum((one.used for one in shots if one.is_final), Fraction(0)),
        spent=spent,
        finished=story.finished_seconds,
        unused_bought=story.book.spent_seconds - sum((one.bought for one in files), Fraction(0)),
        unused_cost=spent - sum((one.cost for one in files), Fraction(0)),
        currency=story.book.spent.currency,
    )


def _shots(story: Story) -> tuple[ShotCost, ...]:
    paid = [one for one in story.purchases if one.state in PAID]
    ids = dict.fromkeys([*_order(story), *(ShotId(one.order.shot) for one in paid)])
    final = {clip.shot for cut in (story.last.cuts.values() if story.last else ()) for clip in cut.clips}
    found = []
    for shot in ids:
        mine = [one for one in paid if one.order.shot == shot]
        if mine:
            cost = sum((Fraction(one.money.amount) for one in mine), Fraction(0))
            bought = sum(one.seconds for one in mine)
            found.append(ShotCost(shot, len(mine), bought, _used(story, shot), cost, shot in final))
    return tuple(found)


def _order(story: Story) -> list[ShotId]:
    """The shots in storyboard order; one that replaced another stands right after it."""
    order = [shot.id for shot in story.storyboard.shots] if story.storyboard else []
    for _, old, new in changed(story):
        order = [one for one in order if one != old]
        order.insert(order.index(new) if new in order else len(order), old)
    return order


def _used(story: Story, shot: ShotId) -> Fraction:
    """The longest use in the latest round that uses the shot."""
    for one in reversed(story.rounds):
        uses = [Fraction(clip.frames, cut.rate) for cut in one.cuts.values() for clip in cut.clips if clip.shot == shot]
        if uses:
            return max(uses)
    return Fraction(0)


def _files(story: Story) -> tuple[FileCost, ...]:
    latest = story.last
    if latest is None:
        return ()
    uses = {file.name: _takes_of(story, file.cut) for file in latest.files.values()}
    paid = {one.key: one for one in story.purchases if one.state in PAID}
    bought: dict[TakeId, tuple[Fraction, Fraction]] = {}
    for take in story.takes.values():
        sharing = sum(1 for used in uses.values() if take.id in used)
        if sharing and take.purchase in paid:
            purchase = paid[take.purchase]
            bought[take.id] = Fraction(purchase.seconds, sharing), Fraction(purchase.money.amount) / sharing
    return tuple(
        FileCost(
            name=file.name,
            variant=file.variant,
            placement=file.placement,
            seconds=Fraction(file.frames, file.rate),
            bought=_sum(bought, uses[file.name], 0),
            cost=_sum(bought, uses[file.name], 1),
        )
        for file in sorted(latest.files.values(), key=lambda one: one.name)
    )


def _takes_of(story: Story, cut_digest: str) -> frozenset[TakeId]:
    found = [one.cuts[digest] for one in story.rounds for digest in one.cuts if digest == cut_digest]
    return frozenset(clip.take for cut in found[-1:] for clip in cut.clips)


def _sum(bought: Mapping[TakeId, tuple[Fraction, Fraction]], takes: frozenset[TakeId], place: int) -> Fraction:
    return sum((bought[take][place] for take in takes if take in bought), Fraction(0))
