"""What every deed about people and their households looks at before it writes: days, who stays, who heads them then.

Invariants: a deed happens after a person's birth and not before his last move; who leaves a household that he heads
leaves it a new head, unless nobody stays; a household that nobody lives in any more is closed, with its day.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.records import Issue, SaveResult, Severity
from desktop_app.models.tables.registry import citizen, household
from desktop_app.models.types import LifeStatus, MoveReason, Uid
from desktop_app.services.importing.words import HEAD
from desktop_app.services.moves.residence import end_places, is_before, later, present_since, read_day
from desktop_app.services.registry import cleaning
from desktop_app.services.registry.citizen_list import birth_text
from desktop_app.services.registry.lookups import find_row
from desktop_app.services.vietnamese import fold

Row = Mapping[str, Any]
REVIEW_RELATIONS = Issue(
    "relation",
    "relation.review",
    "Chủ hộ đã đổi; quan hệ của những người khác với chủ hộ mới cần được xem lại.",
    Severity.WARNING,
)


GONE = ("person.dead", "person.moved")


@dataclass
class Findings:
    """What stands against a deed, and what may be kept."""

    issues: list[Issue] = field(default_factory=list)

    def error(self, name: str, code: str, message: str, other: Uid | None = None) -> None:
        self.issues.append(Issue(name, code, message, Severity.ERROR, other))

    def warn(self, issue: Issue) -> None:
        if issue not in self.issues:
            self.issues.append(issue)

    @property
    def has_errors(self) -> bool:
        return any(issue.is_error for issue in self.issues)

    def refused(self) -> SaveResult:
        """Everything that stands against it; of somebody dead or gone only that, for the rest follows from it."""
        errors = tuple(issue for issue in self.issues if issue.is_error)
        gone = tuple(issue for issue in errors if issue.code in GONE)[:1]
        return SaveResult(None, gone or errors, () if gone else self.warnings)

    def saved(self, uid: Uid) -> SaveResult:
        return SaveResult(uid, (), self.warnings)

    @property
    def warnings(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if not issue.is_error)


# -- days ----------------------------------------------------------------------------------------------------------


def day_of(found: Findings, on: object, today: datetime.date) -> str:
    """The deed's day as stored text; what cannot be read or lies ahead is an error of the field ``on``."""
    day, issue = read_day(on, today)
    if issue is not None:
        found.issues.append(issue)
    return day


def check_day(found: Findings, connection: Connection, people: Sequence[Row], day: str) -> None:
    """No deed before somebody's birth, before his last move, or before he went away."""
    if not day:
        return
    since = present_since(connection, [row["id"] for row in people])
    for row in people:
        name = row["full_name"] or "Người này"
        if is_before(day, row["birth"]):
            found.error("on", "date.before_birth", f"Ngày này trước ngày sinh của {name} ({birth_text(row['birth'])}).")
        begun = later(since.get(row["id"], ""), row["status_date"] if _has_status_day(row) else None)
        if is_before(day, begun):
            found.error(
                "on",
                "date.before_last",
                f"{name} đã có lần chuyển nơi ở ngày {birth_text(begun)}; việc này phải từ ngày đó trở đi.",
            )


def _has_status_day(row: Row) -> bool:
    return row["life_status"] in (LifeStatus.AWAY.value, LifeStatus.MOVED.value, LifeStatus.DEAD.value)


def check_household_day(found: Findings, row: Row, day: str) -> None:
    """Nobody moves into a household before it is there."""
    if day and is_before(day, row["valid_from"]):
        found.error(
            "on", "date.before_household", f"Hộ này chỉ có từ {birth_text(row['valid_from'])}; hãy xem lại ngày."
        )


# -- people --------------------------------------------------------------------------------------------------------


