"""Builds the wheel once and installs it once; whatever looks at it shares both."""

import time

import pytest
from figures import Tell

from architecture.release import Built, Installed, build, install, megabytes


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="session")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory, tell: Tell) -> Installed:
    """The wheel as a user gets it without any extra. What it took is told at the end of the run."""
    folder, started = tmp_path_factory.mktemp("user") / "venv", time.monotonic()
    environment = install(built.wheel, folder)
    taken = f"base install: {megabytes(folder):.0f} MB in {time.monotonic() - started:.0f} s"
    tell(f"{taken}; the wheel: {built.wheel.stat().st_size / 1e6:.2f} MB")
    return environment
