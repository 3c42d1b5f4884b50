"""What the build is told matches what the checkout holds."""

import re
import tomllib
from pathlib import Path

from architecture.source import NEVER_OURS, ROOT, modules, package_folders, python_files, settings, shown


def folders_with_modules() -> dict[str, Path]:
    """Every folder of the package that holds a module, by the package name it is installed under."""
    return {
        ".".join([package, *path.parent.relative_to(folder).parts]): path.parent
        for package, folder in package_folders().items()
        for path in folder.rglob("*.py")
        if not NEVER_OURS & set(path.relative_to(folder).parts)
    }


def test_every_folder_with_modules_is_a_listed_package() -> None:
    listed = set(settings()["tool"]["setuptools"]["packages"])
    found = set(folders_with_modules())
    assert (found - listed, listed - found) == (set(), set()), "not listed, no longer there"


def test_every_package_says_that_it_is_one() -> None:
    found = folders_with_modules().values()
    assert [shown(folder) for folder in found if not (folder / "__init__.py").is_file()] == []


def test_every_room_lies_at_the_root() -> None:
    rooms = {folder for package, folder in package_folders().items() if package != "callsheet"}
    assert all(folder.parent == ROOT and folder.is_dir() for folder in rooms)


def test_no_module_stands_outside_the_rooms() -> None:
    homes = [*package_folders().values(), ROOT / "tests", ROOT / "benchmarks", ROOT / "docs", ROOT / ".ci"]
    assert [shown(path) for path in python_files() if not any(path.is_relative_to(home) for home in homes)] == []


def test_the_package_is_typed() -> None:
    assert (package_folders()["callsheet"] / "py.typed").is_file()


def test_the_pins_name_no_address_and_carry_hashes() -> None:
    for name in ("lock.txt", "base.txt"):
        pins = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        blocks = pins.replace("\\\n", " ").splitlines()
        requirements = [line for line in blocks if line and not line.lstrip().startswith("#")]
        assert len(requirements) > 20
        assert [line for line in requirements if "==" not in line or "--hash=sha256:" not in line] == []
        assert "://" not in pins


def test_the_base_pins_are_part_of_the_lock() -> None:
    def pinned(name: str) -> set[str]:
        lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
        return {line.partition(" ")[0] for line in lines if line[:1].isalnum()}

    assert pinned("base.txt") <= pinned("lock.txt")


def test_every_requirement_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    wanted += [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    lock = (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8")
    names = {line.partition("==")[0] for line in lock.splitlines() if line[:1].isalnum()}
    assert {normal_name(line) for line in wanted} <= names, "run `make lock`"


def normal_name(requirement: str) -> str:
    name = "".join(letter if letter.isalnum() or letter in "-_." else " " for letter in requirement).split()[0]
    return name.lower().replace("_", "-").replace(".", "-")


def test_every_command_that_the_guides_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for guide in ("README.md", "CONTRIBUTING.md", ".ci/run"):
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", (ROOT / guide).read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= targets, guide


def test_there_are_modules_to_judge() -> None:
    assert any(module.room == "domain" for module in modules())
