"""Titles of former years counted where people and households were in those years.

Invariant: a year's title counts in the household and hamlet of that year's counting day (31/12 where the year had no
round); what never moved is read once for all years.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel
from desktop_app.services.moves.as_of import citizens_then, households_then, lived_in
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.former_titles import held_years

Held = tuple[int, str, int]
"""Year, name, local key of who holds the title."""

_WHO_LEFT_A_HOUSEHOLD = (
    "SELECT citizen_id FROM residence WHERE present = 1 AND citizen_id IN {keys} "
    "UNION SELECT id FROM citizen WHERE id IN {keys} AND life_status <> 'living'"
)
"""Whose household may have been another; where households stood does not matter to it."""

_WHO_LEFT_A_HAMLET = (
    f"{_WHO_LEFT_A_HOUSEHOLD} UNION SELECT id FROM citizen WHERE id IN {{keys}} "
    "AND household_id IN (SELECT household_id FROM household_place WHERE present = 1)"
)
_HOMES_THAT_CHANGED = (
    "SELECT id FROM household WHERE valid_from IS NOT NULL OR valid_to IS NOT NULL "
    "UNION SELECT household_id FROM household_place WHERE present = 1"
)


def titles_in_household(connection: Connection, household_id: int) -> list[Held]:
    """The titles of those who lived in a household in the titles' years, newest year first."""
    where = f"s.present = 1 AND {lived_in(f'({household_id})').replace('c.id', 's.id', 1)}"
    return _people(connection, where, "household_id", household_id, _WHO_LEFT_A_HOUSEHOLD)


def titles_in_hamlet(connection: Connection, hamlet_id: int) -> list[Held]:
    """The citizens' titles of those who lived in a hamlet in the titles' years."""
    homes = (
        f"(SELECT id FROM household WHERE hamlet_id = {hamlet_id} "
        f"UNION SELECT household_id FROM household_place WHERE present = 1 AND hamlet_id = {hamlet_id})"
    )
    where = (
        f"s.present = 1 AND s.id IN (SELECT id FROM citizen WHERE household_id IN {homes} OR hamlet_id = {hamlet_id} "
        f"UNION SELECT citizen_id FROM residence WHERE present = 1 AND household_id IN {homes})"
    )
    return _people(connection, where, "hamlet_id", hamlet_id, _WHO_LEFT_A_HAMLET)


def families_in_hamlet(connection: Connection, hamlet_id: int) -> list[Held]:
    """The families' titles of the households that stood in a hamlet in the titles' years."""
    moved = f"SELECT household_id FROM household_place WHERE present = 1 AND hamlet_id = {hamlet_id}"
    where = f"s.present = 1 AND (s.hamlet_id = {hamlet_id} OR s.id IN ({moved}))"
    rows = _held(connection, "s.id AS name, s.id AS id", "household AS s", LearningModel.FAMILY, where)

    def there(day: str, keys: str) -> str:
        return (
            f"SELECT h.id FROM {households_then(day)} AS h WHERE h.hamlet_id = {hamlet_id} AND h.present "
            f"AND h.valid_to IS NULL AND h.id IN {keys}"
        )

    return _settled(connection, rows, _HOMES_THAT_CHANGED, there)


def _people(connection: Connection, where: str, place: str, key: int, changed: str) -> list[Held]:
    columns = "s.full_name AS name, s.id AS id"
    rows = _held(connection, columns, "citizen AS s", LearningModel.CITIZEN, where)

    def there(day: str, keys: str) -> str:
        return f"SELECT c.id FROM {citizens_then(day, f'c.id IN {keys}')} AS c WHERE c.{place} = {key} AND c.is_current"

    return _settled(connection, rows, changed, there)


def _held(connection: Connection, columns: str, source: str, model: LearningModel, where: str) -> list[Held]:
    query = f"SELECT * FROM ({held_years(columns, source, model, where)}) ORDER BY year DESC, id"
    return [(year or 0, str(name or ""), key) for year, name, key in all_rows(connection, query)]


def _settled(connection: Connection, rows: list[Held], changed: str, there: Callable[[str, str], str]) -> list[Held]:
    """Of those who ever changed their place, only the years in which they were there."""
    moved = {row[0] for row in all_rows(connection, changed.replace("{keys}", _listed({key for _, _, key in rows})))}
    asked: dict[int, set[int]] = {}
    for year, _, key in rows:
        if key in moved:
            asked.setdefault(year, set()).add(key)
    days = _days(connection, asked)
    stayed = {
        (year, row[0]) for year, keys in asked.items() for row in all_rows(connection, there(days[year], _listed(keys)))
    }
    return [row for row in rows if row[2] not in moved or (row[0], row[2]) in stayed]


def _listed(keys: Iterable[int]) -> str:
    return f"(SELECT value FROM json_each('{json.dumps(sorted(keys))}'))"


def _days(connection: Connection, years: Iterable[int]) -> dict[int, str]:
    """The counting day of each year, today where it is still to come."""
    rounds = dict(all_rows(connection, "SELECT year, counted_on FROM assessment_round WHERE present = 1"))
    today = datetime.date.today().isoformat()
    return {year: min(rounds.get(year) or f"{year:04}-12-31", today) for year in years}
