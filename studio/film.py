"""The finished files as the report plays them: where each lies, whether it still is what was approved, its captions."""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote

from callsheet.domain.cut import Cut, Deliverable, Super
from callsheet.domain.error import NotFound
from callsheet.domain.showing import market_words
from callsheet.storage.media import MediaStore, file_digest
from callsheet.studio.story import Story


@dataclass(frozen=True)
class Film:
    """One deliverable. `href` is relative to the report, and empty when the file is not there to be played.

    `runs` says for which markets it is where that differs; `against` why it may not be used any more.
    """

    file: Deliverable
    href: str
    is_intact: bool
    captions: str
    words: tuple[Super, ...]
    strip: tuple[tuple[str, int], ...]
    runs: str = ""
    against: tuple[str, ...] = ()

    @property
    def seconds(self) -> Fraction:
        """The length of the film."""
        return Fraction(self.file.frames, self.file.rate)

    @property
    def standing(self) -> str:
        """Whether the bytes in the folder are the bytes that the records name."""
        if not self.href:
            return "not in this folder"
        return (
            "these exact bytes, compared when this page was written" if self.is_intact else "CHANGED since it was made"
        )


def films(story: Story, media: MediaStore, out: Path) -> tuple[Film, ...]:
    """The files of the latest round in order of the storyboard's variants. Reads the folder, hashes what it finds."""
    latest = story.last
    if latest is None:
        return ()
    order = [one.id for one in latest.storyboard.variants]
    files = sorted(latest.files.values(), key=lambda one: (order.index(one.variant), -one.height / one.width))
    places = (out, Path(story.run.out))
    shown = [_film(file, _cut_of(story, file), media, places, out) for file in files]
    is_split = len({one.runs for one in shown}) > 1
    said = [(one.runs if is_split else "", story.against.get(one.file.file, ())) for one in shown]
    return tuple(replace(one, runs=runs, against=why) for one, (runs, why) in zip(shown, said, strict=True))


def _film(file: Deliverable, cut: Cut | None, media: MediaStore, places: Sequence[Path], out: Path) -> Film:
    path = next((one for place in places if (one := place / "deliverables" / f"{file.name}.mp4").is_file()), None)
    return Film(
        file=file,
        href=quote(os.path.relpath(path, out).replace(os.sep, "/")) if path else "",
        is_intact=path is not None and file_digest(path) == file.file,
        captions=_captions(file, media),
        words=cut.supers if cut else (),
        strip=_strip(cut) if cut else (),
        runs=market_words(cut.markets, cut.alternate) if cut else "",
    )


def _captions(file: Deliverable, media: MediaStore) -> str:
    """The captions as a data address: a page that was opened as a file may not load a second file beside it."""
    try:
        text = media.path(file.captions).read_bytes()
    except NotFound:
        return ""
    return f"data:text/vtt;base64,{base64.b64encode(text).decode('ascii')}"


def _strip(cut: Cut) -> tuple[tuple[str, int], ...]:
    return (*((clip.shot, clip.frames) for clip in cut.clips), ("end card", cut.end_card.frames))


def _cut_of(story: Story, file: Deliverable) -> Cut | None:
    return next((cut for one in story.rounds for digest, cut in one.cuts.items() if digest == file.cut), None)
