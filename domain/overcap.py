"""Caps that a plan would pass if it were shot, with what other runs and other days have left of them."""

from collections.abc import Iterable

from pydantic import Field

from callsheet.domain.budget import Limit
from callsheet.domain.money import Money, Unpriced
from callsheet.domain.record import Record


class OverCap(Record):
    """A cap that the plan passes, what it asks beyond what is held or spent under it, and what to do."""

    cap: str = Field(description="The key of the campaign, or the setting, that says so.")
    name: str = "the cap"
    wanted: str
    before: str = ""
    allowed: str
    remedy: str = "shorten the plan or raise the cap"

    def __str__(self) -> str:
        more = f" more than the {self.before} held or spent already" if self.before else ""
        return f"the plan needs {self.wanted}{more}; {self.name} is {self.allowed} ({self.cap})"


def caps_passed(under: Iterable[Limit], more_seconds: int, more: Money | Unpriced) -> tuple[OverCap, ...]:
    """Every cap that so many seconds and so much money more would pass."""
    found: list[OverCap] = []
    for limit in under:
        remedy = "shorten the plan or raise the cap" + (", or wait for the next day (UTC)" if limit.renews else "")
        about = {"name": limit.name, "remedy": remedy}
        before, cap = limit.used, limit.seconds
        if cap is not None and before.seconds + more_seconds > cap:
            used = f"{before.seconds} s" if before.seconds else ""
            wanted, allowed = f"{more_seconds} s", f"{cap} s"
            found.append(OverCap(cap=f"{limit.setting}seconds", wanted=wanted, before=used, allowed=allowed, **about))
        if limit.money is None or not isinstance(more, Money):
            continue
        setting, allowed = f"{limit.setting}money", str(limit.money)
        if more.currency != limit.money.currency:
            found.append(OverCap(cap=setting, wanted=f"{more} (another currency)", allowed=allowed, **about))
        elif limit.money < before.money + more:
            used = str(before.money) if before.money.amount else ""
            found.append(OverCap(cap=setting, wanted=str(more), before=used, allowed=allowed, **about))
    return tuple(found)
