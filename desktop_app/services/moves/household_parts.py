"""Parts of the deeds about households: codes, relations to a new head, who comes back, clans of a split household.

Invariant: a relation is proposed only where the old ones leave no doubt; everything else is asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.records import Issue, SaveResult
from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.registry import citizen, clan, clan_household
from desktop_app.models.types import LifeStatus, Sex, Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.importing.words import HEAD
from desktop_app.services.moves.checks import Findings, Row, members_of
from desktop_app.services.moves.residence import is_before, standing_since
from desktop_app.services.registry import cleaning
from desktop_app.services.registry.citizen_list import birth_text
from desktop_app.services.registry.lookups import SqlLookups, find_row
from desktop_app.services.vietnamese import fold, split_name


def check_code(found: Findings, connection: Connection, raw: object, own: Uid | None = None) -> str | None:
    """A household's code as typed: blank, or one that no other household has."""
    value, issues = cleaning.text(40)("code", raw, datetime.date.max)
    found.issues.extend(issues)
    if value and not issues:
        holder = SqlLookups(connection).household_with_code(str(value), own)
        if holder is not None:
            who = f"của {holder.name}" if holder.name else "khác"
            found.error("code", "code.used", f"Mã hộ {value} đã dùng cho hộ {who} ({holder.where}).", holder.uid)
    return str(value) if value else None


def check_standing(found: Findings, connection: Connection, row: Row, day: str) -> None:
    """A household's deed happens after it came and not before its last move."""
    begun = max(standing_since(connection, [row["id"]]).get(row["id"], ""), row["valid_from"] or "")
    if day and is_before(day, begun):
        found.error("on", "date.before_last", f"Hộ ở đây từ {birth_text(begun)}; việc này phải từ ngày đó trở đi.")


def read_relations(
    found: Findings,
    people: Sequence[Row],
    relations: Mapping[Uid, object],
    head: Uid | None,
    *,
    target: Row | None = None,
) -> dict[int, str | None]:
    """Relations by local key, in one spelling; of who is not given None, of the head his own.

    Args:
        head: who becomes the head of these people.
        target: the household they come into; it has its head already.
    """
    words: dict[int, str | None] = {}
    for row in people:
        if row["uid"] == head:
            words[row["id"]] = HEAD
            continue
        value, issues = cleaning.relation("relation", relations.get(row["uid"]), datetime.date.max)
        found.issues.extend(issues)
        if fold(str(value or "")) == fold(HEAD) and (head is not None or (target and target["head_id"])):
            found.error(
                "relation", "relation.head", f"Chỉ một người là chủ hộ; hãy sửa quan hệ của {row['full_name']}."
            )
        words[row["id"]] = str(value) if value else None
    return words


