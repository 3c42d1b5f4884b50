"""cameos.yaml says who may appear and what they signed; every mistake in it has its line."""

from pathlib import Path

import pytest
from unit.intake.folder import SOUND, TODAY, make, only, picture, problems

from callsheet.domain.cameo import Royalty
from callsheet.domain.error import NotFound
from callsheet.domain.money import Money
from callsheet.domain.record import digest_of
from callsheet.storage.media import file_digest
from callsheet.tools.intake import naming, read_campaign
from callsheet.tools.intake.check_cameo import public_name
from callsheet.tools.intake.person import PersonInvalid, read_people, said_person

WHOLE = """\
- id: ines
  name: Ines Calder
  owner: Northlight
  description: a runner
  references: [face.png, {path: voice.wav, kind: voice}]
  characters:
    - {provider: sandbox, id: char_1, captured_at: 2026-03-01, verified_by: Dana, verification: a video call}
  releases:
    - id: r1
      document: signed.md
      rights: [face, voice_clone]
      grantees: Fleet
      languages: [en, de-AT]
      excluded: [alcohol]
      exclusive: running shoes
      approval: each_use
      biometrics: true
      royalty: {per_second: 4 EUR, share: 12.5 %}
      starts: 2026-01-01
      ends: 2027-01-01
"""
FILES = {"signed.md": "yes", "voice.wav": b"RIFF\0\0\0\0WAVEfmt "}
TERM = "starts: 2026-01-01, ends: 2030-01-01"


def folder(tmp_path: Path, cameos: str, **files: str | bytes) -> Path:
    made = make(tmp_path / "a", SOUND, {"cameos.yaml": cameos, **FILES, **files})
    picture(made / "face.png")
    return made


def one(person: str, release: str = "") -> str:
    return f"- name: {person}\n  releases:\n    - {{ {TERM}{release} }}\n"


def test_everything_that_was_signed_is_read_and_its_files_are_kept(tmp_path: Path) -> None:
    where = folder(tmp_path, WHOLE)
    bundle = read_campaign(where, TODAY)
    (ines,) = bundle.campaign.cameos
    (release,) = ines.releases
    assert release.document_digest == file_digest(where / "signed.md")
    assert [(one.kind, one.media_type) for one in ines.references] == [("face", "image/png"), ("voice", "audio/wav")]
    assert {release.document_digest, *(one.digest for one in ines.references)} <= set(bundle.files)
    assert release.royalty == Royalty.model_validate(
        {"per_second": Money.model_validate({"amount": 4, "currency": "EUR"}), "share": "12.5"}
    )
    assert (release.grantees, release.languages, release.exclusive) == (("Fleet",), ("en", "de-AT"), ("running shoes",))
    assert (release.excluded, release.approval, release.biometrics) == (("alcohol",), "each_use", True)
    assert (ines.characters[0].provider, ines.characters[0].verification) == ("sandbox", "a video call")


@pytest.mark.parametrize(
    ("cameos", "line", "where", "says"),
    [
        (one("Ines", ", rights: [hand]"), 3, "cameos[1].releases[1].rights[1]", "voice_clone"),
        (one("Ines", ", exclusive: shoes"), 3, "cameos[1].releases[1].exclusive", "name under grantees"),
        (one("Ines", ", royalty: {}"), 3, "cameos[1].releases[1].royalty", "says no amount"),
        (one("Ines", ", royalty: {share: 101}"), 3, "cameos[1].releases[1].royalty.share", "100"),
        (one("Ines", ", royalty: {per_second: four}"), 3, "cameos[1].releases[1].royalty.per_second", "40 USD"),
        (one("Ines", ", languages: [English!]"), 3, "cameos[1].releases[1].languages[1]", ""),
        (one("Ines", ", document: no.md"), 3, "cameos[1].releases[1].document", "is not there"),
        (one("Taylor Swift"), 1, "cameos[1].name", "public figure"),
        ("- name: Ines\n  references: [signed.md]\n", 2, "cameos[1].references[1].path", "not a PNG"),
        (
            "- name: Ines\n  references:\n    - {path: face.png, kind: voice}\n",
            3,
            "cameos[1].references[1].path",
            "WAV",
        ),
        (
            "- name: Ines\n  characters:\n    - {provider: sandbx, id: c, captured_at: 2026-01-01, verified_by: D,"
            " verification: seen}\n",
            3,
            "cameos[1].characters[1].provider",
            "did you mean sandbox?",
        ),
    ],
)
def test_a_mistake_about_a_person_is_told_with_its_line(
    tmp_path: Path, cameos: str, line: int, where: str, says: str
) -> None:
    problem = only(folder(tmp_path, cameos))
    assert (problem.file, problem.line, problem.where) == ("cameos.yaml", line, where)
    assert says in str(problem)


