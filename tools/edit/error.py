"""What can go wrong in the cutting room.

EditError            a CallsheetError; where the cause is what was given, an InputInvalid too
├── CutInvalid       (InputInvalid) the cut asks for something no timeline can hold
├── GlyphMissing     (InputInvalid) the typeface cannot draw a character
├── PictureUnfit     (InputInvalid) a product picture cannot be used
├── MediaMissing     (NotFound) a file the cut uses is not in the media store
├── Unreadable       a file is not a video that can be opened
├── NotJudged        this machine could not look at a file to its end
└── EncodeFailed     the encoder stopped
"""

from callsheet.domain.error import CallsheetError, InputInvalid, NotFound


class EditError(CallsheetError):
    """The cutting room could not do what was asked."""


class CutInvalid(EditError, InputInvalid):
    """The cut asks for something no timeline can hold. Change the lengths or transitions it names."""


class MediaMissing(EditError, NotFound):
    """A file the cut uses is not in the media store. Fetch it again, or replace the clip."""


class GlyphMissing(EditError, InputInvalid):
    """The typeface cannot draw a character of the text. Rewrite the text without it."""


class PictureUnfit(EditError, InputInvalid):
    """A product picture cannot be used. Supply a PNG, JPEG or WebP of at most 40 megapixels."""


class Unreadable(EditError):
    """A file is not a video that can be opened. Render or download it again."""


class NotJudged(EditError):
    """This machine could not look at a file to its end. That says nothing about the file: try again."""


class EncodeFailed(EditError):
    """The encoder stopped before the piece was whole. Its last words say why."""
