"""Approved wording passes as it stands; the same words unapproved, elsewhere, too late or in disguise are found."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.claim import Claim, LegalBook, is_in_force_everywhere
from callsheet.domain.seen import fold
from callsheet.domain.words.vet import Asked, ClaimFinding, vet_line
from callsheet.tools.rules.shipped import shipped_rules

DAY = date(2026, 11, 22)
US = ("US",)
WORDINGS = st.sampled_from(
    [
        "20% lighter than the last Fleet.",
        "The best grip on wet stone",
        "Clinically proven comfort",
        "Lasts twice as long",
        "Free returns for 60 days",
        "Never slips",
    ]
)
LATIN = "abehikmnopcstuvxyABEHIKMNOPCSTUVXY"


def claim(text: str, **changes: Any) -> Claim:
    return Claim.model_validate({"id": "c1", "text": text, "approved": True, "markets": US, **changes})


def vet(line: str, *claims: Claim, **asked: Any) -> tuple[ClaimFinding, ...]:
    where = Asked.model_validate({"markets": US, "day": DAY, **asked})
    return vet_line(line, LegalBook(claims=claims), shipped_rules(), where)


def is_found(line: str, *claims: Claim, markets: tuple[str, ...] = US, day: date = DAY) -> bool:
    return bool(vet(line, *claims, markets=markets, day=day))


@given(WORDINGS, st.sampled_from(["{}", "Run. {}", "{} Find yours.", "“{}”"]))
def test_approved_wording_passes_wherever_it_stands_in_the_line(text: str, line: str) -> None:
    assert not is_found(line.format(text), claim(text))


@given(WORDINGS, st.sampled_from(["upper", "lower", "title", "spaced", "wide"]))
def test_approved_wording_passes_in_any_case_and_spacing(text: str, how: str) -> None:
    shapes = {
        "upper": text.upper(),
        "lower": text.lower(),
        "title": text.title(),
        "spaced": text.replace(" ", " \n\t "),
        "wide": text.replace(" ", "　"),
    }
    assert not is_found(shapes[how], claim(text))


@pytest.mark.parametrize(
    "change",
    [
        {"approved": False},
        {"markets": ("DE",)},
        {"markets": ()},
        {"starts": date(2026, 11, 23)},
        {"ends": DAY},
        {"ends": date(2020, 1, 1)},
    ],
    ids=str,
)
@given(WORDINGS)
def test_the_same_wording_without_an_approval_here_and_now_is_found(change: dict[str, Any], text: str) -> None:
    assert is_found(text, claim(text, **change))
    assert is_found(text)


@given(WORDINGS)
def test_a_claim_must_hold_in_every_market_the_ad_runs_in(text: str) -> None:
    assert is_found(text, claim(text), markets=("US", "DE"))
    assert not is_found(text, claim(text, markets=("US", "DE")), markets=("DE", "US"))
    assert not is_found(text, claim(text, markets=("*",)), markets=("DE", "US"))


@given(WORDINGS)
def test_an_ad_that_runs_nowhere_has_no_approved_words(text: str) -> None:
    assert is_found(text, claim(text), markets=())
    assert not is_in_force_everywhere(claim(text), (), DAY)


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 11, 29)])
def test_a_claim_holds_from_its_first_day_to_the_day_before_its_last(day: date) -> None:
    dated = claim("The best grip", starts=date(2026, 11, 1), ends=date(2026, 11, 30))
    assert not is_found("The best grip", dated, day=day)
    assert is_found("The best grip", dated, day=date(2026, 11, 30))
    assert is_found("The best grip", dated, day=date(2026, 10, 31))


DISGUISES = {
    "Cyrillic letters": "the b\u0435st grip",
    "Cyrillic capitals": "THE \u0412\u0415\u0405\u0422 GRIP",
    "Greek letters": "cl\u03b9nically pr\u03bfven",
    "Greek capitals": "\u039d\u0395V\u0395R SLIPS",
    "zero width space": "the b\u200best grip",
    "zero width joiner": "ne\u200dver slips",
    "soft hyphen": "guaran\u00adteed",
    "word joiner": "un\u2060beatable",
    "invisible filler": "be\u3164st",
    "null byte": "be\x00st",
    "accents": "the b\u00e9st grip",
    "combining marks": "b\u0336e\u0336s\u0336t\u0336",
    "variation selector": "be\ufe0fst",
    "full width": "\uff22\uff25\uff33\uff34",
    "mathematical letters": "\U0001d41b\U0001d41e\U0001d42c\U0001d42d",
    "circled number": "lighter by \u2461",
    "other digits": "\u0662\u0660% lighter",
    "full width percent": "20\uff05 lighter",
    "long s": "be\u017ft",
    "right to left mark": "be\u200fst",
    "tag characters": "be\U000e0061st",
    "dotless i": "cl\u0131n\u0131cally proven",
    "no-break space": "risk\u00a0free",
}


@pytest.mark.parametrize("line", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_claim_in_disguise_is_found(line: str) -> None:
    assert is_found(line)


@given(WORDINGS, st.data())
def test_invisible_marks_anywhere_in_a_wording_change_nothing(text: str, data: st.DataObject) -> None:
    mark = data.draw(st.sampled_from(["\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u0301", "\ufe0f", "\x01"]))
    place = data.draw(st.integers(0, len(text)))
    hidden = text[:place] + mark + text[place:]
    assert fold(hidden) == fold(text)
    assert is_found(hidden)
    assert not is_found(hidden, claim(text))


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text).isascii() or not text.isascii()


@given(st.text(alphabet=LATIN + " ", max_size=20))
def test_plain_words_fold_to_themselves_without_case(text: str) -> None:
    assert fold(text) == " ".join(text.casefold().split())


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("20% off the clock", "percentage"),
        ("Route 20 home", "number"),
        ("Half the weight", "number in words"),
        ("The lightest shoe", "superlative"),
        ("Faster on stone than anything", "comparison"),
        ("Always dry", "guarantee"),
        ("Heals sore feet", "health"),
        ("Free delivery", "price"),
    ],
)
def test_each_kind_of_claim_is_named(line: str, rule: str) -> None:
    assert rule in {finding.rule for finding in vet(line)}


@pytest.mark.parametrize("line", ["", "Find yours.", "Made for wet mornings", "Laces up in the dark", "Bestow a smile"])
def test_words_that_claim_nothing_pass(line: str) -> None:
    assert not is_found(line)


def test_an_approved_wording_inside_a_longer_word_or_next_to_a_new_claim_covers_only_itself() -> None:
    approved = claim("best grip")
    assert not is_found("The best grip", approved)
    assert is_found("The best grippers", approved)
    found = vet("The best grip, guaranteed", approved)
    assert [one.words for one in found] == ["guaranteed"]


def test_removing_an_approved_wording_never_glues_or_hides_what_is_around_it() -> None:
    assert is_found("be best grip st of all, the fastest", claim("best grip"))
    assert is_found("5 best grip 0%", claim("best grip"))


@pytest.mark.parametrize(
    "line",
    [
        "Nine out of ten agree", "Two times the grip", "Lasts fifty miles", "A dozen reasons", "Doctors wear it",
        "Guaranteeing grip", "Doubles your speed", "Outruns them", "Beats the rest", "Quickest and softest",
        "Faster, lighter", "B E S T shoe", "a b.e.s.t shoe", "Cured my back",
    ],
)  # fmt: skip
def test_numbers_in_words_stems_and_bare_comparisons_are_found(line: str) -> None:
    assert is_found(line)


@pytest.mark.parametrize("line", ["ꓐꓰꓢꓔ shoe", "ʙᴇꜱᴛ shoe", "the gr\u0456p", "the \u0412\u0415\u0405\u0422 grip"])
def test_borrowed_letters_in_a_latin_line_are_found(line: str) -> None:
    assert "mixed alphabets" in {finding.rule for finding in vet(line)}


@pytest.mark.parametrize("line", ["One street, then the next.", "Rest in the forest", "Your beat.", "A naïve Größe"])
def test_ordinary_words_pass(line: str) -> None:
    assert not is_found(line)


def test_a_name_is_a_name_in_the_line_and_in_the_claim_alike() -> None:
    names = ("Fleet 3", "Best")
    approved = claim("Fleet 3 lasts 500 miles")
    assert vet("Fleet 3 lasts 500 miles", approved, names=names) == ()
    assert vet("FLEET 3 LASTS 500 MILES", approved, names=names) == ()
    assert vet("Rival lasts 500 miles", approved, names=names) != ()
    assert vet("the be\ue000st", names=names) != ()
