"""Who pays for a take. The book keeps a purse for each run, campaign, price tier and day; each can have a cap."""

from datetime import date

from callsheet.domain.identity import PurseId, RunId
from callsheet.domain.record import Record, digest_of

_LONGEST = 160


class Charge(Record):
    """Who pays for a take: a run, its campaign at a price tier, and the account's day on which it is reserved."""

    run: RunId
    campaign: str = ""
    tier: str = ""
    account: str = ""
    day: date | None = None

    @property
    def of_run(self) -> PurseId:
        """What the run spends."""
        return run_purse(self.run)

    @property
    def of_campaign(self) -> PurseId:
        """What all runs of the campaign spend; an order that names no campaign has its run's purse alone."""
        return _purse("campaign", self.campaign) if self.campaign else self.of_run

    @property
    def of_tier(self) -> PurseId:
        """What the campaign spends at one price tier."""
        return _purse("tier", self.campaign, self.tier) if self.campaign and self.tier else self.of_campaign

    @property
    def of_campaign_day(self) -> PurseId:
        """What the campaign spends on that day."""
        return _purse("campaign-day", self.campaign, str(self.day)) if self.campaign and self.day else self.of_campaign

    @property
    def of_day(self) -> PurseId | None:
        """What every campaign of the provider's account spends on that day."""
        return _purse("day", self.account, str(self.day)) if self.day else None

    @property
    def purses(self) -> tuple[PurseId, ...]:
        """Every purse that a take of this charge is entered in, each once."""
        every = (self.of_run, self.of_campaign, self.of_tier, self.of_campaign_day, self.of_day)
        return tuple(dict.fromkeys(purse for purse in every if purse is not None))


def run_purse(run: RunId) -> PurseId:
    """The purse of one run."""
    return _purse("run", run)


def _purse(*parts: str) -> PurseId:
    """A name short enough for an index, however long its parts are; parts that hold the mark cannot be mistaken."""
    name = ":".join(part.replace("%", "%25").replace(":", "%3A") for part in parts)
    return PurseId(name if len(name) <= _LONGEST else f"{name[:80]}#{digest_of(name)}")
