"""Adding, changing and removing households, and choosing their heads; each is one undoable deed.

Invariant: the head is a present member of the household, or there is none.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.records import Issue, SaveResult, Severity
from desktop_app.models.tables.registry import citizen, household
from desktop_app.models.types import Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.errors import UserError
from desktop_app.services.importing.words import HEAD
from desktop_app.services.registry.lookups import SqlLookups, find_row, stored_fields
from desktop_app.services.registry.saving import (
    check_record,
    columns_of,
    refused,
    remove_record,
    saved,
    today_or,
)
from desktop_app.services.registry.usage import refuse_if_used, remove_joins
from desktop_app.services.registry.validation import check_household
from desktop_app.services.vietnamese import fold


def check(
    context: Context, uid: Uid | None, values: Mapping[str, object], *, today: datetime.date | None = None
) -> SaveResult:
    """What saving these values would find; nothing is written."""
    return check_record(
        context,
        "household",
        uid,
        lambda lookups, stored: check_household(values, lookups, today_or(today), uid=uid),
    )


def save_household(
    context: Context, uid: Uid | None, values: Mapping[str, object], *, today: datetime.date | None = None
) -> SaveResult:
    """Add a household (``uid`` None) or change one; ``hamlet`` and ``head`` are uids.

    Raises:
        UserError: the household is gone (``record.gone``).
    """
    with context.operation("household.edit" if uid else "household.add") as op:
        row = find_row(op.connection, "household", uid) if uid is not None else None
        checked = check_household(values, SqlLookups(op.connection), today_or(today), uid=uid)
        if checked.errors:
            return refused(checked)
        columns = columns_of(op, "household", checked.values)
        if row is None:
            return saved(op, "household", op.writer.insert(household, columns), checked)
        head_id = columns.pop("head_id", row["head_id"])
        op.writer.update(household, row["id"], columns)
        if head_id != row["head_id"]:
            _change_head(op, row, head_id)
        return saved(op, "household", row["id"], checked)


def set_head(context: Context, household_uid: Uid, citizen_uid: Uid) -> SaveResult:
    """Make a member the head; the former head's relation is left blank, to be filled by a person.

    Raises:
        UserError: the household is gone (``record.gone``).
    """
    args = {"subject": subject_of("household", household_uid), "head": subject_of("citizen", citizen_uid)}
    with context.operation("household.head", args) as op:
        row = find_row(op.connection, "household", household_uid)
        head_id = op.writer.references.id("citizen", citizen_uid)
        if head_id is None or not SqlLookups(op.connection).is_member(household_uid, citizen_uid):
            issue = Issue(
                "head", "head.not_member", "Chủ hộ phải là một người của hộ này; hãy thêm người đó vào hộ trước."
            )
            return SaveResult(None, (issue,))
        if head_id == row["head_id"]:
            return SaveResult(household_uid)
        _change_head(op, row, head_id)
    warning = Issue(
        "relation",
        "relation.review",
        "Đã đổi chủ hộ; quan hệ của những người khác với chủ hộ mới cần được xem lại.",
        Severity.WARNING,
    )
    return SaveResult(household_uid, (), (warning,))


def remove_household(context: Context, uid: Uid, *, with_members: bool = False) -> None:
    """Remove a household entered by mistake.

    Args:
        with_members: its people go too, if nobody of them has forms, registrations or certificates.

    Raises:
        UserError: it still has people, forms, registrations or certificates (``remove.used``), or is gone.
    """
    if not with_members:
        remove_record(context, "household", uid)
        return
    with context.operation("household.remove", {"subject": subject_of("household", uid)}) as op:
        row = find_row(op.connection, "household", uid)
        members = op.connection.execute(
            select(citizen).where(citizen.c.household_id == row["id"], citizen.c.present)
        ).mappings()
        op.writer.update(household, row["id"], {"head_id": None})
        for member in members.all():
            try:
                refuse_if_used(op.connection, "citizen", member["id"], member["uid"])
            except UserError as error:
                raise UserError(f"{member['full_name']}: {error.message}", code=error.code) from None
            remove_joins(op.writer, "citizen", member["id"])
            op.writer.remove(citizen, member["id"])
        refuse_if_used(op.connection, "household", row["id"], uid)
        remove_joins(op.writer, "household", row["id"])
        op.writer.remove(household, row["id"])


def household_values(context: Context, uid: Uid) -> dict[str, Any]:
    """What an editing form is filled from: field → stored value.

    Raises:
        UserError: the household is gone (``record.gone``).
    """
    with context.read() as connection:
        fields = stored_fields(connection, "household", find_row(connection, "household", uid))
    return {name: value for name, value in fields.items() if name not in ("present", "split_from")}


def propose_code(context: Context, hamlet_uid: Uid) -> str:
    """The next code after the highest of a hamlet ("03-0127" → "03-0128"); empty where its codes have no figures."""
    with context.read() as connection:
        return free_code(connection, find_row(connection, "hamlet", hamlet_uid)["id"]) or ""


def free_code(connection: Connection, hamlet_id: int | None) -> str | None:
    """The same by local key; None where the hamlet's codes have no figures."""
    codes = connection.execute(
        select(household.c.code)
        .where(household.c.hamlet_id == hamlet_id, household.c.code.is_not(None), household.c.present)
        .order_by(household.c.sort_key.desc())
        .limit(20)
    ).scalars()
    for code in codes:
        found = re.fullmatch(r"(.*?)(\d+)", code)
        if found:
            return _next_free(connection, found[1], found[2])
    return None


def _next_free(connection: Connection, prefix: str, digits: str) -> str:
    number, lookups = int(digits), SqlLookups(connection)
    while True:
        number += 1
        code = f"{prefix}{number:0{len(digits)}d}"
        if lookups.household_with_code(code, None) is None:
            return code


def _change_head(op: Operation, row: Mapping[str, Any], head_id: int | None) -> None:
    op.writer.update(household, row["id"], {"head_id": head_id})
    former = row["head_id"]
    if former is not None:
        relation = op.connection.execute(select(citizen.c.relation).where(citizen.c.id == former)).scalar()
        if fold(relation or "") == fold(HEAD):
            op.writer.update(citizen, former, {"relation": None})
    if head_id is not None:
        op.writer.update(citizen, head_id, {"relation": HEAD})
