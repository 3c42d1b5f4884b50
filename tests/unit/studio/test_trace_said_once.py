"""A trace says a thing once: a reason that many checks share, and how a file is signed."""

from datetime import UTC, datetime
from typing import Any

from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import Entry
from callsheet.studio.lineage import production_graph

SHARED = "drawn on this machine by the sandbox"
BLANK = Digest("0" * 64)
AT = datetime(2026, 11, 22, tzinfo=UTC)


def entry(kind: str, **body: Any) -> Entry:
    return Entry(
        run=RunId("r"), chain="run", index=0, kind=kind, version=2, at=AT, body=body, previous=BLANK,
        hash=BLANK,
    )  # fmt: skip


def details(of: Entry, kind: str) -> list[str]:
    graph = production_graph([of])
    return next(data["details"] for _, data in graph.nodes(data=True) if data["kind"] == kind)


def test_checks_that_were_not_made_for_one_reason_share_a_line() -> None:
    unmade = [f"faces: {SHARED}", f"cast: {SHARED}", "speech: no language given", "anything"]
    price = {"amount": "0.40", "currency": "USD"}
    take = {"take": "t1", "purchase": "k", "shot": "s", "media": BLANK, "cameo": None, "release": None, "seconds": 4}
    stored = entry(
        "TakeStored", **take, money=price, scanned=["integrity"], not_scanned=unmade, watermark=""
    )  # fmt: skip
    found = details(stored, "take")
    assert [one for one in found if one.startswith("not scanned")] == [
        f"not scanned: faces, cast ({SHARED})",
        "not scanned: speech (no language given)",
        "not scanned: anything",
    ]
    assert "scanned: integrity" in found


def finished(*watermark: str) -> list[str]:
    names = {"name": "a", "deliverable": BLANK, "cut": BLANK, "file": BLANK, "essence": BLANK}
    return details(
        entry("DeliverableFinished", **names, credentials="trusted", watermark=list(watermark)), "deliverable"
    )


def test_how_a_file_is_signed_is_said_once_and_by_whom() -> None:
    by = "content credentials: trusted, Longrun Media, certificate abc"
    assert finished("on screen: AI", by, by) == ["a.mp4", "on screen: AI", by]
    assert finished("on screen: AI") == ["a.mp4", "content credentials: trusted", "on screen: AI"]
