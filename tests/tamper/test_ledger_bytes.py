"""A ledger that was written out is changed byte by byte; every change must be noticed."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from figures import Tell
from unit.studio.fixture import RUN, play

from callsheet.domain.export import Line, NoExport, Tally, Trailer, read_line, write_line
from callsheet.domain.identity import RunId
from callsheet.domain.ledger import LedgerBroken
from callsheet.domain.signature import SignedHead
from callsheet.domain.witness import Proof
from callsheet.storage.database import Database
from callsheet.storage.export import export, prove_export, sign_heads

PLACES = 2_000
"""How many bytes of the export are changed; they lie evenly over it, and each is changed in three ways."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A whole run of two rounds: four chains, four gates, three takes, two publications."""
    found = play(tmp_path_factory.mktemp("tampered")).database
    found.write_now(sign_heads)
    return found


@pytest.fixture(scope="module")
def exported(database: Database) -> bytes:
    return written(database)


def written(database: Database, run: RunId | None = None) -> bytes:
    return b"".join(database.read_now(lambda tx: list(export(tx, run))))


def proof_of(text: bytes, pinned: str = "", *expected: str) -> Proof:
    return prove_export(io.BytesIO(text), pinned, expected)


def is_noticed(text: bytes) -> bool:
    try:
        proof_of(text)
    except LedgerBroken:
        return True
    except NoExport:
        return not text  # one changed byte makes nothing else of it
    return False


def changed(text: bytes, place: int) -> Iterator[tuple[str, bytes]]:
    """The text with one byte flipped, gone, or one more than before."""
    flipped = text[place] ^ (1 << place % 8)
    yield "flipped", text[:place] + bytes([flipped]) + text[place + 1 :]
    yield "deleted", text[:place] + text[place + 1 :]
    yield "inserted", text[:place] + bytes([32 + place % 95]) + text[place:]


def evenly(text: bytes, count: int) -> list[int]:
    return sorted({number * len(text) // count for number in range(count)} | {len(text) - 1})


@pytest.mark.timeout(300)
def test_every_changed_byte_of_an_export_is_noticed(exported: bytes, tell: Tell) -> None:
    proof_of(exported)
    tried: dict[str, int] = {}
    missed = []
    for place in evenly(exported, PLACES):
        for way, other in changed(exported, place):
            tried[way] = tried.get(way, 0) + 1
            if not is_noticed(other):
                missed.append((way, place, exported[max(0, place - 20) : place + 20]))
    total = sum(tried.values())
    ways = ", ".join(f"{count} {way}" for way, count in tried.items())
    tell(f"ledger export of {len(exported)} bytes: changed bytes tried {total} ({ways}), noticed {total - len(missed)}")
    assert missed == []


def test_every_line_that_is_dropped_doubled_or_moved_is_noticed(exported: bytes, tell: Tell) -> None:
    lines = exported.splitlines(keepends=True)
    others = []
    for number, line in enumerate(lines):
        rest = lines[:number] + lines[number + 1 :]
        others += [rest, lines[: number + 1] + lines[number:]]
        others += [
            [*rest[:place], line, *rest[place:]] for place in (number - 1, number + 1) if 0 <= place <= len(rest)
        ]
    missed = [other for other in others if other != lines and not is_noticed(b"".join(other))]
    tell(f"ledger export of {len(lines)} lines: dropped, doubled or moved {len(others)}, missed {len(missed)}")
    assert missed == []


def test_an_export_that_was_cut_off_anywhere_is_noticed(exported: bytes) -> None:
    lines = exported.splitlines(keepends=True)
    assert [count for count in range(len(lines)) if not is_noticed(b"".join(lines[:count]))] == []
    assert is_noticed(exported[:-1])


def test_an_export_with_something_after_it_is_noticed(exported: bytes) -> None:
    for more in (b"\n", b" ", b"{}\n", exported, exported.splitlines(keepends=True)[1]):
        assert is_noticed(exported + more)


def test_one_run_proves_itself_without_the_others(database: Database) -> None:
    alone = written(database, RUN)
    (found,) = proof_of(alone).runs
    assert found.run == RUN
    assert b'"workspace","index"' not in alone
    assert [place for place in evenly(alone, 60) for _, other in changed(alone, place) if not is_noticed(other)] == []


def test_lines_of_two_exports_do_not_mix(database: Database, exported: bytes) -> None:
    """The whole and a part of it are each signed; a head of one under the trailer of the other is not."""
    whole, alone = exported.splitlines(keepends=True), written(database, RUN).splitlines(keepends=True)
    assert is_noticed(b"".join([*whole[:-1], alone[-1]]))
    assert is_noticed(b"".join([alone[0], *whole[1:]]))


def counted_anew(lines: list[Line], trailer: Trailer) -> bytes:
    """An export of these lines under a trailer that fits them in all but its signature."""
    tally = Tally()
    text = b"".join(tally.add(write_line(one)) for one in lines)
    return text + write_line(trailer.model_copy(update={"lines": tally.lines, "sha256": tally.sha256}))


def test_whoever_mends_every_hash_still_has_no_signature(exported: bytes) -> None:
    *lines, trailer = [read_line(one) for one in exported.splitlines(keepends=True)]
    assert isinstance(trailer, Trailer)
    assert counted_anew(lines, trailer) == exported
    header = lines[0].model_copy(update={"workspace": "0" * 24})
    with pytest.raises(LedgerBroken, match="the trailer's signature is not by the key"):
        proof_of(counted_anew([header, *lines[1:]], trailer))
    for place, one in enumerate(lines):
        if isinstance(one, SignedHead):
            later = one.model_copy(update={"at": one.at + timedelta(seconds=1)})
            with pytest.raises(LedgerBroken, match="its signature is not by the key"):
                proof_of(counted_anew([*lines[:place], later, *lines[place + 1 :]], trailer))
