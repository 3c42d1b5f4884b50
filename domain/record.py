"""The base of every noun: an immutable value with one canonical JSON form and one hash.

Canonical JSON: keys sorted, no white space, UTF-8, no floats. Money is a decimal string, a length is a
fraction string; so the same value has the same bytes on every machine, and its SHA-256 names it.
"""

import hashlib
import json
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError, WithJsonSchema

from callsheet.domain.identity import Digest


class Value(BaseModel):
    """An immutable value. Unknown keys are errors. A value that names bytes has a `digest` field of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64")


class Record(Value):
    """An immutable value that is named by the hash of its own canonical JSON."""

    @property
    def digest(self) -> Digest:
        """The SHA-256 of the record's canonical JSON."""
        return digest_of(self.model_dump(mode="json"))


def canonical_json(value: Any) -> str:
    """Write plain JSON data in the one form that is hashed. Floats are refused."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(value: Any) -> Digest:
    """Hash plain JSON data."""
    return Digest(hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest())


def first_problem(invalid: ValidationError) -> str:
    """The first thing that is wrong with data that is no record of its kind, in one line."""
    problem = invalid.errors()[0]
    return f"{'.'.join(str(part)[:40] for part in problem['loc'])}: {problem['msg'][:120]}"


def _refuse_floats(value: Any) -> None:
    match value:
        case float():
            raise TypeError(f"a float ({value!r}) has no exact form: use a decimal or a fraction string")
        case dict():
            for item in value.values():
                _refuse_floats(item)
        case list() | tuple():
            for item in value:
                _refuse_floats(item)


def _to_fraction(value: Any) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str | float | Decimal):
        raise ValueError("write seconds as a number, such as 4 or 2.5")
    try:
        exact = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise ValueError("write seconds as a number, such as 4 or 2.5") from None
    if exact.denominator > 100_000:
        raise ValueError("that length is finer than any frame")
    return exact


Seconds = Annotated[
    Fraction,
    BeforeValidator(_to_fraction),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": ["number", "string"], "examples": [4, 2.5]}),
]
"""An exact length in seconds. Written as `4` or `2.5`; kept as a fraction; serialised as `5/2`."""
