"""The process that works beside a LangGraph server: there as long as the server is, and gone with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from callsheet import hosted
from callsheet.jobs.lead import Lead

PATIENCE = 30.0


def _is_free(lock: Path) -> bool:
    """Whether nobody leads the workspace."""
    lead = Lead(lock)
    try:
        return lead.try_take()
    finally:
        lead.give_up()


def test_it_works_until_its_host_is_gone_and_no_sooner(tmp_path: Path) -> None:
    lock = tmp_path / "home" / "engine.lock"
    environment = {**os.environ, "CALLSHEET_HOME": str(lock.parent)}
    with subprocess.Popen(
        [sys.executable, "-m", "callsheet.hosted"], stdin=subprocess.PIPE, env=environment, start_new_session=True
    ) as worker:
        until = time.monotonic() + PATIENCE
        while not lock.exists() or _is_free(lock):
            assert worker.poll() is None and time.monotonic() < until
            time.sleep(0.1)
        worker.send_signal(signal.SIGINT)  # Ctrl-C at a terminal reaches both; the host says when it is over
        time.sleep(0.5)
        assert worker.poll() is None
        assert worker.stdin is not None
        worker.stdin.close()
        assert worker.wait(PATIENCE) == 0
    assert _is_free(lock)


def test_one_that_dies_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[str]] = []
    begin = subprocess.Popen

    def fragile(argv: list[str], **how: Any) -> "subprocess.Popen[bytes]":
        begun.append(argv)
        if len(begun) == 3:
            raise KeyboardInterrupt
        return begin([sys.executable, "-c", ""], **how)

    monkeypatch.setattr(subprocess, "Popen", fragile)
    monkeypatch.setattr(hosted, "_BETWEEN_WORKERS", 0.01)
    with pytest.raises(KeyboardInterrupt):
        hosted._keep_worker()
    assert begun == [[sys.executable, "-m", "callsheet.hosted"]] * 3
