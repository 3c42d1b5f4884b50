"""The media store keeps bytes by their hash: whole, once, read-only, whoever stores them and whenever it dies."""

import hashlib
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.identity import Digest
from callsheet.storage.media import FolderStore, MediaStore, file_digest, open_store

BYTES = b"a take of a shoe on wet asphalt"
NAME = Digest(hashlib.sha256(BYTES).hexdigest())


@pytest.fixture(params=["folder", "file url"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    """Every kind of store there is, as a setting would open it."""
    root = tmp_path / "media"
    return open_store("" if request.param == "folder" else f"file://{root}", root)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "take.mp4"
    made.write_bytes(BYTES)
    return made


def files_in(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


def test_bytes_are_named_by_their_hash_however_they_come_in(store: MediaStore, file: Path, tmp_path: Path) -> None:
    assert store.keep(file) == store.keep_bytes(BYTES) == file_digest(file) == NAME
    assert store.path(NAME).read_bytes() == BYTES
    assert len(files_in(tmp_path)) == 1


def test_keeping_the_same_bytes_again_leaves_the_file_alone(store: MediaStore, file: Path) -> None:
    store.keep(file)
    before = store.path(NAME).stat()
    for _ in range(3):
        store.keep(file)
        store.keep_bytes(BYTES)
    after = store.path(NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_is_kept_is_a_copy_nobody_may_write_to(store: MediaStore, file: Path) -> None:
    store.keep(file)
    file.write_bytes(b"something else")
    kept = store.path(NAME)
    assert kept.read_bytes() == BYTES
    assert stat.S_IMODE(kept.stat().st_mode) == 0o444


def test_what_is_not_there_is_named(store: MediaStore) -> None:
    with pytest.raises(NotFound, match=f"the media store has no {NAME[:12]}"):
        store.path(NAME)


def test_a_process_that_dies_while_copying_leaves_no_file_under_a_hash(
    store: MediaStore, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        """The process is gone."""

    def half(_source: object, target: str) -> None:
        Path(target).write_bytes(BYTES[:5])
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(shutil, "copyfile", half)
        store.keep(file)
    with pytest.raises(NotFound):
        store.path(NAME)
    assert store.keep(file) == NAME
    assert store.path(NAME).read_bytes() == BYTES


def test_a_file_that_changes_while_it_is_copied_is_not_kept_under_a_wrong_name(
    store: MediaStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copyfile

    def late(source: Path, target: str) -> None:
        file.write_bytes(b"written over in the meantime")
        copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", late)
    digest = store.keep(file)
    assert hashlib.sha256(store.path(digest).read_bytes()).hexdigest() == digest


def test_many_who_keep_the_same_bytes_at_once_all_succeed(store: MediaStore, file: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as people:
        assert set(people.map(lambda _: store.keep(file), range(32))) == {NAME}
    assert store.path(NAME).read_bytes() == BYTES
    assert [path.name for path in files_in(tmp_path)] == [NAME]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_any_bytes_come_back_as_they_were(data: bytes, store: MediaStore) -> None:
    assert store.path(store.keep_bytes(data)).read_bytes() == data


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "", "/etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "/..", "a" * 64 + "\n"]
)
def test_a_name_that_is_no_hash_leads_to_no_file(name: str, store: MediaStore, tmp_path: Path) -> None:
    store.keep_bytes(BYTES)
    (tmp_path / "passwd").write_text("secret")
    with pytest.raises(NotFound):
        store.path(Digest(name))


def test_a_store_of_an_unknown_kind_is_refused_before_anything_is_kept(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"CALLSHEET_MEDIA_URL is ftp:"):
        open_store("ftp://user:secret@host/media", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_store_opens_where_it_is_told(tmp_path: Path) -> None:
    digest = FolderStore(tmp_path / "one").keep_bytes(BYTES)
    assert open_store("", tmp_path / "one").path(digest).exists()
    with pytest.raises(NotFound):
        open_store("", tmp_path / "two").path(digest)


def test_what_is_forgotten_is_gone_and_may_come_back(store: MediaStore, file: Path, tmp_path: Path) -> None:
    other = store.keep_bytes(b"another take")
    store.keep(file)
    assert store.forget(NAME) is True
    assert store.forget(NAME) is False
    with pytest.raises(NotFound):
        store.path(NAME)
    assert [path.name for path in files_in(tmp_path)] == [other]
    assert store.keep(file) == NAME


def test_only_a_hash_can_be_forgotten(store: MediaStore, tmp_path: Path) -> None:
    (tmp_path / "keep.txt").write_text("mine")
    (tmp_path / "media").mkdir(exist_ok=True)
    assert store.forget(Digest("../keep.txt")) is False
    assert (tmp_path / "keep.txt").exists()
