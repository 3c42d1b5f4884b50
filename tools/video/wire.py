"""What every adapter over HTTP shares: turns, deadlines, one sending of a purchase, bounded answers, whole downloads.

Nothing here repeats a request, and only a download follows a redirect: others could buy twice or carry the key along.
"""

import asyncio
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn
from urllib.parse import quote

import httpx

from callsheet.domain.error import WrongUse
from callsheet.domain.trouble import Trouble, read_trouble
from callsheet.tools.video.address import Resolve, is_same_door, look_up, vet
from callsheet.tools.video.answer import Answer, read_answer
from callsheet.tools.video.download import check_clip, write_body
from callsheet.tools.video.pace import Pace
from callsheet.tools.video.port import AnswerLost, FetchFailed, ProviderBusy, RenderGone, RenderRefused

ClientFactory = Callable[[], httpx.AsyncClient]
_SURELY_REFUSED = frozenset({301, 307, 308, 400, 401, 402, 403, 404, 405, 410, 413, 415, 422})
"""Answers that say nothing was bought. Any other failure may have been sent after the purchase, by us or by a proxy."""
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
GONE = frozenset({404, 410})
NOT_READY = ("not ready", "in-progress", "in progress", "not yet")
_NO_TROUBLES: Mapping[str, Trouble] = MappingProxyType({})
_CONNECT = 5.0
_MOST_HOPS = 3
_LARGEST_ANSWER = 64_000_000


class _TooLong(Exception):
    """An answer has more bytes than any answer has."""


_BROKEN = (httpx.RequestError, TimeoutError, _TooLong)


@dataclass(frozen=True)
class Deadlines:
    """Seconds that one request may take until its last byte is there. Waiting for a turn does not count."""

    buy: float = 60.0
    look: float = 20.0
    fetch: float = 900.0


