"""A signed film is changed byte by byte: readers notice what C2PA protects, the whole-file hash notices the rest."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from figures import Tell
from unit.provenance.authority import NOW, Authority, film, hashed, provenance

from callsheet.domain.credential import objections
from callsheet.storage.media import file_digest
from callsheet.tools.edit.boxes import top_level
from callsheet.tools.provenance.protection import NoManifest, Part, Range, parts, unprotected

pytest.importorskip("c2pa", reason="the provenance extra is not installed")
pytest.importorskip("encypher_c2pa", reason="the provenance extra is not installed")
from callsheet.tools.provenance.credentials import ContentSigner
from callsheet.tools.provenance.open import signer_for

EACH_BOX = 150
"""Bytes changed in the movie box and in the media, evenly over each; the first and the last are among them."""
EACH_PART = 40
"""Bytes changed in each assertion, claim and signature."""
EACH_GAP = 25
"""Bytes changed in each range that C2PA does not protect."""


@dataclass(frozen=True)
class Film:
    """A signed film with a take that its provider signed and one that nobody did."""

    path: Path
    signer: ContentSigner
    scratch: Path

    async def is_noticed(self, data: bytes) -> bool:
        """Whether any reader objects to these bytes."""
        self.scratch.write_bytes(data)
        return bool(objections(await self.signer.verify(self.scratch), self.signer.identity.by.serial))

    async def noticed(self, places: Iterable[int]) -> tuple[int, list[int]]:
        """How many of these bytes were changed, and which of the changes no reader noticed."""
        whole, tried, missed = self.path.read_bytes(), 0, list[int]()
        for place in places:
            tried += 1
            if not await self.is_noticed(flipped(whole, place)):
                missed.append(place)
        return tried, missed


@pytest.fixture(scope="module")
async def signed(tmp_path_factory: pytest.TempPathFactory) -> Film:
    folder = tmp_path_factory.mktemp("tampered")
    acme = Authority(folder / "acme", "Acme")
    cert, key = acme.issue(organisation="Acme Video")
    provider = signer_for(folder / "unused", NOW, "2", cert=str(cert), key=str(key), anchors=str(acme.anchors))
    render = film(folder / "render.mp4", "smptebars")
    await provider.sign(render, folder / "take.mp4", provenance(title="render"))
    signer = signer_for(folder / "signing", NOW, "1", anchors=str(acme.anchors))
    plain = film(folder / "plain.mp4", "testsrc")
    essence = film(folder / "essence.mp4", "testsrc2", seconds=2, size="160x284")
    said = provenance(plain, folder / "take.mp4", disclosures={"markets": ["DE"], "label": {"text": "AI-generated"}})
    await signer.sign(essence, folder / "signed.mp4", said)
    return Film(folder / "signed.mp4", signer, folder / "scratch.mp4")


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ (1 << place % 8)]) + data[place + 1 :]


def evenly(begin: int, end: int, count: int) -> list[int]:
    if end <= begin:
        return []
    return sorted({begin + number * (end - begin) // count for number in range(count)} | {end - 1})


def outside(places: Sequence[int], gaps: Sequence[Range]) -> list[int]:
    return [place for place in places if not any(gap.begin <= place < gap.end for gap in gaps)]


async def test_every_changed_byte_of_the_media_is_noticed(signed: Film, tell: Tell) -> None:
    for box in top_level(signed.path):
        if box.kind in ("moov", "mdat"):
            tried, missed = await signed.noticed(evenly(box.begin - 8, box.end, EACH_BOX))
            tell(f"content credentials: {box.kind}, {tried} changed bytes tried, {tried - len(missed)} noticed")
            assert missed == []


async def test_every_changed_byte_of_assertions_claims_and_signatures_is_noticed(signed: Film, tell: Tell) -> None:
    gaps, found = unprotected(signed.path), parts(signed.path)
    assert {"org.callsheet.clearance", "org.callsheet.disclosures", "c2pa.actions.v2", "c2pa.hash.bmff.v3",
            "c2pa.ingredient.v3", "c2pa.ingredient.v3__1", "c2pa.claim.v2", "c2pa.signature"} == {
        part.name[-1] for part in found}  # fmt: skip
    for part in found:
        tried, missed = await signed.noticed(outside(evenly(part.begin, part.end, EACH_PART), gaps))
        said = f"{part.name[-1]} of the {owner(part, found)}"
        tell(f"content credentials: {said}, {tried} changed bytes tried, {tried - len(missed)} noticed")
        assert tried
        assert missed == [], part


def owner(part: Part, found: Sequence[Part]) -> str:
    return "film" if part.name[0] == found[-1].name[0] else "take inside"


async def test_the_manifest_store_has_no_unlisted_gap(signed: Film, tell: Tell) -> None:
    """Also between the assertions: labels, lengths and salts of the boxes that hold them."""
    gaps, found = unprotected(signed.path), parts(signed.path)
    store = next(box for box in top_level(signed.path) if box.kind == "uuid")
    held = [Range(part.begin, part.end, "") for part in found]
    between = outside(list(range(store.begin, store.end)), [*gaps, *held])
    tried, missed = await signed.noticed(between[::5])
    tell(f"content credentials: between the assertions, {tried} changed bytes tried, {tried - len(missed)} noticed")
    assert tried > 100
    assert missed == []


async def test_what_readers_may_overlook_the_hash_of_the_whole_file_does_not(signed: Film, tell: Tell) -> None:
    whole, approved = signed.path.read_bytes(), file_digest(signed.path)
    overlooked = 0
    for gap in unprotected(signed.path):
        places = evenly(gap.begin, gap.end, EACH_GAP)
        tried, missed = await signed.noticed(places)
        overlooked += len(missed)
        by_hash = 0
        for place in places:
            signed.scratch.write_bytes(flipped(whole, place))
            by_hash += hashed(signed.scratch) != approved
        tell(
            f"content credentials: not protected: {gap.end - gap.begin} bytes, {gap.reason}: {tried} changed bytes "
            f"tried, {tried - len(missed)} noticed by readers, {by_hash} by the whole-file hash"
        )
        assert by_hash == tried
    assert overlooked, "a range that readers do protect is not a gap"


@pytest.mark.parametrize("kind", [b"free", b"skip", b"mfra"])
async def test_a_box_put_behind_the_film_is_listed_and_changes_the_hash(
    signed: Film, kind: bytes, tell: Tell, tmp_path: Path
) -> None:
    box = (8 + 40).to_bytes(4, "big") + kind + b"x" * 40
    longer = tmp_path / "longer.mp4"
    put(longer, signed.path.read_bytes() + box)
    listed = [gap for gap in unprotected(longer) if gap.reason.startswith(f"the {kind.decode()} box")]
    assert [gap.end - gap.begin for gap in listed][-1] == 40
    assert file_digest(longer) != file_digest(signed.path)
    seen = "noticed" if await signed.is_noticed(longer.read_bytes()) else "overlooked"
    tell(f"content credentials: a {kind.decode()} box put behind the film is {seen} by readers, noticed by the hash")


def put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data + b"junk",
        lambda data: data[:40] + data[41:],
        lambda data: data[:-100] + b"\0" + data[-100:],
    ],
    ids=["cut in half", "last byte gone", "junk behind", "a byte gone", "a byte more"],
)
async def test_a_film_that_lost_or_gained_bytes_is_noticed(signed: Film, change: Callable[[bytes], bytes]) -> None:
    assert await signed.is_noticed(change(signed.path.read_bytes()))


async def test_the_film_itself_is_not_objected_to(signed: Film) -> None:
    assert not await signed.is_noticed(signed.path.read_bytes())


def test_a_film_without_a_manifest_has_no_ranges_to_list(tmp_path: Path) -> None:
    with pytest.raises(NoManifest, match="carries no C2PA manifest"):
        unprotected(film(tmp_path / "plain.mp4", "testsrc"))
