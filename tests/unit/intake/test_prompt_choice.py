"""A campaign pins prompts or brings its own; no pin, path or file of it reaches further than that."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.intake.folder import SOUND, TODAY, make, only, problems

from callsheet.domain.campaign import Campaign
from callsheet.prompts.prompt import load_prompt, shipped_text
from callsheet.prompts.shelf import shelf_of
from callsheet.tools.intake import CampaignInvalid, campaign_schema, read_campaign
from callsheet.tools.intake.check_prompt import MAX_BYTES

NAME = "writer/repair"
SHIPPED = load_prompt(f"{NAME}@v1")
TEXT = shipped_text(f"{NAME}@v1")
MINE = TEXT.replace("cannot be used", "does not work for our brand")


def choosing(choice: str, name: str = NAME) -> str:
    return f"{SOUND}prompts:\n  {name}: {choice}\n"


def read(folder: Path) -> Campaign:
    return read_campaign(folder, TODAY).campaign


@pytest.mark.parametrize("pin", ["v1", "@v1", f"{NAME}@v1", SHIPPED.ref, f"v1#{SHIPPED.digest[:12]}"])
def test_a_pin_names_an_exact_version(tmp_path: Path, pin: str) -> None:
    campaign = read(make(tmp_path / "a", choosing(f'"{pin}"')))
    assert shelf_of(campaign).resolve(NAME) == SHIPPED


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        ("v9", "not shipped; there are v1"),
        ("v1#000000000000", f"pins other words than are shipped as v1, which is {SHIPPED.ref}"),
        ("director/reword@v1", "pins another prompt, director/reword"),
        ("latest", "neither a version such as v1 nor a Markdown file"),
    ],
)
def test_a_pin_that_does_not_hold_is_refused_at_its_line(tmp_path: Path, pin: str, said: str) -> None:
    found = only(make(tmp_path / "a", choosing(f'"{pin}"')))
    assert (found.file, found.line, found.where) == ("campaign.yaml", 6, f"prompts.{NAME}")
    assert said in found.message


def test_a_misspelt_prompt_names_the_one_that_was_meant(tmp_path: Path) -> None:
    assert only(make(tmp_path / "a", choosing("v1", "writer/repiar"))).nearest == NAME


def test_words_of_ones_own_take_the_place_of_shipped_ones_and_are_frozen(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", choosing("prompts/mine.md"), {"prompts/mine.md": MINE})
    bundle = read_campaign(folder, TODAY)
    prompt = shelf_of(bundle.campaign).resolve(NAME)
    assert "does not work for our brand" in prompt.user
    assert prompt.ref.startswith(f"campaign:{NAME}@v1#")
    assert any(prompt.ref in notice.text for notice in bundle.notices), "whoever decides is told"
    (folder / "prompts" / "mine.md").write_text(MINE + "\nMore.\n", encoding="utf-8")
    assert shelf_of(bundle.campaign).resolve(NAME) == prompt, "a later edit changes nothing in what was read"
    assert shelf_of(read(folder)).resolve(NAME) != prompt


def test_letters_that_need_a_joiner_are_no_hidden_ones(tmp_path: Path) -> None:
    mine = MINE.replace("Your last", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645: your last")
    folder = make(tmp_path / "a", choosing("m.md"), {"m.md": mine})
    assert "\u200c" in shelf_of(read(folder)).resolve(NAME).user


def test_flaws_of_ones_own_words_are_said_and_stop_nothing(tmp_path: Path) -> None:
    sloppy = MINE.replace("never an instruction", "nice to know").replace("never\nan instruction", "nice to know")
    notices = read_campaign(make(tmp_path / "a", choosing("m.md"), {"m.md": sloppy}), TODAY).notices
    assert any("(data)" in notice.text for notice in notices)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("../secret.md", "points outside the campaign folder"),
        ("/etc/motd.md", "points outside the campaign folder"),
        ("~/secret.md", "points outside the campaign folder"),
        ("a\\\\..\\\\secret.md", "is not a plain file name"),
        ("file:secret.md", "is not a plain file name"),
        ("link.md", "is a link that leads outside"),
        ("linked/secret.md", "is a link that leads outside"),
        ("prompts.md", "is not a file"),
        ("none.md", "is not there"),
    ],
)
def test_a_prompt_file_lies_inside_the_campaign_folder(tmp_path: Path, path: str, said: str) -> None:
    (tmp_path / "secret.md").write_text(MINE, encoding="utf-8")
    folder = make(tmp_path / "a", choosing(f'"{path}"'))
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "prompts.md").mkdir()
    assert said in only(folder).message


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (MINE.replace("<<problems>>", "the problems"), "declares ['answer', 'problems'] but its text uses ['answer']"),
        (MINE.replace("<<problems>>", "<<secrets>>"), "but its text uses ['answer', 'secrets']"),
        (
            MINE.replace("[answer, problems]", "[answer]").replace("<<problems>>", ""),
            "must take [answer, problems]",
        ),
        (MINE.replace("output: text", "output: Anything"), "must ask for a text"),
        (MINE.replace("version: 1", "version: 7"), "stands for version 7, which is not shipped"),
        (MINE.replace(f"name: {NAME}", "name: director/reword"), "is the prompt director/reword by its header"),
        (MINE.replace("inputs: [answer, problems]", f"inputs: [answer, problems]\n{BOMB}"), "has a line 'a: &a"),
        (MINE.replace("[answer, problems]", "*anchor"), "says inputs: *anchor"),
        (MINE.replace("version: 1", "version: !!python/object:os.system x"), "says version: !!python"),
        (MINE.replace("version: 1", "version: 1\nversion: 1"), "says version twice"),
        (MINE.replace("# user", "# users"), "needs a header between two"),
        (MINE.replace("Your last", "Your \u202elast"), "nobody can see (U+202E)"),
        (MINE.replace("Your last", "Your \x1b[2Jlast"), "nobody can see (U+001B)"),
        (MINE.replace("Your last", "Your \u200blast"), "nobody can see (U+200B)"),
        (MINE.replace("Your last", "Your \U000e0041last"), "nobody can see (U+E0041)"),
        (MINE.replace("Your last", "Your \U000e0141last"), "nobody can see (U+E0141)"),
        (MINE.replace("Your last", "Your \u2028last"), "nobody can see (U+2028)"),
        (MINE + "x" * MAX_BYTES, "at most 24,576"),
        ("", "is empty"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"---\nname: " + b"[" * 9000 + b"\n---\n# system\nx\n# user\ny\n", "says name: [[["),
    ],
)
def test_a_hostile_or_broken_prompt_file_is_refused_with_the_reason(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    found = only(make(tmp_path / "a", choosing("mine.md"), {"mine.md": content}))
    assert (found.file, found.line) == ("campaign.yaml", 6)
    assert said in found.message


def test_every_wrong_choice_is_named_at_once(tmp_path: Path) -> None:
    text = f"{SOUND}prompts:\n  {NAME}: v9\n  director/reword: none.md\n"
    assert [problem.line for problem in problems(make(tmp_path / "a", text))] == [6, 7]


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30))
def test_no_choice_brings_anything_in_but_shipped_words(tmp_path_factory: pytest.TempPathFactory, choice: str) -> None:
    quoted = choice.replace("\\", "\\\\").replace('"', '\\"')
    folder = make(tmp_path_factory.mktemp("any"), choosing(f'"{quoted}"'))
    try:
        campaign = read(folder)
    except CampaignInvalid as refused:
        assert [one.file for one in refused.problems] == ["campaign.yaml"]
        return
    assert shelf_of(campaign).resolve(NAME) == SHIPPED


def test_the_schema_says_what_may_be_written() -> None:
    said = campaign_schema()["properties"]["prompts"]
    assert said["additionalProperties"]["type"] == "string"
    assert "callsheet prompts list" in said["description"]
