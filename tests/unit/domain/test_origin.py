"""What a film's manifest says of its making: every take, every edit, IPTC's word for the whole, and nobody's name."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from callsheet.domain.credential import Reading, objections
from callsheet.domain.cut import Clip, Cut, EndCard, Media, Super, Transition
from callsheet.domain.identity import (
    CameoId,
    ClaimId,
    Digest,
    PlacementId,
    PurchaseKey,
    ReleaseId,
    ShotId,
    TakeId,
    VariantId,
)
from callsheet.domain.jurisdiction import Facts
from callsheet.domain.labelling import Labelling, upload_sheet
from callsheet.domain.money import Money
from callsheet.domain.origin import Origin, declared_source_type, origin_of
from callsheet.domain.take import Take

BOARD, SHEET = Digest("5" * 64), Digest("6" * 64)
PICTURE = Media(digest=Digest("9" * 64), media_type="image/png", width=400, height=400)


def media(number: int) -> Media:
    return Media(digest=Digest(str(number) * 64), media_type="video/mp4", width=720, height=1280, frames=120, rate=30)


def clip(number: int, frames: int = 120, source_in: int = 0, transition: Transition | None = None) -> Clip:
    return Clip(
        shot=ShotId(f"s{number}"), take=TakeId(f"s{number}.take1"), media=media(number), source_in=source_in,
        frames=frames, transition=transition or Transition(),
    )  # fmt: skip


def take(number: int, previz: bool = False) -> Take:
    return Take(
        id=TakeId(f"s{number}.take1"), shot=ShotId(f"s{number}"), number=1, purchase=PurchaseKey("f" * 64),
        provider="acme", model="acme-2", job="video_1", prompt=Digest("c" * 64), media=media(number), seconds=4,
        price=PRICE, previz=previz, cameo=CameoId("ines"),
        release=ReleaseId("r1"), stored_at=datetime(2026, 11, 22, tzinfo=UTC),
    )  # fmt: skip


PRICE = Money.model_validate({"amount": "1", "currency": "USD"})


def cut(*clips: Clip, picture: Media | None = None, supers: tuple[Super, ...] = (), width: int = 720) -> Cut:
    return Cut(
        campaign="spring", variant=VariantId("everyone"), placement=PlacementId("vertical"), locale="en-US", rate=30,
        width=width, height=1280, loudness=-14, palette=("#000000",), clips=clips, supers=supers,
        end_card=EndCard(frames=60, picture=picture, headline="LUMA", call_to_action="See it"),
    )  # fmt: skip


def told(one: Cut, *takes: Take, releases: tuple[str, ...] = ()) -> Origin:
    return origin_of(one, {take.id: take for take in takes}, releases, BOARD, SHEET)


@pytest.mark.parametrize(
    ("previz", "picture", "kind"),
    [
        ((False,), None, "compositeWithTrainedAlgorithmicMedia"),
        ((True, False), None, "compositeWithTrainedAlgorithmicMedia"),
        ((False,), PICTURE, "compositeWithTrainedAlgorithmicMedia"),
        ((True, True), None, "algorithmicMedia"),
        ((True,), PICTURE, "composite"),
    ],
)
def test_the_whole_is_named_in_iptcs_words(previz: tuple[bool, ...], picture: Media | None, kind: str) -> None:
    clips = [clip(number) for number, _ in enumerate(previz, start=1)]
    takes = [take(number, drawn) for number, drawn in enumerate(previz, start=1)]
    assert told(cut(*clips, picture=picture), *takes).source_type == kind


@pytest.mark.parametrize("previz", [False, True])
@pytest.mark.parametrize("picture", [None, PICTURE])
def test_the_upload_sheet_and_the_manifest_say_the_same_of_how_it_was_made(previz: bool, picture: Media | None) -> None:
    facts = Facts(is_previz=previz, has_performer=True)
    labelling = Labelling(pack=1, checked=date(2026, 11, 22), facts=facts, markets=("US",))
    one = cut(clip(1), clip(2), picture=picture).model_copy(update={"previz": previz, "labelling": labelling})
    origin = told(one, take(1, previz), take(2, previz))
    sheet = upload_sheet(labelling, declared_source_type(one))
    assert sheet["digitalSourceType"] == f"http://cv.iptc.org/newscodes/digitalsourcetype/{origin.source_type}"
    assert {key: sheet[key] for key in origin.disclosures} == origin.disclosures
    assert origin.disclosures["previz"] is previz
    assert ("TrainedAlgorithmicMedia" in sheet["digitalSourceType"]) is not previz


def test_a_take_that_nobody_knows_is_never_called_drawn() -> None:
    assert told(cut(clip(1), clip(2)), take(1, previz=True)).source_type == "composite"


def test_every_take_is_named_once_with_what_it_was_bought_as() -> None:
    found = told(cut(clip(1, frames=30), clip(2), clip(1, frames=40, source_in=60)), take(1), take(2, previz=True))
    assert [(one.id, one.digest) for one in found.sources] == [("s1.take1", "1" * 64), ("s2.take1", "2" * 64)]
    first, second = found.sources
    assert (first.provider, first.model, first.purchase) == ("acme", "acme-2", "f" * 64)
    assert (first.source_type, second.source_type) == ("trainedAlgorithmicMedia", "algorithmicMedia")


def test_every_edit_is_an_action_in_the_order_of_the_cut() -> None:
    supers = (
        Super(kind="caption", text="hello", start=0, frames=30),
        Super(kind="caption", text="again", start=30, frames=30),
        Super(kind="callout", text="Steel", start=0, frames=30, claim=ClaimId("c2")),
        Super(kind="label", text="AI-generated", start=0, frames=30),
    )
    one = cut(
        clip(1, frames=90, source_in=10), clip(2, transition=Transition(kind="dissolve", frames=8)),
        picture=PICTURE, supers=supers, width=1080,
    )  # fmt: skip
    found = told(one, take(1), take(2))
    assert [(edit.action, edit.description) for edit in found.edits] == [
        ("c2pa.placed", "s1, 90 frames"),
        ("c2pa.trimmed", "s1: frames 10 to 100 at 30 a second kept"),
        ("c2pa.resized", "s1: 720x1280 to 1080x1280"),
        ("c2pa.placed", "s2, 120 frames"),
        ("c2pa.resized", "s2: 720x1280 to 1080x1280"),
        ("c2pa.edited", "dissolve of 8 frames into s2"),
        ("c2pa.placed", "picture on the end card"),
        ("c2pa.addedText", "2 × caption"),
        ("c2pa.addedText", "1 × callout"),
        ("c2pa.addedText", "1 × label: AI-generated"),
        ("c2pa.addedText", "end card, 60 frames"),
        ("c2pa.edited", "sound mixed to -14 LUFS"),
    ]
    assert found.claims == ("c2",)
    placed = {edit.source for edit in found.edits if edit.action == "c2pa.placed"}
    assert placed == {source.id for source in found.sources}


def test_neither_the_person_nor_the_words_of_a_caption_are_in_it() -> None:
    spoken = Super(kind="caption", text="Ines says hello", start=0, frames=30)
    assert "ines" not in told(cut(clip(1), supers=(spoken,)), take(1)).model_dump_json().casefold()


def reading(state: str = "trusted", reader: str = "one", serial: str = "7", **said: Any) -> Reading:
    return Reading.model_validate({"reader": reader, "version": "1", "state": state, "serial": serial, **said})


@pytest.mark.parametrize(
    ("readings", "against"),
    [
        ((), ("no reader could read it",)),
        ((reading("unread"),), ("no reader could read it",)),
        ((reading(), reading("unread", "two")), ()),
        ((reading(), reading("trusted", "two")), ()),
        ((reading(), reading("untrusted", "two")), ("two calls it untrusted",)),
        ((reading(), reading("absent", "two")), ("two calls it absent",)),
        ((reading(serial="8"),), ("one found another signer's certificate (serial 8)",)),
        ((reading(failures=("take: hash.mismatch",)),), ("one: take: hash.mismatch",)),
    ],
)
def test_every_reader_must_trust_the_signer_and_find_nothing_broken(
    readings: tuple[Reading, ...], against: tuple[str, ...]
) -> None:
    assert objections(readings, "7") == against
