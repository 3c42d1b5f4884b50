"""A film of somebody who took permission back is not offered as a file to use, and every state has words."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast, get_args

import pytest
from typer.testing import CliRunner
from unit.studio import lamp
from unit.studio.fixture import RUN, Played, plan, play

from callsheet.cli.app import build
from callsheet.cli.console import Console
from callsheet.cli.outcome import STATUS, show_files, stand_document
from callsheet.cli.view import Stand, stand_of
from callsheet.domain.campaign import GateKind
from callsheet.domain.credential import Standing
from callsheet.domain.cut import Cut
from callsheet.domain.event import CutAssembled, DeliverableFinished
from callsheet.domain.gate import Gate, Verdict
from callsheet.domain.identity import CameoId, GateId
from callsheet.domain.principal import Principal
from callsheet.domain.run import RunStatus
from callsheet.domain.showing import Showing, ShownFile, market_words
from callsheet.domain.stop import Fate
from callsheet.session import CampaignRun
from callsheet.storage import cameo as people
from callsheet.storage import document, ledger
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.studio import words
from callsheet.studio.permission import objections
from callsheet.studio.report import write_report

WHY = "shows ines, whose release ines-1 was revoked on 2026-11-20: do not use"


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    found = play(tmp_path)
    yield found
    found.database.close()


def revoke(played: Played) -> None:
    played.database.write_now(lambda tx: people.revoke(tx, CameoId("ines"), lamp.RELEASE, "her word"))


def settle(played: Played, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the fixture's database be the workspace of its folder."""
    folder = played.out.parent
    (folder / "callsheet.toml").write_text(f'database_url = "sqlite:///{folder / "w.db"}"\nworkspace = "test"\n')
    monkeypatch.chdir(folder)
    monkeypatch.delenv("CALLSHEET_HOME", raising=False)
    return folder


async def told(played: Played) -> str:
    return (await write_report(played.database, played.media, RUN, played.out)).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Verdict.model_fields["answer"].annotation, words.ANSWER),
        (RunStatus, STATUS),
        (GateKind, words.GATE),
        (Standing, words.CREDENTIALS),
        (Principal.model_fields["authenticated"].annotation, words.STANDING),
    ],
)
def test_every_state_has_words(kind: Any, said: dict[str, str]) -> None:
    assert set(get_args(kind)) == set(said)
    assert all(said.values())


def test_every_fate_is_a_sentence() -> None:
    assert all(" " in fate.value for fate in Fate)


async def test_a_question_that_was_taken_back_is_told_with_its_reason(tmp_path: Path) -> None:
    planned = plan(tmp_path)
    (gate,) = planned.database.read_now(lambda tx: gates.gates_of(tx, RUN))
    planned.database.write_now(lambda tx: gates.withdraw(tx, gate.id, "ines may not be shown any more"))
    page = await told(planned)
    assert "taken back before it was answered" in page
    assert "Ines may not be shown any more." in page
    planned.database.close()


async def test_the_page_says_whose_film_may_not_be_used(played: Played) -> None:
    assert "do not use" not in await told(played)
    revoke(played)
    page = await told(played)
    assert page.count(WHY) == 3, "beside the film, among the files, and in what to know"


def test_only_files_with_the_person_are_objected_to(played: Played) -> None:
    assert played.database.read_now(lambda tx: objections(tx, RUN)) == {}
    without = played.database.write_now(lambda tx: _finish(tx, played, "shot.2"))
    revoke(played)
    found = played.database.read_now(lambda tx: objections(tx, RUN))
    assert found == {one.file: (WHY,) for one in played.files.values()}
    assert without not in found


async def test_from_python_each_finished_file_says_what_stands_against_it(played: Played) -> None:
    run = CampaignRun(cast("Any", SimpleNamespace(database=played.database)), RUN)
    assert [one.objections for one in await run.deliverables()] == [()]
    revoke(played)
    assert [one.objections for one in await run.deliverables()] == [(WHY,)]


def test_another_release_that_covers_the_place_is_enough(played: Played) -> None:
    (ines,) = lamp.CAMPAIGN.cameos
    second = ines.releases[0].model_copy(update={"id": "ines-2"})
    both = ines.model_copy(update={"releases": (*ines.releases, second)})
    played.database.write_now(lambda tx: people.seed(tx, (both,)))
    revoke(played)
    assert played.database.read_now(lambda tx: objections(tx, RUN)) == {}


