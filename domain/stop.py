"""A word to stop: buying is paused, or called off for good, for everything that carries a tag."""

from typing import Literal

from pydantic import AwareDatetime

from callsheet.domain.record import Record

StopKind = Literal["pause", "cancel"]
"""`pause`: nothing new is bought until it is lifted; what is under way goes on. `cancel`: all of it ends."""
EVERYTHING = "all"
"""The tag that every take carries."""


class Stop(Record):
    """Who or what is stopped: a tag such as `run:spring-1`, `campaign:spring`, `cameo:mara`, `take:<key>` or `all`."""

    tag: str
    kind: StopKind
    reason: str = ""
    at: AwareDatetime
