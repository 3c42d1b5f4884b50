"""Uses that wait for an owner's yes, and that yes."""

from dataclasses import dataclass

from callsheet.domain.cameo import Cameo, Release, Use, check_release
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import use_of
from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.identity import ReleaseId, RunId
from callsheet.storage import cameo as people
from callsheet.storage import document
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import pseudonym

SHORTEST = 8


@dataclass(frozen=True)
class Waiting:
    """A use that a release would cover if the owner said yes, and who asks for it."""

    run: RunId
    release: ReleaseId
    use: Use
    parts: tuple[Use, ...]

    @property
    def what(self) -> str:
        """The use in words."""
        where = f"{', '.join(self.use.media)} in {', '.join(self.use.territories)}"
        return f"{self.use.grantee or 'an advertiser nobody named'}, run {self.run}: {where}"


def waiting(tx: Transaction, cameo: Cameo) -> tuple[Waiting, ...]:
    """Every use of unfinished runs that lacks nothing but the owner's yes."""
    found: list[Waiting] = []
    for run in runs.unfinished(tx):
        campaign = document.fetch(tx, Campaign, run.bundle)
        if cameo.id not in {one.id for one in campaign.cameos}:
            continue
        use = use_of(campaign)
        parts = tuple(use_of(campaign, (placement.id,)) for placement in campaign.placements)
        found += [
            Waiting(run=run.id, release=release.id, use=use, parts=parts)
            for release in cameo.releases
            if _lacks_only_the_yes(tx, cameo, release, use)
        ]
    return tuple(found)


def approve(tx: Transaction, cameo: Cameo, beginning: str, by: str) -> tuple[Waiting, ...]:
    """Record the owner's yes to a use, named by the beginning of its hash or that of a part of it.

    Raises NotFound when no such use waits, and WrongUse when the name is too short or could be several.
    """
    if len(beginning) < SHORTEST:
        raise WrongUse(
            f"{beginning} is too short: type {SHORTEST} or more letters of the hash that `cameo show` prints"
        )
    meant = [
        one for one in waiting(tx, cameo) if any(use.digest.startswith(beginning) for use in (one.use, *one.parts))
    ]
    if not meant:
        raise NotFound(
            f"no use {beginning} waits for the owner of {cameo.id}; `callsheet cameo show {cameo.id}` lists what does"
        )
    if len({one.use.digest for one in meant}) > 1:
        raise WrongUse(f"{beginning} could be several uses; type more of it")
    mark = pseudonym(tx, by)
    for one in meant:
        people.approve(tx, cameo.id, one.release, one.use, mark)
    return tuple(meant)


def _lacks_only_the_yes(tx: Transaction, cameo: Cameo, release: Release, use: Use) -> bool:
    if release.approval != "each_use" or any(use.is_within(one) for one in release.approved_uses):
        return False
    said = release.model_copy(update={"approved_uses": (use,)})
    others = tuple(said if one.id == release.id else one for one in cameo.releases)
    verdict = check_release(cameo.model_copy(update={"releases": others}), use, tx.now)
    return verdict.kind == "covered" and verdict.release == release.id
