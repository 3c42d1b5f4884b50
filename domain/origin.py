"""How a finished file came about, as its content credentials tell it: sources, edits, permissions. No names of people.

Actions are those of the C2PA specification 2.2, section "Actions"; source types are IPTC's vocabulary
(cv.iptc.org/newscodes/digitalsourcetype).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from callsheet.domain.cut import Clip, Cut, Media
from callsheet.domain.identity import ClaimId, Digest, TakeId
from callsheet.domain.labelling import manifest_disclosures
from callsheet.domain.record import Record, Value
from callsheet.domain.take import Take

SourceType = Literal["trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia", "composite"]

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""Where IPTC's words for source types live: this and the word is the address that files and upload sheets carry."""


class Source(Value):
    """Media that is seen in the cut. Provider, model and purchase are empty for what was not bought."""

    id: str
    kind: Literal["take", "picture"]
    digest: Digest
    media_type: str
    source_type: SourceType | None = None
    shot: str = ""
    provider: str = ""
    model: str = ""
    purchase: str = ""


class Edit(Value):
    """One thing that was done, as a C2PA action; `source` is the id of the source it was done to."""

    action: str
    description: str
    source: str = ""


class Origin(Record):
    """Everything a manifest says beyond the file itself."""

    sources: tuple[Source, ...]
    edits: tuple[Edit, ...]
    releases: tuple[str, ...]
    claims: tuple[ClaimId, ...]
    storyboard: Digest
    call_sheet: Digest
    disclosures: dict[str, Any] = Field(default_factory=dict)

    @property
    def source_type(self) -> SourceType:
        """The whole file's digital source type."""
        kinds: set[SourceType | None] = {one.source_type for one in self.sources if one.kind == "take"}
        return _whole(kinds, has_picture=any(one.kind == "picture" for one in self.sources))


def declared_source_type(cut: Cut) -> str:
    """The address of a cut's source type, for whoever uploads it: the one its manifest carries.

    A run buys all its takes from one provider, so they are all previz or none is.
    """
    return SOURCE_TYPES + _whole({_kind(cut.previz)}, has_picture=cut.end_card.picture is not None)


def origin_of(
    cut: Cut,
    takes: Mapping[TakeId, Take],
    releases: Sequence[str],
    storyboard: Digest,
    call_sheet: Digest,
) -> Origin:
    """The origin of a cut's file. A clip whose take is not among `takes` keeps its hash and says nothing else."""
    used = {clip.take: clip for clip in cut.clips}
    sources = [_take(clip, takes.get(clip.take)) for clip in used.values()]
    if cut.end_card.picture is not None:
        sources.append(_picture(cut.end_card.picture))
    return Origin(
        sources=tuple(sources),
        edits=tuple(_edits(cut)),
        releases=tuple(sorted(releases)),
        claims=tuple(sorted({text.claim for text in cut.supers if text.claim})),
        storyboard=storyboard,
        call_sheet=call_sheet,
        disclosures=manifest_disclosures(cut.labelling) if cut.labelling is not None else {},
    )


def _whole(kinds: Collection[SourceType | None], *, has_picture: bool) -> SourceType:
    """The source type of a film from those of its takes.

    Words, a card and sound are laid over the takes, so a cut with one generated take is what IPTC calls the
    compositing of trained algorithmic media with some other media. A previz take is drawn by a program that was
    trained on nothing: alone that is pure algorithmic media, with a picture of the product a plain composite.
    """
    if "trainedAlgorithmicMedia" in kinds:
        return "compositeWithTrainedAlgorithmicMedia"
    return "algorithmicMedia" if set(kinds) <= {"algorithmicMedia"} and not has_picture else "composite"


def _kind(previz: bool) -> SourceType:
    return "algorithmicMedia" if previz else "trainedAlgorithmicMedia"


def _take(clip: Clip, take: Take | None) -> Source:
    seen = Source(id=clip.take, kind="take", digest=clip.media.digest, media_type=clip.media.media_type, shot=clip.shot)
    if take is None:
        return seen
    bought = {"provider": take.provider, "model": take.model, "purchase": take.purchase}
    return seen.model_copy(update={**bought, "source_type": _kind(take.previz)})


def _picture(picture: Media) -> Source:
    return Source(id="end-card-picture", kind="picture", digest=picture.digest, media_type=picture.media_type)


def _edits(cut: Cut) -> list[Edit]:
    found: list[Edit] = []
    for clip in cut.clips:
        found += _of_clip(cut, clip)
    if cut.end_card.picture is not None:
        found.append(Edit(action="c2pa.placed", description="picture on the end card", source="end-card-picture"))
    for kind in ("caption", "callout", "legal", "label"):
        texts = [text for text in cut.supers if text.kind == kind]
        said = "".join(f": {text.text}" for text in texts[:1]) if kind == "label" else ""
        if texts:
            found.append(Edit(action="c2pa.addedText", description=f"{len(texts)} × {kind}{said}"))
    found.append(Edit(action="c2pa.addedText", description=f"end card, {cut.end_card.frames} frames"))
    found.append(Edit(action="c2pa.edited", description=f"sound mixed to {cut.loudness} LUFS"))
    return found


def _of_clip(cut: Cut, clip: Clip) -> list[Edit]:
    found = [Edit(action="c2pa.placed", description=f"{clip.shot}, {clip.frames} frames", source=clip.take)]
    if clip.source_in or clip.frames != clip.media.frames:
        kept = f"{clip.shot}: frames {clip.source_in} to {clip.source_in + clip.frames} at {cut.rate} a second kept"
        found.append(Edit(action="c2pa.trimmed", description=kept))
    if (clip.media.width, clip.media.height) != (cut.width, cut.height):
        size = f"{clip.media.width}x{clip.media.height} to {cut.width}x{cut.height}"
        found.append(Edit(action="c2pa.resized", description=f"{clip.shot}: {size}"))
    if clip.transition.frames:
        into = f"{clip.transition.kind} of {clip.transition.frames} frames into {clip.shot}"
        found.append(Edit(action="c2pa.edited", description=into))
    return found
