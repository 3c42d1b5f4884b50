"""The base install as a user gets it: the wheel, its pinned requirements, a new environment; its time and its size."""

import shutil
import subprocess
import sys
import time
import venv
from importlib.metadata import Distribution, distributions
from pathlib import Path

from benchmarks.command import Installed
from benchmarks.figure import Figure, megabytes, seconds

ROOT = Path(__file__).resolve().parent.parent
_SHOWN = 8
_PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")


def install(place: Path) -> tuple[Installed, list[Figure]]:
    """Build the wheel from a copy of the checkout, install it, and weigh what arrived."""
    wheel, building = _timed_build(place)
    began = time.monotonic()
    venv.create(place / "environment", with_pip=True)
    python = place / "environment" / "bin" / "python"
    pins = ROOT / "requirements" / "base.txt"
    _checked(python, *_PIP, "install", "--require-hashes", "-r", pins)
    _checked(python, *_PIP, "install", "--no-deps", "--no-index", wheel)
    took = time.monotonic() - began
    return Installed(python), [
        seconds("install", "building the wheel", building),
        megabytes("install", "the wheel", wheel.stat().st_size),
        seconds("install", "new environment, pins and wheel", took, "depends on the package index and pip's cache"),
        *weights(python),
    ]


def weights(python: Path) -> list[Figure]:
    """The size of all that was installed, and of the heaviest packages. The installer itself is not counted."""
    site = next((python.parent.parent / "lib").glob("python*/site-packages"))
    sizes = {one.name: _size(one) for one in distributions(path=[str(site)]) if one.name not in ("pip", "setuptools")}
    heaviest = sorted(sizes.items(), key=lambda pair: -pair[1])[:_SHOWN]
    found = [megabytes("install", "base install", sum(sizes.values()), f"{len(sizes)} packages")]
    return found + [megabytes("install", f"of it {name}", size) for name, size in heaviest]


def _timed_build(place: Path) -> tuple[Path, float]:
    """The wheel of the checkout as it stands, built apart so that no leftover of an earlier build gets in."""
    copy = place / "checkout"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    began = time.monotonic()
    _checked(sys.executable, *_PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", place, copy)
    return next(place.glob("callsheet-*.whl")), time.monotonic() - began


def _size(distribution: Distribution) -> int:
    files = (Path(str(one.locate())) for one in distribution.files or ())
    return sum(path.stat().st_size for path in files if path.is_file())


def _checked(*argv: str | Path) -> None:
    done = subprocess.run(argv, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, argv))} ended with {done.returncode}:\n{done.stderr[-2000:]}")
