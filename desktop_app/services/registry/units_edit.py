"""Adding, changing and removing hamlets, clans with their households, organizations with their members, and branches.

Invariant: a membership is one row by nature (clan and household, organization and citizen), made absent and brought
back, never doubled.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.records import Issue, Link, SaveResult, Severity
from desktop_app.models.tables import SHARED, natural_uid, registry
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.importing.hamlets import hamlet_display, hamlet_key, hamlet_kind
from desktop_app.services.registry.lookups import SqlLookups, find_row, stored_fields
from desktop_app.services.registry.saving import (
    check_record,
    columns_of,
    refused,
    remove_record,
    saved,
    today_or,
    without_masks,
)
from desktop_app.services.registry.validation import check_unit
from desktop_app.services.vietnamese import fold, mask_phone

Values = Mapping[str, object]
_Joined = Mapping[Uid, Mapping[str, Any]]
"""Uid of the other side of a membership → the membership's own fields."""


def check(
    context: Context, table: str, uid: Uid | None, values: Values, *, today: datetime.date | None = None
) -> SaveResult:
    """What saving these values would find; nothing is written. ``table``: hamlet, clan, organization or branch."""
    given = without_masks(values)
    return check_record(
        context, table, uid, lambda lookups, stored: check_unit(table, given, lookups, today_or(today), uid=uid)
    )


def save_hamlet(context: Context, uid: Uid | None, values: Values, *, today: datetime.date | None = None) -> SaveResult:
    """Add a hamlet (``uid`` None) or change one.

    A new one's name is written as offices do ("TDP 2" → "Tổ dân phố 2") and tells its kind where none is given.
    """
    given = dict(values)
    if uid is None and isinstance(given.get("name"), str) and given["name"]:
        given["name"] = hamlet_display(str(given["name"]))
        given["kind"] = given.get("kind") or hamlet_kind(str(given["name"])).value
    return _save(context, "hamlet", uid, given, today)


def save_clan(
    context: Context,
    uid: Uid | None,
    values: Values,
    households: Iterable[Uid] | None = None,
    *,
    today: datetime.date | None = None,
) -> SaveResult:
    """Add a clan or change one.

    Args:
        households: uids of all its households; None leaves them as they are.
    """
    wanted: _Joined | None = None if households is None else {household: {} for household in households}
    return _save(context, "clan", uid, values, today, registry.clan_household, wanted)


def save_organization(
    context: Context,
    uid: Uid | None,
    values: Values,
    members: Mapping[Uid, str] | None = None,
    *,
    today: datetime.date | None = None,
) -> SaveResult:
    """Add an organization or change one.

    Args:
        members: uids of all its members → role there ("giáo viên", "học sinh"); None leaves them as they are.
    """
    wanted: _Joined | None = None
    if members is not None:
        wanted = {citizen: {"role": role.strip() or None} for citizen, role in members.items()}
    return _save(context, "organization", uid, values, today, registry.organization_member, wanted)


def save_branch(context: Context, uid: Uid | None, values: Values, *, today: datetime.date | None = None) -> SaveResult:
    """Add a branch of the association (chi hội) or change one; ``code`` is the mã chi hội."""
    return _save(context, "branch", uid, values, today)


def remove_hamlet(context: Context, uid: Uid) -> None:
    """Raises UserError ``remove.used`` where households, clans, organizations or forms hang on it."""
    remove_record(context, "hamlet", uid)


def remove_clan(context: Context, uid: Uid) -> None:
    """Raises UserError ``remove.used`` where forms or certificates hang on it; its households stay."""
    remove_record(context, "clan", uid)


def remove_organization(context: Context, uid: Uid) -> None:
    """Raises UserError ``remove.used`` where forms, certificates or branches hang on it; its people stay."""
    remove_record(context, "organization", uid)


def remove_branch(context: Context, uid: Uid) -> None:
    """Raises UserError ``remove.used`` while people belong to it."""
    remove_record(context, "branch", uid)


def unit_values(context: Context, table: str, uid: Uid) -> dict[str, Any]:
    """What an editing form is filled from: field → stored value, the phone masked."""
    with context.read() as connection:
        fields = stored_fields(connection, table, find_row(connection, table, uid))
    fields["phone"] = mask_phone(fields["phone"])
    return {name: value for name, value in fields.items() if name not in ("present", "commune", "successor")}


