"""Derived columns of the register: folded names, sort keys, hamlets of citizens and the search index.

Invariant: recomputed inside the operation that wrote their sources, never journalled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.services.vietnamese import fold, name_sort_key, text_sort_key


def derive_citizen(row: Mapping[str, Any]) -> dict[str, Any]:
    """Folded name, sort key, year of birth and the CCCD from its end."""
    name = row.get("full_name") or ""
    birth = row.get("birth")
    cccd = row.get("cccd")
    return {
        "name_fold": fold(name),
        "sort_key": name_sort_key(row.get("sort_name") or name),
        "birth_year": int(birth[:4]) if birth else None,
        "cccd_tail": cccd[::-1] if cccd else None,
    }


def derive_household(row: Mapping[str, Any]) -> dict[str, Any]:
    code = row.get("code") or ""
    return {"code_fold": fold(code) or None, "sort_key": text_sort_key(code)}


def derive_named(row: Mapping[str, Any]) -> dict[str, Any]:
    """Hamlets, clans, organizations and branches."""
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
        connection.exec_driver_sql(_HAMLETS, (ids,))
        connection.exec_driver_sql("DELETE FROM citizen_search WHERE rowid IN (SELECT value FROM json_each(?))", (ids,))
        connection.exec_driver_sql(_INDEX, (ids,))


_HAMLETS = """
UPDATE citizen SET hamlet_id = household.hamlet_id FROM household
WHERE household.id = citizen.household_id AND citizen.hamlet_id IS NOT household.hamlet_id
AND citizen.id IN (SELECT value FROM json_each(?))
"""

_INDEX = """
INSERT INTO citizen_search (rowid, name, code, hamlet)
SELECT citizen.id, citizen.name_fold,
       coalesce(household.code_fold, '') || ' ' || coalesce(citizen.phone, '') || ' ' || coalesce(citizen.birth_year, ''),
       coalesce(hamlet.name_fold, '')
FROM citizen
LEFT JOIN household ON household.id = citizen.household_id
LEFT JOIN hamlet ON hamlet.id = household.hamlet_id
WHERE citizen.present = 1 AND citizen.id IN (SELECT value FROM json_each(?))
"""


def _ids(connection: Connection, query: str, ids: set[int]) -> list[int]:
    rows = connection.exec_driver_sql(f"{query} (SELECT value FROM json_each(?))", (json.dumps(sorted(ids)),))
    return [row[0] for row in rows]


ROWS = {
    "citizen": derive_citizen,
    "household": derive_household,
    "hamlet": derive_named,
    "clan": derive_named,
    "organization": derive_named,
    "branch": derive_named,
}
