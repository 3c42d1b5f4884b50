"""A chat model writes, over any OpenAI-compatible server. What it writes is checked, and it may repair it twice."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr, ValidationError

from callsheet.domain.error import ExtraMissing, WrongUse
from callsheet.prompts.prompt import Prompt, load_prompt
from callsheet.prompts.quoting import quote
from callsheet.tools.writer.port import T, Task, WriterFailed, Written

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_openai import ChatOpenAI

_REPAIR = "writer/repair@v1"
_KEPT = 12_000


@dataclass(frozen=True)
class _Answer:
    """One attempt: a value of the right type or the problem, the words it was read from, and what it cost."""

    value: Any
    problem: str
    text: str
    tokens_in: int = 0
    tokens_out: int = 0


class ChatWriter:
    """Writes with a chat model.

    `base_url` is the server's `/v1`; `key` its key (any word for a server without keys); `timeout` seconds a request;
    `repairs` how many times the model may try again with the exact problems in hand. Nothing is retried silently.
    """

    def __init__(
        self, base_url: str, key: str, model: str, *, timeout: float = 60.0, repairs: int = 2, temperature: float = 0.7
    ) -> None:
        if not model:
            raise WrongUse("a chat writer needs a model: set CALLSHEET_CHAT_MODEL")
        _require_extra()
        self._model = model
        self._repairs = repairs
        self._settings = {
            "model": model,
            "base_url": base_url or None,
            "api_key": SecretStr(key),
            "timeout": timeout,
            "temperature": temperature,
            "max_retries": 0,
            "use_responses_api": False,
        }

    async def write(self, task: Task[T]) -> Written[T]:
        """Ask until the answer has the right type and passes the check, or the repairs are used up."""
        import openai
        from langchain_openai import ChatOpenAI

        # A client of its own for each task: one that is kept would outlive the event loop that opened its connections.
        async with openai.DefaultAsyncHttpxClient() as client:
            return await self._converse(ChatOpenAI(**self._settings, http_async_client=client), task)

    async def _converse(self, chat: "ChatOpenAI", task: Task[T]) -> Written[T]:
        prompt = load_prompt(task.prompt)
        opening = _messages(prompt, {name: quote(name, task.inputs[name]) for name in prompt.inputs})
        messages = opening
        answers: list[_Answer] = []
        problems: list[str] = []
        for _ in range(1 + self._repairs):
            answer = await _ask(chat, messages, task.output)
            answers.append(answer)
            problem = answer.problem or "; ".join(map(str, _stopping(task, answer.value)))
            if not problem:
                return Written(
                    value=answer.value,
                    by=self._model,
                    prompt=prompt.ref,
                    attempts=len(answers),
                    tokens_in=sum(each.tokens_in for each in answers),
                    tokens_out=sum(each.tokens_out for each in answers),
                )
            problems.append(problem)
            messages = [*opening, *_repair(answer.text, problem)]
        raise WriterFailed(
            model=self._model,
            prompt=prompt.ref,
            reasons=tuple(problems),
            tokens_in=sum(each.tokens_in for each in answers),
            tokens_out=sum(each.tokens_out for each in answers),
        )


async def _ask(chat: "ChatOpenAI", messages: "list[BaseMessage]", output: type[T]) -> _Answer:
    import openai
    from langchain_openai.chat_models.base import OpenAIRefusalError

    structured = chat.with_structured_output(output, method="json_schema", include_raw=True)
    try:
        reply: Any = await structured.ainvoke(messages)
    except openai.LengthFinishReasonError as cut:
        usage = cut.completion.usage
        spent = (usage.prompt_tokens, usage.completion_tokens) if usage else (0, 0)
        return _Answer(None, "the answer was cut off at the length limit; write less", "", *spent)
    except openai.ContentFilterFinishReasonError:
        return _Answer(None, "the server's content filter stopped the answer", "")
    except OpenAIRefusalError as refusal:
        return _Answer(None, f"the model refused: {refusal}", "")
    except ValidationError as wrong:
        return _Answer(None, _schema_problem(wrong), _input_of(wrong))
    except (openai.APIConnectionError, openai.APIStatusError) as trouble:
        return _Answer(None, f"the server did not answer: {trouble}", "")
    return _read(reply, output)


def _require_extra() -> None:
    if find_spec("langchain_openai") is None:
        raise ExtraMissing("chat", "Writing with a chat model")


def _messages(prompt: Prompt, blocks: dict[str, str]) -> "list[BaseMessage]":
    from langchain_core.messages import HumanMessage, SystemMessage

    system, user = prompt.fill(blocks)
    return [SystemMessage(system), HumanMessage(user)]


def _repair(answer: str, problem: str) -> "list[BaseMessage]":
    """The turn that hands back an answer with its problems; both are material, quoted like any other."""
    blocks = {"answer": quote("answer", answer[:_KEPT]), "problems": quote("problems", problem[:_KEPT])}
    return _messages(load_prompt(_REPAIR), blocks)[1:]


def _stopping(task: Task[T], value: T) -> list[Any]:
    return [finding for finding in task.check(value) if finding.weight == "stops"]


def _read(reply: dict[str, Any], output: type[T]) -> _Answer:
    raw, parsed, error = reply["raw"], reply["parsed"], reply["parsing_error"]
    usage = raw.usage_metadata or {}
    text = raw.content if isinstance(raw.content, str) else ""
    refusal = raw.additional_kwargs.get("refusal")
    problem = ""
    if refusal:
        problem = f"the model refused: {refusal}"
    elif not isinstance(parsed, output):
        problem = f"the answer is not the wanted document: {error or 'it is empty'}"
    return _Answer(parsed, problem, text, usage.get("input_tokens", 0), usage.get("output_tokens", 0))


def _schema_problem(wrong: ValidationError) -> str:
    places = (f"{'.'.join(map(str, error['loc'])) or 'the answer'}: {error['msg']}" for error in wrong.errors())
    return "; ".join(places)


def _input_of(wrong: ValidationError) -> str:
    """What the model had written, as far as the error still knows it."""
    whole = next((error["input"] for error in wrong.errors() if not error["loc"]), "")
    return whole if isinstance(whole, str) else ""
