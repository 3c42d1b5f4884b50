"""The writer turns a task into a typed result. Who writes, a model or the house, is nobody else's concern.

WriterFailed               the model gave nothing usable within its attempts; the reasons are kept
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from callsheet.domain.error import ProviderTrouble
from callsheet.domain.finding import Finding
from callsheet.prompts.shelf import SHIPPED, Shelf

T = TypeVar("T", bound=BaseModel)


def approve(_value: BaseModel) -> tuple[Finding, ...]:
    """The check of a task that has no rules beyond its type."""
    return ()


@dataclass(frozen=True)
class Task(Generic[T]):
    """What is to be written.

    `prompt` is an address such as `director/shot`, and `shelf` says which words that is for this campaign; `inputs` are
    plain JSON data for its slots; `output` is the type wanted; `house` writes it without a model; `check` says what is
    wrong with an answer that has the right type. `longest` is the most tokens an answer may have, `attempts` how often
    a model may try, repairs included.
    """

    prompt: str
    inputs: Mapping[str, Any]
    output: type[T]
    house: Callable[[], T]
    check: Callable[[T], tuple[Finding, ...]] = approve
    longest: int = 2000
    attempts: int = 3
    shelf: Shelf = SHIPPED


@dataclass(frozen=True)
class Written(Generic[T]):
    """What was written, by whom (`house` or a model's name), from which exact words, and what it cost in tokens."""

    value: T
    by: str
    prompt: str
    attempts: int = 1
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass
class WriterFailed(ProviderTrouble):
    """The model gave nothing usable, or its server is away. `reasons` says why, attempt by attempt."""

    model: str
    prompt: str
    reasons: Sequence[str]
    tokens_in: int = 0
    tokens_out: int = 0
    is_away: bool = False
    message: str = field(init=False)

    def __post_init__(self) -> None:
        listed = "; ".join(f"attempt {number}: {reason}" for number, reason in enumerate(self.reasons, 1))
        self.message = (
            f"{self.model} could not write {self.prompt} ({listed}). "
            "Go on with the house version, or try another CALLSHEET_CHAT_MODEL."
        )
        super().__init__(self.message)


class Writer(Protocol):
    """Writes a task."""

    async def write(self, task: Task[T]) -> Written[T]:
        """Return a value of the task's type that passes its check. Raises WriterFailed."""
        ...
