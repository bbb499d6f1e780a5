"""The register as it stood on a day: who lived where, in which hamlet, who headed a household.

Invariants: everybody who lived then stands in exactly one household or in none; what is not known to have changed was
as it is now. ``citizens_then`` and the other views have the names of the present tables' columns, so that a statement
over the present becomes one over the past by naming the view instead of the table.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.records import Link
from desktop_app.models.types import LifeStatus, Uid
from desktop_app.services.context import Context
from desktop_app.services.importing.words import HEAD
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.citizen_list import birth_text
from desktop_app.services.registry.detail_parts import any_row

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

UNBORN = "unborn"
"""Life status, in the views only, of who was not born yet."""


@dataclass(frozen=True, slots=True)
class MemberThen:
    """Somebody who lived in a household on the day, or was away for a time."""

    uid: Uid
    name: str
    birth: str
    relation: str
    is_head: bool
    is_away: bool


@dataclass(frozen=True, slots=True)
class PlaceThen:
    """Where a person was on the day; ``life`` is None of who was not born yet."""

    household: Link | None
    hamlet: Link | None
    relation: str
    life: LifeStatus | None

    @property
    def lived_here(self) -> bool:
        return self.life in (LifeStatus.LIVING, LifeStatus.AWAY)


@dataclass(frozen=True, slots=True)
class HouseholdThen:
    """A household on the day; ``existed`` is False before it was made and while it was closed."""

    uid: Uid
    code: str
    existed: bool
    hamlet: Link | None
    address: str
    head: Link | None
    members: tuple[MemberThen, ...]


@dataclass(frozen=True, slots=True)
class HamletThen:
    """What a hamlet counted on the day."""

    hamlet: Link
    households: int
    citizens: int


def past_day(counted_on: str, today: datetime.date | None = None) -> str | None:
    """The day on which a round counts, once it has passed; None while the present still counts."""
    now = (today or datetime.date.today()).isoformat()
    return counted_on if _DAY.fullmatch(counted_on) and counted_on < now else None


# -- views -----------------------------------------------------------------------------------------------------------


def citizens_then(day: str, within: str = "1") -> str:
    """SQL of a table like ``citizen`` as it stood on a day: id, uid, present, names, birth, group, place, life.

    Args:
        within: condition on ``c`` that narrows whom the view looks at.
    """
    check_day(day)
    return f"""(
SELECT c.id, c.uid, c.present, c.full_name, c.name_fold, c.sort_key, c.birth, c.sex, c.citizen_group, c.occupation,
c.position, h.id AS household_id, iif(r.citizen_id IS NULL, c.relation, r.relation) AS relation,
iif(p.household_id IS NULL, h.hamlet_id, p.hamlet_id) AS hamlet_id, r.citizen_id IS NOT NULL AS was_elsewhere,
{_life(day)} AS life_status,
c.present = 1 AND {_life(day)} IN ('living', 'away') AS is_current
FROM citizen AS c LEFT JOIN {_first_residence(day)} AS r ON r.citizen_id = c.id
LEFT JOIN household AS h ON h.id = iif(r.citizen_id IS NULL, c.household_id, r.household_id)
LEFT JOIN {_first_place(day)} AS p ON p.household_id = h.id
WHERE {within})"""


def households_then(day: str) -> str:
    """SQL of a table like ``household`` as it stood on a day; ``valid_to`` is NULL of those that existed then."""
    check_day(day)
    return f"""(
SELECT h.id, h.uid, h.present, h.code, h.code_fold, h.sort_key, h.poverty, h.head_id,
iif(p.household_id IS NULL, h.hamlet_id, p.hamlet_id) AS hamlet_id,
iif(p.household_id IS NULL, h.address, p.address) AS address, h.valid_from,
CASE WHEN h.valid_from > '{day}' THEN h.valid_from WHEN h.valid_to <= '{day}' THEN h.valid_to
WHEN p.household_id IS NOT NULL AND p.hamlet_id IS NULL THEN '{day}' END AS valid_to
FROM household AS h LEFT JOIN {_first_place(day)} AS p ON p.household_id = h.id)"""


def hamlets_then(day: str) -> str:
    """SQL of a table like ``hamlet`` as it stood on a day."""
    check_day(day)
    return f"""(
SELECT v.id, v.uid, v.present, v.name, v.name_fold, v.sort_key, v.former_commune,
CASE WHEN v.valid_from > '{day}' THEN v.valid_from WHEN v.valid_to <= '{day}' THEN v.valid_to END AS valid_to
FROM hamlet AS v)"""


def changed_people(day: str) -> str:
    """SQL of the local keys of people whose place or life may not be on a day what it is now; usually few.

    The keys come from ``citizen`` itself: SQLite looks a key up in a list that cannot hold NULL at once, and goes
    through the whole list otherwise.
    """
    check_day(day)
    return f"""(SELECT z.id FROM citizen AS z WHERE z.id IN (
SELECT citizen_id FROM residence WHERE present = 1 AND until > '{day}'
UNION SELECT id FROM citizen WHERE life_status <> 'living' AND status_date > '{day}'
UNION SELECT c.id FROM household_place AS p JOIN citizen AS c ON c.household_id = p.household_id
WHERE p.present = 1 AND p.until > '{day}'))"""


def lived_in(keys: str) -> str:
    """SQL that is true of a person (``c``) who lives in one of these households, or ever did."""
    return (
        f"c.id IN (SELECT id FROM citizen WHERE household_id IN {keys} "
        f"UNION SELECT citizen_id FROM residence WHERE household_id IN {keys})"
    )


def check_day(day: str) -> None:
    """A day stands in statements as text, so it is checked to be one."""
    if not _DAY.fullmatch(day):
        raise ValueError(f"not a day: {day!r}")


def _first_residence(day: str) -> str:
    """The first former place that ended after the day; SQLite takes the other columns from the row of ``min``."""
    return (
        "(SELECT citizen_id, household_id, relation, min(until) AS until FROM residence WHERE present = 1 "
        f"AND reason IS NOT 'away' AND until > '{day}' GROUP BY citizen_id)"
    )


def _first_place(day: str) -> str:
    return (
        "(SELECT household_id, hamlet_id, address, min(until) AS until FROM household_place WHERE present = 1 "
        f"AND until > '{day}' GROUP BY household_id)"
    )


def _life(day: str) -> str:
    away = (
        "iif(EXISTS (SELECT 1 FROM residence AS w WHERE w.citizen_id = c.id AND w.present = 1 AND w.reason = 'away' "
        f"AND (w.since IS NULL OR w.since <= '{day}') AND w.until > '{day}'), 'away', 'living')"
    )
    return (
        f"CASE WHEN c.birth > '{day}' THEN '{UNBORN}' "
        "WHEN r.citizen_id IS NOT NULL AND r.household_id IS NULL THEN 'moved' "
        f"WHEN r.citizen_id IS NOT NULL THEN {away} "
        f"WHEN coalesce(c.life_status, 'living') = 'living' OR c.status_date > '{day}' THEN {away} "
        "ELSE c.life_status END"
    )


# -- one record on a day ---------------------------------------------------------------------------------------------


def place_on(context: Context, citizen: Uid, day: datetime.date) -> PlaceThen:
    """Where a person was on a day.

    Raises:
        UserError: this file never had the person (``record.unknown``).
    """
    with context.read() as connection:
        key = any_row(connection, "citizen", citizen)["id"]
        people = citizens_then(day.isoformat(), f"c.id = {key}")
        query = f"""
        SELECT h.uid, h.code, v.uid, v.name, c.relation, c.life_status FROM {people} AS c
        LEFT JOIN household AS h ON h.id = c.household_id LEFT JOIN hamlet AS v ON v.id = c.hamlet_id
        WHERE c.id = ?"""
        row = all_rows(connection, query, (key,))[0]
    household, code, hamlet, name, relation, life = row
    return PlaceThen(
        None if household is None else Link(household.hex(), code or ""),
        None if hamlet is None else Link(hamlet.hex(), name or ""),
        relation or "",
        None if life == UNBORN else LifeStatus(life or "living"),
    )


def members_on(context: Context, household: Uid, day: datetime.date) -> tuple[MemberThen, ...]:
    """Who lived in a household on a day, its head of then first.

    Raises:
        UserError: this file never had the household (``record.unknown``).
    """
    with context.read() as connection:
        return _members(connection, any_row(connection, "household", household)["id"], day.isoformat())


def household_on(context: Context, household: Uid, day: datetime.date) -> HouseholdThen:
    """A household as it stood on a day.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    then = day.isoformat()
    with context.read() as connection:
        key = any_row(connection, "household", household)["id"]
        members = _members(connection, key, then)
        query = f"""
        SELECT h.code, h.valid_to, v.uid, v.name, h.address FROM {households_then(then)} AS h
        LEFT JOIN hamlet AS v ON v.id = h.hamlet_id WHERE h.id = ?"""
        code, gone, hamlet, name, address = all_rows(connection, query, (key,))[0]
    head = next((Link(member.uid, member.name) for member in members if member.is_head), None)
    place = None if hamlet is None else Link(hamlet.hex(), name or "")
    return HouseholdThen(household, code or "", gone is None, place, address or "", head, members)


