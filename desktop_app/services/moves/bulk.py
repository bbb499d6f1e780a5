"""One change for many chosen rows: hamlet, branch, group; first shown with what would change, then done as one deed.

Invariants: preview and deed judge by the same code, row by row; who cannot be changed is named with the reason and
stays as he is; a household moves as a whole or not at all.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.records import Issue
from desktop_app.models.tables import assessment as forms
from desktop_app.models.tables.registry import citizen
from desktop_app.models.types import AssessmentStatus, CitizenGroup, LearningModel, LifeStatus, MoveReason, Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.criteria.office import set_in_use
from desktop_app.services.moves.hamlet_merge import move_households
from desktop_app.services.moves.residence import is_before, read_day, standing_since
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.registry.groups import YOUNGEST, propose_group
from desktop_app.services.registry.lookups import find_row
from desktop_app.services.registry.rounds import counting_day, round_key
from desktop_app.services.registry.saving import today_or
from desktop_app.services.registry.validation import birth_of
from desktop_app.services.registry.words import GROUP_SHORT
from desktop_app.services.vietnamese import age_on

PROPOSED = "proposed"
"""Instead of one group: to each who has none the one that age and work propose (``groups.propose_group``)."""
SHOWN = 200
"""Most rows of each outcome that a preview names; all are counted."""
PIECE = 2_000
"""So many rows are judged or written between two looks at whether the person wants to stop."""
LOOKING, WRITING, SEALING = "Đang xem từng dòng", "Đang đổi", "Đang ghi nhật ký"


class BulkField(StrEnum):
    """What is changed."""

    HAMLET = "hamlet"
    BRANCH = "branch"
    GROUP = "group"


class Outcome(StrEnum):
    """What comes of one row."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class BulkChange:
    """The change.

    Attributes:
        table: of the chosen rows: citizen or household; of people their households move, of households the people get
            the branch.
        value: uid of a hamlet or branch (None takes the branch away), a ``CitizenGroup`` or ``PROPOSED``.
        on: day of a move, as typed; blank for today.
    """

    field: BulkField
    table: str
    value: str | None
    on: object = None


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One row of a preview; ``reason`` is why it stays as it is, ``after`` its own new value where each has another."""

    uid: Uid
    name: str
    before: str
    outcome: Outcome
    reason: str = ""
    after: str = ""


@dataclass(frozen=True)
class BulkPreview:
    """What a change would come to.

    Attributes:
        unit: what is counted: "người", "hộ".
        after: the new value in words.
        rows: refused ones first, then changed, then unchanged; at most ``SHOWN`` of each.
        issues: what stands against all of it; nothing can be applied then.
    """

    unit: str
    after: str
    changed: int
    unchanged: int
    refused: int
    rows: tuple[BulkRow, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def can_apply(self) -> bool:
        return self.changed > 0 and not self.issues


@dataclass
class _Plan:
    unit: str
    after: str = ""
    rows: list[BulkRow] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    groups: dict[CitizenGroup, list[int]] = field(default_factory=dict)
    homes: list[dict[str, Any]] = field(default_factory=list)
    target_id: int | None = None
    day: str = ""
    issues: list[Issue] = field(default_factory=list)

    def put(
        self, row_id: int, uid: bytes, name: str | None, before: str | None, reason: str, *, same: bool, after: str = ""
    ) -> bool:
        outcome = Outcome.REFUSED if reason else Outcome.UNCHANGED if same else Outcome.CHANGED
        self.rows.append(BulkRow(uid.hex(), name or "", before or "", outcome, reason, after))
        if outcome is Outcome.CHANGED:
            self.ids.append(row_id)
        return outcome is Outcome.CHANGED


def preview(
    context: Context,
    change: BulkChange,
    uids: Sequence[Uid],
    *,
    today: datetime.date | None = None,
    progress: Progress = NO_PROGRESS,
) -> BulkPreview:
    """What a change of these rows would come to; nothing is written.

    Raises:
        UserError: the hamlet or branch is gone (``record.gone``).
    """
    with context.read() as connection:
        return _shown(_plan(connection, change, uids, today_or(today), progress))


def apply(
    context: Context,
    change: BulkChange,
    uids: Sequence[Uid],
    *,
    today: datetime.date | None = None,
    progress: Progress = NO_PROGRESS,
) -> BulkPreview:
    """Carry a change out as one deed that can be undone; what is refused stays as it is.

    Args:
        progress: tells how many rows are written; stopped, it leaves the register as it was.

    Returns:
        What came of it, judged anew inside the deed; nothing was written where ``can_apply`` is False.

    Raises:
        UserError: the hamlet or branch is gone (``record.gone``).
        Cancelled: nothing was kept.
    """
    with context.operation(_kind(change)) as op:
        plan = _plan(op.connection, change, uids, today_or(today), progress)
        found = _shown(plan)
        if found.can_apply:
            op.args["count"] = found.changed
            if change.field is not BulkField.GROUP and change.value:
                op.args[change.field.value] = subject_of(change.field.value, change.value)
            _write(op, change, plan, progress)
            progress.step(found.changed, found.changed, SEALING)
    return found


def _kind(change: BulkChange) -> str:
    if change.field is BulkField.BRANCH and change.value is None:
        return "bulk.no_branch"
    return f"bulk.{change.field.value}"


def _write(op: Operation, change: BulkChange, plan: _Plan, progress: Progress) -> None:
    total = len(plan.ids)
    for begun, group, ids in _pieces(plan, change):
        progress.step(begun, total, WRITING)
        if change.field is BulkField.HAMLET:
            assert plan.target_id is not None
            homes = plan.homes[begun : begun + PIECE]
            move_households(op, homes, plan.target_id, plan.day, MoveReason.MOVE)
        elif group is None:
            op.writer.update_many(citizen, {row_id: {"branch_id": plan.target_id} for row_id in ids})
        else:
            op.writer.update_many(citizen, {row_id: {"citizen_group": group.value} for row_id in ids})
            _follow_group(op, ids, group)


def _pieces(plan: _Plan, change: BulkChange) -> Iterator[tuple[int, CitizenGroup | None, list[int]]]:
    """So many rows as are written between two looks at whether the person wants to stop: how many came before, the
    group that they get, and their keys."""
    by_group: list[tuple[CitizenGroup | None, list[int]]] = [(None, plan.ids)]
    if change.field is BulkField.GROUP:
        by_group = list(plan.groups.items())
    before = 0
    for group, ids in by_group:
        for start in range(0, len(ids), PIECE):
            yield before, group, ids[start : start + PIECE]
            before += len(ids[start : start + PIECE])


def _follow_group(op: Operation, ids: Sequence[int], group: CitizenGroup) -> None:
    """Forms of the newest round that were begun are judged by the new group's set; recognised ones stay."""
    key = round_key(op.connection)
    query = """
    SELECT a.id FROM assessment AS a JOIN json_each(?) AS k ON a.subject_id = k.value
    WHERE a.assessment_round_id = ? AND a.model = 'citizen' AND a.present = 1 AND a.status <> ?"""
    parameters = (json.dumps(list(ids)), key.id, AssessmentStatus.RECOGNISED.value)
    begun = [row[0] for row in op.connection.exec_driver_sql(query, parameters)]
    if begun:
        used = set_in_use(op.connection, LearningModel.CITIZEN, group, round_id=key.id)
        op.writer.update_many(forms.assessment, {row_id: {"criteria_set_id": used.id} for row_id in begun})


