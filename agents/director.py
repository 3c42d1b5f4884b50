"""The Director: from goal, catalog and audience to storyboards, and to the next round's when something did not work.

A writer proposes a draft; everything exact follows by rule (`agents.planning`), whoever wrote it. The house drafts a
storyboard at once. A chat model is asked in parts, one shot a call: a small one loses the thread of a long answer, what
is wrong with one shot sends back one shot, and what may be cited is in the schema of the call. `whole` asks in one call
all the same: with a large model that saves most of the words that are sent.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from callsheet.agents.house.planner import draft_storyboard
from callsheet.agents.planning.again import plan_again
from callsheet.agents.planning.asking import with_initials
from callsheet.agents.planning.board import compile_board, variant_id
from callsheet.agents.planning.by_parts import Parts
from callsheet.agents.planning.claims import callouts, usable_claims
from callsheet.agents.planning.draft import BeatDraft, StoryboardDraft
from callsheet.agents.planning.edits import EditRefused, apply_edits
from callsheet.agents.planning.lengths import plan_lengths
from callsheet.agents.planning.recast import naming_nobody, without
from callsheet.agents.planning.review import review_draft, strike
from callsheet.agents.planning.reword import RewordDraft, apply_words, check_words, house_words, refused_shots
from callsheet.agents.planning.shots_again import shots_again, shots_meant
from callsheet.agents.planning.wording import palette_words
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import refused_roles
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, ShotId
from callsheet.domain.shot import Framing, Light, Movement
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.telemetry import ReshootRequest
from callsheet.prompts.library import casting_words, library_ref
from callsheet.prompts.shelf import shelf_of
from callsheet.tools.writer import HouseWriter, Task, Writer, Written

__all__ = ["Director", "EditRefused"]

PROMPT = "director/storyboard"
REWORD = "director/reword"


def _unheard(_written: Written[Any]) -> None:
    """Nobody keeps the books: a plan outside a run."""


class Director:
    """Plans shots and variants.

    `day` says which claims are in force (without it, only claims that know no dates are used); `told` hears of
    everything written: by whom, from which prompt, for how many tokens.
    """

    def __init__(
        self,
        writer: Writer,
        day: Callable[[], date] | None = None,
        told: Callable[[Written[Any]], object] = _unheard,
        *,
        whole: bool = False,
    ) -> None:
        self._writer = writer
        self._day = day
        self._told = told
        self._is_whole = whole or isinstance(writer, HouseWriter)

    async def plan(
        self,
        campaign: Campaign,
        findings: Sequence[Finding] = (),
        note: str = "",
        current: Storyboard | None = None,
    ) -> Storyboard:
        """A storyboard for the campaign. Findings and a reviewer's note about an earlier one are put right.

        Raises WriterFailed when a chat model gives nothing usable.
        """
        if not self._is_whole:
            return await self._plan_by_parts(campaign, findings, note, current)
        today = self._today()
        refused = refused_roles(findings)
        wanted = len(plan_lengths(campaign).shots)
        task = Task(
            prompt=PROMPT,
            inputs=_inputs(campaign, findings, note, current, today),
            output=StoryboardDraft,
            house=lambda: draft_storyboard(campaign, today, refused, note),
            check=lambda draft: review_draft(campaign, draft, wanted, today),
            shelf=shelf_of(campaign),
        )
        written = await self._write(task)
        draft = _without(campaign, written.value, refused)
        notes = [f"written by {written.by} from {written.prompt}", f"shots worded by {library_ref()}"]
        if written.by == "house" and not campaign.locale.casefold().startswith("en"):
            notes.append(f"the house writes English; for {campaign.locale} only the campaign's own words are shown")
        struck = strike(campaign, compile_board(campaign, draft, today, notes), findings)
        return naming_nobody(campaign, struck, {cameo for _, cameo in refused})

    async def _plan_by_parts(
        self, campaign: Campaign, findings: Sequence[Finding], note: str, current: Storyboard | None
    ) -> Storyboard:
        """The same in small calls. Where a plan exists, only the shots that somebody named are asked for again."""
        today, refused = self._today(), refused_roles(findings)
        parts = Parts(self._write, campaign, today, findings, note, refused)
        meant = shots_meant(current, findings, note) if current else ()
        if current is not None and (meant or (findings and not note)):
            board = await shots_again(parts, without(campaign, current, refused), meant)
            board = board.model_copy(update={"notes": (*board.notes, *_by_rule(parts))})
        else:
            draft = _without(campaign, await parts.draft(), refused)
            by = dict.fromkeys(f"written by {one.by} from {one.prompt}" for one in parts.written)
            notes = [*by, f"shots worded by {library_ref()}", *_by_rule(parts)]
            board = compile_board(campaign, draft, today, notes)
        return naming_nobody(campaign, strike(campaign, board, findings), {cameo for _, cameo in refused})

    async def _write(self, task: Task[Any]) -> Written[Any]:
        written = await self._writer.write(task)
        self._told(written)
        return written

    async def revise(self, campaign: Campaign, storyboard: Storyboard, request: ReshootRequest) -> Storyboard:
        """The next round: the asked shots change, all others keep their ids and prompts, so their takes are adopted."""
        return plan_again(campaign, storyboard, request)

    async def reword(
        self, campaign: Campaign, storyboard: Storyboard, refusals: Sequence[Finding], before: Mapping[ShotId, int]
    ) -> Storyboard:
        """The storyboard with the refused shots in other words; `before` counts how often each was refused already.

        Raises WriterFailed when a chat model gives nothing usable.
        """
        shots = refused_shots(storyboard, refusals)
        task = Task(
            prompt=REWORD,
            inputs={
                "campaign": {
                    "goal": campaign.goal,
                    "product": campaign.product.name,
                    "category": campaign.product.category,
                    "avoid": campaign.brand.avoid,
                },
                "shots": with_initials(
                    campaign,
                    [
                        shot.model_dump(mode="json", include={"id", "beat", "subject", "setting", "action", "audio"})
                        for shot in shots
                    ],
                ),
                "refusals": [
                    {"shot": one.place, "said": one.evidence, "before": before.get(ShotId(one.place), 0)}
                    for one in refusals
                ],
            },
            output=RewordDraft,
            house=lambda: house_words(shots, before),
            check=lambda draft: check_words(draft, shots),
            shelf=shelf_of(campaign),
        )
        written = await self._write(task)
        return apply_words(campaign, storyboard, written.value)

    def recast(self, campaign: Campaign, storyboard: Storyboard, findings: Sequence[Finding]) -> Storyboard:
        """The storyboard without the people Casting refuses; every other shot, and every word over it, stays."""
        return without(campaign, storyboard, refused_roles(findings))

    def edit(self, campaign: Campaign, storyboard: Storyboard, edits: Mapping[str, str]) -> Storyboard:
        """The storyboard with a person's changes, such as `{"shot.3.seconds": "4"}`. Raises EditRefused."""
        return apply_edits(campaign, storyboard, edits, self._today())

    def _today(self) -> date | None:
        return self._day() if self._day else None


