"""Statements over the present turned into statements over a past round's day: facts, work lists, forms.

Invariants: with no day (the present still counts) every text comes back as it was, so that nothing costs more; a day
stands in the text as a literal that was checked.
"""

from __future__ import annotations

import re

from desktop_app.models.types import LearningModel
from desktop_app.services.moves.as_of import (
    changed_people,
    check_day,
    citizens_then,
    hamlets_then,
    households_then,
    lived_in,
)

_TABLE = re.compile(r"\b(FROM|JOIN) (citizen|household|hamlet) (?=[chxv]\b)")
_SUBJECTS = "(SELECT value FROM json_each(:subjects))"


def source_then(source: str, day: str | None, subject: str = "", keys: str = _SUBJECTS) -> str:
    """A FROM part whose people, households and hamlets are those of the day.

    Args:
        source: over ``citizen c``, ``household h``, ``hamlet x`` or ``v``; other aliases stay tables of now.
        subject: the expression that ``keys`` hold local keys of (``c.household_id``, ``c.hamlet_id``,
            ``m.organization_id``); only who may have belonged to them is looked at. Others look at everybody.
        keys: SQL of the keys in brackets; by default those of the parameter ``:subjects``.
    """
    if day is None:
        return source
    views = {
        "citizen": citizens_then(day, _within(day, subject, keys)),
        "household": households_then(day),
        "hamlet": hamlets_then(day),
    }
    return _TABLE.sub(lambda match: f"{match[1]} {views[match[2]]} ", source)


def _within(day: str, subject: str, keys: str) -> str:
    if subject == "c.household_id":
        return lived_in(keys)
    if subject == "c.hamlet_id":
        return f"(c.hamlet_id IN {keys} OR c.id IN {changed_people(day)})"
    if subject == "m.organization_id":
        return f"c.id IN (SELECT citizen_id FROM organization_member WHERE organization_id IN {keys})"
    return "1"


def eligible_then(model: LearningModel, counted: str, day: str | None, born_by: str) -> str:
    """SQL that is true of a subject (``s``) that was to be assessed on the day.

    Args:
        counted: what is true of who is to be assessed now.
        born_by: the latest birth of citizens.
    """
    if day is None:
        return counted
    check_day(day)
    if model is LearningModel.CITIZEN:
        return f"s.present = 1 AND s.birth <= '{born_by}' AND {_lived(day)}"
    if model is LearningModel.COMMUNE:
        return counted
    return (
        f"s.present = 1 AND (s.valid_from IS NULL OR s.valid_from <= '{day}') "
        f"AND (s.valid_to IS NULL OR s.valid_to > '{day}')"
    )


def places_then(sql: str, table: str, day: str | None) -> str:
    """An expression or join whose ``s.hamlet_id`` and ``s.household_id`` are those of the day."""
    if day is None:
        return sql
    check_day(day)
    if table == "citizen":
        home = _household_of(day)
        hamlet = f"iif(s.id IN {changed_people(day)}, {_hamlet_of(home, day)}, s.hamlet_id)"
        return _put(sql, {"s.household_id": home, "s.hamlet_id": hamlet})
    if table == "household":
        return _put(sql, {"s.hamlet_id": _hamlet_of("s.id", day)})
    return sql


def _put(sql: str, values: dict[str, str]) -> str:
    names = "|".join(re.escape(name) for name in values)
    return re.sub(rf"\b({names})\b", lambda match: values[match[1]], sql)


def _lived(day: str) -> str:
    """True of who lived here on the day and was not away."""
    over = f"r.citizen_id = s.id AND r.present = 1 AND r.reason IS NOT 'away' AND r.until > '{day}'"
    first = f"SELECT r.household_id IS NOT NULL FROM residence AS r WHERE {over} ORDER BY r.until, r.id LIMIT 1"
    away = (
        "SELECT 1 FROM residence AS r WHERE r.citizen_id = s.id AND r.present = 1 AND r.reason = 'away' "
        f"AND (r.since IS NULL OR r.since <= '{day}') AND r.until > '{day}'"
    )
    now = f"coalesce(s.life_status, 'living') = 'living' OR coalesce(s.status_date, '') > '{day}'"
    then = f"iif(EXISTS (SELECT 1 FROM residence AS r WHERE {over}), ({first}), {now})"
    return f"iif(s.id IN {changed_people(day)}, {then} AND NOT EXISTS ({away}), s.life_status = 'living')"


def _household_of(day: str) -> str:
    over = f"r.citizen_id = s.id AND r.present = 1 AND r.reason IS NOT 'away' AND r.until > '{day}'"
    first = f"SELECT r.household_id FROM residence AS r WHERE {over} ORDER BY r.until, r.id LIMIT 1"
    return f"iif(EXISTS (SELECT 1 FROM residence AS r WHERE {over}), ({first}), s.household_id)"


def _hamlet_of(home: str, day: str) -> str:
    over = f"p.present = 1 AND p.until > '{day}'"
    first = (
        f"SELECT p.hamlet_id FROM household_place AS p WHERE p.household_id = z.id AND {over} ORDER BY p.until, p.id"
    )
    now = "z.hamlet_id"
    return (
        f"(SELECT iif(EXISTS (SELECT 1 FROM household_place AS p WHERE p.household_id = z.id AND {over}), "
        f"({first} LIMIT 1), {now}) FROM household AS z WHERE z.id = {home})"
    )
