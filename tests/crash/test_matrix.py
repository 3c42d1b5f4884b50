"""A process may die at any moment, on any kind of day: each take is bought once and every paid take is in the cut."""

import multiprocessing
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor

import pytest
from crash.matrix import Row, faults, try_beside_others
from crash.report import PAGE, read_page
from figures import Tell

STRIDE = 41
"""Of the moments, every so manieth; each fault begins at another one. `make crash-matrix` tries all."""
AT_ONCE = 2


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory, tell: Tell) -> Iterator[Mapping[str, "Future[Row]"]]:
    folder = tmp_path_factory.mktemp("matrix")
    with ProcessPoolExecutor(AT_ONCE, multiprocessing.get_context("spawn")) as pool:
        rows = {
            fault: pool.submit(try_beside_others, folder, fault, STRIDE, 7 * number % STRIDE)
            for number, fault in enumerate(faults())
        }
        yield rows
        done = [row.result() for row in rows.values() if row.done() and row.exception() is None]
        pool.shutdown(cancel_futures=True)
    points, twice, lost = (sum(getattr(row, name) for row in done) for name in ("tried", "bought_twice", "lost"))
    tell(f"crash matrix: {points} points in {len(done)} kinds of day; double purchases: {twice}, lost takes: {lost}")


@pytest.mark.parametrize("fault", list(faults()))
def test_no_crash_makes_a_fault_expensive(fault: str, tried: Mapping[str, "Future[Row]"]) -> None:
    row = tried[fault].result(timeout=280)
    assert row.is_clean, "\n".join(row.sentences)


def test_the_committed_table_names_every_fault_and_shows_no_loss() -> None:
    rows = read_page(PAGE.read_text(encoding="utf-8"))
    assert {name for name in rows if not name.startswith("killed ")} == set(faults()), "run `make crash-matrix`"
    assert {name for name in rows if name.startswith("killed ")}
    assert {name: counts for name, counts in rows.items() if any(counts)} == {}
