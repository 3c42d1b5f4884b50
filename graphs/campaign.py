"""The campaign graph: the whole loop from a frozen campaign to published, measured and improved cuts."""

from typing import Any

from langgraph.graph import END, START, StateGraph

from callsheet.graphs import lost, routing, showing
from callsheet.graphs.consent import while_covered
from callsheet.graphs.crew import Crew
from callsheet.graphs.node import gate, plan, post, release, shoot
from callsheet.graphs.state import CampaignInput, CampaignOutput, CampaignState
from callsheet.graphs.writing import WRITERS, rewrite_node, show_unwritten, writing_node

CampaignGraph = StateGraph[CampaignState, None, CampaignInput, CampaignOutput]

RECURSION_LIMIT = 150
"""Steps a run may take between two gates; a full round needs about fifteen."""


def build_campaign_graph(crew: Crew) -> CampaignGraph:
    """The graph, not compiled: add nodes, embed it, or compile it with a checkpointer of your own.

    Input: the id of a run and the hash of its frozen campaign, both in the crew's workspace (`Callsheet.start` puts
    them there). Gates are interrupts, so a checkpointer is needed to go past the first one.
    """
    graph: CampaignGraph = StateGraph(CampaignState, input_schema=CampaignInput, output_schema=CampaignOutput)
    _add_nodes(graph, crew)
    graph.add_edge(START, "load")
    for before, after in (
        ("load", "director"),
        ("open_writer", "writer"),
        ("open_greenlight", "greenlight"),
        ("open_topup", "topup"),
        ("open_purchase", "purchase"),
        ("telemetry", "analyst"),
        ("wrap", END),
    ):
        graph.add_edge(before, after)
    for node, route, choices in (
        ("director", routing.after_director, ["casting", "open_writer"]),
        ("casting", routing.after_casting, ["clear_plan", "open_writer"]),
        ("editor", routing.after_editor, ["clear_cut", "open_writer"]),
        ("writer", routing.after_writer, ["rewrite", "writer", "wrap"]),
        ("rewrite", routing.after_rewrite, list(WRITERS)),
        ("clear_plan", routing.after_clear_plan, ["open_greenlight", "open_topup", "director", "wrap"]),
        ("greenlight", routing.after_greenlight, ["shoot", "director", "greenlight", "wrap"]),
        ("topup", routing.after_topup, ["shoot", "director", "topup", "wrap"]),
        ("shoot", routing.after_shoot, ["open_purchase", "director", "open_dailies", "editor"]),
        ("purchase", routing.after_purchase, ["reconcile", "purchase"]),
        ("reconcile", routing.after_reconcile, ["shoot", "wrap"]),
        ("open_dailies", routing.after_open_dailies, ["dailies", "director"]),
        ("dailies", routing.after_dailies, ["editor", "dailies", "director", "wrap"]),
        ("clear_cut", routing.after_clear_cut, ["assemble", "editor", "director", "wrap"]),
        ("assemble", routing.after_assemble, ["sign", "director"]),
        ("sign", routing.after_sign, ["deliver", "director"]),
        ("deliver", routing.after_deliver, ["open_release", "director"]),
        ("open_release", routing.after_open_release, ["release", "director"]),
        ("release", routing.after_release, ["publish", "release", "director", "wrap"]),
        ("publish", routing.after_publish, ["telemetry", "director"]),
        ("analyst", routing.after_analyst, ["editor", "director", "open_writer", "wrap"]),
    ):
        graph.add_conditional_edges(node, route, choices)
    return graph


def _add_nodes(graph: CampaignGraph, crew: Crew) -> None:
    async def show_plan(state: CampaignState) -> Any:
        return await showing.show_plan(crew, state)

    async def show_lost(state: CampaignState) -> Any:
        return await lost.show_lost(crew, state)

    async def show_writer(state: CampaignState) -> Any:
        return await show_unwritten(crew, state)

    async def show_dailies(state: CampaignState) -> Any:
        return await showing.show_dailies(crew, state)

    async def show_release(state: CampaignState) -> Any:
        return await showing.show_release(crew, state)

    for name, node in (
        ("load", plan.load_node(crew)),
        ("director", writing_node(crew, "director", plan.director_node(crew))),
        ("casting", writing_node(crew, "casting", plan.casting_node(crew))),
        ("clear_plan", writing_node(crew, "clear_plan", plan.clear_plan_node(crew))),
        ("open_writer", gate.open_gate_node(crew, show_writer)),
        ("writer", gate.gate_node(crew)),
        ("rewrite", rewrite_node(crew)),
        ("open_greenlight", gate.open_gate_node(crew, show_plan)),
        ("greenlight", gate.gate_node(crew)),
        ("open_topup", gate.open_gate_node(crew, show_plan)),
        ("topup", gate.gate_node(crew)),
        ("shoot", shoot.shoot_node(crew)),
        ("open_purchase", gate.open_gate_node(crew, show_lost)),
        ("purchase", gate.gate_node(crew)),
        ("reconcile", shoot.reconcile_node(crew)),
        ("open_dailies", while_covered(crew, gate.open_gate_node(crew, show_dailies))),
        ("dailies", gate.gate_node(crew)),
        ("editor", writing_node(crew, "editor", post.editor_node(crew))),
        ("clear_cut", post.clear_cut_node(crew)),
        ("assemble", post.assemble_node(crew)),
        ("sign", post.sign_node(crew)),
        ("deliver", release.deliver_node(crew)),
        ("open_release", while_covered(crew, gate.open_gate_node(crew, show_release))),
        ("release", gate.gate_node(crew)),
        ("publish", release.publish_node(crew)),
        ("telemetry", release.telemetry_node(crew)),
        ("analyst", writing_node(crew, "analyst", release.analyst_node(crew))),
        ("wrap", release.wrap_node(crew)),
    ):
        graph.add_node(name, node)
