"""The words that agents are given, frozen with the campaign: what a run began with is what it goes on with."""

from typing import Literal

from pydantic import Field

from callsheet.domain.record import Record

Origin = Literal["callsheet", "campaign"]


class FrozenPrompt(Record):
    """The whole text of one prompt as it was when the run began: shipped with Callsheet, or the campaign's own file.

    The text travels with the campaign, so that a newer program, or a file that was edited since, changes nothing.
    """

    name: str = Field(description="Whose and for what: role/task, such as director/shot.")
    origin: Origin = "callsheet"
    text: str = Field(description="Header and both sections, line ends as LF.")
