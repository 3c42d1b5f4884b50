"""What kind of file this is, by its first bytes: a picture must not be read, or judged, as a broken film.

Signatures by ISO/IEC 14496-12 (MP4), the PNG specification 5.2, ITU-T T.81 (JPEG) and Google's WebP container.
"""

from pathlib import Path
from typing import Literal

Kind = Literal["film", "PNG picture", "JPEG picture", "WebP picture", "unknown"]
FILM = "video/mp4"
_MEDIA_TYPES: dict[Kind, str] = {
    "PNG picture": "image/png",
    "JPEG picture": "image/jpeg",
    "WebP picture": "image/webp",
}
_BOXES = (b"ftyp", b"styp", b"moov", b"mdat", b"free", b"skip", b"wide")


def kind_of(path: Path) -> Kind:
    """The kind; `unknown` is anything else, also a film whose beginning was destroyed."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] in _BOXES:
        return "film"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG picture"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG picture"
    return "WebP picture" if (head[:4], head[8:]) == (b"RIFF", b"WEBP") else "unknown"


def media_type_of(path: Path) -> str:
    """What a reader of content credentials is told: a film, unless it surely is a picture."""
    return _MEDIA_TYPES.get(kind_of(path), FILM)
