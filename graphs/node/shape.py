"""The shape of a node: state in, changes out."""

from typing import Protocol

from callsheet.graphs.state import CampaignState, CampaignUpdate


class Node(Protocol):
    """An async function of the state."""

    async def __call__(self, state: CampaignState) -> CampaignUpdate:
        """Do one thing."""
        ...
