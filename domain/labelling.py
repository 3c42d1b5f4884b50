"""From demands to one label: its words, its size, how long it stands; and what is declared with the file.

Where several markets share a cut, the strictest of their demands wins, each measure on its own.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field

from callsheet.domain.jurisdiction import Demand, Facts, Flag, LabelAsk, LabelWords, Pack, Span, demands
from callsheet.domain.record import Seconds, Value

Policy = Literal["everywhere", "where_required"]

HEIGHT = 24
"""Height of a capital letter of a label, in permille of the frame's shorter side, where a rule gives no figure: a fifth
more than a legal line's. Our own figure; no law that we know has one for this case."""
SECONDS = Fraction(3)
"""How long a label at the start stands where a rule gives no figure. Our own figure."""

JOINT = " · "
"""Between the same words in two languages."""


class Labelling(Value):
    """What a cut says about itself on screen, and what is declared where it is uploaded. `text` empty: no label."""

    pack: int
    checked: date
    facts: Facts
    markets: tuple[str, ...]
    text: str = ""
    height: int = Field(default=0, description="Of a capital letter, in permille of the frame's shorter side.")
    seconds: Seconds = Fraction(0)
    span: Span = "start"
    demands: tuple[Demand, ...] = ()

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What is declared at each platform, once."""
        return tuple(dict.fromkeys(one.rule.flag for one in self.demands if one.rule.flag is not None))

    @property
    def needs_provenance(self) -> bool:
        """Whether a rule asks for machine-readable origin in the file."""
        return any(one.rule.provenance for one in self.demands)

    @property
    def metadata(self) -> tuple[str, ...]:
        """Metadata fields that a rule names."""
        return tuple(dict.fromkeys(name for one in self.demands for name in one.rule.metadata))

    @property
    def look(self) -> tuple[int, Span, Fraction, int, str]:
        """How strict it is, for putting in order; equal looks can share a cut."""
        return (int(bool(self.text)), self.span, self.seconds, self.height, self.text)

    @property
    def alternate(self) -> str:
        """The name of an alternate made for these markets."""
        few = "-".join(market.casefold() for market in self.markets[:3])
        return f"alt-{few}" + (f"-and-{len(self.markets) - 3}" if len(self.markets) > 3 else "")


def label(
    pack: Pack,
    facts: Facts,
    markets: Sequence[str],
    platforms: Iterable[str],
    locale: str,
    day: date,
    draws: Callable[[str], bool],
) -> Labelling:
    """The label that satisfies every market at once, in the language of the cut.

    `draws` says whether the typeface has every character of a text; words that it lacks are left out, or said in
    English, and clearance then finds what is missing.
    """
    found = demands(pack, facts, markets, platforms, day)
    asks = [one.rule.label for one in found if one.rule.label is not None]
    told = Labelling(pack=pack.version, checked=pack.checked, facts=facts, markets=tuple(markets), demands=found)
    if not asks:
        return told
    words: LabelWords = "performer" if any(ask.words == "performer" for ask in asks) else "generated"
    tongues = dict.fromkeys((language_of(locale), *(ask.language for ask in asks if ask.language)))
    texts = [text for tongue in tongues if draws(text := pack.words.get(tongue, pack.words["en"])[words])]
    text = JOINT.join(dict.fromkeys(texts or [pack.words["en"][words]]))
    height, seconds = max(map(height_of, asks)), max(map(seconds_of, asks))
    span: Span = "throughout" if any(ask.span == "throughout" for ask in asks) else "start"
    return told.model_copy(update={"text": text, "height": height, "seconds": seconds, "span": span})


def divide(
    pack: Pack,
    facts: Facts,
    markets: Sequence[str],
    platforms: Iterable[str],
    locale: str,
    day: date,
    draws: Callable[[str], bool],
    policy: Policy,
) -> tuple[Labelling, ...]:
    """One labelling for each cut that is needed. The first is the base cut's; the others are alternates, the strictest
    last. With `everywhere` there is one: all markets see the strictest label of any.
    """

    def made(where: Sequence[str]) -> Labelling:
        return label(pack, facts, where, platforms, locale, day, draws)

    if policy == "everywhere":
        return (made(markets),)
    alike: dict[tuple[int, Span, Fraction, int, str], list[str]] = {}
    for market in markets:
        alike.setdefault(made([market]).look, []).append(market)
    return tuple(made(alike[look]) for look in sorted(alike))


def height_of(ask: LabelAsk) -> int:
    """The least height of a capital letter, in permille of the frame's shorter side."""
    return ask.height or HEIGHT


def seconds_of(ask: LabelAsk) -> Fraction:
    """The least time that a label stands from the first frame on."""
    return ask.seconds or SECONDS


def language_of(locale: str) -> str:
    """The language of a BCP 47 tag: `de` of `de-AT`."""
    return locale.split("-", 1)[0].casefold()


def manifest_disclosures(labelling: Labelling) -> dict[str, Any]:
    """What a file's content credentials say of this: plain JSON, without anybody's name.

    Of previz all of it is said for the film it stands for; that it is previz is said as well.
    """
    said = labelling.text and {
        "text": labelling.text, "span": labelling.span, "capitalHeightPermille": labelling.height,
        "seconds": str(labelling.seconds),
    }  # fmt: skip
    return {
        "label": said or None,
        "markets": list(labelling.markets),
        "previz": labelling.facts.is_previz,
        "syntheticPerformer": labelling.facts.has_performer,
        "digitalReplica": labelling.facts.has_replica,
        "rules": [
            {"id": one.rule.id, "law": one.rule.law, "from": one.rule.starts.isoformat(), "markets": list(one.markets)}
            for one in labelling.demands
        ],
        "rulesVersion": labelling.pack,
        "rulesChecked": labelling.checked.isoformat(),
    }


def upload_flags(labelling: Labelling) -> dict[str, dict[str, bool | str]]:
    """Field and value to set at each platform when the file is uploaded."""
    flags: dict[str, dict[str, bool | str]] = {}
    for flag in labelling.flags:
        flags.setdefault(flag.platform, {})[flag.field] = flag.value
    return flags


def upload_sheet(labelling: Labelling, source_type: str) -> dict[str, Any]:
    """What whoever uploads the file needs to know, as plain JSON: disclosures, flags, and what each rule asks.

    `source_type` is the address of IPTC's word for the file, the same as in its content credentials.
    """
    return {
        **manifest_disclosures(labelling),
        "digitalSourceType": source_type,
        "legalAdvice": False,
        "provenance": labelling.needs_provenance,
        "metadata": list(labelling.metadata),
        "demands": [
            {
                "rule": one.rule.id, "where": one.rule.where, "platform": one.rule.platform, "binds": one.rule.binds,
                "source": one.rule.source, "checked": one.rule.checked.isoformat(), "isCertain": one.rule.is_certain,
                "note": one.rule.note,
            }
            for one in labelling.demands
        ],
    }  # fmt: skip
