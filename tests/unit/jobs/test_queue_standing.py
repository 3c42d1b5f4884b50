"""However long a list of jobs is, the engine is asked in pieces, and never again about what ended well."""

from types import SimpleNamespace
from typing import Any

from callsheet.domain.identity import JobId
from callsheet.jobs.port import CANCELLED, Done, Undone
from callsheet.jobs.standing import Standing

JOBS = [JobId(f"r.{number}") for number in range(1_234)]


class Engine:
    """Knows workflows by name, and how it was asked."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, Any]] = {}
        self.asked: list[int] = []

    def list_workflows(self, *, workflow_ids: list[str], status: list[str] | None, load_input: bool) -> list[Any]:
        assert not load_input
        self.asked.append(len(workflow_ids))
        return [
            SimpleNamespace(workflow_id=name, status=found[0], output=found[1], error=None)
            for name in workflow_ids
            if (found := self.known.get(name)) and (status is None or found[0] in status)
        ]


def standing() -> tuple[Engine, Standing]:
    engine: Any = Engine()
    return engine, Standing(engine)


async def test_a_long_list_is_asked_for_in_pieces() -> None:
    engine, found = standing()
    engine.known = dict.fromkeys(JOBS, ("PENDING", None))
    latest = await found.latest(JOBS)
    assert {one.seen.status for one in latest.values() if one.seen} == {"PENDING"}
    assert engine.asked == [500, 500, 234]


async def test_the_newest_try_is_what_counts() -> None:
    engine, found = standing()
    engine.known = {
        "r.0": ("CANCELLED", None),
        "r.0~1": ("SUCCESS", {"undone": "no credit", "needs_person": True}),
        "r.0~2": ("SUCCESS", {"done": {"take": 1}}),
        "r.1": ("ERROR", None),
        "r.2": ("CANCELLED", None),
        "r.3": ("SUCCESS", {"undone": "busy", "needs_person": False}),
    }
    latest = await found.latest(JOBS[:5])
    assert [latest[job].next_attempt for job in JOBS[:5]] == [None, 1, 1, 1, 0]
    ends = [one.seen.outcome for job in JOBS[:4] if (one := latest[job]).seen]
    assert ends == [
        Done(result={"take": 1}),
        Undone(reason="the job ended as error"),
        CANCELLED,
        Undone(reason="busy", needs_person=False),
    ]


async def test_a_count_never_asks_again_about_what_ended_well() -> None:
    engine, found = standing()
    engine.known = {name: ("SUCCESS", {"done": {}}) for name in JOBS[:600]} | {"r.600": ("CANCELLED", None)}
    assert await found.count_ended(JOBS) == 601
    engine.asked.clear()
    assert await found.count_ended(JOBS) == 601
    assert engine.asked == [500, 134, 1]
