"""A finished file: exact, repeatable, and re-encoded only where something changed."""

import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from unit.edit.conftest import Finished
from unit.edit.footage import HEIGHT, WIDTH, Reel, caption, clip, hashed, small_cut

from callsheet.domain.cut import Cut, EndCard, Media
from callsheet.domain.identity import Digest
from callsheet.tools.edit import (
    CutInvalid,
    MediaMissing,
    PieceFolder,
    Sound,
    Soundtrack,
    conform,
    encode_segment,
    probe,
    segments,
    soundtrack,
    verify_deliverable,
)
from callsheet.tools.ffmpeg import ffmpeg_exe


def decoded(file: Path, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """All frames as gray pictures, decoded strictly."""
    argv = [ffmpeg_exe(), "-loglevel", "error", "-xerror", "-err_detect", "+explode", "-i", str(file), "-map", "0:v:0",
            "-f", "rawvideo", "-pix_fmt", "gray", "-"]  # fmt: skip
    done = subprocess.run(argv, check=True, capture_output=True)
    assert done.stderr == b""
    return np.frombuffer(done.stdout, dtype=np.uint8).reshape(-1, height, width)


async def test_the_file_has_exactly_the_promised_frames_and_decodes_strictly(finished: Finished) -> None:
    assert len(decoded(finished.file)) == finished.cut.frames
    seen = await probe(finished.file)
    assert (seen.frames, seen.fps, seen.codec, seen.pixels) == (135, 30, "h264", "yuv420p")
    assert (seen.width, seen.height, seen.faststart) == (WIDTH, HEIGHT, True)
    assert seen.audio is not None
    assert (seen.audio.codec, seen.audio.rate, seen.audio.channels) == ("aac", 48000, 2)
    assert abs(seen.audio.seconds - seen.seconds) < 0.1


async def test_the_file_keeps_its_promises(finished: Finished) -> None:
    verdict = await verify_deliverable(finished.file, finished.cut)
    assert isinstance(verdict, Sound), verdict
    assert verdict.loudness is not None
    assert verdict.loudness.integrated == pytest.approx(-14, abs=0.5)
    assert verdict.loudness.true_peak <= -1


def test_frames_follow_each_other_at_equal_distance(finished: Finished) -> None:
    argv = [ffmpeg_exe(), "-loglevel", "error", "-i", str(finished.file), "-map", "0:v", "-c", "copy"]
    done = subprocess.run([*argv, "-f", "framecrc", "-"], check=True, capture_output=True, text=True)
    rows = [line.split(",") for line in done.stdout.splitlines() if not line.startswith("#")]
    decoding, shown = [int(row[1]) for row in rows], sorted(int(row[2]) for row in rows)
    assert {after - before for before, after in pairwise(decoding)} == {512}
    assert shown == list(range(0, 135 * 512, 512))


async def test_the_same_cut_gives_the_same_bytes(finished: Finished, reel: Reel, tmp_path: Path) -> None:
    again = await conform(finished.cut, reel.files, tmp_path, at_once=1)
    assert hashed(again) == hashed(finished.file)


async def test_a_changed_caption_encodes_its_own_pieces_only(finished: Finished, reel: Reel, tmp_path: Path) -> None:
    kept, stored = PieceFolder(finished.folder / "pieces"), []

    def store(key: Digest, path: Path) -> Path:
        stored.append(key)
        return PieceFolder(tmp_path / "pieces").store(key, path)

    supers = (caption("Another morning", 5, 30), *finished.cut.supers[1:])
    changed = finished.cut.model_copy(update={"supers": supers})
    file = await conform(changed, reel.files, tmp_path, lookup=kept.lookup, store=store)
    assert stored == [segments(changed)[0].key]
    assert isinstance(await verify_deliverable(file, changed), Sound)


def test_progress_counts_every_piece_and_the_sound(finished: Finished) -> None:
    assert finished.steps == tuple((done, 7) for done in range(1, 8))


async def test_a_dissolve_goes_from_one_take_to_the_other_and_a_dip_through_black(finished: Finished) -> None:
    frames = decoded(finished.file)[:, 120:200].astype(int)
    before, after = frames[39], frames[49]
    distance = [abs(frames[40 + step] - before).mean() - abs(frames[40 + step] - after).mean() for step in range(9)]
    assert distance[0] < 0 < distance[-1]
    assert frames[79, :40].max() < 10 < min(frames[74].mean(), frames[83].mean())  # above the caption


async def test_a_dissolve_past_the_end_of_a_take_holds_its_last_frame(reel: Reel, tmp_path: Path) -> None:
    clips = (clip(1, reel.takes[0], 20, first=40), clip(2, reel.takes[1], 20, kind="dissolve", entry=9))
    cut = small_cut(reel).model_copy(update={"clips": clips})
    out = await encode_segment(segments(cut)[1], reel.files, tmp_path / "piece.mp4")
    assert len(decoded(out)) == 9


async def test_a_square_cut_shows_the_whole_upright_picture(reel: Reel, tmp_path: Path) -> None:
    piece = segments(small_cut(reel, width=160, height=160))[0]
    frames = decoded(await encode_segment(piece, reel.files, tmp_path / "piece.mp4"), 160, 160)
    assert len(frames) == piece.frames
    source = decoded(reel.files[reel.takes[0].digest])[5].astype(int)
    rows = (np.arange(160) + 0.5) * HEIGHT / 160
    whole = source[rows.astype(int)][:, ((np.arange(90) + 0.5) * WIDTH / 90).astype(int)]
    assert np.corrcoef(whole[5:-5, 5:-5].ravel(), frames[0][5:-5, 40:120].ravel().astype(int))[0, 1] > 0.85


async def test_a_still_becomes_a_moving_clip(reel: Reel, tmp_path: Path) -> None:
    still = clip(1, reel.product, 12)
    piece = segments(small_cut(reel).model_copy(update={"clips": (still,)}))[0]
    frames = decoded(await encode_segment(piece, reel.files, tmp_path / "piece.mp4"))
    assert len(frames) == 12
    assert abs(frames[0].astype(int) - frames[-1]).mean() > 0.1


async def test_takes_of_another_rate_are_conformed_to_the_cuts(reel: Reel, tmp_path: Path) -> None:
    cut = small_cut(reel).model_copy(update={"rate": 25})
    frames = decoded(await encode_segment(segments(cut)[0], reel.files, tmp_path / "piece.mp4"))
    assert len(frames) == 40


@pytest.mark.parametrize("picture", [True, False])
@pytest.mark.parametrize("size", [(160, 284), (160, 160), (160, 200), (284, 160)])
async def test_an_end_card_suits_every_shape(size: tuple[int, int], picture: bool, reel: Reel, tmp_path: Path) -> None:
    cut = small_cut(reel, width=size[0], height=size[1])
    if not picture:
        cut = cut.model_copy(update={"end_card": cut.end_card.model_copy(update={"picture": None})})
    frames = decoded(await encode_segment(segments(cut)[-1], reel.files, tmp_path / "card.mp4"), *size)
    assert len(frames) == 30
    assert frames[-1].std() > 10


async def test_an_end_card_of_one_frame_is_still_drawn(reel: Reel, tmp_path: Path) -> None:
    card = EndCard(frames=1, picture=None, headline="Run", call_to_action="")
    cut = small_cut(reel).model_copy(update={"end_card": card})
    assert len(decoded(await encode_segment(segments(cut)[-1], {}, tmp_path / "card.mp4"))) == 1


async def test_a_cut_of_silent_takes_has_music(reel: Reel, tmp_path: Path) -> None:
    cut = small_cut(reel).model_copy(update={"clips": (clip(1, reel.silent, 30),)})
    verdict = await verify_deliverable(await conform(cut, reel.files, tmp_path), cut)
    assert isinstance(verdict, Sound), verdict


async def test_a_missing_file_is_named_before_anything_is_encoded(reel: Reel, tmp_path: Path) -> None:
    gone = Media(digest=Digest("0" * 64), media_type="video/mp4", width=160, height=284, frames=60, rate=30)
    cut = small_cut(reel).model_copy(update={"clips": (clip(1, gone, 30),)})
    with pytest.raises(MediaMissing, match="000000000000"):
        await conform(cut, reel.files, tmp_path)
    assert sorted(tmp_path.rglob("*")) == []  # noqa: ASYNC240 - an empty folder of a test


def test_the_sound_of_a_cut_is_data(reel: Reel) -> None:
    cut: Cut = small_cut(reel)
    track = soundtrack(cut)
    assert isinstance(track, Soundtrack)
    assert [(take.start, take.fade_in, take.fade_out) for take in track.takes] == [(0, 0, 9), (40, 9, 8), (75, 8, 0)]
    assert track.resolve == 105


@pytest.mark.parametrize("kind", ["dissolve", "dip"])
async def test_a_transition_into_the_first_clip_comes_from_black(kind: str, reel: Reel, tmp_path: Path) -> None:
    cut = small_cut(reel).model_copy(update={"clips": (clip(1, reel.silent, 20, kind=kind, entry=10),)})
    frames = decoded(await encode_segment(segments(cut)[0], reel.files, tmp_path / "piece.mp4"))
    assert len(frames) == 10
    assert frames[0].max() < 60 < frames[-1].max()


async def test_a_name_that_is_a_path_is_refused(reel: Reel, tmp_path: Path) -> None:
    with pytest.raises(CutInvalid, match="no slashes"):
        await conform(small_cut(reel).model_copy(update={"campaign": "../out"}), reel.files, tmp_path)
