"""What can go wrong with a recording.

InputInvalid
└── RecordingUnusable     the folder is no recording, or not one of this format
Refused
└── NotAsRecorded         the run of today departs from the recording, or asks for what it does not hold
"""

from callsheet.domain.error import InputInvalid, Refused


class RecordingUnusable(InputInvalid):
    """The folder holds no recording that can be played."""


class NotAsRecorded(Refused):
    """What happens now is not what the recording holds."""
