"""Run a sandbox as a process of its own: `python -m callsheet.tools.sandbox --folder DIR --port 0`.

When it is ready it writes one line of JSON with its address to standard output.
"""

import argparse
import asyncio
import json
import sys
import time
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

from callsheet.tools.sandbox import SandboxSettings, VirtualClock, serve
from callsheet.tools.sandbox.fault import read_script
from callsheet.tools.sandbox.profile import PROFILES


def main() -> None:
    """Read the options and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m callsheet.tools.sandbox", description="A local video service.")
    parser.add_argument("--folder", type=Path, required=True, help="where jobs, bills and clips are kept")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds a job takes at least")
    parser.add_argument("--price", type=Decimal, default=Decimal("0.10"), help="dollars a second")
    parser.add_argument("--seconds", default="4,8,12", help="lengths on sale")
    parser.add_argument("--api-key", help="the key callers must show")
    parser.add_argument("--profile", default="openai", choices=PROFILES, help="whose manners it has")
    parser.add_argument("--pace", default="latency", choices=("latency", "seeded"), help="how times are found")
    parser.add_argument("--stock", action="store_true", help="one clip for each size and length, drawn once")
    parser.add_argument("--scenario", type=Path, help="a file of faults to play")
    parser.add_argument("--virtual-clock", action="store_true", help="time moves by PUT /_sim/clock only")
    given = parser.parse_args()
    settings = SandboxSettings(
        folder=given.folder,
        latency=given.latency,
        price_per_second=given.price,
        sold_seconds=tuple(int(length) for length in given.seconds.split(",")),
        api_key=given.api_key,
        profile=given.profile,
        pace=given.pace,
        stock=given.stock,
    )

    def announce(port: int) -> None:
        sys.stdout.write(json.dumps({"port": port, "url": f"http://{given.host}:{port}/v1"}) + "\n")
        sys.stdout.flush()

    clock = VirtualClock() if given.virtual_clock else time.time
    scenario = read_script(given.scenario) if given.scenario else None
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(settings, given.port, given.host, clock=clock, scenario=scenario, on_ready=announce))


if __name__ == "__main__":
    main()
