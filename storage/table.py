"""The tables of a workspace. The workspace's id is part of every key, so many can share one Postgres."""

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()


def _key(*names: str) -> list[Column[str]]:
    return [Column(name, String(200), primary_key=True) for name in ("workspace", *names)]


DOCUMENTS = Table(
    "documents",
    METADATA,
    *_key("digest"),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
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
    Index("purchases_by_run", "workspace", "run"),
)

BOOK = Table(
    "book",
    METADATA,
    *_key("run"),
    Column("position", Integer, primary_key=True),
    Column("purchase", String(200), nullable=False),
    Column("verb", String(10), nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("amount", String(40), nullable=False),
    Column("currency", String(3), nullable=False),
)

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

REVOCATIONS = Table(
    "revocations",
    METADATA,
    *_key("release"),
    Column("at", String(40), nullable=False),
    Column("reason", Text, nullable=False),
)

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
)

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

TAGS = Table(
    "job_tags",
    METADATA,
    *_key("job", "tag"),
    Column("batch", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
)
"""Which jobs use which cameo, shot or run, written before the job is queued."""
