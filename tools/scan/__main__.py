"""The other side of the bench: reads one task a line, answers one line each, and ends when its reader does.

Libraries that print do so into the void: the answers have a pipe of their own.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from queue import SimpleQueue
from typing import Any

_TASKS = {
    "text": "callsheet.tools.scan.text",
    "faces": "callsheet.tools.scan.face",
    "nudity": "callsheet.tools.scan.nudity",
    "product": "callsheet.tools.scan.product",
    "speech": "callsheet.tools.scan.speech",
    "names": "callsheet.tools.scan.entity",
}
"""Each of these modules has `instrument()`: it loads a model and returns what looks with it."""


_OUTWARD = frozenset(("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"))


def stay_offline() -> None:
    """Refuse the network to every library that asks Python for it: what is scanned is nobody else's business."""

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event in _OUTWARD:
            raise PermissionError("scanners have no network")

    sys.addaudithook(refuse)


def main() -> None:
    """Serve until the pipe ends."""
    stay_offline()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        tasks: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=_listen, args=(tasks,), daemon=True).start()
        instruments: dict[str, Callable[[dict[str, Any]], Any]] = {}
        while True:
            answers.write(json.dumps(_answer(json.loads(tasks.get()), instruments)) + "\n")
            answers.flush()


def _listen(tasks: "SimpleQueue[str]") -> None:
    """Take tasks in; when whoever asks is gone, end at once, in the middle of a look too."""
    for line in sys.stdin:
        tasks.put(line)
    os._exit(0)


def _answer(task: dict[str, Any], instruments: dict[str, Callable[[dict[str, Any]], Any]]) -> dict[str, Any]:
    name = task.pop("task")
    try:
        if name not in instruments:
            instruments[name] = import_module(_TASKS[name]).instrument()
        return {"answer": instruments[name](task)}
    except Exception as error:  # noqa: BLE001 - whatever a library raises, the look was not made, and it says why
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