def returning(connection: Connection, home: Row, members: Sequence[Uid] | None) -> list[Row]:
    """Who comes back with a household: the chosen ones, or all who left the commune on the day it was closed."""
    query = (
        select(citizen)
        .where(citizen.c.household_id == home["id"], citizen.c.present, citizen.c.life_status == LifeStatus.MOVED.value)
        .order_by(citizen.c.position, citizen.c.id)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    if members is not None:
        return [row for row in rows if row["uid"] in members]
    return [row for row in rows if row["status_date"] == home["valid_to"]]


def carry_clans(op: Operation, old_id: int, new_id: int, head: Row, day: str) -> None:
    """A split household stays in the old one's clans whose surname its head bears."""
    query = (
        select(clan.c.id, clan.c.uid, clan.c.surname)
        .join(clan_household, clan_household.c.clan_id == clan.c.id)
        .where(clan_household.c.household_id == old_id, clan_household.c.present, clan_household.c.until.is_(None))
        .where(clan.c.present)
    )
    surname = split_name(head["full_name"] or "")[0]
    for row in op.connection.execute(query).all():
        if row.surname and surname and fold(row.surname).split()[0] == fold(surname):
            uid = natural_uid("clan_household", row.uid, op.writer.references.uid("household", new_id))
            op.writer.insert(clan_household, {"clan_id": row.id, "household_id": new_id, "since": day}, uid=uid)


# -- relations to a new head -----------------------------------------------------------------------------------------

_CHILD = ("con", "con de", "con ruot", "con trai", "con gai", "con nuoi")
_SPOUSE = ("vo", "chong", "vo chong")
_PARENT = ("bo", "cha", "me", "bo de", "cha de", "me de")


def save_relations(context: Context, uid: Uid, relations: Mapping[Uid, object]) -> SaveResult:
    """Correct what several people of a household are to its head, as one deed; a correction writes no former place.

    Args:
        relations: uid → as typed; blank takes the relation away.

    Returns:
        The household's uid, or errors whose field is the uid of the person they are about.

    Raises:
        UserError: the household is gone (``record.gone``).
    """
    with context.operation("household.edit", {"subject": subject_of("household", uid)}) as op:
        home = find_row(op.connection, "household", uid)
        issues: list[Issue] = []
        values: dict[int, dict[str, object]] = {}
        for row in members_of(op.connection, home["id"]):
            if row["uid"] not in relations:
                continue
            value, found = cleaning.relation(row["uid"], relations[row["uid"]], datetime.date.max)
            issues.extend(found)
            is_head = row["id"] == home["head_id"]
            if (fold(str(value or "")) == fold(HEAD)) is not is_head and (value or is_head):
                issues.append(_head_issue(row["uid"], is_head=is_head))
            values[row["id"]] = {"relation": value}
        errors = tuple(issue for issue in issues if issue.is_error)
        if not errors:
            op.writer.update_many(citizen, values)
    return SaveResult(None, errors) if errors else SaveResult(uid)


def _head_issue(person: Uid, *, is_head: bool) -> Issue:
    if is_head:
        return Issue(person, "relation.is_head", "Người này là chủ hộ; muốn đổi thì dùng “Làm chủ hộ”.")
    return Issue(person, "relation.head", "Hộ chỉ có một chủ hộ; muốn đổi thì dùng “Làm chủ hộ”.")


def propose_relations(context: Context, uid: Uid, head: Uid) -> dict[Uid, str]:
    """What the others' relations to a new head surely are; "" for those that must be asked.

    Raises:
        UserError: the household is gone (``record.gone``).
    """
    with context.read() as connection:
        home = find_row(connection, "household", uid)
        members = members_of(connection, home["id"])
    old = next((row for row in members if row["id"] == home["head_id"]), None)
    new = next((row for row in members if row["uid"] == head), None)
    if new is None:
        return {}
    bond = fold(new["relation"] or "")
    return {
        row["uid"]: _old_head(old, new, bond) if row is old else _relation(row, new, bond)
        for row in members
        if row is not new
    }


def _old_head(old: Row, new: Row, bond: str) -> str:
    """What the former head is to the new one."""
    sex = old["sex"]
    if bond in _SPOUSE:
        return {Sex.MALE.value: "Chồng", Sex.FEMALE.value: "Vợ"}.get(sex, "Vợ" if bond == "chong" else "Chồng")
    if bond in _CHILD:
        return {Sex.MALE.value: "Bố", Sex.FEMALE.value: "Mẹ"}.get(sex, "")
    if bond in _PARENT:
        return "Con"
    if bond.startswith("chau noi"):
        return {Sex.MALE.value: "Ông nội", Sex.FEMALE.value: "Bà nội"}.get(sex, "")
    if bond.startswith("chau ngoai"):
        return {Sex.MALE.value: "Ông ngoại", Sex.FEMALE.value: "Bà ngoại"}.get(sex, "")
    return ""


def _relation(row: Row, new: Row, bond: str) -> str:
    """What another member is to the new head, from what both were to the old one."""
    was = fold(row["relation"] or "")
    if bond in _SPOUSE and was in _CHILD:
        return str(row["relation"])
    if bond in _CHILD and was in _SPOUSE:
        return {Sex.MALE.value: "Bố", Sex.FEMALE.value: "Mẹ"}.get(row["sex"], "")
    if bond in _CHILD and was in _CHILD and row["birth"] and new["birth"] and row["birth"][:4] != new["birth"][:4]:
        if row["birth"] > new["birth"]:
            return "Em"
        return {Sex.MALE.value: "Anh", Sex.FEMALE.value: "Chị"}.get(row["sex"], "")
    return ""
