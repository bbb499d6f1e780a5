"""The journal as a list read in pages: counted and cut by SQL, newest first.

Invariant: one filter, one order (``order``); a page costs as much at the end as at the beginning of a season's journal.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.models.records import HistoryFilter, OperationRecord
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.history import order, reading


class OperationList:
    """The deeds that a filter leaves (``PageSource``); made by ``operation_list``."""

    def __init__(self, context: Context, filters: HistoryFilter) -> None:
        self._context = context
        self._where, self._parameters = reading.conditions(filters)
        self._count: int | None = None

    def count(self) -> int:
        """How many there are; counted once."""
        if self._count is None:
            self._count = self._counted("1")
        return self._count

    def rows(self, offset: int, limit: int) -> Sequence[OperationRecord]:
        """The deeds from ``offset`` (from 0), at most ``limit``, newest first."""
        query = order.newest_first(self._where)
        parameters = (*self._parameters, *self._parameters, max(limit, 0), max(offset, 0))
        with self._context.read() as connection:
            ids = [row[0] for row in connection.exec_driver_sql(query, parameters)]
            return reading.records_of(self._context, connection, ids)

    def sorted(self, column: str, *, descending: bool = False) -> OperationList:
        """The journal has one order.

        Raises:
            KeyError: always.
        """
        raise KeyError(column)

    def position(self, uid: Uid) -> int | None:
        """The place of a deed in the list; None where the filter hides it."""
        with self._context.read() as connection:
            place = order.place_of(connection, uid)
        if place is None or not self._counted(f"o.id = {place.id}"):
            return None
        return self._counted(place.before())

    def _counted(self, condition: str) -> int:
        where = " AND ".join((*self._where, condition))
        query = f"SELECT count(*) FROM operation AS o WHERE {where}"
        with self._context.read() as connection:
            return int(connection.exec_driver_sql(query, tuple(self._parameters)).scalar_one())


def operation_list(context: Context, filters: HistoryFilter | None = None) -> OperationList:
    """The journal, narrowed."""
    return OperationList(context, filters or HistoryFilter())
