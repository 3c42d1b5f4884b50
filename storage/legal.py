"""Legal's records of a campaign: claims, disclosures and banned topics, seeded from its folder and edited by legal.

Each has a key that survives a change of wording: campaign, kind and id. The folder's word is remembered beside what
stands, so that only what the folder changed since counts as new: a folder that says what it said before undoes nothing
that legal wrote in the workspace, and what legal withdrew does not come back with an old file or under another id.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

from sqlalchemy import select

from callsheet.domain.campaign import Campaign
from callsheet.domain.claim import Claim, Disclosure, LegalBook, Topic, refuse_machine
from callsheet.domain.ledger import WORKSPACE
from callsheet.domain.permission import ClaimRevised
from callsheet.domain.principal import Principal
from callsheet.domain.record import canonical_json, digest_of
from callsheet.domain.seen import fold
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import pseudonym, record
from callsheet.storage.table import LEGAL, REVISIONS
from callsheet.storage.waived import chain_of, in_force

Kind = Literal["claim", "disclosure", "topic"]
Source = Literal["folder", "person"]
LegalRecord = Claim | Disclosure | Topic
Key = tuple[Kind, str]
R = TypeVar("R", bound=LegalRecord)
KINDS: dict[Kind, type[LegalRecord]] = {"claim": Claim, "disclosure": Disclosure, "topic": Topic}
_WORDING = ("text", "slots", "kind", "locale")
"""What an approval is about: when one of these changes, an approval of before is none of the new wording."""


@dataclass(frozen=True)
class Revision:
    """One revision of a record: what stood from then on, who wrote it, and what the folder said if it was the folder.

    `by` is a keyed hash of a person's name, empty for the folder. Revisions count from 1.
    """

    number: int
    at: datetime
    source: Source
    by: str
    said: LegalRecord | None
    record: LegalRecord


History = tuple[Revision, ...]


def kind_of(one: LegalRecord) -> Kind:
    """Which kind of record it is."""
    return next(kind for kind, model in KINDS.items() if isinstance(one, model))


def key_of(one: LegalRecord) -> Key:
    """The name of a record within its campaign."""
    return kind_of(one), one.id


def seed(tx: Transaction, campaign: Campaign) -> None:
    """Bring in what the folder says. Only what it changed since it was last read makes a new revision."""
    known = histories(tx, campaign.name)
    for said in _frozen(campaign):
        past = known.get(key_of(said), ())
        _take_up(tx, campaign.name, said, past, () if _same_wording(past, said) else _twin(known, said))


def revise(tx: Transaction, campaign: str, one: LegalRecord, by: Principal) -> Revision | None:
    """Write what a person of legal says. None when it stands like this already.

    Raises WaiverRefused for a written policy: approving and withdrawing are a person's.
    """
    refuse_machine(by, "change what legal has said")
    past = histories(tx, campaign).get(key_of(one), ())
    if past and past[-1].record == one:
        return None
    return _write(tx, campaign, one, "person", pseudonym(tx, by.name), None, len(past) + 1)


def histories(tx: Transaction, campaign: str) -> dict[Key, History]:
    """Every record of a campaign with all its revisions, oldest first; by kind and id."""
    found: dict[Key, list[Revision]] = {}
    rows = tx.execute(
        select(LEGAL)
        .where(LEGAL.c.workspace == tx.workspace, LEGAL.c.campaign == campaign)
        .order_by(LEGAL.c.kind, LEGAL.c.id, LEGAL.c.revision)
    ).mappings()
    for row in rows:
        model = KINDS[row["kind"]]
        revision = Revision(
            number=row["revision"],
            at=datetime.fromisoformat(row["at"]),
            source=row["source"],
            by=row["by"],
            said=model.model_validate_json(row["said"]) if row["said"] else None,
            record=model.model_validate_json(row["body"]),
        )
        found.setdefault((row["kind"], row["id"]), []).append(revision)
    return {key: tuple(revisions) for key, revisions in found.items()}


def campaigns(tx: Transaction) -> tuple[str, ...]:
    """The campaigns that legal has records of here."""
    rows = tx.execute(select(LEGAL.c.campaign).where(LEGAL.c.workspace == tx.workspace).distinct())
    return tuple(sorted(row.campaign for row in rows))


def book(tx: Transaction, campaign: Campaign) -> LegalBook:
    """Everything legal has said about this frozen campaign, as it stands at this moment.

    A record is found by its id, or by its wording where the folder called it otherwise when the campaign was frozen,
    and keeps the id it has there. One that nobody brought in is not in it: nobody has approved it here.
    """
    known = histories(tx, campaign.name)
    frozen = _frozen(campaign)
    found = [(said, _current(tx, campaign, known, said)) for said in frozen]
    named = {key_of(said) for said in frozen} | {key_of(one) for _, one in found if one is not None}
    standing = [one.model_copy(update={"id": said.id}) for said, one in found if one is not None]
    standing += [past[-1].record for key, past in known.items() if key not in named and _is_legals(past)]
    return LegalBook(
        claims=_only(Claim, standing),
        disclosures=_only(Disclosure, standing),
        topics=_only(Topic, standing),
        waivers=in_force(tx, campaign.name),
    )


def notices(tx: Transaction, campaign: Campaign) -> tuple[str, ...]:
    """Where the workspace's word and the folder's differ, and where the folder's newer word came after legal's."""
    known = histories(tx, campaign.name)
    return tuple(line for said in _frozen(campaign) for line in _departures(said, known.get(key_of(said), ())))


def _departures(said: LegalRecord, past: History) -> Iterator[str]:
    if not past:
        return
    latest = past[-1]
    what = f"{kind_of(said)} {said.id}"
    more = f"callsheet claims history {said.id}"
    if latest.record != said:
        fields = ", ".join(changed_fields(said, latest.record))
        yield f"{what}: the workspace's word stands and not the campaign folder's, about: {fields}; {more}"
    elif latest.source == "folder" and any(one.source == "person" for one in past):
        yield f"{what}: the campaign folder has changed it since legal did, and its newer word stands; {more}"


def changed_fields(before: LegalRecord, after: LegalRecord) -> tuple[str, ...]:
    """The fields in which two forms of a record differ, in the order of the record."""
    return tuple(name for name in type(after).model_fields if getattr(before, name) != getattr(after, name))


def _frozen(campaign: Campaign) -> tuple[LegalRecord, ...]:
    return (*campaign.claims, *campaign.disclosures, *campaign.topics)


def _only(model: type[R], found: list[LegalRecord]) -> tuple[R, ...]:
    return tuple(one for one in found if isinstance(one, model))


def _is_legals(past: History) -> bool:
    """Whether a record that the folder does not name counts all the same.

    A claim does when only legal ever wrote it. A disclosure or a ban that legal has touched holds whatever the folder
    leaves out.
    """
    if isinstance(past[-1].record, Claim):
        return all(one.source == "person" for one in past)
    return any(one.source == "person" for one in past)


def _current(tx: Transaction, campaign: Campaign, known: dict[Key, History], said: LegalRecord) -> LegalRecord | None:
    past = known.get(key_of(said))
    if past:
        return past[-1].record
    for other in known.values():
        if any(_is_wording_of(one.record, said) for one in other):
            return other[-1].record
    return _of_earlier_version(tx, campaign, said) if isinstance(said, Claim) else None


def _of_earlier_version(tx: Transaction, campaign: Campaign, said: Claim) -> Claim | None:
    """A claim as earlier versions kept it: by its wording, and its place among its equals."""
    equals = [one for one in campaign.claims if fold(one.text) == fold(said.text)]
    key = digest_of([campaign.name, fold(said.text), equals.index(said)])
    row = tx.execute(
        select(REVISIONS.c.body)
        .where(REVISIONS.c.workspace == tx.workspace, REVISIONS.c.kind == "claim", REVISIONS.c.id == key)
        .order_by(REVISIONS.c.revision.desc())
        .limit(1)
    ).first()
    return None if row is None else Claim.model_validate_json(row.body)


def _take_up(tx: Transaction, campaign: str, said: LegalRecord, past: History, twin: History) -> None:
    base = twin or past
    if not base:
        _write(tx, campaign, said, "folder", "", said, 1)
        return
    if past and not twin and _said_before(past, said):
        return
    before = next((one.said for one in reversed(base) if one.said is not None), None)
    merged = _merged(before, said, base[-1].record)
    _write(tx, campaign, merged, "folder", "", said, len(past) + 1)


def _said_before(past: History, said: LegalRecord) -> bool:
    """Whether the folder's word is no news: its last, or one from before legal wrote something."""
    words = [one.said for one in past if one.said is not None]
    last_by_legal = max((one.number for one in past if one.source == "person"), default=0)
    old = [one.said for one in past if one.number < last_by_legal]
    return (bool(words) and words[-1] == said) or said in old


