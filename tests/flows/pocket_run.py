"""The pocket campaign with a person in it, and runs of it that were answered: what several flows begin with."""

import sys
from pathlib import Path
from typing import Any

from mcp import StdioServerParameters

from callsheet import Callsheet, CampaignRun, Settings
from callsheet.domain.identity import RunId
from callsheet.domain.ledger import Entry
from callsheet.storage.ledger import entries

PERSON = """
cameos:
  - id: ines
    name: Ines Calder
    description: a runner in her thirties with short dark hair, a coral running top and navy shorts
    releases:
      - { id: ines-2026, document: release.md, starts: 2026-01-01, ends: 2036-01-01 }
"""


def with_more(folder: Path, text: str) -> Path:
    """The campaign in a folder, with more keys at its end."""
    brief = folder / "campaign.yaml"
    brief.write_text(brief.read_text(encoding="utf-8") + text, encoding="utf-8")
    return folder


def with_ines(folder: Path) -> Path:
    """The campaign with Ines, who signed a release."""
    (folder / "release.md").write_text("Ines Calder permits it.\n", encoding="utf-8")
    return with_more(folder, PERSON)


async def answered(callsheet: Callsheet, folder: Path, *answers: Any) -> CampaignRun:
    """A run that went on after each of these answers."""
    run = await callsheet.start(folder)
    await run.go_on()
    for answer in answers:
        await run.decide(answer, by="Dana")
        await run.go_on()
    return run


async def ledger_of(callsheet: Callsheet, run: str) -> tuple[Entry, ...]:
    """What a run's ledger says so far."""
    return await callsheet.studio.database.read(lambda tx: entries(tx, RunId(run)))


def mcp_server(folder: Path, settings: Settings) -> StdioServerParameters:
    """`callsheet mcp`, as a client that works in a folder starts it."""
    argv = ["-m", "callsheet", "mcp"]
    return StdioServerParameters(
        command=sys.executable, args=argv, cwd=folder, env={"CALLSHEET_HOME": str(settings.home)}
    )
