"""How long to wait before the next look at a render, so that few looks are spent and its end is seen soon."""

_AHEAD = 0.8
"""Of the time a render seems to have left, the part that is waited out before looking again: it may speed up."""
_LATE = 0.05
"""Of the time already waited, the part that is always let pass: a look at 99 % that stays so must not come thicker."""
_GROWTH = 0.12
"""The same where a provider says nothing about progress."""


def next_look(waited: float, progress: int, hint: float | None, shortest: float, longest: float) -> float:
    """Seconds until the next look. `progress` in percent, 0 for unknown; `hint` is the least the provider asks for.

    A render at half of its way after 30 s is left alone for 24; its end is then seen within about a twentieth.
    """
    if 0 < progress < 100:
        own = max(_AHEAD * waited * (100 - progress) / progress, _LATE * waited)
    else:
        own = _GROWTH * waited
    return max(min(max(own, shortest), longest), min(hint or 0.0, longest))
