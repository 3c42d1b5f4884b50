"""What goes along with a file: captions for players, a timeline for editors."""

from io import StringIO

import opentimelineio as otio
import pytest
import webvtt
from unit.edit.footage import Reel, caption, small_cut

from callsheet.domain.cut import Super
from callsheet.domain.identity import FactId
from callsheet.tools.edit import captions, timeline


def test_captions_are_valid_webvtt_at_exact_times(reel: Reel) -> None:
    supers = (caption("second", 40, 20), caption("first", 5, 30), Super(kind="legal", text="no", start=0, frames=9))
    read = webvtt.from_buffer(StringIO(captions(small_cut(reel, supers=supers))))
    assert [(cue.start, cue.end, cue.text) for cue in read] == [
        ("00:00:00.167", "00:00:01.167", "first"), ("00:00:01.333", "00:00:02.000", "second"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["<b>5 > 3 & 2</b>", "a --> b", "line\n\nNOTE hidden"])
def test_caption_text_cannot_break_out_of_its_cue(text: str, reel: Reel) -> None:
    written = captions(small_cut(reel, supers=(caption(text, 5, 30),)))
    assert len(list(webvtt.from_buffer(StringIO(written)))) == 1
    assert written.count("-->") == 1
    assert "<" not in written


def test_a_cut_without_captions_has_an_empty_sidecar(reel: Reel) -> None:
    assert captions(small_cut(reel)) == "WEBVTT\n"


def test_the_timeline_survives_a_round_trip(reel: Reel) -> None:
    cited = Super(kind="callout", text="212 g", start=10, frames=50, fact=FactId("weight"))
    cut = small_cut(reel, supers=(cited,))
    written = timeline(cut, {reel.takes[0].digest: "media/first.mp4"})
    read = otio.adapters.read_from_string(written, "otio_json")
    assert otio.adapters.write_to_string(read, "otio_json", indent=2) == written
    assert all(track.duration() == otio.opentime.RationalTime(cut.frames, cut.rate) for track in read.tracks)
    assert read.metadata["callsheet"]["cut"] == cut.digest
    assert read.tracks[0].markers[0].metadata["callsheet"]["fact"] == "weight"


def test_the_timeline_tells_where_media_is_and_where_it_is_not(reel: Reel) -> None:
    cut = small_cut(reel)
    read = otio.adapters.read_from_string(timeline(cut, {reel.takes[0].digest: "media/first.mp4"}), "otio_json")
    first, dissolve, second = read.tracks[0][0], read.tracks[0][1], read.tracks[0][2]
    assert first.media_reference.target_url == "media/first.mp4"
    assert first.source_range.start_time.value == 5
    assert first.available_range().duration.value == 60
    assert isinstance(second.media_reference, otio.schema.MissingReference)
    assert (dissolve.in_offset.value, dissolve.out_offset.value) == (0, 9)
