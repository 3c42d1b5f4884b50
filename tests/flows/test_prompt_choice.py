"""A run writes with the words it began with: its campaign's own, whatever is edited or shipped afterwards."""

import re
from pathlib import Path

import pytest

from callsheet import Callsheet, Settings, wiring
from callsheet.domain.campaign import Campaign
from callsheet.prompts import prompt as prompts
from callsheet.prompts import shelf as shelves
from callsheet.prompts.prompt import shipped_text
from callsheet.prompts.shelf import freeze, names, newest, shelf_of
from callsheet.storage.ledger import entries
from callsheet.tools.writer import HouseWriter, Task, Written
from callsheet.tools.writer.port import T

ROOT = Path(__file__).parents[2]
MARK = "In the words of this house."


class Listening(HouseWriter):
    """The house, and which words each task came with."""

    def __init__(self) -> None:
        self.heard: dict[str, str] = {}

    async def write(self, task: Task[T]) -> Written[T]:
        """Write as the house does."""
        self.heard[task.prompt] = task.shelf.resolve(task.prompt).system
        return await super().write(task)


@pytest.fixture
def own(pocket: Path) -> Path:
    """The pocket campaign, with words of its own for every prompt there is."""
    lines = ["prompts:"]
    for name in names():
        text = shipped_text(f"{name}@v{newest(name)}").replace("# system\n", f"# system\n{MARK}\n")
        (pocket / f"{name.replace('/', '_')}.md").write_text(text, encoding="utf-8")
        lines.append(f"  {name}: {name.replace('/', '_')}.md")
    with (pocket / "campaign.yaml").open("a", encoding="utf-8") as brief:
        brief.write("\n".join(lines) + "\n")
    return pocket


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Listening:
    """Writes in the place of whoever would be asked, in any workspace that is opened."""
    listening = Listening()
    monkeypatch.setattr(wiring, "open_writer", lambda *_, **__: listening)
    return listening


def _edit(folder: Path) -> None:
    for file in folder.glob("*.md"):
        file.write_text("edited since", encoding="utf-8")


async def test_every_task_of_a_run_comes_with_the_words_it_began_with(
    own: Path, settings: Settings, writer: Listening
) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(own, approve_all=True)
        _edit(own)
        assert (await run.go_on()).status == "finished"
        assert writer.heard, "nothing was written, so nothing was shown"
        assert [name for name, system in writer.heard.items() if not system.startswith(MARK)] == []
        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        drafted = [entry.body["prompt"] for entry in ledger if entry.kind == "StoryboardDrafted"]
        assert drafted[0].startswith("campaign:director/")


async def test_an_upgrade_while_a_run_waits_changes_none_of_its_words(
    pocket: Path, settings: Settings, writer: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program that goes on with a run ships new words for every prompt; the run keeps those it began with."""
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        begun = {name: shipped_text(f"{name}@v{newest(name)}") for name in names()}
        await run.go_on()
        assert await run.gate() is not None
    _upgrade(monkeypatch)
    writer.heard.clear()
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.run(run.id)
        await run.decide("edit", by="tester", note="calmer light")
        while (await run.go_on()).status != "finished":
            await run.decide("approve", by="tester")
        assert "director/storyboard" in writer.heard
        assert [name for name, system in writer.heard.items() if MARK in system or system not in begun[name]] == []
        await (await callsheet.start(pocket)).go_on()
    assert writer.heard["director/storyboard"].startswith(MARK), "a run that begins now takes the new words"


def _upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that ships every prompt in other words, as a next version."""
    text, there = prompts.shipped_text, dict(shelves._shipped())
    new = {
        f"{name}@v{known[-1] + 1}": text(f"{name}@v{known[-1]}")
        .replace(f"version: {known[-1]}\n", f"version: {known[-1] + 1}\n")
        .replace("# system\n", f"# system\n{MARK}\n")
        for name, known in there.items()
    }
    monkeypatch.setattr(shelves, "_shipped", lambda: {name: (*known, known[-1] + 1) for name, known in there.items()})
    for module in (shelves, prompts):
        monkeypatch.setattr(module, "shipped_text", lambda address: new.get(address) or text(address))


async def test_a_run_is_told_again_in_the_words_of_an_earlier_one(pocket: Path, settings: Settings) -> None:
    earlier = tuple(one.model_copy(update={"text": one.text + "\nAs it was.\n"}) for one in freeze())
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket, prompts=earlier)
        campaign = await callsheet.studio.crew.archive.load(Campaign, (await run.status()).bundle)
    assert shelf_of(campaign).resolve("writer/repair").user.endswith("As it was.")
    assert campaign.prompts == earlier


def test_no_agent_or_tool_insists_on_a_version_past_its_campaign() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {address}"
        for room in ("agents", "tools", "graphs")
        for path in (ROOT / room).rglob("*.py")
        for address in re.findall(r"= *\"([a-z]+/[a-z_]+@v\d+)\"", path.read_text(encoding="utf-8"))
    ]
    assert found == []
