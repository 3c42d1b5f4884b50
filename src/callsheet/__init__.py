"""Callsheet: a crew of agents that turns a campaign folder into finished, cleared, costed video ads.

    async with Callsheet.open() as callsheet:
        run = await callsheet.start("spring")
        await run.go_on()

Everything a user needs is here; it is imported when it is first used, so that `import callsheet` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from callsheet.domain.principal import Principal
    from callsheet.graphs.campaign import build_campaign_graph
    from callsheet.graphs.crew import Crew
    from callsheet.session import Callsheet, CampaignRun
    from callsheet.settings import Settings
    from callsheet.standing import Costs, FinishedFile, OpenGate
    from callsheet.toolbox import open_toolbox
    from callsheet.tools.intake import read_campaign

__all__ = [
    "Callsheet",
    "CampaignRun",
    "Costs",
    "Crew",
    "FinishedFile",
    "OpenGate",
    "Principal",
    "Settings",
    "build_campaign_graph",
    "open_toolbox",
    "read_campaign",
]

_HOMES = {
    "Callsheet": "session",
    "CampaignRun": "session",
    "Costs": "standing",
    "Crew": "graphs.crew",
    "FinishedFile": "standing",
    "OpenGate": "standing",
    "Principal": "domain.gate",
    "Settings": "settings",
    "build_campaign_graph": "graphs.campaign",
    "open_toolbox": "toolbox",
    "read_campaign": "tools.intake",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"callsheet.{_HOMES[name]}"), name)
    raise AttributeError(f"callsheet has no {name}; it offers {', '.join(__all__)}")
