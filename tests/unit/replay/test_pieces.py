"""The parts of a recording: its clock, its side files, its signatures, its wall."""

import asyncio
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.identity import RunId
from callsheet.jobs.order import Patience
from callsheet.replay import media
from callsheet.replay.clock import StillClock, begin_to_wait, counted, no_time
from callsheet.replay.error import NotAsRecorded, RecordingUnusable
from callsheet.replay.exchange import LARGE, Exchange, read_exchanges, write_exchanges
from callsheet.replay.graft import put_graft, take_graft
from callsheet.replay.recording import load_recording
from callsheet.replay.standin import plant
from callsheet.replay.wall import no_network
from callsheet.storage.database import Database
from callsheet.storage.ledger import pseudonym
from callsheet.storage.signing import signing_key

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_clock_stands_still_and_never_goes_back() -> None:
    clock = StillClock(NOON)
    assert clock() == clock() == NOON
    assert clock.advance(hours=1, seconds=5) == NOON + timedelta(hours=1, seconds=5)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.move_to(NOON)
    with pytest.raises(ValueError, match="zone"):
        StillClock(datetime(2026, 3, 1))  # noqa: DTZ001 - that is what is refused


async def test_each_job_counts_what_it_waited_for_itself_and_no_time_passes() -> None:
    patience = counted(Patience(), no_time)
    loop = asyncio.get_running_loop()

    async def job(seconds: float) -> float:
        begin_to_wait()
        await patience.sleep(seconds)
        await patience.until_heard("job", seconds)
        return patience.clock()

    began = loop.time()
    assert await asyncio.gather(job(100.0), job(7.0)) == [200.0, 14.0]
    assert loop.time() - began < 5


_TEXT = st.text(st.characters(codec="utf-8"), max_size=60).map(str.encode)
_BODY = st.one_of(st.binary(max_size=60), _TEXT, st.just(b"x" * LARGE))


@given(st.lists(st.tuples(_BODY, _BODY, st.sampled_from([200, 429, 599])), max_size=4))
def test_exchanges_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[tuple[bytes, bytes, int]]
) -> None:
    folder = tmp_path_factory.mktemp("recording")
    exchanges = tuple(
        Exchange(
            "POST", "http://v.invalid/v1/videos", {"idempotency-key": "k"}, asked, code, "", {"a": ["1", "2"]}, said
        )
        for asked, said, code in bodies
    )
    write_exchanges(folder, exchanges)
    assert read_exchanges(folder) == exchanges


def test_a_side_file_that_was_changed_is_not_played(tmp_path: Path) -> None:
    digest = media.keep(tmp_path, b"a clip")
    assert media.fetch(tmp_path, digest) == b"a clip"
    (tmp_path / digest).write_bytes(b"another")
    with pytest.raises(RecordingUnusable, match="was changed"):
        media.fetch(tmp_path, digest)
    with pytest.raises(RecordingUnusable, match="cannot be read"):
        media.fetch(tmp_path, "../" + "0" * 64)


@given(st.binary(max_size=80), st.binary(max_size=40), st.binary(max_size=80), st.booleans())
def test_a_signed_file_is_made_again_from_its_essence(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, middle: bytes, tail: bytes, is_replaced: bool
) -> None:
    place = tmp_path_factory.mktemp("graft")
    source, signed, again = place / "source", place / "signed", place / "again"
    source.write_bytes(head + (b"old" if is_replaced else b"") + tail)
    signed.write_bytes(head + middle + tail)
    graft = take_graft(place / "media", source, signed)
    put_graft(place / "media", source, again, graft)
    assert again.read_bytes() == signed.read_bytes()


def test_a_signature_fits_no_other_essence(tmp_path: Path) -> None:
    source, signed = tmp_path / "source", tmp_path / "signed"
    source.write_bytes(b"ftyp" + b"picture" * 50)
    signed.write_bytes(b"ftyp" + b"[manifest]" + b"picture" * 50)
    graft = take_graft(tmp_path / "media", source, signed)
    assert len(media.fetch(tmp_path / "media", graft["media"])) < 20, "only what was put in is kept"
    source.write_bytes(b"ftyp" + b"picturf" * 50)
    with pytest.raises(NotAsRecorded, match="its essence is another"):
        put_graft(tmp_path / "media", source, tmp_path / "again", graft)
    assert not (tmp_path / "again").exists()


def test_stand_ins_come_from_the_seed_alone(tmp_path: Path) -> None:
    def drawn(place: str, seed: str) -> tuple[str, str]:
        home = tmp_path / place
        database = Database(f"sqlite:///{home / 'workspace.db'}", "default", lambda: NOON)
        plant(database, home, "default", seed)
        found = database.write_now(lambda tx: (pseudonym(tx, "Dana"), signing_key(tx)))
        database.close()
        return found

    one, same, other = drawn("a", "seed-1"), drawn("b", "seed-1"), drawn("c", "seed-2")
    assert one == same
    assert one[0] != other[0] and one[1] != other[1]


@pytest.mark.loopback
def test_no_connection_and_no_name_passes_the_wall() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with no_network() as wall:
            with socket.socket() as tried, pytest.raises(NotAsRecorded, match="no network"):
                tried.connect(listener.getsockname())
            with socket.socket() as tried, pytest.raises(NotAsRecorded, match="no network"):
                tried.connect_ex(listener.getsockname())
            with pytest.raises(NotAsRecorded):
                socket.getaddrinfo("example.com", 443)
            assert len(wall.tried) == 3
            one, other = socket.socketpair()  # how event loops wake themselves
            one.close()
            other.close()
        with socket.socket() as free:
            free.connect(listener.getsockname())


def test_a_folder_that_is_no_recording_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecordingUnusable, match="is no recording"):
        load_recording(tmp_path)
    (tmp_path / "recording.yaml").write_text("callsheet: [")
    with pytest.raises(RecordingUnusable, match="cannot be read"):
        load_recording(tmp_path)
    (tmp_path / "recording.yaml").write_text(f"run: {RunId('x')}\n")
    with pytest.raises(RecordingUnusable, match=r"is no recording\.yaml"):
        load_recording(tmp_path)


@pytest.mark.loopback
def test_no_datagram_and_no_older_look_up_passes_the_wall() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, no_network() as wall:
        tries: list[Callable[[], object]] = [
            lambda: sender.sendto(b"x", ("127.0.0.1", 9)),
            lambda: sender.sendmsg([b"x"], [], 0, ("127.0.0.1", 9)),
            lambda: socket.gethostbyname("localhost"),
            lambda: socket.gethostbyname_ex("localhost"),
            lambda: socket.gethostbyaddr("127.0.0.1"),
        ]
        for once in tries:
            with pytest.raises(NotAsRecorded):
                once()
        assert len(wall.tried) == len(tries)
