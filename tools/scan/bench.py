"""The scanners' bench: a process beside ours that loads each model once and holds every library that models need.

Whatever a native library does to a hostile picture, it does there: a crash or a hang ends that process, the look
counts as not made, and the next look begins a new one. It ends with ours, because it reads our pipe to its end.
"""

import asyncio
import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from callsheet.domain.scan.report import Check
from callsheet.domain.scan.sighting import NotLooked
from callsheet.tools.scan.port import ScannerFailed

Seen = TypeVar("Seen")
_STARTING = 60.0
"""Loading a model is allowed this much more, in seconds."""
_LAST_WORDS = 300
_FEW_THREADS = {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "LANG": "C.UTF-8"}
"""All that the process sees of an environment: no keys, no addresses, nothing to be fetched."""


class Bench:
    """One process, one look at a time. Begun by the first look; `close` ends it."""

    def __init__(self, module: str = "callsheet.tools.scan") -> None:
        self._module = module
        # Looks wait here for their turn, and not in the loop's own threads, which carry the database.
        self._hand = ThreadPoolExecutor(max_workers=1, thread_name_prefix="callsheet-scan")
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._loaded: set[str] = set()

    async def ask(self, task: str, given: Mapping[str, Any], timeout: float) -> Any:
        """Have one task done and return its answer, plain JSON data. Raises ScannerFailed; `timeout` in seconds."""
        return await asyncio.get_running_loop().run_in_executor(self._hand, self._ask, task, given, timeout)

    async def look(
        self, check: Check, given: Mapping[str, Any], timeout: float, read: Callable[[Any], Seen]
    ) -> Seen | NotLooked:
        """Have a check made and its answer read. Whatever goes wrong, the answer's own form too: nobody looked."""
        if "frames" in given and not given["frames"]:
            return NotLooked(check=check, why="the take has no frame to look at")
        try:
            return read(await self.ask(check, given, timeout))
        except ScannerFailed as failure:
            return NotLooked(check=check, why=str(failure))
        except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as broken:
            what = type(broken).__name__
            return NotLooked(check=check, why=f"the scanner for {check} answered in a form that is none ({what})")

    @property
    def pid(self) -> int | None:
        """The process, while it is there."""
        return self._process.pid if self._process is not None else None

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _ask(self, task: str, given: Mapping[str, Any], timeout: float) -> Any:
        process = self._running()
        left = timeout if task in self._loaded else timeout + _STARTING
        line = json.dumps({"task": task, **given}).encode() + b"\n"
        try:
            assert process.stdin is not None
            process.stdin.write(line)
            process.stdin.flush()
            answer = self._answers.get(timeout=left)
        except queue.Empty:
            self.close()
            raise ScannerFailed(f"the scanner for {task} did not finish within {left:g} s") from None
        except OSError:
            answer = b""
        if not answer:
            self.close()
            raise ScannerFailed(f"the scanner for {task} ended without an answer")
        match _read(answer):
            case {"answer": found}:
                self._loaded.add(task)
                return found
            case {"error": error}:
                raise ScannerFailed(f"the scanner for {task} failed: {str(error)[:_LAST_WORDS]}")
            case _:
                self.close()
                raise ScannerFailed(f"the scanner for {task} said something that is no answer")

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._answers, self._loaded = queue.Queue(), set()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", self._module],  # -P: nothing is imported from the folder it stands in
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_FEW_THREADS,
                cwd=tempfile.gettempdir(),
            )
            threading.Thread(target=_pass_on, args=(self._process, self._answers), daemon=True).start()
        return self._process


def _read(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        return None


def _pass_on(process: "subprocess.Popen[bytes]", answers: "queue.Queue[bytes]") -> None:
    """Carry each answer over; an empty one says that there will be no more."""
    assert process.stdout is not None
    try:
        for line in process.stdout:
            answers.put(line)
    except ValueError:  # closed under our hands, by `close`
        return
    finally:
        answers.put(b"")
