"""Checks the written form, and goes on with what is sound, so that one slip does not hide the next."""

from typing import Any, NamedTuple

from pydantic import ValidationError

from callsheet.tools.intake.explain import problems_of, telling
from callsheet.tools.intake.gather import Gathered
from callsheet.tools.intake.problem import Problem
from callsheet.tools.intake.written import WrittenCampaign

NOT_STATED = "not stated"


class Form(NamedTuple):
    """The written campaign; `doubtful` names the keys that had to be left out of it because they are wrong."""

    written: WrittenCampaign
    doubtful: frozenset[str]
    problems: tuple[Problem, ...]


def fill_form(gathered: Gathered) -> Form:
    """Validate the data, dropping what is wrong from it and remembering what was dropped."""
    try:
        return Form(WrittenCampaign.model_validate(gathered.data), frozenset(), ())
    except ValidationError as error:
        problems = problems_of(error, gathered.lines)
        wrong = [tuple(detail["loc"]) for detail in telling(error)]
    doubtful = {_short(where) for where in wrong} | {
        _near(where, problem) for where, problem in zip(wrong, problems, strict=True)
    }
    return Form(WrittenCampaign.model_validate(_without(gathered.data, wrong)), frozenset(doubtful), tuple(problems))


def _without(data: dict[str, Any], wrong: list[tuple[Any, ...]]) -> dict[str, Any]:
    product = data.get("product")
    sound: dict[str, Any] = {**data, "product": dict(product) if isinstance(product, dict) else {}}
    for first, *rest in wrong:
        if first != "product":
            sound.pop(first, None)
        elif rest:
            sound["product"].pop(rest[0], None)
    sound.setdefault("goal", NOT_STATED)
    sound["product"].setdefault("name", NOT_STATED)
    return sound


def _short(where: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in (where[:2] if where[0] == "product" else where[:1]))


def _near(where: tuple[Any, ...], problem: Problem) -> str:
    """The key that a misspelt one was meant to be: its default says nothing either."""
    if problem.nearest is None or len(where) > 2:
        return _short(where)
    return _short((*where[:-1], problem.nearest))