def _shown(plan: _Plan) -> BulkPreview:
    by_outcome = {outcome: [row for row in plan.rows if row.outcome is outcome] for outcome in Outcome}
    order = (Outcome.REFUSED, Outcome.CHANGED, Outcome.UNCHANGED)
    return BulkPreview(
        plan.unit,
        plan.after,
        len(by_outcome[Outcome.CHANGED]),
        len(by_outcome[Outcome.UNCHANGED]),
        len(by_outcome[Outcome.REFUSED]),
        tuple(row for outcome in order for row in by_outcome[outcome][:SHOWN]),
        tuple(plan.issues),
    )


def _plan(
    connection: Connection, change: BulkChange, uids: Sequence[Uid], today: datetime.date, progress: Progress
) -> _Plan:
    progress.step(0, len(uids), LOOKING)
    keys = json.dumps(list(dict.fromkeys(uids)))
    if change.field is BulkField.HAMLET:
        return _plan_hamlet(connection, change, keys, today, progress)
    plan = _Plan("người")
    who = "c.uid = unhex(k.value)"
    if change.table == "household":
        who = "c.household_id = (SELECT id FROM household WHERE uid = unhex(k.value)) AND c.is_current = 1"
    query = f"""
    SELECT c.id, c.uid, c.full_name, c.present, c.life_status, c.birth, c.branch_id, c.citizen_group, c.occupation,
    trim(coalesce(b.code, '') || ' ' || coalesce(b.name, ''))
    FROM json_each(?) AS k CROSS JOIN citizen AS c ON {who} LEFT JOIN branch AS b ON b.id = c.branch_id
    ORDER BY k.key, c.position, c.id"""
    rows = connection.exec_driver_sql(query, (keys,)).all()
    if change.field is BulkField.BRANCH:
        if change.value is not None:
            row = find_row(connection, "branch", change.value)
            plan.target_id, plan.after = row["id"], " ".join(p for p in (row["code"], row["name"]) if p)
        for row_id, uid, name, present, life, _, branch_id, _, _, words in _counted(rows, progress):
            plan.put(row_id, uid, name, words, _gone(present, life), same=branch_id == plan.target_id)
        return plan
    _plan_groups(connection, plan, change, _counted(rows, progress))
    return plan


