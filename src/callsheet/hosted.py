"""The campaign graph for a LangGraph server: `langgraph.json` names `graph` here. It carries no checkpointer.

The host keeps threads and drives the graph. The paid and slow work is done beside it by a process of its own, unless
another worker of the workspace already does it: engines and encoders block, and a host is restarted at every change of
a file. A run begins with `callsheet run FOLDER --hosted`, which freezes the campaign and gives the input.
"""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from functools import cache
from typing import Any

from langchain_core.runnables import RunnableConfig

from callsheet.graphs.campaign import RECURSION_LIMIT, build_campaign_graph
from callsheet.session import Callsheet
from callsheet.settings import Settings
from callsheet.wiring import Studio, open_studio

_WORKER = "callsheet.hosted"
_BETWEEN_WORKERS = 1.0
"""Seconds until a worker that ended is followed by another."""


async def graph(config: RunnableConfig) -> Any:  # noqa: ARG001 - the host passes it; the settings say everything
    """The compiled graph on the workspace that the settings name."""
    studio = await asyncio.to_thread(_studio)
    return build_campaign_graph(studio.crew).compile().with_config({"recursion_limit": RECURSION_LIMIT})


@cache
def _studio() -> Studio:
    studio = open_studio(Settings())
    threading.Thread(target=_keep_worker, name="callsheet-worker", daemon=True).start()
    return studio


def _keep_worker() -> None:
    """Have a worker as long as this process lives, however it ends: the pipe to it closes with it."""
    while True:
        with subprocess.Popen([sys.executable, "-m", _WORKER], stdin=subprocess.PIPE) as worker:
            worker.wait()
        time.sleep(_BETWEEN_WORKERS)


def main() -> None:
    """Work, or stand by while another process does, until standard input ends: then the host is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the host as well, and its end is the word
    asyncio.run(_work())


async def _work() -> None:
    gone = asyncio.Event()
    loop = asyncio.get_running_loop()
    threading.Thread(target=_await_end, args=(loop, gone), daemon=True).start()
    async with Callsheet.open(Settings()):
        await gone.wait()


def _await_end(loop: asyncio.AbstractEventLoop, gone: asyncio.Event) -> None:
    sys.stdin.buffer.read()
    loop.call_soon_threadsafe(gone.set)


if __name__ == "__main__":
    main()