def _inputs(
    campaign: Campaign, findings: Sequence[Finding], note: str, current: Storyboard | None, day: date | None
) -> dict[str, Any]:
    """What a model may know. A person's name stays at home; the description says how they may be shown."""
    product, brand = campaign.product, campaign.brand
    lengths = plan_lengths(campaign)
    return {
        "campaign": {
            "goal": campaign.goal,
            "product": {"name": product.name, "category": product.category, "description": product.description},
            "has_picture": product.image is not None,
            "facts_and_claims": [one.model_dump(mode="json") for one in callouts(campaign, day)],
            "approved_claims": [claim.text for claim in usable_claims(campaign, day)],
            "brand": {
                "tone": brand.tone,
                "palette": palette_words(brand.palette),
                "avoid": brand.avoid,
                "call_to_action": brand.call_to_action,
            },
            "audiences": [audience.model_dump(mode="json") for audience in campaign.audiences],
            "markets": campaign.markets,
            "locale": campaign.locale,
        },
        "people": with_initials(campaign, [{"id": one.id, "description": one.description} for one in campaign.cameos]),
        "vocabulary": {
            "beat": ["hook", "problem", "product", "proof", "payoff"],
            "framing": [word.value for word in Framing],
            "movement": [word.value for word in Movement],
            "light": [word.value for word in Light],
        },
        "wanted": {
            "shots": len(lengths.shots),
            "seconds_each": [str(seconds) for seconds in lengths.shots],
            "variants": [audience.id for audience in campaign.audiences],
            "each_variant_has_its_own_shots": campaign.variants == "reshoot",
        },
        "current": with_initials(campaign, current.model_dump(mode="json")) if current else None,
        "findings": [str(finding) for finding in findings],
        "note": note,
    }


def _by_rule(parts: Parts) -> tuple[str, ...]:
    """What a rule put right after the model had been asked once."""
    return (f"put right by rule: {'; '.join(parts.struck)}",) if parts.struck else ()


def _without(campaign: Campaign, draft: StoryboardDraft, refused: frozenset[tuple[ShotId, CameoId]]) -> StoryboardDraft:
    """The draft with nobody in a role that Casting refused, whoever wrote it: neither by id nor by description."""
    descriptions = {str(cameo.id): cameo.description for cameo in campaign.cameos if cameo.description}
    places = {audience.id: variant_id(place) for place, audience in enumerate(campaign.audiences)}

    def cleared(beats: Sequence[BeatDraft], prefix: str) -> tuple[BeatDraft, ...]:
        return tuple(clear(beat, ShotId(f"{prefix}shot.{number}")) for number, beat in enumerate(beats, 1))

    def clear(beat: BeatDraft, shot: ShotId) -> BeatDraft:
        if beat.cameo is None or (shot, CameoId(beat.cameo)) not in refused:
            return beat
        described = descriptions.get(beat.cameo, "")
        subject = casting_words().stranger if described and described in beat.subject else beat.subject
        return beat.model_copy(update={"cameo": None, "subject": subject})

    variants = tuple(
        variant.model_copy(update={"beats": cleared(variant.beats, f"{places.get(variant.audience, 'a')}.")})
        for variant in draft.variants
    )
    return draft.model_copy(update={"beats": cleared(draft.beats, ""), "variants": variants})