def _plan_groups(connection: Connection, plan: _Plan, change: BulkChange, rows: Iterable[Any]) -> None:
    """One group for all, or to each who has none yet the proposed one; a group chosen by hand is never overruled."""
    one = None if change.value == PROPOSED else CitizenGroup(str(change.value))
    plan.after = GROUP_SHORT[one] if one is not None else "theo tuổi và nghề"
    day = counting_day(connection)
    for row_id, uid, name, present, life, birth, _, group, occupation, _ in rows:
        reason = _gone(present, life) or _too_young(birth, day)
        wanted = one or propose_group(birth_of(birth), occupation, day)
        before = GROUP_SHORT[CitizenGroup(group)] if group else "chưa chọn"
        same = group == wanted if one is not None else bool(group)
        after = GROUP_SHORT[wanted] if one is None and wanted is not None else ""
        if plan.put(row_id, uid, name, before, reason, same=same, after=after) and wanted is not None:
            plan.groups.setdefault(wanted, []).append(row_id)


def _counted(rows: Sequence[Any], progress: Progress) -> Iterator[Any]:
    """The rows, telling how many were judged."""
    for at, row in enumerate(rows):
        if at % PIECE == 0:
            progress.step(at, len(rows), LOOKING)
        yield row


def _plan_hamlet(
    connection: Connection, change: BulkChange, keys: str, today: datetime.date, progress: Progress
) -> _Plan:
    plan = _Plan("hộ")
    goal = find_row(connection, "hamlet", str(change.value))
    plan.target_id, plan.after = goal["id"], str(goal["name"])
    plan.day, issue = read_day(change.on, today)
    if issue is not None:
        plan.issues.append(issue)
    if goal["valid_to"]:
        plan.issues.append(Issue("hamlet", "hamlet.closed", f"{goal['name']} không còn dùng nữa; hãy chọn thôn khác."))
    source = "household AS h ON h.uid = unhex(k.value)"
    left_behind = "0"
    if change.table == "citizen":
        source = "citizen AS m ON m.uid = unhex(k.value) LEFT JOIN household AS h ON h.id = m.household_id"
        left_behind = (
            "(SELECT count(*) FROM citizen AS x WHERE x.household_id = h.id AND x.is_current = 1 "
            "AND lower(hex(x.uid)) NOT IN (SELECT value FROM json_each(?)))"
        )
    named = "m.uid, m.full_name" if change.table == "citizen" else "NULL, NULL"
    query = f"""
    SELECT h.id, h.uid, trim(coalesce(h.code, '') || ' · ' || coalesce(c.full_name, ''), ' ·'), h.present,
    h.valid_to, h.valid_from, h.hamlet_id,
    h.address, v.name, {left_behind}, {named} FROM json_each(?) AS k CROSS JOIN {source}
    LEFT JOIN citizen AS c ON c.id = h.head_id LEFT JOIN hamlet AS v ON v.id = h.hamlet_id ORDER BY k.key"""
    parameters = (keys, keys) if change.table == "citizen" else (keys,)
    rows = connection.exec_driver_sql(query, parameters).all()
    since = standing_since(connection, {row[0] for row in rows if row[0] is not None})
    seen: set[int] = set()
    for row_id, uid, name, present, gone, begun, hamlet_id, address, before, others, own_uid, own_name in _counted(
        rows, progress
    ):
        if row_id is None:
            plan.put(0, own_uid, own_name, "", "chưa thuộc hộ nào", same=False)
            continue
        if row_id in seen:
            continue
        seen.add(row_id)
        reason = _stands_still(present, gone, others, plan.day, max(since.get(row_id, ""), begun or ""))
        if plan.put(row_id, uid, name, before, reason, same=hamlet_id == plan.target_id):
            plan.homes.append({"id": row_id, "uid": uid.hex(), "hamlet_id": hamlet_id, "address": address})
    return plan


def _stands_still(present: int, gone: str | None, others: int, day: str, begun: str) -> str:
    """Why a household does not move; empty where it does."""
    if not present:
        return "không còn trong sổ"
    if gone:
        return "hộ không còn ở xã"
    if others:
        return f"hộ còn {others} người không được chọn"
    return "đã có lần chuyển sau ngày này" if day and is_before(day, begun) else ""


def _gone(present: int, life: str | None) -> str:
    if not present:
        return "không còn trong sổ"
    return {LifeStatus.DEAD.value: "đã mất", LifeStatus.MOVED.value: "đã chuyển khỏi xã"}.get(life or "", "")


def _too_young(birth: str | None, day: datetime.date) -> str:
    known = birth_of(birth)
    return f"chưa đủ {YOUNGEST} tuổi trong đợt này" if known is not None and age_on(known, day) < YOUNGEST else ""