def test_commands_that_offer_the_files_say_it(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    revoke(played)
    settle(played, monkeypatch)
    said = CliRunner().invoke(build(), ["status"])
    assert f"spring-1: {played.files[1].name}.mp4 {WHY}" in " ".join(said.output.split())


def test_verify_refuses_a_film_of_somebody_who_took_permission_back(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    from callsheet.cli import verify

    pytest.importorskip("c2pa", reason="the provenance extra is not installed")
    settle(played, monkeypatch)
    monkeypatch.setattr("callsheet.domain.credential.objections", lambda *_: (), raising=True)
    path = str(played.media.path(played.files[1].file))
    assert verify and CliRunner().invoke(build(), ["verify", path]).exit_code == 0
    revoke(played)
    said = CliRunner().invoke(build(), ["verify", path])
    assert said.exit_code == 4
    assert WHY in said.stdout


def test_where_a_cut_runs_is_said_in_words() -> None:
    assert market_words(("GB", "US"), "") == "for GB, US"
    assert market_words(("DE",), "de") == "alternate for DE"
    assert market_words((), "") == ""


def test_a_cut_for_one_market_is_told_from_another_in_the_ledger(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.database.write_now(lambda tx: _finish(tx, played, "shot.2", markets=("DE",), alternate="de"))
    settle(played, monkeypatch)
    said = CliRunner().invoke(build(), ["ledger", "show", "--kind", "CutAssembled"])
    assert said.output.count("alternate for DE: cut ") == 1


async def test_films_of_several_markets_say_which_on_the_page(played: Played) -> None:
    assert "alternate for" not in await told(played)
    played.database.write_now(lambda tx: _finish(tx, played, "shot.2", markets=("DE",), alternate="de"))
    assert (await told(played)).count("alternate for DE") == 2


def test_a_release_that_shows_several_markets_knows_it() -> None:
    file = {"name": "a", "variant": "a", "placement": "p", "file": "f" * 64, "essence": "e" * 64, "credentials": "none"}
    base, other = (
        ShownFile.model_validate({**file, "markets": ("GB",)}),
        ShownFile.model_validate({**file, "markets": ("DE",), "alternate": "de"}),
    )
    asked = {"kind": "release", "round": 0, "question": "Ship?", "storyboard": "a" * 64}
    assert Showing.model_validate({**asked, "files": (base, other)}).is_split
    assert not Showing.model_validate({**asked, "files": (base, base)}).is_split


def _finish(tx: Transaction, played: Played, shot: str, **update: Any) -> str:
    """One more file, with this one shot alone."""
    take, board = played.takes[shot], lamp.storyboard(0, "shot.2")
    whole: Cut = lamp.cut(board, (played.takes["shot.1"], take))
    cut = whole.model_copy(update={"clips": whole.clips[1:], "supers": (), **update})
    assembled = CutAssembled(
        cut=document.keep(tx, cut), storyboard=board.digest, takes=(take.id,), variant=cut.variant,
        placement=cut.placement,
    )  # fmt: skip
    ledger.record(tx, RUN, assembled)
    made = lamp.deliverable(cut, take.media.digest, take.media.digest, take.media.digest)
    said = made.model_dump(include={"name", "cut", "essence", "file", "credentials"})
    ledger.record(tx, RUN, DeliverableFinished(deliverable=document.keep(tx, made), **said))
    return made.file


def test_the_listing_of_finished_files_says_which_may_not_be_used(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(played, monkeypatch)
    stand = played.database.read_now(lambda tx: stand_of(tx, RUN))
    assert "do not use" not in listed(stand)
    assert [one["against"] for one in stand_document(stand)["files"]] == [[]]
    revoke(played)
    stand = played.database.read_now(lambda tx: stand_of(tx, RUN))
    assert f"{played.files[1].name}.mp4 {WHY}" in listed(stand)
    assert [one["against"] for one in stand_document(stand)["files"]] == [[WHY]]


def listed(stand: Stand) -> str:
    out = io.StringIO()
    show_files(Console(out=out), stand)
    return out.getvalue()


def test_the_release_table_says_which_file_is_for_which_market(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(played, monkeypatch)
    played.database.write_now(ask)
    table = CliRunner().invoke(build(), ["show"]).output
    assert re.search(r"\n  a +pocket +for GB ", table)
    assert re.search(r"\n  a +pocket +alternate for DE ", table)


def ask(tx: Transaction) -> None:
    """Open a release for a base cut and its alternate."""
    board = lamp.storyboard(0, "shot.2")
    file = {"variant": "a", "placement": "pocket", "file": "f" * 64, "essence": "e" * 64, "credentials": "none"}
    files = (
        ShownFile.model_validate({**file, "name": "one", "markets": ("GB",)}),
        ShownFile.model_validate({**file, "name": "two", "markets": ("DE",), "alternate": "de"}),
    )
    asked = Showing(kind="release", round=7, question="Ship?", storyboard=document.keep(tx, board), files=files)
    shown = document.keep(tx, asked)
    runs.set_status(tx, RUN, "waiting", "")
    gates.open_gate(
        tx, Gate(id=GateId(f"release-7.{RUN}"), run=RUN, kind="release", round=7, shown=shown, opened_at=tx.now)
    )
