"""The count that the last whole search of duplicates has left, while it still holds; loads nothing of the search."""

from __future__ import annotations

from desktop_app.models.tables import SHARED
from desktop_app.services.context import Context
from desktop_app.services.raw import one_row
from desktop_app.services.settings import get_local

COUNT = "duplicates"
"""Local setting: pairs, sure pairs, newest change when they were counted."""
_WRITTEN_SINCE = "SELECT 1 FROM change WHERE id > ? AND table_code IN (?, ?) LIMIT 1"


def known_count(context: Context) -> tuple[int, int] | None:
    """Pairs and sure pairs of the last whole search, for a word in a list's header; None before the first search and
    once people were written since (it must be searched anew)."""
    stored = get_local(context, COUNT)
    if not stored:
        return None
    pairs, sure, mark = stored
    with context.read() as connection:
        row = one_row(connection, _WRITTEN_SINCE, (mark, SHARED["citizen"].code, SHARED["distinct_pair"].code))
    return (pairs, sure) if row is None else None
