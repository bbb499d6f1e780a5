"""The program's table: rows 1.9 times the text, figures to the right, chips drawn, columns that keep their width.

Invariant: shows any QAbstractTableModel; with a PagedTableModel it paints from records without loading the list.
Keys: arrows, Home/End first and last row, PageUp/PageDown, Enter opens; typing letters selects nothing by itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QWidget,
)

from desktop_app.ui import theme
from desktop_app.ui.widgets import state
from desktop_app.ui.widgets.basics import Card, label
from desktop_app.ui.widgets.layouts import hbox
from desktop_app.ui.widgets.paged_model import (
    Column,
    PagedTableModel,
    PageSource,
)
from desktop_app.ui.widgets.sight import viewport_size
from desktop_app.ui.widgets.table_view import TableView

MOST_GIVEN = 0.3
"""A stretching column gives at most this share of its width before the table scrolls sideways."""

LEAST_ROWS = 4
"""A table that takes what room there is keeps so many rows in sight."""


class DataTable(Card):
    """A table in a card.

    Args:
        key: stable name under which widths, order and visibility of its columns are remembered.
        columns: what is shown; also the default widths.
        model: another model of the page's own; by default a PagedTableModel over ``set_source``.
        single: only one row can be selected.
        title, note: a heading inside the card and a quiet word at its right.

    Signals:
        row_selected(object): the record of the current row or None; with an own model, its row number.
        row_opened(object): Enter or double click.
        menu_requested(QPoint): right button or the menu key, in global coordinates.
    """

    row_selected = Signal(object)
    row_opened = Signal(object)
    menu_requested = Signal(QPoint)

    def __init__(
        self,
        key: str,
        columns: Sequence[Column],
        *,
        model: Any = None,
        single: bool = False,
        title: str = "",
        note: str = "",
    ) -> None:
        super().__init__(margins=(8, 4, 8, 8), spacing=0)
        if title:
            head = hbox(margins=(10, 12, 10, 2), spacing=16)
            head.addWidget(label(title, "strong"))
            head.addStretch(1)
            head.addWidget(label(note, "small"))
            self.body.addLayout(head)
        self._key = key
        self._columns = tuple(columns)
        self._is_fitting = False
        self._row_room = 0
        self._left_out: set[int] = set()
        self.view = TableView()
        self.view.setAccessibleName(title or "Danh sách")
        if single:
            self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.paged: PagedTableModel | None = None if model is not None else PagedTableModel(columns, parent=self)
        self.view.setModel(model if model is not None else self.paged)
        self._widths: dict[str, int] = {}
        self.body.addWidget(self.view, 1)
        self.body.addStretch(0)
        self.setFocusProxy(self.view)
        self._placeholder: QWidget | None = None
        self._restore()
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._show_current)
        self._connect()
        self._rescale()

    def _connect(self) -> None:
        header = self.view.horizontalHeader()
        header.sectionResized.connect(self._on_resized)
        header.sectionMoved.connect(self._remember)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.show_column_menu(header.mapToGlobal(at)))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(
            lambda at: self.menu_requested.emit(self.view.viewport().mapToGlobal(at))
        )
        self.view.resized.connect(self._fit)
        self.view.opened.connect(lambda row: self.row_opened.emit(self._record(row)))
        self.view.selectionModel().currentRowChanged.connect(self._on_current_changed)
        if self.paged is not None and any(c.is_sortable for c in self._columns):
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.view.setSortingEnabled(True)
        if self.paged is not None:
            self.paged.modelReset.connect(self._on_reset)
            self.paged.layoutChanged.connect(self._on_reset)
        theme.notifier().changed.connect(self._rescale)

    def set_source(self, source: PageSource | None) -> None:
        """Show a list; the first row is made current so that the keyboard works at once."""
        assert self.paged is not None
        self.paged.set_source(source)
        self._show_placeholder()

    def reload(self) -> None:
        assert self.paged is not None
        self.paged.reload()
        self._show_placeholder()

    def set_placeholder(self, widget: QWidget) -> None:
        """What stands in place of the table while it has no rows (an EmptyState)."""
        self._placeholder = widget
        self.body.insertWidget(self.body.indexOf(self.view), widget, 1)
        self._show_placeholder()

    def take_focus(self) -> None:
        """Put the focus on the rows; while there are none, on what stands in their place, best on its button."""
        target: QWidget = self.view
        if self.view.isHidden() and self._placeholder is not None:
            button = getattr(self._placeholder, "button", None)
            target = button if button is not None and not button.isHidden() else self._placeholder
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_rows(self, count: int) -> None:
        """Be exactly as high as this many rows, for short tables; 0 takes all the room there is."""
        self._row_room = count
        self._rescale()

    def current(self) -> Any | None:
        """The record of the current row."""
        return self._record(self.view.currentIndex().row())

    def selected(self) -> list[Any]:
        """The records of all selected rows, in order."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return [self._record(row) for row in rows]

    def select_row(self, row: int) -> None:
        """Make this row the only selected one and show it."""
        index = self.view.model().index(row, 0)
        self._select_only(index)
        self.view.scrollTo(index)

    def _select_only(self, index: QModelIndex) -> None:
        """Not ``selectRow``: that one asks the keyboard, and while Ctrl is held for a shortcut it toggles."""
        wanted = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.view.selectionModel().setCurrentIndex(index, wanted)

    def shown_columns(self) -> tuple[Column, ...]:
        """The chosen columns from left to right, those that give way for want of room with them."""
        header = self.view.horizontalHeader()
        order = sorted(range(len(self._columns)), key=header.visualIndex)
        return tuple(self._columns[i] for i in order if i in self._left_out or not header.isSectionHidden(i))

    def column_button_menu(self, owner: QWidget) -> None:
        """Show the column menu under a button ("Cột")."""
        self.show_column_menu(owner.mapToGlobal(owner.rect().bottomLeft()))

    def show_column_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        header = self.view.horizontalHeader()
        for index, column in enumerate(self._columns):
            action = menu.addAction(column.title or "(không tên)")
            action.setCheckable(True)
            action.setChecked(index in self._left_out or not header.isSectionHidden(index))
            action.setEnabled(index > 0)
            action.toggled.connect(lambda shown, i=index: self.set_column_shown(i, shown))
        menu.addSeparator()
        menu.addAction("Như ban đầu").triggered.connect(lambda _checked=False: self.reset_columns())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def set_column_shown(self, index: int, shown: bool) -> None:
        self._left_out.discard(index)
        self._is_fitting = True
        self.view.setColumnHidden(index, not shown)
        self._is_fitting = False
        self._fit()
        self._remember()

    def reset_columns(self) -> None:
        """Widths, order and visibility as they were at first."""
        state.remember(f"columns/{self._key}", "")
        self._widths.clear()
        header = self.view.horizontalHeader()
        self._is_fitting = True
        for index, column in enumerate(self._columns):
            header.moveSection(header.visualIndex(index), index)
            self.view.setColumnHidden(index, column.is_hidden)
        self._is_fitting = False
        self._fit()
        self._remember()

    def minimumSizeHint(self) -> QSize:
        rows = min(self._row_room or LEAST_ROWS, LEAST_ROWS)
        return QSize(theme.px(240), theme.px(36) + rows * theme.row_height())

    def _record(self, row: int) -> Any | None:
        if self.paged is None:
            return row if row >= 0 else None
        return self.paged.row_at(row)

    def _on_current_changed(self, current: QModelIndex) -> None:
        self.view.repaint_rows()
        self.row_selected.emit(self._record(current.row()))

    def _on_reset(self) -> None:
        has_rows = self.paged is not None and self.paged.rowCount() > 0
        current = self.view.currentIndex().row()
        self._select_only(self.view.model().index(0, 0)) if has_rows else self.view.clearSelection()
        if not has_rows or current == 0:
            self.row_selected.emit(self._record(0) if has_rows else None)
        self.view.scrollToTop()

    def _show_placeholder(self) -> None:
        if self._placeholder is not None and self.paged is not None:
            is_empty = self.paged.rowCount() == 0
            self._placeholder.setVisible(is_empty)
            self.view.setVisible(not is_empty)
            self._lend_focus(is_empty)

    def _lend_focus(self, is_empty: bool) -> None:
        """A hidden view must not stand for the table: Tab would end at it and never go on."""
        wanted = None if is_empty else self.view
        if self.focusProxy() is not wanted:
            self.setFocusProxy(wanted)  # type: ignore[arg-type]  # Qt takes None, its stubs do not

    def _rescale(self) -> None:
        height = theme.row_height()
        vertical = self.view.verticalHeader()
        if vertical.defaultSectionSize() != height:
            vertical.setDefaultSectionSize(height)
            self._settle.start()
        was, self._is_fitting = self._is_fitting, True  # a narrow column that grows with it is nobody's choice
        self.view.horizontalHeader().setMinimumSectionSize(theme.px(36))
        self._is_fitting = was
        if self._row_room:
            self.view.setFixedHeight(theme.px(50) + self._row_room * height)
        else:
            self.view.setMinimumHeight(0)
            self.view.setMaximumHeight(16777215)
        self._fit()

    def _show_current(self) -> None:
        """Rows of another height have carried the current one out of sight."""
        if self.view.currentIndex().isValid():
            self.view.scrollTo(self.view.currentIndex())

    def _fit(self) -> None:
        """Give each column its width; stretching ones that nobody has resized share what is left.

        When the room is short they give way up to ``MOST_GIVEN``; where that is not enough the table scrolls sideways
        at full widths.
        """
        header = self.view.horizontalHeader()
        self._make_room()
        shown = [(i, c) for i, c in enumerate(self._columns) if not header.isSectionHidden(i)]
        widths = {i: theme.px(self._widths.get(c.key, c.width)) for i, c in shown}
        spare = viewport_size(self.view).width() - sum(widths.values())
        stretching = [(i, c.stretch) for i, c in shown if c.stretch and c.key not in self._widths]
        shares = sum(stretch for _, stretch in stretching)
        if spare > 0 and shares:
            for index, stretch in stretching:
                widths[index] += spare * stretch // shares
            widths[stretching[-1][0]] += viewport_size(self.view).width() - sum(widths.values())
        pliant = sum(widths[index] for index, _ in stretching)
        if spare < 0 and -spare <= pliant * MOST_GIVEN:
            for index, _ in stretching:
                widths[index] -= -spare * widths[index] // pliant + 1
        self._is_fitting = True
        for index, width in widths.items():
            header.resizeSection(index, width)
        self._is_fitting = False

    def _make_room(self) -> None:
        """Leave out columns that give way while the chosen ones do not fit; that is never remembered as a choice."""
        room = viewport_size(self.view).width()
        if not any(column.gives_way for column in self._columns) or room < theme.px(36):
            return
        header = self.view.horizontalHeader()
        chosen = [i for i in range(len(self._columns)) if i in self._left_out or not header.isSectionHidden(i)]
        widths = {i: theme.px(self._widths.get(self._columns[i].key, self._columns[i].width)) for i in chosen}
        left_out: set[int] = set()
        for index in sorted(chosen, key=lambda i: -self._columns[i].gives_way):
            if not self._columns[index].gives_way or sum(widths.values()) <= room:
                break
            left_out.add(index)
            del widths[index]
        changed, self._left_out = left_out ^ self._left_out, left_out
        was, self._is_fitting = self._is_fitting, True
        for index in changed:
            self.view.setColumnHidden(index, index in left_out)
        self._is_fitting = was

    def _on_resized(self, index: int, old: int, new: int) -> None:
        if not self._is_fitting and new > 0 and index < len(self._columns):
            self._widths[self._columns[index].key] = round(new * 100 / theme.percent())
            self._remember()

    def _remember(self) -> None:
        header = self.view.horizontalHeader()
        order = sorted(range(len(self._columns)), key=header.visualIndex)
        hidden = [c.key for i, c in enumerate(self._columns) if header.isSectionHidden(i) and i not in self._left_out]
        kept = {"widths": self._widths, "order": [self._columns[i].key for i in order], "hidden": hidden}
        state.remember(f"columns/{self._key}", json.dumps(kept, ensure_ascii=False))

    def _restore(self) -> None:
        header = self.view.horizontalHeader()
        try:
            kept = json.loads(state.recall(f"columns/{self._key}") or "{}")
            self._widths = {str(k): int(v) for k, v in kept.get("widths", {}).items()}
            order = [str(k) for k in kept.get("order", [])]
            hidden = {str(k) for k in kept["hidden"]} if "hidden" in kept else None
        except (ValueError, TypeError, AttributeError):
            self._widths, order, hidden = {}, [], None
        keys = [c.key for c in self._columns]
        for place, key in enumerate(k for k in order if k in keys):
            header.moveSection(header.visualIndex(keys.index(key)), place)
        for index, column in enumerate(self._columns):
            is_hidden = column.is_hidden if hidden is None else column.key in hidden
            self.view.setColumnHidden(index, is_hidden and index > 0)
