"""After packages or decisions met: households brought back to what every deed keeps.

Two machines may each do a sound deed whose sum is none: one makes somebody the head while the other moves him away.
Invariant: afterwards every head is a present member of his household, and nobody lives in a closed one.
"""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal.undo import UndoRefused
from desktop_app.models.tables.registry import household
from desktop_app.models.tables.system import operation
from desktop_app.models.types import Uid
from desktop_app.services.context import Context

MEND = "household.mend"
CARRY = "citizen.carry"
AFTERWARDS = (MEND, CARRY)
"""What a machine does of its own accord after packages met."""

_STRAY_HEADS = """
SELECT h.id FROM household AS h JOIN citizen AS c ON c.id = h.head_id
WHERE h.present = 1 AND (c.present = 0 OR c.household_id IS NOT h.id) ORDER BY h.id"""
_LIVELY_CLOSED = """
SELECT h.id FROM household AS h WHERE h.present = 1 AND h.valid_to IS NOT NULL
AND EXISTS (SELECT 1 FROM citizen AS c WHERE c.household_id = h.id AND c.is_current = 1) ORDER BY h.id"""


def broken_households(connection: Connection) -> tuple[list[int], list[int]]:
    """Local keys of households whose head is none of theirs, and of closed ones that somebody lives in."""
    stray = [row[0] for row in connection.exec_driver_sql(_STRAY_HEADS)]
    lively = [row[0] for row in connection.exec_driver_sql(_LIVELY_CLOSED)]
    return stray, lively


def mend_households(context: Context) -> int:
    """Take away heads that are none and open closed households that somebody lives in, as a deed of its own.

    It travels like any other deed; a person then names the new head. Nothing is written where all is well.

    Returns:
        How many households were mended.
    """
    with context.read() as connection:
        if not any(broken_households(connection)):
            return 0
    with context.operation(MEND, {}) as op:
        stray, lively = broken_households(op.connection)
        for row_id in stray:
            op.writer.update(household, row_id, {"head_id": None})
        for row_id in lively:
            op.writer.update(household, row_id, {"valid_to": None})
        count = len({*stray, *lively})
        op.args["count"] = count
    return count


def take_back_mends(context: Context, operation_id: int) -> list[Uid]:
    """Undo what this machine did of its own accord since an operation, so that a merge before them can be withdrawn.

    The caller mends again when the withdrawal succeeded, and gives the mends back when it was refused.

    Returns:
        The deeds that undid them, for ``give_back_mends``.
    """
    with context.read() as connection:
        query = (
            select(operation.c.uid)
            .where(operation.c.kind.in_(AFTERWARDS), operation.c.device == context.device)
            .where(operation.c.undone_by.is_(None), operation.c.id > operation_id)
            .order_by(operation.c.id.desc())
        )
        mends = connection.execute(query).scalars().all()
    undone = []
    for uid in mends:
        with suppress(UndoRefused):
            undone.append(context.journal.undo(uid))
    return undone


def give_back_mends(context: Context, undone: list[Uid]) -> None:
    """Let mends stand again as they were: a refused withdrawal changes nothing."""
    for uid in reversed(undone):
        context.journal.undo(uid)
