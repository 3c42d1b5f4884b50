"""Bad takes are planted at the provider, and each is stopped on the real buying path; its honest twin is kept.

Both halves matter: a gate that stops everything would pass the first half alone.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
from planted.footage import SHOE, Footage, other_colours, rocket, shoot
from planted.lot import Bought, buy

from callsheet.domain.purchase import PurchaseState
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.sighting import Nudity
from callsheet.scanning import scan_room
from callsheet.tools.scan import Bench, ScanRoom
from callsheet.tools.scan.fake import FakeScanner

OURS = ("Fleet Runner", "Fleet")
NOBODY = Expected(people=0, names=OURS)
ROOM = Footage()


@dataclass(frozen=True)
class Case:
    """A bad take and the reason that must stop it; its twin differs only in being what was ordered."""

    name: str
    bad: Footage
    reason: str
    twin: Footage = ROOM
    ordered: Expected = NOBODY
    twin_ordered: Expected | None = None


def also(**permitted: object) -> Expected:
    return NOBODY.model_copy(update=permitted)


CASES = (
    Case("words nobody ordered", Footage(writing="OPEN ALL NIGHT"), "scan.text", Footage(writing="OPEN ALL NIGHT"),
         twin_ordered=also(words=("Open all night",))),
    Case("words that come late", Footage(writing="BEST EVER", appears=1.6), "scan.text"),
    Case("a price", Footage(writing="$19.99"), "scan.price"),
    Case("a rival's name", Footage(writing="Nike"), "scan.rival", Footage(writing="Fleet Runner")),
    Case("a public figure's name", Footage(writing="Taylor Swift"), "scan.public_figure"),
    Case("one person too many", Footage(faces=2), "scan.people", Footage(faces=1), also(people=1)),
    Case("a person in a product shot", Footage(faces=1), "scan.people"),
    Case("black from end to end", Footage(source="black"), "black throughout"),
    Case("a frozen picture", Footage(source="frozen"), "frozen throughout"),
    Case("another size", Footage(size=(640, 1136)), "the picture is 640 x 1136"),
    Case("another length", Footage(seconds=2), "the take lasts 2"),
    Case("half a file", Footage(cut_to=0.6), "is cut short"),
    Case("no sound", Footage(silent=True), "the take has no sound"),
    Case("a voice nobody ordered", Footage(says="Doctors recommend this shoe."), "scan.speech)",
         Footage(says="Doctors recommend this shoe."), twin_ordered=also(lines=("Doctors recommend this shoe",))),
    Case("a voice that names a price", Footage(says="Now only nineteen dollars."), "scan.speech.price"),
)  # fmt: skip


@pytest.fixture(scope="module")
def room() -> Iterator[ScanRoom]:
    """Every scanner, at one bench for all cases. A scanner that is not installed would make the tests worthless."""
    bench = Bench()
    made = scan_room(bench)
    assert made.missing == ()
    yield made
    bench.close()


@pytest.fixture(scope="module")
def table(tell: Callable[[str], None]) -> Iterator[list[tuple[str, str, str, float]]]:
    rows: list[tuple[str, str, str, float]] = []
    yield rows
    stopped = sum(1 for _, _, verdict, _ in rows if verdict == "stopped")
    tell(f"planted takes: {stopped} of {len(rows)} stopped, each honest twin kept")
    for name, reason, verdict, seconds in rows:
        tell(f"planted takes: {name:28} {verdict:8} {seconds:5.1f} s  {reason}")


_TWINS: dict[tuple[Footage, str], Bought] = {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_planted_take_is_stopped_and_its_honest_twin_is_kept(
    case: Case, room: ScanRoom, table: list[tuple[str, str, str, float]], tmp_path: Path
) -> None:
    began = time.monotonic()
    bought = await planted(case.bad, case.ordered, room, tmp_path / "bad")
    table.append((case.name, case.reason, "kept" if bought.take else "stopped", time.monotonic() - began))
    assert_stopped(bought, case.reason)
    ordered = case.twin_ordered or case.ordered
    key = (case.twin, ordered.digest)
    if key not in _TWINS:  # most cases share the plain room
        _TWINS[key] = await planted(case.twin, ordered, room, tmp_path / "twin")
    assert_kept(_TWINS[key])


@pytest.mark.parametrize("wrong", ["another product", "its own shape in other colours"])
async def test_a_wrong_product_is_stopped_and_the_right_one_is_kept(wrong: str, room: ScanRoom, tmp_path: Path) -> None:
    thing = rocket() if wrong == "another product" else other_colours(tmp_path)
    shoe = Path(str(SHOE))
    assert_stopped(await planted(Footage(product=thing), NOBODY, room, tmp_path / "bad", shoe), "scan.product")
    assert_kept(await planted(Footage(product=shoe), NOBODY, room, tmp_path / "right", shoe))


async def test_a_nude_take_is_stopped_at_the_classifiers_word(room: ScanRoom, tmp_path: Path) -> None:
    """No nude picture is at hand, so the classifier's answer is put in its place; what follows from it is real."""

    def scoring(score: int) -> ScanRoom:
        others = tuple(one for one in room.scanners if one.check != "nudity")
        return replace(room, scanners=(*others, FakeScanner("nudity", Nudity(scores=(score,)))))

    assert_stopped(await planted(ROOM, NOBODY, scoring(950), tmp_path / "bad"), "scan.nudity")
    assert_kept(await planted(ROOM, NOBODY, scoring(60), tmp_path / "twin"))


async def planted(
    footage: Footage, ordered: Expected, room: ScanRoom, folder: Path, product: Path | None = None
) -> Bought:
    return await buy(shoot(footage, folder), ordered, product, room, folder)


def assert_stopped(bought: Bought, reason: str) -> None:
    assert bought.take is None, "the take was kept"
    assert reason in bought.why
    assert "paid for" in bought.why
    assert "kept aside as" in bought.why
    assert (bought.state, bought.paid) == (PurchaseState.REJECTED, Decimal("0.40"))
    if reason.startswith("scan."):
        assert any(reason.rstrip(")") in stop for stop in bought.body("TakeScanned")["stops"])


def assert_kept(bought: Bought) -> None:
    assert bought.take is not None, bought.why
    assert {"integrity", "text", "faces", "speech", "names", "nudity"} <= set(bought.take.scanned)
    assert bought.take.not_scanned == ()
    assert bought.body("TakeStored")["scanned"] == list(bought.take.scanned)
    assert bought.body("TakeScanned")["stops"] == []
