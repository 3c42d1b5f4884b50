"""People as the workspace knows them: revisioned records seeded from campaigns, and what was said about them since.

A revocation lives here and beats any file: seeding never takes one back. Revocations and approvals belong to one
person's release: two people may both have signed a release called r1.
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
from callsheet.domain.seen import fold
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import pseudonym, record
from callsheet.storage.revision import history, latest, names, revise
from callsheet.storage.table import REVOCATIONS, USE_APPROVALS
from callsheet.storage.upsert import insert_once

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
    promised = [one for before in befores for one in before.releases if one.exclusive and one.id not in listed]
    whole = cameo.model_copy(update={"releases": (*cameo.releases, *promised)})
    if not by:  # a file may be an old one: what protects the person is not unsaid by it
        whole = _protected(whole, befores)
    revision = revise(tx, "cameo", cameo.id, whole.model_dump_json())
    if revision is None:
        return False
    signed = tuple(one.id for one in whole.releases)
    event = CameoRevised(cameo=cameo.id, revision=revision, record=whole.digest, releases=signed, by=by)
    record(tx, WORKSPACE, event, chain=chain_of(cameo.id))
    return True


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
    """Add to what is known of a person. False when nothing was new. Raises WrongUse for an id of somebody else."""
    for body in latest(tx, "cameo", (cameo.id,)):
        cameo = with_more(Cameo.model_validate_json(body), cameo)
    return revised(tx, cameo, pseudonym(tx, by))


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
    approved: dict[tuple[str, str], list[Use]] = {}
    for row in _words_about(tx, USE_APPROVALS):
        approved.setdefault((row.cameo, row.release), []).append(Use.model_validate_json(row.body))

    def with_words(cameo: Cameo, release: Release) -> Release:
        ended = [at for who in (cameo.id, WHOEVER) if (at := revoked.get((who, release.id)))]
        uses = sorted(approved.get((cameo.id, release.id), ()), key=lambda use: use.digest)
        return release.model_copy(update={"revoked_at": min(ended, default=None), "approved_uses": tuple(uses)})

    return tuple(
        one.model_copy(update={"releases": tuple(with_words(one, release) for release in one.releases)})
        for one in people
    )


def revoke(tx: Transaction, cameo: CameoId, release: ReleaseId, reason: str) -> bool:
    """End a permission now. False when it was revoked before."""
    row = {"workspace": tx.workspace, "cameo": cameo, "release": release, "at": tx.now.isoformat(), "reason": reason}
    return insert_once(tx, REVOCATIONS, row)


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
