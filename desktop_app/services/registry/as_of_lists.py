"""Statements over the present turned into statements over a past round's day: facts, work lists, forms.

Invariants: with no day (the present still counts) every text comes back as it was, so that nothing costs more; a day
stands in the text as a literal that was checked.
"""

from __future__ import annotations

import re

from desktop_app.models.types import LearningModel
from desktop_app.services.registry.as_of import (
    changed_people,
    check_day,
    citizens_then,
    hamlets_then,
    households_then,
)

_TABLE = re.compile(r"\b(FROM|JOIN) (citizen|household|hamlet) (?=[chxv]\b)")
_SUBJECTS = "(SELECT value FROM json_each(:subjects))"


def source_then(source: str, day: str | None, subject: str = "") -> str:
    """A FROM part whose people, households and hamlets are those of the day.

    Args:
        source: over ``citizen c``, ``household h``, ``hamlet x`` or ``v``; other aliases stay tables of now.
        subject: the expression that ``:subjects`` holds local keys of; only who may have belonged to them is looked
            at. Empty where the whole commune is counted.
    """
    if day is None:
        return source
    views = {
        "citizen": citizens_then(day, _within(day, subject)),
        "household": households_then(day),
        "hamlet": hamlets_then(day),
    }
    return _TABLE.sub(lambda match: f"{match[1]} {views[match[2]]} ", source)


def _within(day: str, subject: str) -> str:
    if subject == "c.household_id":
        return (
            f"c.id IN (SELECT id FROM citizen WHERE household_id IN {_SUBJECTS} "
            f"UNION SELECT citizen_id FROM residence WHERE household_id IN {_SUBJECTS})"
        )
    if subject == "c.hamlet_id":
        return f"(c.hamlet_id IN {_SUBJECTS} OR c.id IN {changed_people(day)})"
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
        changed = changed_people(day)
        living = f"SELECT id FROM {citizens_then(day, f'c.id IN {changed}')} WHERE life_status = 'living'"
        return (
            f"s.present = 1 AND s.birth <= '{born_by}' "
            f"AND iif(s.id IN {changed}, s.id IN ({living}), s.life_status = 'living')"
        )
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


def _household_of(day: str) -> str:
    over = f"present = 1 AND reason IS NOT 'away' AND until > '{day}'"
    first = f"SELECT household_id FROM residence WHERE citizen_id = s.id AND {over} ORDER BY until, id LIMIT 1"
    return f"iif(s.id IN (SELECT citizen_id FROM residence WHERE {over}), ({first}), s.household_id)"


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
