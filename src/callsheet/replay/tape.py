"""Records HTTP on a vcrpy cassette, or plays it from one, for every thread and event loop of this process.

vcrpy puts itself into the transports of httpx and httpx2, below every client. What it leaves out is added around it
here: an answer that never came is an exchange too, and the running code hears nothing that is not recorded.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from difflib import unified_diff
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from unittest import mock

from callsheet.domain.error import ExtraMissing
from callsheet.replay.asker import asker
from callsheet.replay.error import NotAsRecorded
from callsheet.replay.exchange import FOR, NO_ANSWER, Exchange
from callsheet.replay.scrub import Scrub

_TRANSPORT_ONLY = frozenset({"content-encoding", "transfer-encoding"})
_CLIENTS = ("httpx", "httpx2")
_TRACERS = ("api.smith.langchain.com",)
_DIFF_LINES = 12


@dataclass
class Tape:
    """What was exchanged, in order. `played` are the numbers of the exchanges that were asked for, from 1, in a replay.

    `seconds` is what all exchanges took together, as the clients saw it.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    played: list[int] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def unplayed(self) -> tuple[int, ...]:
        """The numbers of the exchanges that nobody asked for."""
        heard = set(self.played)
        return tuple(number for number in range(1, len(self.exchanges) + 1) if number not in heard)


@contextmanager
def recording_to(tape: Tape, scrub: Scrub) -> Iterator[None]:
    """While inside, every exchange is made for real and kept."""
    with _cassette("all", scrub, ()) as cassette, _around(tape, cassette, scrub):
        yield
    tape.exchanges[:] = [_kept(request, response) for request, response in cassette.data]


@contextmanager
def playing_from(tape: Tape, scrub: Scrub) -> Iterator[None]:
    """While inside, every exchange is answered from the tape, each once; no other is made."""
    with _cassette("none", scrub, tape.exchanges) as cassette, _around(tape, cassette, scrub):
        numbers = {id(response): number for number, (_, response) in enumerate(cassette.data, 1)}
        play, lock = cassette.play_response, threading.Lock()

        def noted(request: Any) -> Any:
            with lock:
                response = play(request)
                tape.played.append(numbers[id(response)])
                return response

        with mock.patch.object(cassette, "play_response", noted):
            yield


def require_extra() -> None:
    """Say what to install when the recorder is not there."""
    if find_spec("vcr") is None:
        raise ExtraMissing("replay", "Recording and replaying runs")


@contextmanager
def _cassette(mode: str, scrub: Scrub, exchanges: Sequence[Exchange]) -> Iterator[Any]:
    require_extra()
    import vcr

    recorder = vcr.VCR(
        record_mode=vcr.mode(mode),
        before_record_request=lambda request: _scrubbed(request, scrub),
        before_record_response=lambda response: _cleaned(response, scrub),
        decode_compressed_response=True,
        ignore_hosts=_TRACERS,
    )
    recorder.register_persister(_Kept(exchanges))
    recorder.register_matcher("as recorded", _matches)
    recorder.match_on = ("as recorded",)
    with recorder.use_cassette("exchanges") as cassette:
        yield cassette