class Wire:
    """The line to one account at one provider.

    `client` makes one httpx client for each event loop that asks; it knows the address of the API and no key. `headers`
    hold the key and go to that address alone. `clock` gives Unix seconds. `troubles` are what the provider's own codes
    mean where our general reading does not know them.
    """

    def __init__(
        self,
        client: ClientFactory,
        headers: Mapping[str, str],
        secret: str,
        clock: Callable[[], float],
        pace: Pace,
        *,
        deadlines: Deadlines | None = None,
        troubles: Mapping[str, Trouble] = _NO_TROUBLES,
        resolve: Resolve = look_up,
    ) -> None:
        if not secret.isascii() or any(not mark.isprintable() or mark == " " for mark in secret):
            raise WrongUse("the key of the video provider holds a space or a mark that no key has: copy it again")
        self._make, self._headers, self._secret = client, dict(headers), secret
        self._clock, self._pace, self._deadlines = clock, pace, deadlines or Deadlines()
        self._troubles, self._resolve = troubles, resolve
        self._clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = (
            weakref.WeakKeyDictionary()
        )

    async def turn(self) -> None:
        """Take the turn for a purchase that is sent right after."""
        await self._pace.turn(urgent=True)

    async def buy(self, path: str, idempotency_key: str, **content: Any) -> Answer:
        """Send a purchase, once, and return the answer that accepts it. Raises RenderRefused, ProviderBusy, AnswerLost.

        It goes out at once: whoever buys took a `turn` first. `content` is what httpx takes: `json`, `files`, `data`.
        """
        headers = {"Idempotency-Key": idempotency_key}
        try:
            answer = await self._exchange("POST", path, self._deadlines.buy, headers=headers, **content)
        except _NEVER_SENT as error:
            raise ProviderBusy(f"the video provider was not reached ({type(error).__name__})") from error
        except httpx.UnsupportedProtocol as error:
            raise RenderRefused("the address of the video provider is not an http or https address") from error
        except _BROKEN as error:
            raise AnswerLost(f"the connection broke while buying ({type(error).__name__})") from error
        if not 200 <= answer.status < 300:
            self._refused(answer)
        return answer

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """Read what costs nothing; the answer may be a refusal. Raises ProviderBusy when none came."""
        try:
            return await self._send("GET", path, False, self._deadlines.look, params=query)
        except _BROKEN as error:
            raise ProviderBusy(f"the video provider was not reached ({type(error).__name__})") from error

    async def stop(self, method: str, path: str) -> Answer | None:
        """Ask for a stop; None when no answer came. Never raises."""
        try:
            return await self._send(method, path, True, self._deadlines.look)
        except _BROKEN:
            return None

    async def fetch(
        self, address: str, to: Path, gone: frozenset[int] = GONE, not_ready: tuple[str, ...] = NOT_READY
    ) -> None:
        """Stream a clip to a file and check that all of it came and that it is an MP4. Raises FetchFailed, RenderGone.

        `address` is a path of the API, or one that the provider names: that is judged first, and gets the key only
        where it is the API itself; so is each address it points on to. `gone` are answers that mean the clip will
        never be there, unless they say one of `not_ready`.
        """
        home = self._client().base_url
        try:
            url = await vet(address, home, self._resolve)
            for _ in range(_MOST_HOPS):
                answer = await self._stream(url, to)
                if answer is None:
                    return
                if not (300 <= answer.status < 400 and "location" in answer.headers):
                    self._unfetched(answer, gone, not_ready)
                url = await vet(str(url.join(answer.headers["location"])), home, self._resolve)
        except (*_BROKEN, httpx.InvalidURL) as error:
            raise FetchFailed(f"fetching the render broke off ({type(error).__name__})") from error
        raise FetchFailed(f"the render's address points on to others more than {_MOST_HOPS} times")

    def failed_look(self, job: str, answer: Answer) -> ProviderBusy:
        """The error for a look whose answer says nothing about the render. A failed look is not a failed render."""
        told = f"looking at render {job[:80]} failed ({answer.status}): {self.words(answer)}"
        return ProviderBusy(told, answer.retry_after(self._clock()))

    def words(self, answer: Answer) -> str:
        """What the provider said, fit for a message: without our key."""
        said = answer.words(self._secret)
        if answer.status in (401, 403) and read_trouble(answer.status, *answer.error) is not Trouble.QUOTA:
            return f"it did not accept the key: {said}; check the key and what it may do (CALLSHEET_VIDEO_KEY)"
        if 300 <= answer.status < 400:
            return "it points to another address: check the address (CALLSHEET_VIDEO_URL)"
        return said

    def trouble(self, status: int | None, code: str, said: str) -> Trouble:
        """The kind of trouble; `status` is None for a render that failed."""
        return self._troubles.get(code) or read_trouble(status, code, said)

    def _refused(self, answer: Answer) -> NoReturn:
        said, code = self.words(answer), answer.error[0]
        trouble = self.trouble(answer.status, code, said)
        if answer.status == 429 and trouble is Trouble.RETRYABLE:
            raise ProviderBusy(f"the video provider is busy: {said}", answer.retry_after(self._clock()))
        may_be_ours = answer.status == 422 and "idempotency" in f"{code} {said}".lower()
        if answer.status == 429 or (answer.status in _SURELY_REFUSED and not may_be_ours):
            raise RenderRefused(f"the video provider refused the shot ({answer.status}): {said}", trouble)
        raise AnswerLost(f"the video provider failed while buying ({answer.status}): {said}")

    def _unfetched(self, answer: Answer, gone: frozenset[int], not_ready: tuple[str, ...]) -> NoReturn:
        said = f"({answer.status}): {self.words(answer)}"
        waits = any(word in answer.text.lower() for word in not_ready)
        if answer.status in gone and not waits and not answer.is_page:
            raise RenderGone(f"the provider no longer has the finished render {said}")
        raise FetchFailed(f"the render could not be fetched {said}")

    async def _stream(self, url: httpx.URL, to: Path) -> Answer | None:
        """Write the clip at an address to a file; the answer, when there is none."""
        client = self._client()
        headers = {**(self._headers if is_same_door(url, client.base_url) else {}), "Accept-Encoding": "identity"}
        await self._pace.turn(urgent=True)
        async with asyncio.timeout(self._deadlines.fetch):
            request = client.build_request("GET", url, headers=headers, timeout=_timeout(self._deadlines.look * 3))
            response = await client.send(request, stream=True, follow_redirects=False)
            try:
                if response.status_code != 200:
                    return read_answer(*await _read(response))
                is_whole = await write_body(response, to)
            finally:
                await response.aclose()
        check_clip(to, is_whole, self._secret)
        return None

    async def _send(self, method: str, path: str, urgent: bool, deadline: float, **how: Any) -> Answer:
        await self._pace.turn(urgent)
        return await self._exchange(method, path, deadline, **how)

    async def _exchange(
        self, method: str, path: str, deadline: float, headers: Mapping[str, str] | None = None, **how: Any
    ) -> Answer:
        client = self._client()
        async with asyncio.timeout(deadline):
            request = client.build_request(
                method, path, headers={**self._headers, **(headers or {})}, timeout=_timeout(deadline), **how
            )
            response = await client.send(request, stream=True, follow_redirects=False)
            try:
                return read_answer(*await _read(response))
            finally:
                await response.aclose()

    def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if loop not in self._clients or self._clients[loop].is_closed:  # whoever lent it may have taken it back
            self._clients[loop] = self._make()
        return self._clients[loop]


def path_part(name: str) -> str:
    """A provider chooses the names of its renders: they are data here, and cannot lead to another address."""
    return quote(name, safe="").replace(".", "%2E")


def _timeout(deadline: float) -> httpx.Timeout:
    return httpx.Timeout(deadline, connect=min(_CONNECT, deadline))


async def _read(response: httpx.Response) -> tuple[int, httpx.Headers, bytes]:
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > _LARGEST_ANSWER:
            raise _TooLong
    return response.status_code, response.headers, bytes(data)
