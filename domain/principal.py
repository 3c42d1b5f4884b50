"""Who decides: a person, or a written policy."""

from typing import Literal

from pydantic import Field

from callsheet.domain.record import Record


class Principal(Record):
    """Who decides, and how we know. `asserted`: a name typed by the local user. `policy`: a written rule."""

    name: str = Field(min_length=1, max_length=80)
    authenticated: Literal["asserted", "token", "policy"] = "asserted"
    roles: tuple[str, ...] = ()