def counts_on(context: Context, day: datetime.date) -> tuple[HamletThen, ...]:
    """Households and people of every hamlet of a day, in order; who belonged to no hamlet is not among them."""
    then = day.isoformat()
    query = f"""
    SELECT v.uid, v.name, coalesce(h.n, 0), coalesce(c.n, 0) FROM {hamlets_then(then)} AS v
    LEFT JOIN (SELECT hamlet_id, count(*) AS n FROM {households_then(then)} WHERE present = 1 AND valid_to IS NULL
               GROUP BY 1) AS h ON h.hamlet_id = v.id
    LEFT JOIN (SELECT hamlet_id, count(*) AS n FROM {citizens_then(then)} WHERE is_current GROUP BY 1) AS c
      ON c.hamlet_id = v.id
    WHERE v.present = 1 AND (v.valid_to IS NULL OR h.n > 0 OR c.n > 0) ORDER BY v.sort_key, v.id"""
    with context.read() as connection:
        rows = all_rows(connection, query)
    return tuple(HamletThen(Link(uid.hex(), name or ""), homes, people) for uid, name, homes, people in rows)


def _members(connection: Connection, household_id: int, day: str) -> tuple[MemberThen, ...]:
    people = citizens_then(day, lived_in(f"({household_id})"))
    query = f"""
    SELECT c.uid, c.full_name, c.birth, c.relation, c.life_status,
    iif(c.was_elsewhere, c.relation = ?, c.id = h.head_id) AS heads
    FROM {people} AS c JOIN household AS h ON h.id = c.household_id JOIN citizen AS n ON n.id = c.id
    WHERE c.household_id = ? AND c.is_current
    ORDER BY heads DESC, n.household_id IS NOT h.id, c.position, c.id"""
    found: list[MemberThen] = []
    for uid, name, birth, relation, life, heads in all_rows(connection, query, (HEAD, household_id)):
        is_head = bool(heads) and not any(member.is_head for member in found)
        away = life == LifeStatus.AWAY.value
        found.append(MemberThen(uid.hex(), name or "", birth_text(birth), relation or "", is_head, away))
    return tuple(found)
