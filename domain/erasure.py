"""What has to go when a person asks to be forgotten, and what it is replaced by: pure rules over plain data.

Only words go. Hashes, ids, amounts and moments stay: the ledger names nothing else, and still verifies. A document that
was redacted no longer has the hash it is kept under, so it carries a mark of its own.
"""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import Field

from callsheet.domain.cameo import Cameo
from callsheet.domain.identity import CameoId, Digest, RunId, TakeId
from callsheet.domain.record import Record
from callsheet.domain.revocation import Deletion

ERASED = "[erased]"
GONE = "…"
"""In running text: as short as a mark can be, so that no stated length is exceeded by it."""
SHORTEST_PART = 3
_FREE_TEXT = ("subject", "setting", "action", "audio", "prompt", "negative_prompt")
"""What a shot says in words that may describe whoever is in it."""


class Personal(Record):
    """The words that tell who a person is: whole ones are sought everywhere, parts of the name beside their id."""

    id: CameoId
    whole: tuple[str, ...]
    parts: tuple[str, ...]


class ErasureReport(Record):
    """What was erased, and what could not be: each of `remains` says where it is and what to do about it."""

    cameo: CameoId
    takes: tuple[TakeId, ...] = ()
    files: int = Field(default=0, description="Files removed from the media store.")
    records: int = Field(default=0, description="Rows about the person that were removed.")
    documents: int = Field(default=0, description="Stored texts from which the person was taken out.")
    jobs: int = Field(default=0, description="Pieces of work whose orders were removed from the queue's own books.")
    runs: tuple[RunId, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    remains: tuple[str, ...] = ()


def personal(cameo: Cameo, others: Iterable[Cameo]) -> Personal:
    """What to look for. An owner who licenses others too is theirs as well, and is only taken out of this record."""
    shared = {one.owner for one in others if one.owner} | {one.name for one in others}
    likely = [cameo.name, cameo.description, *(one.path for one in cameo.references)]
    likely += [one.id for one in cameo.characters]
    likely += [part for one in cameo.releases for part in (one.document, one.guardian) if part]
    likely += [cameo.owner] if cameo.owner and cameo.owner not in shared else []
    whole = sorted({one for one in likely if len(one) >= SHORTEST_PART or one == cameo.name}, key=len, reverse=True)
    parts = [part for part in re.findall(r"\w+", cameo.name) if len(part) >= SHORTEST_PART]
    return Personal(id=cameo.id, whole=tuple(whole), parts=tuple(parts))


def redacted(data: Any, who: Personal) -> Any:
    """The data without the person: their record emptied, shots with them without words, their name out of every text.

    Equal to what was given when there was nothing of theirs in it.
    """
    is_theirs = _holds(data, who)
    return _redacted(data, who, is_theirs)


def redacted_text(text: str, who: Personal, is_theirs: bool = False) -> str:
    """A text without the person. Parts of a name go only where it is known to be about them: some are common words."""
    for wording in who.whole:
        found = re.compile(rf"(?<!\w){re.escape(wording)}(?!\w)", re.IGNORECASE)
        text = found.sub(lambda hit: hit.group() if hit.group() == who.id else GONE, text)
    for part in who.parts if is_theirs else ():
        text = re.sub(
            rf"(?<!\w){re.escape(part)}(?!\w)", lambda hit: hit.group() if hit.group() == who.id else GONE, text
        )
    return ERASED if text == GONE else text


def _redacted(data: Any, who: Personal, is_theirs: bool) -> Any:
    match data:
        case {"id": who.id, "name": str(), "releases": list()}:
            return _emptied(data)
        case dict():
            kept = {key: _redacted(value, who, is_theirs) for key, value in data.items()}
            if data.get("cameo") == who.id and "subject" in data:
                kept |= {key: ERASED for key in _FREE_TEXT if isinstance(data.get(key), str) and data[key]}
            return kept
        case list():
            return [_redacted(item, who, is_theirs) for item in data]
        case str():
            return data if data == who.id else redacted_text(data, who, is_theirs)
        case _:
            return data


def _emptied(cameo: dict[str, Any]) -> dict[str, Any]:
    """A person's record with nothing left but ids, terms and moments."""
    releases = [
        {**one, "document": None, "document_digest": None, "guardian": ERASED if one.get("guardian") else None}
        for one in cameo["releases"]
    ]
    empty: dict[str, Any] = {"name": ERASED, "owner": None, "references": [], "characters": []}
    empty |= {"description": "", "namesake": ""}
    return {**cameo, **{key: value for key, value in empty.items() if key in cameo}, "releases": releases}


def _holds(data: Any, who: Personal) -> bool:
    """Whether the person's id or name stands anywhere in it."""
    match data:
        case dict():
            return any(_holds(value, who) for value in data.values())
        case list():
            return any(_holds(item, who) for item in data)
        case str():
            return data == who.id or redacted_text(data, who) != data
        case _:
            return False


def digests_of(cameo: Cameo) -> frozenset[Digest]:
    """The files that are about the person alone: signed releases and likenesses."""
    signed = {one.document_digest for one in cameo.releases if one.document_digest}
    return frozenset(signed | {one.digest for one in cameo.references})
