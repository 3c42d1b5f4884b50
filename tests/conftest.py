"""What every test stands on: no network, no settings from the machine, strict storage of state."""

import os
from collections.abc import Iterator

# Before anything imports the graph library: it reads this once. Permissive mode revives any class a file names.
os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
os.environ["LANGSMITH_TRACING"] = "false"
os.environ["LANGGRAPH_CLI_NO_ANALYTICS"] = "1"

import pytest
from hypothesis import settings

pytest_plugins = ("figures",)
FOREIGN = ("CALLSHEET_", "LANGCHAIN_", "LANGSMITH_", "OPENAI_")

# Laws are searched the same way on every machine; a deadline would judge the machine's load instead of the rule.
settings.register_profile("callsheet", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("callsheet")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets a test marked `loopback` reach 127.0.0.1, and nothing else."""
    for item in items:
        if item.get_closest_marker("loopback"):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.fixture(scope="session", autouse=True)
def _a_machine_without_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests see neither the keys nor the workspace of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(FOREIGN)]:
            patch.delenv(name)
        patch.setenv("LANGSMITH_TRACING", "false")
        patch.setenv("CALLSHEET_HOME", str(tmp_path_factory.mktemp("home")))
        yield
