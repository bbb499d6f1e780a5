"""The common part of every edit: clean what was typed, check it, write it as one deed, say what was found.

Invariant: checking and writing happen in one transaction, so a check that passed still holds when the row is written;
values with errors leave no trace.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from desktop_app.models.journal import Operation
from desktop_app.models.journal.codec import to_columns
from desktop_app.models.records import SaveResult
from desktop_app.models.tables import SHARED
from desktop_app.models.types import Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.registry.cleaning import Checked
from desktop_app.services.registry.lookups import SqlLookups, find_row, stored_fields
from desktop_app.services.registry.usage import refuse_if_used, remove_joins

MASK = "•"

Stored = Mapping[str, Any] | None
Check = Callable[[SqlLookups, Stored], Checked]
"""From the lookups and the stored fields (None: a new record) to what was found."""


def today_or(today: datetime.date | None) -> datetime.date:
    return today if today is not None else datetime.date.today()


def without_masks(values: Mapping[str, object]) -> dict[str, object]:
    """Fields that still show a masked number were not typed anew and stay as they are."""
    return {name: value for name, value in values.items() if not (isinstance(value, str) and MASK in value)}


def check_record(context: Context, table: str, uid: Uid | None, check: Check) -> SaveResult:
    """Check without writing, for findings beside the fields while a person types; ``uid`` of the result is None."""
    with context.read() as connection:
        stored = stored_fields(connection, table, find_row(connection, table, uid)) if uid is not None else None
        checked = check(SqlLookups(connection), stored)
    return SaveResult(None, checked.errors, checked.warnings)


def columns_of(op: Operation, table: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Journal fields (references as uids) → columns (local keys)."""
    return to_columns(SHARED[table], fields, op.writer.references)


def saved(op: Operation, table: str, row_id: int, checked: Checked) -> SaveResult:
    """Name the operation's subject and give the result."""
    uid = op.writer.references.uid(table, row_id)
    op.args["subject"] = subject_of(table, uid)
    return SaveResult(uid, (), checked.warnings)


def refused(checked: Checked) -> SaveResult:
    return SaveResult(None, checked.errors, checked.warnings)


def remove_record(context: Context, table: str, uid: Uid) -> None:
    """Remove a record that nothing hangs on, with its memberships.

    Raises:
        UserError: it is used (``remove.used``, all reasons in one message) or gone (``record.gone``).
    """
    with context.operation(f"{table}.remove", {"subject": subject_of(table, uid)}) as op:
        row = find_row(op.connection, table, uid)
        refuse_if_used(op.connection, table, row["id"], uid)
        remove_joins(op.writer, table, row["id"])
        op.writer.remove(SHARED[table].table, row["id"])
