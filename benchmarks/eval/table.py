"""The one table of an eval: the same rows for every crew."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Line = Mapping[str, Any]


def summary(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """The rows of one crew, from the lines of its rehearsals. What a plan is like is said of its own plans alone: one
    that the house made in its place would flatter it.
    """
    outcomes = Counter(one["outcome"] for one in lines)
    cleared = outcomes["first_try"] + outcomes["repaired"]
    own = [one for one in lines if one["outcome"] != "house" and not one.get("failed")]
    several = [one["apart"] for one in own if one["apart"] is not None]
    met, demanded = _sum(own, "met"), _sum(own, "demanded")
    count = len(lines)
    return [
        ("briefs", str(count)),
        ("valid at first try", _of(outcomes["first_try"], count)),
        ("valid after repair", _of(outcomes["repaired"], count)),
        ("cleared without the house", _of(cleared, count)),
        ("fallbacks to house", _of(outcomes["house"], count)),
        ("cleared by nobody", _of(outcomes["stopped"], count)),
        ("tasks, and attempts at them", f"{_sum(lines, 'tasks')}, {_sum(lines, 'attempts')}"),
        ("violations caught before the gate", rules(one["caught_before"] for one in lines)),
        ("words struck or replaced by rule", str(_sum(lines, "struck"))),
        ("violations caught at the gate", rules(one["caught_at_gate"] for one in lines)),
        ("returns of a plan from the gate", str(_sum(lines, "returns"))),
        ("seconds bought, of them wasted", f"{_sum(own, 'bought')}, {sum(one['wasted'] for one in own):g}"),
        ("distinctness of variants", f"{sum(several) / len(several):.2f}" if several else "no plan has two"),
        ("coverage of mandatories", f"{met} of {demanded}"),
        ("captions a plan", f"{_sum(own, 'captions') / len(own):.1f}" if own else "none"),
        ("tokens read, written", f"{_sum(lines, 'tokens_in'):,}, {_sum(lines, 'tokens_out'):,}"),
        ("seconds a brief", f"{sum(one['seconds'] for one in lines) / count:.1f}" if count else "none"),
    ]


def page(crews: Mapping[str, Sequence[Line]]) -> str:
    """A Markdown table with a column for each crew."""
    columns = {name: dict(summary(lines)) for name, lines in crews.items()}
    names = [name for name, _ in summary(())]
    head = ["| | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    return "\n".join([*head, *(f"| {name} | {' | '.join(one[name] for one in columns.values())} |" for name in names)])


def by_brief(lines: Sequence[Line]) -> str:
    """A line for each brief: what became of it and what it took."""
    rows = [
        f"{one['brief']:16} {one['outcome']:10} {one['attempts']:3} attempts at {one['tasks']:2} tasks, "
        f"{one['struck']} struck, {one['returns']} returns, {one['met']}/{one['demanded']} covered, "
        f"{one['seconds']:.0f} s"
        for one in lines
    ]
    return "\n".join(rows)


def rules(counted: Iterable[Mapping[str, int]]) -> str:
    """Findings by rule, the most frequent first."""
    total: Counter[str] = Counter()
    for one in counted:
        total.update(one)
    listed = sorted(total.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{rule} {number}" for rule, number in listed) or "none"


def _sum(lines: Sequence[Line], key: str) -> int:
    return sum(one[key] for one in lines)


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}"
