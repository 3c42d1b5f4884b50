"""Carries over what a workspace of an earlier version says about releases, which it kept by the release alone.

Where its words stood a view stands now that has none of their columns: an earlier program that opens this workspace
stops at its first question about a person, instead of making a table without a single revocation and going on.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, RowMapping, column, insert, inspect, select, table, text

from callsheet.domain.cameo import Cameo
from callsheet.domain.proof import paper_mark, terms_mark
from callsheet.storage.table import KNOWN_RELEASES, REVISIONS, REVOCATIONS

OLD_REVOCATIONS = table("revocations", *(column(name) for name in ("workspace", "release", "at", "reason")))
OLD_APPROVALS = "use_approvals"
STOP = "use a newer Callsheet: its words are in consent_revocations"


def carry_words(connection: Connection, present: set[str]) -> None:
    """Make revocations of a release those of whoever has a release of that id: none that held before ends by this.

    An owner's yes was kept without saying about whom, so it is not carried over: the owner is asked again.
    """
    if OLD_REVOCATIONS.name in present:
        _carry_revocations(connection)
        connection.execute(text(f"DROP TABLE {OLD_REVOCATIONS.name}"))
    if OLD_APPROVALS in present:
        connection.execute(text(f"DROP TABLE {OLD_APPROVALS}"))
    if OLD_REVOCATIONS.name not in inspect(connection).get_view_names():
        connection.execute(text(f"CREATE VIEW {OLD_REVOCATIONS.name} AS SELECT '{STOP}' AS stop"))
    if KNOWN_RELEASES.name not in present:
        _keep_known(connection)


def _carry_revocations(connection: Connection) -> None:
    kept = {(row["workspace"], row["release"]) for row in _words(connection) if not row["cameo"]}
    for old in connection.execute(select(OLD_REVOCATIONS)).mappings().all():
        if (old["workspace"], old["release"]) not in kept:
            connection.execute(insert(REVOCATIONS), {**old, "cameo": ""})


def _keep_known(connection: Connection) -> None:
    """For each person with a word about them: that it is theirs, and what was known of their releases until now."""
    words = {(row["workspace"], row["cameo"], row["release"]): row for row in _words(connection)}
    about: dict[tuple[str, str], set[str]] = {}
    for workspace, cameo in _revisions(connection) if words else ():
        marks = about.setdefault((workspace, cameo.id), set())
        marks |= {mark for one in cameo.releases for mark in (terms_mark(one), paper_mark(one)) if mark}
        for one in cameo.releases:
            old = words.get((workspace, "", one.id))
            if old is not None and (workspace, cameo.id, one.id) not in words:
                connection.execute(insert(REVOCATIONS), {**old, "cameo": cameo.id})
                words[workspace, cameo.id, one.id] = old
    said = {(workspace, who) for workspace, who, _ in words}
    rows = [
        {"workspace": workspace, "cameo": who, "mark": mark}
        for (workspace, who), marks in about.items()
        for mark in sorted(marks)
        if (workspace, who) in said
    ]
    if rows:
        connection.execute(insert(KNOWN_RELEASES), rows)


def _words(connection: Connection) -> Sequence[RowMapping]:
    return connection.execute(select(REVOCATIONS)).mappings().all()


def _revisions(connection: Connection) -> Iterator[tuple[str, Cameo]]:
    query = select(REVISIONS.c.workspace, REVISIONS.c.body).where(REVISIONS.c.kind == "cameo")
    for row in connection.execute(query.order_by(REVISIONS.c.revision)).all():
        yield row.workspace, Cameo.model_validate_json(row.body)
