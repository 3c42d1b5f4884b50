"""A film that nobody wrote down as out may be out all the same: every page and list says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from unit.studio import lamp
from unit.studio.fixture import RUN, Played, play

from callsheet.domain.identity import CameoId
from callsheet.storage import cameo as people
from callsheet.storage import publication
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.publication import Publication
from callsheet.storage.table import DOCUMENTS
from callsheet.studio.finished import find_file
from callsheet.studio.permission import objections
from callsheet.studio.production import trace_in
from callsheet.studio.report import write_report


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    found = play(tmp_path)
    yield found
    found.database.close()


def cut_off(tx: Transaction) -> Publication:
    """The last publication goes out once more elsewhere, and the process that sends it dies."""
    last = publication.of_run(tx, RUN)[-1]
    publication.begin(tx, last.model_copy(update={"adapter": "billboard"}))
    (sending,) = publication.perhaps_out(tx, {last.file})
    return sending


async def test_what_was_being_sent_is_called_perhaps_out(played: Played) -> None:
    sending = await played.database.write(cut_off)
    (known,) = await played.database.read(lambda tx: find_file(tx, sending.file))
    assert f"{sending.id} (perhaps out)" in known.published
    traced = await trace_in(played.database, sending.file, RUN)
    assert f"perhaps out in {sending.placement} by billboard" in traced.thing.details
    page = (await write_report(played.database, played.media, RUN, played.out)).read_text(encoding="utf-8")
    assert '<span class="badge bad">perhaps out</span>' in page


async def test_what_arrived_or_never_left_is_not(played: Played) -> None:
    sending = await played.database.write(cut_off)
    assert await played.database.read(lambda tx: publication.is_sending(tx, sending))
    await played.database.write(lambda tx: publication.drop(tx, sending))
    assert await played.database.read(publication.perhaps_out) == ()


async def test_a_campaign_nobody_can_read_permits_no_film_and_breaks_no_page(played: Played) -> None:
    await played.database.write(lambda tx: people.revoke(tx, CameoId("ines"), lamp.RELEASE, "her word"))
    bundle = (await played.database.read(lambda tx: runs.find(tx, RUN))).bundle
    spoilt = update(DOCUMENTS).where(DOCUMENTS.c.digest == bundle).values(body='{"half": ')
    await played.database.write(lambda tx: tx.execute(spoilt))
    assert await played.database.read(lambda tx: objections(tx, RUN))
