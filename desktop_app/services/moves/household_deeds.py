"""What happens to whole households: split, joined, another head, another hamlet, out of the commune and back.

Invariants: a deed has a day, keeps the place it ends with its span and can be undone as a whole; the head is a member;
nobody is left without a household by any of these deeds.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.models.records import SaveResult
from desktop_app.models.tables.registry import household
from desktop_app.models.types import LifeStatus, MoveReason, Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.moves.checks import (
    REVIEW_RELATIONS,
    Findings,
    check_day,
    check_household_day,
    check_open,
    close_if_empty,
    day_of,
    hand_over,
    household_row,
    members_of,
    put_head,
    rows_of,
    succession,
)
from desktop_app.services.moves.deeds import bring_back, leave_commune, place_in, reopen
from desktop_app.services.moves.household_parts import (
    carry_clans,
    check_code,
    check_standing,
    read_relations,
    returning,
)
from desktop_app.services.moves.residence import end_household_place, is_before
from desktop_app.services.registry import cleaning
from desktop_app.services.registry.citizen_list import birth_text
from desktop_app.services.registry.households import free_code
from desktop_app.services.registry.lookups import find_row
from desktop_app.services.registry.saving import today_or

Relations = Mapping[Uid, object]
"""Uid of a person → relation to the (new) head, as typed."""


@dataclass(frozen=True)
class SplitPlan:
    """A household that some people of another one make.

    Attributes:
        members: who goes; head: one of them.
        relations: to the new head.
        code: blank takes the next one of the hamlet.
        hamlet: uid; None stays in the same one. address: None keeps the old household's.
        new_head: of those who stay, where their head goes.
    """

    members: Sequence[Uid]
    head: Uid
    relations: Relations = field(default_factory=dict)
    code: object = None
    hamlet: Uid | None = None
    address: object = None
    new_head: Uid | None = None


def split_household(
    context: Context, uid: Uid, plan: SplitPlan, *, on: object = None, today: datetime.date | None = None
) -> SaveResult:
    """Let some people of a household make one of their own, from a day on.

    Returns:
        The new household's uid, or errors of ``members``, ``head``, ``code``, ``hamlet``, ``new_head``, ``relation``,
        ``on``.

    Raises:
        UserError: somebody or something of it is gone (``record.gone``).
    """
    found = Findings()
    day = day_of(found, on, today_or(today))
    with context.operation("household.split", {"household": subject_of("household", uid)}) as op:
        connection = op.connection
        home = find_row(connection, "household", uid)
        people = rows_of(connection, "citizen", plan.members)
        hamlet_id = find_row(connection, "hamlet", plan.hamlet)["id"] if plan.hamlet else home["hamlet_id"]
        living = {row["id"] for row in members_of(connection, home["id"])}
        leaving = {row["id"] for row in people}
        if not people:
            found.error("members", "members.none", "Hãy chọn những người tách ra.")
        elif not leaving <= living:
            found.error("members", "members.not_here", "Có người đã chọn không còn ở hộ này; hãy chọn lại.")
        elif leaving == living:
            found.error(
                "members", "members.all", "Hộ cũ phải còn ít nhất một người; cả hộ chuyển thì dùng “Chuyển thôn”."
            )
        if people and plan.head not in plan.members:
            found.error("head", "head.not_member", "Chủ hộ mới phải là một trong những người tách ra.")
        code = check_code(found, connection, plan.code)
        words = read_relations(found, people, plan.relations, plan.head)
        check_open(found, home, "members")
        check_standing(found, connection, home, day)
        check_day(found, connection, people, day)
        after = succession(found, connection, home["id"], leaving, plan.new_head)
        if found.has_errors:
            return found.refused()
        hand_over(op, after, day)
        values = {
            "code": code or free_code(connection, hamlet_id),
            "hamlet_id": hamlet_id,
            "address": _address(plan.address) or (home["address"] if hamlet_id == home["hamlet_id"] else None),
            "poverty": home["poverty"],
            "split_from_id": home["id"],
            "valid_from": day,
        }
        new_id = op.writer.insert(household, values)
        head_first = sorted(people, key=lambda row: row["uid"] != plan.head)
        place_in(op, head_first, new_id, day, MoveReason.SPLIT, words, after.home)
        op.writer.update(household, new_id, {"head_id": head_first[0]["id"]})
        carry_clans(op, home["id"], new_id, head_first[0], day)
        if len(people) > 1 and any(words.get(row["id"]) is None for row in head_first[1:]):
            found.warn(REVIEW_RELATIONS)
        new_uid = op.writer.references.uid("household", new_id)
        op.args.update(subject=subject_of("household", new_uid), count=len(people))
    return found.saved(new_uid)


def join_households(
    context: Context,
    source: Uid,
    target: Uid,
    *,
    relations: Relations | None = None,
    on: object = None,
    today: datetime.date | None = None,
) -> SaveResult:
    """Let everybody of a household live in another one from a day on; the emptied household is closed.

    Args:
        relations: of the people who come, to the head of ``target``.

    Returns:
        The uid of ``target``.
    """
    found = Findings()
    day = day_of(found, on, today_or(today))
    args = {"subject": subject_of("household", source), "household": subject_of("household", target)}
    with context.operation("household.join", args) as op:
        home, goal = rows_of(op.connection, "household", (source, target))
        people = members_of(op.connection, home["id"])
        if source == target:
            found.error("household", "household.same", "Hãy chọn một hộ khác.")
        if not people:
            found.error("", "household.empty", "Hộ này không có ai để nhập sang hộ khác.")
        check_open(found, goal)
        check_household_day(found, goal, day)
        check_day(found, op.connection, people, day)
        words = read_relations(found, people, relations or {}, None, target=goal)
        if found.has_errors:
            return found.refused()
        place_in(op, people, goal["id"], day, MoveReason.JOIN, words, home)
        close_if_empty(op, home, day)
        if any(words.get(row["id"]) is None for row in people):
            found.warn(REVIEW_RELATIONS)
    return found.saved(target)


def change_head(
    context: Context,
    uid: Uid,
    head: Uid,
    *,
    relations: Relations | None = None,
    on: object = None,
    today: datetime.date | None = None,
) -> SaveResult:
    """Make another member the head from a day on.

    Args:
        relations: to the new head, of those that are known (``household_parts.propose_relations`` offers them);
            others keep theirs and a warning asks to review them.

    Returns:
        The household's uid, or errors of ``head``, ``relation``, ``on``.
    """
    found = Findings()
    day = day_of(found, on, today_or(today))
    args = {"subject": subject_of("household", uid), "head": subject_of("citizen", head)}
    with context.operation("household.head", args) as op:
        home = find_row(op.connection, "household", uid)
        members = members_of(op.connection, home["id"])
        chosen = next((row for row in members if row["uid"] == head), None)
        check_open(found, home, "head")
        if chosen is None:
            found.error("head", "head.not_member", "Chủ hộ phải là một người đang ở hộ này.")
        elif chosen["id"] == home["head_id"]:
            found.error("head", "head.same", "Người này đang là chủ hộ rồi.")
        else:
            moved = [row for row in members if row["uid"] in (relations or {}) or row["id"] == chosen["id"]]
            check_day(found, op.connection, moved, day)
        words = read_relations(found, members, relations or {}, head)
        if found.has_errors or chosen is None:
            return found.refused()
        given = {row["id"]: words[row["id"]] for row in members if row["uid"] in (relations or {})}
        put_head(op, home, chosen, members, day, given)
        if any(row["id"] != chosen["id"] and row["id"] not in given for row in members):
            found.warn(REVIEW_RELATIONS)
    return found.saved(uid)


def move_household(
    context: Context,
    uid: Uid,
    hamlet: Uid,
    *,
    address: object = None,
    code: object = None,
    on: object = None,
    today: datetime.date | None = None,
) -> SaveResult:
    """Move a household with its people to another hamlet of the commune from a day on.

    Args:
        address: the new one; blank: none is known yet.
        code: a new one; blank keeps the old one.

    Returns:
        The household's uid, or errors of ``hamlet``, ``code``, ``on``.
    """
    found = Findings()
    day = day_of(found, on, today_or(today))
    args = {"subject": subject_of("household", uid), "hamlet": subject_of("hamlet", hamlet)}
    with context.operation("household.move", args) as op:
        home, goal = find_row(op.connection, "household", uid), find_row(op.connection, "hamlet", hamlet)
        if goal["id"] == home["hamlet_id"]:
            found.error("hamlet", "hamlet.same", "Hộ đang ở thôn, tổ này rồi; đổi địa chỉ thì bấm Sửa.")
        if goal["valid_to"]:
            found.error("hamlet", "hamlet.closed", f"Thôn, tổ này thôi dùng từ {birth_text(goal['valid_to'])}.")
        check_open(found, home, "hamlet")
        check_standing(found, op.connection, home, day)
        new_code = check_code(found, op.connection, code, uid)
        if found.has_errors:
            return found.refused()
        end_household_place(op, home, day, MoveReason.MOVE)
        values = {"hamlet_id": goal["id"], "address": _address(address), "code": new_code or home["code"]}
        op.writer.update(household, home["id"], values)
    return found.saved(uid)


def household_leaves(
    context: Context,
    uid: Uid,
    *,
    place: object = None,
    on: object = None,
    today: datetime.date | None = None,
) -> SaveResult:
    """Write down that a household left the commune with all its people; it is closed and can come back."""
    found = Findings()
    day = day_of(found, on, today_or(today))
    words = _address(place)
    with context.operation("household.leave", {"subject": subject_of("household", uid)}) as op:
        home = find_row(op.connection, "household", uid)
        people = members_of(op.connection, home["id"])
        if home["valid_to"]:
            found.error("", "household.closed", f"Hộ này không còn từ {birth_text(home['valid_to'])} rồi.")
        check_standing(found, op.connection, home, day)
        check_day(found, op.connection, people, day)
        if found.has_errors:
            return found.refused()
        leave_commune(op, people, day, LifeStatus.MOVED, words, home, keeps_head=True)
        if not close_if_empty(op, home, day):
            op.writer.update(household, home["id"], {"valid_to": day})
    return found.saved(uid)


def household_returns(
    context: Context,
    uid: Uid,
    *,
    members: Sequence[Uid] | None = None,
    hamlet: Uid | None = None,
    address: object = None,
    on: object = None,
    today: datetime.date | None = None,
) -> SaveResult:
    """Write down that a closed household is back, with who left with it.

    Args:
        members: who comes back; None: all who left the commune with it, that is on the day it was closed.
        hamlet: uid; None: where it was. address: blank: as it was in the same hamlet.

    Returns:
        The household's uid, or errors of ``members``, ``hamlet``, ``on``.
    """
    found = Findings()
    day = day_of(found, on, today_or(today))
    with context.operation("household.return", {"subject": subject_of("household", uid)}) as op:
        home = find_row(op.connection, "household", uid)
        goal = find_row(op.connection, "hamlet", hamlet) if hamlet else None
        people = returning(op.connection, home, members)
        if not home["valid_to"]:
            found.error("", "household.open", "Hộ này đang ở xã; không có lần đi nào để ghi trở về.")
        elif day and is_before(day, home["valid_to"]):
            found.error("on", "date.before_last", f"Hộ đi từ {birth_text(home['valid_to'])}; ngày về phải sau đó.")
        if not people:
            found.error("members", "members.none", "Không có ai của hộ đã chuyển đi để ghi trở về.")
        if goal is not None and goal["valid_to"]:
            found.error("hamlet", "hamlet.closed", f"Thôn, tổ này thôi dùng từ {birth_text(goal['valid_to'])}.")
        check_day(found, op.connection, people, day)
        if found.has_errors:
            return found.refused()
        reopen(op, home, day)
        if goal is not None and goal["id"] != home["hamlet_id"]:
            op.writer.update(household, home["id"], {"hamlet_id": goal["id"], "address": _address(address)})
        bring_back(op, people, home["id"], day, {row["id"]: row["relation"] for row in people})
        standing = household_row(op.connection, home["id"])
        place = (
            op.writer.references.uid("hamlet", standing["hamlet_id"]) if standing and standing["hamlet_id"] else None
        )
        if place is not None:
            op.args["hamlet"] = subject_of("hamlet", place)
    return found.saved(uid)


def _address(raw: object) -> str | None:
    value, _ = cleaning.text()("address", raw, datetime.date.max)
    return str(value)[: cleaning.MAX_TEXT] if value else None
