"""What adapters over HTTP have in common: turns come from the wire, and nothing is deleted unless one knows how."""

from callsheet.tools.video.wire import Wire


class Adapter:
    """The part of the port that a provider without calls to delete needs no words of its own for."""

    _wire: Wire

    async def turn(self) -> None:
        """Take the turn for the next create."""
        await self._wire.turn()

    async def forget_render(self, job: str) -> bool:  # noqa: ARG002 - the port gives it
        """False: nothing here deletes a render."""
        return False

    async def forget_character(self, character: str) -> bool:  # noqa: ARG002 - the port gives it
        """False: nothing here keeps ids of people, or deletes them."""
        return False
