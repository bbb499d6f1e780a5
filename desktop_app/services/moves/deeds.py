"""What happens to one person: another household, death, leaving, coming back, being born or arriving; each one deed.

Invariants: a deed has a day (today where none is said), writes down the place it ends and can be undone as a whole;
a plain edit of the same fields is a correction and writes no former place.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from desktop_app.models.journal import Operation
from desktop_app.models.records import SaveResult
from desktop_app.models.tables.registry import citizen, household
from desktop_app.models.types import LifeStatus, MoveReason, Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.importing.words import HEAD
from desktop_app.services.moves.checks import (
    Findings,
    Row,
    check_day,
    check_household_day,
    check_living,
    check_open,
    close_if_empty,
    day_of,
    hand_over,
    household_row,
    next_places,
    read_relation,
    succession,
    take_empty_headship,
)
from desktop_app.services.moves.residence import (
    begin_away,
    begin_outside,
    end_away,
    end_household_place,
    end_places,
    is_before,
    present_since,
)
from desktop_app.services.registry import cleaning
from desktop_app.services.registry.groups import propose_group
from desktop_app.services.registry.lookups import SqlLookups, find_row
from desktop_app.services.registry.rounds import counting_day
from desktop_app.services.registry.saving import columns_of, today_or
from desktop_app.services.registry.validation import birth_of, check_citizen
from desktop_app.services.vietnamese import fold

MAX_PLACE = 200


def move_member(
    context: Context,
    uid: Uid,
    target: Uid,
    *,
    relation: object = None,
    on: object = None,
    new_head: Uid | None = None,
    today: datetime.date | None = None,
) -> SaveResult:
    """Move a person to another household of the commune.

    Args:
        relation: to the head there.
        on: day as typed, ISO text or a date; blank for today.
        new_head: who heads the old household then; needed where its head leaves others behind.
        today: for tests.

    Returns:
        The person's uid, or errors of the fields ``household``, ``relation``, ``on``, ``new_head``.

    Raises:
        UserError: one of them is gone (``record.gone``).
    """
    found = Findings()
    day = day_of(found, on, today_or(today))
    args = {"subject": subject_of("citizen", uid), "household": subject_of("household", target)}
    with context.operation("citizen.move", args) as op:
        row, home = find_row(op.connection, "citizen", uid), find_row(op.connection, "household", target)
        if row["household_id"] == home["id"]:
            found.error("household", "household.same", "Người này đang ở chính hộ ấy rồi.")
        check_living(found, row)
        check_open(found, home)
        check_household_day(found, home, day)
        check_day(found, op.connection, [row], day)
        words = read_relation(found, op.connection, relation, home)
        plan = succession(found, op.connection, row["household_id"], {row["id"]}, new_head)
        if found.has_errors:
            return found.refused()
        hand_over(op, plan, day)
        place_in(op, [row], home["id"], day, MoveReason.MOVE, {row["id"]: words}, plan.home)
        close_if_empty(op, plan.home, day)
    return found.saved(uid)


def place_in(
    op: Operation,
    people: list[Row],
    household_id: int,
    day: str,
    reason: MoveReason,
    relations: Mapping[int, str | None],
    home: Row | None,
) -> None:
    """Move people into a household as its last members; ``home`` is the one they leave."""
    heads = {home["head_id"]} if home is not None and home["head_id"] is not None else set()
    end_places(op, people, day, reason, heads=heads)
    position = next_places(op.connection, household_id)
    if home is not None and home["head_id"] in {row["id"] for row in people}:
        standing = household_row(op.connection, home["id"])
        if standing is not None and standing["head_id"] == home["head_id"]:
            op.writer.update(household, home["id"], {"head_id": None})
    for offset, row in enumerate(people):
        values = {"household_id": household_id, "relation": relations.get(row["id"]), "position": position + offset}
        op.writer.update(citizen, row["id"], values)
    for row in people:
        take_empty_headship(op, row["id"], household_id, relations.get(row["id"]))


def record_death(
    context: Context,
    uid: Uid,
    *,
    on: object = None,
    new_head: Uid | None = None,
    today: datetime.date | None = None,
) -> SaveResult:
    """Write down that a person died; see ``move_member`` for the arguments.

    The last one of a household stays its last head, and the household is closed.
    """
    return _leave(context, "citizen.death", uid, LifeStatus.DEAD, on, new_head, "", today)


def record_leaving(
    context: Context,
    uid: Uid,
    *,
    on: object = None,
    place: object = None,
    new_head: Uid | None = None,
    today: datetime.date | None = None,
) -> SaveResult:
    """Write down that a person left the commune for good; ``place``: where to, in words."""
    return _leave(context, "citizen.leave", uid, LifeStatus.MOVED, on, new_head, place, today)


def record_away(
    context: Context, uid: Uid, *, on: object = None, place: object = None, today: datetime.date | None = None
) -> SaveResult:
    """Write down that a person is away for a time; the place in the household and its headship stay."""
    found = Findings()
    day = day_of(found, on, today_or(today))
    words = _place_words(found, place)
    with context.operation("citizen.away", {"subject": subject_of("citizen", uid)}) as op:
        row = find_row(op.connection, "citizen", uid)
        check_living(found, row)
        if row["life_status"] == LifeStatus.AWAY.value:
            found.error("", "person.away", "Người này đã được ghi đi vắng rồi.")
        check_day(found, op.connection, [row], day)
        if found.has_errors:
            return found.refused()
        begin_away(op, row, day, words)
        op.writer.update(citizen, row["id"], {"life_status": LifeStatus.AWAY.value, "status_date": day})
    return found.saved(uid)


def _leave(
    context: Context,
    kind: str,
    uid: Uid,
    life: LifeStatus,
    on: object,
    new_head: Uid | None,
    place: object,
    today: datetime.date | None,
) -> SaveResult:
    found = Findings()
    day = day_of(found, on, today_or(today))
    words = _place_words(found, place)
    with context.operation(kind, {"subject": subject_of("citizen", uid)}) as op:
        row = find_row(op.connection, "citizen", uid)
        if life is LifeStatus.DEAD and row["life_status"] == LifeStatus.MOVED.value:
            pass  # news of a death elsewhere may still be written down
        else:
            check_living(found, row)
        check_day(found, op.connection, [row], day)
        plan = succession(found, op.connection, row["household_id"], {row["id"]}, new_head)
        if found.has_errors:
            return found.refused()
        hand_over(op, plan, day)
        if row["life_status"] == LifeStatus.MOVED.value:
            end_places(op, [row], day, MoveReason.MOVED, is_outside=True)
        leave_commune(op, [row], day, life, words, plan.home, keeps_head=plan.head is None)
        close_if_empty(op, plan.home, day)
    return found.saved(uid)


def leave_commune(
    op: Operation,
    people: list[Row],
    day: str,
    life: LifeStatus,
    place: str | None,
    home: Row | None,
    *,
    keeps_head: bool,
) -> None:
    """Write people as dead or moved away on a day; their household stays written beside them.

    Args:
        home: their household.
        keeps_head: its head stays its last head.
    """
    end_away(op, people, day)
    heads = {home["head_id"]} if home is not None and home["head_id"] is not None else set()
    if life is LifeStatus.MOVED:
        end_places(op, people, day, MoveReason.MOVED, heads=heads, place=place)
    elif not keeps_head:
        end_places(op, [row for row in people if row["id"] in heads], day, MoveReason.HEAD, heads=heads)
    for row in people:
        values: dict[str, Any] = {"life_status": life.value, "status_date": day}
        if row["id"] in heads and not keeps_head:
            values["relation"] = None
        op.writer.update(citizen, row["id"], values)


def come_back(
    context: Context,
    uid: Uid,
    *,
    target: Uid | None = None,
    relation: object = None,
    on: object = None,
    today: datetime.date | None = None,
) -> SaveResult:
    """Write down that a person who was away or had left the commune is back.

    Args:
        target: the household; the last one when None. A last household that was closed is opened again.

    Returns:
        The person's uid, or errors of the fields ``household``, ``relation``, ``on``.

    Raises:
        UserError: the person or the household is gone (``record.gone``).
    """
    found = Findings()
    day = day_of(found, on, today_or(today))
    with context.operation("citizen.return", {"subject": subject_of("citizen", uid)}) as op:
        row = find_row(op.connection, "citizen", uid)
        home = find_row(op.connection, "household", target) if target else _last_home(op, row)
        _check_return(found, op, row, home, day, is_other=target is not None)
        words = read_relation(found, op.connection, relation, home, row["id"])
        if found.has_errors:
            return found.refused()
        if row["life_status"] == LifeStatus.AWAY.value:
            end_away(op, [row], day)
            op.writer.update(citizen, row["id"], {"life_status": LifeStatus.LIVING.value, "status_date": None})
            return found.saved(uid)
        assert home is not None
        reopen(op, home, day)
        bring_back(op, [row], home["id"], day, {row["id"]: words or _old_relation(row, home)})
    return found.saved(uid)


def reopen(op: Operation, home: Row, day: str) -> None:
    """Open a closed household again; that nobody lived in it meanwhile stays written."""
    if not home["valid_to"]:
        return
    end_household_place(op, home, home["valid_to"], MoveReason.CLOSED)
    end_household_place(op, home, day, MoveReason.CLOSED, is_outside=True, since=home["valid_to"])
    op.writer.update(household, home["id"], {"valid_to": None, "hamlet_id": _standing_hamlet(op, home["hamlet_id"])})


def _standing_hamlet(op: Operation, hamlet_id: int | None) -> int | None:
    """The hamlet itself, or what it was merged into meanwhile."""
    query = "SELECT successor_id FROM hamlet WHERE id = ? AND valid_to IS NOT NULL"
    for _ in range(9):
        successor = op.connection.exec_driver_sql(query, (hamlet_id,)).scalar()
        if successor is None:
            break
        hamlet_id = int(successor)
    return hamlet_id


def bring_back(
    op: Operation, people: list[Row], household_id: int, day: str, relations: Mapping[int, str | None]
) -> None:
    """Let people who had left the commune live in a household again."""
    _end_outside(op, people, day)
    position = next_places(op.connection, household_id)
    for row in people:
        values: dict[str, Any] = {"life_status": LifeStatus.LIVING.value, "status_date": None}
        values["relation"] = relations.get(row["id"])
        if row["household_id"] != household_id:
            _give_up_last_headship(op, row)
            values.update(household_id=household_id, position=position)
            position += 1
        op.writer.update(citizen, row["id"], values)
    for row in people:
        take_empty_headship(op, row["id"], household_id, relations.get(row["id"]))


def _give_up_last_headship(op: Operation, row: Row) -> None:
    """The last head of a closed household heads it no longer when he comes back into another one."""
    home = household_row(op.connection, row["household_id"])
    if home is not None and home["head_id"] == row["id"]:
        op.writer.update(household, home["id"], {"head_id": None})


def _end_outside(op: Operation, people: list[Row], day: str) -> None:
    """The time outside ends; of who was only edited as moved, the time before is written down now."""
    since = present_since(op.connection, [row["id"] for row in people])
    loose = [row for row in people if row["status_date"] and since.get(row["id"], "") < row["status_date"]]
    for row in loose:
        end_places(op, [row], row["status_date"], MoveReason.MOVED)
    end_places(op, people, day, MoveReason.MOVED, is_outside=True)


def _check_return(found: Findings, op: Operation, row: Row, home: Row | None, day: str, *, is_other: bool) -> None:
    life = row["life_status"]
    if life == LifeStatus.DEAD.value:
        found.error("", "person.dead", "Người này đã được ghi là đã mất; nếu ghi nhầm, hãy hoàn tác trong Nhật ký.")
    elif life == LifeStatus.LIVING.value:
        found.error("", "person.here", "Người này đang ở xã; không có lần đi nào để ghi trở về.")
    if life == LifeStatus.AWAY.value and is_other and home is not None and home["id"] != row["household_id"]:
        found.error("household", "household.same", "Người đi vắng trở về hộ cũ; sang hộ khác thì dùng “Chuyển hộ”.")
    if life == LifeStatus.MOVED.value:
        if home is None:
            found.error("household", "household.missing", "Hãy chọn hộ mà người này về ở.")
        elif is_other and home["id"] != row["household_id"]:
            check_open(found, home)
        if home is not None:
            check_household_day(found, home, day)
            if home["valid_to"] and day and is_before(day, home["valid_to"]):
                found.error("on", "date.before_last", "Ngày này trước ngày hộ được đóng; hãy xem lại.")
    check_day(found, op.connection, [row], day)


def _last_home(op: Operation, row: Row) -> Row | None:
    found = household_row(op.connection, row["household_id"])
    return found if found is not None and found["present"] else None


def _old_relation(row: Row, home: Row) -> str | None:
    """The relation of before, where the person comes back into the same household and somebody else heads it."""
    if row["household_id"] != home["id"] or home["head_id"] == row["id"]:
        return HEAD if home["head_id"] == row["id"] else None
    return None if fold(row["relation"] or "") == fold(HEAD) else row["relation"]


def add_newcomer(
    context: Context,
    target: Uid,
    values: Mapping[str, object],
    *,
    on: object = None,
    place: object = None,
    is_born_here: bool = False,
    today: datetime.date | None = None,
) -> SaveResult:
    """Add a person who was born into a household or came into it from outside the commune on a day.

    Who always lived there and was only forgotten is added by ``citizens.add_member``.

    Args:
        values: as for ``citizens.save_citizen``; of a newborn ``on`` is the birth where none is given.
        place: where from, in words.

    Raises:
        UserError: the household is gone (``record.gone``).
    """
    found = Findings()
    day = day_of(found, on, today_or(today))
    given = {**values, "household": target}
    if is_born_here and not given.get("birth"):
        given["birth"] = day
    words = _place_words(found, place)
    kind = "citizen.born" if is_born_here else "citizen.arrive"
    with context.operation(kind, {"household": subject_of("household", target)}) as op:
        home = find_row(op.connection, "household", target)
        check_open(found, home)
        check_household_day(found, home, day)
        read_relation(found, op.connection, given.get("relation"), home)
        checked = check_citizen(given, SqlLookups(op.connection), today_or(today))
        found.issues.extend(issue for issue in checked.issues if issue.code != "relation.head")
        if not is_born_here and is_before(day, checked.values.get("birth")):
            found.error("on", "date.before_birth", "Ngày đến trước ngày sinh; hãy xem lại.")
        if found.has_errors:
            return found.refused()
        row_id = _insert(op, home["id"], checked.values)
        uid = op.writer.references.uid("citizen", row_id)
        if not is_born_here:
            begin_outside(op, {"id": row_id, "uid": uid, "household_id": home["id"]}, day, words)
        op.args["subject"] = subject_of("citizen", uid)
    return found.saved(uid)


def _insert(op: Operation, household_id: int, fields: Mapping[str, Any]) -> int:
    columns = columns_of(op, "citizen", fields)
    if columns.get("citizen_group") is None:
        group = propose_group(birth_of(columns.get("birth")), columns.get("occupation"), counting_day(op.connection))
        columns["citizen_group"] = group.value if group else None
    columns["life_status"] = columns.get("life_status") or LifeStatus.LIVING.value
    columns["position"] = next_places(op.connection, household_id)
    row_id = op.writer.insert(citizen, columns)
    take_empty_headship(op, row_id, household_id, columns.get("relation"))
    return row_id


def _place_words(found: Findings, raw: object) -> str | None:
    value, issues = cleaning.text(MAX_PLACE)("place", raw, datetime.date.max)
    found.issues.extend(issues)
    return str(value) if value else None
