"""Files a campaign names: always inside its folder, of the kind they claim to be, and known by their bytes."""

import hashlib
import io
import warnings
from pathlib import Path, PurePosixPath

from PIL import Image, UnidentifiedImageError

from callsheet.domain.campaign import Asset
from callsheet.domain.identity import Digest

MAX_PICTURE_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
SHORTEST_SIDE, LONGEST_SIDE = 64, 10_000
MAX_DOCUMENT_BYTES = 20 * 1024 * 1024
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


class Unusable(ValueError):
    """The file cannot be used; the words say why and what would do."""


def find_inside(folder: Path, name: str) -> Path:
    """The file of that relative name, which must be inside the folder even when links are followed."""
    parts = PurePosixPath(name).parts
    if not name or "\x00" in name or "\\" in name or ":" in name:
        raise Unusable("is not a plain file name; write it relative to the campaign folder, such as shoe.png")
    if name.startswith(("/", "~")) or ".." in parts:
        raise Unusable("points outside the campaign folder; copy the file into it")
    path = folder.joinpath(*parts)
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise Unusable("is not there") from None
    if not real.is_relative_to(folder.resolve()):
        raise Unusable("is a link that leads outside the campaign folder; copy the file into it")
    if not real.is_file():
        raise Unusable("is not a file")
    return real


def read_picture(folder: Path, name: str) -> Asset:
    """A picture of the folder, fully decoded once to know that it is whole. Raises `Unusable`."""
    data = _read(find_inside(folder, name), MAX_PICTURE_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is checked right below
            picture = Image.open(io.BytesIO(data), formats=tuple(MEDIA_TYPES))
            width, height = picture.size
            _check_size(width, height)
            picture.load()
    except (UnidentifiedImageError, Image.DecompressionBombError):
        start = "".join(mark if mark.isprintable() else "." for mark in data[:20].decode("latin-1"))
        raise Unusable(f'is not a PNG, JPEG or WebP picture (it begins with "{start}")') from None
    except Unusable:
        raise
    except (OSError, SyntaxError, ValueError) as error:
        raise Unusable(f"is a damaged picture ({error}); export it again") from None
    media_type = MEDIA_TYPES[str(picture.format)]
    return Asset(path=name, digest=digest_of_bytes(data), media_type=media_type, width=width, height=height)


def read_bytes(folder: Path, name: str) -> tuple[Path, bytes]:
    """A document of the folder, such as a signed release. Raises `Unusable`."""
    path = find_inside(folder, name)
    return path, _read(path, MAX_DOCUMENT_BYTES)


def digest_of_bytes(data: bytes) -> Digest:
    """The SHA-256 of a file's bytes."""
    return Digest(hashlib.sha256(data).hexdigest())


def _read(path: Path, limit: int) -> bytes:
    size = path.stat().st_size
    if size == 0:
        raise Unusable("is empty")
    if size > limit:
        raise Unusable(f"is {size / 1_048_576:.0f} MB; at most {limit // 1_048_576} MB")
    return path.read_bytes()


def _check_size(width: int, height: int) -> None:
    if min(width, height) < SHORTEST_SIDE:
        raise Unusable(f"is only {width}x{height} pixels; at least {SHORTEST_SIDE} on the short side")
    if max(width, height) > LONGEST_SIDE or width * height > MAX_PIXELS:
        raise Unusable(f"is {width}x{height} pixels; at most {LONGEST_SIDE} a side and {MAX_PIXELS:,} in all")
