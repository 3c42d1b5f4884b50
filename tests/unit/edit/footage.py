"""Small footage and cuts for the tests: made once a session, in a second or two."""

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from callsheet.domain.cut import Clip, Cut, EndCard, Media, Super, Transition
from callsheet.domain.identity import Digest, PlacementId, ShotId, TakeId, VariantId
from callsheet.tools.ffmpeg import ffmpeg_exe

WIDTH, HEIGHT, RATE, TAKE_FRAMES = 160, 284, 30, 60


@dataclass(frozen=True)
class Reel:
    """The takes (two with sound, one without), a product picture, and where each file is by hash."""

    takes: tuple[Media, ...]
    silent: Media
    product: Media
    files: dict[Digest, Path]


def shoot(folder: Path) -> Reel:
    """Make the reel."""
    first = take(folder / "first.mp4", "testsrc2")
    second = take(folder / "second.mp4", "mandelbrot", hertz=330)
    silent = take(folder / "silent.mp4", "gradients=seed=4:speed=0.1", hertz=None)
    product = folder / "product.png"
    picture = Image.new("RGBA", (240, 180), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rounded_rectangle((30, 40, 210, 150), 24, fill=(230, 80, 40, 255))
    picture.save(product)
    shown = Media(digest=hashed(product), media_type="image/png", width=240, height=180)
    media = [as_media(path) for path in (first, second, silent)]
    files = {each.digest: path for each, path in zip(media, (first, second, silent), strict=True)}
    return Reel(tuple(media[:2]), media[2], shown, {**files, shown.digest: product})


def take(
    path: Path,
    source: str,
    *,
    hertz: int | None = 220,
    frames: int = TAKE_FRAMES,
    size: str = f"{WIDTH}x{HEIGHT}",
    options: tuple[str, ...] = (),
) -> Path:
    """Record a test pattern, with a tone or in silence."""
    seconds = str(frames / RATE)
    sound = ["-f", "lavfi", "-i", f"sine=frequency={hertz}:sample_rate=48000"] if hertz is not None else []
    pattern = f"{source}{':' if '=' in source else '='}size={size}:rate={RATE}"
    argv = [ffmpeg_exe(), "-y", "-loglevel", "error", "-f", "lavfi", "-i", pattern, *sound, "-t", seconds,
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-ac", "2",
            "-movflags", "+faststart", *options, str(path)]  # fmt: skip
    subprocess.run(argv, check=True, capture_output=True)
    return path


def hashed(path: Path) -> Digest:
    """The digest of a file."""
    return Digest(hashlib.sha256(path.read_bytes()).hexdigest())


def as_media(path: Path, width: int = WIDTH, height: int = HEIGHT) -> Media:
    """A take as the domain names it."""
    return Media(digest=hashed(path), media_type="video/mp4", width=width, height=height, frames=TAKE_FRAMES, rate=RATE)


def clip(number: int, media: Media, frames: int, *, first: int = 0, kind: str = "cut", entry: int = 0) -> Clip:
    """A use of a take."""
    into = Transition.model_validate({"kind": kind, "frames": entry})
    shot, name = ShotId(f"shot.{number}"), TakeId(f"take.{number}")
    return Clip(shot=shot, take=name, media=media, source_in=first, frames=frames, transition=into)


def caption(text: str, start: int, frames: int) -> Super:
    """A caption."""
    return Super(kind="caption", text=text, start=start, frames=frames)


def small_cut(reel: Reel, *, supers: tuple[Super, ...] = (), width: int = WIDTH, height: int = HEIGHT) -> Cut:
    """A cut of 135 frames: a clip, a dissolve, a dip into a silent clip, an end card."""
    clips = (
        clip(1, reel.takes[0], 40, first=5),
        clip(2, reel.takes[1], 35, kind="dissolve", entry=9),
        clip(3, reel.silent, 30, kind="dip", entry=8),
    )
    card = EndCard(
        frames=30, picture=reel.product, headline="Run lighter.", call_to_action="Shop now", url="shop.example",
        legal="Terms apply.",
    )  # fmt: skip
    return Cut(
        campaign="spring", variant=VariantId("a"), placement=PlacementId("vertical"), locale="en-US", rate=RATE,
        width=width, height=height, loudness=-14, palette=("#0b1b2b", "#ff5a36"), clips=clips, supers=supers,
        end_card=card,
    )  # fmt: skip
