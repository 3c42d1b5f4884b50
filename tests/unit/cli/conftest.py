"""A workspace whose runs wait at real gates, written through the storage alone: no engine, no graph, no video."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from callsheet.agents.director import Director
from callsheet.domain.budget import Allowance
from callsheet.domain.event import RunStarted, StoryboardDrafted
from callsheet.domain.gate import Gate
from callsheet.domain.identity import GateId, RunId
from callsheet.domain.money import Money, nothing
from callsheet.domain.quote import quote
from callsheet.domain.run import Run
from callsheet.domain.showing import Showing
from callsheet.settings import Settings
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import record
from callsheet.tools.intake import read_campaign, write_example
from callsheet.tools.writer import HouseWriter

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
Open = Callable[[str], Run]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to type commands in, with the default settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CALLSHEET_HOME", raising=False)
    return tmp_path


@pytest.fixture
def open_run(here: Path) -> Open:
    """Writes a run of the pocket campaign, by folder name, that waits at its greenlight."""
    return lambda name: _open_run(here, name)


def workspace() -> Database:
    """The workspace of the working folder."""
    settings = Settings()
    return Database(settings.workspace_url, settings.workspace, lambda: NOW)


def _open_run(here: Path, name: str) -> Run:
    write_example(here / name, "pocket")
    bundle = read_campaign(here / name, DAY)
    campaign = bundle.campaign
    board = asyncio.run(Director(HouseWriter()).plan(campaign))
    priced = quote(campaign, board.shots, board, day=DAY)

    def write(tx: Transaction) -> Run:
        run = Run(
            id=RunId(f"{name}-1"),
            campaign=campaign.name,
            bundle=document.keep(tx, campaign),
            folder=str(here / name),
            out=str(here / name / "out"),
            status="waiting",
            started_at=tx.now,
            notices=("campaign.yaml:15: not approved yet",),
        )
        started = RunStarted(
            bundle=run.bundle, campaign=name, provider="sandbox", model="previz-1", policy="people", seed=0
        )
        runs.start(tx, run, started)
        kept = document.keep(tx, board)
        record(tx, run.id, StoryboardDrafted(storyboard=kept, round=0, by="house"))
        showing = Showing(
            kind="greenlight",
            round=0,
            question=f"Shoot {name}?",
            storyboard=kept,
            quote=document.keep(tx, priced),
            seconds=16,
            most=nothing(),
            notices=(*run.notices, "not scanned: faces"),
        )
        _open_gate(tx, run, showing)
        return run

    database = workspace()
    try:
        return database.write_now(write)
    finally:
        database.close()


def _open_gate(tx: Transaction, run: Run, showing: Showing) -> None:
    shown = document.keep(tx, showing)
    allowance = Allowance(seconds=16, money=Money(amount=nothing().amount))
    name = GateId(f"greenlight-0-{shown[:8]}.{run.id}")
    gates.open_gate(
        tx,
        Gate(id=name, run=run.id, kind="greenlight", round=0, shown=shown, allowance=allowance, opened_at=tx.now),
    )
