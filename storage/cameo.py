"""People as the workspace knows them: revisioned records seeded from campaigns, and what was said about them since.

A revocation lives here and beats any file: seeding never takes one back, and from then on a file adds no permission
by itself (see domain/proof). Revocations and approvals belong to one person's release: two people may both have signed
a release called r1.
"""

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Table, select

from callsheet.domain.cameo import Cameo, Release, Use, with_more
from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.identity import CameoId, ReleaseId
from callsheet.domain.ledger import WORKSPACE
from callsheet.domain.permission import CameoRevised, UseApproved
from callsheet.domain.proof import is_proven, paper_mark, terms_mark
from callsheet.domain.seen import fold
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import pseudonym, record
from callsheet.storage.revision import history, latest, names, revise
from callsheet.storage.table import KNOWN_RELEASES, REVOCATIONS, USE_APPROVALS
from callsheet.storage.upsert import insert_missing, insert_once

WHOEVER = ""
"""In place of a person: a word of an earlier version, which named the release alone. It holds for all who have it."""


def seed(tx: Transaction, people: tuple[Cameo, ...]) -> None:
    """Bring people in from a campaign. One who says the same as their latest revision makes no new one.

    The newest word about a person counts, whichever folder it comes from. Only what promises a person to somebody alone
    stays known when another folder leaves it out: that folder's writer need not have heard of the promise.
    Raises WrongUse when a cameo's id already belongs to a person of another name.
    """
    for cameo in people:
        revised(tx, cameo)


def revised(tx: Transaction, cameo: Cameo, by: str = "") -> bool:
    """Make this the newest word about a person; `by` is a pseudonym. False when it was the newest already."""
    _same_person(tx, cameo)
    befores = [Cameo.model_validate_json(body) for body in latest(tx, "cameo", (cameo.id,))]
    listed = {release.id for release in cameo.releases}
    said = {_unnamed(release) for release in cameo.releases}
    promised = [
        one
        for before in befores
        for one in before.releases
        if one.exclusive and one.id not in listed and _unnamed(one) not in said
    ]
    whole = cameo.model_copy(update={"releases": (*cameo.releases, *promised)})
    if not by:  # a file may be an old one: what protects the person is not unsaid by it
        whole = _protected(whole, befores)
    revision = revise(tx, "cameo", cameo.id, whole.model_dump_json())
    if revision is None:
        return False
    _told(tx, whole, revision, by)
    return True


def _told(tx: Transaction, cameo: Cameo, revision: int, by: str) -> None:
    signed = tuple(one.id for one in cameo.releases)
    event = CameoRevised(cameo=cameo.id, revision=revision, record=cameo.digest, releases=signed, by=by)
    record(tx, WORKSPACE, event, chain=chain_of(cameo.id))


def _unnamed(release: Release) -> str:
    """What a release says, whatever it is called: a later version may name it otherwise."""
    return terms_mark(release.model_copy(update={"id": ReleaseId("")}))


def _protected(cameo: Cameo, befores: Sequence[Cameo]) -> Cameo:
    known = {(one.provider, one.id) for one in cameo.characters}
    return cameo.model_copy(
        update={
            "is_minor": cameo.is_minor or any(one.is_minor for one in befores),
            "is_public_figure": cameo.is_public_figure or any(one.is_public_figure for one in befores),
            "characters": (
                *cameo.characters,
                *(one for each in befores for one in each.characters if (one.provider, one.id) not in known),
            ),
        }
    )


def added(tx: Transaction, cameo: Cameo, by: str) -> bool:
    """Add to what is known of a person. False when nothing was new. Raises WrongUse for an id of somebody else.

    Releases that are said by hand count after a revocation too, under an id that was not revoked.
    """
    whole, (before,) = cameo, overlaid(tx, (cameo,))
    for body in latest(tx, "cameo", (cameo.id,)):
        whole = with_more(Cameo.model_validate_json(body), cameo)
    mark = pseudonym(tx, by)
    is_new = revised(tx, whole, mark)
    insert_missing(tx, KNOWN_RELEASES, [_known_row(tx, cameo.id, terms_mark(one)) for one in cameo.releases])
    if not is_new and any(one.is_unproven for one in before.releases):
        _told(tx, whole, len(history(tx, "cameo", cameo.id)), mark)
        return True
    return is_new


def chain_of(cameo: str) -> str:
    """Where the workspace's ledger tells what concerns a person."""
    return f"cameo.{cameo}"


def cameos(tx: Transaction, wanted: tuple[str, ...]) -> tuple[Cameo, ...]:
    """The latest revision of each of these cameos, with what was revoked and approved since."""
    return overlaid(tx, tuple(Cameo.model_validate_json(body) for body in latest(tx, "cameo", wanted)))


def find(tx: Transaction, cameo: str) -> Cameo:
    """The person of that id. Raises NotFound naming the one that was meant, or everybody there is."""
    found = cameos(tx, (cameo,))
    if not found:
        near = get_close_matches(cameo, known(tx), n=1)
        there = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known(tx)) or 'none yet'}."
        raise NotFound(f"No person {cameo} is known in this workspace; {there}")
    return found[0]


