"""Whom a link means now, and which records a person has absorbed; merging itself is loaded only where it is needed."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.raw import all_rows, one_row

_ABSORBED = """
SELECT lower(hex(g.uid)), coalesce(g.full_name, ''), coalesce(g.birth, '') FROM citizen AS g
JOIN citizen AS k ON k.id = g.merged_into_id WHERE k.uid = ? AND g.present = 0 ORDER BY g.id"""


@dataclass(frozen=True, slots=True)
class Absorbed:
    """A record that was merged into another one; ``birth`` as it is stored."""

    uid: Uid
    name: str
    birth: str


def absorbed_records(context: Context, uid: Uid) -> tuple[Absorbed, ...]:
    """The records that were merged into a person's and can be taken apart again, the oldest first."""
    with context.read() as connection:
        return tuple(Absorbed(*row) for row in all_rows(connection, _ABSORBED, (bytes.fromhex(uid),)))


def present_record(context: Context, uid: Uid) -> Uid:
    """The person that a link means now: who stayed, where the record was merged into another."""
    with context.read() as connection:
        row = one_row(connection, "SELECT present FROM citizen WHERE uid = ?", (bytes.fromhex(uid),))
        if row is not None and row[0]:
            return uid
        from desktop_app.services.duplicates.merging import survivor_of

        return survivor_of(connection, uid) or uid
