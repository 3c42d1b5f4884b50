"""The tables of a workspace. The workspace's id is part of every key, so many can share one Postgres."""

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeEngine

from callsheet.domain.record import digest_of

METADATA = MetaData()


def _key(*names: str) -> list[Column[str]]:
    return [Column(name, String(200), primary_key=True) for name in ("workspace", *names)]


def _added(name: str, kind: TypeEngine[str]) -> Column[str]:
    """A column that older workspaces do not have: there it is empty."""
    return Column(name, kind, nullable=False, server_default="")


DOCUMENTS = Table(
    "documents",
    METADATA,
    *_key("digest"),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    _added(
        "redacted_at", String(40)
    ),  # when a person was taken out of it: the body is not what the hash names any more
)

RUNS = Table(
    "runs",
    METADATA,
    *_key("id"),
    Column("folder", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("started_at", String(40), nullable=False),
    Column("body", Text, nullable=False),
)

GATES = Table(
    "gates", METADATA, *_key("id"), Column("run", String(200), nullable=False), Column("body", Text, nullable=False)
)

DECISIONS = Table(
    "decisions",
    METADATA,
    *_key("gate"),
    Column("position", Integer, primary_key=True),
    Column("standing", String(20), nullable=False),  # 'decision', or 'proposal' when nobody authenticated it
    Column("body", Text, nullable=False),
)


def job_mark(job: str) -> str | None:
    """A hash that stands for a provider's name of a render in the index; none when there is no render yet."""
    return digest_of(job) if job else None


PURCHASES = Table(
    "purchases",
    METADATA,
    *_key("key"),
    Column("run", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("job", Text, nullable=False),  # a gateway's names for renders have no stated limit
    Column("reason", Text, nullable=False),
    Column("intended_at", String(40), nullable=False),
    Column("release", String(200), nullable=False),  # the release that covered the cast when it was bought
    Column("seconds", Integer, nullable=False),
    Column("amount", String(40), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("order", Text, nullable=False),
    _added("campaign", String(200)),
    _added("tier", Text()),
    _added("day", String(10)),  # on which it was reserved, UTC
    _added("trouble", String(20)),
    Column("begun", Integer),  # attempts before this reservation: one idempotency key holds until it is begun anew
    Column("billed_seconds", Integer),  # what the provider billed, as far as it says
    Column("billed_amount", String(40)),
    _added("kept", String(64)),  # what was fetched, by its bytes: a render is downloaded once
    Column("job_mark", String(64)),  # a hash of the job: its name may be too long for an index
    Index("purchases_by_run", "workspace", "run"),
    Index("purchases_by_job", "workspace", "job_mark", unique=True),  # one render belongs to one purchase
)

POSTINGS = Table(
    "postings",
    METADATA,
    *_key("purse"),
    Column("position", Integer, primary_key=True),
    Column("purchase", String(200), nullable=False),
    Column("verb", String(10), nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("amount", String(40), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("held_seconds", Integer, nullable=False),
    Column("spent_seconds", Integer, nullable=False),
    Column("held", String(40), nullable=False),
    Column("spent", String(40), nullable=False),
)
"""The book, purse by purse. Each posting carries the balance after it; postings are never changed."""

TAKES = Table(
    "takes",
    METADATA,
    *_key("purchase"),
    Column("id", String(200), nullable=False),
    Column("body", Text, nullable=False),
)

REVISIONS = Table(
    "revisions",
    METADATA,
    *_key("kind", "id"),
    Column("revision", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("body", Text, nullable=False),
)

LEGAL = Table(
    "legal_records",
    METADATA,
    *_key("campaign", "kind", "id"),
    Column("revision", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("source", String(10), nullable=False),  # 'folder', or 'person'
    Column("by", String(40), nullable=False),  # a keyed hash of the person's name
    Column("said", Text, nullable=False),  # what the campaign's folder said then; nothing in a person's revision
    Column("body", Text, nullable=False),
)
"""Claims, disclosures and banned topics of a campaign, revision by revision; revisions are never changed."""

WAIVERS = Table("waivers", METADATA, *_key("campaign", "id"), Column("body", Text, nullable=False))
"""Findings that legal lets pass. One holds only while the ledger's signed word about it fits its exact bytes."""

REVOCATIONS = Table(
    "consent_revocations",
    METADATA,
    *_key("cameo", "release"),
    Column("at", String(40), nullable=False),
    Column("reason", Text, nullable=False),
)
"""Releases that hold no more, each of one person."""

KNOWN_RELEASES = Table("consent_known", METADATA, *_key("cameo", "mark"))
"""Terms and papers of a person that were known at a revocation, and terms that were added by hand."""

USE_APPROVALS = Table(
    "consent_approvals",
    METADATA,
    *_key("cameo", "release", "use"),
    Column("at", String(40), nullable=False),
    Column("by", String(40), nullable=False),
    Column("body", Text, nullable=False),
)
"""Uses that an owner said yes to, where a release asks for that; `by` is a keyed hash."""

STOPS = Table(
    "stops",
    METADATA,
    *_key("tag", "kind"),
    Column("reason", Text, nullable=False),
    Column("at", String(40), nullable=False),
)
"""What is paused or called off, by tag."""

LEDGER = Table(
    "ledger",
    METADATA,
    *_key("run", "chain"),
    Column("position", Integer, primary_key=True),
    Column("written", Integer, nullable=False),  # order of writing within the run, for reading; chains carry the truth
    Column("entry", Text, nullable=False),
    Index("ledger_by_written", "workspace", "run", "written"),
)

HEADS = Table(
    "ledger_heads",
    METADATA,
    *_key(),
    Column("number", Integer, primary_key=True),  # counts the heads of the workspace from 0
    Column("run", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Index("ledger_heads_by_run", "workspace", "run", "number"),
)
"""Signed heads of runs; never changed."""

PEOPLE = Table("people", METADATA, *_key("pseudonym"), Column("name", Text, nullable=False))
"""The only place of names: erasing a row leaves the ledger verifiable."""

SECRETS = Table("secrets", METADATA, *_key("name"), Column("value", String(128), nullable=False))
"""Keys made in this workspace, such as the one that turns names into pseudonyms."""

PUBLICATIONS = Table(
    "publications",
    METADATA,
    *_key("id"),
    Column("run", String(200), nullable=False),
    Column("body", Text, nullable=False),
)

SEGMENTS = Table("segments", METADATA, *_key("key"), Column("digest", String(64), nullable=False))
"""Encoded pieces by the key of everything that determines their bytes."""

WORDS = Table("words", METADATA, *_key("run", "task"), Column("document", String(64), nullable=False))
"""What a model wrote for a run, by the task it was given: a run that goes on again does not pay for it twice."""

TAGS = Table(
    "job_tags",
    METADATA,
    *_key("job", "tag"),
    Column("batch", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Index("job_tags_by_tag", "workspace", "tag"),
)
"""Which jobs use which cameo, shot or run, written before the job is queued."""
