"""What a form cannot know: whether names, prices, dates and lengths of a campaign make sense together."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from callsheet.domain.identity import Digest
from callsheet.domain.provider import Provider
from callsheet.domain.quote import RETIREMENT_NOTICE_DAYS, seconds_text
from callsheet.tools.intake.desk import Desk
from callsheet.tools.intake.document import Where
from callsheet.tools.intake.naming import (
    audience_ids,
    cameo_ids,
    claim_ids,
    disclosure_ids,
    fact_ids,
    release_ids,
    topic_ids,
)
from callsheet.tools.intake.problem import nearest_of
from callsheet.tools.intake.written import SAMPLE_FACTS, WrittenCap, WrittenCaps
from callsheet.tools.video.catalog import PriceMisplaced, ProviderUnknown, load_provider, providers

SHORTEST_SHOT = Fraction(1)


def check_provider(desk: Desk) -> Provider | None:
    """The provider, if there is one of that name that is still in business and bills in the currency of the cap."""
    written = desk.form.written
    if desk.is_doubtful("provider", "prices"):
        return None
    try:
        provider = load_provider(written.provider, written.prices, desk.providers)
    except ProviderUnknown:
        allowed = [provider.name for provider in providers(desk.providers) if not provider.has_retired(desk.today)]
        near = nearest_of(written.provider, allowed)
        desk.wrong(("provider",), "is not a provider of the catalog", written.provider, ", ".join(allowed), near)
        return None
    except PriceMisplaced as error:
        desk.wrong(
            ("prices", error.key),
            "is no size or tier of this provider",
            error.key,
            ", ".join(error.allowed),
            error.nearest,
        )
        return None
    if provider.has_retired(desk.today):
        desk.wrong(("provider",), f"retired on {provider.retires}; choose another provider", provider.name)
    elif provider.retires and (provider.retires - desk.today).days <= RETIREMENT_NOTICE_DAYS:
        desk.note(("provider",), f"{provider.name} retires on {provider.retires}; plan its replacement")
    if not desk.is_doubtful("caps"):
        _check_caps(desk, provider)
    return provider


def check_size(desk: Desk, provider: Provider | None) -> str:
    """The size to buy: as written, or the first placement's, or the one on sale that is nearest to it in shape."""
    written = desk.form.written
    first = written.placements[0]
    if provider is None or desk.is_doubtful("size", "placements"):
        return first.size
    sold = [size for tier in provider.tiers for size in tier.sizes]
    closest = min(
        sold, key=lambda size: (abs(_aspect(size) - first.aspect), abs(_pixels(size) - first.width * first.height))
    )
    if written.size is not None:
        if not provider.sells_size(written.size):
            desk.wrong(("size",), f"is not sold by {provider.name}", written.size, ", ".join(sold), closest)
        return written.size
    if closest != first.size:
        desk.note(("placements",), f"{provider.name} does not sell {first.size}; {closest} is bought and reframed")
    return closest


def check_lengths(desk: Desk) -> None:
    """Whether shots and end card fit the wanted length."""
    written = desk.form.written
    if desk.is_doubtful("seconds", "shots", "end_card_seconds", "max_shot_seconds"):
        return
    for key in ("seconds", "end_card_seconds", "max_shot_seconds"):
        value: Fraction = getattr(written, key)
        if value < 1 or value > 180:
            desk.wrong((key,), "is not a usable length", seconds_text(value), "1 to 180 seconds")
            return
    shots = written.shots or 1
    least = written.end_card_seconds + shots * SHORTEST_SHOT
    if written.seconds < least:
        need = f"at least {seconds_text(least)}: {seconds_text(written.end_card_seconds)} of end card and 1 s a shot"
        desk.wrong(
            ("seconds",), f"is too short for {shots} shot{'s' * (shots > 1)}", seconds_text(written.seconds), need
        )
    most = written.end_card_seconds + shots * written.max_shot_seconds
    if written.shots is not None and most < written.seconds:
        desk.note(
            ("shots",),
            f"{shots} shots of at most {seconds_text(written.max_shot_seconds)} and the end card make "
            f"{seconds_text(most)}, not {seconds_text(written.seconds)}; the film will be shorter",
        )


def check_ids(desk: Desk) -> None:
    """Whether every id names one thing only."""
    written = desk.form.written
    _no_twins(desk, [(("product", "facts", n), one) for n, one in enumerate(fact_ids(written))])
    _no_twins(desk, [(("audiences", n), one) for n, one in enumerate(audience_ids(written))])
    _no_twins(desk, [(("placements", n), str(one.id)) for n, one in enumerate(written.placements)])
    _no_twins(desk, [(("claims", n), one) for n, one in enumerate(claim_ids(written))])
    _no_twins(desk, [(("disclosures", n), one) for n, one in enumerate(disclosure_ids(written))])
    _no_twins(desk, [(("topics", n), one) for n, one in enumerate(topic_ids(written))])
    _no_twins(desk, [(("cameos", n), one) for n, one in enumerate(cameo_ids(written))])


def check_release_ids(desk: Desk, papers: Mapping[str, Digest]) -> None:
    """Whether every release is named once; one without an id is named by its paper or its terms."""
    named = enumerate(release_ids(desk.form.written, papers))
    _no_twins(desk, [(("cameos", c, "releases", r), one) for c, ids in named for r, one in enumerate(ids)])


def check_facts(desk: Desk) -> None:
    """Facts that nobody has edited yet since the folder was made: they are true of no product in particular."""
    samples = {text.casefold() for text in SAMPLE_FACTS}
    for number, fact in enumerate(desk.form.written.product.facts):
        if fact.text.strip().casefold() in samples:
            desk.note(
                ("product", "facts", number), f'sample fact, edit it: "{fact.text}"; callouts quote facts word for word'
            )


def _check_caps(desk: Desk, provider: Provider) -> None:
    """Whether caps are in the currency of the bill, and those by tier are about tiers that there are."""
    caps = desk.form.written.caps
    tiers = [tier.name for tier in provider.tiers]
    written: list[tuple[Where, WrittenCap | WrittenCaps]] = [(("caps",), caps)]
    written += [(("caps", "day"), caps.day)] if caps.day else []
    written += [(("caps", "tiers", name), cap) for name, cap in caps.tiers.items()]
    for where, cap in written:
        if cap.money is not None and cap.money.currency != provider.currency:
            problem = f"must be in {provider.currency}, the currency this provider bills in"
            desk.wrong((*where, "money"), problem, str(cap.money))
    for name in caps.tiers:
        if name not in tiers:
            where = ("caps", "tiers", name)
            desk.wrong(where, f"is no price tier of {provider.name}", name, ", ".join(tiers), nearest_of(name, tiers))


def _no_twins(desk: Desk, named: Sequence[tuple[Where, str]]) -> None:
    for (before, first), (where, second) in _same(named):
        line = desk.gathered.place(*before).line
        desk.wrong(where, f"has the id {second}, which is taken on line {line}; give it an id of its own", first)


def _same(named: Sequence[tuple[Where, str]]) -> Iterator[tuple[tuple[Where, str], tuple[Where, str]]]:
    return (pair for pair in pairwise(sorted(named, key=lambda one: one[1])) if pair[0][1] == pair[1][1])


def _aspect(size: str) -> Fraction:
    width, _, height = size.partition("x")
    return Fraction(int(width), int(height))


def _pixels(size: str) -> int:
    width, _, height = size.partition("x")
    return int(width) * int(height)
