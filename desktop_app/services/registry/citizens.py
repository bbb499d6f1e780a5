"""Adding, changing, moving and removing citizens; each is one undoable deed.

Invariants: a head never leaves a household that has other members; places in a household are counted from 1.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.records import SaveResult
from desktop_app.models.tables.registry import citizen, household
from desktop_app.models.types import LifeStatus, Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.importing.words import HEAD
from desktop_app.services.registry.cleaning import Checked
from desktop_app.services.registry.groups import propose_group
from desktop_app.services.registry.lookups import SqlLookups, find_row, stored_fields
from desktop_app.services.registry.rounds import counting_day
from desktop_app.services.registry.saving import (
    check_record,
    columns_of,
    refused,
    saved,
    today_or,
    without_masks,
)
from desktop_app.services.registry.usage import refuse_if_used, remove_joins
from desktop_app.services.registry.validation import birth_of, check_citizen
from desktop_app.services.vietnamese import fold, mask_cccd, mask_phone


def check(
    context: Context, uid: Uid | None, values: Mapping[str, object], *, today: datetime.date | None = None
) -> SaveResult:
    """What saving these values would find; nothing is written."""
    given = without_masks(values)
    return check_record(
        context,
        "citizen",
        uid,
        lambda lookups, stored: check_citizen(given, lookups, today_or(today), uid=uid, stored=stored),
    )


def save_citizen(
    context: Context, uid: Uid | None, values: Mapping[str, object], *, today: datetime.date | None = None
) -> SaveResult:
    """Add a person (``uid`` None) or change one.

    Args:
        values: field (``validation.CITIZEN``) → what was typed; ``household`` and ``branch`` are uids. Fields that
            are not given stay; a masked CCCD or phone counts as not given. A new person whose group is not given
            gets the proposed one.
        today: for tests; the day by which births are judged.

    Raises:
        UserError: the person is gone (``record.gone``).
    """
    given = without_masks(values)
    day = today_or(today)
    with context.operation("citizen.edit" if uid else "citizen.add") as op:
        row = find_row(op.connection, "citizen", uid) if uid is not None else None
        stored = stored_fields(op.connection, "citizen", row) if row is not None else None
        checked = check_citizen(given, SqlLookups(op.connection), day, uid=uid, stored=stored)
        _check_leaving(op.connection, checked, row)
        if checked.errors:
            return refused(checked)
        if row is None:
            return saved(op, "citizen", insert_citizen(op, checked), checked)
        _update(op, row, checked)
        return saved(op, "citizen", row["id"], checked)


def add_member(
    context: Context, household_uid: Uid, values: Mapping[str, object], *, today: datetime.date | None = None
) -> SaveResult:
    """Add a new person to a household."""
    return save_citizen(context, None, {**values, "household": household_uid}, today=today)


def move_citizen(
    context: Context, uid: Uid, household_uid: Uid | None, *, relation: str = "", today: datetime.date | None = None
) -> SaveResult:
    """Move a person to another household (None: to none), to its last place.

    Raises:
        UserError: the person is gone (``record.gone``).
    """
    args = {"subject": subject_of("citizen", uid)}
    if household_uid is not None:
        args["household"] = subject_of("household", household_uid)
    with context.operation("citizen.move" if household_uid else "citizen.edit", args) as op:
        row = find_row(op.connection, "citizen", uid)
        stored = stored_fields(op.connection, "citizen", row)
        values = {"household": household_uid, "relation": relation}
        checked = check_citizen(values, SqlLookups(op.connection), today_or(today), uid=uid, stored=stored)
        _check_leaving(op.connection, checked, row)
        if checked.errors:
            return refused(checked)
        _update(op, row, checked)
        return saved(op, "citizen", row["id"], checked)


def remove_citizen(context: Context, uid: Uid) -> None:
    """Remove a person entered by mistake; who died or moved away is kept, with ``life_status``.

    Raises:
        UserError: the person has forms, registrations or certificates, or heads others (``remove.used``).
    """
    with context.operation("citizen.remove", {"subject": subject_of("citizen", uid)}) as op:
        row = find_row(op.connection, "citizen", uid)
        refuse_if_used(op.connection, "citizen", row["id"], uid)
        _give_up_headship(op, row)
        remove_joins(op.writer, "citizen", row["id"])
        op.writer.remove(citizen, row["id"])


def citizen_values(context: Context, uid: Uid) -> dict[str, Any]:
    """What an editing form is filled from: field → stored value, CCCD and phone masked.

    Raises:
        UserError: the person is gone (``record.gone``).
    """
    with context.read() as connection:
        fields = stored_fields(connection, "citizen", find_row(connection, "citizen", uid))
    fields["cccd"], fields["phone"] = mask_cccd(fields["cccd"]), mask_phone(fields["phone"])
    return {name: value for name, value in fields.items() if name not in ("present", "position", "merged_into")}


def next_position(connection: Connection, household_id: int) -> int:
    """The place of a new member."""
    last = connection.execute(
        select(func.max(citizen.c.position)).where(citizen.c.household_id == household_id, citizen.c.present)
    ).scalar()
    return (last or 0) + 1


def insert_citizen(op: Operation, checked: Checked) -> int:
    """Write a new person whose values were checked without error, within a deed that makes more than the person."""
    columns = columns_of(op, "citizen", checked.values)
    if "citizen_group" not in columns:
        day = counting_day(op.connection)
        group = propose_group(birth_of(columns.get("birth")), columns.get("occupation"), day)
        columns["citizen_group"] = group.value if group else None
    household_id = columns.get("household_id")
    if household_id is not None:
        columns["position"] = next_position(op.connection, household_id)
    row_id = op.writer.insert(citizen, columns)
    _take_empty_headship(op, row_id, household_id, columns.get("relation"))
    return row_id


def _update(op: Operation, row: Mapping[str, Any], checked: Checked) -> None:
    columns = columns_of(op, "citizen", checked.values)
    is_moving = "household_id" in columns and columns["household_id"] != row["household_id"]
    if is_moving:
        _give_up_headship(op, row)
        new = columns["household_id"]
        columns["position"] = next_position(op.connection, new) if new is not None else None
    if "life_status" in columns and columns["life_status"] is None:
        columns["life_status"] = LifeStatus.LIVING.value
    op.writer.update(citizen, row["id"], columns)
    if is_moving or "relation" in columns:
        _take_empty_headship(
            op, row["id"], columns.get("household_id", row["household_id"]), columns.get("relation", row["relation"])
        )


def _check_leaving(connection: Connection, checked: Checked, row: Mapping[str, Any] | None) -> None:
    """A head who leaves, dies or moves away: refuse the first, point out the others."""
    if row is None or row["household_id"] is None:
        return
    head_id = connection.execute(select(household.c.head_id).where(household.c.id == row["household_id"])).scalar()
    if head_id != row["id"]:
        return
    others = connection.execute(
        select(func.count()).where(
            citizen.c.household_id == row["household_id"], citizen.c.present, citizen.c.id != row["id"]
        )
    ).scalar_one()
    if not others:
        return
    if "household" in checked.values and _is_other_household(connection, checked.values["household"], row):
        checked.error(
            "household",
            "head.leaves",
            f"Người này đang là chủ hộ của hộ còn {others} người khác; hãy chọn chủ hộ mới trước khi chuyển.",
        )
    elif checked.values.get("life_status") in (LifeStatus.MOVED, LifeStatus.DEAD):
        checked.warn("life_status", "head.gone", "Người này đang là chủ hộ; hãy chọn chủ hộ mới cho hộ.")


def _is_other_household(connection: Connection, uid: Uid | None, row: Mapping[str, Any]) -> bool:
    if uid is None:
        return True
    found = connection.execute(select(household.c.id).where(household.c.uid == uid)).scalar()
    return bool(found != row["household_id"])


def _give_up_headship(op: Operation, row: Mapping[str, Any]) -> None:
    """The last member who leaves takes the headship with him."""
    headed = op.connection.execute(
        select(household.c.id).where(household.c.head_id == row["id"], household.c.present)
    ).scalars()
    for household_id in headed.all():
        op.writer.update(household, household_id, {"head_id": None})


def _take_empty_headship(op: Operation, row_id: int, household_id: int | None, relation: str | None) -> None:
    """Who is entered as "Chủ hộ" of a household without a head becomes it."""
    if household_id is None or fold(relation or "") != fold(HEAD):
        return
    head_id = op.connection.execute(select(household.c.head_id).where(household.c.id == household_id)).scalar()
    if head_id is None:
        op.writer.update(household, household_id, {"head_id": row_id})
