"""The house writes without a model: no key, no network, the same words every time."""

from callsheet.tools.writer.port import T, Task, Written


class HouseWriter:
    """Writes every task in its deterministic version."""

    async def write(self, task: Task[T]) -> Written[T]:
        """Return the task's own house version."""
        return Written(value=task.house(), by="house", prompt=task.shelf.resolve(task.prompt).ref)
