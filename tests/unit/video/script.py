"""A server that answers as it is told and notes what it was asked, for adapters asked for one thing at a time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import httpx

from callsheet.domain.provider import Dialect, Provider, ReferenceSupport, Tier

SECRET = "key-0123456789"
CLIP = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2\x00\x00\x00\x08moov"
NOW = 1_795_000_000.0


@dataclass
class Script:
    """Answers by `METHOD path`; each is a response or an error, given in turn, the last one for ever."""

    answers: Mapping[str, list[httpx.Response | Exception]]
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        at = f"{request.method} {request.url.raw_path.decode()}"
        known = self.answers.get(at) or self.answers.get(f"{request.method} {request.url}")
        if known is None:
            return httpx.Response(404, json={"error": {"code": "not_found", "message": f"nothing at {at}"}})
        answer = known.pop(0) if len(known) > 1 else known[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def client(self, base: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self), base_url=base)

    def body(self, number: int = 0) -> dict[str, Any]:
        """The JSON of a request."""
        return dict(json.loads(self.asked[number].content))

    def hosts_that_saw_the_key(self) -> set[str]:
        return {
            request.url.host
            for request in self.asked
            if SECRET.encode() in b" ".join(value for _, value in request.headers.raw)
        }


def provider(dialect: Dialect, model: str, reference: ReferenceSupport = "first_frame") -> Provider:
    tier = Tier(name="720p", sizes=("720x1280", "1280x720"), per_second=Decimal("0.10"))
    day = date(2026, 11, 22)
    facts = {"dialect": dialect, "lists_jobs": False, "reference": reference}
    return Provider(name="hosted", model=model, as_of=day, source="a test", tiers=(tier,), **facts)


async def public(_: str) -> tuple[str, ...]:
    """Every name lies on the public internet."""
    return ("93.184.215.14",)
