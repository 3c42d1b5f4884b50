"""A pytest plugin for tests of your own campaigns.

    callsheet_sandbox     a video provider on this machine that goes wrong as you tell it
    callsheet_recording   plays a recorded campaign with no network, and gives what came of it
    callsheet_approver    answers gates as you tell it, and fails on one that you told nothing about
    callsheet_clock       a clock that stands still until it is told to move

`pytest --callsheet-record` makes the recordings anew that tests ask for, instead of playing them.

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

    from callsheet.replay.approver import ScriptedApprover
    from callsheet.replay.clock import StillClock
    from callsheet.replay.play import Replayed


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


class Recordings:
    """Plays recordings for one test. Paths are from the folder of the test's file; the marker names one as well."""

    def __init__(self, beside: "Path", marked: str, records: bool) -> None:
        self._beside, self._marked, self._records = beside, marked, records

    def __call__(self, folder: "Path | str" = "", *, check: bool = True) -> "Replayed":
        """Play a recording and give what came of it. Raises NotAsRecorded for any difference unless `check` is off.

        It has a thread and an event loop of its own, so it may be called from a coroutine too.
        """
        from callsheet.replay.blocking import play_blocking, record_blocking

        named = folder or self._marked
        if not named:
            raise ValueError('which recording? callsheet_recording("FOLDER"), or mark the test callsheet_recording')
        place = self._beside / named
        found = record_blocking(place) if self._records else play_blocking(place)
        return found.check() if check else found


def pytest_addoption(parser: "pytest.Parser") -> None:
    """Add the option that records anew."""
    group = parser.getgroup("callsheet")
    group.addoption(
        "--callsheet-record",
        action="store_true",
        help="make recordings anew instead of playing them; models and servers are those of the settings",
    )


def pytest_configure(config: "pytest.Config") -> None:
    """Add the fixtures. They are made here so that importing this module needs nothing, not even pytest."""
    config.addinivalue_line("markers", "callsheet_recording(folder): the recording that the fixture plays")
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

        @pytest.fixture
        def callsheet_recording(self, request: "pytest.FixtureRequest") -> Recordings:
            """Play a recording: `callsheet_recording("replays/spring").runs[0].status`."""
            mark = request.node.get_closest_marker("callsheet_recording")
            marked = str(mark.args[0]) if mark and mark.args else ""
            return Recordings(request.path.parent, marked, bool(request.config.getoption("--callsheet-record")))

        @pytest.fixture
        def callsheet_approver(self) -> "type[ScriptedApprover]":
            """Make approvers: `await callsheet_approver({"greenlight": "approve"}).see_through(run)`."""
            from callsheet.replay.approver import ScriptedApprover

            return ScriptedApprover

        @pytest.fixture
        def callsheet_clock(self) -> "StillClock":
            """A clock for `Callsheet.open(clock=...)`: it stands at noon, 1 March 2026 UTC, until told to move."""
            from datetime import UTC, datetime

            from callsheet.replay.clock import StillClock

            return StillClock(datetime(2026, 3, 1, 12, tzinfo=UTC))

    return Fixtures()
