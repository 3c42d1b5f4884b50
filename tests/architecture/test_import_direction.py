"""Imports go down: a room knows the rooms below it and nothing of those above or beside it."""

import sys
from graphlib import CycleError, TopologicalSorter

from architecture.source import FACE, Module, import_graph, modules, room_of, rooms, shown, within

# Which rooms each room may import. `examples` stands beside the user: it sees the public face.
BELOW: dict[str, set[str]] = {
    "domain": set(),
    "storage": {"domain"},
    "prompts": {"domain"},
    "tools": {"domain", "storage", "prompts"},
    "agents": {"domain", "storage", "prompts", "tools"},
    "jobs": {"domain", "storage", "prompts", "tools"},
    "graphs": {"domain", "storage", "prompts", "tools", "agents", "jobs"},
    "studio": {"domain", "storage", "prompts", "tools", "agents", "jobs", "graphs"},
    FACE: {"domain", "storage", "prompts", "tools", "agents", "jobs", "graphs", "studio"},
    "examples": {"domain", "storage", "prompts", "tools", "agents", "jobs", "graphs", "studio", FACE},
}

# A vendor is known in one place, so that another can take its place. The face wires, so it may name any of them.
HOMES: dict[str, set[str]] = {
    "c2pa": {"callsheet.tools.provenance"},
    "encypher_c2pa": {"callsheet.tools.provenance"},
    "dbos": {"callsheet.jobs"},
    "langchain_openai": {"callsheet.tools.writer"},
    "opentimelineio": {"callsheet.tools.edit"},
    "rich": {"callsheet.cli"},
    "typer": {"callsheet.cli"},
}

# Code of others that is no vendor: every tool may use it.
NEUTRAL = {*sys.stdlib_module_names, "callsheet", "pydantic", "pydantic_core", "typing_extensions", "yaml"}


def climbing(module: Module) -> list[str]:
    """The imports of a module that reach above or beside its room."""
    return [
        f"{shown(module.path)}:{imported.line} {module.room} imports {imported.name}"
        for imported in module.imports()
        if imported.name.split(".")[0] == "callsheet"
        and room_of(imported.name) != module.room
        and room_of(imported.name) not in BELOW[module.room]
    ]


def bare(module: Module) -> list[str]:
    """Imports under a bare room name: they would load the module a second time, or somebody else's `tools`."""
    return [
        f"{shown(module.path)}:{imported.line} imports {imported.name}, write callsheet.{imported.name}"
        for imported in module.imports()
        if imported.name.split(".")[0] in rooms()
    ]


def uninvited(module: Module) -> list[str]:
    """Vendors that a module names although they live elsewhere."""
    return [
        f"{shown(module.path)}:{imported.line} {imported.name} belongs to {', '.join(sorted(homes))}"
        for imported in module.imports()
        if (homes := HOMES.get(imported.name.split(".")[0])) and module.room not in {FACE, "examples"}
        if not any(f"{module.name}.".startswith(f"{home}.") for home in homes)
    ]


def tool_of(module: Module) -> str | None:
    """The tool a module belongs to; what lies beside the tools' folders belongs to none and serves them all."""
    parts = module.name.split(".")
    return parts[2] if len(parts) > 3 or module.is_package else None


def vendors_behind(name: str, found: dict[str, Module]) -> set[str]:
    """What somebody else's code a module needs, itself or through the modules of its own tool."""
    seen: set[str] = set()
    waiting, vendors = [name], set[str]()
    while waiting:
        module = found[waiting.pop()]
        seen.add(module.name)
        for imported in module.imports():
            target = within(imported.name, frozenset(found))
            if target is None:
                vendors.add(imported.name.split(".")[0])
            elif target not in seen and target.split(".")[:3] == name.split(".")[:3]:
                waiting.append(target)
    return vendors - NEUTRAL


def through_the_wall(module: Module, found: dict[str, Module]) -> list[str]:
    """Imports that reach another tool's vendor. Its port, its errors and its catalog may be known to all."""
    lines = []
    for imported in module.imports():
        target = within(imported.name, frozenset(found))
        if target and tool_of(found[target]) not in {None, tool_of(module)}:
            vendors = ", ".join(sorted(vendors_behind(target, found)))
            lines += [f"{shown(module.path)}:{imported.line} {imported.name} needs {vendors}"] if vendors else []
    return lines


def cycle(graph: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_room_has_its_place_in_the_order() -> None:
    assert rooms() | {FACE} == set(BELOW)


def test_no_room_imports_from_above_or_beside_it() -> None:
    assert [line for module in modules() for line in climbing(module)] == []


def test_no_import_cycle_exists_even_inside_functions() -> None:
    assert cycle(import_graph(modules())) == []


def test_agents_do_not_import_each_other() -> None:
    """They meet in a graph."""
    crew = ("director", "casting", "editor", "analyst")
    met = [
        f"{shown(module.path)}:{imported.line} imports {imported.name}"
        for module in modules()
        for imported in module.imports()
        for role in crew
        if module.name.startswith(f"callsheet.agents.{role}")
        if any(f"{imported.name}.".startswith(f"callsheet.agents.{other}.") for other in crew if other != role)
    ]
    assert met == []


def test_a_tool_does_not_import_another_tools_vendor() -> None:
    tools = {module.name: module for module in modules() if module.name.startswith("callsheet.tools.")}
    assert [line for module in tools.values() for line in through_the_wall(module, tools)] == []


def test_each_vendor_is_known_in_one_place() -> None:
    assert [line for module in modules() for line in uninvited(module)] == []


def test_nothing_is_imported_under_a_bare_room_name() -> None:
    assert [line for module in modules() for line in bare(module)] == []


def test_an_import_inside_a_function_counts() -> None:
    text = "def f():\n    from callsheet.graphs import campaign\n"
    assert climbing(Module.parse("callsheet.domain.shot", text)) != []


def test_a_relative_import_counts() -> None:
    assert climbing(Module.parse("callsheet.tools.video.client", "from ...agents import director")) != []
    assert climbing(Module.parse("callsheet.tools.video", "from ..edit import cut", is_package=True)) == []


def test_a_cycle_through_a_function_is_seen() -> None:
    one = Module.parse("callsheet.one", "import callsheet.two")
    two = Module.parse("callsheet.two", "def f():\n    from callsheet.one import thing\n")
    assert set(cycle(import_graph((one, two)))) == {"callsheet.one", "callsheet.two"}


def test_another_tools_vendor_is_seen_however_far_behind() -> None:
    texts = {
        "callsheet.tools.video": "",
        "callsheet.tools.video.port": "from pydantic import BaseModel",
        "callsheet.tools.video.videos": "from callsheet.tools.video.wire import post",
        "callsheet.tools.video.wire": "def post():\n    import httpx",
    }
    known = {name: Module.parse(name, text, is_package=name == "callsheet.tools.video") for name, text in texts.items()}
    near = Module.parse("callsheet.tools.edit.cut", "from callsheet.tools.video.port import Videos")
    far = Module.parse("callsheet.tools.edit.cut", "from callsheet.tools.video.videos import HttpVideos")
    assert through_the_wall(near, known) == []
    assert through_the_wall(far, known) != []


def test_a_vendor_out_of_its_place_is_seen() -> None:
    assert uninvited(Module.parse("callsheet.graphs.campaign", "import dbos")) != []
    assert uninvited(Module.parse("callsheet.jobs.dbos", "import dbos")) == []


def test_a_bare_room_name_is_seen() -> None:
    assert bare(Module.parse("callsheet.graphs.campaign", "from agents.director import Director")) != []
