"""Measures and prints one table; writes it to `out/bench.json` too. `python -m benchmarks --help` lists the names.

`python -m benchmarks eval` measures how well a crew plans instead: see `docs/eval.md`.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.buying import buying
from benchmarks.campaign import demo, pocket
from benchmarks.command import BenchmarkFailed, Installed
from benchmarks.eval.command import evaluate
from benchmarks.figure import Figure, document, table
from benchmarks.install import install
from benchmarks.machine import description, load
from benchmarks.replay import replay
from benchmarks.revocation import revocation
from benchmarks.scan import scan
from benchmarks.startup import startup
from benchmarks.stranger import stranger

Benchmark = Callable[[Installed, Path], list[Figure]]
BENCHMARKS: dict[str, Benchmark] = {
    "startup": startup,
    "pocket": pocket,
    "stranger": stranger,
    "demo": demo,
    "buying": buying,
    "scan": scan,
    "revocation": revocation,
    "replay": replay,
}


def main(words: Sequence[str]) -> None:
    """Run the benchmarks that were named, or all."""
    asked = _asked(words)
    machine = description() | {"load at the start": load()}
    figures: list[Figure] = []
    failed: list[str] = []
    began = time.monotonic()
    with TemporaryDirectory(prefix="callsheet-bench-") as folder:
        installed = Installed(Path(sys.executable))
        if asked.wheel:
            _say("install: building the wheel and filling a new environment")
            installed, weighed = install(_place(folder, "install"))
            figures += weighed
        for name in asked.names or BENCHMARKS:
            machine[f"load at {name}"] = load()
            _say(f"{name}: load {load()}")
            try:
                figures += BENCHMARKS[name](installed, _place(folder, name))
            except BenchmarkFailed as failure:
                failed.append(f"{name} could not be measured: {failure}")
    machine |= {"load at the end": load(), "measuring took": f"{time.monotonic() - began:.0f} s"}
    print("\n".join(f"{name}: {value}" for name, value in machine.items()), table(figures), sep="\n\n")
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    whole = {"machine": machine, "figures": document(figures)}
    asked.out.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    _say("\n".join([f"also in {asked.out}", *failed]))
    if failed:
        sys.exit(1)


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures Callsheet on this machine.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"{', '.join(BENCHMARKS)}; all if none is named")
    parser.add_argument("--wheel", action="store_true", help="build and install the wheel, and measure that")
    parser.add_argument("--out", type=Path, default=Path("out/bench.json"), help="where the figures go as JSON")
    asked = parser.parse_args(words)
    if unknown := [name for name in asked.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    return asked


def _place(folder: str, name: str) -> Path:
    """An empty folder for one benchmark."""
    place = Path(folder) / name
    place.mkdir()
    return place


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if sys.argv[1:2] == ["eval"]:
    evaluate(sys.argv[2:])
else:
    main(sys.argv[1:])
