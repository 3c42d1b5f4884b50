"""One written run for all tests of the studio. Tests that change it take a copy of their own."""

import pytest
from unit.studio.fixture import Played, play


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("run"))
