"""Telemetry: where readings of published cuts come from."""

from collections.abc import Sequence
from typing import Protocol

from callsheet.domain.cut import Cut
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.telemetry import Reading


class Telemetry(Protocol):
    """Reads what an audience did with these cuts."""

    async def read(self, storyboard: Storyboard, cuts: Sequence[Cut]) -> tuple[Reading, ...]:
        """The readings there are; none yet is an empty tuple. Raises TelemetryInvalid."""
        ...


class NoTelemetry:
    """Nobody has looked yet."""

    async def read(self, storyboard: Storyboard, cuts: Sequence[Cut]) -> tuple[Reading, ...]:  # noqa: ARG002 - as the port says
        """No readings."""
        return ()
