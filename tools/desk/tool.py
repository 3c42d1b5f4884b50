"""A tool of the desk: a LangChain tool whose answers are typed, and whose errors are answers."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar

from langchain_core.tools import BaseTool, ToolException
from pydantic import BaseModel, ConfigDict, ValidationError

from callsheet.domain.error import CallsheetError, NotFound, ProviderTrouble, Refused, WrongUse
from callsheet.tools.desk.answer import Answer, Trouble, plain, refusal, text, written

A = TypeVar("A", bound=BaseModel)
_LOG = logging.getLogger("callsheet.tools.desk")
_MOST_FAULTS = 5


class Asked(BaseModel):
    """The arguments of a tool. One that it does not know is refused, never overlooked."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DeskTool(BaseTool):
    """One thing a model may ask or do. It answers with JSON text; the same as plain data is the artifact.

    It never raises: what went wrong is the answer `{"error": {"what", "where", "do"}}`, with the status error.
    `answers` is the shape of its answers, `changes` says whether asking can change anything, `begins_anew` whether
    asking again may do it again.
    """

    asked: type[BaseModel]
    answers: type[Answer]
    work: Callable[[Any], Awaitable[Answer]]
    changes: bool = False
    begins_anew: bool = False
    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"

    @property
    def tool_call_schema(self) -> type[BaseModel]:
        """The arguments as a model is shown them: whole, with the refusal of unknown ones."""
        return self.asked

    def _run(self, **_given: Any) -> Any:
        do = "ask with ainvoke, or run the graph with ainvoke or astream"
        raise _no(Trouble(what="this tool works in an event loop only", where=self.name, do=do))

    async def _arun(self, **given: Any) -> tuple[str, dict[str, Any]]:
        try:
            answer = await self.work(self.asked.model_validate(given))
        except CallsheetError as error:
            raise _no(Trouble(what=str(error), where=self.name, do=_remedy(error))) from error
        except Exception as error:
            _LOG.exception("the tool %s failed", self.name)
            what = f"something went wrong that nobody foresaw ({type(error).__name__})"
            do = "tell the person you work for; the log of the workspace says where it broke"
            raise _no(Trouble(what=what, where=self.name, do=do)) from error
        data = plain(answer.model_dump(mode="json"))
        return written(data), data


def desk_tool(
    name: str,
    description: str,
    asked: type[A],
    answers: type[Answer],
    work: Callable[[A], Awaitable[Answer]],
    *,
    changes: bool = False,
    begins_anew: bool = False,
) -> DeskTool:
    """Put a tool together. `work` is given checked arguments, and raises errors of the house."""
    return DeskTool(
        name=name,
        description=description,
        args_schema=asked,
        asked=asked,
        answers=answers,
        work=work,
        changes=changes,
        begins_anew=begins_anew,
        handle_tool_error=str,
        handle_validation_error=lambda invalid: refusal(_unreadable(name, invalid)),
    )


def _no(trouble: Trouble) -> ToolException:
    return ToolException(refusal(trouble))


def _unreadable(name: str, invalid: Any) -> Trouble:
    faults = invalid.errors(include_input=False, include_url=False) if isinstance(invalid, ValidationError) else []
    said = [f"{'.'.join(text(str(part), 40) for part in one['loc'])}: {text(one['msg'], 160)}" for one in faults]
    more = f"; and {len(said) - _MOST_FAULTS} more" if len(said) > _MOST_FAULTS else ""
    what = "the arguments cannot be used: " + "; ".join(said[:_MOST_FAULTS]) + more
    return Trouble(what=what, where=name, do="ask again with arguments that fit the schema of the tool")


def _remedy(error: CallsheetError) -> str:
    match error:
        case NotFound():
            return "ask again with a name that exists"
        case WrongUse():
            return "change what you asked for, or leave it to a person"
        case Refused():
            return "a law of the house says no; only a person can change what it rests on"
        case ProviderTrouble():
            return "ask again later"
        case _:
            return "put right what the sentence names, then ask again"
