"""A checker that asks once: what a rule can put right is sent back one time, and put right by the rule after that."""

from collections.abc import Callable, Collection
from typing import Generic, TypeVar

from pydantic import BaseModel

from callsheet.domain.finding import Finding

T = TypeVar("T", bound=BaseModel)


class Insist(Generic[T]):
    """The check of one task. Its first findings stop the answer, so that the model may mend it in its own words.

    Later findings only note, because the caller strikes what they name; those of `hard` rules stop every time.
    """

    def __init__(self, rules: Callable[[T], tuple[Finding, ...]], hard: Collection[str] = ()) -> None:
        self._rules = rules
        self._hard = frozenset(hard)
        self._has_asked = False

    def __call__(self, value: T) -> tuple[Finding, ...]:
        """Everything wrong with an answer."""
        found = self._rules(value)
        if not self._has_asked:
            self._has_asked = bool(found)
            return found
        return tuple(one if one.rule in self._hard else one.model_copy(update={"weight": "notes"}) for one in found)
