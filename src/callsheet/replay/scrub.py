"""Takes secrets out of what is recorded: known keys everywhere, signed parts of addresses, values that are named as
keys, all headers but a few.

The same is done to a request before it is looked up, so what was scrubbed is found again.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, urlsplit, urlunsplit

HIDDEN = "scrubbed"
_SHORTEST = 4
_ASKED = frozenset({"content-type", "idempotency-key"})
_ANSWERED = frozenset(
    {"content-type", "content-length", "retry-after", "retry-after-ms", "openai-poll-after-ms", "x-should-retry"}
    | {"location"}
)
"""The headers that anything here reads. The others may hold a cookie, an account or a trace, and are never kept."""
_SIGNED = re.compile(
    rb"((?:[?&](?:amp;)?|\\u0026)(?:key|api[_-]?key|access[_-]?token|token|auth|sig|signature|policy|credential|key-pair-id|"
    rb"x-(?:amz|goog|oss|cos|tos)-[a-z-]+|googleaccessid|awsaccesskeyid|se|sp|sv|sr|skoid|sktid|skt|ske|sks|skv)=)"
    rb"[^&\s\"'<>\\]+",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rb"((?:api[_-]?key|(?:access|refresh|id|auth)[_-]?token|(?:client|api)[_-]?secret|secret[_-]?key|password|authorization)"
    rb"\\?\"\s*:\s*\\?\")[^\"\\]+",
    re.IGNORECASE,
)
"""A value in JSON whose name says that it is a key, whoever's it is: a body may quote another account's."""
_MODEL_AT = re.compile(rb'("model"\s*:\s*")(?:~?/|[A-Za-z]:(?:\\\\|/))(?:[^"]*[\\/])?(?=[^"\\/]+")')
"""Where the file of a model lies on the machine of whoever records: a server of one's own answers with that."""
_BOUNDARY = re.compile(r"boundary=\"?([^\";,\s]+)\"?")
_FIXED = "callsheet-boundary"


@dataclass(frozen=True)
class Scrub:
    """`secrets` are keys as they are; `hosts` are the servers' real addresses, each with the one that is kept."""

    secrets: Sequence[str] = ()
    hosts: Mapping[str, str] = field(default_factory=dict)

    def address(self, url: str) -> str:
        """An address with its server renamed, without a user's name and without signatures."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        kept = urlunsplit(parts._replace(netloc=self.hosts.get(host, host)))
        return self.data(kept.encode()).decode()

    def finds_secret(self, data: bytes) -> bool:
        """Whether a key is in these bytes."""
        return any(one in data for one in self._forms)

    @cached_property
    def _forms(self) -> tuple[bytes, ...]:
        """Each key as it is, as an address quotes it, and as JSON escapes it; the longest first."""
        long = [one for one in self.secrets if len(one) >= _SHORTEST]
        forms = {form for one in long for form in (one, quote(one, safe=""), json.dumps(one)[1:-1])}
        return tuple(sorted((one.encode() for one in forms), key=lambda one: (-len(one), one)))

    def data(self, body: bytes) -> bytes:
        """Any bytes, text or not, with what must not be kept overwritten."""
        for form in self._forms:
            body = body.replace(form, HIDDEN.encode())
        for host, kept in self.hosts.items():
            body = body.replace(f"//{host}".encode(), f"//{kept}".encode())
        for secret in (_SIGNED, _NAMED):
            body = secret.sub(rb"\1" + HIDDEN.encode(), body)
        return _MODEL_AT.sub(rb"\1", body)

    def question(self, headers: Mapping[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        """The headers and body of a request as they are kept. A form gets one and the same boundary each time."""
        kept = {name.lower(): str(value) for name, value in headers.items() if name.lower() in _ASKED}
        if found := _BOUNDARY.search(kept.get("content-type", "")):
            kept["content-type"] = f"multipart/form-data; boundary={_FIXED}"
            body = body.replace(found[1].encode(), _FIXED.encode())
        return kept, self.data(body)

    def answered(self, headers: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """The headers of an answer as they are kept."""
        return {
            name.lower(): [self.data(one.encode()).decode() for one in values]
            for name, values in headers.items()
            if name.lower() in _ANSWERED
        }
