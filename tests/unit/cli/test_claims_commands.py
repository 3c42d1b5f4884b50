"""Legal looks at its records, changes them, and takes sheets out and in, from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result
from unit.cli.conftest import NOW, Open, workspace

from callsheet.cli.app import build
from callsheet.domain.event import PlanReturned
from callsheet.domain.finding import Finding
from callsheet.domain.identity import RunId
from callsheet.domain.ledger import WORKSPACE
from callsheet.domain.record import digest_of
from callsheet.domain.run import Run
from callsheet.storage import document, legal
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries, record
from callsheet.tools.intake import read_campaign, write_example

YARN = "made-with-recycled-yarn"
WAIVER = ("--market", "US", "--until", "2099-01-01", "--reason", "Agreed with the agency", "--by", "Ada")


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(build(), ["claims", *(str(word) for word in words)])


def done(*words: str | Path) -> dict[str, Any]:
    result = call(*words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refused(code: int, *words: str | Path) -> str:
    result = call(*words)
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def pocket(here: Path) -> Path:
    """A campaign folder whose records legal has looked at once."""
    write_example(here / "pocket", "pocket")
    done("list", "--campaign", here / "pocket")
    return here / "pocket"


def fields(name: str = YARN) -> dict[str, Any]:
    return done("show", name)


def test_a_folder_is_enough_to_begin_with(here: Path) -> None:
    assert "no workspace here yet" in refused(6, "list")
    write_example(here / "pocket", "pocket")
    told = done("list", "--campaign", here / "pocket")
    assert [(one["kind"], one["id"], one["today"]) for one in told["records"]] == [("claim", YARN, "in force")]
    assert done("list")["campaign"] == "pocket"


def test_set_changes_a_record_and_history_says_who_did(pocket: Path) -> None:
    told = done("set", YARN, "markets=US,GB", "ends=2027-01-31", "--by", "Ada Legal")
    assert told["changes"][0]["cells"] == [
        {"column": "markets", "old": "*", "new": "US, GB"},
        {"column": "ends", "old": "", "new": "2027-01-31"},
    ]
    revisions = done("history", YARN)["revisions"]
    assert [(one["revision"], one["by"]) for one in revisions] == [(1, "the campaign folder"), (2, "Ada Legal")]
    assert "is so already" in call("set", YARN, "markets=US,GB").output


def test_set_makes_a_record_of_any_kind(pocket: Path) -> None:
    done("set", "body", "kind=topic", "words=weight loss, slimming", "reason=Brand policy")
    done("set", "ad", "kind=disclosure", "text=Advertisement")
    done("set", "light", "kind=superlative", "text=The lightest we made", "approved=yes")
    assert fields("light")["today"] == "a superlative without substantiation"
    done("set", "light", "substantiation=Report 4")
    assert fields("light")["today"] == "in force"
    assert fields("body")["words"] == "weight loss, slimming"


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (6, ("set", "nope", "approved=yes"), "There is no record nope in pocket"),
        (2, ("set", YARN, "aproved=yes"), "did you mean approved=?"),
        (2, ("set", YARN, "approved=maybe"), "allowed: yes or no"),
        (2, ("set", YARN, "markets=Germany"), "two-letter country code"),
        (2, ("set", YARN, "text=From {price}"), "slot {price} of the wording has no values"),
        (2, ("set", YARN, "starts=2027-01-01", "ends=2026-01-01"), "is not after its start"),
        (2, ("set", YARN, "ends=1/2/2027"), "could be two days"),
        (2, ("set", YARN, "words=slimming"), "is for a topic"),
        (2, ("set", "ad", "kind=disclosure", "text=Size 42.", "with claims=yarn"), "names a claim that is not here"),
        (6, ("show", "made-with-yarn"), f"did you mean {YARN}?"),
        (6, ("list", "--campaign", "soap"), "there are: pocket"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    pocket: Path, code: int, words: tuple[str, ...], said: str
) -> None:
    assert said in " ".join(refused(code, *words).split())
    assert fields()["revision"] == "1"


def test_a_withdrawn_claim_does_not_come_back_with_its_folder(pocket: Path) -> None:
    done("withdraw", YARN)
    told = done("list", "--campaign", pocket)
    assert [one["today"] for one in told["records"]] == ["not approved"]


def test_legal_can_approve_with_a_command_what_it_added_or_withdrew(pocket: Path) -> None:
    done("set", "light", "kind=claim", "text=Light on your feet")
    for name in ("light", YARN):
        done("withdraw", name)
        done("set", name, "approved=yes")
        assert fields(name)["today"] == "in force"


def test_a_withdrawn_ban_ends_today(pocket: Path) -> None:
    done("set", "body", "kind=topic", "words=slimming")
    done("withdraw", "body")
    assert fields("body")["today"].startswith("ended on")


@pytest.mark.parametrize("form", ["csv", "xlsx", "yaml"])
def test_a_sheet_goes_out_and_comes_back_changed(pocket: Path, here: Path, form: str) -> None:
    sheet = here / f"legal.{form}"
    assert done("export", sheet)["records"] == 1
    assert done("import", sheet)["changes"] == []
    edit(sheet, "Yarn certificate FR-2026-03", "Certificate 12")
    trial = done("import", sheet, "--dry-run")
    assert (trial["dry_run"], trial["changes"][0]["what"]) == (True, "changed")
    assert "Certificate 12" not in fields()["substantiation"]
    assert "1 record was added or changed, as Ada Legal said." in call("import", sheet, "--by", "Ada Legal").output
    assert "Certificate 12" in fields()["substantiation"]
    assert done("import", sheet)["changes"] == []
    assert "by Ada Legal" in fields()["last change"]


def test_a_sheet_with_one_wrong_row_is_kept_out_whole(pocket: Path, here: Path) -> None:
    sheet = here / "legal.csv"
    done("export", sheet)
    with sheet.open("a", encoding="utf-8") as more:
        more.write('"claim","","Fine new words","","maybe"\n"clam","","Other words"\n')
    output = refused(2, "import", sheet)
    assert "there are 2 problems" in output
    assert "Mend them and try again" in output
    assert "legal.csv:3: approved" in output
    assert "legal.csv:4: kind" in output
    assert "did you mean claim?" in output
    assert len(done("list")["records"]) == 1


def test_a_row_that_is_not_in_the_sheet_is_named_and_left_alone(pocket: Path, here: Path) -> None:
    sheet = here / "legal.csv"
    sheet.write_text("kind,id,text,approved\nclaim,new,Fine new words,no\n", encoding="utf-8")
    assert done("import", sheet)["missing"] == [f"claim:{YARN}"]
    assert fields()["approved"] == "yes"


def test_a_file_that_is_there_is_not_overwritten_unasked(pocket: Path, here: Path) -> None:
    assert "has 1 record of pocket" in call("export", here / "legal.csv").output
    assert "--overwrite" in refused(2, "export", here / "legal.csv")
    done("export", here / "legal.csv", "--overwrite")
    assert "name it .csv, .xlsx or .yaml" in refused(2, "export", here / "legal.doc")


def test_a_waiver_is_granted_listed_and_ended(pocket: Path) -> None:
    granted = done("waive", "--rule", "claims: superlative", "--text", "The best", *WAIVER)["waiver"]
    (listed,) = done("waivers")["waivers"]
    assert (listed["id"], listed["today"], listed["by"]["name"]) == (granted["id"], "in force", "Ada")
    assert listed["by"]["authenticated"] == "asserted"
    done("end-waiver", granted["id"])
    assert done("waivers")["waivers"][0]["today"] == "ended"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "A waiver needs --rule, --text"),
        (("--rule", "claims: price", "--text", "t", *WAIVER[2:]), 2, "A waiver needs --market"),
        (("--rule", "claims: price", "--text", "t", "--market", "*", *WAIVER[2:]), 2, "one by one"),
        (("--rule", "claims: price", "--text", "t", *WAIVER, "--until", "2020-01-01"), 4, "would never hold"),
        (("--rule", "claims: price", "--text", "t", *WAIVER, "--until", "soon"), 2, "takes a day such as"),
        (("--rule", "claims: superlativ", "--text", "t", *WAIVER), 2, "There are: claims: superlative"),
        (("--rule", "claims: foo", "--text", "t", *WAIVER), 2, "No waiver can be about the rule"),
        (("--rule", "instruction", "--text", "t", *WAIVER), 2, "No waiver can be about the rule"),
    ],
)
def test_a_waiver_is_narrow_or_none(pocket: Path, words: tuple[str, ...], code: int, said: str) -> None:
    assert said in " ".join(refused(code, "waive", *words).split())
    assert done("waivers")["waivers"] == []


def test_a_finding_of_a_run_is_waived_by_its_number(open_run: Open) -> None:
    run = open_run("pocket")
    findings = (
        Finding(rule="budget", place="run", evidence="too dear", fix="raise the cap"),
        Finding(rule="claims: superlative", place="panel 1", evidence="'best'", fix="cut it", text="  The best – ever"),
    )
    stop(run, findings)
    assert [one["rule"] for one in done("waive", run.id)["findings"]] == ["budget", "claims: superlative"]
    assert "not about a text" in refused(2, "waive", run.id, "--finding", "1", *WAIVER)
    assert "has 2 findings;" in refused(6, "waive", run.id, "--finding", "3", *WAIVER)
    assert "--finding 2 --until" in call("waive", run.id).output
    granted = done("waive", run.id, "--finding", "2", *WAIVER[2:])["waiver"]
    assert (granted["rule"], granted["text"]) == ("claims: superlative", "  The best – ever")
    assert granted["markets"] == ["US"]
    assert done("waivers")["waivers"][0]["today"] == "in force"


def test_the_ledger_says_what_the_commands_did(pocket: Path) -> None:
    done("withdraw", YARN)
    database = workspace()
    told = database.read_now(lambda tx: entries(tx, WORKSPACE))
    known = database.read_now(lambda tx: legal.histories(tx, "pocket"))
    database.close()
    assert [(one.kind, one.body["revision"]) for one in told] == [("ClaimRevised", 1), ("ClaimRevised", 2)]
    assert told[-1].body["record"] == known["claim", YARN][-1].record.digest


def test_the_folder_is_not_written_to(pocket: Path) -> None:
    before = read_campaign(pocket, NOW.date()).digest
    done("withdraw", YARN)
    assert read_campaign(pocket, NOW.date()).digest == before


def stop(run: Run, findings: tuple[Finding, ...]) -> None:
    def write(tx: Transaction) -> None:
        kept = tuple(document.keep(tx, one) for one in findings)
        words = tuple(str(one) for one in findings)
        record(tx, RunId(run.id), PlanReturned(call_sheet=digest_of("sheet"), findings=words, kept=kept))

    database = workspace()
    database.write_now(write)
    database.close()


def edit(sheet: Path, old: str, new: str) -> None:
    """As a lawyer would: open it, change a cell, save it."""
    if sheet.suffix != ".xlsx":
        sheet.write_text(sheet.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return
    import openpyxl
    from openpyxl.cell.cell import Cell

    book = openpyxl.load_workbook(sheet)
    for row in book["Claims"].iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and isinstance(cell.value, str):
                cell.value = cell.value.replace(old, new)
    book.save(sheet)
