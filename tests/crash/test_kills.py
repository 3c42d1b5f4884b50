"""SIGKILL anywhere in a shoot with the real engine: nothing is bought twice, and nothing that was paid for is lost."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from crash.kills import battlefield, fall_all
from crash.shoot import WANTED, prepare
from crash.zygote import Life
from figures import Tell

KILLS = 24
"""By the process's own hand, spread over every moment of a shoot."""
OUTSIDE = (0.4, 0.9, 1.4, 1.9)
"""Seconds after which others are killed from outside: some die before the first request, some after the last."""
BAD_DAYS = ("", "500_after", "moderation_flaky", "poll_5xx:2", "content_504:1")


@pytest.mark.loopback
@pytest.mark.timeout(600)  # some fifty processes, each with an engine of its own
def test_a_shoot_that_is_killed_anywhere_buys_every_take_once(tmp_path: Path, tell: Tell) -> None:
    with battlefield(prepare(tmp_path), tmp_path / "field") as field:
        (undisturbed,) = fall_all(field, [Life("", "", "undisturbed")])
        assert undisturbed.verdict.faults == ()
        moments = sure_moments(undisturbed.moments)
        assert moments > 20 * WANTED
        lives = [
            Life("", "", f"k{number}", BAD_DAYS[number % len(BAD_DAYS)], at=number * moments // KILLS)
            for number in range(KILLS)
        ]
        lives += [Life("", "", f"o{number}", after=after) for number, after in enumerate(OUTSIDE)]
        fallen = fall_all(field, lives)
    killed = [one for one in fallen if one.was_killed]
    wrong = [(one.life.fault, one.life.at, one.verdict.faults) for one in fallen if one.verdict.faults]
    twice, lost = (sum(bool(getattr(one.verdict, kind)) for one in fallen) for kind in ("bought_twice", "lost"))
    tell(f"{len(killed)} SIGKILLs; double purchases: {twice}, lost takes: {lost}")
    assert wrong == []
    assert len(killed) >= KILLS, [one.life for one in fallen if not one.was_killed]


def sure_moments(moments: Sequence[str]) -> int:
    """How many moments every such shoot has: of the looks at a render, only one is sure to be needed."""
    return sum(not one.endswith(" look") for one in moments) + 2 * WANTED
