"""Somebody new: an empty folder, one photo, three commands. How long until a price, and until something plays?"""

import json
import re
import shutil
import subprocess
from pathlib import Path

from benchmarks.command import BenchmarkFailed, Installed
from benchmarks.figure import Figure, seconds
from callsheet.tools.ffmpeg import ffmpeg_exe

PHOTO = Path(__file__).resolve().parent.parent / "examples" / "runner" / "shoe.png"
_FRAMES = re.compile(rb"frame=\s*(\d+)")


def stranger(installed: Installed, place: Path) -> list[Figure]:
    """From the photo to the greenlight with storyboard and quote, and on to the first cut that plays."""
    shutil.copyfile(PHOTO, place / "photo.png")
    own = ("--product", "Fleet Runner", "--image", "photo.png", "--url", "shop.example")
    made = installed.run("new", "spring", *own, cwd=place)
    planned = installed.run("run", "spring", "--json", cwd=place, waits=True)
    quote = json.loads(planned.said)["gate"]["showing"]["quote"]
    if not quote:
        raise BenchmarkFailed("the greenlight came without a quote")
    approved = installed.run("decide", "approve", "--by", "a stranger", "--json", cwd=place, waits=True)
    files = json.loads(approved.said)["files"]
    for one in files:
        check_plays(Path(one["path"]), one["frames"])
    to_quote = made.seconds + planned.seconds
    length = files[0]["frames"] / files[0]["rate"]
    return [
        seconds("stranger", "new", made.seconds),
        seconds("stranger", "run, to the greenlight", planned.seconds),
        seconds("stranger", "photo to storyboard and quote", to_quote, "aim: a minute"),
        seconds("stranger", "photo to first playable cut", to_quote + approved.seconds, "aim: two minutes"),
        seconds("stranger", "processor time", made.cpu + planned.cpu + approved.cpu),
        Figure("stranger", "files that decode", len(files), "", f"{length:.0f} s each, every promised frame"),
    ]


def check_plays(path: Path, frames: int) -> None:
    """Decode a file strictly to its last frame. Raises BenchmarkFailed."""
    argv = [ffmpeg_exe(), "-hide_banner", "-nostdin", "-xerror", "-err_detect", "explode", "-i", str(path)]
    done = subprocess.run([*argv, "-f", "null", "-"], check=False, capture_output=True)
    counted = [int(one) for one in _FRAMES.findall(done.stderr)]
    if done.returncode != 0 or not counted or counted[-1] != frames:
        raise BenchmarkFailed(f"{path.name}: {counted[-1:] or 'no'} of {frames} frames, exit {done.returncode}")
