"""Figures that a passing test tells at the end of the run, also when workers share the tests among them."""

from collections.abc import Callable
from typing import Any

import pytest

TOLD: pytest.StashKey[list[str]] = pytest.StashKey()
_CARRIED = "figures"

Tell = Callable[[str], None]


@pytest.fixture(scope="session")
def tell(request: pytest.FixtureRequest) -> Tell:
    """Say one line at the end of the run."""
    return request.config.stash.setdefault(TOLD, []).append


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its lines to whoever collects them."""
    carried: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if carried is not None:
        carried[_CARRIED] = session.config.stash.get(TOLD, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take the lines of a worker that has finished; one that crashed has told nothing."""
    node.config.stash.setdefault(TOLD, []).extend(getattr(node, "workeroutput", {}).get(_CARRIED, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures, in the order of the words."""
    told = terminalreporter.config.stash.get(TOLD, [])
    if told:
        terminalreporter.section("figures")
    for line in sorted(told):
        terminalreporter.write_line(line)
