"""A table model over pages of rows: SQL counts, sorts and cuts; the window holds only what is looked at.

Invariant: never asks its source for more than one page at a time, keeps at most ``KEPT_PAGES`` pages, and never sorts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.ui.widgets.painting import ChipData

PAGE_ROWS = 100
KEPT_PAGES = 8
CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
COLUMN_ROLE = CELL_ROLE + 1
ROW_ROLE = CELL_ROLE + 2
Index = QModelIndex | QPersistentModelIndex


class PageSource(Protocol):
    """What a service gives for a list; frozen records only."""

    def count(self) -> int:
        """How many rows there are, by SQL."""
        ...

    def rows(self, offset: int, limit: int) -> Sequence[Any]:
        """Rows ``offset`` to ``offset + limit``, in the source's order."""
        ...

    def sorted(self, column: str, *, descending: bool = False) -> PageSource:
        """The same list in another order, by a stored sort key."""
        ...


@dataclass(frozen=True)
class Column:
    """One column of a list.

    Args:
        key: name of the record's attribute, and what ``PageSource.sorted`` gets.
        title: Vietnamese header.
        width: pixels at 100 %; with ``stretch`` the least width.
        kind: "text", "strong" (names), "quiet" (codes), "number" (right-aligned), "chip", "bar", "check", "small".
        value: makes the cell from the record when the attribute is not enough: text, number, None (shown as "–"
            in number columns), a ChipData for "chip", a BarCell for "bar", a ToneText for a coloured word.
        stretch: share of the room that is left over, 0 for none.
        is_sortable: a click on the header asks ``PageSource.sorted``.
        is_hidden: not shown until chosen in the column menu.
        decimals: figures after the comma in "number" columns.
        tip: what the header's tooltip says.
        gives_way: while the room is short the column is left out, higher numbers first; 0 never.
        whole: what paper and workbooks show where the screen has a shorter word.
    """

    key: str
    title: str
    width: int = 120
    kind: str = "text"
    value: Callable[[Any], Any] | None = None
    stretch: int = 0
    is_sortable: bool = True
    is_hidden: bool = False
    decimals: int = 0
    tip: str = ""
    gives_way: int = 0
    whole: Callable[[Any], Any] | None = None

    def cell(self, row: Any) -> Any:
        return self.value(row) if self.value is not None else getattr(row, self.key)


@dataclass(frozen=True)
class BarCell:
    """A small bar in a cell: shares 0 to 1, pale part, target mark (see ``Bar``)."""

    done: float
    also: float = 0.0
    target: float | None = None


@dataclass(frozen=True)
class ToneText:
    """A word or figure in a status colour, for cells that say why in words."""

    text: str
    tone: str = "neutral"
    is_strong: bool = False


def cell_text(column: Column, value: Any) -> str:
    """The cell as plain words: for screen readers, copying and tests."""
    if value is None:
        return "–" if column.kind == "number" else ""
    if isinstance(value, (ChipData, ToneText)):
        return value.text
    if isinstance(value, BarCell):
        from desktop_app.ui.texts import percent

        return percent(value.done)
    if column.kind == "check":
        return "có" if value else "không"
    if column.kind == "number" and isinstance(value, (int, float)):
        from desktop_app.ui.texts import number

        return number(value, column.decimals)
    return str(value)


class PagedTableModel(QAbstractTableModel):
    """Rows of a PageSource, a page at a time.

    Args:
        columns: what to show of each record.
        source: the list; None is an empty one.
    """

    def __init__(
        self, columns: Sequence[Column], source: PageSource | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._base = source
        self._source = source
        self._sort: tuple[str, bool] | None = None
        self._pages: OrderedDict[int, Sequence[Any]] = OrderedDict()
        self._count = source.count() if source is not None else 0

    @property
    def sort_order(self) -> tuple[str, bool] | None:
        """Column key and whether descending; None is the source's own order."""
        return self._sort

    @property
    def source(self) -> PageSource | None:
        """The list in the order that is shown."""
        return self._source

    def set_source(self, source: PageSource | None) -> None:
        """Show another list (another filter); the chosen order is kept."""
        self.beginResetModel()
        self._base = source
        self._source = _in_order(source, self._sort) if source is not None else None
        self._pages.clear()
        self._count = source.count() if source is not None else 0
        self.endResetModel()

    def reload(self) -> None:
        """Read again; when the number of rows is the same, scroll and selection stay."""
        count = self._source.count() if self._source is not None else 0
        if count != self._count:
            self.set_source(self._base)
            return
        self._pages.clear()
        if count:
            self.dataChanged.emit(self.index(0, 0), self.index(count - 1, len(self.columns) - 1))

    def row_at(self, row: int) -> Any | None:
        """The record of a row; fetches its page when it is not kept."""
        if not 0 <= row < self._count or self._source is None:
            return None
        number, place = divmod(row, PAGE_ROWS)
        page = self._pages.get(number)
        if page is None:
            page = self._source.rows(number * PAGE_ROWS, PAGE_ROWS)
            self._pages[number] = page
            if len(self._pages) > KEPT_PAGES:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page[place] if place < len(page) else None

    def position(self, uid: str) -> int | None:
        """The row of a record in the present order, where the source can tell; None when the filter hides it."""
        find = getattr(self._source, "position", None)
        return find(uid) if find is not None else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt has it
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt has it
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.columns[index.column()]
        if role == COLUMN_ROLE:
            return column
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.kind == "number" else _LEFT
        if role not in _VALUE_ROLES:
            return None
        row = self.row_at(index.row())
        if row is None or role == ROW_ROLE:
            return row
        value = column.cell(row)
        if role == CELL_ROLE:
            return value
        return cell_text(column, value)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.kind == "number" else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip or None
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask the source for another order; an unsortable column changes nothing, -1 gives the source's own order."""
        if column >= len(self.columns) or (column >= 0 and not self.columns[column].is_sortable):
            return
        chosen = None if column < 0 else (self.columns[column].key, order == Qt.SortOrder.DescendingOrder)
        if chosen == self._sort:
            return
        self.layoutAboutToBeChanged.emit()
        self._sort = chosen
        if self._base is not None:
            self._source = _in_order(self._base, chosen)
        self._pages.clear()
        self.layoutChanged.emit()


def _in_order(source: PageSource, order: tuple[str, bool] | None) -> PageSource:
    return source if order is None else source.sorted(order[0], descending=order[1])


class ListSource:
    """A PageSource over a list in memory, for short lists (hamlets, a preview of ten rows) and tests."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows

    def count(self) -> int:
        return len(self._rows)

    def rows(self, offset: int, limit: int) -> Sequence[Any]:
        return self._rows[offset : offset + limit]

    def sorted(self, column: str, *, descending: bool = False) -> ListSource:
        def key(row: Any) -> tuple[bool, Any]:
            value = getattr(row, column)
            return value is None, "" if value is None else value

        return ListSource(sorted(self._rows, key=key, reverse=descending))


_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_VALUE_ROLES = {
    int(Qt.ItemDataRole.DisplayRole),
    int(Qt.ItemDataRole.AccessibleTextRole),
    CELL_ROLE,
    ROW_ROLE,
}
