"""The sandbox's webhooks: it rings when a job has ended, signed as Standard Webhooks ask, until somebody answers.

Only addresses of this machine are rung; the settings refuse any other.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Final

import httpx

from callsheet.tools.sandbox.book import Book
from callsheet.tools.sandbox.job import Job
from callsheet.tools.sandbox.settings import SandboxSettings
from callsheet.tools.sandbox.standing import Standing

_GIVES_UP_AFTER: Final = 72 * 3600.0
_AGED: Final = 600.0
_RUNG, _TRIED = "rung", "ring"


def signed(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a message: HMAC-SHA256 over id, time and body with the secret behind `whsec_`."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        "content-type": "application/json",
    }


class Bell:
    """Rings once for each job that has ended, and again, ever more seldom, while nobody answers."""

    def __init__(
        self,
        settings: SandboxSettings,
        book: Book,
        clock: Callable[[], float],
        settle: Callable[[Job], tuple[Job, Standing]],
        client: Callable[[], httpx.AsyncClient] | None = None,
    ) -> None:
        self._settings, self._book, self._clock, self._settle = settings, book, clock, settle
        self._client = client or _client
        self._is_ringing = False

    async def ring(self) -> None:
        """Ring for every job that has ended and was not heard yet."""
        if not self._settings.webhook_url or self._is_ringing:
            return
        self._is_ringing = True
        try:
            async with self._client() as client:
                for job in self._book.without(_RUNG):
                    await self._ring_for(job, client)
        finally:
            self._is_ringing = False

    async def _ring_for(self, job: Job, client: httpx.AsyncClient) -> None:
        _, now = self._settle(job)
        tries = self._book.struck(job.id, _TRIED)
        if now.ended_at is None or self._clock() < now.ended_at + 2**tries - 1:
            return
        says_nothing = now.status == "cancelled" or now.is_forgotten or job.trouble.name == "webhook_drop"
        if says_nothing or self._clock() > now.ended_at + _GIVES_UP_AFTER or await self._heard(job, now, client):
            self._book.strike(job.id, _RUNG)
        else:
            self._book.strike(job.id, _TRIED)

    async def _heard(self, job: Job, now: Standing, client: httpx.AsyncClient) -> bool:
        body, headers = self.message(job, now)
        try:
            answers = [
                await client.post(self._settings.webhook_url, content=body, headers=headers)
                for _ in range(2 if job.trouble.name == "webhook_dup" else 1)
            ]
        except httpx.TransportError:
            return False
        is_bad_on_purpose = job.trouble.name in ("webhook_bad_sig", "webhook_old")
        return is_bad_on_purpose or all(answer.is_success for answer in answers)

    def message(self, job: Job, now: Standing) -> tuple[bytes, dict[str, str]]:
        """The exact body and the headers of the message about a job that has ended."""
        name = hashlib.sha256(f"{self._settings.seed}:{job.number}:ring".encode()).hexdigest()
        said = {
            "id": f"evt_{name[:32]}",
            "object": "event",
            "created_at": int(now.ended_at or 0),
            "type": "video.completed" if now.status == "completed" else "video.failed",
            "data": {"id": job.id},
        }
        body = json.dumps(said, separators=(",", ":")).encode()
        timestamp = int(self._clock()) - int(_AGED if job.trouble.name == "webhook_old" else 0)
        headers = signed(self._settings.webhook_secret, f"wh_{name[32:]}", timestamp, body)
        if job.trouble.name == "webhook_bad_sig":
            headers["webhook-signature"] = "v1," + base64.b64encode(bytes(32)).decode()
        return body, headers


def _client() -> httpx.AsyncClient:
    # No proxy of the environment and no redirect may lead a ring away from this machine.
    return httpx.AsyncClient(timeout=10.0, follow_redirects=False, trust_env=False)