class _Kept:
    """Hands the exchanges of a tape to vcrpy, and never writes: one that raises then leaves vcrpy's patches behind."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._exchanges = exchanges

    def load_cassette(self, _path: Any, serializer: Any) -> tuple[list[Any], list[Any]]:  # noqa: ARG002 - as vcrpy asks
        """Requests and answers as vcrpy holds them."""
        from vcr.request import Request

        requests = [Request(one.method, one.uri, one.question, dict(one.asked)) for one in self._exchanges]
        answers = [
            {
                "status": {"code": one.status, "message": one.message},
                "headers": {name: list(values) for name, values in one.headers.items()},
                "body": {"string": one.answer},
            }
            for one in self._exchanges
        ]
        return requests, answers

    def save_cassette(self, _path: Any, _cassette: Any, serializer: Any) -> None:
        """Nothing: whoever records writes the whole recording at once."""


def _scrubbed(request: Any, scrub: Scrub) -> Any:
    """The request as it is kept. vcrpy asks for it many times over, so what is done is marked."""
    from vcr.request import Request

    if getattr(request, "is_scrubbed", False):
        return request
    headers, body = scrub.question(request.headers, request.body or b"")
    if take := request.headers.get(FOR) or asker():
        headers[FOR] = take
    done: Any = Request(request.method, scrub.address(request.uri), body, headers)
    done.is_scrubbed = True
    return done


def _cleaned(response: dict[str, Any], scrub: Scrub) -> dict[str, Any]:
    silence = {name: values for name, values in response["headers"].items() if name == NO_ANSWER}
    body = scrub.data(response["body"]["string"])
    headers = scrub.answered(response["headers"]) | silence
    if "content-length" in headers:
        headers["content-length"] = [str(len(body))]
    return {"status": response["status"], "headers": headers, "body": {"string": body}}


def _matches(asked: Any, recorded: Any) -> None:
    """Same take, method, address, idempotency key and body. Which of several takes asked first does not matter."""
    for part in ("method", "uri", "body"):
        if getattr(asked, part) != getattr(recorded, part):
            raise AssertionError(part)
    for name in (FOR, "idempotency-key"):
        if asked.headers.get(name) != recorded.headers.get(name):
            raise AssertionError(name)


def _kept(request: Any, response: dict[str, Any]) -> Exchange:
    return Exchange(
        method=request.method,
        uri=request.uri,
        asked=dict(request.headers),
        question=request.body or b"",
        status=response["status"]["code"],
        message=response["status"]["message"] or "",
        headers=response["headers"],
        answer=response["body"]["string"],
    )


@contextmanager
def _around(tape: Tape, cassette: Any, scrub: Scrub) -> Iterator[None]:
    """Listen around what vcrpy has put into the transports."""
    with ExitStack() as stack:
        for name in _CLIENTS:
            if find_spec(name) is not None:
                library = import_module(name)
                real = library.AsyncHTTPTransport.handle_async_request
                heard = _listening(tape, cassette, scrub, library, real)
                stack.enter_context(mock.patch.object(library.AsyncHTTPTransport, "handle_async_request", heard))
        yield


def _listening(
    tape: Tape, cassette: Any, scrub: Scrub, library: ModuleType, real: Callable[[Any, Any], Awaitable[Any]]
) -> Callable[[Any, Any], Awaitable[Any]]:
    from vcr.errors import CannotOverwriteExistingCassetteException

    async def handle(self: Any, request: Any) -> Any:
        began = time.perf_counter()
        try:
            response = await real(self, request)
        except CannotOverwriteExistingCassetteException as error:
            raise _unexpected(tape, error.failed_request, scrub) from None
        except (library.TransportError, asyncio.CancelledError) as error:
            await _note_silence(cassette, library, request, error)
            raise
        finally:
            tape.seconds += time.perf_counter() - began
        if silence := response.headers.get(NO_ANSWER):
            raise _silence(library, silence)
        kept = scrub.answered({name: [] for name in response.headers}).keys() | _TRANSPORT_ONLY
        response.headers = library.Headers([one for one in response.headers.multi_items() if one[0].lower() in kept])
        return response

    return handle


async def _note_silence(cassette: Any, library: ModuleType, request: Any, error: BaseException) -> None:
    """Keep that no answer came. A deadline of ours cancels the request; it is played as one that ran out."""
    from vcr.request import Request

    kind = type(error).__name__ if isinstance(error, library.TransportError) else TimeoutError.__name__
    body = b"".join([part async for part in request.stream])
    answer = {"status": {"code": 599, "message": ""}, "headers": {NO_ANSWER: [kind]}, "body": {"string": b""}}
    cassette.append(Request(request.method, str(request.url), body, request.headers), answer)


def _silence(library: ModuleType, kind: str) -> Exception:
    found = getattr(library, kind, None)
    if isinstance(found, type) and issubclass(found, library.TransportError):
        silence: Exception = found("no answer came, as it was recorded")
        return silence
    return TimeoutError("no answer came, as it was recorded")


def _unexpected(tape: Tape, request: Any, scrub: Scrub) -> NotAsRecorded:
    """The sentence about a request that the tape does not hold, or not once more, with the nearest that it does."""
    asked = _scrubbed(request, scrub)
    alike = [one for one in tape.exchanges if (one.method, one.uri) == (asked.method, asked.uri)]
    if any(one.question == asked.body and one.asked == asked.headers for one in alike):
        why = f"it was recorded {len(alike)} times, and each was played"
    elif alike:
        why = f"it was recorded with other words:\n{_differences(alike, asked.body)}"
    else:
        why = "nothing was ever asked there"
    said = f"{asked.method} {asked.uri} was asked for and is not in the recording: {why}"
    tape.unexpected.append(said)
    return NotAsRecorded(said)


def _differences(alike: Sequence[Exchange], body: bytes) -> str:
    """How the words differ from the nearest that were recorded."""
    now = _lines(body)
    diffs = [list(unified_diff(_lines(one.question), now, "recorded", "now", n=0, lineterm="")) for one in alike]
    shortest = min(diffs, key=len)
    return "\n".join(line[:300] for line in shortest[:_DIFF_LINES]) or "the take or its idempotency key differs"


def _lines(body: bytes) -> list[str]:
    text = body.decode("utf-8", "replace")
    return text.replace("\\n", "\n").replace('","', '",\n"').replace("},{", "},\n{").splitlines()
