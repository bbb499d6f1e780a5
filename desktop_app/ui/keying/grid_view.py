"""The grid as it is looked at: rows of a store, what names and judges them always in sight, scores scrolled between.

Invariant: shows what the store says and what is typed in the current cell; writes nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from desktop_app.ui import theme
from desktop_app.ui.keying.cell_keys import CellSpec, shown_of
from desktop_app.ui.keying.cell_note import CellNote
from desktop_app.ui.keying.grid_paint import GridPainter, cell_words
from desktop_app.ui.keying.grid_shape import BIRTH, NAME, NUMBER, TITLES, Shape, shape_for
from desktop_app.ui.keying.grid_store import GridStore


class GridView(QAbstractScrollArea):
    """Everything of a KeyGrid but its keys.

    Args:
        name_title: heading over the names.
        birth_title: heading over what stands beside them; without one nothing does.
    """

    def __init__(self, store: GridStore, *, name_title: str = "", birth_title: str = TITLES[BIRTH]) -> None:
        super().__init__()
        self.store = store
        self.name_title = name_title or TITLES[NAME]
        self.birth_title = birth_title
        self.corner = ""
        self.row, self.column = 0, 0
        self.hovered = -1
        self.is_adding = False
        self.shape = Shape()
        self._text: str | None = None
        self._entry: QWidget | None = None
        self.note = CellNote(self.viewport())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("Bảng nhập điểm")
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.horizontalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.notifier().changed.connect(self._rescale)

    @property
    def cells(self) -> tuple[CellSpec, ...]:
        return self.store.cells

    @property
    def is_typing(self) -> bool:
        """Something is typed in the current cell that is not saved."""
        return self._text is not None

    @property
    def shown_text(self) -> str:
        """What the current cell shows."""
        if self._text is not None:
            return self._text
        return shown_of(self.cells[self.column], self.store.value(self.row, self.column))

    def set_entry(self, entry: QWidget) -> None:
        """The field of the line below the rows, where the next person is looked for."""
        self._entry = entry
        entry.setParent(self.viewport())
        entry.show()
        self._place_entry()

    def set_corner(self, text: str) -> None:
        """A few words in the empty heading over the verdicts, for windows that have no room elsewhere."""
        if text != self.corner:
            self.corner = text
            self.viewport().update(QRect(0, 0, self.viewport().width(), self.head_height))

    def update_row(self, row: int) -> None:
        """Paint one row anew."""
        self.viewport().update(self.row_rect(row))

    # -- events ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rescale()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        brush = GridPainter(self, painter)
        for area in event.region():  # type: ignore[attr-defined]  # the stub does not know that it can be iterated
            brush.paint(area)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_hovered(self.row_at(int(event.position().y())))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._set_hovered(None)
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tip(event.pos().x(), event.pos().y()), self)
            return True
        return super().viewportEvent(event)

    # -- geometry ----------------------------------------------------------------------------------------------

    @property
    def head_height(self) -> int:
        return theme.px(34)

    def row_rect(self, row: int) -> QRect:
        height = theme.row_height()
        top = self.head_height + (row - self.verticalScrollBar().value()) * height
        return QRect(0, top, self.viewport().width(), height)

    def row_at(self, y: int) -> int | None:
        """The row at a pixel; None over the heading and below the rows."""
        if y < self.head_height:
            return None
        row = (y - self.head_height) // theme.row_height() + self.verticalScrollBar().value()
        return row if row < self.store.count() else None

    def rows_in(self, area: QRect) -> range:
        """The rows that an area of the viewport touches."""
        first = self.verticalScrollBar().value()
        height = theme.row_height()
        top = first + max(0, area.top() - self.head_height) // height
        bottom = first + max(0, area.bottom() - self.head_height) // height
        return range(top, min(bottom + 1, self.store.count()))

    def entry_row_in(self, area: QRect) -> bool:
        return self._entry is not None and self.row_rect(self.store.count()).intersects(area)

    def columns_in_sight(self) -> tuple[int, int]:
        """First and one past the last score column in sight."""
        if not self.shape.cell_width:
            return 0, 0
        scrolled = self.horizontalScrollBar().value()
        first = scrolled // self.shape.cell_width
        last = (scrolled + self.shape.right - self.shape.left) // self.shape.cell_width + 1
        return first, min(last, len(self.cells))

    def _rows_in_sight(self) -> int:
        return max(1, (self.viewport().height() - self.head_height) // theme.row_height())

    def _current_rect(self) -> QRect:
        band = self.row_rect(self.row)
        x = self.shape.cell_x(self.column, self.horizontalScrollBar().value())
        return QRect(x, band.top(), self.shape.cell_width, band.height())

    def _rescale(self) -> None:
        self.shape = shape_for(
            self.viewport().width(), self.cells, has_birth=bool(self.birth_title), has_tail=self.store.has_tail
        )
        lines = self.store.count() + (self._entry is not None)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, lines - self._rows_in_sight()))
        bar.setPageStep(self._rows_in_sight())
        bar.setSingleStep(1)
        across = self.horizontalScrollBar()
        across.setRange(0, self.shape.hidden)
        across.setPageStep(max(1, self.shape.right - self.shape.left))
        across.setSingleStep(max(1, self.shape.cell_width))
        if self.store.count():
            self._show_row(self.store.count() if self.is_adding else self.row)
            self._show_column(self.column)
        self._place_entry()
        self.viewport().update()

    def _show_row(self, row: int) -> None:
        bar, sight = self.verticalScrollBar(), self._rows_in_sight()
        if row < bar.value():
            bar.setValue(row)
        elif row >= bar.value() + sight:
            bar.setValue(row - sight + 1)

    def _show_column(self, column: int) -> None:
        bar, width = self.horizontalScrollBar(), self.shape.cell_width
        room = self.shape.right - self.shape.left
        if column * width < bar.value():
            bar.setValue(column * width)
        elif (column + 1) * width > bar.value() + room:
            bar.setValue((column + 1) * width - room)

    def _on_scrolled(self) -> None:
        self.note.hide()
        self._place_entry()
        self.viewport().update()

    def _place_entry(self) -> None:
        if self._entry is None:
            return
        band = self.row_rect(self.store.count())
        x, width = self.shape.lead.get(NUMBER, (0, 0))
        pad = theme.px(2)
        left = x + width
        right = max(self.shape.left, min(left + theme.px(470), self.shape.right))
        self._entry.setGeometry(left, band.top() + pad, right - left, band.height() - 2 * pad)
        self._entry.setVisible(band.top() >= self.head_height and band.top() < self.viewport().height())

    def _set_hovered(self, row: int | None) -> None:
        new = -1 if row is None else row
        if new != self.hovered:
            old, self.hovered = self.hovered, new
            for changed in (old, new):
                if changed >= 0:
                    self.update_row(changed)

    # -- words -------------------------------------------------------------------------------------------------

    def _say_where(self, said: str = "") -> None:
        """What a screen reader hears of the current cell."""
        if not self.store.count():
            return
        words = cell_words(self.cells[self.column], self.store.value(self.row, self.column))
        lead = self.store.lead(self.row)
        parts = (said, f"Dòng {self.row + 1}, {lead.name}", words)
        self.setAccessibleDescription(". ".join(part for part in parts if part))

    def _tip(self, x: int, y: int) -> str:
        """The heading's indicator in full, the whole reason of a verdict, the detail of a name."""
        column = self.shape.column_at(x, self.horizontalScrollBar().value())
        if y < self.head_height:
            return self.cells[column].title if column is not None else ""
        row = self.row_at(y)
        if row is None:
            return ""
        if x >= self.shape.right:
            return self.store.tail(row).sentence
        if column is not None:
            return self.store.why_shut(row, column)
        lead = self.store.lead(row)
        return " · ".join(part for part in (lead.name, lead.birth, lead.detail, lead.code) if part)
