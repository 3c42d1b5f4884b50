"""A pytest plugin: the fixture `callsheet_sandbox` gives your tests a video provider that goes wrong as you tell it.

pytest loads this module in every project that has Callsheet installed, so nothing is imported here before it is asked
for.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    import httpx
    import pytest


class ProvingGround:
    """A sandbox of one test: a clock that moves only when told, faults on request, and the provider's own bill."""

    def __init__(self, folder: "Path", stock: "Path", scenario: Sequence[object], **settings: Any) -> None:
        from callsheet.tools.sandbox import Sandbox, SandboxSettings, VirtualClock

        self.clock: VirtualClock = VirtualClock()
        plain: dict[str, Any] = {"folder": folder, "stock": True, "stock_folder": stock}
        self.sandbox: Sandbox = Sandbox(SandboxSettings(**(plain | settings)), self.clock)
        self.play(*scenario)

    def play(self, *faults: object) -> None:
        """Put these faults in place of those still to come: names such as `429:30`, or rules."""
        from callsheet.tools.sandbox.fault import parse_scenario

        self.sandbox.scenario = parse_scenario(list(faults))

    def client(self) -> "httpx.AsyncClient":
        """An HTTP client that reaches the sandbox in process: no socket, no port. Paths begin behind `/v1/`."""
        import httpx

        return httpx.AsyncClient(transport=httpx.ASGITransport(app=self.sandbox.app), base_url="http://sandbox/v1/")

    def serve(self) -> "AbstractContextManager[str]":
        """Serve it on a free port of this machine while the block lasts; gives the URL of its `/v1`."""
        from callsheet.tools.sandbox import served

        return served(self.sandbox)

    def bill(self) -> list[dict[str, Any]]:
        """One row for each job it ever accepted: `usd`, `billed`, `billed_at`, `seconds`, `size`, `status`, ..."""
        return self.sandbox.ledger()


def pytest_configure(config: "pytest.Config") -> None:
    """Add the fixture. It is made here so that importing this module needs nothing, not even pytest."""
    config.pluginmanager.register(_fixtures(), "callsheet-fixtures")


def _fixtures() -> object:
    import pytest

    class Fixtures:
        @pytest.fixture
        def callsheet_sandbox(
            self, tmp_path: "Path", tmp_path_factory: "pytest.TempPathFactory"
        ) -> Iterator[Callable[..., ProvingGround]]:
            """Make sandboxes: `callsheet_sandbox(scenario=["drop_after"], profile="gateway", latency=60)`."""
            made: list[ProvingGround] = []
            stock = tmp_path_factory.getbasetemp() / "callsheet-stock"

            def make(scenario: Sequence[object] = (), **settings: Any) -> ProvingGround:
                made.append(ProvingGround(tmp_path / f"sandbox-{len(made)}", stock, scenario, **settings))
                return made[-1]

            yield make
            for ground in made:
                ground.sandbox.book.close()

    return Fixtures()
