"""What belongs to a closed round, so that neither an undo nor a package changes it behind the office's back.

Invariant: a closed round (đợt đã khóa) takes no work by any way; deeds that only tell who somebody is (two records
made one, and parted again) carry the work of closed rounds along and change none of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy.engine import Connection

_OWN = "t.assessment_round_id"
_ROUNDS: dict[str, tuple[str, str]] = {
    "registration": ("", _OWN),
    "assessment": ("", _OWN),
    "batch": ("", _OWN),
    "posting": ("", _OWN),
    "meeting": ("", _OWN),
    "site_account": ("", _OWN),
    "follow_up": ("", _OWN),
    "target": ("", _OWN),
    "round_set": ("", _OWN),
    **dict.fromkeys(
        ("answer", "evidence", "review", "second_entry", "objection"),
        ("JOIN assessment AS a ON a.id = t.assessment_id", "a.assessment_round_id"),
    ),
}
"""Tables of a round's work: what leads to the round, and the expression of its key."""

_OF_PEOPLE = frozenset({"citizen.merge", "citizen.merge_many", "citizen.unmerge", "citizen.carry", "citizen.erase"})


def is_of_people(kind: str) -> bool:
    """Whether a deed of this kind, or its undo, only carries work along with the people it is about."""
    while kind.startswith("undo."):
        kind = kind.removeprefix("undo.")
    return kind in _OF_PEOPLE


def closed_rounds(connection: Connection) -> dict[int, int]:
    """Local key → year of every round that is closed now."""
    rows = connection.exec_driver_sql("SELECT id, year FROM assessment_round WHERE present AND status = 'closed'")
    return {row[0]: row[1] for row in rows}


def years_of(connection: Connection, rows: Mapping[str, Iterable[int]], closed: Mapping[int, int]) -> tuple[int, ...]:
    """The years, among these rounds, whose work some of these rows (table → local keys) are."""
    found: set[int] = set()
    for table, ids in rows.items() if closed else ():
        joins, expression = _ROUNDS.get(table, ("", ""))
        keys = list(ids)
        if not expression or not keys:
            continue
        query = (
            f'SELECT DISTINCT {expression} FROM json_each(?) AS k CROSS JOIN "{table}" AS t ON t.id = k.value {joins} '
            f"WHERE {expression} IN (SELECT value FROM json_each(?))"
        )
        found.update(row[0] for row in connection.exec_driver_sql(query, (json.dumps(keys), json.dumps([*closed]))))
    return tuple(sorted(closed[key] for key in found))


def years_text(years: Collection[int]) -> str:
    """ "2025", "2024 và 2025"."""
    return " và ".join(map(str, sorted(years)))
