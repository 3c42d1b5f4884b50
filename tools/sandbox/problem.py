"""What the sandbox answers when a request cannot be served: the dialect's error envelope."""

from starlette.responses import JSONResponse


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

    def response(self) -> JSONResponse:
        error = {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}
        return JSONResponse({"error": error}, status_code=self.status, headers=self.headers)


def server_error(message: str, status: int = 500) -> Problem:
    return Problem(status, message, kind="server_error")
