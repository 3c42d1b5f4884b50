"""Everything that is wrong is listed at once, with file, line, what was found, what is allowed and what is near."""

import os
from pathlib import Path

import pytest
from unit.intake.folder import SOUND, TODAY, make, only, picture, problems

from callsheet.domain.error import InputInvalid, NotFound
from callsheet.tools.intake import read_campaign


def test_every_problem_of_every_file_is_listed_at_once(tmp_path: Path) -> None:
    text = """\
name: Spring!
goal: again and again
product:
  name: Runner
  imag: shoe.png
  image: nothing.png
facts: [Holds water]
provider: sandbxo
placements: [vertcal, {id: tall, width: 31}]
shots: many
variants: recutt
goal: again
"""
    files = {"brand.yaml": "palette: [red, '#ffffff']\n", "claim.yaml": "- a"}
    found = [(one.file, one.line, one.where, one.nearest) for one in problems(make(tmp_path / "a", text, files))]
    assert found == [
        ("campaign.yaml", 1, "name", None),
        ("campaign.yaml", 5, "product.imag", "image"),
        ("campaign.yaml", 6, "product.image", None),
        ("campaign.yaml", 7, "facts", None),
        ("campaign.yaml", 8, "provider", "sandbox"),
        ("campaign.yaml", 9, "placements[1]", "vertical"),
        ("campaign.yaml", 9, "placements[2].width", None),
        ("campaign.yaml", 10, "shots", None),
        ("campaign.yaml", 11, "variants", "recut"),
        ("campaign.yaml", 12, "goal", None),
        ("brand.yaml", 1, "brand.palette[1]", None),
        ("claim.yaml", None, "", "claims.yaml"),
    ]


def test_a_problem_reads_as_a_sentence(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", SOUND + "provder: sandbox\n")
    assert str(only(folder)).startswith(
        "campaign.yaml:5: provder: is not a known key; did you mean provider?; allowed: aud"
    )
    assert "product" in str(only(make(folder, SOUND + "facts: [Holds water]\n")))


@pytest.mark.parametrize(
    ("line", "where", "words"),
    [
        ("provider: sora-2", "provider", "retired on 2026-09-24"),
        ("size: 1024x1792", "size", "720x1280, 1280x720"),
        ("prices: {4k: 1}", "prices.4k", "screen"),
        ("seconds: 3", "seconds", "at least 4 s: 3 s of end card and 1 s a shot"),
        ("seconds: 0", "seconds", "1 to 180 seconds"),
        ("seconds: soon", "seconds", "such as 4 or 2.5"),
        ("caps: {money: 40 EUR}", "caps.money", "must be in USD"),
        ("caps: {money: plenty}", "caps.money", "an amount such as 40 or 40 USD"),
        ("caps: {seconds: 2.5}", "caps.seconds", "a whole number"),
        ("caps: {day: {money: 40 EUR}}", "caps.day.money", "must be in USD"),
        ("caps: {day: {seconds: 0}}", "caps.day.seconds", "more than 0"),
        ("caps: {days: {seconds: 9}}", "caps.days", "did you mean day?"),
        ("caps: {tiers: {scren: {seconds: 9}}}", "caps.tiers.scren", "did you mean screen?"),
        ("caps: {tiers: {screen: {money: EUR 9}}}", "caps.tiers.screen.money", "must be in USD"),
        ("markets: [usa]", "markets[1]", "two-letter"),
        ("claims: [{text: Abc, starts: 2026-02-30}]", "claims[1].starts", "a date such as"),
        ("claims: [{text: Abc, starts: 2026-02-02, ends: 2026-02-01}]", "claims[1].ends", "not after its start"),
        ("claims: [{id: a, text: Abc}, {id: a, text: Bcd}]", "claims[2]", "has the id a, which is taken on line 5"),
        ("audiences: [Early birds, early-birds]", "audiences[2]", "taken"),
        ("telemetry: csv", "telemetry", "telemetry.csv, which is not in the folder"),
        ("brand: {name: 7}", "brand.name", "put quotes around it"),
        ('brand: {name: "a\\nb"}', "brand.name", "one line of text"),
        (
            "cameos: [{name: I, releases: [{starts: 2026-02-02, ends: 2026-01-01}]}]",
            "cameos[1].releases[1].ends",
            "not after",
        ),
        (
            "cameos: [{name: I, releases: [{starts: 2026-01-01, ends: 2027-01-01, document: no.md}]}]",
            "cameos[1].releases[1].document",
            "is not there",
        ),
        ("provider: sandbox\nprovider: sandbox", "provider", "already on line 5"),
        ("audiences: &a [x]\nclaims: *a", "", "anchor"),
        ("brand: !!python/object:os.system {}", "", "tag"),
        ("brand: [", "", "not readable YAML"),
        ("seconds: .inf", "seconds", "such as 4 or 2.5"),
    ],
)
def test_each_slip_is_named_where_it_stands(tmp_path: Path, line: str, where: str, words: str) -> None:
    problem = only(make(tmp_path / "a", SOUND + line + "\n"))
    assert problem.where == where
    assert words in str(problem)
    assert problem.file == "campaign.yaml"
    assert problem.line is not None
    assert problem.line >= 5


def test_a_section_is_inline_or_in_its_file_but_not_in_both(tmp_path: Path) -> None:
    problem = only(make(tmp_path / "a", SOUND + "claims: [Is blue]\n", {"claims.yaml": "[Is red]"}))
    assert (problem.line, problem.message) == (5, "is written here and in claims.yaml; keep one of the two")
    folder = make(tmp_path / "b", SOUND + "telemetry: simulation\n", {"telemetry.csv": "variant\n"})
    assert "keep one of the two" in only(folder).message


def test_telemetry_must_begin_with_its_header(tmp_path: Path) -> None:
    problem = only(make(tmp_path / "a", SOUND, {"telemetry.csv": "variant;second\n"}))
    assert (problem.file, problem.line, problem.found) == ("telemetry.csv", 1, '"variant;second"')
    assert problem.allowed == "variant,placement,second,viewers,clicks"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"# nothing but a comment\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not UTF-8 text"),
        (b"goal: a\x07b", "not text"),
        (b"just words", "must hold keys and values"),
        (b"a: b\n---\na: c\n", "single document"),
        (b"[" * 5000, "nested more than"),
        (b"a: [" + b"1," * 30_000 + b"1]", "more than 20,000 values"),
        (b"a: " + b"x" * 300_000, "bytes long"),
        (b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]", "anchor"),
        (b"{[a, b]: c}", "plain word"),
    ],
)
def test_a_file_that_is_no_campaign_is_refused_quickly(tmp_path: Path, content: bytes, words: str) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "campaign.yaml").write_bytes(content)
    assert any(words in str(problem) for problem in problems(folder))


