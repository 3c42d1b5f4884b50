"""`callsheet cameo` adds people, shows what they permitted, takes the owner's yes, and says what is owed."""

import csv
import io
import json
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result
from unit.cli.conftest import DAY, NOW, workspace
from unit.studio import lamp
from unit.studio.fixture import CAMPAIGN, RUN, Played, plan, play

from callsheet.cli.app import build
from callsheet.cli.workspace import media_store
from callsheet.domain.cameo import Cameo, Covered, Release, Royalty, Uncovered, check_release
from callsheet.domain.casting import use_of
from callsheet.domain.identity import CameoId, PlacementId
from callsheet.domain.money import Money
from callsheet.domain.take import Take
from callsheet.storage import cameo as people
from callsheet.storage import document, publication
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.media import file_digest
from callsheet.storage.table import RUNS, TAKES
from callsheet.tools.intake.person import read_people

TERM = ("--from", "2026-01-01", "--until", "2036-01-01")


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(build(), ["cameo", *map(str, words)])


def told(*words: str | Path) -> dict[str, Any]:
    result = call(*words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def played(here: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    """A finished run of two rounds, in the workspace that commands of this folder look at."""
    monkeypatch.setenv("CALLSHEET_HOME", str(here))
    monkeypatch.setenv("CALLSHEET_WORKSPACE", "test")
    found = play(here)
    found.database.close()
    (here / "w.db").rename(here / "workspace.db")
    return found


def license_(royalty: Royalty, previz: bool = False) -> None:
    """Give the release of the fixture a royalty, and its takes a real provider."""
    database = workspace()
    (ines,) = CAMPAIGN.cameos
    signed = ines.releases[0].model_copy(update={"royalty": royalty})
    person = ines.model_copy(update={"releases": (signed,), "owner": "Northlight"})

    def write(tx: Any) -> None:
        people.revised(tx, person)
        for row in tx.execute(TAKES.select()).all():
            take = Take.model_validate_json(row.body).model_copy(update={"previz": previz})
            if row.id.startswith("shot.1"):
                take = take.model_copy(update={"cameo": ines.id, "release": signed.id})
            body = take.model_dump_json()
            tx.execute(TAKES.update().where(TAKES.c.purchase == row.purchase).values(body=body))

    database.write_now(write)
    database.close()


# --- add, list, show ---


def test_a_person_is_added_with_the_signed_file_kept_by_its_hash(here: Path) -> None:
    (here / "signed.pdf").write_bytes(b"%PDF yes")
    words = ("--name", "Mara Kline", "--owner", "Northlight", "--release-document", "signed.pdf", "--each-use")
    found = told("add", "mara", *words, *TERM, "--market", "US", "--market", "DE", "--per-second", "4 EUR")
    (mara,) = found["cameos"]
    (release,) = mara["releases"]
    assert release["document_digest"] == file_digest(here / "signed.pdf")
    assert media_store().path(release["document_digest"]).read_bytes() == b"%PDF yes"
    assert release["id"] == f"mara-{file_digest(here / 'signed.pdf')[:8]}"
    assert (release["territories"], release["approval"]) == (["US", "DE"], "each_use")
    assert release["royalty"]["per_second"] == {"amount": "4", "currency": "EUR"}


def test_a_second_release_joins_the_first(here: Path) -> None:
    call("add", "mara", "--name", "Mara Kline", "--minor", *TERM)
    found = told("add", "mara", *TERM, "--right", "voice", "--guardian", "A parent")
    (mara,) = found["cameos"]
    assert [one["rights"] for one in mara["releases"]] == [["face"], ["voice"]]
    assert len({one["id"] for one in mara["releases"]}) == 2
    assert mara["is_minor"] is True


def test_the_same_again_changes_nothing(here: Path) -> None:
    (here / "people.yaml").write_text("- {id: mara, name: Mara}\n- {id: ines, name: Ines}\n")
    assert told("add", "--file", "people.yaml")["added"] == ["mara", "ines"]
    assert told("add", "--file", "people.yaml")["added"] == []
    assert "known so already" in call("add", "--file", "people.yaml").output


def test_what_is_signed_once_more_by_hand_is_a_release_of_its_own_and_what_was_revoked_stays_so(here: Path) -> None:
    said = ("add", "mara", "--name", "Mara", *TERM)
    (first,) = told(*said)["cameos"][0]["releases"]
    assert told(*said)["added"] == []
    assert call("revoke", "mara", "--yes").exit_code == 0
    old, new = told(*said)["cameos"][0]["releases"]
    assert (old["id"], old["revoked_at"] is None) == (first["id"], False)
    assert (new["id"], new["revoked_at"], new["is_unproven"]) == (f"{first['id']}-2", None, False)


def test_a_release_that_lacks_something_is_not_said_to_be_in_force(here: Path) -> None:
    call("add", "mara", "--name", "Mara", "--minor", *TERM)
    for words in (("list",), ("show", "mara"), ("add", "mara", *TERM)):
        assert "the person is a minor, and it names no guardian" in (out := call(*words).output)
        assert "in force until" not in out
    call("add", "mara", *TERM, "--guardian", "A parent")
    assert "in force until 2036-01-01" in call("list").output
    call("revoke", "mara", "--yes")
    term = "starts: 2026-01-01, ends: 2036-01-01, guardian: A parent"
    (here / "people.yaml").write_text(f"- {{id: mara, name: Mara, is_minor: true, releases: [{{id: x, {term}}}]}}\n")
    database = workspace()
    found = read_people(here / "people.yaml", DAY).cameos
    database.write_now(lambda tx: people.seed(tx, found))
    database.close()
    out = call("show", "mara").output
    assert "release x: not in force: is new in a file after a revocation" in out
    assert "callsheet cameo add mara" in out and "in force until" not in out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("add",), 2, "Say who"),
        (("add", "mara"), 2, "  --name: is missing"),
        (("add", "Mara", "--name", "M"), 2, "  CAMEO: has a value"),
        (("add", "mara", "--name", "M", "--from", "2026-01-01"), 2, "  --until: is missing"),
        (("add", "mara", "--name", "M", *TERM, "--market", "usa"), 2, "  --market: has a value"),
        (("add", "mara", "--name", "M", *TERM, "--exclusive", "x"), 2, "name with --grantee who"),
        (("add", "mara", "--name", "M", *TERM, "--share", "101"), 2, "  --share: has a value"),
        (("add", "mara", "--name", "M", *TERM, "--language", "E!"), 2, "such as en or de-CH"),
        (("add", "mara", "--name", "M", "--reference", "no.png"), 2, "  --reference: is not there"),
        (("add", "mara", "--name", "Taylor Swift"), 2, "public figure"),
        (("add", "mara", "--file", "x.yaml"), 2, "not both"),
        (("add", "--file", "x.yaml"), 6, "There is no file"),
        (("add", "mara", "--name", "M", "--from", "2026-02-30", "--until", "2027-01-01"), 2, "  --from: "),
        (("add", "mara", "--name", "M", "--release-document", "../x.pdf", *TERM), 2, "outside this folder"),
        (("show", "mara"), 6, "No person mara"),
        (("statement", "Nobody"), 6, "There is no workspace"),
        (("statement", "x", "--from", "yesterday"), 2, "a day such as"),
        (("usage", "mara"), 6, "There is no workspace"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(here: Path, words: tuple[str, ...], code: int, says: str) -> None:
    result = call(*words)
    assert result.exit_code == code, result.output
    assert says in result.output


def test_everybody_is_listed_with_what_stands(here: Path) -> None:
    assert "Nobody is known" in call("list").output
    call("add", "mara", "--name", "Mara Kline", *TERM)
    call("add", "ines", "--name", "Ines Calder")
    listed = call("list").output
    assert " in force until 2036-01-01" in listed
    assert "may not be shown" in listed
    assert [one["id"] for one in told("list")["cameos"]] == ["ines", "mara"]
    assert "did you mean mara?" in call("show", "mar").output


# --- the owner's yes ---


@pytest.fixture
def asked(here: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    """A run that waits at its greenlight, with a person whose owner says yes to each use."""
    monkeypatch.setenv("CALLSHEET_HOME", str(here))
    monkeypatch.setenv("CALLSHEET_WORKSPACE", "test")
    planned = plan(here)
    (ines,) = CAMPAIGN.cameos
    each = Release(
        id=ines.releases[0].id, starts=NOW - timedelta(days=9), ends=NOW + timedelta(days=9000), approval="each_use"
    )
    planned.database.write_now(lambda tx: people.revised(tx, ines.model_copy(update={"releases": (each,)})))
    planned.database.close()
    (here / "w.db").rename(here / "workspace.db")
    return planned


@pytest.mark.usefixtures("asked")
def test_a_use_that_waits_is_shown_and_the_owners_yes_ends_the_waiting() -> None:
    use = use_of(CAMPAIGN)
    (waits,) = told("show", "ines")["waiting"]
    assert (waits["run"], waits["digest"]) == (RUN, use.digest)
    assert f"callsheet cameo approve ines {use.digest[:12]}" in call("show", "ines").output
    given = told("approve", "ines", use.digest[:12], "--by", "Ines Calder")["approved"]
    assert [one["use"] for one in given] == [use.digest]
    assert told("show", "ines")["waiting"] == []
    assert told("show", "ines")["cameo"]["releases"][0]["approved_uses"] == [use.model_dump(mode="json")]


@pytest.mark.usefixtures("asked")
def test_a_yes_to_one_placement_is_a_yes_to_no_other() -> None:
    (placement,) = CAMPAIGN.placements
    other = placement.model_copy(update={"id": PlacementId("other")})
    wider = CAMPAIGN.model_copy(update={"placements": (placement, other)})
    database = workspace()

    def widen(tx: Transaction) -> None:
        body = runs.find(tx, RUN).model_copy(update={"bundle": document.keep(tx, wider)}).model_dump_json()
        tx.execute(RUNS.update().where(RUNS.c.id == RUN).values(body=body))

    database.write_now(widen)
    database.close()
    first, second = placement.id, other.id
    whole, part = use_of(wider), use_of(wider, (first,))
    said = call("approve", "ines", part.digest[:12])
    assert f"callsheet cameo approve ines {whole.digest[:12]}" in said.output, "the run needs a yes to it all"
    database = workspace()
    ines = database.read_now(lambda tx: people.find(tx, "ines"))
    database.close()
    assert ines.releases[0].approved_uses == (part,)
    assert isinstance(check_release(ines, part, NOW), Covered)
    for change in (
        {"media": (first, second)}, {"media": (second,)}, {"territories": ("FR",)}, {"rights": ("face", "voice")},
        {"contexts": (*part.contexts, "beer")}, {"grantee": "Stride"}, {"languages": ("de",)}, {"purpose": "news"},
    ):  # fmt: skip
        assert isinstance(check_release(ines, part.model_copy(update=change), NOW), Uncovered), change
    assert isinstance(check_release(ines, whole, NOW), Uncovered)
    assert told("show", "ines")["waiting"][0]["digest"] == whole.digest


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(("use", "code", "says"), [("abc", 2, "too short"), ("0" * 12, 6, "cameo show ines")])
def test_a_yes_to_nothing_that_waits_is_refused(use: str, code: int, says: str) -> None:
    result = call("approve", "ines", use)
    assert (result.exit_code, says in result.output) == (code, True), result.output


# --- usage and royalties ---


@pytest.mark.usefixtures("played")
def test_usage_names_take_cut_file_publication_seconds_and_when() -> None:
    license_(Royalty(share=Decimal(10)))
    shown = told("usage", "ines")["appearances"]
    assert [(one["shot"], one["run"], one["release"]) for one in shown] == [("shot.1", RUN, lamp.RELEASE)] * 2
    first, second = shown
    assert first["file"] != second["file"] and first["cut"] != second["cut"]
    assert first["airings"][0]["down"] is not None and second["airings"][0]["down"] is None
    assert first["airings"][0]["up"] < first["airings"][0]["down"] <= second["airings"][0]["up"]
    assert Decimal(first["seconds"]) > 0
    lines = call("usage", "ines").output
    assert "until now" in lines and "ines is in 1 take, 2 cuts and 2 files." in lines


@pytest.mark.usefixtures("played")
def test_a_statement_adds_up_file_by_file_and_take_by_take() -> None:
    license_(Royalty(per_second=Money(amount=Decimal("1.25"), currency="EUR"), share=Decimal(10)))
    found = told("statement", "northlight")
    seconds = [line for line in found["lines"] if line["basis"] == "seconds"]
    shares = [line for line in found["lines"] if line["basis"] == "share"]
    assert (len(seconds), len(shares)) == (2, 1)
    owed = sum((Decimal(line["count"]) * Decimal("1.25") for line in seconds), Decimal(0))
    assert found["totals"][0] == {"amount": str(owed.normalize()), "currency": "EUR"}
    assert Decimal(shares[0]["amount"] if "/" not in shares[0]["amount"] else "0") >= 0
    assert told("statement", "ines")["lines"] == found["lines"], "the person's id names their owner too"
    later = told("statement", "Northlight", "--from", "2027-01-01")
    assert later["lines"] == []
    rows = list(csv.DictReader(io.StringIO(call("statement", "Northlight", "--csv").stdout)))
    assert [row["basis"] for row in rows] == ["seconds", "share", "seconds", "total", "total"]
    assert rows[-2]["amount"] == f"{owed:.2f}"
    assert f"Total: {owed:.2f} EUR" in call("statement", "Northlight").output


@pytest.mark.usefixtures("played")
def test_previz_is_told_and_not_owed() -> None:
    license_(Royalty(per_second=Money(amount=Decimal(4))), previz=True)
    out = call("statement", "Northlight").output
    assert "Nothing is owed to Northlight.\n" in out and "nobody's likeness" in out and "Total" not in out


@pytest.mark.usefixtures("played")
def test_a_statement_reads_as_money_and_says_when_nothing_was_earned() -> None:
    license_(Royalty(per_second=Money(amount=Decimal(4))))
    out = call("statement", "Northlight").output
    owed = [line for line in out.splitlines() if " a second" in line]
    assert owed and all(re.search(r" at 4\.00 USD a second +\d+\.\d\d USD$", line) for line in owed), out
    empty = call("statement", "Northlight", "--from", "2027-01-01").output
    assert empty == "Nothing is owed to Northlight from 2027-01-01: nothing with a royalty was published.\n"


def test_a_cameo_knows_its_licensor() -> None:
    assert Cameo(id=CameoId("m"), name="Mara").licensor == "Mara"


# --- erasure ---


@pytest.mark.usefixtures("played")
def test_somebody_is_erased_when_that_was_said_twice_over_and_nothing_with_them_is_out(here: Path) -> None:
    license_(Royalty(share=Decimal(10)))
    assert call("erase", "ines", "--yes").exit_code == 4, "a film with them is published"
    database = workspace()

    def withdraw(tx: Any) -> None:
        for out in publication.of_run(tx, RUN):
            publication.take_down(tx, out.id, "asked")

    database.write_now(withdraw)
    database.close()
    unsaid = call("erase", "ines")
    assert unsaid.exit_code == 2 and "say it again with --yes" in unsaid.output
    assert "Ines Calder" in call("show", "ines").output
    report = told("erase", "ines", "--yes", "--by", "Dana")
    assert (report["cameo"], len(report["takes"]), report["runs"]) == ("ines", 1, [RUN])
    assert call("show", "ines").exit_code == 6
    again = call("erase", "ines")
    assert (again.exit_code, "was erased before" in again.output) == (0, True)
    for path in (*here.glob("*.db*"), *here.glob("*.log")):
        assert b"Ines Calder" not in path.read_bytes(), path.name
    assert CliRunner().invoke(build(), ["ledger", "verify"]).exit_code == 0
