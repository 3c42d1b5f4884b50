"""Everything the page says, laid out for the template: figures, pictures and charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from callsheet.domain.count import counted
from callsheet.domain.shot import Shot
from callsheet.domain.take import Take
from callsheet.studio import words
from callsheet.studio.audience import audience
from callsheet.studio.board import boards, changed, trimmed
from callsheet.studio.chart import Bar, bars
from callsheet.studio.consent import cast, said
from callsheet.studio.cost import Costs, costs
from callsheet.studio.doubt import doubts
from callsheet.studio.film import Film
from callsheet.studio.still import Stills, Wanted
from callsheet.studio.story import Story


@dataclass(frozen=True)
class Change:
    """A shot that was shot again: what it was, what it became, and why."""

    round: int
    before: Shot
    after: Shot
    before_take: Take | None
    after_take: Take | None
    reason: str


def wanted_stills(story: Story, films: Sequence[Film]) -> tuple[Wanted, ...]:
    """One frame a take, from its middle; one a film, a third into it."""
    takes = (Wanted(take.media.digest, (take.media.frames or 2) // 2) for take in story.takes.values())
    return (*takes, *(Wanted(one.file.file, one.file.frames // 3) for one in films))


def lay_out(story: Story, films: Sequence[Film], stills: Stills) -> dict[str, Any]:
    """The template's variables. Text in them is as the records have it; the template escapes it."""
    figures = costs(story)
    shown = boards(story)
    return {
        "story": story,
        "run": story.run,
        "campaign": story.campaign,
        "films": films,
        "boards": shown,
        "changes": _changes(story),
        "trims": trimmed(story),
        "cast": cast(story),
        "claims": said(story),
        "reads": audience(story),
        "names": {one.id: one.audience for one in shown},
        "costs": figures,
        "shot_chart": _shot_chart(figures),
        "file_chart": _file_chart(figures),
        "elsewhere": _elsewhere(story, figures),
        "doubts": doubts(story, films, stills.missing),
        "stills": stills,
        "palette": _colours(story.campaign.brand.palette),
        "words": words,
        "counted": counted,
    }


def _changes(story: Story) -> tuple[Change, ...]:
    newest = {take.shot: take for take in sorted(story.takes.values(), key=lambda one: one.number)}
    found = []
    for later, old, new in changed(story):
        earlier = story.rounds[later.number - 1]
        concluded = earlier.conclusion
        found.append(
            Change(
                round=later.number,
                before=earlier.storyboard.shot(old),
                after=later.storyboard.shot(new),
                before_take=newest.get(old),
                after_take=newest.get(new),
                reason=concluded.reason if concluded else "",
            )
        )
    return tuple(found)


def _shot_chart(figures: Costs) -> Markup:
    rows = [
        Bar(
            label=one.shot,
            whole=one.bought,
            part=min(float(one.used), float(one.bought)),
            note=f"{words.seconds(one.used)} of {one.bought} s" + ("" if one.is_final else ", replaced"),
            is_faded=not one.is_final,
        )
        for one in figures.shots
    ]
    return bars("Seconds used of seconds purchased, by shot", rows)


def _file_chart(figures: Costs) -> Markup:
    rows = [
        Bar(
            label=f"{one.variant} {one.placement}",
            whole=float(one.bought),
            part=float(one.bought),
            note=f"{words.seconds(one.bought)}, {words.share(one.cost, figures.currency)}",
        )
        for one in figures.files
    ]
    if figures.unused_bought > 0:
        note = f"{words.seconds(figures.unused_bought)}, {words.share(figures.unused_cost, figures.currency)}"
        rows.append(Bar("in no cut", float(figures.unused_bought), float(figures.unused_bought), note, is_faded=True))
    return bars("Purchased seconds and their cost, by finished file", rows)


def _elsewhere(story: Story, figures: Costs) -> tuple[tuple[str, str, str], ...]:
    """What the same purchased seconds cost at other prices of a second: the price, the sum, per finished second."""
    currency = story.campaign.provider.currency
    found = []
    for price in story.campaign.provider.compare_with:
        total = Fraction(price) * figures.bought
        each = total / figures.finished if figures.finished else Fraction(0)
        found.append(
            (words.share(Fraction(price), currency), words.share(total, currency), words.share(each, currency))
        )
    return tuple(found)


def _colours(palette: Sequence[str]) -> tuple[str, ...]:
    """The brand's colours that are plain six-digit ones; nothing else may enter a style."""
    digits = set("0123456789abcdefABCDEF")
    return tuple(one for one in palette if len(one) == 7 and one[0] == "#" and set(one[1:]) <= digits)
