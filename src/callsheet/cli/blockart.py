"""Moving pictures out of characters: each half block is two pixels, one above the other."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

HALF_BLOCK = "▀"
_FRAMES_A_SECOND = 4
_TIMEOUT = 30.0


@dataclass(frozen=True)
class Flipbook:
    """A few frames of a take, as raw RGB of `columns` x `rows * 2` pixels."""

    columns: int
    rows: int
    frames: tuple[bytes, ...]

    def page(self, number: int) -> "Text":
        """One frame as text; numbers beyond the last begin anew."""
        return draw(self.frames[number % len(self.frames)], self.columns, self.rows)


async def read_flipbook(path: Path, columns: int, rows: int) -> Flipbook | None:
    """Take small frames out of a video. None when it holds no picture that can be read: nothing depends on it."""
    from callsheet.tools.ffmpeg import ffmpeg_exe
    from callsheet.tools.process import ProcessTimeout, run_process

    size = columns * rows * 2 * 3
    argv = [
        ffmpeg_exe(), "-nostdin", "-v", "error", "-threads", "1", "-i", f"file:{path}", "-map", "0:v:0",
        "-vf", f"fps={_FRAMES_A_SECOND},scale={columns}:{rows * 2}:flags=area",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
    ]  # fmt: skip
    try:
        done = await run_process(argv, timeout=_TIMEOUT)
    except (ProcessTimeout, OSError):
        return None
    frames = tuple(done.stdout[at : at + size] for at in range(0, len(done.stdout) - size + 1, size))
    return Flipbook(columns=columns, rows=rows, frames=frames) if frames else None


def draw(pixels: bytes, columns: int, rows: int) -> "Text":
    """Raw RGB as lines of half blocks: the upper pixel is the ink, the lower one the paper."""
    from rich.style import Style
    from rich.text import Text

    text = Text(no_wrap=True)
    for row in range(rows):
        for column in range(columns):
            above = (row * 2 * columns + column) * 3
            below = above + columns * 3
            ink, paper = _colour(pixels, above), _colour(pixels, below)
            text.append(HALF_BLOCK, Style.parse(f"{ink} on {paper}"))
        if row < rows - 1:
            text.append("\n")
    return text


def _colour(pixels: bytes, at: int) -> str:
    return f"#{pixels[at : at + 3].hex()}"
