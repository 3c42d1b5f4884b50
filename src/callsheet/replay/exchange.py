"""How exchanges lie in a recording: a vcrpy cassette in YAML, with large and binary bodies as side files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from callsheet.replay import media
from callsheet.replay.error import RecordingUnusable
from callsheet.replay.recording import EXCHANGES, MEDIA, read_yaml

LARGE = 32_768
"""Bytes from which on a body is a side file."""
FOR = "x-callsheet-for"
"""The take that a request was made for, noted beside its headers and never sent."""
NO_ANSWER = "x-callsheet-no-answer"
"""In place of an answer that never came: what kind of silence it was."""
_VERSION = 1


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, scrubbed. `headers` of the answer may come several times each."""

    method: str
    uri: str
    asked: Mapping[str, str]
    question: bytes
    status: int
    message: str
    headers: Mapping[str, Sequence[str]]
    answer: bytes

    @property
    def path(self) -> str:
        """The path on its server."""
        return urlsplit(self.uri).path

    @property
    def key(self) -> str:
        """The idempotency key it was sent with, or nothing."""
        return self.asked.get("idempotency-key", "")

    @property
    def take(self) -> str:
        """The ledger chain of the take that it was made for, or nothing."""
        return self.asked.get(FOR, "")

    @property
    def silence(self) -> str:
        """What kind of silence came instead of an answer, or nothing."""
        return next(iter(self.headers.get(NO_ANSWER, ())), "")

    def __str__(self) -> str:
        came = f"no answer ({self.silence})" if self.silence else str(self.status)
        return f"{self.method} {self.path} -> {came}"


def write_exchanges(folder: Path, exchanges: Sequence[Exchange]) -> None:
    """Write all exchanges of a recording, the same bytes for the same exchanges."""
    import yaml

    plain = {"version": _VERSION, "interactions": [_written(folder, one) for one in exchanges]}
    text = yaml.dump(plain, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=120)
    (folder / EXCHANGES).write_text(text, encoding="utf-8")


def read_exchanges(folder: Path) -> tuple[Exchange, ...]:
    """All exchanges of a recording, side files included. Raises RecordingUnusable."""
    found = read_yaml(folder / EXCHANGES)
    try:
        if found["version"] != _VERSION:
            raise RecordingUnusable(f"{folder / EXCHANGES} is of version {found['version']}: record it anew")
        return tuple(_read(folder, one) for one in found["interactions"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordingUnusable(f"{folder / EXCHANGES} is not as it was written ({error!r}): record it anew") from None


def _written(folder: Path, one: Exchange) -> dict[str, Any]:
    return {
        "request": {
            "method": one.method,
            "uri": one.uri,
            "headers": {name: [value] for name, value in one.asked.items()},
            "body": _body(folder, one.question),
        },
        "response": {
            "status": {"code": one.status, "message": one.message},
            "headers": {name: list(values) for name, values in one.headers.items()},
            "body": {"string": _body(folder, one.answer)},
        },
    }


def _read(folder: Path, plain: Mapping[str, Any]) -> Exchange:
    request, response = plain["request"], plain["response"]
    return Exchange(
        method=request["method"],
        uri=request["uri"],
        asked={name: values[0] for name, values in request["headers"].items()},
        question=_bytes(folder, request["body"]),
        status=int(response["status"]["code"]),
        message=str(response["status"]["message"] or ""),
        headers=response["headers"],
        answer=_bytes(folder, response["body"]["string"]),
    )


def _body(folder: Path, data: bytes) -> str | dict[str, str]:
    """Text as text where people can read it, anything else as a side file."""
    text = data.decode("utf-8", "replace")
    is_plain = len(data) < LARGE and text.encode() == data and all(one.isprintable() or one in "\n\r\t" for one in text)
    return text if is_plain else {"media": media.keep(folder / MEDIA, data)}


def _bytes(folder: Path, body: str | Mapping[str, str]) -> bytes:
    return body.encode() if isinstance(body, str) else media.fetch(folder / MEDIA, body["media"])


def _dumper() -> Any:
    """Libyaml's writer where it is there: many exchanges take a while otherwise."""
    import yaml

    return getattr(yaml, "CSafeDumper", yaml.SafeDumper)
