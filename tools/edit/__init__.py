"""The cutting room: a cut becomes an exact file with its captions and timeline, and every file is verified."""

from callsheet.tools.edit.captions import captions
from callsheet.tools.edit.conform import conform, join
from callsheet.tools.edit.encode import encode_segment
from callsheet.tools.edit.error import (
    CutInvalid,
    EditError,
    EncodeFailed,
    GlyphMissing,
    MediaMissing,
    PictureUnfit,
    Unreadable,
)
from callsheet.tools.edit.legal import drawn_legal
from callsheet.tools.edit.loudness import Loudness
from callsheet.tools.edit.picture import Picture, fit_reference, read_picture
from callsheet.tools.edit.piececache import Lookup, PieceFolder, Store
from callsheet.tools.edit.probe import AudioStream, Probe, probe
from callsheet.tools.edit.segment import Segment, segments
from callsheet.tools.edit.sound import encode_soundtrack
from callsheet.tools.edit.soundtrack import Soundtrack, soundtrack
from callsheet.tools.edit.stills import contact_sheet, poster, thumbnail
from callsheet.tools.edit.timeline import timeline
from callsheet.tools.edit.typeface import REMEDY, missing_glyphs
from callsheet.tools.edit.verify import Sound, Unsound, verify_deliverable, verify_take

__all__ = [
    "REMEDY",
    "AudioStream",
    "CutInvalid",
    "EditError",
    "EncodeFailed",
    "GlyphMissing",
    "Lookup",
    "Loudness",
    "MediaMissing",
    "Picture",
    "PictureUnfit",
    "PieceFolder",
    "Probe",
    "Segment",
    "Sound",
    "Soundtrack",
    "Store",
    "Unreadable",
    "Unsound",
    "captions",
    "conform",
    "contact_sheet",
    "drawn_legal",
    "encode_segment",
    "encode_soundtrack",
    "fit_reference",
    "join",
    "missing_glyphs",
    "poster",
    "probe",
    "read_picture",
    "segments",
    "soundtrack",
    "thumbnail",
    "timeline",
    "verify_deliverable",
    "verify_take",
]
