"""Downloads are judged, and every fault is named."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from unit.edit.conftest import Finished
from unit.edit.footage import HEIGHT, WIDTH, Reel, take

from callsheet.tools.edit import Sound, Unsound, probe, verify_deliverable, verify_take
from callsheet.tools.edit.boxes import top_level
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import run_process


async def judge(path: Path, **ordered: object) -> Sound | Unsound:
    order: dict[str, object] = {"width": WIDTH, "height": HEIGHT, "seconds": 2, "rate": 30, **ordered}
    return await verify_take(path, **order)  # type: ignore[arg-type]  # a table of orders


@pytest.fixture
def good(reel: Reel) -> Path:
    return reel.files[reel.takes[1].digest]


async def test_a_good_take_is_sound(good: Path) -> None:
    verdict = await judge(good)
    assert isinstance(verdict, Sound), verdict
    assert verdict.probe.frames == 60
    assert verdict.probe.seconds == 2
    assert verdict.loudness is not None


def halved(data: bytes) -> bytes:
    return data[: len(data) // 2]


def almost_whole(data: bytes) -> bytes:
    return data[:-3]


def zeroed(data: bytes) -> bytes:
    return data[: len(data) * 3 // 4] + bytes(len(data) - len(data) * 3 // 4)


def flipped(data: bytes) -> bytes:
    at = data.index(b"mdat") + len(data) // 3
    return data[:at] + bytes(byte ^ 0x5A for byte in data[at : at + 400]) + data[at + 400 :]


def web_page(data: bytes) -> bytes:
    return b"<!doctype html><html><body>Your download has expired</body></html>"


def empty(data: bytes) -> bytes:
    return b""


def spoil(good: Path, path: Path, damage: Callable[[bytes], bytes]) -> None:
    path.write_bytes(damage(good.read_bytes()))


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (halved, "cut short"),
        (almost_whole, "cut short"),
        (zeroed, "does not decode cleanly"),
        (flipped, "does not decode cleanly"),
        (web_page, "not an MP4 file"),
        (empty, "no ftyp box"),
    ],
)
async def test_a_damaged_download_is_named(
    damage: Callable[[bytes], bytes], named: str, good: Path, tmp_path: Path
) -> None:
    path = tmp_path / "download.mp4"
    spoil(good, path, damage)
    verdict = await judge(path)
    assert isinstance(verdict, Unsound)
    assert named in " ".join(verdict.reasons)


@pytest.mark.parametrize(
    ("ordered", "named"),
    [
        ({"width": 720, "height": 1280}, "ordered was 720 x 1280"),
        ({"seconds": 4}, "lasts 2.00 s, ordered were 4.00 s"),
        ({"seconds": Fraction(9, 4)}, None),
        ({"rate": 24}, "ordered were 24"),
    ],
)
async def test_a_take_that_is_not_what_was_ordered_is_named(
    ordered: dict[str, object], named: str | None, good: Path
) -> None:
    verdict = await judge(good, **ordered)
    assert isinstance(verdict, Sound) == (named is None), verdict
    assert named is None or named in " ".join(getattr(verdict, "reasons", ()))


async def test_a_take_without_sound_is_named_only_when_sound_was_ordered(reel: Reel) -> None:
    silent = reel.files[reel.silent.digest]
    assert await judge(silent) == Unsound(("the take has no sound",))
    assert isinstance(await judge(silent, wants_audio=False), Sound)


async def test_a_black_take_is_named(tmp_path: Path) -> None:
    assert await judge(take(tmp_path / "black.mp4", "color=c=black")) == Unsound(("the picture is black throughout",))


async def test_a_frozen_take_is_named(tmp_path: Path) -> None:
    assert await judge(take(tmp_path / "frozen.mp4", "smptebars")) == Unsound(("the picture is frozen throughout",))


async def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert await judge(tmp_path / "none.mp4") == Unsound(("none.mp4 is not there",))


async def test_a_fragmented_take_is_sound(tmp_path: Path) -> None:
    options = ("-movflags", "+frag_keyframe+empty_moov")
    verdict = await judge(take(tmp_path / "fragments.mp4", "testsrc2", options=options))
    assert isinstance(verdict, Sound), verdict


async def test_a_deliverable_that_breaks_its_promises_is_named(finished: Finished) -> None:
    promised = finished.cut.model_copy(update={"loudness": -23, "width": 162})
    verdict = await verify_deliverable(finished.file, promised)
    assert isinstance(verdict, Unsound)
    assert [reason.split(" is ")[0] for reason in verdict.reasons] == ["size", "loudness"]


async def test_a_probe_adds_up(good: Path) -> None:
    seen = await probe(good)
    assert seen.bytes == len(good.read_bytes()) == top_level(good)[-1].end  # noqa: ASYNC240 - a small file of a test
    assert seen.profile == "Constrained Baseline"


async def test_a_telephones_upright_video_has_the_size_it_is_shown_in(good: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.mp4"
    argv = [ffmpeg_exe(), "-loglevel", "error", "-display_rotation", "90", "-i", str(good), "-c", "copy", str(turned)]
    assert (await run_process(argv, timeout=20)).returncode == 0
    seen = await probe(turned)
    assert (seen.width, seen.height) == (HEIGHT, WIDTH)
