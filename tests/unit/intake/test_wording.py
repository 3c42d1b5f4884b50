"""Claims, disclosures and banned topics of a campaign folder: read with their ids, and refused with their lines."""

from datetime import date
from pathlib import Path

import pytest
from unit.intake.folder import SOUND, TODAY, make, only

from callsheet.tools.intake import read_campaign
from callsheet.tools.intake.wording import wording_id

DISCLOSURES = "- {id: ad, text: Advertisement}\n- {text: Weight measured in size 42., claims: weight}\n"
TOPICS = "topics:\n  - {id: body, words: [weight loss, slimming], reason: Brand policy}\n  - injuries\n"


def notes(folder: Path) -> list[str]:
    return [str(one) for one in read_campaign(folder, TODAY).notices]


def test_disclosures_and_topics_are_sections_or_files(tmp_path: Path) -> None:
    files = {
        "claims.yaml": "- {id: weight, text: 240 g in size 42, approved: true, substantiation: lab}",
        "disclosures.yaml": DISCLOSURES,
        "topics.yaml": TOPICS,
    }
    found = read_campaign(make(tmp_path / "cup", SOUND, files), TODAY).campaign
    assert [(one.id, one.claims) for one in found.disclosures] == [
        ("ad", ()),
        ("weight-measured-in-size-42", ("weight",)),
    ]
    assert [(one.id, one.words) for one in found.topics] == [
        ("body", ("weight loss", "slimming")),
        ("injuries", ("injuries",)),
    ]


def test_a_claim_may_have_a_kind_a_language_and_slots(tmp_path: Path) -> None:
    claims = (
        "- id: price\n  text: From {price}\n  slots: {price: [40 EUR, 50 EUR]}\n  locale: de\n"
        "- {text: The lightest we made, kind: superlative, approved: true, substantiation: lab, ends: 2027-01-01}\n"
    )
    found = read_campaign(make(tmp_path / "cup", SOUND, {"claims.yaml": claims}), TODAY).campaign.claims
    assert (found[0].slots, found[0].locale) == ({"price": ("40 EUR", "50 EUR")}, "de")
    assert (found[1].kind, found[1].ends) == ("superlative", date(2027, 1, 1))


@pytest.mark.parametrize(
    ("files", "line", "said"),
    [
        ({"claims.yaml": "- {text: Best, kind: superlativ}\n"}, 1, "superlative"),
        ({"claims.yaml": "- Fine words\n- {text: 'From {price}'}\n"}, 2, "slot {price} of the wording has no values"),
        ({"claims.yaml": "- {text: From here, slots: {price: 4}}\n"}, 1, "no slot {price}"),
        ({"claims.yaml": "- {text: 'From {A}', slots: {A: 4}}\n"}, 1, 'found "A"'),
        ({"claims.yaml": "- {text: Soft, starts: 2026-02-01, ends: 2026-01-01}\n"}, 1, "is not after its start"),
        ({"claims.yaml": "- Fine words\n- fine words\n"}, 2, "an id of its own"),
        ({"topics.yaml": "- {words: diet, starts: 2026-02-01, ends: 2026-02-01}\n"}, 1, "is not after its start"),
        ({"topics.yaml": "- {words: []}\n"}, 1, "at least 1"),
        (
            {"disclosures.yaml": "- {text: Size 42., claims: wieght}\n", "claims.yaml": "- {id: weight, text: 240 g}"},
            1,
            "weight?",
        ),
        ({"disclosures.yaml": "- {text: Anzeige, locale: German}\n"}, 1, 'found "German"'),
    ],
)
def test_what_cannot_hold_is_refused_with_its_line(tmp_path: Path, files: dict[str, str], line: int, said: str) -> None:
    problem = only(make(tmp_path / "cup", SOUND, files))
    assert (problem.file, problem.line) == (next(iter(files)), line)
    assert said in str(problem)


def test_a_superlative_without_evidence_is_noticed_and_so_is_one_without_an_end(tmp_path: Path) -> None:
    claims = (
        "- {text: The best cup, kind: superlative, approved: true}\n"
        "- {text: Lighter than ours, kind: comparison, approved: true, substantiation: lab}\n"
    )
    one, other = (
        note for note in notes(make(tmp_path / "cup", SOUND, {"claims.yaml": claims})) if "claims.yaml" in note
    )
    assert "claims.yaml:1" in one
    assert "a superlative without evidence" in one
    assert "claims.yaml:2" in other
    assert "say when it ends" in other


@pytest.mark.parametrize(
    ("wording", "named"),
    [
        ("Made with yarn", "made-with-yarn"),
        ("240 g in size 42", "w-240-g-in-size-42"),
        ("Ünlü yün", "nl-y-n"),
    ],
)
def test_an_id_is_made_from_the_wording(wording: str, named: str) -> None:
    assert wording_id(wording) == named


def test_two_wordings_that_begin_alike_or_in_no_latin_letter_have_ids_of_their_own() -> None:
    long = "Made with yarn that was spun from old bottles"
    made = {wording_id(one) for one in (long, f"{long} and nets", "雨靴", "雨傘")}
    assert len(made) == 4
    assert all(len(one) <= 32 for one in made)


def test_one_more_claim_above_renames_none(tmp_path: Path) -> None:
    before = read_campaign(make(tmp_path / "a", SOUND, {"claims.yaml": "- Fine words\n"}), TODAY).campaign.claims
    after = read_campaign(make(tmp_path / "b", SOUND, {"claims.yaml": "- New words\n- Fine words\n"}), TODAY)
    assert before[0] in after.campaign.claims
