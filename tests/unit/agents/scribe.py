"""A writer for tests: it hands out what it was told to, whatever its task's form and check say, and keeps the tasks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from callsheet.domain.finding import Finding
from callsheet.tools.writer.port import T, Task, Written

Answer = BaseModel | Callable[[Task[Any]], BaseModel]


@dataclass
class Scribe:
    """Gives its answers in turn, the last one for ever; without any, the house's. `by` is who it says it is."""

    answers: list[Answer] = field(default_factory=list)
    by: str = "model-x"
    tasks: list[Task[Any]] = field(default_factory=list)

    async def write(self, task: Task[T]) -> Written[T]:
        """The next answer, unchecked."""
        self.tasks.append(task)
        answer: Any = task.house()
        if self.answers:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            answer = answer if isinstance(answer, BaseModel) else answer(task)
        return Written(value=answer, by=self.by, prompt=task.shelf.resolve(task.prompt).ref, tokens_in=5, tokens_out=3)


def stopping(task: Task[Any], value: BaseModel) -> list[Finding]:
    """What a task's check would send a model back for."""
    return [finding for finding in task.check(value) if finding.weight == "stops"]
