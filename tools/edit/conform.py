"""Conform a cut: its pieces and its sound, encoded where they are missing, joined by stream copy in one exact file."""

import asyncio
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from callsheet.domain.cut import Cut
from callsheet.domain.identity import Digest
from callsheet.tools.edit.boxes import read_tracks
from callsheet.tools.edit.encode import encode_segment, require
from callsheet.tools.edit.error import CutInvalid, EncodeFailed
from callsheet.tools.edit.handover import hand_over, named, workbench
from callsheet.tools.edit.piececache import Lookup, PieceFolder, Store
from callsheet.tools.edit.renderer import EXACT, QUIET
from callsheet.tools.edit.segment import Segment, segments
from callsheet.tools.edit.sound import encode_soundtrack
from callsheet.tools.edit.soundtrack import Soundtrack, soundtrack
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import run_process

Progress = Callable[[int, int], None]
AT_ONCE = 2
"""Encoders at once. Each uses one core; two cores are what a small machine has."""


async def conform(
    cut: Cut,
    media: Mapping[Digest, Path],
    workdir: Path,
    *,
    lookup: Lookup | None = None,
    store: Store | None = None,
    at_once: int = AT_ONCE,
    progress: Progress | None = None,
) -> Path:
    """Turn a cut into one finished MP4 in `workdir`, named after the cut, and return its path.

    Pieces that `lookup` finds by key are used as they are; new ones are given to `store`. Without the two, pieces are
    kept in `workdir/pieces`. `progress(done, all)` counts pieces and the sound.
    The same cut gives the same bytes. Raises CutInvalid, MediaMissing, GlyphMissing, PictureUnfit or EncodeFailed.
    """
    if Path(cut.name).name != cut.name or cut.name.startswith("."):
        raise CutInvalid(f"{cut.name!r} cannot name a file; campaign, variant, placement and locale take no slashes")
    pieces, track = segments(cut), soundtrack(cut)
    require(frozenset().union(track.media, *(piece.media for piece in pieces)), media)
    folder = PieceFolder(workdir / "pieces")
    find, keep = lookup or folder.lookup, store or folder.store
    with workbench(workdir) as scratch:
        files = await _encode_missing((*pieces, track), media, scratch, find, keep, at_once, progress)
        pictures = [files[piece.key] for piece in pieces]
        return await join(cut, pieces, pictures, files[track.key], workdir / f"{cut.name}.mp4")


async def join(
    cut: Cut, pieces: Sequence[Segment], pictures: Sequence[Path], sound: Path, out: Path, *, timeout: float = 120.0
) -> Path:
    """Join encoded pieces and sound by stream copy. `out` appears only when it holds exactly the cut's frames."""
    with workbench(out.parent) as folder:
        lines = ["ffconcat version 1.0"]
        for number, (piece, picture) in enumerate(zip(pieces, pictures, strict=True)):
            name = f"piece{number}.mp4"  # a plain name of our own: the list's syntax never meets a user's folder
            _link(picture, folder / name)
            lines += [f"file {name}", f"duration {piece.frames / piece.rate:.6f}"]
        (folder / "list.ffconcat").write_text("\n".join(lines) + "\n", encoding="ascii")
        whole = folder / "whole.mp4"
        argv = [
            ffmpeg_exe(), *QUIET, "-f", "concat", "-i", str(folder / "list.ffconcat"), "-i", named(sound),
            "-map", "0:v:0", "-map", "1:a:0", "-c", "copy", *EXACT, "-movflags", "+faststart",
            "-video_track_timescale", str(cut.rate * 512), "-f", "mp4", str(whole),
        ]  # fmt: skip
        finished = await run_process(argv, timeout=timeout)
        if finished.returncode != 0:
            raise EncodeFailed(f"{out.name} could not be joined: {finished.last_words}")
        counted = next(track.samples for track in read_tracks(whole) if track.kind == "vide")
        if counted != cut.frames:
            raise EncodeFailed(f"{out.name} came out with {counted} frames instead of {cut.frames}; encode it anew")
        return hand_over(whole, out)


async def _encode_missing(
    parts: Sequence[Segment | Soundtrack],
    media: Mapping[Digest, Path],
    scratch: Path,
    lookup: Lookup,
    store: Store,
    at_once: int,
    progress: Progress | None,
) -> dict[Digest, Path]:
    """Find or encode every part; the longest first, so that no core idles at the end."""
    wanted = {part.key: part for part in parts}
    files: dict[Digest, Path] = {}
    places = asyncio.Semaphore(at_once)

    async def one(part: Segment | Soundtrack) -> None:
        async with places:
            files[part.key] = lookup(part.key) or await _encode(part, media, scratch, store)
            if progress is not None:
                progress(len(files), len(wanted))

    try:
        async with asyncio.TaskGroup() as group:
            for part in sorted(wanted.values(), key=lambda part: -part.frames):
                group.create_task(one(part))
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return files


async def _encode(part: Segment | Soundtrack, media: Mapping[Digest, Path], scratch: Path, store: Store) -> Path:
    if isinstance(part, Soundtrack):
        await encode_soundtrack(part, media, scratch / f"{part.key}.m4a")
        return store(part.key, scratch / f"{part.key}.m4a")
    return store(part.key, await encode_segment(part, media, scratch / f"{part.key}.mp4"))


def _link(source: Path, target: Path) -> None:
    """A second name for a file, or a copy where the file system has no links."""
    try:
        target.symlink_to(source.resolve())
    except OSError:
        shutil.copyfile(source, target)
