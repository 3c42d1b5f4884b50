"""Carries over what a workspace of an earlier version says about releases, which it kept by the release alone."""

from sqlalchemy import Connection, String, column, insert, literal, select, table, text

from callsheet.storage.table import REVOCATIONS

OLD_REVOCATIONS = table("revocations", *(column(name) for name in ("workspace", "release", "at", "reason")))
OLD_APPROVALS = "use_approvals"


def carry_words(connection: Connection, present: set[str]) -> None:
    """Make revocations of a release those of whoever has a release of that id: none that held before ends by this.

    An owner's yes was kept without saying about whom, so it is not carried over: the owner is asked again.
    """
    if OLD_REVOCATIONS.name in present:
        whoever = literal("", String).label("cameo")
        old = select(
            OLD_REVOCATIONS.c.workspace, whoever, OLD_REVOCATIONS.c.release, OLD_REVOCATIONS.c.at,
            OLD_REVOCATIONS.c.reason,
        )  # fmt: skip
        connection.execute(insert(REVOCATIONS).from_select(["workspace", "cameo", "release", "at", "reason"], old))
        connection.execute(text(f"DROP TABLE {OLD_REVOCATIONS.name}"))
    if OLD_APPROVALS in present:
        connection.execute(text(f"DROP TABLE {OLD_APPROVALS}"))
