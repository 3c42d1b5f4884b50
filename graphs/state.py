"""The state of a campaign graph: ids and hashes, never bytes or documents. Every key has one writer a step."""

from typing import TypedDict


class CampaignInput(TypedDict):
    """What a run of the graph is given: the run's id and the frozen campaign, both in the workspace already."""

    run: str
    campaign: str


class CampaignState(CampaignInput):
    """What the graph remembers between nodes. The edges see to it that a node reads only what was written before it."""

    round: int
    returns: int
    changes: int
    storyboard: str
    call_sheet: str
    findings: list[str]
    objections: list[str]
    showing: str
    gate: str
    answer: str
    takes: dict[str, str]
    lost: list[str]
    refused: list[str]
    refusals: dict[str, int]
    stops_at_dailies: bool
    cuts: list[str]
    deliverables: list[str]
    readings: str
    decision: str
    next: str
    unwritten: str
    stuck: str
    by_house: str
    wish: str
    doubts: list[str]
    outcome: str
    reason: str


class CampaignUpdate(TypedDict, total=False):
    """What a node changes: the same keys, any of them. The run and its campaign stay what they were."""

    round: int
    returns: int
    changes: int
    storyboard: str
    call_sheet: str
    findings: list[str]
    objections: list[str]
    showing: str
    gate: str
    answer: str
    takes: dict[str, str]
    lost: list[str]
    refused: list[str]
    refusals: dict[str, int]
    stops_at_dailies: bool
    cuts: list[str]
    deliverables: list[str]
    readings: str
    decision: str
    next: str
    unwritten: str
    stuck: str
    by_house: str
    wish: str
    doubts: list[str]
    outcome: str
    reason: str


class CampaignOutput(TypedDict, total=False):
    """What a run of the graph gives back."""

    outcome: str
    reason: str
    deliverables: list[str]
