"""The short ways people write values: `40 USD`, `vertical`, `2026-01-01`, a plain string for a fact."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, ClassVar

import yaml
from pydantic import AfterValidator, BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from callsheet.domain.money import Money
from callsheet.domain.record import Record
from callsheet.tools.intake.market import known_market
from callsheet.tools.intake.problem import nearest_of

NAME = r"^[a-z][a-z0-9-]{0,31}$"

_MONEY = re.compile(
    r"^(?:(?P<sign>\$)\s*)?(?P<amount>\d{1,12}(?:\.\d{1,6})?)(?:\s*(?P<currency>[A-Z]{3}))?$|"
    r"^(?P<first>[A-Z]{3})\s*(?P<rest>\d{1,12}(?:\.\d{1,6})?)$"
)
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


class Shorthand(Record):
    """A record that may be written as one string, which then is the value of its main key."""

    main: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {cls.main: value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """In the schema: either one string, or the full record."""
        full = handler.resolve_ref_schema(handler(core))
        if "anyOf" in full:
            return full
        title = full.pop("title", None)
        description = full.pop("description", None)
        return {
            "title": title,
            "description": f"{description} A plain string is its `{cls.main}`.",
            "anyOf": [{"type": "string"}, full],
        }


def read_money(value: Any) -> Any:
    """`40`, `40.50`, `40 USD`, `EUR 40` or `$40`."""
    if isinstance(value, Mapping) or value is None or isinstance(value, Money):
        return value
    match = None if isinstance(value, bool) else _MONEY.match(str(value).strip())
    if not match:
        raise PydanticCustomError("money", "is not an amount of money", {"allowed": "an amount such as 40 or 40 USD"})
    amount = match["amount"] or match["rest"]
    return {"amount": Decimal(amount), "currency": match["currency"] or match["first"] or "USD"}


def read_moment(value: Any) -> Any:
    """A plain date means the start of that day, UTC."""
    return f"{value}T00:00:00Z" if isinstance(value, str) and _DAY.match(value) else value


def read_many(value: Any) -> Any:
    """One word where a list is expected is a list of one."""
    return [value] if isinstance(value, str) else value


def read_placement(value: Any) -> Any:
    """A known name, or a record; a record with a known id starts from that placement."""
    if isinstance(value, str):
        if value not in known_placements():
            raise PydanticCustomError(
                "placement_unknown",
                "is not a known placement",
                {
                    "allowed": f"{', '.join(known_placements())}, or a record with id, width and height",
                    "nearest": nearest_of(value, known_placements()),
                },
            )
        value = {"id": value}
    if isinstance(value, Mapping):
        return {**known_placements().get(str(value.get("id")), {}), **value}
    return value


@cache
def known_placements() -> dict[str, dict[str, Any]]:
    """The packaged placements by name."""
    text = (files("callsheet.tools.intake") / "placements.yaml").read_text(encoding="utf-8")
    return {name: {"id": name, **size} for name, size in yaml.safe_load(text).items()}


def slug(text: str, otherwise: str) -> str:
    """A lower-case id made from words; `otherwise` when the words hold no usable letter."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:32].strip("-")
    return plain if re.match(NAME, plain) else otherwise


WrittenMoney = Annotated[
    Money,
    BeforeValidator(read_money),
    WithJsonSchema({"type": ["number", "string"], "examples": [40, "40 USD"]}),
]
Moment = BeforeValidator(read_moment)
MomentSchema = WithJsonSchema({"type": "string", "examples": ["2026-01-01", "2026-01-01T09:00:00+01:00"]})
Words = Annotated[
    tuple[str, ...],
    BeforeValidator(read_many),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Market = Annotated[str, Field(pattern=r"^(?:[A-Z]{2}|\*)$"), AfterValidator(known_market)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$"), AfterValidator(known_market)]
Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
Line = Annotated[str, Field(pattern=ONE_LINE)]
"""Text that fits on one line: no control characters, no line breaks."""
