"""What happens at every door, whatever is spoken there: a key is checked, an order read, a refusal put in its words."""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from callsheet.tools.sandbox.order import Order
from callsheet.tools.sandbox.problem import Problem
from callsheet.tools.sandbox.service import Service

Handler = Callable[[Request], Awaitable[Response]]
_LARGEST_BODY = 32 * 1024 * 1024


def spoken(handler: Handler, say: Callable[[Problem], Response]) -> Handler:
    """A handler whose problems are answered in the words of its own wire."""

    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except Problem as problem:
            return say(problem)

    return answered


def check_key(service: Service, shown: str | None) -> None:
    """Raises Problem when the sandbox wants a key and this is not it."""
    if service.settings.api_key not in (None, shown):
        raise Problem(401, "The API key is missing or invalid.", code="authentication")


async def read_body(request: Request) -> dict[str, Any]:
    """The request as JSON, and an object. Raises Problem."""
    if int(request.headers.get("content-length") or 0) > _LARGEST_BODY:
        raise Problem(413, "The request is larger than 32 MiB.")
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise Problem(400, "The body is not valid JSON.", code="invalid_request") from None
    if not isinstance(body, dict):
        raise Problem(400, "The body must be a JSON object.", code="invalid_request")
    return body


def read_order(
    service: Service, prompt: object, model: str, seconds: object, size: str, reference: bytes | None
) -> Order:
    """A checked order. Raises Problem when it is not on sale."""
    settings = service.settings
    if model not in settings.models:
        raise Problem(404, f"There is no model '{model}'.", param="model", code="model_not_found")
    if not isinstance(prompt, str) or not prompt.strip():
        raise Problem(400, "The prompt is missing.", param="prompt", code="invalid_request")
    if type(seconds) is not int or seconds not in settings.sold_seconds:
        raise Problem(400, f"The duration {seconds!r} is not sold.", param="duration", code="invalid_request")
    if size not in settings.sizes:
        raise Problem(400, f"The size {size} is not sold.", param="resolution", code="invalid_request")
    return Order(prompt, model, seconds, size, reference)


def size_of(short_side: int, aspect_ratio: object) -> str:
    """The pixels of a frame that is named by its shorter side and its shape."""
    try:
        width, height = (int(part) for part in str(aspect_ratio).split(":"))
        unit = short_side / min(width, height)
    except (ValueError, ZeroDivisionError):
        raise Problem(
            400, f"There is no shape {aspect_ratio!r}.", param="aspect_ratio", code="invalid_request"
        ) from None
    return f"{round(width * unit)}x{round(height * unit)}"


def read_picture(encoded: object) -> bytes:
    """The bytes of a reference picture. Raises Problem."""
    try:
        return base64.b64decode(str(encoded), validate=True)
    except (binascii.Error, ValueError):
        raise Problem(400, "The picture is not valid base64.", param="image", code="invalid_request") from None
