"""Households of two records that become one: who heads them, and what becomes of one that nobody is left in.

Invariant: a head lives in his household; a household that only a double lived in goes with it, unless something else
names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.journal.undo import referrers
from desktop_app.models.tables.registry import citizen, clan_household, household
from desktop_app.services.importing.words import HEAD
from desktop_app.services.registry.usage import reasons, remove_joins

Row = Mapping[str, Any]


def join_heads(op: Operation, kept: Row, gone: Row, values: dict[str, Any]) -> tuple[str, ...]:
    """Give the survivor the headship of where he lives, and free it elsewhere.

    Args:
        values: columns of the survivor that will be written; his relation is put among them where he heads.

    Returns:
        Sentences about households left without a head.
    """
    home = values.get("household_id", kept["household_id"])
    notes = []
    query = select(household).where(household.c.head_id.in_((kept["id"], gone["id"])))
    for row in op.connection.execute(query).mappings().all():
        if not row["present"]:  # asked here: SQLite would take the index of presence, which holds every household
            continue
        if row["id"] == home:
            op.writer.update(household, row["id"], {"head_id": kept["id"]})
            values["relation"] = HEAD
            continue
        op.writer.update(household, row["id"], {"head_id": None})
        others = select(citizen.c.id).where(
            citizen.c.household_id == row["id"], citizen.c.present, citizen.c.id.not_in((kept["id"], gone["id"]))
        )
        if op.connection.execute(others.limit(1)).first() is not None:
            notes.append(f"Hộ {row['code'] or 'chưa có mã'} không còn chủ hộ; hãy chọn chủ hộ mới.")
    return tuple(notes)


def leave_homes(op: Operation, kept: Row, gone: Row, home: int | None) -> tuple[str, ...]:
    """Take away the household that nobody is left in after the merge, and say so.

    Args:
        kept, gone: the two records as they stood before.
        home: where the survivor lives now.
    """
    notes = []
    for household_id in sorted({kept["household_id"], gone["household_id"]} - {home, None}):
        row = op.connection.execute(select(household).where(household.c.id == household_id)).mappings().one()
        if not row["present"] or _has_people(op.connection, household_id):
            continue
        name = row["code"] or "chưa có mã"
        if reasons(op.connection, "household", household_id, row["uid"]) or _is_named(op.connection, household_id):
            notes.append(f"Hộ {name} không còn ai nhưng còn phiếu, giấy hoặc nơi ở cũ; hãy xem lại hộ này.")
            continue
        remove_joins(op.writer, "household", household_id)
        op.writer.remove(household, household_id)
        notes.append(f"Hộ {name} không còn ai nên đã bỏ khỏi sổ.")
    return tuple(notes)


def _has_people(connection: Connection, household_id: int) -> bool:
    query = select(citizen.c.id).where(citizen.c.household_id == household_id, citizen.c.present).limit(1)
    return connection.execute(query).first() is not None


def _is_named(connection: Connection, household_id: int) -> bool:
    """Does another present row name it: a household that was split from it, somebody's former place?"""
    for table, column in referrers("household"):
        if table is clan_household or table is citizen:
            continue
        query = select(table.c.id).where(column == household_id, table.c.present).limit(1)
        if connection.execute(query).first() is not None:
            return True
    return False
