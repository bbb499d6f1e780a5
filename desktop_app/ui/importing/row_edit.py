"""A line of a preview typed over in place: its fields, Enter to look again, Esc back to the list.

Invariant: Enter checks the row, Esc checks it too and goes back; what was typed is never thrown away.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.ui import theme
from desktop_app.ui import widgets as w


class RowEdit(w.Card):
    """What every such pane has; a subclass makes the cells and places them.

    Signals:
        checked(object): key of a field → text, of what was typed over; the row is to be checked again.
        restored: the row is to stand as in the file again.
        closed: back to the list.

    Attributes:
        editors: key of a field → its editor.
    """

    checked = Signal(object)
    restored = Signal()
    closed = Signal()
    MOST_COLUMNS = 8
    COLUMN_WIDTH = 200  # at least, in pixels at 100 %

    def __init__(self, *, spacing: int) -> None:
        super().__init__(margins=(14, 10), spacing=8)
        self.head = w.hbox(spacing=8)
        self.title = w.ElidedLabel("", "strong")
        self.restore = w.QuietButton("Như trong tệp", icon="undo-2", small=True)
        self.restore.setToolTip("Bỏ những gì đã sửa ở dòng này")
        self.restore.clicked.connect(lambda _checked=False: self.restored.emit())
        self.check = w.QuietButton("Kiểm tra lại", icon="check", key="Enter", small=True)
        self.check.clicked.connect(lambda _checked=False: self.emit_checked())
        self.close_button = w.QuietButton("Xong", key="Esc", small=True)
        self.close_button.clicked.connect(lambda _checked=False: self._close())
        self.head.addWidget(self.title, 1)
        for button in (self.restore, self.check, self.close_button):
            self.head.addWidget(button)
        self.body.addLayout(self.head)
        self._area = QWidget()
        self._grid = w.grid(self._area, spacing=spacing)
        self.editors: dict[Any, w.LineEditor] = {}
        self._cells: list[QWidget] = []
        self._start: dict[Any, str] = {}
        self._last: Any = None
        self._columns = 0

    @property
    def texts(self) -> dict[Any, str]:
        """What was typed since the row was shown."""
        return {key: editor.text() for key, editor in self.editors.items() if editor.text() != self._start[key]}

    @property
    def focused(self) -> Any:
        """The key of the field with the keyboard, else of the one that had it when the row was checked last."""
        return next((key for key, editor in self.editors.items() if editor.hasFocus()), self._last)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(300), super().minimumSizeHint().height())

    def clear_cells(self) -> None:
        """Take every field away; the next ``place`` lays out what is added after."""
        for cell in self._cells:
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self._cells.clear()
        self.editors.clear()
        self._start.clear()
        self._columns = 0

    def add_editor(self, key: Any, spec: w.Field, text: str) -> w.LineEditor:
        """A field that holds a text and answers Enter; the caller puts it into a cell."""
        editor = w.LineEditor(spec)
        editor.set_raw(text)
        editor.setAccessibleName(spec.label)
        editor.returnPressed.connect(self.emit_checked)
        self.editors[key], self._start[key] = editor, editor.text()
        return editor

    def add_cell(self, cell: QWidget) -> None:
        """A field with its words."""
        self._cells.append(cell)

    def place(self) -> None:
        """Lay the cells out in as many columns as there is room for."""
        room = max(self.width() - theme.px(28), 1)
        columns = max(1, min(self.MOST_COLUMNS, room // theme.px(self.COLUMN_WIDTH)))
        if columns == self._columns:
            return
        self._columns = columns
        for index in range(self.MOST_COLUMNS):
            self._grid.setColumnStretch(index, 1 if index < columns else 0)
        row = at = 0
        for cell in self._cells:
            span = min(columns, self.span_of(cell))
            if at + span > columns:
                row, at = row + 1, 0
            self._grid.addWidget(cell, row, at, 1, span)
            cell.show()  # at once: a field that is not shown yet cannot take the keyboard
            at += span

    def span_of(self, cell: QWidget) -> int:
        """How many columns a cell takes."""
        return 1

    def emit_checked(self) -> None:
        """Also where nothing was typed: Enter says "look again"."""
        self._last = self.focused
        self.checked.emit(self.texts)

    def _close(self) -> None:
        texts = self.texts
        if texts:
            self.checked.emit(texts)
        self.closed.emit()
