"""The commands that need no graph: new, validate, schema, quote."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from callsheet.cli.app import build


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(build(), [str(word) for word in words])


@pytest.fixture
def spring(tmp_path: Path) -> Path:
    """A folder that `callsheet new` made."""
    Image.new("RGB", (200, 150), (250, 250, 250)).save(tmp_path / "shoe.png")
    made = call("new", tmp_path / "spring", "--product", "Fleet Runner", "--image", tmp_path / "shoe.png")
    assert made.exit_code == 0, made.output
    return tmp_path / "spring"


def test_new_says_what_it_wrote_and_what_waits_for_approval(tmp_path: Path) -> None:
    made = call("new", tmp_path / "autumn", "--product", "Cup", "--url", "cup.example")
    assert made.exit_code == 0
    assert f"wrote {tmp_path / 'autumn' / 'campaign.yaml'}" in made.stdout
    assert "not approved yet" in made.stdout
    assert f"Next: callsheet validate {tmp_path / 'autumn'}" in made.stdout


def test_new_needs_to_know_which_product(tmp_path: Path) -> None:
    for words in ((), ("--example", "--product", "Cup"), ("--example", "--pocket")):
        refused = call("new", tmp_path / "a", *words)
        assert refused.exit_code == 2
        assert "--product" in refused.stderr
        assert refused.stdout == ""


def test_new_copies_the_examples(tmp_path: Path) -> None:
    assert call("new", tmp_path / "demo", "--example").exit_code == 0
    assert (tmp_path / "demo" / "cameos.yaml").is_file()
    assert call("new", tmp_path / "tiny", "--pocket").exit_code == 0
    assert call("validate", tmp_path / "tiny").exit_code == 0
    again = call("new", tmp_path / "tiny", "--pocket")
    assert (again.exit_code, "Already there" in again.stderr) == (2, True)


def test_validate_shows_notes_with_the_line_to_fix(spring: Path) -> None:
    checked = call("validate", spring)
    assert checked.exit_code == 0
    assert "spring is sound: 1 audience, 1 placement, 3 facts, 1 claim, 0 cameos" in checked.stdout
    assert f"note: {spring}/campaign.yaml:15: not approved yet" in checked.stdout


def test_validate_lists_problems_on_standard_error_and_exits_with_2(spring: Path) -> None:
    path = spring / "campaign.yaml"
    path.write_text(path.read_text().replace("seconds: 16", "secnds: 16").replace("[vertical]", "[vertcal]"))
    checked = call("validate", spring)
    assert checked.exit_code == 2
    assert checked.stdout == ""
    assert "has 2 problems" in checked.stderr
    assert "did you mean seconds?" in checked.stderr
    as_json = call("validate", spring, "--json")
    assert as_json.exit_code == 2
    places = [problem["where"] for problem in json.loads(as_json.stdout)["error"]["problems"]]
    assert places == ["placements[1]", "secnds"]


def test_a_folder_that_is_not_there_exits_with_6(tmp_path: Path) -> None:
    missing = call("validate", tmp_path / "nothing")
    assert missing.exit_code == 6
    assert "callsheet new" in missing.stderr


def test_json_prints_one_document(spring: Path) -> None:
    document = json.loads(call("validate", "--json", spring).stdout)
    assert (document["valid"], document["campaign"], document["provider"]) == (True, "spring", "sandbox")


def test_schema_is_json(tmp_path: Path) -> None:
    assert json.loads(call("schema").stdout)["title"] == "Callsheet campaign.yaml"


def test_a_mistyped_command_names_the_nearest_one() -> None:
    mistyped = call("valdate")
    assert mistyped.exit_code == 2
    assert "validate" in mistyped.stderr


def test_quote_shows_shots_seconds_and_what_it_would_cost_elsewhere(spring: Path) -> None:
    offer = call("quote", spring)
    assert offer.exit_code == 0, offer.stderr
    assert "shot.1" in offer.stdout
    assert "$0.00 expected" in offer.stdout
    assert "$0.30" in offer.stdout
    assert "nothing is spent" in offer.stdout
    document = json.loads(call("quote", spring, "--json").stdout)
    assert document["fits"] is True
    assert document["quote"]["seconds_purchased"] == sum(
        line["purchased_seconds"] * line["takes"] for line in document["quote"]["lines"]
    )


def test_a_quote_without_a_price_says_so_and_does_not_fit(spring: Path) -> None:
    path = spring / "campaign.yaml"
    path.write_text(path.read_text() + "provider: vllm-omni-wan\n")
    offer = call("quote", spring)
    assert "no price" in offer.stdout
    assert json.loads(call("quote", spring, "--json").stdout)["fits"] is False


def test_the_command_runs_as_a_program_and_loads_nothing_heavy() -> None:
    code = "import sys; sys.argv = ['callsheet', '--help']\nfrom callsheet.cli import main\n"
    code += "heavy = {'langgraph', 'dbos', 'httpx', 'networkx', 'numpy', 'sqlalchemy', 'pydantic'}\n"
    code += "try: main()\nexcept SystemExit as end: print(end.code, heavy & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.rstrip().endswith("0 set()"), done.stdout + done.stderr
    module = subprocess.run(
        [sys.executable, "-m", "callsheet", "--version"], capture_output=True, text=True, timeout=60
    )
    assert module.stdout.startswith("callsheet ")


def test_what_nobody_foresaw_is_a_sentence_and_exit_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from callsheet.cli import app, campaign

    def breaks(_: object) -> None:
        raise RuntimeError("the roof is on fire")

    monkeypatch.setattr(campaign, "_read", breaks)
    monkeypatch.setattr(sys, "argv", ["callsheet", "validate", "spring"])
    with pytest.raises(SystemExit) as ended:
        app.main()
    assert ended.value.code == 1
    assert "the roof is on fire" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["callsheet", "--traceback", "validate", "spring"])
    with pytest.raises(RuntimeError):
        app.main()


def test_a_folder_with_a_space_is_quoted_in_what_to_type_next(tmp_path: Path) -> None:
    made = call("new", tmp_path / "my spring", "--product", "Cup")
    assert f"Next: callsheet validate '{tmp_path / 'my spring'}'" in made.stdout
    assert made.stdout.count("A picture on a plain background is cut out") == 1


def test_a_quote_shows_the_words_on_screen_and_the_sample_facts_among_them(spring: Path) -> None:
    offer = call("quote", spring).stdout
    assert 'callout "' in offer
    assert "sample fact, edit it" in offer
