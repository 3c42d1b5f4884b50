"""The machine that is measured on: a figure means little without it."""

import os
import platform
import subprocess

from callsheet.tools.ffmpeg import ffmpeg_exe


def description() -> dict[str, str]:
    """Cores, memory, system, Python and ffmpeg."""
    return {
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.1f} GB",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "ffmpeg": _ffmpeg_version(),
    }


def load() -> str:
    """How many processes want a core: over the last minute, five and fifteen."""
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


def _ffmpeg_version() -> str:
    said = subprocess.run([ffmpeg_exe(), "-version"], capture_output=True, text=True, check=True).stdout
    return said.split()[2]
