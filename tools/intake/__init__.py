"""Intake: reads a campaign folder into one validated bundle, and writes folders to begin with."""

from callsheet.tools.intake.problem import CampaignInvalid, Notice, Problem
from callsheet.tools.intake.reader import Bundle, read_campaign, unapproved
from callsheet.tools.intake.scaffold import EXAMPLES, AlreadyThere, write_campaign, write_example
from callsheet.tools.intake.schema import campaign_schema

__all__ = [
    "EXAMPLES",
    "AlreadyThere",
    "Bundle",
    "CampaignInvalid",
    "Notice",
    "Problem",
    "campaign_schema",
    "read_campaign",
    "unapproved",
    "write_campaign",
    "write_example",
]
