"""A storyboard written in small pieces: the film in outline, each shot, then the words of each variant.

A model that loses the thread in a long answer keeps it in short ones; what is wrong with one shot sends only that shot
back; and a server that decodes by schema can only cite what may be cited. A large model writes the same in more calls.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from pydantic import BaseModel

from callsheet.agents.house.planner import draft_storyboard
from callsheet.agents.house.story import choose_world
from callsheet.agents.planning.asking import about_audience, about_campaign, language_of, with_initials
from callsheet.agents.planning.board import variant_id
from callsheet.agents.planning.draft import BeatDraft, StoryboardDraft, VariantDraft
from callsheet.agents.planning.insist import Insist
from callsheet.agents.planning.lengths import plan_lengths
from callsheet.agents.planning.outline_check import check_outline, mend_outline
from callsheet.agents.planning.panel_check import Overlay, check_panels, mend_panels, panels_of, variant_of
from callsheet.agents.planning.parts import (
    OutlineDraft,
    PanelsDraft,
    ShotDraft,
    beat_of,
    outline_form,
    outline_of,
    panels_form,
    shot_form,
    shot_of,
)
from callsheet.agents.planning.shot_check import as_cast, check_shot, mend_shot
from callsheet.domain.campaign import Audience, Campaign
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, ShotId
from callsheet.domain.shot import Framing
from callsheet.prompts.shelf import shelf_of
from callsheet.tools.writer import Task, Written

OUTLINE, SHOT, PANELS = "director/outline", "director/shot", "director/panels"
HOUSE = "house"
V = TypeVar("V", bound=BaseModel)
Write = Callable[[Task[Any]], Awaitable[Written[Any]]]
Rules = Callable[[V], tuple[Finding, ...]]
Mend = Callable[[V, Sequence[Finding]], V]


@dataclass
class Parts:
    """Asks for the parts of one plan. Afterwards `struck` says what a rule put right, and `written` who wrote what."""

    write: Write
    campaign: Campaign
    day: date | None
    findings: Sequence[Finding] = ()
    note: str = ""
    refused: frozenset[tuple[ShotId, CameoId]] = frozenset()
    struck: list[str] = field(default_factory=list)
    written: list[Written[Any]] = field(default_factory=list)

    async def draft(self) -> StoryboardDraft:
        """The whole proposal, part by part. Raises WriterFailed."""
        outline, beats = await self._film(self.campaign.audiences[0], 0)
        taken: list[str] = []
        variants = []
        for place, audience in enumerate(self.campaign.audiences):
            told, own = outline, beats
            if self.campaign.variants == "reshoot" and place > 0:
                told, own = await self._film(audience, place)
            variant = await self._panels(told, own, audience, place, taken)
            taken += [panel.caption for panel in variant.panels if panel.caption]
            variants.append(variant if own is beats else variant.model_copy(update={"beats": own}))
        return StoryboardDraft(title=outline.title, idea=outline.idea, beats=beats, variants=tuple(variants))

    async def shot(
        self, outline: OutlineDraft, known: BeatDraft, shot: ShotId, number: int, after: Framing | None = None
    ) -> BeatDraft:
        """One shot in words: `number` of the outline's, not framed like the one before it. Raises WriterFailed.

        `known` is what the house has for it; its beat is kept.
        """
        campaign = self.campaign
        gone = {cameo for where, cameo in self.refused if where == shot}
        people = [one for one in campaign.cameos if one.id not in gone]
        shown = shelf_of(campaign).resolve(SHOT).user
        film: dict[str, Any] = {"hero": outline.hero, "place": outline.place}
        if people:
            film["people"] = [{"id": one.id, "looks": one.description} for one in people]
        wanted = {
            "number": number,
            "of": len(outline.shots),
            "beat": known.beat,
            "happens": outline.shots[number - 1],
            "seconds": str(plan_lengths(campaign, len(outline.shots)).shots[number - 1]),
        }

        def cast(draft: ShotDraft) -> BeatDraft:
            return as_cast(campaign, beat_of(known.beat, draft))

        def rules(beat: BeatDraft) -> tuple[Finding, ...]:
            return check_shot(campaign, shot, beat, shown, self.day)

        def draft_rules(draft: ShotDraft) -> tuple[Finding, ...]:
            return rules(cast(draft))

        task = self._task(
            SHOT,
            {
                "film": with_initials(campaign, film),
                "wanted": self._asked(with_initials(campaign, wanted), self._about(shot)),
            },
            shot_form([str(one.id) for one in people], has_picture=campaign.product.image is not None, after=after),
            lambda: shot_of(known),
            Insist(draft_rules),
        )

        def mend(beat: BeatDraft, wrong: Sequence[Finding]) -> BeatDraft:
            mended = mend_shot(campaign, beat, wrong, outline.hero)
            return mend_shot(campaign, mended, rules(mended))

        written = await self._written(task)
        return self._mended(written, cast(written.value), rules, mend)

    def house_shot(self, variant: str, number: int, known: BeatDraft) -> BeatDraft:
        """What the house plans as shot `number` of a variant's own film, or of the one that all share (no letter);
        `known` where it plans none.
        """
        audiences = {variant_id(place): audience for place, audience in enumerate(self.campaign.audiences)}
        beats = self._house_beats(audiences.get(variant, self.campaign.audiences[0]))
        return beats[number - 1].model_copy(update={"beat": known.beat}) if number <= len(beats) else known

    async def _film(self, audience: Audience, place: int) -> tuple[OutlineDraft, tuple[BeatDraft, ...]]:
        """The outline for one audience and its shots, in the shape that the shot library has for such a goal."""
        house = self._house_beats(audience)
        wanted = {"beats": [one.beat for one in house], "audience": about_audience(audience)}
        shown = shelf_of(self.campaign).resolve(OUTLINE).user

        def rules(draft: OutlineDraft) -> tuple[Finding, ...]:
            return check_outline(self.campaign, draft, len(house), shown)

        task = self._task(
            OUTLINE,
            {"wanted": self._asked(wanted, ())},
            outline_form(len(house)),
            lambda: outline_of(self._house.title, self._house.idea, house),
            Insist(rules, hard=("draft.shots",)),
        )
        written = await self._written(task)
        stand_in = choose_world(self.campaign).people[0]
        outline = self._mended(written, written.value, rules, lambda one, _: mend_outline(self.campaign, one, stand_in))
        prefix = f"{variant_id(place)}." if place > 0 else ""
        beats: list[BeatDraft] = []
        for number, known in enumerate(house, 1):
            after = beats[-1].framing if beats else None
            beats.append(await self.shot(outline, known, ShotId(f"{prefix}shot.{number}"), number, after))
        return outline, tuple(beats)

    async def _panels(
        self, outline: OutlineDraft, beats: tuple[BeatDraft, ...], audience: Audience, place: int, taken: Sequence[str]
    ) -> VariantDraft:
        """What one variant writes over the shots; `taken` is what those before it say."""
        campaign = self.campaign
        shown = shelf_of(campaign).resolve(PANELS).user
        about = Overlay(campaign, audience, beats, self.day, tuple(taken), shown)
        wanted: dict[str, Any] = {
            "language": language_of(campaign.locale),
            "audience": about_audience(audience),
            "callouts": {one: callout.text for one, callout in about.callouts.items()},
            **({"said_to_others": list(taken)} if taken else {}),
        }

        def rules(words: PanelsDraft) -> tuple[Finding, ...]:
            return check_panels(about, words)

        house = next(one for one in self._house.variants if one.audience == audience.id)
        task = self._task(
            PANELS,
            {
                "film": {"idea": outline.idea, "hero": outline.hero, "beats": [one.beat for one in beats]},
                "wanted": self._asked(wanted, self._about(f"variant {variant_id(place)}")),
            },
            panels_form(len(beats), tuple(about.callouts), may_reorder=campaign.variants == "recut" and place > 0),
            lambda: panels_of(house, len(beats)),
            Insist(rules),
        )
        written = await self._written(task)
        return variant_of(
            about, self._mended(written, written.value, rules, lambda one, wrong: mend_panels(about, one, wrong))
        )

    def _task(
        self,
        prompt: str,
        inputs: Mapping[str, Any],
        form: type[V],
        house: Callable[[], V],
        check: Callable[[V], tuple[Finding, ...]],
    ) -> Task[V]:
        given = {"brief": about_campaign(self.campaign), **inputs}
        shelf = shelf_of(self.campaign)
        return Task(prompt=prompt, inputs=given, output=form, house=house, check=check, shelf=shelf)

    async def _written(self, task: Task[Any]) -> Written[Any]:
        written = await self.write(task)
        self.written.append(written)
        return written

    def _mended(self, written: Written[Any], value: V, rules: Rules[V], mend: Mend[V]) -> V:
        """The value without what is still wrong with it after the model was asked. The house has manners already."""
        found = () if written.by == HOUSE else rules(value)
        self.struck += [f"{one.place}: {one.rule}" for one in found]
        return mend(value, found) if found else value

    def _asked(self, wanted: Mapping[str, Any], findings: Sequence[str]) -> dict[str, Any]:
        """What is wanted, with a reviewer's note and a checker's findings only where there are any."""
        note = {"note": self.note} if self.note else {}
        return {**wanted, **note, **({"must_be_gone": list(findings)} if findings else {})}

    def _about(self, place: str) -> list[str]:
        """What a checker found at one shot or variant of an earlier plan."""
        return [
            str(one) for one in self.findings if one.place == place or one.place.startswith((f"{place},", f"{place} "))
        ]

    @cached_property
    def _house(self) -> StoryboardDraft:
        return draft_storyboard(self.campaign, self.day, self.refused, self.note)

    def _house_beats(self, audience: Audience) -> tuple[BeatDraft, ...]:
        own = next((one.beats for one in self._house.variants if one.audience == audience.id), ())
        return own or self._house.beats
