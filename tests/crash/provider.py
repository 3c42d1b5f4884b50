"""The sandbox as a process of its own, which no killed client takes with it: `python -m crash.provider FOLDER`.

Its clips are drawn once for each shape, so that hundreds of takes cost next to nothing.
"""

import asyncio
import sys
from pathlib import Path

from callsheet.tools.sandbox import SandboxSettings, serve

LATENCY = 0.25


def main(folder: Path) -> None:
    settings = SandboxSettings(folder=folder, stock=True, latency=LATENCY, poll_after_ms=20, hang_seconds=0.2)
    asyncio.run(serve(settings, 0, on_ready=lambda port: print(f"http://127.0.0.1:{port}/v1/", flush=True)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
