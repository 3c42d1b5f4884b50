"""An id belongs to one person."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from callsheet.domain.cameo import Cameo
from callsheet.domain.error import WrongUse
from callsheet.domain.identity import CameoId
from callsheet.storage import cameo as people
from callsheet.storage.database import Database


def test_an_id_is_never_given_to_another_person(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'w.db'}", "w", lambda: datetime(2026, 11, 22, tzinfo=UTC))
    mara = Cameo(id=CameoId("mara"), name="Mara Kline")
    database.write_now(lambda tx: people.seed(tx, (mara,)))
    other = mara.model_copy(update={"name": "Mara Stone"})
    with pytest.raises(WrongUse, match=r"Mara Kline .* Mara Stone .* id of their own"):
        database.write_now(lambda tx: people.seed(tx, (other,)))
    assert database.read_now(lambda tx: people.cameos(tx, ("mara",))) == (mara,)
    database.close()
