"""A cut divided in pieces that can be encoded apart, on any machine, and joined without touching a frame.

Pieces meet at clip and transition boundaries. A piece's key is a hash of everything that decides its bytes and of
nothing else, so a piece that appears in several variants is encoded once, and a changed caption touches its own pieces.
"""

from typing import Literal

from callsheet.domain.cut import Clip, Cut, EndCard, Media, Super
from callsheet.domain.identity import Digest
from callsheet.domain.placement import Safe
from callsheet.domain.record import Record, digest_of
from callsheet.domain.slate import Box
from callsheet.tools.edit.error import CutInvalid
from callsheet.tools.edit.reframe import slate_in
from callsheet.tools.edit.renderer import renderer_id

SuperKind = Literal["caption", "callout", "legal", "label"]
PREVIZ = "PREVIZ"


class Source(Record):
    """Frames of a take from `first` on, counted at the cut's rate. A still moves slowly over `span` frames."""

    media: Digest
    width: int
    height: int
    first: int
    span: int
    still: bool


class Mark(Record):
    """How the label that says how a film was made is drawn: capitals of `height` permille of the frame's shorter side,
    within the margins `safe`.
    """

    text: str
    height: int
    safe: Safe


class Words(Record):
    """A super as one piece sees it: `start` counts from the piece's first frame and is negative when it began before.

    `beside` holds the words of the same kind that share its time and were placed first; it gives way to them. `mark` is
    the cut's label: of a label, what it is drawn as; of a callout, what it stands under. `slates` is where the takes of
    a previz have theirs: labels and callouts keep clear of it.
    """

    kind: SuperKind
    text: str
    start: int
    frames: int
    beside: tuple[str, ...] = ()
    mark: Mark | None = None
    slates: tuple[Box, ...] = ()


class Card(Record):
    """What the end card shows. `picture` with its size in pixels, or none."""

    picture: Digest | None
    headline: str
    call_to_action: str
    url: str
    legal: tuple[str, ...]


class Segment(Record):
    """One piece: `frames` at `rate`, from one source, from two through a transition, or an end card.

    A transition with one source comes from black.
    """

    kind: Literal["clip", "dissolve", "dip", "card"]
    frames: int
    rate: int
    width: int
    height: int
    sources: tuple[Source, ...] = ()
    words: tuple[Words, ...] = ()
    card: Card | None = None
    palette: tuple[str, ...] = ()

    @property
    def key(self) -> Digest:
        """Names the piece's bytes: equal keys, equal files."""
        return digest_of({"renderer": renderer_id(), "segment": self.model_dump(mode="json")})

    @property
    def media(self) -> frozenset[Digest]:
        """The files the piece needs."""
        pictures = (self.card.picture,) if self.card is not None and self.card.picture is not None else ()
        return frozenset((*(source.media for source in self.sources), *pictures))


def segments(cut: Cut) -> tuple[Segment, ...]:
    """Divide a cut in its pieces, in order. Their frames add up to the cut's. Raises CutInvalid."""
    pieces: list[Segment] = []
    start, before = 0, None
    for clip in cut.clips:
        entry = clip.transition.frames
        if entry > clip.frames:
            raise CutInvalid(
                f"the {clip.transition.kind} into {clip.shot} takes {entry} frames of a clip of {clip.frames}"
            )
        if clip.transition.kind != "cut":
            into = tuple(
                _source(use, first) for use, first in ((before, before.frames if before else 0), (clip, 0)) if use
            )
            pieces.append(_piece(cut, clip.transition.kind, start, entry, into))
        if clip.frames > entry:
            pieces.append(_piece(cut, "clip", start + entry, clip.frames - entry, (_source(clip, entry),)))
        start, before = start + clip.frames, clip
    pieces.append(_end_card(cut, start))
    return tuple(pieces)


def _source(clip: Clip, offset: int) -> Source:
    still = is_still(clip.media)
    return Source(
        media=clip.media.digest,
        width=clip.media.width,
        height=clip.media.height,
        first=(0 if still else clip.source_in) + offset,
        span=clip.frames if still else 0,
        still=still,
    )


def is_still(media: Media) -> bool:
    """Whether a file is a picture without motion."""
    return media.media_type.startswith("image/")


def _piece(
    cut: Cut, kind: Literal["clip", "dissolve", "dip"], start: int, frames: int, sources: tuple[Source, ...]
) -> Segment:
    words = _words(cut, start, frames)
    palette = cut.palette if any(each.kind == "callout" for each in words) else ()
    return Segment(
        kind=kind, frames=frames, rate=cut.rate, width=cut.width, height=cut.height,
        sources=sources, words=words, palette=palette,
    )  # fmt: skip


def _end_card(cut: Cut, start: int) -> Segment:
    """The end card has its own legal line, so legal supers join it; captions and callouts belong to the picture."""
    card: EndCard = cut.end_card
    words = _words(cut, start, card.frames)
    legal = dict.fromkeys(line for line in (card.legal, *(each.text for each in words if each.kind == "legal")) if line)
    labels = tuple(each for each in words if each.kind == "label")
    return Segment(
        kind="card", frames=card.frames, rate=cut.rate, width=cut.width, height=cut.height,
        words=labels, palette=cut.palette,
        card=Card(
            picture=card.picture.digest if card.picture is not None else None,
            headline=card.headline, call_to_action=card.call_to_action, url=card.url, legal=tuple(legal),
        ),
    )  # fmt: skip


def _words(cut: Cut, start: int, frames: int) -> tuple[Words, ...]:
    """What is written over a piece. A previz cut says so on every frame, whatever was burnt in, cropped or covered."""
    slates = _slates(cut)
    words = tuple(
        Words(
            kind=text.kind, text=text.text, start=text.start - start, frames=text.frames, beside=_beside(cut, text),
            mark=_mark(cut, text), slates=slates if text.kind in ("label", "callout") else (),
        )
        for text in cut.supers
        if text.start < start + frames and text.start + text.frames > start
    )  # fmt: skip
    labels = tuple(each.text for each in words if each.kind == "label")
    if not cut.previz or any(PREVIZ in text.upper() for text in labels):
        return words
    corner = tuple(each.text for each in words if each.kind == "label" and each.mark is None)
    return (*words, Words(kind="label", text=PREVIZ, start=0, frames=frames, beside=corner, slates=slates))


def _slates(cut: Cut) -> tuple[Box, ...]:
    """Where the cut's takes have their slates. Those of the whole cut count for each piece, so that no words jump."""
    sizes = sorted({(clip.media.width, clip.media.height) for clip in cut.clips if not is_still(clip.media)})
    return tuple(slate_in(size, (cut.width, cut.height)) for size in sizes) if cut.previz else ()


def _mark(cut: Cut, text: Super) -> Mark | None:
    """A label with a height is a mark; callouts stand under the cut's mark all through, so that none ever jumps."""
    sized = [text] if text.kind == "label" else [one for one in cut.supers if one.kind == "label" and one.height]
    if text.kind not in ("label", "callout") or not sized or not sized[0].height:
        return None
    return Mark(text=sized[0].text, height=sized[0].height, safe=cut.safe)


def _beside(cut: Cut, text: Super) -> tuple[str, ...]:
    """Same kind, same time, listed earlier. Judged over the whole cut, so that words never jump between pieces."""
    earlier = cut.supers[: next(index for index, other in enumerate(cut.supers) if other is text)]
    return tuple(
        other.text
        for other in earlier
        if other.kind == text.kind
        and bool(other.height) == bool(text.height)
        and other.start < text.start + text.frames
        and text.start < other.start + other.frames
    )
