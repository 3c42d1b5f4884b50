"""A clock that moves only when told, so that a test can let an hour pass at once."""


class VirtualClock:
    """Seconds since 1970 that stand still until `advance` is called."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        self._now = start

    def __call__(self) -> float:
        return self._now

    def advance(self, seconds: float) -> float:
        """Let time pass, and say what time it is then. Time never goes back."""
        if seconds < 0:
            raise ValueError("a clock can only be advanced")
        self._now += seconds
        return self._now
