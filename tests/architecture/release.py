"""A release as a user meets it: the built files, and an environment that holds nothing else."""

import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from architecture.source import ROOT, checkout_files


@dataclass(frozen=True)
class Built:
    """The two files of a release."""

    wheel: Path
    sdist: Path


@dataclass(frozen=True)
class Installed:
    """An environment that holds the wheel and its base requirements, and nothing of the checkout."""

    python: Path

    @property
    def command(self) -> Path:
        return self.python.parent / "callsheet"

    def run(self, *argv: str | Path, cwd: Path, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Runs a program in a folder, with a home of its own and no setting from this machine."""
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "LANG": "C.UTF-8"}
        return subprocess.run(argv, cwd=cwd, env=environment, capture_output=True, text=True, timeout=timeout)


def build(copy: Path, release: Path) -> Built:
    """Builds the source archive from an untouched copy of the checkout, and the wheel from that archive."""
    for path in checkout_files():
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    checked(sys.executable, "-m", "build", "--no-isolation", "--outdir", release, copy)
    return Built(next(release.glob("*.whl")), next(release.glob("*.tar.gz")))


def install(wheel: Path, folder: Path) -> Installed:
    """Installs a wheel and its base requirements, at their pins, into a new environment."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    pip: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    checked(*pip, "--require-hashes", "-r", ROOT / "requirements" / "base.txt")
    checked(*pip, "--no-deps", "--no-index", wheel)
    return Installed(python)


def checked(*argv: str | Path) -> None:
    done = subprocess.run(argv, capture_output=True, text=True)
    assert done.returncode == 0, f"{argv}\n{done.stdout}\n{done.stderr}"


def megabytes(folder: Path) -> float:
    """The size of what lies in a folder, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6
