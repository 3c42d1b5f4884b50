"""Exactly the approved bytes go out, once, into the channel's own folder and nowhere else."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from callsheet.domain.identity import Digest, PlacementId
from callsheet.tools.publish.folder import FolderPublisher
from callsheet.tools.publish.port import NameUnusable, NotTheApprovedFile, Parcel

BYTES = b"the approved cut"
APPROVED = Digest(hashlib.sha256(BYTES).hexdigest())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "cut.mp4"
    made.write_bytes(BYTES)
    return made


@pytest.fixture
def channel(tmp_path: Path) -> Path:
    return tmp_path / "out" / "published"


def parcel(file: Path, name: str = "spring_everyone_vertical_en-US", placement: str = "vertical") -> Parcel:
    return Parcel(name=name, placement=PlacementId(placement), file=file, approved=APPROVED)


def change(file: Path, data: bytes) -> None:
    file.write_bytes(data)


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_the_approved_bytes_go_out_under_a_name_that_says_what_they_are(file: Path, channel: Path) -> None:
    sent = await FolderPublisher(channel).publish(parcel(file))
    assert files_in(channel) == [f"vertical/spring_everyone_vertical_en-US.{sent}.mp4"]
    assert (channel / "vertical" / f"spring_everyone_vertical_en-US.{sent}.mp4").read_bytes() == BYTES


async def test_sending_the_same_file_again_is_the_same_publication(file: Path, channel: Path) -> None:
    publisher = FolderPublisher(channel)
    sent = {await publisher.publish(parcel(file)) for _ in range(3)}
    assert await publisher.listed() == tuple(sent)
    assert len(files_in(channel)) == 1


async def test_another_place_or_name_is_another_publication(file: Path, channel: Path) -> None:
    publisher = FolderPublisher(channel)
    sent = [
        await publisher.publish(parcel(file)),
        await publisher.publish(parcel(file, placement="square")),
        await publisher.publish(parcel(file, name="spring_runners_vertical_en-US")),
    ]
    assert set(await publisher.listed()) == set(sent)
    assert len(set(sent)) == 3


async def test_one_changed_byte_is_not_what_was_approved(file: Path, channel: Path) -> None:
    change(file, BYTES[:-1] + b"?")
    with pytest.raises(NotTheApprovedFile, match="open the release gate again"):
        await FolderPublisher(channel).publish(parcel(file))
    assert files_in(channel) == []
    assert await FolderPublisher(channel).listed() == ()


async def test_what_is_out_stays_out_when_a_changed_file_follows_it(file: Path, channel: Path) -> None:
    publisher = FolderPublisher(channel)
    sent = await publisher.publish(parcel(file))
    change(file, b"something else")
    with pytest.raises(NotTheApprovedFile):
        await publisher.publish(parcel(file))
    assert await publisher.listed() == (sent,)


async def test_a_publication_is_taken_down_once_and_the_others_stay(file: Path, channel: Path) -> None:
    publisher = FolderPublisher(channel)
    first, second = await publisher.publish(parcel(file)), await publisher.publish(parcel(file, placement="square"))
    assert await publisher.take_down(first) is True
    assert await publisher.take_down(first) is False
    assert await publisher.listed() == (second,)


@pytest.mark.parametrize("name", ["*", "../*", "pub-*", "", "pub-0"])
async def test_a_name_that_is_no_publication_takes_nothing_down(name: str, file: Path, channel: Path) -> None:
    publisher = FolderPublisher(channel)
    await publisher.publish(parcel(file))
    assert await publisher.take_down(name) is False  # type: ignore[arg-type]  # plain text for an id
    assert len(await publisher.listed()) == 1


HOSTILE = [
    "../evil",
    "../../evil",
    "/etc/evil",
    "a/b",
    "..",
    ".",
    "",
    ".hidden",
    "a\x00b",
    "a\nb",
    "a\\b",
    "~/../x/",
    "a/",
]


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
async def test_a_name_that_is_a_path_leads_nowhere(name: str, file: Path, channel: Path, tmp_path: Path) -> None:
    publisher = FolderPublisher(channel)
    for hostile in (parcel(file, name=name), parcel(file, placement=name)):
        with pytest.raises(NameUnusable, match="cannot be the name of a published file"):
            await publisher.publish(hostile)
    assert files_in(tmp_path) == ["cut.mp4"]


async def test_names_in_any_script_are_names(file: Path, channel: Path) -> None:
    await FolderPublisher(channel).publish(parcel(file, name="früh jahr_走る_v1.2"))
    assert files_in(channel)[0].startswith("vertical/früh jahr_走る_v1.2.pub-")


async def test_what_must_be_declared_lies_beside_the_file_until_it_is_withdrawn(file: Path, channel: Path) -> None:
    said = replace(parcel(file), flags={"tube": {"isMade": True}}, disclosures={"markets": ["DE"], "rules": []})
    sent = await FolderPublisher(channel).publish(said)
    stem = f"vertical/spring_everyone_vertical_en-US.{sent}"
    assert files_in(channel) == [f"{stem}.mp4", f"{stem}.publish.json"]
    sheet = json.loads((channel / f"{stem}.publish.json").read_text())
    assert sheet["sha256"] == APPROVED
    assert sheet["flags"] == {"tube": {"isMade": True}}
    assert sheet["disclosures"]["markets"] == ["DE"]
    assert await FolderPublisher(channel).listed() == (sent,)
    await FolderPublisher(channel).take_down(sent)
    assert files_in(channel) == []


async def test_a_file_that_was_not_approved_leaves_no_sheet_either(file: Path, channel: Path) -> None:
    change(file, b"something else")
    with pytest.raises(NotTheApprovedFile):
        await FolderPublisher(channel).publish(replace(parcel(file), flags={"tube": {"isMade": True}}))
    assert files_in(channel) == []
