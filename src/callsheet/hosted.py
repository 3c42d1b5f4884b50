"""The campaign graph for a LangGraph server: `langgraph.json` names `graph` here. It carries no checkpointer.

The host keeps threads and drives the graph; this process does the paid and slow work beside it, unless another worker
of the workspace already does. A run begins with `Callsheet.start`, which freezes the campaign and gives the input.
"""

import asyncio
import threading
from functools import cache
from typing import Any

from langchain_core.runnables import RunnableConfig

from callsheet.graphs.campaign import build_campaign_graph
from callsheet.settings import Settings
from callsheet.wiring import Studio, open_studio


async def graph(config: RunnableConfig) -> Any:  # noqa: ARG001 - the host passes it; the settings say everything
    """The compiled graph on the workspace that the settings name."""
    studio = await asyncio.to_thread(_studio)
    return build_campaign_graph(studio.crew).compile()


@cache
def _studio() -> Studio:
    studio = open_studio(Settings())
    threading.Thread(target=lambda: asyncio.run(_work(studio)), name="callsheet-worker", daemon=True).start()
    return studio


async def _work(studio: Studio) -> None:
    async with studio.jobs.work(studio.work):
        await asyncio.Event().wait()
