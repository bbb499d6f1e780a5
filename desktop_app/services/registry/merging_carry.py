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
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.merging import survivors
from desktop_app.services.registry.merging_forms import Joiner, Side

_HANGING = """
SELECT lower(hex(g.uid)), g.id FROM citizen AS g WHERE g.present = 0 AND g.merged_into_id IS NOT NULL AND (
EXISTS (SELECT 1 FROM registration AS r WHERE r.subject = g.uid AND r.present AND r.model = 'citizen')
OR EXISTS (SELECT 1 FROM assessment AS a WHERE a.subject = g.uid AND a.present AND a.model = 'citizen')
OR EXISTS (SELECT 1 FROM certificate AS c WHERE c.subject = g.uid AND c.present AND c.model = 'citizen')
OR EXISTS (SELECT 1 FROM organization_member AS m WHERE m.citizen_id = g.id AND m.present)
OR EXISTS (SELECT 1 FROM residence AS s WHERE s.citizen_id = g.id AND s.present)
OR EXISTS (SELECT 1 FROM distinct_pair AS d WHERE g.id IN (d.first_id, d.second_id) AND d.present)
OR EXISTS (SELECT 1 FROM household AS h WHERE h.head_id = g.id AND h.present))"""


def carry_over(context: Context) -> tuple[str, ...]:
    """Give survivors what came in for the records that they absorbed, as one deed.

    Returns:
        Sentences that a person should read; empty where there was nothing to do.
    """
    with context.read() as connection:
        if not _hanging(connection):
            return ()
    notes: list[str] = []
    with context.operation("citizen.carry") as op:
        hanging = _hanging(op.connection)
        op.args["count"] = len(hanging)
        for gone, kept in hanging.items():
            notes += _carry(op, kept, gone)
    return tuple(notes)


def _hanging(connection: Connection) -> Mapping[Side, Uid]:
    ends = survivors(connection)
    return {Side(key, uid): ends[uid] for uid, key in all_rows(connection, _HANGING) if uid in ends}


def _carry(op: Operation, kept_uid: Uid, gone: Side) -> tuple[str, ...]:
    kept = op.connection.execute(select(citizen).where(citizen.c.uid == kept_uid)).mappings().one()
    query = select(household.c.id).where(household.c.head_id == gone.id, household.c.present)
    for row_id in op.connection.execute(query).scalars().all():
        op.writer.update(household, row_id, {"head_id": kept["id"] if row_id == kept["household_id"] else None})
    return tuple(Joiner(op, Side(kept["id"], kept_uid), gone).run().notes)