def test_a_folder_without_a_campaign_file_says_how_to_write_one(tmp_path: Path) -> None:
    assert "callsheet new" in only(tmp_path).message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/etc/hostname", "outside the campaign folder"),
        ("../outside.png", "outside the campaign folder"),
        ("pictures/../../outside.png", "outside the campaign folder"),
        ("~/outside.png", "outside the campaign folder"),
        ("C:\\\\outside.png", "not a plain file name"),
        ("link.png", "a link that leads outside"),
        ("linked/outside.png", "a link that leads outside"),
        ("folder", "is not a file"),
        ("nothing.png", "is not there"),
        ("loop.png", "is not there"),
    ],
)
def test_a_picture_never_comes_from_outside_the_folder(tmp_path: Path, name: str, words: str) -> None:
    picture(tmp_path / "outside.png")
    folder = make(tmp_path / "a", SOUND + f'  image: "{name}"\n', {"folder/x": "x"})
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "loop.png").symlink_to(folder / "loop.png")
    problem = only(folder)
    assert problem.where == "product.image"
    assert words in problem.message


def test_sections_are_not_read_through_links_that_leave_the_folder(tmp_path: Path) -> None:
    (tmp_path / "claims.yaml").write_text("[Is secret]")
    folder = make(tmp_path / "a")
    (folder / "claims.yaml").symlink_to(tmp_path / "claims.yaml")
    assert "leads outside" in only(folder).message


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", SOUND + "  image: pipe.png\n")
    os.mkfifo(folder / "pipe.png")
    assert only(folder).message == "is not a file"


def test_a_picture_must_be_a_whole_picture_of_a_sane_size(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", SOUND + "  image: cup.png\n")
    whole = picture(folder / "cup.png", (400, 300)).read_bytes()
    big = picture(tmp_path / "big.png", (9000, 5000)).read_bytes()
    cases = {
        b"<!DOCTYPE html><html>": 'begins with "<!DOCTYPE html><html"',
        b"<svg xmlns=''/>": "not a PNG, JPEG or WebP",
        b"GIF89a" + b"\x00" * 40: "not a PNG, JPEG or WebP",
        whole[: len(whole) // 2]: "damaged picture",
        b"": "is empty",
        picture(tmp_path / "tiny.png", (20, 20)).read_bytes(): "only 20x20 pixels",
        big: "9000x5000 pixels",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 30: "picture",
    }
    for data, words in cases.items():
        (folder / "cup.png").write_bytes(data)
        assert words in only(folder).message


def test_an_unknown_provider_is_told_only_of_those_still_in_business(tmp_path: Path) -> None:
    problem = only(make(tmp_path / "a", SOUND + "provider: sora2\n"))
    assert "vllm-omni-wan" in problem.allowed
    assert "sora" not in problem.allowed
    assert problem.nearest is None


def test_a_file_in_place_of_the_folder_is_called_a_file(tmp_path: Path) -> None:
    folder = make(tmp_path / "my spring")
    with pytest.raises(InputInvalid, match=r"campaign\.yaml is a file; name the campaign folder") as caught:
        read_campaign(folder / "campaign.yaml", TODAY)
    assert f"'{folder}'" in str(caught.value)
    with pytest.raises(NotFound, match=r"callsheet new '.*my autumn'"):
        read_campaign(tmp_path / "my autumn", TODAY)
