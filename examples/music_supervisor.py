"""Adds an agent to the campaign graph: a music supervisor who picks a mood before the plan is cleared."""

import asyncio
from pathlib import Path

from langgraph.checkpoint.memory import InMemorySaver

from callsheet import Callsheet, Settings, build_campaign_graph
from callsheet.domain.storyboard import Storyboard
from callsheet.graphs.state import CampaignInput, CampaignState


async def main(folder: str, home: str) -> str:
    """Plan a campaign with a music supervisor in the crew, up to the greenlight."""
    async with Callsheet.open(Settings(home=Path(home))) as callsheet:
        crew = callsheet.studio.crew
        graph = build_campaign_graph(crew)

        async def music_supervisor(state: CampaignState) -> None:
            storyboard = await crew.archive.load(Storyboard, state["storyboard"])
            quick = sum(1 for shot in storyboard.shots if "push" in shot.movement or "tracking" in shot.movement)
            print("music:", "driving" if 2 * quick >= len(storyboard.shots) else "warm")  # noqa: T201 - it speaks to you

        graph.add_node("music_supervisor", music_supervisor)
        graph.add_edge("director", "music_supervisor")
        run = await callsheet.start(folder)
        status = await run.status()
        compiled = graph.compile(checkpointer=InMemorySaver())
        given: CampaignInput = {"run": run.id, "campaign": status.bundle}
        out = await compiled.ainvoke(given, {"configurable": {"thread_id": run.id}}, version="v2")
        return str(out.interrupts[0].value["action_requests"][0]["description"])


if __name__ == "__main__":
    import sys

    print(asyncio.run(main(sys.argv[1], sys.argv[2])))  # noqa: T201 - it speaks to you
