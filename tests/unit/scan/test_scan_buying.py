"""A scan on the buying path: a paid take is never lost to a scanner, and leave to compare faces is asked each time."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from crash.mortal import Crash
from unit.jobs.rig import MARA, NOON, RELEASE, RUN, Rig, inspect, order, prepare

from callsheet.domain.cameo import Cameo, Likeness, Release
from callsheet.domain.cut import Media
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, Digest
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.report import ScanReport, concluded
from callsheet.domain.take import Take
from callsheet.jobs.order import Scan, TakeOrder, TakeUnsound
from callsheet.jobs.render import TakeBuyer
from callsheet.storage import cameo as people
from callsheet.storage.ledger import entries
from callsheet.storage.media import FolderStore
from callsheet.tools.video.port import RenderGone

FACE = Digest("f" * 64)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(prepare(tmp_path, takes_paid_for=2), tmp_path / "home")
    yield made
    made.database.close()


def buyer(rig: Rig, scan: Scan) -> TakeBuyer:
    api: Any = rig.api
    media = FolderStore(rig.folder / "media")
    return TakeBuyer(rig.database, media, lambda _: api, inspect, rig.watch.patience(), scan=scan)


def wanted(**changes: Any) -> dict[str, Any]:
    return order(expected=Expected(cast=MARA, may_match=True), **changes).model_dump(mode="json")


async def test_a_scanner_that_breaks_down_does_not_cost_the_take_and_is_never_taken_for_clean(rig: Rig) -> None:
    async def broken(path: Path, _wanted: TakeOrder, media: Media, expected: Expected, /) -> ScanReport:
        raise RuntimeError("out of memory")

    take = Take.model_validate(await buyer(rig, broken)(wanted()))
    assert take.scanned == ("integrity", "black", "frozen")
    assert all("RuntimeError: out of memory" in why for why in take.not_scanned)
    assert len(take.not_scanned) == len(Expected(cast=MARA).checks)
    rig.assert_books_are_closed(bought=1)


async def test_without_a_scanner_the_take_and_the_ledger_say_so(rig: Rig) -> None:
    take = Take.model_validate(await rig.process()(wanted()))
    stored = [one.body for one in rig.look(lambda tx: entries(tx, RUN)) if one.kind == "TakeStored"]
    assert stored[0]["not_scanned"] == list(take.not_scanned)
    assert "text: no scanner is set up" in take.not_scanned
    assert rig.events("TakeScanned") == 0


async def test_an_order_of_an_earlier_version_is_not_judged_by_what_it_does_not_say(rig: Rig) -> None:
    async def never(path: Path, _wanted: TakeOrder, media: Media, expected: Expected, /) -> ScanReport:
        raise AssertionError("it was scanned")

    take = Take.model_validate(await buyer(rig, never)(order().model_dump(mode="json")))
    assert all("earlier version" in why for why in take.not_scanned)


async def test_a_finding_that_stops_keeps_the_take_aside_and_paid_and_one_that_notes_is_kept_with_it(rig: Rig) -> None:
    def finding(weight: Any) -> Finding:
        return Finding(rule="scan.text", place="the take at 1.0 s", evidence="words", fix="again", weight=weight)

    async def strict(path: Path, asked: TakeOrder, media: Media, expected: Expected, /) -> ScanReport:
        weight = "stops" if asked.order.take == 1 else "notes"
        return ScanReport(looked=(concluded("text", [finding(weight)]),))

    with pytest.raises(TakeUnsound, match=r"the take at 1\.0 s: words \(scan\.text\) \(kept aside as"):
        await buyer(rig, strict)(wanted())
    rig.assert_books_are_closed(bought=1)
    take = Take.model_validate(await buyer(rig, strict)(wanted(order=order(2).order.model_dump())))
    assert take.noticed == ("the take at 1.0 s: words (scan.text)",)
    assert rig.events("TakeScanned") == 2


@pytest.mark.parametrize("biometrics", [True, False])
async def test_leave_to_compare_faces_is_the_releases_at_that_moment_whatever_the_order_says(
    rig: Rig, biometrics: bool
) -> None:
    release = Release(
        id=RELEASE, biometrics=biometrics, starts=NOON - timedelta(days=1), ends=NOON + timedelta(days=365)
    )
    face = Likeness(path="mara.png", digest=FACE, media_type="image/png")
    rig.change(lambda tx: people.revised(tx, Cameo(id=MARA, name="Mara", releases=(release,), references=(face,))))
    seen: list[Expected] = []

    async def note(path: Path, _wanted: TakeOrder, media: Media, expected: Expected, /) -> ScanReport:
        seen.append(expected)
        return ScanReport()

    await buyer(rig, note)(wanted())
    assert [(one.may_match, one.likeness) for one in seen] == [(biometrics, (FACE,) if biometrics else ())]


@pytest.mark.parametrize("is_gone", [False, True], ids=["the store has it", "the store lost it"])
async def test_a_worker_that_dies_in_a_scan_leaves_the_next_one_what_was_fetched(
    rig: Rig, is_gone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(path: Path, _wanted: TakeOrder, media: Media, expected: Expected, /) -> ScanReport:
        raise Crash

    async def expired(job: str, to: Path) -> None:
        raise RenderGone("the link has expired")

    with pytest.raises(Crash):
        await buyer(rig, dies)(wanted())
    if is_gone:
        for kept in (rig.folder / "media").glob("*/*"):
            kept.unlink()
    else:
        monkeypatch.setattr(rig.api, "download", expired)
    take = Take.model_validate(await rig.process()(wanted()))
    assert FolderStore(rig.folder / "media").path(take.media.digest).exists()
    rig.assert_books_are_closed(bought=1)
    assert rig.events("TakeStored") == 1


async def test_a_scan_is_told_whom_its_evidence_may_not_name_and_nobody_writes_that_down(rig: Rig) -> None:
    rig.change(lambda tx: people.revised(tx, Cameo(id=CameoId("jo"), name="Jo Lindqvist")))
    seen: list[Expected] = []

    async def note(path: Path, _wanted: TakeOrder, media: Media, expected: Expected, /) -> ScanReport:
        seen.append(expected)
        return ScanReport()

    await buyer(rig, note)(wanted())
    assert {"Jo Lindqvist", "Lindqvist", "Mara"} <= set(seen[0].hidden)
    assert "Lindqvist" not in seen[0].model_dump_json()
