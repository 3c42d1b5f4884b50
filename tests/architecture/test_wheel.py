"""The wheel holds the whole package, nothing else, and works with nothing but its base requirements."""

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from architecture.release import Built, Installed
from architecture.source import ROOT, checkout_files, package_folders
from callsheet.tools.ffmpeg import ffmpeg_exe

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(1200)]  # an environment is made and filled

LOAD_ALL = """
import importlib, json, pkgutil, sys, callsheet
names = [module.name for module in pkgutil.walk_packages(callsheet.__path__, "callsheet.")]
broken = {}
for name in names:
    if not name.endswith("__main__"):
        try:
            importlib.import_module(name)
        except ImportError as error:
            broken[name] = str(error)
print(json.dumps([names, broken, sorted(sys.modules)]))
"""


def files_of_the_package() -> set[str]:
    """Every file that lies in a room or in the face, by the name it has when installed."""
    return {
        f"{package.replace('.', '/')}/{path.relative_to(folder).as_posix()}"
        for package, folder in package_folders().items()
        for path in checkout_files()
        if path.is_relative_to(folder)
    }


def test_the_wheel_holds_every_file_of_the_package_and_no_other(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == files_of_the_package()


def test_nothing_but_callsheet_is_installed_at_the_top(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"callsheet"}
    assert len(tops) == 2


def test_the_licence_travels_with_both_files(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        licences = [name for name in wheel.namelist() if name.endswith("/LICENSE")]
        assert wheel.read(licences[0]) == (ROOT / "LICENSE").read_bytes()
    with tarfile.open(built.sdist) as sdist:
        assert any(name.endswith("/LICENSE") for name in sdist.getnames())


def test_every_module_loads_without_any_extra(installed: Installed, tmp_path: Path) -> None:
    """What an extra brings is imported where it is used, and its absence names the extra."""
    done = installed.run(installed.python, "-I", "-c", LOAD_ALL, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names, broken, loaded = json.loads(done.stdout.splitlines()[-1])
    assert broken == {}, "what an extra brings is imported where it is used"
    assert {name.split(".")[1] for name in names} >= {room.split(".")[1] for room in package_folders() if "." in room}
    assert {name for name in loaded if name.split(".")[0] in {"agents", "domain", "tools", "graphs"}} == set()


def test_the_command_answers_in_an_empty_folder(installed: Installed, tmp_path: Path) -> None:
    done = installed.run(installed.command, "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "demo" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_environment_is_not_the_checkouts(installed: Installed) -> None:
    assert Path(sys.executable).parent != installed.python.parent


def test_a_stranger_gets_to_the_greenlight_with_one_photo(installed: Installed, tmp_path: Path) -> None:
    photo = tmp_path / "shoe.png"
    photo.write_bytes((ROOT / "examples" / "runner" / "shoe.png").read_bytes())
    words = ("new", "spring", "--product", "Fleet Runner", "--image", str(photo), "--url", "shop.example")
    assert installed.run(installed.command, *words, cwd=tmp_path).returncode == 0
    assert installed.run(installed.command, "validate", "spring", cwd=tmp_path).returncode == 0
    asked = installed.run(installed.command, "run", "spring", cwd=tmp_path)
    assert asked.returncode == 3, asked.stdout + asked.stderr
    for said in ("greenlight", "not approved yet", "campaign.yaml:", "callsheet decide approve"):
        assert said in asked.stdout
    assert not (tmp_path / "spring" / "out" / "deliverables").exists()


def test_the_demo_walks_the_whole_loop_from_the_wheel(installed: Installed, tmp_path: Path) -> None:
    """The example runs here, once: six shots, three variants, two placements, one reshoot, offline and free."""
    done = installed.run(installed.command, "demo", cwd=tmp_path, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no network, $0.00 spent" in done.stdout
    assert "topup" in done.stdout or "top-up" in done.stdout
    files = sorted(path.name for path in tmp_path.rglob("deliverables/*.mp4"))
    assert files == [f"runner_{variant}_{place}_en-US.mp4" for variant in "abc" for place in ("square", "vertical")]
    for path in tmp_path.rglob("deliverables/*.mp4"):
        strict = [ffmpeg_exe(), "-v", "error", "-xerror", "-i", str(path), "-f", "null", "-"]
        decoded = subprocess.run(strict, capture_output=True, text=True, timeout=120)
        assert (decoded.returncode, decoded.stderr) == (0, "")
    assert list(tmp_path.rglob("report.html"))
