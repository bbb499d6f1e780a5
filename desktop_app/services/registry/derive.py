"""Derived columns of the register: folded names, sort keys, hamlets of citizens and the search index.

Invariant: recomputed inside the operation that wrote their sources, never journalled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import LifeStatus
from desktop_app.services.vietnamese import fold, name_sort_key, text_sort_key


def derive_citizen(row: Mapping[str, Any], changed: AbstractSet[str] | None = None) -> dict[str, Any]:
    """Folded name, sort key, year of birth, and whether the person is one of those living here.

    Args:
        changed: columns that changed: only what hangs on them is worked out; None for all.
    """
    derived: dict[str, Any] = {}
    if changed is None or "full_name" in changed or "sort_name" in changed:
        name = row.get("full_name") or ""
        derived["name_fold"], derived["sort_key"] = _name_columns(name, row.get("sort_name") or name)
    if changed is None or "birth" in changed:
        birth = row.get("birth")
        derived["birth_year"] = int(birth[:4]) if birth else None
    if changed is None or "present" in changed or "life_status" in changed:
        is_here = (row.get("life_status") or "living") in _LIVING_HERE
        derived["is_current"] = is_here and bool(row.get("present", True))
    return derived


_LIVING_HERE = frozenset({LifeStatus.LIVING.value, LifeStatus.AWAY.value})


@lru_cache(maxsize=8192)
def _name_columns(name: str, sort_name: str) -> tuple[str, str]:
    """Folded name and sort key; kept, for a commune's people share their names."""
    return fold(name), name_sort_key(sort_name)


def derive_household(row: Mapping[str, Any], changed: AbstractSet[str] | None = None) -> dict[str, Any]:
    if changed is not None and "code" not in changed:
        return {}
    code = row.get("code") or ""
    return {"code_fold": fold(code) or None, "sort_key": text_sort_key(code)}


def derive_named(row: Mapping[str, Any], changed: AbstractSet[str] | None = None) -> dict[str, Any]:
    """Hamlets, clans, organizations and branches."""
    if changed is not None and "name" not in changed:
        return {}
    name = row.get("name") or ""
    return {"name_fold": fold(name), "sort_key": text_sort_key(name)}


def refresh_register(connection: Connection, touched: Mapping[str, set[int]]) -> None:
    """Bring citizens' hamlets and the search index up to date after an operation."""
    citizens = set(touched.get("citizen", ()))
    households = set(touched.get("household", ()))
    if hamlets := touched.get("hamlet"):
        households.update(_ids(connection, "SELECT id FROM household WHERE hamlet_id IN", hamlets))
    if households:
        citizens.update(_ids(connection, "SELECT id FROM citizen WHERE household_id IN", households))
    if citizens:
        ids = json.dumps(sorted(citizens))
        for statement in (_HAMLETS, _UNINDEX, _SEARCH_ROWIDS, _INDEX):
            connection.exec_driver_sql(statement, (ids,))


_BUT_LAST = "rtrim(c.name_fold, replace(c.name_fold, ' ', ''))"
"""The folded name without its last word."""

SEARCH_ID_BITS = 24
"""Low bits of a rowid of citizen_search that hold the citizen's id (16.7 million)."""

_ROWID = (
    "(((c.is_current = 0) << 59) | "
    + " | ".join(
        f"(coalesce(unicode(substr(c.sort_key, {place}, 1)), 0) << {SEARCH_ID_BITS + 7 * (5 - place)})"
        for place in range(1, 6)
    )
    + " | c.id)"
)
"""Hits of the index come in the order of their rowids, so these carry the order of the list: who lives here first,
then the first five letters of the sort key (ASCII, 7 bits each), then the id."""


def _reversed(column: str, length: int) -> str:
    """SQL: a number from its end behind an "r", so that its last digits are found as the beginning of a word."""
    digits = " || ".join(f"substr({column}, {place}, 1)" for place in range(length, 0, -1))
    return f"coalesce(' r' || {digits}, '')"


_HAMLETS = """
UPDATE citizen SET hamlet_id = (SELECT hamlet_id FROM household WHERE household.id = citizen.household_id)
WHERE id IN (SELECT value FROM json_each(?))
AND hamlet_id IS NOT (SELECT hamlet_id FROM household WHERE household.id = citizen.household_id)
"""

_UNINDEX = """
DELETE FROM citizen_search WHERE rowid IN (
SELECT search_rowid FROM citizen WHERE search_rowid IS NOT NULL AND id IN (SELECT value FROM json_each(?)))
"""

_SEARCH_ROWIDS = f"""
UPDATE citizen AS c SET search_rowid = CASE WHEN c.present THEN {_ROWID} END
WHERE c.id IN (SELECT value FROM json_each(?))
"""

_INDEX = f"""
INSERT INTO citizen_search (rowid, given, name, exact, more)
SELECT c.search_rowid, substr(c.name_fold, length({_BUT_LAST}) + 1), c.name_fold, c.full_name,
       coalesce(household.code_fold, '') || ' ' || coalesce(hamlet.name_fold, '') || ' ' || coalesce(c.phone, '')
       || ' ' || coalesce(c.birth_year, '') || {_reversed("c.cccd", 12)} || {_reversed("c.phone", 11)}
FROM citizen AS c
LEFT JOIN household ON household.id = c.household_id
LEFT JOIN hamlet ON hamlet.id = household.hamlet_id
WHERE c.search_rowid IS NOT NULL AND c.id IN (SELECT value FROM json_each(?))
ORDER BY c.search_rowid
"""


def _ids(connection: Connection, query: str, ids: set[int]) -> list[int]:
    rows = connection.exec_driver_sql(f"{query} (SELECT value FROM json_each(?))", (json.dumps(sorted(ids)),))
    return [row[0] for row in rows]


def place_citizens(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Give new citizens their household's hamlet, as ``refresh_register`` would afterwards."""
    homes = {row["household_id"] for row in rows if row.get("household_id") is not None}
    query = "SELECT id, hamlet_id FROM household WHERE id IN (SELECT value FROM json_each(?))"
    found = {row[0]: row[1] for row in connection.exec_driver_sql(query, (json.dumps(sorted(homes)),))}
    for row in rows:
        row["hamlet_id"] = found.get(row.get("household_id"))


ROWS = {
    "citizen": derive_citizen,
    "household": derive_household,
    "hamlet": derive_named,
    "clan": derive_named,
    "organization": derive_named,
    "branch": derive_named,
}

ABSENT: dict[str, dict[str, Any]] = {name: {} for name in ROWS} | {"citizen": {"is_current": False}}
"""What the row derivers say of any row that goes away: of the derived columns only these hang on ``present``."""

BATCHES = {"citizen": place_citizens}
