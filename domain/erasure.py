"""What has to go when a person asks to be forgotten, and what it is replaced by: pure rules over plain data.

Only words go. Hashes, ids, amounts and moments stay: the ledger names nothing else, and still verifies. A document that
was redacted no longer has the hash it is kept under, so it carries a mark of its own.
"""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import Field

from callsheet.domain.cameo import Cameo
from callsheet.domain.identity import CameoId, Digest, RunId, TakeId
from callsheet.domain.ledger import Event, free_text
from callsheet.domain.named import Span, apart, initials, is_telling, parts_of, same, spans
from callsheet.domain.record import Record
from callsheet.domain.revocation import Deletion

ERASED = "[erased]"
GONE = "…"
"""In running text: as short as a mark can be, so that no stated length is exceeded by it."""
_SHORTEST = 3
_FREE_TEXT = ("subject", "setting", "action", "audio", "prompt", "negative_prompt", "constraint")
"""What a shot or a role says in words that may describe whoever is in it."""


class Personal(Record):
    """The words that tell who a person is, without any that are somebody else's as well.

    `whole` are sought everywhere; `near` only in what names the person, whole or by id, since they may be common words;
    `described` only where they are cast. `others` are names of others: what is a part of one of those stays.
    """

    id: CameoId
    whole: tuple[str, ...]
    near: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


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
    was_erased_before: bool = Field(default=False, description="Nothing was left to erase but what a file still held.")


def personal(told: Iterable[Cameo], others: Iterable[Cameo]) -> Personal:
    """What to look for, given all that was ever said of a person, and of everybody else. Raises ValueError for nobody.

    An owner who licenses others too is theirs as well, and words that two share are neither's.
    """
    mine, rest = tuple(told), tuple(others)
    names = _without(_names(mine), _names(rest))
    near = [one for one in names if not is_telling(one)]
    near += _without(_parts(mine), _parts(rest))
    near += [one for one in _without(_papers(mine), (*_papers(rest), *_names(rest))) if len(one) >= _SHORTEST]
    known_to_providers = [one.id for each in mine for one in each.characters]
    return Personal(
        id=next((one.id for one in mine), CameoId("")),
        whole=_once([*(one for one in names if is_telling(one)), *(one for one in known_to_providers if len(one) > 5)]),
        near=_once([*near, *(one for one in known_to_providers if len(one) <= 5)]),
        described=_once(_without(_descriptions(mine), _descriptions(rest))),
        others=_once([*_names(rest), *_parts(rest)]),
    )


def _names(told: Iterable[Cameo]) -> list[str]:
    return [one.name for one in told if one.name != ERASED]


def _parts(told: Iterable[Cameo]) -> list[str]:
    return [part for name in _names(told) for part in parts_of(name)]


def _papers(told: Iterable[Cameo]) -> list[str]:
    """Whoever signed for them or licenses them, and what their files are called."""
    found: list[str | None] = []
    for one in told:
        found += [one.owner, *(like.path for like in one.references)]
        found += [said for release in one.releases for said in (release.document, release.guardian)]
    return [one for one in found if one and one != ERASED]


def _descriptions(told: Iterable[Cameo]) -> list[str]:
    return [said for one in told for said in (one.description, one.namesake) if len(said) >= _SHORTEST]


def _without(wordings: Iterable[str], others: Iterable[str]) -> list[str]:
    shared = {same(one) for one in others}
    return [one for one in wordings if same(one) not in shared]


def _once(wordings: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(wordings), key=lambda one: (-len(one), one)))


def names_them(data: Any, who: Personal) -> bool:
    """Whether a person is named anywhere in it: whole, as whoever is cast, or by a record or a tag of theirs."""
    match data:
        case {"id": who.id, "name": str(), "releases": list()}:
            return True
        case {"cameo": who.id}:
            return True
        case dict():
            return any(names_them(part, who) for pair in data.items() for part in pair)
        case list():
            return any(names_them(item, who) for item in data)
        case str():
            return data == f"cameo:{who.id}" or bool(_found(data, who, who.whole))
        case _:
            return False


def redacted(data: Any, who: Personal, is_theirs: bool = False) -> Any:
    """The data without the person: their record emptied, shots with them without words, their name out of every text.

    Equal to what was given when there was nothing of theirs in it. `is_theirs` says that it lies beside their id.
    """
    near = who.near if is_theirs or names_them(data, who) else ()
    return _redacted(data, who, (*who.whole, *near))


def redacted_text(text: str, who: Personal, is_theirs: bool = False) -> str:
    """A text without the person. Parts of a name go only where it is known to be about them: some are common words."""
    near = who.near if is_theirs or names_them(text, who) else ()
    return _replaced(text, who, (*who.whole, *near))


def without_names(event: Event, everybody: Callable[[], Iterable[Personal]]) -> Event:
    """The event with initials for every name that is known, in whatever people or machines wrote into it freely.

    An entry of the ledger is never changed, so a name in it could never be erased.
    """
    written = {one: getattr(event, one) for one in free_text(type(event)) if getattr(event, one)}
    if not written:
        return event
    people = tuple(everybody())
    wordings = tuple(word for one in people for word in (*one.whole, *one.near))
    ids = {one.id for one in people}
    return event.model_copy(update={field: _masked(said, wordings, ids) for field, said in written.items()})


def _masked(said: Any, wordings: tuple[str, ...], ids: set[CameoId]) -> Any:
    match said:
        case str():
            for start, end in reversed(apart(spans(said, wordings))):
                if said[start:end] not in ids:
                    said = said[:start] + initials(said[start:end]) + said[end:]
            return said
        case tuple():
            return tuple(_masked(one, wordings, ids) for one in said)
        case _:
            return said


def _found(text: str, who: Personal, wordings: tuple[str, ...]) -> tuple[Span, ...]:
    """Where any of the wordings stands and is not somebody else's name, or a part of one."""
    if not (mine := spans(text, wordings)):
        return ()
    return apart(mine, spans(text, who.others))


def _replaced(text: str, who: Personal, wordings: tuple[str, ...]) -> str:
    for start, end in reversed(_found(text, who, wordings)):
        if text[start:end] != who.id:
            text = text[:start] + GONE + text[end:]
    return ERASED if text == GONE else text


def _redacted(data: Any, who: Personal, wordings: tuple[str, ...]) -> Any:
    match data:
        case {"id": who.id, "name": str(), "releases": list()}:
            return _emptied(data)
        case dict():
            if data.get("cameo") == who.id:
                wordings = (*wordings, *who.described)
            kept = {_replaced(key, who, who.whole): _redacted(value, who, wordings) for key, value in data.items()}
            if data.get("cameo") == who.id:
                kept |= {key: ERASED for key in _FREE_TEXT if isinstance(data.get(key), str) and data[key]}
            return kept
        case list():
            return [_redacted(item, who, wordings) for item in data]
        case str():
            return data if data == who.id else _replaced(data, who, wordings)
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


def digests_of(cameo: Cameo) -> frozenset[Digest]:
    """The files that are about the person alone: signed releases and likenesses."""
    signed = {one.document_digest for one in cameo.releases if one.document_digest}
    return frozenset(signed | {one.digest for one in cameo.references})
