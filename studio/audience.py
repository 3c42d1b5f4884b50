"""What the audience did, as charts: one for each variant and round that was read, with the shots it was measured on."""

from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from callsheet.domain.cut import Cut
from callsheet.domain.telemetry import AnalystDecision, Reading, drops, merge, percent, pool
from callsheet.studio.board import audience_of
from callsheet.studio.chart import Line, Span, retention
from callsheet.studio.story import Round, Story


@dataclass(frozen=True)
class ShotLoss:
    """What one shot lost: its rate a second with the bounds, in words."""

    shot: str
    rate: str
    is_marked: bool


@dataclass(frozen=True)
class Curve:
    """One variant in one round: the chart, its legend, what each shot lost, clicks, and the source of the readings."""

    variant: str
    audience: str
    round: int
    chart: Markup
    legend: tuple[Line, ...]
    losses: tuple[ShotLoss, ...]
    table: tuple[tuple[str, tuple[str, ...]], ...]
    viewers: int
    clicks: str
    simulated: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Read:
    """One round of readings and what the Analyst concluded from them."""

    round: int
    curves: tuple[Curve, ...]
    conclusion: AnalystDecision | None
    simulated: bool


def audience(story: Story) -> tuple[Read, ...]:
    """Every round that was read or concluded on, oldest first."""
    return tuple(
        Read(
            round=one.number,
            curves=tuple(
                _curve(story, one, variant) for variant in dict.fromkeys(each.variant for each in one.readings)
            ),
            conclusion=one.conclusion,
            simulated=any(each.simulated for each in one.readings),
        )
        for one in story.rounds
        if one.readings or one.conclusion
    )


def _curve(story: Story, one: Round, variant: str) -> Curve:
    readings = [each for each in one.readings if each.variant == variant]
    earlier = [each for before in story.rounds[: one.number] for each in before.readings if each.variant == variant]
    placements = list(dict.fromkeys(each.placement for each in readings))
    lines = tuple(_line(each, placements.index(each.placement)) for each in readings)
    faint = tuple(
        _line(each, placements.index(each.placement), True) for each in earlier if each.placement in placements
    )
    cuts = [(each, cut) for each in readings if (cut := one.cut_of(variant, each.placement))]
    asked = one.conclusion
    marked = asked.shot if asked and asked.variant == variant else None
    spans = _spans(cuts[0][1], marked) if cuts else ()
    simulated = any(each.simulated for each in readings)
    chart = retention(
        f"Who still watches {variant}, round {one.number}",
        (*lines, *faint[-len(placements) :]),
        spans,
        spans[-1].end if spans else 0,
        "SIMULATION" if simulated else "",
    )
    return Curve(
        variant=variant,
        audience=audience_of(one.storyboard, story.campaign, variant),
        round=one.number,
        chart=chart,
        legend=lines,
        losses=_losses(cuts, marked),
        table=tuple((line.name, tuple(f"{share:.0%}" for share in line.shares)) for line in lines),
        viewers=sum(each.starts for each in readings),
        clicks=str(pool(readings)),
        simulated=simulated,
        sources=tuple(dict.fromkeys(each.source for each in readings)),
    )


def _line(reading: Reading, tone: int, is_faint: bool = False) -> Line:
    starts = reading.starts or 1
    return Line(reading.placement, tuple(one / starts for one in reading.viewers), tone % 4, is_faint)


def _spans(cut: Cut, marked: str | None) -> tuple[Span, ...]:
    spans, start = [], Fraction(0)
    for clip in cut.clips:
        end = start + Fraction(clip.frames, cut.rate)
        spans.append(Span(clip.shot, float(start), float(end), clip.shot == marked))
        start = end
    return (*spans, Span("end", float(start), float(start + Fraction(cut.end_card.frames, cut.rate))))


def _losses(cuts: list[tuple[Reading, Cut]], marked: str | None) -> tuple[ShotLoss, ...]:
    parts = [drop for reading, cut in cuts for drop in drops(cut, reading)]
    found = []
    for shot in dict.fromkeys(part.shot for part in parts):
        rate = merge([part for part in parts if part.shot == shot]).rate
        said = f"{percent(rate.share)} a second ({percent(rate.low)} to {percent(rate.high)})"
        found.append(ShotLoss(shot, said, shot == marked))
    return tuple(found)
