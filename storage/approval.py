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
class Given:
    """An owner's yes to exactly one use. `lacks`: the run's whole use, when that needs a yes of its own still."""

    run: RunId
    release: ReleaseId
    use: Use
    lacks: Use | None

    @property
    def what(self) -> str:
        """The use in words."""
        return _in_words(self.run, self.use)


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
        return _in_words(self.run, self.use)

    def named(self, beginning: str) -> tuple[Use, ...]:
        """The whole use, or the parts of it, whose hash begins so."""
        return tuple(dict.fromkeys(one for one in (self.use, *self.parts) if one.digest.startswith(beginning)))


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


def approve(tx: Transaction, cameo: Cameo, beginning: str, by: str) -> tuple[Given, ...]:
    """Record the owner's yes to the use whose hash begins so, a run's whole use or a part of it, and to nothing more.

    Raises NotFound when no such use waits, and WrongUse when the name is too short or could be several.
    """
    if len(beginning) < SHORTEST:
        raise WrongUse(
            f"{beginning} is too short: type {SHORTEST} or more letters of the hash that `cameo show` prints"
        )
    meant = [(one, use) for one in waiting(tx, cameo) for use in one.named(beginning)]
    if not meant:
        raise NotFound(
            f"no use {beginning} waits for the owner of {cameo.id}; `callsheet cameo show {cameo.id}` lists what does"
        )
    if len({use.digest for _, use in meant}) > 1:
        raise WrongUse(f"{beginning} could be several uses; type more of it")
    mark = pseudonym(tx, by)
    for one, use in meant:
        people.approve(tx, cameo.id, one.release, use, mark)
    return tuple(
        Given(run=one.run, release=one.release, use=use, lacks=None if one.use.is_within(use) else one.use)
        for one, use in meant
    )


def _in_words(run: RunId, use: Use) -> str:
    where = f"{', '.join(use.media)} in {', '.join(use.territories)}"
    return f"{use.grantee or 'an advertiser nobody named'}, run {run}: {where}"


def _lacks_only_the_yes(tx: Transaction, cameo: Cameo, release: Release, use: Use) -> bool:
    if release.approval != "each_use" or any(use.is_within(one) for one in release.approved_uses):
        return False
    said = release.model_copy(update={"approved_uses": (use,)})
    others = tuple(said if one.id == release.id else one for one in cameo.releases)
    verdict = check_release(cameo.model_copy(update={"releases": others}), use, tx.now)
    return verdict.kind == "covered" and verdict.release == release.id
