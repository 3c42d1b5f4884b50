"""A chat model writes, over any OpenAI-compatible server. What it writes is checked, and it may repair it twice."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from callsheet.domain.error import ExtraMissing, WrongUse
from callsheet.prompts.prompt import Prompt
from callsheet.prompts.quoting import quote
from callsheet.tools.writer.answer import Answer, Away, FormRefused, ask, form_of
from callsheet.tools.writer.kept import RUN, WISH
from callsheet.tools.writer.port import T, Task, WriterFailed, Written
from callsheet.tools.writer.tooling import looked_up

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.tools import BaseTool
    from langchain_openai import ChatOpenAI

_REPAIR = "writer/repair"
_TOOLS, _WISH, _FORM = "writer/tools", "writer/wish", "writer/form"
_KEPT = 12_000
_WAITS = (2.0, 8.0)
"""Seconds between tries while a server does not answer: our own figure, for a server that is being restarted."""


@dataclass
class _Talk:
    """What has been said and paid so far for one task."""

    answers: list[Answer] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def tokens_in(self) -> int:
        return sum(each.tokens_in for each in self.answers)

    @property
    def tokens_out(self) -> int:
        return sum(each.tokens_out for each in self.answers)


class ChatWriter:
    """Writes with a chat model.

    `base_url` is the server's `/v1`; `key` its key (any word for a server without keys); `timeout` seconds a request;
    `waits` the seconds between tries of a server that does not answer; `temperature` 0 to 2, none: the server's own.
    `responses` asks over the Responses API instead of chat completions. `thinking` is how many tokens a model that
    reasons may think before each answer. `tools` may be looked things up with before it answers. Nothing is retried
    silently.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        model: str,
        *,
        timeout: float = 60.0,
        temperature: float | None = 0.7,
        responses: bool = False,
        thinking: int = 0,
        tools: "Sequence[BaseTool]" = (),
        waits: Sequence[float] = _WAITS,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        if not model:
            raise WrongUse("a chat writer needs a model: set CALLSHEET_CHAT_MODEL")
        _require_extra()
        self._model = model
        self._tools = tuple(tools)
        self._waits = tuple(waits)
        self._sleep = sleep
        self._thinking = thinking
        self._settings = {
            "model": model,
            "base_url": base_url or None,
            "api_key": SecretStr(key),
            "timeout": timeout,
            "temperature": temperature,
            "max_retries": 0,
            "use_responses_api": responses,
        }

    async def write(self, task: Task[T]) -> Written[T]:
        """Ask until the answer has the right type and passes the check, or the repairs are used up."""
        import openai
        from langchain_openai import ChatOpenAI

        # A client of its own for each task: one that is kept would outlive the event loop that opened its connections.
        async with openai.DefaultAsyncHttpxClient() as client:
            settings: dict[str, Any] = {**self._settings, "max_tokens": task.longest + self._thinking}
            settings["http_async_client"] = client
            return await self._converse(ChatOpenAI(**settings), task)

    async def _converse(self, chat: "ChatOpenAI", task: Task[T]) -> Written[T]:
        prompt = task.shelf.resolve(task.prompt)
        opening = _messages(prompt, prompt.blocks(task.inputs))
        if WISH.get():
            wish = task.shelf.resolve(_WISH)
            opening = [*opening, *_messages(wish, wish.blocks({"note": WISH.get()}))[1:]]
        talk, plain = _Talk(), False
        if self._tools:
            asked = [*opening, *_about_tools(task.shelf.resolve(_TOOLS))]
            found = await self._reaching(prompt, talk, partial(looked_up, chat, self._tools, asked, talk.answers))
            opening = [*opening, *found]
        messages = opening
        for _ in range(max(1, task.attempts)):
            try:
                answer = await self._reaching(prompt, talk, partial(ask, chat, messages, task.output, plain=plain))
            except FormRefused:
                plain, opening = True, [*opening, *_in_words(task)]
                messages = opening
                answer = await self._reaching(prompt, talk, partial(ask, chat, messages, task.output, plain=True))
            talk.answers.append(answer)
            problem = answer.problem or "; ".join(map(str, _stopping(task, answer.value)))
            if not problem:
                return Written(
                    value=answer.value,
                    by=self._model,
                    prompt=prompt.ref,
                    attempts=len(talk.problems) + 1,
                    tokens_in=talk.tokens_in,
                    tokens_out=talk.tokens_out,
                )
            talk.problems.append(problem)
            messages = [*opening, *_repair(task.shelf.resolve(_REPAIR), answer.text, problem)]
        raise self._failed(prompt, talk)

    async def _reaching(self, prompt: Prompt, talk: _Talk, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do it, and again after each wait while the server does not answer: that is no fault of the answer."""
        for wait in (*self._waits, None):
            try:
                return await work()
            except Away as away:
                if wait is None or not away.may_pass:
                    talk.problems.append(str(away))
                    raise self._failed(prompt, talk, is_away=True) from away
                await self._sleep(wait)
        raise AssertionError("unreachable: the last try returns or raises")

    def _failed(self, prompt: Prompt, talk: _Talk, *, is_away: bool = False) -> WriterFailed:
        return WriterFailed(
            model=self._model,
            prompt=prompt.ref,
            reasons=tuple(talk.problems),
            tokens_in=talk.tokens_in,
            tokens_out=talk.tokens_out,
            is_away=is_away,
        )


def _require_extra() -> None:
    if find_spec("langchain_openai") is None:
        raise ExtraMissing("chat", "Writing with a chat model")


def _messages(prompt: Prompt, blocks: dict[str, str]) -> "list[BaseMessage]":
    from langchain_core.messages import HumanMessage, SystemMessage

    system, user = prompt.fill(blocks)
    return [SystemMessage(system), HumanMessage(user)]


def _repair(prompt: Prompt, answer: str, problem: str) -> "list[BaseMessage]":
    """The turn that hands back an answer with its problems; both are material, quoted like any other."""
    blocks = {"answer": quote("answer", answer[:_KEPT]), "problems": quote("problems", problem[:_KEPT])}
    return _messages(prompt, blocks)[1:]


def _in_words(task: Task[Any]) -> "list[BaseMessage]":
    """The turn that asks for the form of the answer where the server takes no schema."""
    prompt = task.shelf.resolve(_FORM)
    return _messages(prompt, prompt.blocks({"form": form_of(task.output)["schema"]}))[1:]


def _about_tools(prompt: Prompt) -> "list[BaseMessage]":
    """The turn that says what the tools are for, and which run they are asked about."""
    return _messages(prompt, prompt.blocks({"run": RUN.get()}))[1:]


def _stopping(task: Task[T], value: T) -> list[Any]:
    return [finding for finding in task.check(value) if finding.weight == "stops"]
