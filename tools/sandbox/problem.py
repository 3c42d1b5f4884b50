"""What the sandbox answers when a request cannot be served: the dialect's error envelope, or no answer at all."""

from starlette.responses import JSONResponse

from callsheet.tools.sandbox.fault import Fault

_SORRY = "The server had an error while processing your request. Sorry about that!"


class Problem(Exception):
    """A request was refused. The message says what to send instead."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.kind, self.param, self.code = status, message, kind, param, code
        self.headers = headers or {}

    def response(self, with_number: bool = False) -> JSONResponse:
        """The answer. Some servers give the HTTP status as the code, and the word for it as the type."""
        kind, code = (self.code or self.kind, self.status) if with_number else (self.kind, self.code)
        error = {"message": self.message, "type": kind, "param": self.param, "code": code}
        return JSONResponse({"error": error}, status_code=self.status, headers=self.headers)


class Severed(Exception):
    """The connection breaks instead of an answer; with `hangs`, only when the caller has waited long enough."""

    def __init__(self, hangs: bool = False) -> None:
        super().__init__("the connection was severed on purpose")
        self.hangs = hangs


def server_error(message: str = _SORRY, status: int = 500) -> Problem:
    """The server's own fault."""
    return Problem(status, message, kind="server_error")


def refusal(fault: Fault) -> Problem:
    """The answer of a fault that strikes before anything has happened."""
    match fault.name:
        case "429":
            return Problem(
                429,
                f"Rate limit reached. Please try again in {fault.argument} s.",
                kind="rate_limit_error",
                code="rate_limit_exceeded",
                headers={"retry-after": fault.argument},
            )
        case "429_quota":
            return Problem(
                429,
                "You exceeded your current quota, please check your plan and billing details.",
                kind="insufficient_quota",
                code="insufficient_quota",
                headers={"x-should-retry": "false"},
            )
        case "sentinel_block":
            return Problem(400, "Something didn't look right with your request.", code="sentinel_block")
        case "gone":
            return Problem(fault.times, "The model does not exist any more.", param="model", code="model_not_found")
        case "503_before":
            return server_error("The engine is currently overloaded, please try again later.", 503)
        case _:
            return server_error()


def lost_answer(fault: Fault) -> Problem | Severed:
    """What comes instead of the answer to a request that was carried out."""
    return server_error() if fault.name == "500_after" else Severed(hangs=fault.name == "hang_after")
