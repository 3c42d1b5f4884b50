"""A create request, read and checked: JSON or multipart in, a clean order or a refusal out."""

import asyncio
import base64
import binascii
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError
from starlette.datastructures import UploadFile
from starlette.requests import Request

from callsheet.tools.sandbox.problem import Problem
from callsheet.tools.sandbox.settings import SandboxSettings

_PROMPT_LIMIT = 32_000
_TEXTS = ("prompt", "negative_prompt", "model", "seconds", "size")
_PICTURE_LIMIT = 20_971_520
_BODY_LIMIT = 32 * 1024 * 1024
_WHOLE, _SIZE = re.compile(r"[1-9][0-9]{0,5}"), re.compile(r"[1-9][0-9]{1,4}x[1-9][0-9]{1,4}")
_LONGEST, _NARROWEST, _WIDEST = 60, 64, 2160
_MISMATCH = "Inpaint image must match the requested width and height"


@dataclass(frozen=True)
class Order:
    """What a caller wants to buy."""

    prompt: str
    model: str
    seconds: int
    size: str
    reference: bytes | None
    negative_prompt: str = ""

    @property
    def digest(self) -> str:
        """Names the request: two equal orders have the same digest."""
        reference = hashlib.sha256(self.reference).hexdigest() if self.reference else ""
        parts = [self.prompt, self.model, str(self.seconds), self.size, reference, self.negative_prompt]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


async def read_order(request: Request, settings: SandboxSettings) -> Order:
    """Read and check a create request. Raises Problem with the dialect's own 400 answers."""
    if int(request.headers.get("content-length") or 0) > _BODY_LIMIT:
        raise Problem(413, "The request body is larger than 32 MiB. Send a smaller reference picture.")
    fields, picture = await _fields(request, settings)
    prompt = fields.get("prompt", "")
    if not prompt.strip() or len(prompt) > _PROMPT_LIMIT:
        raise Problem(400, f"prompt must have 1 to {_PROMPT_LIMIT} characters.", param="prompt")
    model = fields.get("model") or settings.models[0]
    if model not in settings.models:
        names = ", ".join(settings.models)
        raise Problem(400, f"There is no model '{model}'. Use {names}.", param="model", code="model_not_found")
    seconds = fields.get("seconds") or str(settings.sold_seconds[0])
    size = fields.get("size") or settings.sizes[0]
    if settings.manners.sells_anything:
        _check_bounds(seconds, size)
    else:
        _check_sold("seconds", seconds, settings.sold_seconds)
        _check_sold("size", size, settings.sizes)
    if picture is not None:
        await asyncio.to_thread(_check_picture, picture, size)
    return Order(prompt, model, int(seconds), size, picture, fields.get("negative_prompt", ""))


def _check_sold(name: str, value: str, sold: Sequence[object]) -> None:
    if value not in {str(one) for one in sold}:
        choices = ", ".join(f"'{one}'" for one in sold)
        raise Problem(400, f"Invalid value: '{value}'. Supported values are: {choices}.", param=name)


def _check_bounds(seconds: str, size: str) -> None:
    """What a server that sells anything still cannot draw."""
    if not _WHOLE.fullmatch(seconds) or int(seconds) > _LONGEST:
        raise Problem(400, f"seconds must be a whole number from 1 to {_LONGEST}.", param="seconds")
    sides = [int(side) for side in size.split("x")] if _SIZE.fullmatch(size) else []
    if not sides or any(side % 2 or not _NARROWEST <= side <= _WIDEST for side in sides):
        message = f"size must be WIDTHxHEIGHT, both even numbers from {_NARROWEST} to {_WIDEST}."
        raise Problem(400, message, param="size")


async def _fields(request: Request, settings: SandboxSettings) -> tuple[dict[str, str], bytes | None]:
    if request.headers.get("content-type", "").startswith("multipart/"):
        return await _from_form(request)
    if not settings.manners.takes_json:
        raise Problem(422, "Field required: prompt. This server reads multipart/form-data only.", param="prompt")
    try:
        body = json.loads(await request.body())
    except (ValueError, UnicodeDecodeError):
        raise Problem(400, "The body is neither multipart/form-data nor valid JSON.") from None
    if not isinstance(body, dict):
        raise Problem(400, "The body must be a JSON object.")
    if settings.manners.sells_anything and type(body.get("seconds")) is int:
        body["seconds"] = str(body["seconds"])
    texts = {name: _text(name, body[name]) for name in _TEXTS if body.get(name) is not None}
    return texts, _picture_of(body.get("input_reference"))


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise Problem(400, f"Invalid type for '{name}': expected a string.", param=name, code="invalid_type")
    return value


async def _from_form(request: Request) -> tuple[dict[str, str], bytes | None]:
    texts: dict[str, str] = {}
    picture: bytes | None = None
    pointer: dict[str, str] = {}
    async with request.form(max_files=4, max_fields=64, max_part_size=_PICTURE_LIMIT) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                picture = await value.read() if name == "input_reference" else picture
            elif name.startswith("input_reference[") and name.endswith("]"):
                pointer[name[len("input_reference[") : -1]] = value
            elif name == "input_reference":
                raise Problem(400, "input_reference must be a file.", param="input_reference")
            else:
                texts[name] = value
    return texts, picture if picture is not None else _picture_of(pointer or None)


def _picture_of(pointer: object) -> bytes | None:
    """The bytes behind `{"image_url": "data:..."}`."""
    if pointer is None:
        return None
    given: Mapping[str, object] = pointer if isinstance(pointer, dict) else {}
    if ("image_url" in given) == ("file_id" in given):
        raise Problem(400, "input_reference takes exactly one of image_url and file_id.", param="input_reference")
    url = given.get("image_url")
    if not isinstance(url, str) or not url.startswith("data:image/"):
        raise Problem(400, "This server takes input_reference.image_url as a data URL only.", param="input_reference")
    head, _, payload = url.partition(",")
    if not head.endswith(";base64") or len(payload) > _PICTURE_LIMIT:
        raise Problem(400, "input_reference.image_url must be base64 and at most 20 MiB.", param="input_reference")
    try:
        return base64.b64decode(payload, validate=True)
    except binascii.Error:
        raise Problem(400, "input_reference.image_url is not valid base64.", param="input_reference") from None


def _check_picture(data: bytes, size: str) -> None:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            found = f"{picture.width}x{picture.height}"
            if found != size:
                raise Problem(400, _MISMATCH)
            picture.load()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise Problem(400, "input_reference must be a JPEG, PNG or WebP picture.", param="input_reference") from None