def _merged(before: LegalRecord | None, said: LegalRecord, latest: LegalRecord) -> LegalRecord:
    """What stands, with what the folder has changed since its word before; where legal wrote first, legal's stands."""
    news = {name: getattr(said, name) for name in changed_fields(before, said)} if before is not None else {}
    merged = latest.model_copy(update={**news, "id": said.id})
    is_reworded = any(name in news for name in _WORDING)
    if isinstance(merged, Claim) and isinstance(said, Claim) and is_reworded and "approved" not in news:
        return merged.model_copy(update={"approved": said.approved and merged.approved})
    return merged


def _same_wording(past: History, said: LegalRecord) -> bool:
    words = [one.said or one.record for one in past]
    return bool(words) and _is_wording_of(words[-1], said)


def _twin(known: dict[Key, History], said: LegalRecord) -> History:
    """The same wording under another id, where legal had the last word about it."""
    for key, past in known.items():
        is_other = key != key_of(said) and any(one.source == "person" for one in past)
        if is_other and any(_is_wording_of(one.record, said) for one in past):
            return past
    return ()


def _is_wording_of(one: LegalRecord, said: LegalRecord) -> bool:
    if isinstance(one, Topic) or isinstance(said, Topic):
        return isinstance(one, Topic) and isinstance(said, Topic) and set(one.words) == set(said.words)
    return kind_of(one) == kind_of(said) and fold(one.text) == fold(said.text)


def _write(
    tx: Transaction, campaign: str, one: LegalRecord, source: Source, by: str, said: LegalRecord | None, number: int
) -> Revision:
    kind, name = key_of(one)
    tx.execute(
        LEGAL.insert(),
        {
            "workspace": tx.workspace,
            "campaign": campaign,
            "kind": kind,
            "id": name,
            "revision": number,
            "at": tx.now.isoformat(),
            "source": source,
            "by": by,
            "said": canonical_json(said.model_dump(mode="json")) if said is not None else "",
            "body": canonical_json(one.model_dump(mode="json")),
        },
    )
    event = ClaimRevised(
        campaign=campaign, kind_of_record=kind, name=name, revision=number, record=one.digest, source=source, by=by
    )
    record(tx, WORKSPACE, event, chain_of(campaign))
    return Revision(number=number, at=tx.now, source=source, by=by, said=said, record=one)
