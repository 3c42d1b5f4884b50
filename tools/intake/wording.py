"""What legal says, as people write it: claims, disclosures, banned topics, in a campaign's folder or a file of legal's.

A folder has them as sections (`claims`, `disclosures`, `topics`) or as files of these names.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from callsheet.domain.claim import SLOT_NAME, ClaimKind
from callsheet.domain.record import Record, digest_of
from callsheet.tools.intake.spelling import NAME, Line, Market, Shorthand, Words, read_many, slug

LONGEST_ID = 32
MOST_RECORDS = 100
_PREFIX = "w"
_ID_HELP = "Made from the wording when absent. Write one to keep it the same record when the wording changes."
WordingId = Annotated[str | None, Field(default=None, pattern=NAME, description=_ID_HELP)]
Markets = Annotated[tuple[Market, ...], BeforeValidator(read_many), Field(min_length=1)]
Language = Annotated[
    str,
    Field(
        pattern=r"^(?:\*|[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$",
        description="BCP 47 tag of the words, such as en or de-CH, or `*`.",
    ),
]
SlotName = Annotated[str, Field(pattern=rf"^{SLOT_NAME}$")]


def _read_values(value: Any) -> Any:
    """One value or several; a price is written as a number as often as in quotes."""
    many = value if isinstance(value, list | tuple) else [value]
    return [str(one) if isinstance(one, int | Decimal) and not isinstance(one, bool) else one for one in many]


SlotValues = Annotated[
    tuple[Annotated[Line, Field(min_length=1, max_length=60)], ...], BeforeValidator(_read_values), Field(min_length=1)
]
Ends = Annotated[date | None, Field(description="The first day on which it no longer holds.")]


class WrittenTerm(Shorthand):
    """Where and when a word of legal's holds."""

    main: ClassVar[str] = "text"
    locale: Language = "*"
    markets: Markets = ("*",)
    starts: date | None = None
    ends: Ends = None


class WrittenClaim(WrittenTerm):
    """An objective statement about the product. It runs only when it is approved, in its markets and dates.

    A comparison or a superlative runs only with its substantiation.
    """

    id: WordingId = None
    kind: ClaimKind = "claim"
    text: Line = Field(min_length=3, max_length=80, description="The exact wording that may run; {slots} are allowed.")
    slots: dict[SlotName, SlotValues] = Field(default={}, description="What each {slot} of the wording may say.")
    approved: bool = False
    substantiation: str = Field(default="", max_length=2000, description="Where the evidence is.")
    disclosure: Line = Field(default="", max_length=200, description="What must be shown with it.")


class WrittenDisclosure(WrittenTerm):
    """What a viewer must be told: with certain claims, or, when none is named, in every cut."""

    id: WordingId = None
    text: Line = Field(min_length=3, max_length=400)
    claims: Words = Field(default=(), description="Ids of the claims it belongs to.")


class WrittenTopic(WrittenTerm):
    """A subject this advertiser never touches, by the words that would touch it."""

    main: ClassVar[str] = "words"
    id: WordingId = None
    words: Annotated[
        tuple[Annotated[Line, Field(min_length=2, max_length=60)], ...], BeforeValidator(read_many), Field(min_length=1)
    ]
    reason: Line = Field(default="", max_length=200)


class WrittenLegal(Record):
    """A file of legal's own: the three sections, as in a campaign's folder."""

    claims: tuple[WrittenClaim, ...] = Field(default=(), max_length=MOST_RECORDS)
    disclosures: tuple[WrittenDisclosure, ...] = Field(default=(), max_length=MOST_RECORDS)
    topics: tuple[WrittenTopic, ...] = Field(default=(), max_length=MOST_RECORDS)


def wording_id(text: str) -> str:
    """An id made from a wording, whatever stands before or after it: `Made with yarn` is `made-with-yarn`."""
    plain = slug(text, "") or slug(f"{_PREFIX} {text}", "")  # an id begins with a letter
    if plain in ("", _PREFIX):  # nothing in it is a Latin letter
        return f"{_PREFIX}-{digest_of(text)[:8]}"
    return plain if len(plain) < LONGEST_ID else f"{plain[: LONGEST_ID - 7].strip('-')}-{digest_of(text)[:6]}"