def test_every_mistake_is_listed_at_once(tmp_path: Path) -> None:
    cameos = one("Taylor Swift", ", exclusive: shoes, document: no.md")
    assert len(problems(folder(tmp_path, cameos))) == 3


def test_a_namesake_of_a_public_figure_says_who_they_are(tmp_path: Path) -> None:
    assert public_name("TAYLOR SWIFT") == "Taylor Swift"
    cameos = one("Taylor Swift") + "  namesake: a baker in Leeds, passport seen by casting\n"
    (taylor,) = read_campaign(folder(tmp_path, cameos), TODAY).campaign.cameos
    assert (taylor.namesake, taylor.is_public_figure) == ("a baker in Leeds, passport seen by casting", False)


def test_a_minor_without_a_guardian_is_pointed_out(tmp_path: Path) -> None:
    notices = read_campaign(folder(tmp_path, one("Ines") + "  is_minor: true\n"), TODAY).notices
    assert any("names a guardian" in notice.text and notice.line == 3 for notice in notices)


def test_an_id_that_was_not_written_does_not_tell_the_name(tmp_path: Path) -> None:
    (ines,) = read_campaign(folder(tmp_path, one("Ines Calder")), TODAY).campaign.cameos
    assert ines.id == naming.person_id("ines  CALDER".replace("  ", " ")) == f"person-{digest_of('ines calder')[:8]}"
    assert ines.releases[0].id.startswith(f"{ines.id}-")


def test_a_release_without_an_id_is_named_by_its_paper_or_its_terms_and_never_by_its_place(tmp_path: Path) -> None:
    lines = [f"    - {{ {TERM}{more} }}\n" for more in ("", ", document: signed.md", ", territories: [DE, US]")]
    head = "- id: ines\n  name: Ines\n  releases:\n"

    def ids(number: int, order: list[str]) -> list[str]:
        where = make(tmp_path / str(number), SOUND, {"cameos.yaml": head + "".join(order), **FILES})
        return [one.id for one in read_campaign(where, TODAY).campaign.cameos[0].releases]

    plain, paper, abroad = ids(1, lines)
    assert paper == f"ines-{file_digest(tmp_path / '1' / 'signed.md')[:8]}"
    assert len({plain, paper, abroad}) == 3
    assert ids(2, [lines[2].replace("DE, US", "US, DE"), lines[0]]) == [abroad, plain]
    other_terms = f"    - {{ {TERM}, document: signed.md, rights: [voice] }}\n"
    assert ids(3, [other_terms, lines[0]]) == [paper, plain], "the same paper is the same release"


def test_one_paper_is_not_two_releases_unless_they_are_named(tmp_path: Path) -> None:
    twice = "".join(f"    - {{ {TERM}, document: signed.md, rights: [{right}] }}\n" for right in ("face", "voice"))
    problem = only(folder(tmp_path, f"- id: ines\n  name: Ines\n  releases:\n{twice}"))
    assert (problem.where, problem.line) == ("cameos[1].releases[2]", 5)
    assert "taken on line 4; give it an id of its own" in problem.message


def test_people_are_read_for_the_workspace_from_the_same_file(tmp_path: Path) -> None:
    where = folder(tmp_path, WHOLE)
    found = read_people(where / "cameos.yaml", TODAY)
    assert found.cameos == read_campaign(where, TODAY).campaign.cameos
    (where / "one.yaml").write_text(f"name: Mara\nreleases:\n  - {{{TERM}, rights: [hand]}}\n")
    with pytest.raises(PersonInvalid, match=r"one\.yaml:3: cameos\[1\]\.releases\[1\]\.rights"):
        read_people(where / "one.yaml", TODAY)
    (where / "none.yaml").write_text("[]\n")
    with pytest.raises(PersonInvalid, match="names nobody"):
        read_people(where / "none.yaml", TODAY)
    with pytest.raises(NotFound, match=r"cameos\.yaml"):
        read_people(where / "missing.yaml", TODAY)


def test_what_is_said_on_a_command_line_is_held_to_the_same_rules(tmp_path: Path) -> None:
    with pytest.raises(PersonInvalid, match=r"the command line: cameos\[1\]\.name: is the name of a public figure"):
        said_person(tmp_path, {"name": "Taylor Swift"}, TODAY)
    (mara,) = said_person(tmp_path, {"id": "mara", "name": "Mara"}, TODAY).cameos
    assert (mara.id, mara.name) == ("mara", "Mara")
