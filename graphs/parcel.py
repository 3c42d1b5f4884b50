"""What leaves with a file: where it may run, and what is declared about it by the rules of the day it leaves."""

import asyncio
from collections.abc import Sequence

from callsheet.domain.campaign import Campaign
from callsheet.domain.clearance import stops
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.error import Refused
from callsheet.domain.finding import Finding
from callsheet.domain.labelling import upload_flags, upload_sheet
from callsheet.domain.origin import declared_source_type
from callsheet.domain.showing import ShownFile
from callsheet.domain.storyboard import Storyboard
from callsheet.graphs.crew import Crew
from callsheet.graphs.label import judge_labels, labelled_today
from callsheet.tools.publish.port import Parcel

_ANEW = (
    "The rules on labels are not those of the day it was cut: `callsheet run FOLDER` cuts it by today's rules, from "
    "the takes that are paid for"
)


class NoLongerCleared(Refused):
    """A release, a claim or a rule on labels moved on between approval and publishing."""

    def __init__(self, found: Sequence[Finding]) -> None:
        said = "; ".join(map(str, found))
        is_label = any(one.rule.startswith("label: ") for one in found)
        super().__init__(f"nothing was published: {said}{'. ' + _ANEW if is_label else ''}")
        self.findings = tuple(found)


async def parcel(crew: Crew, campaign: Campaign, storyboard: Storyboard, shown: ShownFile, file: Deliverable) -> Parcel:
    """A file with what is said of it today. Its pictures are of another day: raises NoLongerCleared if they say less
    than must be visible now.
    """
    cut, day = await crew.archive.load(Cut, file.cut), crew.clock().date()
    if unlabelled := stops(judge_labels(campaign, (cut,), storyboard, day)):
        raise NoLongerCleared(unlabelled)
    said = labelled_today(campaign, cut, storyboard, day)
    return Parcel(
        name=file.name,
        placement=file.placement,
        file=await asyncio.to_thread(crew.media.path, file.file),
        approved=file.file,
        markets=shown.markets or tuple(campaign.markets),
        alternate=shown.alternate,
        flags=upload_flags(said),
        disclosures=upload_sheet(said, declared_source_type(cut)),
    )
