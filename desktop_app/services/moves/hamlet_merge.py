"""Merging two hamlets, and taking over what a former commune had; both undoable, nothing of the past is lost.

Invariants: the hamlet that ends keeps its name, its former commune, its forms and titles, the day it ended and what it
went into; its households move with a former place each, so that earlier years still show them where they were.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.records import SaveResult
from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.registry import branch, clan, commune, hamlet, household, household_place, organization
from desktop_app.models.types import MoveReason, Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.importing.hamlets import hamlet_display, hamlet_key, hamlet_kind
from desktop_app.services.moves.checks import Findings, Row, day_of, rows_of
from desktop_app.services.moves.residence import is_before, later, place_uid, standing_since
from desktop_app.services.registry import cleaning
from desktop_app.services.registry.citizen_list import birth_text
from desktop_app.services.registry.lookups import SqlLookups, find_row
from desktop_app.services.registry.saving import today_or

_ALONG: tuple[Table, ...] = (clan, organization, branch)
"""What lies in a hamlet and goes with it, besides households."""


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What merging a hamlet would move.

    Attributes:
        households: of the hamlet that ends; closed ones stay with it.
        forms: of the hamlet itself, in all years; they stay with it.
    """

    name: str
    households: int
    citizens: int
    clans: int
    organizations: int
    branches: int
    forms: int


def preview_merge(context: Context, uid: Uid) -> MergePreview:
    """What would go along when a hamlet is merged into another.

    Raises:
        UserError: it is gone (``record.gone``).
    """
    with context.read() as connection:
        row = find_row(connection, "hamlet", uid)
        homes, people, clans, units, branches = (
            connection.exec_driver_sql(query, (row["id"],)).scalar_one() for query in _COUNTS
        )
        query = "SELECT count(*) FROM assessment WHERE subject = ? AND model = 'community' AND present = 1"
        forms = connection.exec_driver_sql(query, (bytes.fromhex(uid),)).scalar_one()
    return MergePreview(str(row["name"] or ""), homes, people, clans, units, branches, forms)


_COUNTS = (
    "SELECT count(*) FROM household WHERE hamlet_id = ? AND present = 1 AND valid_to IS NULL",
    "SELECT count(*) FROM citizen WHERE hamlet_id = ? AND is_current = 1",
    "SELECT count(*) FROM clan WHERE hamlet_id = ? AND present = 1",
    "SELECT count(*) FROM organization WHERE hamlet_id = ? AND present = 1",
    "SELECT count(*) FROM branch WHERE hamlet_id = ? AND present = 1",
)


def merge_hamlets(
    context: Context,
    uid: Uid,
    other: Uid,
    *,
    name: object = None,
    on: object = None,
    today: datetime.date | None = None,
) -> SaveResult:
    """Merge a hamlet into another from a day on, or both into a new one.

    Args:
        uid: the hamlet that ends.
        other: the one that takes it up; it ends too where ``name`` is given.
        name: of a new hamlet that both become; blank lets ``other`` stand as it is.
        on: day as typed; blank for today.

    Returns:
        The uid of the hamlet that stands, or errors of ``hamlet``, ``name``, ``on``.

    Raises:
        UserError: one of them is gone (``record.gone``).
    """
    found = Findings()
    day = day_of(found, on, today_or(today))
    typed, issues = cleaning.text()("name", name, datetime.date.max)
    found.issues.extend(issues)
    kind = "hamlet.unite" if typed else "hamlet.merge"
    with context.operation(kind, {"other": subject_of("hamlet", uid)}) as op:
        sources = rows_of(op.connection, "hamlet", (uid, other))
        _check(found, op.connection, sources, day, str(typed or ""))
        if found.has_errors:
            return found.refused()
        goal_id = _make(op, sources, str(typed), day) if typed else sources[1]["id"]
        for row in sources if typed else sources[:1]:
            _move_households(op, row, goal_id, day)
            _move_along(op, row["id"], goal_id)
            op.writer.update(hamlet, row["id"], {"valid_to": day, "successor_id": goal_id})
        goal = op.writer.references.uid("hamlet", goal_id)
        op.args["subject"] = subject_of("hamlet", goal)
        if typed:
            op.args["more"] = subject_of("hamlet", other)
    return found.saved(goal)


def _check(found: Findings, connection: Connection, sources: Sequence[Row], day: str, name: str) -> None:
    first, second = sources
    if first["id"] == second["id"]:
        found.error("hamlet", "hamlet.same", "Hãy chọn một thôn, tổ khác.")
    for row in sources:
        if row["valid_to"]:
            found.error("hamlet", "hamlet.closed", f"{row['name']} thôi dùng từ {birth_text(row['valid_to'])} rồi.")
        if day and is_before(day, row["valid_from"]):
            found.error("on", "date.before_last", f"{row['name']} chỉ có từ {birth_text(row['valid_from'])}.")
        _check_households(found, connection, row, day)
    if not name:
        return
    holder = SqlLookups(connection).named("hamlet", hamlet_display(name), None, None)
    if holder is not None and holder.uid not in {row["uid"] for row in sources}:
        found.error("name", "name.used", f"Đã có “{holder.name}”; hãy đặt tên khác để khỏi nhầm.", holder.uid)


def _check_households(found: Findings, connection: Connection, row: Row, day: str) -> None:
    """No household may have come into the hamlet after the day on which the hamlet ends."""
    query = """
    SELECT max(p.until) FROM household AS h JOIN household_place AS p ON p.household_id = h.id AND p.present = 1
    WHERE h.hamlet_id = ? AND h.present = 1 AND h.valid_to IS NULL"""
    last = connection.exec_driver_sql(query, (row["id"],)).scalar()
    if day and is_before(day, last):
        found.error("on", "date.before_last", f"Có hộ chuyển đến {row['name']} ngày {birth_text(last)}, sau ngày này.")


