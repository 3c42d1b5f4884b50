"""SIGKILL anywhere in a shoot with the real engine: nothing is bought twice, and nothing that was paid for is lost."""

from pathlib import Path

import pytest
from crash.kills import battlefield, fall_all
from crash.shoot import WANTED, prepare
from crash.zygote import Life

KILLS = 20
"""By the process's own hand, spread over every moment of a shoot."""
OUTSIDE = (0.3, 0.8, 1.3, 1.8, 2.3, 2.8)
"""Seconds after which others are killed from outside: some die before the first request, some after the last."""
BAD_DAYS = ("", "500_after", "moderation_flaky", "poll_5xx:2", "content_504:1")


@pytest.mark.loopback
@pytest.mark.timeout(600)  # some fifty processes, each with an engine of its own
def test_a_shoot_that_is_killed_anywhere_buys_every_take_once(tmp_path: Path) -> None:
    with battlefield(prepare(tmp_path), tmp_path / "field") as field:
        (undisturbed,) = fall_all(field, [Life("", "", "undisturbed")])
        assert undisturbed.verdict.faults == ()
        moments = len(undisturbed.moments)
        assert moments > 10 * WANTED
        lives = [
            Life("", "", f"k{number}", BAD_DAYS[number % len(BAD_DAYS)], at=number * moments // KILLS)
            for number in range(KILLS)
        ]
        lives += [Life("", "", f"o{number}", after=after) for number, after in enumerate(OUTSIDE)]
        fallen = fall_all(field, lives)
    killed = [one for one in fallen if one.was_killed]
    wrong = [(one.life.fault, one.life.at, one.verdict.faults) for one in fallen if one.verdict.faults]
    twice, lost = (sum(bool(getattr(one.verdict, kind)) for one in fallen) for kind in ("bought_twice", "lost"))
    print(f"\n{len(killed)} SIGKILLs; double purchases: {twice}, lost takes: {lost}")
    assert wrong == []
    assert len(killed) >= 24, [(one.life.at, one.life.after) for one in fallen if not one.was_killed]
