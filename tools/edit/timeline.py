"""The cut as an OpenTimelineIO timeline, so that an editor can go on in any tool that reads one."""

from collections.abc import Mapping
from typing import Any

import opentimelineio as otio

from callsheet.domain.cut import Clip, Cut, Media, Super
from callsheet.domain.identity import Digest
from callsheet.tools.edit.segment import is_still

_SPACE = "callsheet"
_COLOURS = {"caption": "WHITE", "callout": "ORANGE", "legal": "RED", "label": "CYAN"}


def timeline(cut: Cut, media_urls: Mapping[Digest, str]) -> str:
    """Write the cut as OTIO JSON: picture with its transitions and end card, sound, music, supers as markers.

    A file without a URL becomes a MissingReference. `metadata["callsheet"]` names shots, takes, campaign and citations.
    """
    made = otio.schema.Timeline(name=cut.name, global_start_time=_at(0, cut.rate), metadata={_SPACE: _about(cut)})
    made.tracks.append(_picture(cut, media_urls))
    made.tracks.append(_sound(cut, media_urls))
    made.tracks.append(_music(cut))
    return str(otio.adapters.write_to_string(made, "otio_json", indent=2))


def _about(cut: Cut) -> dict[str, Any]:
    return {
        "campaign": cut.campaign, "variant": cut.variant, "placement": cut.placement, "locale": cut.locale,
        "cut": cut.digest, "size": f"{cut.width}x{cut.height}", "loudness": cut.loudness,
        "palette": list(cut.palette), "previz": cut.previz,
    }  # fmt: skip


def _picture(cut: Cut, media_urls: Mapping[Digest, str]) -> otio.schema.Track:
    track = otio.schema.Track(name="Picture", kind=otio.schema.TrackKind.Video)
    for clip in cut.clips:
        if clip.transition.kind != "cut":
            track.append(_transition(clip, cut.rate))
        track.append(_clip(clip, cut.rate, media_urls))
    track.append(_end_card(cut, media_urls))
    track.markers.extend(_marker(text, cut.rate) for text in cut.supers)
    return track


def _sound(cut: Cut, media_urls: Mapping[Digest, str]) -> otio.schema.Track:
    track = otio.schema.Track(name="Sound of the takes", kind=otio.schema.TrackKind.Audio)
    for clip in cut.clips:
        track.append(_gap(clip.frames, cut.rate) if is_still(clip.media) else _clip(clip, cut.rate, media_urls))
    track.append(_gap(cut.end_card.frames, cut.rate))
    return track


def _music(cut: Cut) -> otio.schema.Track:
    whole = _range(0, cut.frames, cut.rate)
    played = otio.schema.GeneratorReference(
        name="music bed", generator_kind=f"{_SPACE}.music", available_range=whole, parameters={"theme": cut.campaign}
    )
    track = otio.schema.Track(name="Music", kind=otio.schema.TrackKind.Audio)
    track.append(otio.schema.Clip(name="music bed", media_reference=played, source_range=whole))
    return track


def _clip(clip: Clip, rate: int, media_urls: Mapping[Digest, str]) -> otio.schema.Clip:
    about = {"shot": clip.shot, "take": clip.take, "media": clip.media.digest}
    return otio.schema.Clip(
        name=clip.shot,
        media_reference=_reference(clip.media, rate, media_urls),
        source_range=_range(0 if is_still(clip.media) else clip.source_in, clip.frames, rate),
        metadata={_SPACE: about},
    )


def _reference(media: Media, rate: int, media_urls: Mapping[Digest, str]) -> otio.core.MediaReference:
    held = _range(0, media.frames, media.rate or rate) if media.frames is not None else None
    about = {_SPACE: {"digest": media.digest, "media_type": media.media_type}}
    url = media_urls.get(media.digest)
    if url is None:
        return otio.schema.MissingReference(name=media.digest, available_range=held, metadata=about)
    return otio.schema.ExternalReference(target_url=url, available_range=held, metadata=about)


def _transition(clip: Clip, rate: int) -> otio.schema.Transition:
    """It begins at the cut and borrows frames from beyond the out point of the clip before."""
    dissolve = clip.transition.kind == "dissolve"
    return otio.schema.Transition(
        name=clip.transition.kind,
        transition_type=otio.schema.TransitionTypes.SMPTE_Dissolve if dissolve else otio.schema.TransitionTypes.Custom,
        in_offset=_at(0, rate),
        out_offset=_at(clip.transition.frames, rate),
        metadata={_SPACE: {"kind": clip.transition.kind}},
    )


def _end_card(cut: Cut, media_urls: Mapping[Digest, str]) -> otio.schema.Clip:
    card, whole = cut.end_card, _range(0, cut.end_card.frames, cut.rate)
    words = {"headline": card.headline, "call_to_action": card.call_to_action, "url": card.url, "legal": card.legal}
    picture = card.picture.digest if card.picture is not None else ""
    shown = {"picture": picture, "picture_url": media_urls.get(Digest(picture), "")}
    drawn = otio.schema.GeneratorReference(
        name="end card", generator_kind=f"{_SPACE}.end_card", available_range=whole, parameters={**words, **shown}
    )
    return otio.schema.Clip(name="end card", media_reference=drawn, source_range=whole)


def _marker(text: Super, rate: int) -> otio.schema.Marker:
    cited = {"fact": text.fact, "claim": text.claim, "shot": text.shot}
    about = {
        "kind": text.kind,
        "text": text.text,
        **{name: value for name, value in cited.items() if value is not None},
    }
    return otio.schema.Marker(
        name=text.text,
        marked_range=_range(text.start, text.frames, rate),
        color=_COLOURS[text.kind],
        metadata={_SPACE: about},
    )


def _gap(frames: int, rate: int) -> otio.schema.Gap:
    return otio.schema.Gap(source_range=_range(0, frames, rate))


def _at(frame: int, rate: int) -> otio.opentime.RationalTime:
    return otio.opentime.RationalTime(frame, rate)


def _range(start: int, frames: int, rate: int) -> otio.opentime.TimeRange:
    return otio.opentime.TimeRange(_at(start, rate), _at(frames, rate))