def _make(op: Operation, sources: Sequence[Row], name: str, day: str) -> int:
    """The new hamlet that two others become; of one former commune it stays of it."""
    display = hamlet_display(name)
    formers = {row["former_commune"] for row in sources}
    values: dict[str, Any] = {
        "name": display,
        "kind": hamlet_kind(display).value,
        "commune_id": sources[1]["commune_id"],
        "former_commune": formers.pop() if len(formers) == 1 else None,
        "valid_from": day,
    }
    home = op.connection.execute(select(commune.c.uid).where(commune.c.id == values["commune_id"])).scalar()
    uid = natural_uid("hamlet", home or "", hamlet_key(display), "united", day)
    return op.writer.insert(hamlet, values, uid=uid)


def _move_households(op: Operation, row: Row, goal_id: int, day: str) -> None:
    query = select(household).where(
        household.c.hamlet_id == row["id"], household.c.present, household.c.valid_to.is_(None)
    )
    homes = [dict(home) for home in op.connection.execute(query).mappings()]
    move_households(op, homes, goal_id, day, MoveReason.MERGE)


def move_households(op: Operation, homes: Sequence[Row], goal_id: int, day: str, reason: MoveReason) -> None:
    """Move many households at once, each with its former place; addresses stay."""
    since = standing_since(op.connection, [home["id"] for home in homes])
    rows: dict[Uid, dict[str, Any]] = {}
    for home in homes:
        begun = since.get(home["id"])
        end = later(day, begun)
        if begun == end or home["hamlet_id"] is None:
            continue
        rows[place_uid(op, home["uid"], end, reason, home["hamlet_id"])] = {
            "household_id": home["id"],
            "hamlet_id": home["hamlet_id"],
            "address": home["address"],
            "since": begun,
            "until": end,
            "reason": reason.value,
        }
    _insert_places(op, rows)
    op.writer.update_many(household, {home["id"]: {"hamlet_id": goal_id} for home in homes})


def _insert_places(op: Operation, rows: Mapping[Uid, dict[str, Any]]) -> None:
    """Fresh rows at once; one that stood here before and was undone comes back alone."""
    op.writer.references.learn_many("household_place", rows)
    fresh = {uid: values for uid, values in rows.items() if op.writer.references.id("household_place", uid) is None}
    op.writer.insert_many(household_place, list(fresh.values()), uids=list(fresh))
    for uid, values in rows.items():
        if uid not in fresh:
            op.writer.insert(household_place, values, uid=uid)


def _move_along(op: Operation, old_id: int, goal_id: int) -> None:
    for table in _ALONG:
        ids = op.connection.execute(select(table.c.id).where(table.c.hamlet_id == old_id, table.c.present)).scalars()
        op.writer.update_many(table, {row_id: {"hamlet_id": goal_id} for row_id in ids.all()})


def take_over(context: Context, former: object, hamlets: Sequence[Uid], new_names: Sequence[str] = ()) -> SaveResult:
    """Write down that hamlets belonged to a former commune, and add those of its list that are not here yet.

    Hamlets of one name of two former communes stay two: the former commune is part of what tells them apart.

    Args:
        former: the former commune's name.
        hamlets: uids of hamlets that are in the register.
        new_names: of hamlets to be added.

    Returns:
        The uid of the first of them, or errors of ``former_commune``, ``hamlets``, ``new_names``.

    Raises:
        UserError: one of the hamlets is gone (``record.gone``).
    """
    found = Findings()
    typed, issues = cleaning.text()("former_commune", former, datetime.date.max)
    found.issues.extend(issues)
    words = str(typed or "")
    names = list(dict.fromkeys(hamlet_display(name) for name in new_names if name.strip()))
    if not words:
        found.error("former_commune", "name.missing", "Hãy ghi tên xã, phường cũ.")
    if not hamlets and not names:
        found.error("hamlets", "hamlets.none", "Hãy chọn thôn, tổ của xã cũ.")
    with context.operation("hamlet.take_over", {"former": words, "count": len(hamlets) + len(names)}) as op:
        rows = rows_of(op.connection, "hamlet", hamlets)
        for name in (*(str(row["name"]) for row in rows), *names):
            holder = SqlLookups(op.connection).named("hamlet", name, words, None)
            if holder is not None and holder.uid not in hamlets:
                found.error(
                    "new_names" if name in names else "hamlets", "name.used",
                    f"Đã có “{holder.name}” của xã cũ {words}; hãy bỏ khỏi danh sách.", holder.uid,
                )  # fmt: skip
        if len({row["name_fold"] for row in rows}) < len(rows):
            found.error("hamlets", "name.used", f"Xã cũ {words} không thể có hai thôn cùng tên; hãy bỏ một thôn.")
        if found.has_errors:
            return found.refused()
        op.writer.update_many(hamlet, {row["id"]: {"former_commune": words} for row in rows})
        made = [_add(op, name, words) for name in names]
    return found.saved((*hamlets, *made)[0])


def _add(op: Operation, name: str, former: str) -> Uid:
    home = op.connection.execute(
        select(commune.c.id, commune.c.uid)
        .where(commune.c.present, commune.c.successor_id.is_(None))
        .order_by(commune.c.id)
        .limit(1)
    ).one()
    values = {"name": name, "kind": hamlet_kind(name).value, "commune_id": home.id, "former_commune": former}
    uid = natural_uid("hamlet", home.uid, hamlet_key(name), former)
    row_id = op.writer.insert(hamlet, values, uid=None if SqlLookups(op.connection).is_present("hamlet", uid) else uid)
    return op.writer.references.uid("hamlet", row_id)
