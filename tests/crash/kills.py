"""Real SIGKILLs: processes with the real engine die in the middle of a shoot, and another process goes on."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from queue import SimpleQueue

import httpx
from crash.shoot import NOON, SHOTS, Shot, Story
from crash.verdict import Verdict, judge
from crash.zygote import LONGEST_LIFE, RESULT, Life

from callsheet.domain.take import Take
from callsheet.storage.database import Database
from callsheet.storage.media import FolderStore

TESTS = Path(__file__).resolve().parents[1]
_KILLED = -9
_LIVES = 4


@dataclass(frozen=True)
class Fallen:
    """A process that was killed in a shoot, and what is wrong after others went on."""

    life: Life
    was_killed: bool
    moments: tuple[str, ...]
    verdict: Verdict


class Zygote:
    """A process that forks the processes to be killed. One at a time."""

    def __init__(self) -> None:
        argv = [sys.executable, "-m", "crash.zygote"]
        self._process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment()
        )

    def live(self, life: Life) -> int:
        """Let one process live. Its exit status, negative for a signal."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(asdict(life)), file=self._process.stdin, flush=True)
        return int(json.loads(self._process.stdout.readline())["status"])

    def close(self) -> None:
        self._process.communicate(timeout=LONGEST_LIFE)


@dataclass(frozen=True)
class Field:
    """Where lives are lost: a workspace to copy for each, and a provider that they all share."""

    prepared: Path
    folder: Path
    url: str

    def bill(self, story: Story) -> list[dict[str, object]]:
        """What the provider sold to one story: its name is in its prompts."""
        answer = httpx.get(self.url.removesuffix("v1/") + "_sim/ledger", timeout=30)
        answer.raise_for_status()
        prompts = {hashlib.sha256(story.order(shot, 1).order.prompt.encode()).hexdigest() for shot in SHOTS}
        return [row for row in answer.json()["jobs"] if row["prompt_digest"] in prompts]

    def fall(self, zygote: Zygote, life: Life) -> Fallen:
        """Live, die, and go on in fresh processes until the shoot is complete or will never be."""
        home = self.folder / life.name
        home.mkdir()
        shutil.copyfile(self.prepared, home / "workspace.db")
        life = replace(life, home=str(home), url=self.url)
        first = zygote.live(life)
        status, lives = first, 1
        while status != 0 and lives < _LIVES:
            status, lives = zygote.live(Life(str(home), self.url, life.name)), lives + 1
        said = (home / "said.log").read_text(encoding="utf-8")
        assert status in (0, 1), f"{life}: ended with {status}\n{said}"
        shot = json.loads((home / RESULT).read_text(encoding="utf-8"))
        takes = tuple(Take.model_validate(one) for one in shot["takes"])
        came = Shot(takes, tuple(RuntimeError(one) for one in shot["missing"]))
        database = Database(f"sqlite:///{home / 'workspace.db'}", "w", lambda: NOON)
        try:
            bill, media = self.bill(Story(life.name)), FolderStore(home / "media")
            verdict = database.read_now(lambda tx: judge(tx, media, bill, came))
        finally:
            database.close()
        shutil.rmtree(home)
        return Fallen(life, first == _KILLED, tuple(shot["moments"]), verdict)


@contextmanager
def battlefield(prepared: Path, folder: Path) -> Iterator[Field]:
    """A provider in a process of its own, while inside."""
    folder.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "crash.provider", str(folder / "provider")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=_environment()) as process:
        try:
            assert process.stdout is not None
            yield Field(prepared, folder, process.stdout.readline().strip())
        finally:
            process.terminate()


def fall_all(field: Field, lives: Sequence[Life], at_once: int = 2) -> list[Fallen]:
    """Let all of them die, so many at a time, each beside its own zygote."""
    idle: SimpleQueue[Zygote] = SimpleQueue()
    with ExitStack() as stack:
        for _ in range(min(at_once, len(lives))):
            zygote = Zygote()
            stack.callback(zygote.close)
            idle.put(zygote)

        def one(life: Life) -> Fallen:
            zygote = idle.get()
            try:
                return field.fall(zygote, life)
            finally:
                idle.put(zygote)

        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(one, lives))


def _environment() -> dict[str, str]:
    path = os.pathsep.join(one for one in (str(TESTS), os.environ.get("PYTHONPATH", "")) if one)
    return {**os.environ, "PYTHONPATH": path}
