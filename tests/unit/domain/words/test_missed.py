"""An approved wording with another figure, or with none, is another statement; so is a number however it is written."""

from datetime import date

import pytest

from callsheet.domain.claim import Claim, LegalBook
from callsheet.domain.identity import ClaimId
from callsheet.domain.words.vet import Asked, vet_line
from callsheet.tools.rules.shipped import shipped_rules

DAY = date(2026, 11, 22)
WORDINGS = {
    "en": "Folds in three movements.",
    "es": "Se pliega en tres movimientos.",
    "de": "In drei Handgriffen gefaltet und verstaut.",
    "ja": "3つの動作で折りたためます。",
}


def rules_broken(line: str, locale: str) -> set[str]:
    claims = tuple(Claim(id=ClaimId(code), text=text, approved=True, locale=code) for code, text in WORDINGS.items())
    asked = Asked(markets=("US",), day=DAY, locale=locale)
    return {one.rule for one in vet_line(line, LegalBook(claims=claims), shipped_rules(), asked)}


@pytest.mark.parametrize(
    ("line", "locale"),
    [("Folds in two movements.", "en"), ("It folds in one single movement.", "en"),
     ("Se pliega en un movimiento.", "es"),
     ("In zwei Handgriffen gefaltet und verstaut", "de"), ("二つの動作で折りたためます。", "ja")],
)  # fmt: skip
def test_an_approved_wording_with_another_figure_is_another_statement(line: str, locale: str) -> None:
    assert "altered wording" in rules_broken(line, locale)


@pytest.mark.parametrize(
    ("line", "locale"),
    [*((text, code) for code, text in WORDINGS.items()), ("It folds. Movement is life.", "en"),
     ("Her hair moves as the train folds into the hills", "en"), ("Se pliega la tarde", "es"),
     ("折りたたんで、朝へ。", "ja")],
)  # fmt: skip
def test_the_wording_itself_and_what_shares_a_word_with_it_pass(line: str, locale: str) -> None:
    assert rules_broken(line, locale) == set()


@pytest.mark.parametrize(
    ("line", "locale"),
    [("Hundertzwanzig Kilometer weit", "de"), ("In fünfzehn Minuten geladen", "de"), ("fünfundvierzig Stunden", "de"),
     ("honderdtwintig kilometer", "nl"), ("vijfenveertig minuten", "nl"), ("centoventi chilometri", "it"),
     ("quarantacinque minuti", "it"), ("veinticinco horas", "es"), ("treinta y cinco kilometros", "es"),
     ("cent vingt kilomètres", "fr"), ("cento e vinte quilometros", "pt"), ("forty and five hours", "en")],
)  # fmt: skip
def test_a_number_is_read_however_its_language_puts_it_together(line: str, locale: str) -> None:
    assert "number in words" in rules_broken(line, locale)
