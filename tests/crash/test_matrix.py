"""A process may die at any moment, on any kind of day: each take is bought once and every paid take is in the cut."""

from collections.abc import Iterator

import pytest
from crash.matrix import Row, faults, try_fault
from crash.report import PAGE, read_page
from crash.world import Ground, lay_ground

STRIDE = 41
"""Of the moments, every so manieth; each fault begins at another one. `make crash-matrix` tries all."""
TRIED: list[Row] = []


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return lay_ground(tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="module", autouse=True)
def report() -> Iterator[None]:
    yield
    tried, twice, lost = (sum(getattr(row, name) for row in TRIED) for name in ("tried", "bought_twice", "lost"))
    print(f"\ncrash matrix: {tried} points in {len(TRIED)} kinds of day; double purchases: {twice}, lost takes: {lost}")


@pytest.mark.parametrize(("number", "fault"), list(enumerate(faults())))
def test_no_crash_makes_a_fault_expensive(number: int, fault: str, ground: Ground) -> None:
    row = try_fault(ground, fault, STRIDE, first=7 * number % STRIDE)
    TRIED.append(row)
    assert row.is_clean, "\n".join(row.sentences)


def test_the_committed_table_names_every_fault_and_shows_no_loss() -> None:
    rows = read_page(PAGE.read_text(encoding="utf-8"))
    assert {name for name in rows if not name.startswith("killed ")} == set(faults()), "run `make crash-matrix`"
    assert {name for name in rows if name.startswith("killed ")}
    assert {name: counts for name, counts in rows.items() if any(counts)} == {}
