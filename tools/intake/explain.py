"""Says what pydantic found in words a producer can act on: where, what was found, what is allowed, what is near."""

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from callsheet.tools.intake.document import Position, Where, words_for
from callsheet.tools.intake.problem import Problem, nearest_of, shown
from callsheet.tools.intake.spelling import NAME, ONE_LINE
from callsheet.tools.intake.written import MAIN_FILE, WrittenCampaign

_PATTERNS = {
    ONE_LINE: "one line of text without control characters",
    NAME: "a lower-case word such as spring-2 (letters, digits, hyphens, at most 32)",
    r"^[a-z0-9][a-z0-9-]{0,47}$": "a lower-case word such as spring-2 (letters, digits, hyphens, at most 48)",
    r"^#[0-9a-fA-F]{6}$": "a colour such as #f97316",
    r"^[A-Z]{2}$": "a two-letter country code such as US",
    r"^(?:[A-Z]{2}|\*)$": "a two-letter country code such as US, or *",
    r"^\S*$": "an address without spaces",
    r"^(?:\*|[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$": "a language tag such as en or de-CH, or *",
    r"^[1-9]\d{1,3}x[1-9]\d{1,3}$": "WIDTHxHEIGHT such as 720x1280",
}
_KINDS = {
    "string_type": "text (put quotes around it)",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "tuple_type": "a list (lines that begin with -)",
    "dict_type": "a group of keys",
    "model_type": "a group of keys",
    "model_attributes_type": "a group of keys",
    "date_type": "a date such as 2026-11-30",
    "date_parsing": "a date such as 2026-11-30",
    "date_from_datetime_parsing": "a date such as 2026-11-30",
    "datetime_type": "a date such as 2026-11-30",
    "datetime_parsing": "a date such as 2026-11-30",
    "datetime_from_date_parsing": "a date such as 2026-11-30",
    "timezone_aware": "a date such as 2026-11-30, or a time with its zone such as 2026-11-30T09:00:00+01:00",
}
_BOUNDS = {
    "greater_than": ("gt", "more than {}"),
    "greater_than_equal": ("ge", "at least {}"),
    "less_than": ("lt", "less than {}"),
    "less_than_equal": ("le", "at most {}"),
    "multiple_of": ("multiple_of", "a multiple of {}"),
    "string_too_short": ("min_length", "at least {} characters"),
    "string_too_long": ("max_length", "at most {} characters"),
    "too_short": ("min_length", "at least {} in the list"),
    "too_long": ("max_length", "at most {} in the list"),
}


def problems_of(error: ValidationError, lines: Mapping[Where, Position]) -> list[Problem]:
    """One problem for each thing pydantic found, except a list that is called short only because an item is wrong."""
    return [_problem(detail, lines) for detail in telling(error)]


def telling(error: ValidationError) -> list[ErrorDetails]:
    """The errors that say something of their own."""
    details = error.errors(include_url=False)
    inside = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    return [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in inside]


def place_of(where: Where, lines: Mapping[Where, Position]) -> Position:
    """The file and line of a key; of the nearest key around it when it is not written at all."""
    for length in range(len(where), -1, -1):
        if where[:length] in lines:
            return lines[where[:length]]
    return Position(MAIN_FILE, 1)


def _problem(detail: ErrorDetails, lines: Mapping[Where, Position]) -> Problem:
    where: Where = tuple(detail["loc"])
    place = place_of(where, lines)
    kind, value, context = detail["type"], detail["input"], dict(detail.get("ctx", {}))
    message, found, allowed, near = "has a value that does not fit", shown(value), "", None
    if kind == "missing":
        message, found, allowed = "is missing", "", ""
    elif kind == "extra_forbidden":
        message, found, allowed, near = _unknown_key(where)
    elif kind == "literal_error":
        choices = [str(choice).strip("'") for choice in str(context["expected"]).replace(" or ", ", ").split(", ")]
        allowed, near = ", ".join(choices), nearest_of(value, choices)
    elif kind == "string_pattern_mismatch":
        allowed = _PATTERNS.get(str(context["pattern"]), f"text that matches {context['pattern']}")
    elif kind in _KINDS:
        allowed = _KINDS[kind]
    elif kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        allowed = words.format(context[key])
    elif "allowed" in context:
        message, allowed, near = detail["msg"], str(context["allowed"]), context.get("nearest")
    else:
        message = detail["msg"].removeprefix("Value error, ")
    return Problem(
        file=place.file,
        line=place.line,
        where=words_for(where),
        found=found,
        allowed=allowed,
        nearest=near,
        message=message,
    )


def _unknown_key(where: Where) -> tuple[str, str, str, str | None]:
    key = str(where[-1])
    siblings = sorted(_keys_at(where[:-1]))
    is_elsewhere = any(key in keys for _, keys in _every_home(WrittenCampaign, ()))
    near = nearest_of(key, siblings, likeness=0.8 if is_elsewhere else 0.5)
    homes = [words_for(home) for home, keys in _every_home(WrittenCampaign, ()) if key in keys]
    if homes and not near:
        return f"is not known here; it belongs under {homes[0] or 'the top level'}", "", "", None
    return "is not a known key", "", ", ".join(siblings), near


def _keys_at(where: Where) -> set[str]:
    found: Any = WrittenCampaign
    for part in where:
        model = _model_in(found)
        if model is None:
            return set()
        found = model if isinstance(part, int) else model.model_fields[part].annotation
    model = _model_in(found)
    return set(model.model_fields) if model else set()


def _every_home(model: type[BaseModel], where: Where) -> list[tuple[Where, set[str]]]:
    homes: list[tuple[Where, set[str]]] = [(where, set(model.model_fields))]
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner is not None:
            homes.extend(_every_home(inner, (*where, name)))
    return homes


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model a field holds, through lists, options and annotations."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, Union, UnionType, Annotated):
        for inner in get_args(annotation):
            model = _model_in(inner)
            if model is not None:
                return model
    return None
