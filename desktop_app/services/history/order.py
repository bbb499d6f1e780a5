"""The order of the journal: deeds of this file newest first, under each merge what it brought, newest first.

Invariant: both halves come from an index in their order and are merged by SQLite, so no page sorts the whole journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import Uid


@dataclass(frozen=True)
class Place:
    """Where a deed stands.

    Attributes:
        id: its local key.
        top: the local key of the deed of this file under which it stands: the merge that brought it, or itself.
    """

    id: int
    top: int

    def after(self) -> tuple[str, str]:
        """Conditions on ``operation AS o`` for what is listed after it: deeds of this file, operations brought."""
        if self.id == self.top:
            return f"o.id < {self.id}", f"o.merged_in <= {self.id}"
        return f"o.id < {self.top}", f"(o.merged_in, o.id) < ({self.top}, {self.id})"

    def before(self) -> str:
        """The condition for what is listed before it."""
        if self.id == self.top:
            return f"(o.merged_in IS NULL AND o.id > {self.id} OR o.merged_in > {self.id})"
        brought = f"(o.merged_in, o.id) > ({self.top}, {self.id})"
        return f"(o.merged_in IS NULL AND o.id >= {self.top} OR {brought})"


def place_of(connection: Connection, uid: Uid) -> Place | None:
    """The place of a deed; None where this journal does not have it."""
    query = "SELECT id, coalesce(merged_in, id) FROM operation WHERE uid = ?"
    row = connection.exec_driver_sql(query, (bytes.fromhex(uid),)).first()
    return Place(row[0], row[1]) if row is not None else None


def newest_first(where: Sequence[str], after: Place | None = None) -> str:
    """A query for local keys in the journal's order; its parameters are those of ``where`` twice, limit and offset.

    Args:
        where: conditions on ``operation AS o``.
        after: only what is listed after this deed.
    """
    own, brought = after.after() if after is not None else ("1", "1")
    of_own = " AND ".join(("o.merged_in IS NULL", own, *where))
    of_brought = " AND ".join(("o.merged_in IS NOT NULL", brought, *where))
    return (
        f"SELECT o.id, o.id AS top, {_FIRST} AS place FROM operation AS o WHERE {of_own} "
        f"UNION ALL SELECT o.id, o.merged_in, o.id FROM operation AS o WHERE {of_brought} "
        "ORDER BY top DESC, place DESC LIMIT ? OFFSET ?"
    )


_FIRST = 2**63 - 1
"""A deed of this file stands before what it brought."""
