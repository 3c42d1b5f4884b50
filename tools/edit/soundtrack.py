"""The sound of a cut as data: which take sounds when, where the end card begins, how loud the whole is.

Like a picture segment, a soundtrack has a key, so every placement and caption language of a variant shares one encode.
"""

from callsheet.domain.cut import Cut
from callsheet.domain.identity import Digest
from callsheet.domain.record import Record, digest_of
from callsheet.tools.edit.renderer import renderer_id
from callsheet.tools.edit.segment import is_still


class Sounding(Record):
    """A take's sound from `first` of the take, at `start` of the cut, for `frames`.

    It fades in over `fade_in` frames and goes on for `fade_out` frames under what follows.
    """

    media: Digest
    first: int
    start: int
    frames: int
    fade_in: int
    fade_out: int


class Soundtrack(Record):
    """The whole sound of a cut: `frames` at `rate`; the music resolves at `resolve`. `loudness` in LUFS."""

    frames: int
    rate: int
    loudness: int
    resolve: int
    theme: str
    takes: tuple[Sounding, ...]

    @property
    def key(self) -> Digest:
        """Names the sound's bytes: equal keys, equal files."""
        return digest_of({"renderer": renderer_id(), "soundtrack": self.model_dump(mode="json")})

    @property
    def media(self) -> frozenset[Digest]:
        """The files the sound needs."""
        return frozenset(take.media for take in self.takes)


def soundtrack(cut: Cut) -> Soundtrack:
    """The sound of a cut. Stills are silent; the music's theme belongs to the campaign."""
    takes, start = [], 0
    entries = [clip.transition.frames for clip in cut.clips]
    for number, clip in enumerate(cut.clips):
        if not is_still(clip.media):
            takes.append(Sounding(
                media=clip.media.digest, first=clip.source_in, start=start, frames=clip.frames,
                fade_in=entries[number] if number else 0, fade_out=(*entries[1:], 0)[number],
            ))  # fmt: skip
        start += clip.frames
    return Soundtrack(
        frames=cut.frames, rate=cut.rate, loudness=cut.loudness, resolve=start, theme=cut.campaign, takes=tuple(takes)
    )