def propose_clan_households(context: Context, surname: str, hamlet: Uid | None = None) -> tuple[Link, ...]:
    """Households whose head bears a surname and that belong to no clan yet, in the order of their codes.

    A clan is "a branch, or families of one surname in one commune that register together".
    """
    query = """
    SELECT lower(hex(h.uid)), coalesce(h.code, ''), c.full_name, h.hamlet_id FROM household AS h
    JOIN citizen AS c ON c.id = h.head_id
    WHERE h.present = 1 AND h.valid_to IS NULL AND c.name_fold >= ? AND c.name_fold < ?
    AND NOT EXISTS (SELECT 1 FROM clan_household AS k WHERE k.household_id = h.id AND k.present = 1)
    ORDER BY h.sort_key"""
    first = fold(surname)
    if not first:
        return ()
    with context.read() as connection:
        wanted = find_row(connection, "hamlet", hamlet)["id"] if hamlet else None
        rows = connection.exec_driver_sql(query, (first + " ", first + "!")).all()
    accent = surname.strip().lower()
    return tuple(
        Link(row[0], f"{row[1]} · {row[2]}".removeprefix(" · "))
        for row in rows
        if (wanted is None or row[3] == wanted) and (accent == first or row[2].lower().startswith(accent + " "))
    )


def _save(
    context: Context,
    table: str,
    uid: Uid | None,
    values: Values,
    today: datetime.date | None,
    joining: Table | None = None,
    wanted: _Joined | None = None,
) -> SaveResult:
    given = without_masks(values)
    with context.operation(f"{table}.edit" if uid else f"{table}.add") as op:
        row = find_row(op.connection, table, uid) if uid is not None else None
        checked = check_unit(table, given, SqlLookups(op.connection), today_or(today), uid=uid)
        gone = _unknown(op, joining, table, wanted)
        if gone:
            checked.issues.append(gone)
        if checked.errors:
            return refused(checked)
        columns = columns_of(op, table, checked.values)
        if row is None:
            row_id = _insert(op, table, columns)
        else:
            row_id = row["id"]
            op.writer.update(SHARED[table].table, row_id, columns)
        if joining is not None and wanted is not None:
            _set_joined(op, table, joining, row_id, wanted)
        return saved(op, table, row_id, checked)


def _insert(op: Operation, table: str, columns: dict[str, Any]) -> int:
    if table != "hamlet":
        return op.writer.insert(SHARED[table].table, columns)
    commune = op.connection.execute(
        select(registry.commune.c.id, registry.commune.c.uid)
        .where(registry.commune.c.present, registry.commune.c.successor_id.is_(None))
        .order_by(registry.commune.c.id)
        .limit(1)
    ).first()
    uid = None
    if commune is not None:
        columns["commune_id"] = commune.id
        uid = natural_uid("hamlet", commune.uid, hamlet_key(columns["name"]), columns.get("former_commune") or "")
        if SqlLookups(op.connection).is_present("hamlet", uid):
            uid = None  # the hamlet that once had this name has another now
    return op.writer.insert(registry.hamlet, columns, uid=uid)


def _unknown(op: Operation, joining: Table | None, table: str, wanted: _Joined | None) -> Issue | None:
    if joining is None or not wanted:
        return None
    target = _joined_table(joining, table)
    present = _present_ids(op.connection, target, wanted)
    missing = len(wanted) - len(present)
    if not missing:
        return None
    field = "households" if target == "household" else "members"
    what = "hộ" if target == "household" else "người"
    message = f"{missing} {what} đã chọn không còn trong sổ; hãy bỏ khỏi danh sách rồi cất lại."
    return Issue(field, "reference.gone", message, Severity.ERROR)


def _joined_table(joining: Table, table: str) -> str:
    return next(name for name in SHARED[joining.name].refs.values() if name != table)


def _present_ids(connection: Connection, table: str, uids: Iterable[Uid]) -> dict[Uid, int]:
    target = SHARED[table].table
    wanted = list(uids)
    found: dict[Uid, int] = {}
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        rows = connection.execute(select(target.c.uid, target.c.id).where(target.c.uid.in_(chunk), target.c.present))
        found.update((row.uid, row.id) for row in rows)
    return found


def _set_joined(op: Operation, table: str, joining: Table, row_id: int, wanted: _Joined) -> None:
    """Make the memberships of a record those that are wanted; what stands already is not touched."""
    target = _joined_table(joining, table)
    ids = _present_ids(op.connection, target, wanted)
    uids = {row_id: uid for uid, row_id in ids.items()}
    rows = op.connection.execute(
        select(joining).where(joining.c[f"{table}_id"] == row_id, joining.c.present)
    ).mappings()
    standing: set[Uid] = set()
    for row in rows.all():
        uid = uids.get(row[f"{target}_id"])
        if uid is None:
            op.writer.remove(joining, row["id"])
        else:
            standing.add(uid)
            op.writer.update(joining, row["id"], wanted[uid])
    own_uid = op.writer.references.uid(table, row_id)
    for uid, values in wanted.items():
        if uid not in standing:
            columns = {f"{table}_id": row_id, f"{target}_id": ids[uid], **values}
            op.writer.insert(joining, columns, uid=natural_uid(joining.name, own_uid, uid))