def releases_ever(tx: Transaction, cameo: CameoId) -> tuple[ReleaseId, ...]:
    """Every release the person was ever said to have signed: an older file may bring any of them back."""
    told = (Cameo.model_validate_json(body) for body in history(tx, "cameo", cameo))
    return tuple(dict.fromkeys(release.id for one in told for release in one.releases))


def every(tx: Transaction) -> tuple[Cameo, ...]:
    """Everybody the workspace knows, by id."""
    return cameos(tx, known(tx))


def known(tx: Transaction) -> tuple[str, ...]:
    """The id of everybody the workspace knows."""
    return names(tx, "cameo")


def overlaid(tx: Transaction, people: tuple[Cameo, ...]) -> tuple[Cameo, ...]:
    """These people with the workspace's own words about their releases: whatever a file says, those hold."""
    revoked = {(row.cameo, row.release): datetime.fromisoformat(row.at) for row in _words_about(tx, REVOCATIONS)}
    known = _marks(tx, {who for who, _ in revoked if who != WHOEVER} & {one.id for one in people})
    approved: dict[tuple[str, str], list[Use]] = {}
    for row in _words_about(tx, USE_APPROVALS):
        approved.setdefault((row.cameo, row.release), []).append(Use.model_validate_json(row.body))

    def with_words(cameo: Cameo, release: Release) -> Release:
        ended = [at for who in (cameo.id, WHOEVER) if (at := revoked.get((who, release.id)))]
        uses = sorted(approved.get((cameo.id, release.id), ()), key=lambda use: use.digest)
        doubtful = cameo.id in known and not is_proven(release, known[cameo.id])
        return release.model_copy(
            update={
                "revoked_at": min(ended, default=None),
                "approved_uses": tuple(uses),
                "is_unproven": doubtful and not ended,
            }
        )

    return tuple(
        one.model_copy(update={"releases": tuple(with_words(one, release) for release in one.releases)})
        for one in people
    )


def revoke(tx: Transaction, cameo: CameoId, release: ReleaseId, reason: str) -> bool:
    """End a permission now. False when it was revoked before.

    What is known of the person's releases at this moment is kept: a file that says something new proves nothing by it.
    """
    marks = _known_now(tx, cameo)
    row = {"workspace": tx.workspace, "cameo": cameo, "release": release, "at": tx.now.isoformat(), "reason": reason}
    if not insert_once(tx, REVOCATIONS, row):
        return False
    insert_missing(tx, KNOWN_RELEASES, [_known_row(tx, cameo, mark) for mark in sorted(marks)])
    return True


def _known_now(tx: Transaction, cameo: CameoId) -> set[str]:
    """The terms of every release that counts or ever did, and every paper, of all that was ever said of a person."""
    marks: set[str] = set()
    for body in history(tx, "cameo", cameo):
        (told,) = overlaid(tx, (Cameo.model_validate_json(body),))
        marks |= {terms_mark(one) for one in told.releases if not one.is_unproven}
        marks |= set(filter(None, map(paper_mark, told.releases)))
    return marks


def _known_row(tx: Transaction, cameo: CameoId, mark: str) -> dict[str, str]:
    return {"workspace": tx.workspace, "cameo": cameo, "mark": mark}


def _marks(tx: Transaction, cameos: set[str]) -> dict[str, set[str]]:
    """What was known of each of these people."""
    found: dict[str, set[str]] = {one: set() for one in cameos}
    if found:
        its = KNOWN_RELEASES.c
        query = select(its.cameo, its.mark).where(its.workspace == tx.workspace, its.cameo.in_(sorted(found)))
        for row in tx.execute(query):
            found[row.cameo].add(row.mark)
    return found


def approve(tx: Transaction, cameo: CameoId, release: ReleaseId, use: Use, by: str) -> bool:
    """Keep the owner's yes to a use; `by` is a pseudonym. False when it was given before."""
    row = {"workspace": tx.workspace, "cameo": cameo, "release": release, "use": use.digest, "by": by}
    is_new = insert_once(tx, USE_APPROVALS, {**row, "at": tx.now.isoformat(), "body": use.model_dump_json()})
    if is_new:
        event = UseApproved(cameo=cameo, release=release, use=use.digest, by=by)
        record(tx, WORKSPACE, event, chain=chain_of(cameo))
    return is_new


def _same_person(tx: Transaction, cameo: Cameo) -> None:
    for one in cameos(tx, (cameo.id,)):
        if fold(one.name) != fold(cameo.name):
            raise WrongUse(
                f"the cameo {cameo.id} is {one.name} in this workspace and {cameo.name} in this campaign; "
                f"give {cameo.name} an id of their own under cameos, or write the name as {one.name}"
            )


def _words_about(tx: Transaction, words: Table) -> Any:
    return tx.execute(select(words).where(words.c.workspace == tx.workspace))
