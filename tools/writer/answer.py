"""One question to a chat server, and what came of it: a value of the right type, or exactly what was wrong with it.

Away                       the server did not answer; nothing was written, and the same question may be asked again
FormRefused                the server takes no schema; the form can be asked for in words
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from callsheet.domain.error import ProviderTrouble
from callsheet.domain.writing import CHARACTERS_A_TOKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.messages import BaseMessage
    from langchain_openai import ChatOpenAI

_PASSING = frozenset({408, 409, 425, 429})
_SERVERS_OWN = 500
NO_COMPLETION = (AttributeError, TypeError, LookupError, ValueError)
"""What the client breaks with when something answers that is no chat server: a page, half a document, nothing."""


class Away(ProviderTrouble):
    """The chat server did not answer. Look whether it runs and whether CALLSHEET_CHAT_URL is right; then go on."""

    def __init__(self, said: str, *, may_pass: bool) -> None:
        super().__init__(said)
        self.may_pass = may_pass


class FormRefused(ProviderTrouble):
    """The chat server does not take the form of an answer. Ask for it in words."""


@dataclass(frozen=True)
class Answer:
    """One attempt: a value of the right type or the problem, the words it was read from, and what it cost."""

    value: Any
    problem: str
    text: str = ""
    tokens_in: int = 0
    tokens_out: int = 0


async def ask(
    chat: "ChatOpenAI", messages: "Sequence[BaseMessage]", output: type[BaseModel], *, plain: bool = False
) -> Answer:
    """Ask once for a value of that type, `plain` in words alone. Raises Away, and FormRefused where not plain."""
    import openai
    from langchain_openai.chat_models.base import OpenAIRefusalError

    # As a plain schema: given the type itself, the client raises on a wrong answer and forgets what it cost.
    asked: Any = chat
    if not plain:
        asked = chat.with_structured_output(form_of(output), method="json_schema", strict=True, include_raw=True)
    try:
        reply: Any = await asked.ainvoke(list(messages))
    except openai.LengthFinishReasonError as cut:
        return Answer(None, "the answer was cut off at the length limit; write less", "", *_usage_of(cut))
    except openai.ContentFilterFinishReasonError:
        return Answer(None, "the server's content filter stopped the answer", "", _about(messages))
    except OpenAIRefusalError as refusal:
        return Answer(None, f"the model refused: {refusal}")
    except (openai.BadRequestError, openai.UnprocessableEntityError) as trouble:
        if not plain:
            raise FormRefused(str(trouble)) from trouble
        raise away(trouble) from trouble
    except (openai.APIConnectionError, openai.APIStatusError) as trouble:
        raise away(trouble) from trouble
    except NO_COMPLETION as trouble:
        raise Away(f"the server did not answer like a chat server: {trouble!r:.200}", may_pass=True) from trouble
    return _read(reply if plain else reply["raw"], output)


def form_of(output: type[BaseModel]) -> dict[str, Any]:
    """The form of the answer, as servers take it that decode by schema: every field required, nothing beside them."""
    import openai

    tool = openai.pydantic_function_tool(output, name=output.__name__)["function"]
    return {"name": tool["name"], "schema": tool.get("parameters", {}), "strict": True}


def away(trouble: Exception) -> Away:
    """Why there was no answer, and whether it may pass by itself."""
    status = getattr(trouble, "status_code", 0)
    passes = not status or status in _PASSING or status >= _SERVERS_OWN
    return Away(f"the server did not answer: {trouble}", may_pass=passes)


def schema_problem(wrong: ValidationError) -> str:
    """Every place where an answer is not the wanted document, and what is wrong there."""
    places = (f"{'.'.join(map(str, error['loc'])) or 'the answer'}: {error['msg']}" for error in wrong.errors())
    return "; ".join(places)


def _read(raw: Any, output: type[BaseModel]) -> Answer:
    usage = raw.usage_metadata or {}
    cost = (usage.get("input_tokens", 0), usage.get("output_tokens", 0))
    text = raw.text if isinstance(raw.text, str) else ""
    if refusal := raw.additional_kwargs.get("refusal"):
        return Answer(None, f"the model refused: {refusal}", text, *cost)
    try:
        return Answer(output.model_validate_json(text), "", text, *cost)
    except ValidationError as wrong:
        return _rescued(text, output, *cost) or Answer(None, schema_problem(wrong), text, *cost)


def _rescued(text: str, output: type[BaseModel], *cost: int) -> Answer | None:
    """The document inside an answer that wraps it in words or in a code fence, as servers without schemas send it."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(text[start:])
        return Answer(output.model_validate(found), "", text, *cost)
    except (ValueError, RecursionError):  # what is no JSON, or not the document, is told as it came
        return None


def _about(messages: "Sequence[BaseMessage]") -> int:
    """About how many tokens the question had, where the client does not say: rather too many."""
    return sum(len(str(one.content)) for one in messages) // CHARACTERS_A_TOKEN


def _usage_of(cut: Any) -> tuple[int, int]:
    usage = cut.completion.usage
    return (usage.prompt_tokens, usage.completion_tokens) if usage else (0, 0)
