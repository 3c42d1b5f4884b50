"""The nodes after the shoot: the editor lays out cuts, they are cleared, encoded and signed."""

from collections.abc import Callable
from functools import partial

from callsheet.domain.campaign import Campaign
from callsheet.domain.clearance import stops
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.event import CutAssembled, CutCleared, CutReturned, DeliverableFinished
from callsheet.domain.identity import Digest
from callsheet.domain.storyboard import CallSheet, Storyboard
from callsheet.domain.telemetry import AnalystDecision, TrimRequest
from callsheet.graphs.brief import load_campaign
from callsheet.graphs.choosing import circled_takes, may_arrange
from callsheet.graphs.consent import uncovered, while_covered, withheld
from callsheet.graphs.credentials import origins, verified, watermarks
from callsheet.graphs.crew import Crew
from callsheet.graphs.node.shape import Node
from callsheet.graphs.node.shoot import circle_event
from callsheet.graphs.post import conform_batch, judge_cuts, segment_batch, sign_batch
from callsheet.graphs.showing import taken
from callsheet.graphs.state import CampaignState, CampaignUpdate
from callsheet.jobs.port import Batch, Done, Jobs, Undone


class PostFailed(RuntimeError):
    """A file could not be made. Nothing that was bought is lost; `callsheet resume` tries again."""


def editor_node(crew: Crew) -> Node:
    """Circle takes and lay out one cut for each variant and placement; after a trim request, with the shorter shot."""

    async def editor(state: CampaignState) -> CampaignUpdate:
        campaign = await load_campaign(crew, state)
        storyboard = await crew.archive.load(Storyboard, state["storyboard"])
        if state.get("next") == "trim":
            request = (await crew.archive.load(AnalystDecision, state["decision"])).request
            storyboard = _trimmed(crew, campaign, storyboard, request)
        elif await may_arrange(crew, state):
            storyboard = await crew.editor.arrange(campaign, storyboard)
        circled = await circled_takes(crew, state, campaign, storyboard, await taken(crew, state))
        cuts = crew.editor.cut(campaign, storyboard, circled.takes, campaign.locale, circled.reasons)
        await crew.archive.keep(state["run"], storyboard)
        await crew.archive.log(state["run"], circle_event({shot: take.id for shot, take in circled.takes.items()}))
        for cut in cuts:
            await crew.archive.keep(state["run"], cut, partial(_assembled, storyboard=storyboard, cut=cut))
        return {
            "storyboard": storyboard.digest,
            "round": storyboard.round,
            "cuts": [cut.digest for cut in cuts],
            "answer": "",
            "next": "",
        }

    return editor


def clear_cut_node(crew: Crew) -> Node:
    """Hold the cuts against claims and releases as they stand at this moment.

    No other cut of these takes helps where somebody in them may not be shown any more: that goes to the Director.
    """

    async def clear_the_cut(state: CampaignState) -> CampaignUpdate:
        digests = tuple(Digest(one) for one in state["cuts"])
        if refused := await uncovered(crew, state):
            kept = await crew.archive.keep_all(refused)
            words = tuple(str(one) for one in refused)
            await crew.archive.log(state["run"], CutReturned(cuts=digests, findings=words, kept=kept))
            return withheld(state, refused)
        found = await judge_cuts(crew, state)
        if stopping := stops(found):
            words = tuple(str(one) for one in stopping)
            kept = await crew.archive.keep_all(stopping)
            await crew.archive.log(state["run"], CutReturned(cuts=digests, findings=words, kept=kept))
            stopped = [one.model_dump_json() for one in stopping]
            return {"findings": stopped, "returns": state["returns"] + 1, "reason": "; ".join(words)}
        await crew.archive.log(state["run"], CutCleared(cuts=digests, notes=tuple(str(one) for one in found)))
        return {"findings": [], "returns": 0, "reason": ""}

    return clear_the_cut


def assemble_node(crew: Crew) -> Node:
    """Encode the cuts: every new piece once, then each file from its pieces."""

    async def assemble(state: CampaignState) -> CampaignUpdate:
        cuts = [await crew.archive.load(Cut, one) for one in state["cuts"]]
        await _all_done(crew.jobs, await segment_batch(crew, state["run"], state["round"], cuts))
        made = await _all_done(crew.jobs, conform_batch(state["run"], state["round"], cuts))
        kept = [await crew.archive.keep(state["run"], Deliverable.model_validate(one)) for one in made]
        return {"deliverables": list(kept)}

    return while_covered(crew, assemble)


def sign_node(crew: Crew) -> Node:
    """Put content credentials into each file, once; what is asked about at release is what ships."""

    async def sign(state: CampaignState) -> CampaignUpdate:
        files = [await crew.archive.load(Deliverable, one) for one in state["deliverables"]]
        cuts = {one.cut: await crew.archive.load(Cut, one.cut) for one in files}
        sheet = await crew.archive.load(CallSheet, state["call_sheet"])
        told = await origins(crew, state, list(cuts.values()), sheet, await taken(crew, state))
        unsigned = [(one, told[one.cut]) for one in files]
        made = await _all_done(crew.jobs, sign_batch(state["run"], state["round"], unsigned))
        signed = [Deliverable.model_validate(one) for one in made]
        kept = [await crew.archive.keep(state["run"], one, _finished(one, cuts[one.cut])) for one in signed]
        read = [verified(one, one.seal, one.seal.readings, "signed") for one in signed if one.seal is not None]
        await crew.archive.log(state["run"], *read)
        return {"deliverables": list(kept)}

    return while_covered(crew, sign)


def _trimmed(crew: Crew, campaign: Campaign, storyboard: Storyboard, request: object) -> Storyboard:
    if not isinstance(request, TrimRequest):
        raise TypeError("a trim needs the Analyst's request for one")
    return crew.editor.trim(campaign, storyboard, request)


def _assembled(digest: Digest, storyboard: Storyboard, cut: Cut) -> CutAssembled:
    return CutAssembled(
        cut=digest,
        storyboard=storyboard.digest,
        variant=cut.variant,
        placement=cut.placement,
        takes=tuple(clip.take for clip in cut.clips),
        claims=tuple(sorted({text.claim for text in cut.supers if text.claim})),
    )


def _finished(one: Deliverable, cut: Cut) -> Callable[[Digest], DeliverableFinished]:
    said = one.model_dump(include={"name", "cut", "essence", "file", "credentials"})
    return lambda kept: DeliverableFinished(deliverable=kept, watermark=watermarks(one, cut), **said)


async def _all_done(jobs: Jobs, batch: Batch) -> list[object]:
    await jobs.submit(batch)
    outcome = await jobs.outcome(batch)
    undone = [one.reason for one in outcome.values() if isinstance(one, Undone)]
    if undone:
        raise PostFailed(f"{len(undone)} of {len(batch.jobs)} files were not made: {'; '.join(sorted(set(undone)))}")
    return [one.result for job in batch.jobs if isinstance(one := outcome[job.id], Done)]
