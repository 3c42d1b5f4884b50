"""From cuts to batches: every piece once, every file once, every signature once. Equal input makes equal ids."""

from collections.abc import Sequence

from callsheet.domain.clearance import clear_cuts
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.finding import Finding
from callsheet.domain.identity import BatchId, JobId, RunId
from callsheet.domain.record import digest_of
from callsheet.domain.storyboard import CallSheet
from callsheet.graphs.brief import load_campaign
from callsheet.graphs.crew import Crew
from callsheet.graphs.state import CampaignState
from callsheet.jobs.port import Batch, Job
from callsheet.storage import record as records
from callsheet.storage import segment as pieces
from callsheet.tools.edit import Segment, Soundtrack, segments, soundtrack


async def judge_cuts(crew: Crew, state: CampaignState) -> tuple[Finding, ...]:
    """Hold the cuts of a run against claims and releases as they stand at this moment."""
    campaign = await load_campaign(crew, state)
    cuts = [await crew.archive.load(Cut, one) for one in state["cuts"]]
    sheet = await crew.archive.load(CallSheet, state["call_sheet"])
    claims, cameos = await crew.database.read(
        lambda tx: (
            records.claims(tx, campaign.name, campaign.claims),
            records.cameos(tx, tuple(one.id for one in campaign.cameos)),
        )
    )
    cast = {role.shot: role.cameo for role in sheet.roles}
    return clear_cuts(campaign, cuts, claims, cast, cameos, crew.clock())


async def segment_batch(crew: Crew, run: str, round_number: int, cuts: Sequence[Cut]) -> Batch:
    """The pieces of these cuts that were never encoded, each once; the longest first, so the tail is short."""
    parts: dict[str, Segment | Soundtrack] = {}
    for cut in cuts:
        of_cut: tuple[Segment | Soundtrack, ...] = (*segments(cut), soundtrack(cut))
        for part in of_cut:
            parts.setdefault(part.key, part)
    known = await crew.database.read(lambda tx: {key for key in parts if pieces.recall(tx, key)})
    new = sorted(
        ((key, part) for key, part in parts.items() if key not in known), key=lambda pair: (-pair[1].frames, pair[0])
    )
    jobs = tuple(
        Job(
            id=JobId(f"{run}.piece.{key[:40]}"),
            kind="segment",
            payload={
                "kind": "sound" if isinstance(part, Soundtrack) else "picture",
                "part": part.model_dump(mode="json"),
            },
        )
        for key, part in new
    )
    return _batch(run, round_number, "2-pieces", jobs)


def conform_batch(run: str, round_number: int, cuts: Sequence[Cut]) -> Batch:
    """One job a file."""
    jobs = tuple(
        Job(id=JobId(f"{run}.file.{cut.digest[:40]}"), kind="conform", payload={"cut": cut.model_dump(mode="json")})
        for cut in cuts
    )
    return _batch(run, round_number, "3-files", jobs)


def sign_batch(run: str, round_number: int, unsigned: Sequence[tuple[Deliverable, Cut]], sheet: CallSheet) -> Batch:
    """One signature a file."""
    jobs = tuple(
        Job(
            id=JobId(f"{run}.sign.{digest_of([one.essence, one.name])[:40]}"),
            kind="sign",
            payload={"deliverable": one.model_dump(mode="json"), **_sources(cut, sheet)},
        )
        for one, cut in unsigned
    )
    return _batch(run, round_number, "4-sign", jobs)


def _sources(cut: Cut, sheet: CallSheet) -> dict[str, list[str]]:
    shots = {clip.shot for clip in cut.clips}
    return {
        "takes": [clip.take for clip in cut.clips],
        "releases": sorted({role.release for role in sheet.roles if role.shot in shots}),
        "claims": sorted({text.claim for text in cut.supers if text.claim}),
    }


def _batch(run: str, round_number: int, stage: str, jobs: tuple[Job, ...]) -> Batch:
    mark = digest_of(sorted(job.id for job in jobs))[:8]
    return Batch(id=BatchId(f"{run}.{round_number}.{stage}.{mark}"), run=RunId(run), jobs=jobs)
