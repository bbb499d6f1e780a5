"""What reaches an absorbed record after its merge goes on to the survivor.

A volunteer who did not know of the merge may have scored, registered or enrolled the absorbed record; the package
brings it here. Invariant: run after every merge of packages; where nothing hangs on an absorbed record, nothing is
written.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables.registry import citizen, household
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.duplicates.forms import Joiner, Side, hanging_on
from desktop_app.services.duplicates.merging import survivors
from desktop_app.services.raw import all_rows

_ABSORBED = "SELECT lower(hex(uid)), id FROM citizen WHERE present = 0 AND merged_into_id IS NOT NULL"


def carry_over(context: Context) -> tuple[str, ...]:
    """Give survivors what came in for the records that they absorbed, as one deed.

    Returns:
        Sentences that a person should read; empty where there was nothing to do.
    """
    with context.read() as connection:
        if not _hanging(connection):
            return ()
    with context.operation("citizen.carry") as op:
        op.args["count"] = len(_hanging(op.connection))
        return carry(op)


def carry(op: Operation) -> tuple[str, ...]:
    """The same as part of a deed that may leave something hanging on an absorbed record."""
    notes: list[str] = []
    for gone, kept in _hanging(op.connection).items():
        notes += _carry(op, kept, gone)
    return tuple(notes)


def _hanging(connection: Connection) -> Mapping[Side, Uid]:
    ends = survivors(connection)
    absorbed = [Side(key, uid) for uid, key in all_rows(connection, _ABSORBED) if uid in ends]
    return {side: ends[side.uid] for side in absorbed if hanging_on(connection, side)}


def _carry(op: Operation, kept_uid: Uid, gone: Side) -> tuple[str, ...]:
    kept = op.connection.execute(select(citizen).where(citizen.c.uid == kept_uid)).mappings().one()
    query = select(household.c.id, household.c.present).where(household.c.head_id == gone.id)
    for row_id, is_present in op.connection.execute(query).all():
        if is_present:
            op.writer.update(household, row_id, {"head_id": kept["id"] if row_id == kept["household_id"] else None})
    return tuple(Joiner(op, Side(kept["id"], kept_uid), gone).run().notes)
