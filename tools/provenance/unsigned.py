"""No content credentials: for an install without the `provenance` extra. The gate and the ledger say so."""

import asyncio
import shutil
from pathlib import Path

from callsheet.domain.credential import Reading, Standing
from callsheet.tools.provenance.port import Provenance


class Unsigned:
    """Copies the file as it is."""

    standing: Standing = "none"

    async def sign(self, source: Path, target: Path, provenance: Provenance) -> None:  # noqa: ARG002 - as the port says
        """Copy."""
        await asyncio.to_thread(shutil.copyfile, source, target)

    async def verify(self, path: Path) -> tuple[Reading, ...]:  # noqa: ARG002 - as the port says
        """Nobody reads."""
        return ()
