"""What the law of a market, or the policy of a platform, asks of an ad that a machine made.

The rules are data (`tools/rules/jurisdiction.yaml`), each with its article, its dates and the address of its text. Here
is only the arithmetic: which of them an ad meets on a day, in its markets, on its platforms. None of it is legal
advice; what a rule leaves open is marked `is_certain: false`, says why, and is shown to whoever approves the release.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from pydantic import Field

from callsheet.domain.record import Record, Seconds, Value

Trigger = Literal["generated", "realistic", "people", "performer", "replica"]
"""`performer`: a made-up person. `replica`: an existing person's approved likeness (a cameo)."""
LabelWords = Literal["generated", "performer"]
Span = Literal["start", "throughout"]
Binds = Literal["advertiser", "provider", "platform"]

EVERYWHERE = "*"
STALE_AFTER = timedelta(days=180)
"""A pack that nobody compared with the laws for longer than this is called stale at the release. Our own figure."""


class Facts(Record):
    """What a cut is, as far as these rules ask. Previz is judged as the film it stands for, so that nothing moves
    on screen when the real takes come in.
    """

    is_generated: bool = True
    is_realistic: bool = True
    shows_people: bool = False
    has_performer: bool = Field(default=False, description="A generated person who is nobody that exists.")
    has_replica: bool = Field(default=False, description="A cameo: an existing person's likeness, with a release.")
    is_previz: bool = False

    @property
    def triggers(self) -> frozenset[Trigger]:
        """The facts as the rules name them."""
        named: tuple[tuple[Trigger, bool], ...] = (
            ("generated", self.is_generated),
            ("realistic", self.is_realistic),
            ("people", self.shows_people),
            ("performer", self.has_performer),
            ("replica", self.has_replica),
        )
        return frozenset(trigger for trigger, holds in named if holds)


class LabelAsk(Value):
    """A visible label. `height` is that of a capital letter, in permille of the frame's shorter side; 0: none given.

    `language` is a language the words must be in, whatever the cut speaks.
    """

    words: LabelWords
    span: Span
    height: int = Field(default=0, ge=0, le=200)
    seconds: Seconds = Fraction(0)
    language: str = ""


class Flag(Value):
    """What is to be declared when a file is uploaded: the field and value of the platform's interface."""

    platform: str
    field: str
    value: bool | str


class Rule(Value):
    """One rule: where and from when it holds, what calls for it, what it asks, and where it is written.

    Every trigger of `when` must be met. `binds` says whom the rule addresses; we do our part for the others too.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]+$")
    where: str
    markets: tuple[str, ...] = (EVERYWHERE,)
    platform: str = ""
    starts: date
    ends: date | None = Field(default=None, description="The first day on which it no longer holds.")
    when: tuple[Trigger, ...] = Field(min_length=1)
    binds: Binds
    label: LabelAsk | None = None
    flag: Flag | None = None
    provenance: bool = Field(default=False, description="Machine-readable origin in the file must be there and stay.")
    release: bool = Field(default=False, description="The person's permission, which casting checks.")
    metadata: tuple[str, ...] = Field(default=(), description="Fields of the file's metadata that the rule names.")
    law: str
    source: str = Field(pattern=r"^https://")
    checked: date
    is_certain: bool
    note: str

    def holds_on(self, day: date) -> bool:
        """Whether it is in force that day."""
        return self.starts <= day and (self.ends is None or day < self.ends)


class Pack(Record):
    """All rules, the names of regions, and the label's words by language. `checked` is when all of it last was:
    single rules may have been looked at since.
    """

    version: int
    checked: date
    regions: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Mapping[LabelWords, str]]
    rules: tuple[Rule, ...]

    @property
    def platforms(self) -> tuple[str, ...]:
        """Every platform that has a rule."""
        return tuple(sorted({rule.platform for rule in self.rules if rule.platform}))

    def is_stale(self, day: date) -> bool:
        """Whether the laws may have moved on since anybody looked."""
        return day - self.checked > STALE_AFTER


class Demand(Value):
    """A rule that an ad meets, and in which of its markets."""

    rule: Rule
    markets: tuple[str, ...]


def demands(
    pack: Pack, facts: Facts, markets: Sequence[str], platforms: Iterable[str], day: date
) -> tuple[Demand, ...]:
    """Every rule in force that day that this ad meets there, in the pack's order.

    No platform given means that nobody said yet where it will be uploaded: then every platform's rules are told.
    """
    asked = frozenset(platforms) or frozenset(pack.platforms)
    found: list[Demand] = []
    for rule in pack.rules:
        where = tuple(market for market in markets if any(_covers(pack, one, market) for one in rule.markets))
        met = rule.holds_on(day) and facts.triggers >= set(rule.when)
        if met and where and (not rule.platform or rule.platform in asked):
            found.append(Demand(rule=rule, markets=where))
    return tuple(found)


def _covers(pack: Pack, ruled: str, market: str) -> bool:
    """Whether a rule about one place concerns an ad that runs in another.

    An ad for the US runs in New York too, and one for US-NY is under the rules for the US.
    """
    if EVERYWHERE in (ruled, market) or ruled == market:
        return True
    places = pack.regions.get(ruled, (ruled,))
    return any(market == place or market.startswith(f"{place}-") or place.startswith(f"{market}-") for place in places)
