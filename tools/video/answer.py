"""What a provider's server answered, read as data: bounded, without our key, and never trusted to be well formed."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any

_LONGEST_WAIT = 3600.0
_SHORTEST_WAIT = 0.05
_LARGEST_WHOLE = 10**15
_DEAREST = Decimal(1_000_000)
_LONGEST_WORDS = 300
_SHORTEST_SECRET = 4
_SIGNED = re.compile(r"(https?://[^\s?\"'<>]{1,500})\?[^\s\"'<>]+")


@dataclass(frozen=True)
class Answer:
    """One answer. `body` is what its JSON says, None when it is not JSON; numbers with a point are Decimals."""

    status: int
    headers: Mapping[str, str]
    body: Any
    text: str

    @property
    def is_page(self) -> bool:
        """Whether it is a web page: then it comes from a proxy or a site, not from the API."""
        return self.body is None and self.text.lstrip().startswith("<")

    @property
    def error(self) -> tuple[str, str]:
        """The provider's code, or else type, of an error, and what it says. Either may be empty."""
        return read_error(self.body)

    def words(self, secret: str) -> str:
        """What it says, short enough for a sentence, without our key or the signatures of addresses."""
        if self.is_page:
            return "it answered with a web page, not as an API"
        return without_secrets(self.error[1] or self.error[0] or self.text.strip() or "it gave no reason", secret)

    def retry_after(self, now: float) -> float | None:
        """How many seconds it asks us to wait, as a bounded number; None when it does not, or not in a way we read."""
        if (wait := _number(self.headers.get("retry-after-ms"))) is not None:
            return _bounded(wait / 1000)
        said = self.headers.get("retry-after")
        if (wait := _number(said)) is not None:
            return _bounded(wait)
        moment = _date(said)
        return None if moment is None else _bounded(moment - (_date(self.headers.get("date")) or now))

    def poll_after(self, now: float) -> float | None:
        """When it asks us to look again, in seconds."""
        wait = _number(self.headers.get("openai-poll-after-ms"))
        return self.retry_after(now) if wait is None else _bounded(wait / 1000)

    def ahead(self, now: float) -> int:
        """By how many seconds the provider's clock is ahead of ours, as far as it says."""
        theirs = _date(self.headers.get("date"))
        return 0 if theirs is None else round(theirs - now)


def read_answer(status: int, headers: Mapping[str, str], data: bytes) -> Answer:
    """The answer that these bytes are."""
    try:
        body = json.loads(data, parse_float=Decimal)
    except (ValueError, RecursionError):
        body = None
    return Answer(status, headers, body, data[:2000].decode("utf-8", "replace"))


def read_error(body: Any) -> tuple[str, str]:
    """The code and the words of an error, in any of the shapes that servers of this field use."""
    if not isinstance(body, dict):
        return "", ""
    error = body.get("error")
    if isinstance(error, dict):
        return _code(error.get("code"), error.get("type")), _text(error.get("message"))
    said = error or body.get("detail") or body.get("message")
    code = body.get("code") or body.get("error_type")
    first = said[0] if isinstance(said, list) and said else None
    if isinstance(first, dict):
        said, code = first.get("msg"), code or first.get("type")
    return _text(code), _text(said)


def without_secrets(text: str, secret: str) -> str:
    """The text without our key and without the signed part of addresses, cut to what fits a sentence."""
    safe = text.replace(secret, "***") if len(secret) >= _SHORTEST_SECRET else text
    return _SIGNED.sub(r"\1?***", safe)[:_LONGEST_WORDS]


def read_whole(value: Any) -> int | None:
    """A whole number, from a number or from text that is one; None for anything else."""
    number = _number(value)
    return None if number is None or abs(number) > _LARGEST_WHOLE else int(number)


def read_moment(value: Any) -> int:
    """A moment in Unix seconds, from a number or an ISO date; 0 when it is not said in a way we read."""
    if (number := read_whole(value)) is not None:
        return number
    try:
        return int(datetime.fromisoformat(str(value)).timestamp())
    except (ValueError, OverflowError):
        return 0


def read_cost(body: Mapping[str, Any]) -> Decimal | None:
    """What the provider says it billed, from `cost` or `usage.cost`; None when it says none or nothing sensible."""
    usage = body.get("usage")
    said = body.get("cost", usage.get("cost") if isinstance(usage, dict) else None)
    if isinstance(said, bool) or not isinstance(said, int | str | Decimal) or len(str(said)) > 40:
        return None
    try:
        cost = Decimal(said)
    except InvalidOperation:
        return None
    return cost if cost.is_finite() and 0 <= cost <= _DEAREST else None


def _code(code: Any, kind: Any) -> str:
    """The word for an error. Some servers write the HTTP status as the code and the word as the type."""
    is_word = isinstance(code, str) and code != "" and not code.isdigit()
    return _text(code) if is_word or not isinstance(kind, str) or not kind else _text(kind)


def _text(value: Any) -> str:
    return str(value)[:2000] if isinstance(value, str | int) else ""


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _bounded(seconds: float) -> float:
    return min(max(seconds, _SHORTEST_WAIT), _LONGEST_WAIT)


def _date(value: str | None) -> float | None:
    try:
        return parsedate_to_datetime(value or "").timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