def members_of(connection: Connection, household_id: int | None) -> list[Row]:
    """Who lives in a household now or is away for a time, in their order."""
    if household_id is None:
        return []
    query = (
        select(citizen)
        .where(citizen.c.household_id == household_id, citizen.c.present, citizen.c.is_current)
        .order_by(citizen.c.position, citizen.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def household_row(connection: Connection, row_id: int | None) -> Row | None:
    """A household's columns by its local key."""
    found = connection.execute(select(household).where(household.c.id == row_id)).mappings().first()
    return dict(found) if found is not None else None


def check_living(found: Findings, row: Row, field_name: str = "") -> None:
    """Only who lives here or is away for a time can move on."""
    name = row["full_name"] or "Người này"
    if row["life_status"] == LifeStatus.DEAD.value:
        found.error(
            field_name, "person.dead", f"{name} đã được ghi là đã mất; nếu ghi nhầm, hãy hoàn tác trong Nhật ký."
        )
    elif row["life_status"] == LifeStatus.MOVED.value:
        found.error(
            field_name, "person.moved", f"{name} đã chuyển khỏi xã; hãy ghi người này trở về trước (nút “Trở về”)."
        )


def check_open(found: Findings, row: Row, field_name: str = "household") -> None:
    """Nobody moves into a household that is closed."""
    if row["valid_to"]:
        found.error(
            field_name,
            "household.closed",
            f"Hộ này không còn từ {birth_text(row['valid_to'])}; hãy chọn hộ khác, hoặc ghi hộ này trở về trước.",
        )


def read_relation(
    found: Findings, connection: Connection, raw: object, target: Row | None, own_id: int | None = None
) -> str | None:
    """A relation in one spelling; "Chủ hộ" is no answer where somebody else heads the household."""
    value, issues = cleaning.relation("relation", raw, datetime.date.max)
    found.issues.extend(issues)
    if target is not None and target["head_id"] not in (None, own_id) and fold(value or "") == fold(HEAD):
        query = "SELECT full_name FROM citizen WHERE id = ? AND present = 1 AND is_current = 1"
        head = connection.exec_driver_sql(query, (target["head_id"],)).scalar()
        if head is not None:
            found.error(
                "relation", "relation.head", f"Hộ này đã có chủ hộ là {head}; chọn quan hệ khác rồi đổi chủ hộ sau."
            )
    return str(value) if value else None


# -- heads and endings ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Succession:
    """Who heads a household after some of its people left it; nobody where nobody stays."""

    home: Row | None
    staying: tuple[Row, ...] = ()
    is_needed: bool = False
    head: Row | None = None


def succession(
    found: Findings, connection: Connection, home_id: int | None, leaving: Collection[int], new_head: Uid | None
) -> Succession:
    """Find who heads a household when these people leave; an error of ``new_head`` where it must be said."""
    home = household_row(connection, home_id)
    if home is None:
        return Succession(None)
    staying = tuple(row for row in members_of(connection, home["id"]) if row["id"] not in leaving)
    if home["head_id"] not in leaving or not staying:
        return Succession(home, staying)
    chosen = next((row for row in staying if row["uid"] == new_head), None)
    if chosen is None:
        found.error(
            "new_head",
            "head.leaves" if new_head is None else "head.not_member",
            f"Hộ còn {len(staying)} người; hãy chọn chủ hộ mới trong số ở lại.",
        )
    elif len(staying) > 1:
        found.warn(REVIEW_RELATIONS)
    return Succession(home, staying, True, chosen)


def hand_over(op: Operation, plan: Succession, day: str, relations: Mapping[int, str | None] | None = None) -> None:
    """Write the new head before the old one leaves, so that a head is a member at every step."""
    if plan.is_needed and plan.home is not None and plan.head is not None:
        put_head(op, plan.home, plan.head, plan.staying, day, relations or {})


def put_head(
    op: Operation,
    home: Row,
    head: Row,
    members: Sequence[Row],
    day: str,
    relations: Mapping[int, str | None],
) -> None:
    """Make a member the head; relations that change are kept with their days.

    Args:
        members: current members who stay, the former head among them if he does.
        relations: local key → relation to the new head, of those whose relation is known.
    """
    wanted: dict[int, str | None] = {row["id"]: relations[row["id"]] for row in members if row["id"] in relations}
    for row in members:
        if row["id"] == home["head_id"] and fold(row["relation"] or "") == fold(HEAD):
            wanted.setdefault(row["id"], None)
    wanted[head["id"]] = HEAD
    changed = [row for row in members if row["id"] in wanted and row["relation"] != wanted[row["id"]]]
    end_places(op, changed, day, MoveReason.HEAD, heads={home["head_id"]} if home["head_id"] else ())
    op.writer.update(household, home["id"], {"head_id": head["id"]})
    for row in changed:
        op.writer.update(citizen, row["id"], {"relation": wanted[row["id"]]})


def take_empty_headship(op: Operation, row_id: int, household_id: int, relation: str | None) -> None:
    """Who comes into a household that nobody heads becomes its head: called so, or alone there."""
    home = household_row(op.connection, household_id)
    if home is None:
        return
    living = {row["id"] for row in members_of(op.connection, household_id)}
    if home["head_id"] in living:
        return
    if fold(relation or "") == fold(HEAD) or living == {row_id}:
        op.writer.update(household, household_id, {"head_id": row_id})
        op.writer.update(citizen, row_id, {"relation": HEAD})


def close_if_empty(op: Operation, home: Row | None, day: str) -> bool:
    """Close a household that nobody lives in any more; True where it was closed.

    A head who went to another household heads this one no longer; one who died or left the commune stays its last.
    """
    if home is None or members_of(op.connection, home["id"]):
        return False
    values: dict[str, Any] = {}
    if home["head_id"] is not None:
        where = select(citizen.c.household_id).where(citizen.c.id == home["head_id"], citizen.c.present)
        if op.connection.execute(where).scalar() != home["id"]:
            values["head_id"] = None
    if home["valid_to"] is None:
        values["valid_to"] = max(day, _last_day(op.connection, home["id"]))
    op.writer.update(household, home["id"], values)
    return "valid_to" in values


def _last_day(connection: Connection, household_id: int) -> str:
    """The last day on which anybody is known to have left a household."""
    query = """
    SELECT max(day) FROM (
    SELECT max(until) AS day FROM residence WHERE household_id = ? AND present = 1
    UNION ALL SELECT max(status_date) FROM citizen WHERE household_id = ? AND present = 1
    AND life_status IN ('moved', 'dead'))"""
    return str(connection.exec_driver_sql(query, (household_id, household_id)).scalar() or "")


def next_places(connection: Connection, household_id: int) -> int:
    """The first free place in a household."""
    last = connection.execute(
        select(func.max(citizen.c.position)).where(citizen.c.household_id == household_id, citizen.c.present)
    ).scalar()
    return (last or 0) + 1


def rows_of(connection: Connection, table: str, uids: Iterable[Uid]) -> list[Row]:
    """Present rows by uid, in the order given.

    Raises:
        UserError: one of them is gone (``record.gone``).
    """
    return [find_row(connection, table, uid) for uid in uids]
