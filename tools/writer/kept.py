"""A writer that asks another one once for each task of a run: what is written and paid for outlives a crash."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from callsheet.domain.budget import OverBudget
from callsheet.domain.campaign import Cap
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.money import Money
from callsheet.domain.writing import CHARACTERS_A_TOKEN, UNPRICED, Price, WordPrice, WordsWritten, price_of
from callsheet.storage import words
from callsheet.storage.database import Database
from callsheet.storage.words import Held, KeptWords
from callsheet.tools.writer.house import HouseWriter
from callsheet.tools.writer.port import T, Task, Writer, WriterFailed, Written

RUN: ContextVar[str] = ContextVar("run", default="")
"""The run that is being written for. Outside a run nothing is kept, and nothing is booked."""

WISH: ContextVar[str] = ContextVar("wish", default="")
"""What a person noted when the model was asked once more."""

BY_HOUSE: ContextVar[bool] = ContextVar("by_house", default=False)
"""Whether people chose the house's version for what is being written."""


MOST_WRITTEN = 4_000
"""The most tokens a model writes to ask for what it looks up: our own figure, for seven turns."""

_PROBLEMS = 12_000
"""The most characters of problems, and of tools' forms, that an attempt reads beside the question."""


@contextmanager
def by_the_house() -> Iterator[None]:
    """What is written inside is written by the house, whoever writes otherwise."""
    token = BY_HOUSE.set(True)
    try:
        yield
    finally:
        BY_HOUSE.reset(token)


@dataclass(frozen=True)
class Books:
    """Where words are paid from: what the model costs, whose account's day it is, and the cap of that day.

    `lookups` is the most tokens that looking things up with tools reads before an answer.
    """

    price: Price = UNPRICED
    account: str = ""
    day_cap: Cap | None = None
    lookups: int = 0


class KeptWriter:
    """Writes with another writer, and keeps what it wrote at once, with what it cost, under the caps on money.

    A step that is done again, after a crash or in a later round, gets the answer it already has: no tokens, no attempt.
    What legal or consent has changed since is checked again, and an answer that no longer holds is asked for anew.
    """

    def __init__(self, writer: Writer, database: Database, books: Books = Books()) -> None:
        self._writer = writer
        self._database = database
        self._books = books

    async def write(self, task: Task[T]) -> Written[T]:
        """The answer this run has to the task, or a new one. Raises WriterFailed, also where a cap is in the way."""
        if BY_HOUSE.get():
            return await HouseWriter().write(task)
        run = RunId(RUN.get())
        if not run:
            return await self._writer.write(task)
        key = task_digest(task)
        known = await self._database.read(lambda tx: words.recall(tx, run, key))
        if known is not None and (value := _read(task, known)) is not None:
            return Written(value=value, by=known.by, prompt=known.prompt, attempts=0)
        held = await self._reserve(run, key, task)
        try:
            written = await self._writer.write(task)
        except WriterFailed as failed:
            said = self._said(key, failed.prompt, failed.model, (failed.tokens_in, failed.tokens_out), None)
            said = said.model_copy(update={"attempts": len(failed.reasons)})
            await self._database.write(lambda tx: words.write_down(tx, run, said, held))
            raise
        except Exception:
            await self._database.write(lambda tx: words.write_off(tx, run))  # nobody can say what was written
            raise
        answer = KeptWords(task=key, by=written.by, prompt=written.prompt, answer=written.value.model_dump_json())

        def book(tx: Any) -> None:
            kept = words.keep(tx, run, answer)
            said = self._said(key, written.prompt, written.by, (written.tokens_in, written.tokens_out), kept)
            words.write_down(tx, run, said.model_copy(update={"attempts": written.attempts}), held)

        await self._database.write(book)
        return written

    async def _reserve(self, run: RunId, key: Digest, task: Task[Any]) -> Held | None:
        """Hold the most that the task may cost. Nothing is held for a model without a price where no cap is."""
        price = self._books.price
        if not isinstance(price, WordPrice):
            if await self._database.read(lambda tx: words.capped(tx, run, self._books.day_cap)):
                raise WriterFailed(
                    model="the chat model", prompt=task.prompt, reasons=(f"money is capped, and it has {price}",)
                )
            return None
        read, written = _most(task, price.thinking)
        most = price.of(read + self._books.lookups, written + (MOST_WRITTEN if self._books.lookups else 0))
        if not most.amount:
            return None
        held = await self._database.write(
            lambda tx: words.reserve(tx, run, key, most, self._books.account, self._books.day_cap)
        )
        if isinstance(held, OverBudget):
            reason = str(held).replace("this take needs", "writing it may need")
            raise WriterFailed(model="the chat model", prompt=task.prompt, reasons=(reason,))
        return held

    def _said(self, key: Digest, prompt: str, by: str, tokens: tuple[int, int], answer: Digest | None) -> WordsWritten:
        money = price_of(self._books.price, *tokens)
        return WordsWritten(
            prompt=prompt,
            by=by,
            attempts=1,
            input_tokens=tokens[0],
            output_tokens=tokens[1],
            is_usable=answer is not None,
            money=money if isinstance(money, Money) else None,
            task=key,
            answer=answer,
        )


def task_digest(task: Task[Any]) -> Digest:
    """What a task asks, as a hash: the exact words of its prompt, its data, and the form of its answer."""
    asked = {
        "prompt": task.shelf.resolve(task.prompt).ref,
        "inputs": task.inputs,
        "form": task.output.model_json_schema(),
    }
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Digest(hashlib.sha256(text.encode()).hexdigest())


def _most(task: Task[Any], thinking: int) -> tuple[int, int]:
    """The most tokens a task reads and writes over all attempts: a repair reads the last answer and its problems."""
    prompt = task.shelf.resolve(task.prompt)
    form = json.dumps(task.output.model_json_schema())
    said = "".join((prompt.system, prompt.user, json.dumps(task.inputs, ensure_ascii=False), form * 2))
    foreign = sum(not letter.isascii() for letter in said)
    once = len(said) // CHARACTERS_A_TOKEN + 2 * foreign + _PROBLEMS // CHARACTERS_A_TOKEN
    return task.attempts * (once + task.longest), task.attempts * (task.longest + thinking)


def _read(task: Task[T], known: KeptWords) -> T | None:
    """The kept answer, if it is still one: of the right type, and passing the task's check as it stands now.

    A check may insist once and then let pass what a rule puts right; the kept answer has been through that.
    """
    try:
        value = task.output.model_validate_json(known.answer)
    except ValidationError:
        return None
    task.check(value)
    return None if any(finding.weight == "stops" for finding in task.check(value)) else value
