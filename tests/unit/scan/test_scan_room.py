"""A scanner that is missing, hangs or breaks down has not looked, and nobody's face is measured without leave."""

import asyncio
import os
import signal
import threading
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from planted.footage import HEIGHT, RATE, SECONDS, WIDTH, Footage, shoot

from callsheet.domain.cut import Media
from callsheet.domain.error import WrongUse
from callsheet.domain.identity import CameoId, Digest
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.report import Looked
from callsheet.domain.scan.sighting import Crowd, Faces, Nudity, Speech, Text
from callsheet.jobs.order import TakeOrder
from callsheet.scanning import EMBEDDED, OFF, scan_as_set
from callsheet.settings import Settings
from callsheet.storage.media import FolderStore
from callsheet.tools.rules.names import find_listed
from callsheet.tools.scan import Bench, FaceMatcher, Scanner, ScannerFailed, ScanRoom, bench
from callsheet.tools.scan.fake import FakeMatcher, FakeScanner
from callsheet.tools.scan.footage import telling_frames
from callsheet.tools.scan.port import Reel

MEDIA = Media(
    digest=Digest("0" * 64), media_type="video/mp4", width=WIDTH, height=HEIGHT, frames=SECONDS * RATE, rate=RATE
)
FACE = Faces(frames=(Crowd(at=Fraction(0), faces=(950,)),))


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shoot(Footage(silent=True), tmp_path_factory.mktemp("take") / "take")


def room(*scanners: Scanner, matcher: FaceMatcher | None = None) -> ScanRoom:
    usual = (FakeScanner("text", Text()), FakeScanner("faces", FACE), FakeScanner("speech", Speech()))
    return ScanRoom(scanners=scanners or usual, find=find_listed, matcher=matcher)


def of(check: str, looked: tuple[Looked, ...]) -> Looked:
    return next(one for one in looked if one.check == check)


async def test_a_scanner_that_is_not_installed_is_not_asked_and_its_check_is_not_made(take: Path) -> None:
    absent = FakeScanner("nudity", Nudity(scores=(0,)), missing='x not installed; pip install "callsheet[scan]"')
    report = await room(absent).scan(take, MEDIA, Expected())
    nudity = of("nudity", report.looked)
    assert (absent.looks, nudity.standing) == (0, "not_looked")
    assert "callsheet[scan]" in nudity.why


async def test_what_cannot_be_decoded_was_not_looked_at(tmp_path: Path) -> None:
    broken = tmp_path / "take.mp4"
    broken.write_bytes(b"\x00" * 2000)
    report = await room().scan(broken, MEDIA, Expected())
    assert report.scanned == ()
    assert all("decoded" in why for why in report.not_scanned)


@pytest.mark.parametrize(
    ("may_match", "likeness", "asked", "why"),
    [(False, ("b" * 64,), 0, "does not permit"), (True, (), 0, "no picture"), (True, ("b" * 64,), 1, "")],
)
async def test_faces_are_compared_only_with_permission_and_a_picture(
    take: Path, may_match: bool, likeness: tuple[str, ...], asked: int, why: str
) -> None:
    matcher = FakeMatcher(strangers=1)
    expected = Expected.model_validate({"cast": "mara", "may_match": may_match, "likeness": likeness, "people": 1})
    report = await room(matcher=matcher).scan(take, MEDIA, expected)
    cast = of("cast", report.looked)
    assert len(matcher.asked) == asked
    assert cast.standing == ("stopped" if asked else "not_looked")
    assert why in cast.why


async def test_without_a_matcher_a_cast_shot_says_that_nobody_compared(take: Path) -> None:
    report = await room().scan(take, MEDIA, Expected(cast=CameoId("mara"), may_match=True, people=1))
    assert of("cast", report.looked).why == "no face matcher is installed"


async def test_the_bench_survives_a_wrong_task_a_kill_and_a_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = np.zeros((1, 64, 64, 3), dtype=np.uint8)
    (tmp_path / "frames.rgb").write_bytes(frames.tobytes())
    given = Reel(tmp_path / "frames.rgb", 64, 64, (Fraction(0),)).as_given([0])
    made = Bench()
    try:
        with pytest.raises(ScannerFailed, match="failed: "):
            await made.ask("faces", {**given, "file": "/nowhere"}, 30)
        assert await made.ask("faces", given, 30) == [[]]
        assert made.pid is not None
        os.kill(made.pid, signal.SIGKILL)
        with suppress(ScannerFailed):  # if it is not yet seen to be gone, this look was not made
            await made.ask("faces", given, 30)
        assert await made.ask("faces", given, 30) == [[]], "a new process took over"
        made.close()
        monkeypatch.setattr(bench, "_STARTING", 0.0)
        with pytest.raises(ScannerFailed, match=r"did not finish within 0\.01 s"):
            await made.ask("faces", given, 0.01)
        assert made.pid is None, "the process that hung is gone"
    finally:
        made.close()


async def test_looks_that_wait_for_their_turn_leave_the_loops_threads_to_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, go = Bench(), threading.Event()
    monkeypatch.setattr(made, "_ask", lambda *_: go.wait(30))
    looks = [asyncio.create_task(made.ask("faces", {}, 30)) for _ in range(64)]
    await asyncio.sleep(0)
    try:
        assert await asyncio.wait_for(asyncio.to_thread(lambda: "read"), 5) == "read"
    finally:
        go.set()
        await asyncio.gather(*looks)


async def test_the_bench_imports_nothing_from_where_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\nfrom hostile import nothing\n")
    monkeypatch.setattr(bench.tempfile, "gettempdir", lambda: str(tmp_path))
    made = Bench()
    try:
        with pytest.raises(ScannerFailed, match="failed: "):  # it lives, and answers that it knows no such task
            await made.ask("nothing", {}, 30)
    finally:
        made.close()
    assert not (tmp_path / "ran").exists()


def test_a_line_of_writing_that_appears_is_something_new(tmp_path: Path) -> None:
    frames = np.full((6, 320, 180, 3), 120, dtype=np.uint8)
    frames[4:, 250:262, 40:140] = 250
    (tmp_path / "frames.rgb").write_bytes(frames.tobytes())
    times = tuple(Fraction(number, 2) for number in range(6))
    assert telling_frames(Reel(tmp_path / "frames.rgb", 180, 320, times)) == (0, 4)


async def scanned(settings: Settings, tmp_path: Path) -> tuple[str, ...]:
    scan = scan_as_set(settings, FolderStore(tmp_path), room)
    order = TakeOrder.model_construct()
    return (await scan(tmp_path / "none.mp4", order, MEDIA, Expected())).not_scanned


async def test_settings_say_who_looks_and_what_was_not_looked_at_says_why(tmp_path: Path) -> None:
    assert all(OFF in why for why in await scanned(Settings(scan="off", video_url="http://v/v1"), tmp_path))
    assert all(EMBEDDED in why for why in await scanned(Settings(), tmp_path))
    assert all("decoded" in why for why in await scanned(Settings(video_url="http://v/v1"), tmp_path))
    assert all("decoded" in why for why in await scanned(Settings(scan="all"), tmp_path))


def test_asking_for_every_check_where_one_cannot_be_made_is_refused(tmp_path: Path) -> None:
    lame = room(FakeScanner("text", Text(), missing="rapidocr not installed"))
    with pytest.raises(WrongUse, match="CALLSHEET_SCAN=all asks for every check, and text: rapidocr not installed"):
        scan_as_set(Settings(scan="all"), FolderStore(tmp_path), lambda: lame)
