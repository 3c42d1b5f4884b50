"""The Editor: chooses takes, lays out every variant for every placement to the frame, and shortens what drags.

A writer may choose where the rules leave a choice: among takes that are long enough, among sound orders of the panels.

TakeMissing                a shot of the storyboard has no take that could be cut
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from callsheet.agents.cutting import arrange as arranging
from callsheet.agents.cutting import circle as circling
from callsheet.agents.cutting.circle import Circled
from callsheet.agents.cutting.label import labellings, lay_label
from callsheet.agents.cutting.words import Playing, lay_words
from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import Clip, Cut, EndCard, Media, Transition
from callsheet.domain.error import NotFound
from callsheet.domain.identity import ShotId, TakeId
from callsheet.domain.labelling import Labelling
from callsheet.domain.placement import Placement
from callsheet.domain.storyboard import Panel, Storyboard, VariantPlan
from callsheet.domain.take import Take
from callsheet.domain.telemetry import TrimRequest
from callsheet.prompts.shelf import shelf_of
from callsheet.tools.writer import HouseWriter, Task, Writer, Written
from callsheet.tools.writer.port import T

CHOOSE = "editor/choose"
ARRANGE = "editor/arrange"
_HOUSE = HouseWriter()
_SHORT_ANSWER = 200
"""Most tokens of a choice with its reason."""

_HEAD = Fraction(1, 4)
"""Most seconds left out at the head of a take that is longer than its use: models need a moment to start moving."""

_SHORTEST = Fraction(1)


class TakeMissing(NotFound):
    """A shot of the storyboard has no take that could be cut. Shoot it, or circle another."""


def _unheard(_written: Written[Any]) -> None:
    """Nobody keeps the books: a cut outside a run."""


class Editor:
    """Turns takes into cuts. `day` says which rules on labels are in force; without it nothing is labelled, and
    clearance sends such a cut back wherever a label is owed. `told` hears of everything written: by whom, from which
    prompt, for how many tokens.
    """

    def __init__(
        self,
        day: Callable[[], date] | None = None,
        writer: Writer = _HOUSE,
        told: Callable[[Written[Any]], object] = _unheard,
    ) -> None:
        self._day = day
        self._writer = writer
        self._told = told

    def circle(
        self,
        takes: Sequence[Take],
        storyboard: Storyboard | None = None,
        told: Mapping[ShotId, TakeId] | None = None,
    ) -> dict[ShotId, Take]:
        """The take of each shot that goes into the cut: the one told; else the newest that is long enough.

        Long enough is what the storyboard uses; without one, or when none is, the longest counts.
        """
        return circling.circle(takes, storyboard, told)

    async def choose(
        self,
        campaign: Campaign,
        storyboard: Storyboard,
        takes: Sequence[Take],
        told: Mapping[ShotId, TakeId] | None = None,
    ) -> Circled:
        """The take of each shot, as a writer chooses where several are long enough; what a person `told` is settled.

        Raises WriterFailed when a chat model gives nothing usable.
        """
        ruled = circling.circle(takes, storyboard, told)
        chosen, reasons = dict(ruled), []
        for shot, choice in circling.choices(takes, storyboard, told or {}).items():
            written = await self._write(_circle_task(campaign, storyboard, choice, ruled[shot]))
            is_offered = written.by == "house" or not circling.check_circle(choice, written.value)
            take = next((one for one in choice if is_offered and one.number == written.value.take), ruled[shot])
            chosen[shot] = take
            if written.by != "house":
                reasons.append(circling.reason_line(campaign, take, written.value.reason, written.by, self._today()))
        return Circled(takes=chosen, reasons=tuple(reasons))

    async def arrange(self, campaign: Campaign, storyboard: Storyboard) -> Storyboard:
        """The storyboard with each variant's panels ordered and entered as a writer chooses among what the rules allow.

        Raises WriterFailed when a chat model gives nothing usable.
        """
        board = storyboard
        for variant in filter(arranging.is_open, storyboard.variants):
            written = await self._write(_arrange_task(campaign, storyboard, variant))
            board = arranging.arrange(campaign, board, variant, written.value, written.by, self._today())
        return board

    async def _write(self, task: Task[T]) -> Written[T]:
        written = await self._writer.write(task)
        self._told(written)
        return written

    def _today(self) -> date | None:
        return self._day() if self._day else None

    def cut(
        self,
        campaign: Campaign,
        storyboard: Storyboard,
        circled: Mapping[ShotId, Take],
        locale: str,
        reasons: Sequence[str] = (),
    ) -> tuple[Cut, ...]:
        """Every variant for every placement, frame-exact, with its alternates after it. Raises TakeMissing.

        An alternate is made where the campaign labels only where required and markets ask for different labels.
        `reasons` say why takes were circled, for the notes of the cuts.
        """
        missing = [shot.id for shot in storyboard.shots if shot.id not in circled and _plays(storyboard, shot.id)]
        if missing:
            raise TakeMissing(f"no take of {', '.join(missing)}; shoot what is missing before the cut")
        return tuple(
            labelled
            for variant in storyboard.variants
            for placement in campaign.placements
            for labelled in self._labelled(
                campaign,
                storyboard,
                placement,
                _explained(_assemble(campaign, variant, placement, circled, locale, self._today()), reasons),
            )
        )

    def _labelled(self, campaign: Campaign, storyboard: Storyboard, placement: Placement, cut: Cut) -> tuple[Cut, ...]:
        """The cut with its label, and one alternate for every group of markets that asks for another."""
        if self._day is None:
            return (cut,)
        shots = [storyboard.shot(clip.shot) for clip in cut.clips]
        found = labellings(campaign, placement, shots, cut.previz, cut.locale, self._day())
        return tuple(_with_label(cut, one, "" if one is found[0] else one.alternate) for one in found)

    def trim(self, campaign: Campaign, storyboard: Storyboard, request: TrimRequest) -> Storyboard:
        """The storyboard with one shot playing shorter wherever it plays longer; nothing is shot again."""
        storyboard.shot(request.shot)
        seconds = max(_SHORTEST, min(request.seconds, campaign.max_shot_seconds))

        def shortened(panel: Panel) -> Panel:
            longer = panel.shot == request.shot and panel.seconds > seconds
            return panel.model_copy(update={"seconds": seconds}) if longer else panel

        variants = tuple(
            variant.model_copy(update={"panels": tuple(map(shortened, variant.panels))})
            for variant in storyboard.variants
        )
        note = f"{request.shot} trimmed to {float(seconds):g} s: {request.reason}"
        return storyboard.model_copy(update={"variants": variants, "notes": (*storyboard.notes, note)})


def _explained(cut: Cut, reasons: Sequence[str]) -> Cut:
    """The cut with the reasons that are about its shots among its notes."""
    shots = {clip.shot for clip in cut.clips}
    mine = tuple(one for one in reasons if one.partition(": ")[0] in shots)
    return cut.model_copy(update={"notes": (*cut.notes, *mine)}) if mine else cut


def _with_label(cut: Cut, labelling: Labelling, alternate: str) -> Cut:
    return cut.model_copy(
        update={
            "supers": (*lay_label(labelling, cut.frames, cut.rate), *cut.supers),
            "alternate": alternate,
            "markets": labelling.markets,
            "labelling": labelling,
        }
    )


def _circle_task(
    campaign: Campaign, storyboard: Storyboard, choice: Sequence[Take], ruled: Take
) -> Task[circling.CircleDraft]:
    return Task(
        prompt=CHOOSE,
        inputs=circling.circle_facts(campaign, storyboard.shot(ruled.shot), choice),
        output=circling.circle_form(choice),
        house=lambda: circling.CircleDraft(take=ruled.number),
        check=lambda draft: circling.check_circle(choice, draft),
        longest=_SHORT_ANSWER,
        shelf=shelf_of(campaign),
    )


def _arrange_task(campaign: Campaign, storyboard: Storyboard, variant: VariantPlan) -> Task[arranging.CutDraft]:
    return Task(
        prompt=ARRANGE,
        inputs=arranging.cut_facts(campaign, storyboard, variant),
        output=arranging.cut_form(storyboard, variant),
        house=arranging.CutDraft,
        check=lambda draft: arranging.check_cut(storyboard, variant, draft),
        longest=_SHORT_ANSWER,
        shelf=shelf_of(campaign),
    )


def _plays(storyboard: Storyboard, shot: ShotId) -> bool:
    return any(panel.shot == shot for variant in storyboard.variants for panel in variant.panels)


def _assemble(
    campaign: Campaign,
    variant: VariantPlan,
    placement: Placement,
    circled: Mapping[ShotId, Take],
    locale: str,
    day: date | None,
) -> Cut:
    panels, notes = _fit(variant, placement)
    clips, short = _clips(panels, circled, placement.rate)
    playing = _playing(panels, clips)
    card = _end_card(campaign, variant, placement.rate)
    supers, unsaid = lay_words(campaign, playing, card, placement.rate, day)
    return Cut(
        campaign=campaign.name,
        variant=variant.id,
        placement=placement.id,
        locale=locale,
        rate=placement.rate,
        width=placement.width,
        height=placement.height,
        loudness=placement.loudness,
        palette=campaign.brand.palette,
        clips=clips,
        supers=supers,
        end_card=card,
        previz=any(circled[panel.shot].previz for panel in panels),
        safe=placement.margins,
        notes=(*notes, *short, *unsaid),
    )


def _fit(variant: VariantPlan, placement: Placement) -> tuple[tuple[Panel, ...], tuple[str, ...]]:
    """The panels that a placement has time for. A cutdown keeps the first and the last and gives up the middle."""
    panels, notes = list(variant.panels), []
    room = placement.max_seconds - variant.end_card.seconds
    dropped: list[ShotId] = []
    while sum(panel.seconds for panel in panels) > room and len(panels) > 2:
        middle = min(panels[1:-1], key=lambda panel: _worth(panel, panels))
        panels.remove(middle)
        dropped.append(middle.shot)
    if dropped:
        notes.append(f"cutdown to {float(placement.max_seconds):g} s for {placement.id}: without {', '.join(dropped)}")
    length = sum((panel.seconds for panel in panels), Fraction(0))
    if length > room > 0:
        panels = [panel.model_copy(update={"seconds": panel.seconds * room / length}) for panel in panels]
        notes.append(f"every shot plays {float(room / length * 100):.0f} % of its length to fit {placement.id}")
    return tuple(panels), tuple(notes)


def _worth(panel: Panel, panels: Sequence[Panel]) -> tuple[bool, bool, int]:
    """What a cutdown loses with a panel: a callout before a caption, and what stands near the middle least."""
    return panel.callout is not None, bool(panel.caption), abs(2 * panels.index(panel) - len(panels) + 1)


def _clips(
    panels: Sequence[Panel], circled: Mapping[ShotId, Take], rate: int
) -> tuple[tuple[Clip, ...], tuple[str, ...]]:
    """Panels as clips. Boundaries are rounded on the whole timeline, so that no frame is lost or won along the way."""
    clips: list[Clip] = []
    notes: list[str] = []
    at = Fraction(0)
    for panel in panels:
        take = circled[panel.shot]
        wanted = max(1, round((at + panel.seconds) * rate) - round(at * rate))
        at += panel.seconds
        holds = max(1, int(take.length * rate))
        frames = min(wanted, holds)
        if frames < wanted:
            notes.append(f"{panel.shot} plays {frames} of {wanted} frames: its take is no longer")
        head = min(int(_HEAD * rate), (holds - frames) // 2)
        entered = _transition(panel.transition, clips[-1] if clips else None, frames, rate)
        clips.append(
            Clip(shot=panel.shot, take=take.id, media=take.media, source_in=head, frames=frames, transition=entered)
        )
    return tuple(clips), tuple(notes)


def _transition(planned: Transition, before: Clip | None, frames: int, rate: int) -> Transition:
    """The planned transition as far as there are frames: a dissolve needs them beyond the out point before it."""
    if before is None or planned.kind == "cut":
        return Transition()
    length = min(round(Fraction(planned.frames * rate, 30)), frames // 2)
    if planned.kind == "dissolve" and before.media.frames is not None:
        holds = int(Fraction(before.media.frames, before.media.rate or rate) * rate)
        length = min(length, holds - before.source_in - before.frames)
    fewest = rate // 10
    return Transition(kind=planned.kind, frames=length) if length >= fewest else Transition()


def _playing(panels: Sequence[Panel], clips: Sequence[Clip]) -> tuple[Playing, ...]:
    start, playing = 0, []
    for panel, clip in zip(panels, clips, strict=True):
        playing.append(Playing(panel=panel, start=start, frames=clip.frames))
        start += clip.frames
    return tuple(playing)


def _end_card(campaign: Campaign, variant: VariantPlan, rate: int) -> EndCard:
    plan, image = variant.end_card, campaign.product.image
    picture = image and Media(digest=image.digest, media_type=image.media_type, width=image.width, height=image.height)
    return EndCard(
        frames=max(1, round(plan.seconds * rate)),
        picture=picture,
        headline=plan.headline,
        call_to_action=plan.call_to_action,
        url=plan.url,
        legal=plan.legal,
    )
