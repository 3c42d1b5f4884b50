"""From cuts to batches: every piece once, every file once, every signature once. Equal input makes equal ids."""

from collections.abc import Sequence

from callsheet.domain.clearance import clear_cuts
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.finding import Finding
from callsheet.domain.identity import BatchId, Digest, JobId, RunId
from callsheet.domain.origin import Origin
from callsheet.domain.record import digest_of
from callsheet.domain.storyboard import CallSheet, Storyboard
from callsheet.graphs.brief import legal_book, load_campaign
from callsheet.graphs.crew import Crew
from callsheet.graphs.label import judge_labels
from callsheet.graphs.state import CampaignState
from callsheet.jobs.port import Batch, Job
from callsheet.storage import cameo as people
from callsheet.storage import segment as pieces
from callsheet.tools.edit import Segment, Soundtrack, drawn_legal, segments, soundtrack
from callsheet.tools.rules.shipped import shipped_rules


async def judge_cuts(crew: Crew, state: CampaignState) -> tuple[Finding, ...]:
    """Hold the cuts of a run against claims, releases and rules on labels as they stand at this moment."""
    campaign = await load_campaign(crew, state)
    cuts = [await crew.archive.load(Cut, one) for one in state["cuts"]]
    sheet = await crew.archive.load(CallSheet, state["call_sheet"])
    legal = await legal_book(crew, campaign)
    cameos = await crew.database.read(people.every)
    cast = {role.shot: role.cameo for role in sheet.roles}
    storyboard = await crew.archive.load(Storyboard, state["storyboard"])
    unlabelled = judge_labels(campaign, cuts, storyboard, crew.clock().date())
    cleared = clear_cuts(campaign, cuts, legal, cast, cameos, crew.clock(), rules=shipped_rules(), draw=drawn_legal)
    return (*cleared, *unlabelled)


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


def sign_batch(run: str, round_number: int, unsigned: Sequence[tuple[Deliverable, Origin]]) -> Batch:
    """One signature a file: what looks the same and has the same sources, releases and claims is signed once.

    The storyboard is no part of the id: a variant that a later round left alone keeps the file that was approved.
    """
    jobs = tuple(
        Job(
            id=JobId(f"{run}.sign.{_signature(one, origin)[:40]}"),
            kind="sign",
            payload={"deliverable": one.model_dump(mode="json"), "origin": origin.model_dump(mode="json")},
        )
        for one, origin in unsigned
    )
    return _batch(run, round_number, "4-sign", jobs)


def _signature(one: Deliverable, origin: Origin) -> Digest:
    lasting = origin.model_dump(mode="json", exclude={"storyboard", "call_sheet"})
    return digest_of([one.essence, one.name, lasting])


def _batch(run: str, round_number: int, stage: str, jobs: tuple[Job, ...]) -> Batch:
    mark = digest_of(sorted(job.id for job in jobs))[:8]
    return Batch(id=BatchId(f"{run}.{round_number}.{stage}.{mark}"), run=RunId(run), jobs=jobs)
