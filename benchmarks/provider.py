"""A sandbox in a process of its own, so that a provider's work is not measured as ours."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.command import BenchmarkFailed, bare

_SERVE = """
import asyncio, json, sys
from pathlib import Path
from callsheet.tools.sandbox import SandboxSettings, serve
settings = SandboxSettings(folder=Path(sys.argv[1]), stock=True, **json.loads(sys.argv[2]))
asyncio.run(serve(settings, 0, on_ready=lambda port: print(f"http://127.0.0.1:{port}/v1/", flush=True)))
"""


@contextmanager
def provider(python: Path, place: Path, **settings: Any) -> Iterator[str]:
    """Serve a sandbox with these settings over HTTP, with its book in a folder there; gives its address."""
    folder = place / "provider"
    folder.mkdir(parents=True)
    argv = [str(python), "-c", _SERVE, str(folder), json.dumps(settings)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=bare(place)) as server:
        try:
            url = server.stdout.readline().strip() if server.stdout else ""
            if not url:
                raise BenchmarkFailed("the sandbox did not start")
            yield url
        finally:
            server.terminate()
