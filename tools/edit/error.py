"""What can go wrong in the cutting room.

EditError
├── CutInvalid       the cut asks for something no timeline can hold
├── MediaMissing     a file the cut uses is not in the media store
├── GlyphMissing     the typeface cannot draw a character
├── PictureUnfit     a product picture cannot be used
├── Unreadable       a file is not a video that can be opened
└── EncodeFailed     the encoder stopped
"""


class EditError(Exception):
    """The cutting room could not do what was asked."""


class CutInvalid(EditError):
    """The cut asks for something no timeline can hold. Change the lengths or transitions it names."""


class MediaMissing(EditError):
    """A file the cut uses is not in the media store. Fetch it again, or replace the clip."""


class GlyphMissing(EditError):
    """The typeface cannot draw a character of the text. Rewrite the text without it."""


class PictureUnfit(EditError):
    """A product picture cannot be used. Supply a PNG, JPEG or WebP of at most 40 megapixels."""


class Unreadable(EditError):
    """A file is not a video that can be opened. Render or download it again."""


class EncodeFailed(EditError):
    """The encoder stopped before the piece was whole. Its last words say why."""
