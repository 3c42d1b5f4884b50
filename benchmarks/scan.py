"""What scanning a take costs: processor seconds of each check of a 4 s previz take, models loaded, and their memory."""

import asyncio
import os
import time
from fractions import Fraction
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

from benchmarks.command import BenchmarkFailed, Installed
from benchmarks.figure import Figure, megabytes, seconds

_PROMPT = "[s3] Close-up: Fleet Runner on wet stone. slow push-in, golden hour. Exactly as in the reference picture"
_WIDTH, _HEIGHT, _LENGTH, _RATE = 720, 1280, 4, 30
_TIMES = 3


def scan(installed: Installed, place: Path) -> list[Figure]:
    """Each check after a first look has loaded its model, then the whole."""
    del installed  # the scanners of this very environment are measured
    return asyncio.run(_measure(place))


async def _measure(place: Path) -> list[Figure]:
    from importlib.resources import as_file, files

    from callsheet.scanning import scanners
    from callsheet.tools.edit import fit_reference
    from callsheet.tools.sandbox.camera import ShotOrder, film
    from callsheet.tools.scan import Bench
    from callsheet.tools.scan.footage import take_apart

    take, product = place / "take.mp4", place / "product.png"
    with as_file(files("callsheet.examples") / "runner" / "shoe.png") as shoe:
        product.write_bytes(await fit_reference(shoe, (_WIDTH, _HEIGHT)))
    await film(ShotOrder(_PROMPT, _WIDTH, _HEIGHT, _LENGTH, _RATE, product.read_bytes()), take)
    before = _ours()
    footage = await take_apart(take, _WIDTH, _HEIGHT, Fraction(_LENGTH), place)
    found = [seconds("scan", "frames and sound taken out", _ours() - before, "cpu, of a 4 s take at 720 x 1280")]
    footage = type(footage)(footage.reel, footage.telling, footage.sound, product)
    bench = Bench()
    try:
        for scanner in scanners(bench):
            if scanner.missing:
                raise BenchmarkFailed(f"{scanner.check}: {scanner.missing}")
            began = time.monotonic()
            await scanner.look(footage)
            found.append(
                seconds("scan", f"{scanner.check}, first look", time.monotonic() - began, "wall, model loading")
            )
            before = _cpu(bench.pid)
            for _ in range(_TIMES):
                await scanner.look(footage)
            spent = (_cpu(bench.pid) - before) / _TIMES
            found.append(seconds("scan", f"{scanner.check}, each look", spent, f"cpu, mean of {_TIMES}"))
        found.append(megabytes("scan", "all models in memory", _memory(bench.pid)))
    finally:
        bench.close()
    return found


def _ours() -> float:
    """Processor seconds of this process and of the decoders it ran."""
    return sum(one.ru_utime + one.ru_stime for one in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def _cpu(pid: int | None) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int | None) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")
