"""A chat server on this machine that says what it was told to say."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


@dataclass
class Server:
    """A chat server that gives scripted answers, one a request, the last one for ever, and keeps what it was asked."""

    url: str
    answers: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        self.asked.append(await request.json())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if "page" in answer:
            return Response(answer["page"], media_type=answer.get("type", "application/json"))
        if "no_form" in answer and "response_format" in self.asked[-1]:
            return JSONResponse({"error": {"message": "response_format is not supported"}}, answer["no_form"])
        if "status" in answer:
            return JSONResponse({"error": {"message": "busy"}}, answer["status"])
        message = {"role": "assistant", "content": answer.get("content"), "refusal": answer.get("refusal")}
        if "calls" in answer:
            message["tool_calls"] = answer["calls"]
        choice = {"index": 0, "message": message, "finish_reason": answer.get("finish", "stop")}
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        body = {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [choice],
            "usage": usage,
        }
        return JSONResponse(body)


@contextmanager
def serving() -> Iterator[Server]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = Server(f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
    app = Starlette(routes=[Route("/v1/chat/completions", server.answer, methods=["POST"])])
    engine = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(engine.serve(sockets=[listener])), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        engine.should_exit = True
        thread.join(5)
        listener.close()
