"""Every fault at every kind of provider ends as the page says, and never with a render that nobody has."""

from collections.abc import Mapping

import pytest
from faults.cell import PROVIDERS, Outcome, faults
from faults.page import PAGE, page, play_all
from figures import Tell


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], Outcome]:
    return play_all(tmp_path_factory.mktemp("faults"))


@pytest.mark.timeout(900)  # about 300 purchases, and other work may be going on beside them
def test_every_fault_at_every_provider_ends_as_the_page_says(
    played: Mapping[tuple[str, str], Outcome], tell: Tell
) -> None:
    tell(f"faults: {len(faults())} x {len(PROVIDERS)} providers, {len(played)} purchases")
    assert page(played) == PAGE.read_text(encoding="utf-8"), "it ends otherwise now: look why, then `make faults`"


def test_nothing_is_bought_that_no_take_has(played: Mapping[tuple[str, str], Outcome]) -> None:
    assert {cell: outcome.wrong for cell, outcome in played.items() if outcome.wrong} == {}
