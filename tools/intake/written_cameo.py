"""People as they are written in cameos.yaml: who they are, and what they signed."""

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, WithJsonSchema

from callsheet.domain.cameo import Right
from callsheet.domain.record import Record
from callsheet.tools.intake.spelling import (
    NAME,
    Line,
    Market,
    Moment,
    MomentSchema,
    Shorthand,
    Words,
    WrittenMoney,
    read_many,
)

LANGUAGE = r"^(?:\*|[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$"
OptionalId = Annotated[str | None, Field(default=None, pattern=NAME, description="Made for you when absent.")]


def _read_percent(value: Any) -> Any:
    """`15`, `12.5` or `15 %`."""
    return value.removesuffix("%").strip() if isinstance(value, str) else value


Percent = Annotated[
    Decimal,
    BeforeValidator(_read_percent),
    Field(gt=0, le=100, max_digits=9),
    WithJsonSchema({"type": ["number", "string"], "examples": [15, "15 %"]}),
]


class WrittenRoyalty(Record):
    """What the owner of the likeness is paid for what is published. Both parts add up."""

    per_second: WrittenMoney | None = Field(default=None, description="For each second they are on screen in a file.")
    share: Percent | None = Field(default=None, description="Per cent of what the takes that show them cost.")


class WrittenRelease(Record):
    """A signed permission. `ends` is the first moment at which it no longer holds."""

    id: OptionalId = None
    document: str | None = Field(default=None, description="The signed file, inside the campaign folder.")
    rights: Annotated[tuple[Right, ...], BeforeValidator(read_many)] = ("face",)
    grantees: Words = Field(default=("*",), description="Advertisers that may use it, by brand name, or `*`.")
    uses: Words = Field(default=("advertising",), description="Purposes the person agreed to.")
    media: Words = Field(default=("*",), description="Placement ids, or `*`.")
    territories: Annotated[tuple[Market, ...], BeforeValidator(read_many), Field(min_length=1)] = ("*",)
    languages: Annotated[
        tuple[Annotated[str, Field(pattern=LANGUAGE)], ...], BeforeValidator(read_many), Field(min_length=1)
    ] = Field(default=("*",), description="Language tags such as en or de-AT, or `*`.")
    excluded: Words = Field(default=(), description="Contexts the person will not be shown in: alcohol, politics.")
    exclusive: Words = Field(default=(), description="Contexts that are kept for the grantees alone during the term.")
    approval: Literal["once", "each_use"] = Field(
        default="once", description="each_use: the owner says yes to every use, with `callsheet cameo approve`."
    )
    biometrics: bool = Field(default=False, description="Whether pictures may be matched against the person's face.")
    royalty: WrittenRoyalty | None = None
    starts: Annotated[AwareDatetime, Moment, MomentSchema]
    ends: Annotated[AwareDatetime, Moment, MomentSchema]
    guardian: str | None = Field(default=None, description="Who signed for a minor.")


class WrittenLikeness(Shorthand):
    """A picture or recording of the person that renders may refer to."""

    main: ClassVar[str] = "path"
    path: str = Field(description="PNG, JPEG or WebP for a face; WAV, MP3, M4A, FLAC or OGG for a voice.")
    kind: Literal["face", "voice"] = "face"


class WrittenCharacter(Record):
    """The id under which a provider knows the person, and who saw that they agreed to the capture."""

    provider: Line = Field(min_length=1, max_length=60)
    id: str = Field(min_length=1, max_length=200, pattern=r"^\S+$")
    captured_at: Annotated[AwareDatetime, Moment, MomentSchema]
    verified_by: Line = Field(min_length=1, max_length=100, description="Who saw that the person agreed.")
    verification: Line = Field(
        min_length=3, max_length=200, description="How: the provider's own check, a signed form."
    )


class WrittenCameo(Record):
    """A person who may appear, with the releases that say where and until when."""

    id: Annotated[
        str | None,
        Field(
            default=None,
            pattern=NAME,
            description="Stays in the ledger for good, so it should not be the name. Made from a hash when absent.",
        ),
    ]
    name: Line = Field(min_length=1, max_length=60)
    owner: str | None = Field(
        default=None, min_length=1, max_length=100, description="Who licenses the likeness; the person, when absent."
    )
    description: Line = Field(default="", max_length=300, description="How the person may be shown.")
    is_minor: bool = False
    is_public_figure: bool = False
    namesake: Line = Field(
        default="", max_length=200, description="For a public figure's name: why this is somebody else, in a sentence."
    )
    references: Annotated[tuple[WrittenLikeness, ...], BeforeValidator(read_many), Field(max_length=20)] = ()
    characters: tuple[WrittenCharacter, ...] = ()
    releases: tuple[WrittenRelease, ...] = ()
