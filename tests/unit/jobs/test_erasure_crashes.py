"""An erasure that is killed at any step is finished by saying it again."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from unit.jobs.erased import ASIDE, NAME, PIECE, Scene, bytes_of, copied, down, file_hash, finished_run

from callsheet.jobs import erasure
from callsheet.jobs.fake import FakeJobs
from callsheet.storage.database import Database
from callsheet.storage.media import FolderStore
from callsheet.tools.video.fake import FakeVideo

STEPS: tuple[tuple[Any, str], ...] = (
    (Database, "write"),
    (Database, "compact"),
    (FolderStore, "forget"),
    (FakeJobs, "forget"),
    (FakeVideo, "forget_render"),
    (FakeVideo, "forget_character"),
    (erasure, "_redact_log"),
)
LEAST_STEPS = 12


class Killed(BaseException):
    """The process is gone."""


class Steps:
    """Counts the steps of an erasure, and dies before or after one of them."""

    def __init__(self, dies_at: int, is_done: bool) -> None:
        self.dies_at, self.is_done, self.seen = dies_at, is_done, 0

    def met(self, is_done: bool) -> None:
        self.seen += not is_done
        if self.seen - 1 == self.dies_at and is_done is self.is_done:
            raise Killed

    def of(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def mortal(*given: Any) -> Any:
            self.met(False)
            done = step(*given)
            self.met(True)
            return done

        async def mortal_async(*given: Any) -> Any:
            self.met(False)
            done = await step(*given)
            self.met(True)
            return done

        return mortal_async if inspect.iscoroutinefunction(step) else mortal


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
async def test_it_is_finished_by_saying_it_again_wherever_it_died(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    template = tmp_path / "template"
    played = finished_run(template)
    at = 0
    for at in count():
        one = copied(tmp_path / f"home-{at}", (template, played))
        down(one)
        steps = Steps(at, is_done)
        with monkeypatch.context() as patched:
            for owner, name in STEPS:
                patched.setattr(owner, name, steps.of(getattr(owner, name)))
            with suppress(Killed):
                await one.erase()
        await one.erase()
        assert_gone(one, at)
        one.database.close()
        if steps.seen <= at:
            break
    assert at >= LEAST_STEPS, "else the steps were not met"


def assert_gone(one: Scene, at: int) -> None:
    assert one.dropped, at
    for name, data in bytes_of(one.folder).items():
        for word in (NAME.encode(), b"char_77", b"coral top"):
            assert word.lower() not in data.lower(), (at, name, word)
    gone = {one.played.takes["shot.1"].media.digest, file_hash(ASIDE), file_hash(b"signed"), file_hash(b"a face")}
    gone.add(file_hash(PIECE))
    gone |= {digest for film in one.played.files.values() for digest in (film.essence, film.file)}
    assert not gone & {Path(name).name for name in bytes_of(one.folder / "media")}, at
