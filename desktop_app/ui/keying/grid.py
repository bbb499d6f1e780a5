"""The keying grid: one row a person, one column an indicator; numbers typed, Enter moves, a cell saved as it is left.

Invariants: nothing is written before a cell is left by Enter, Tab or an arrow, or is complete in one-key mode; what is
half typed is neither saved nor dropped by anything but Esc; a key that cannot be taken is refused at once, with a sound
and a sentence at the cell.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication

from desktop_app.services.errors import AppError
from desktop_app.ui.keying.cell_keys import shown_of, text_of, type_key, value_of
from desktop_app.ui.keying.grid_shape import BIRTH, TITLES
from desktop_app.ui.keying.grid_store import GridStore
from desktop_app.ui.keying.grid_view import GridView
from desktop_app.ui.keying.scanning import Pace, ScanWatch

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
HALF_TYPED = "Ô này đang gõ dở “{}”: Enter để lưu, hoặc Esc để bỏ."


class KeyGrid(GridView):
    """The grid.

    Args:
        name_title, birth_title: see GridView.

    Signals:
        moved(int, int): the current row and column are new.
        cell_saved(int, int): a cell reached the disk.
        row_left(int): the current row is another one.
        end_reached: Enter after the last cell of the last row, or arrow down from it.
        opened(int): double click on a row's name.
        paste_asked: Ctrl+V.
        scanned(str): a form's code came from a scanner while the cursor stood in a cell.
    """

    moved = Signal(int, int)
    cell_saved = Signal(int, int)
    row_left = Signal(int)
    end_reached = Signal()
    opened = Signal(int)
    paste_asked = Signal()
    scanned = Signal(str)

    def __init__(self, store: GridStore, *, name_title: str = "", birth_title: str = TITLES[BIRTH]) -> None:
        super().__init__(store, name_title=name_title, birth_title=birth_title)
        self.one_key = False
        self.scan_watch = ScanWatch()
        self._before: tuple[int, int, str | None] = (0, 0, None)
        self._since: list[tuple[int, int, float | None]] = []

    # -- what stands in it -------------------------------------------------------------------------------------

    def set_store(self, store: GridStore) -> None:
        """Other rows; the cursor stays where it can."""
        self.store = store
        self._text = None
        self.note.hide()
        self.row = max(0, min(self.row, store.count() - 1))
        self.column = max(0, min(self.column, len(store.cells) - 1))
        self._rescale()

    def rows_changed(self) -> None:
        """Rows came or went."""
        self.set_store(self.store)

    # -- moving ------------------------------------------------------------------------------------------------

    def go_to(self, row: int, column: int) -> bool:
        """Make another cell current, once what is typed is saved; False while it cannot be."""
        if not self.commit():
            return False
        self._set_current(row, column)
        return True

    def go_to_row(self, row: int) -> bool:
        """The first cell of a row that is still empty, or its first."""
        return self.go_to(row, self.first_open(row))

    def first_open(self, row: int) -> int:
        """Where work on a row begins: its first empty cell that takes something."""
        places = [c for c in range(len(self.cells)) if not self.store.why_shut(row, c)]
        empty = (c for c in places if self.store.value(row, c) is None)
        return next(empty, places[0] if places else 0)

    def set_adding(self, is_adding: bool) -> None:
        """The line for the next person has the work now, or the rows have it again."""
        self.is_adding = is_adding
        if is_adding:
            self._show_row(self.store.count())
        self.viewport().update()

    def _set_current(self, row: int, column: int) -> None:
        old = self.row
        is_new = (row, column) != (self.row, self.column)
        self.row, self.column = row, column
        self.note.hide()
        self._show_row(row)
        self._show_column(column)
        self.viewport().update(QRect(0, 0, self.viewport().width(), self.head_height))
        self.update_row(old)
        self.update_row(row)
        self._say_where()
        if old != row:
            self.row_left.emit(old)
        if is_new:
            self.moved.emit(row, column)

    def _step(self, by: int) -> None:
        """Enter and Tab: the next cell that takes something, over the ends of rows."""
        if not self.store.count() or not self.commit():
            return
        row, column = self.row, self.column + by
        while True:
            if column < 0 or column >= len(self.cells):
                row, column = self._row_after(row, by)
                if row < 0 or row >= self.store.count():
                    break
            if not self.store.why_shut(row, column):
                self._set_current(row, column)
                return
            column += by
        if by > 0:
            self.end_reached.emit()

    def _row_after(self, row: int, by: int) -> tuple[int, int]:
        following = row + by
        if not 0 <= following < self.store.count():
            return following, 0
        return following, (self.first_open(following) if by > 0 else len(self.cells) - 1)

    def _walk(self, rows: int, columns: int) -> None:
        """Arrows: the cell beside, within the rows."""
        if not self.store.count() or not self.commit():
            return
        row = self.row + rows
        if row >= self.store.count() and rows == 1:
            self.end_reached.emit()
            return
        column = max(0, min(len(self.cells) - 1, self.column + columns))
        self._set_current(max(0, min(self.store.count() - 1, row)), column)

    # -- typing ------------------------------------------------------------------------------------------------

    def commit(self) -> bool:
        """Save what is typed in the current cell; False while it cannot be saved, with the reason at the cell."""
        if self._text is None:
            return True
        value, refusal = value_of(self.cells[self.column], self._text)
        if refusal:
            self.refuse(refusal)
            return False
        return self.put(value)

    def put(self, value: float | None) -> bool:
        """Save a value in the current cell; False where it was refused."""
        row, column = self.row, self.column
        if value == self.store.value(row, column):
            self._text = None
            self.update_row(row)
            return True
        before = self.store.value(row, column)
        try:
            self.store.save(row, column, value)
        except AppError as error:
            self.refuse(error.message)
            return False
        self._since.append((row, column, before))
        self._text = None
        self.note.hide()
        self.update_row(row)
        self.cell_saved.emit(row, column)
        return True

    def restore(self) -> bool:
        """Esc: what is half typed goes, what was stored shows again; False when nothing was typed."""
        self.note.hide()
        if self._text is None:
            return False
        self._text = None
        self.update_row(self.row)
        return True

    def repeat_above(self) -> None:
        """F7: the value of the row above, saved and said."""
        if not self.store.count() or self._is_shut():
            return
        above = self.store.value(self.row - 1, self.column) if self.row else None
        if above is None:
            self.refuse("Ô trên không có điểm để lặp lại." if self.row else "Đây là dòng đầu, không có ô trên.")
            return
        row, cell = self.row, self.cells[self.column]
        name = self.store.lead(row - 1).name
        self._text = None
        if self.put(above):
            self._step(1)
            said = f"Đã lặp lại {shown_of(cell, above)} của dòng trên ({name}) cho {cell.word} {cell.number}."
            self.note.say(said, self._current_rect(), "accent")

    def refuse(self, sentence: str) -> None:
        """A sound, and the sentence at the cell."""
        QApplication.beep()
        self._show_column(self.column)
        self.note.say(sentence, self._current_rect())
        self._say_where(sentence)

    def say_half_typed(self) -> None:
        """Something else is wanted while a number is half typed."""
        self.refuse(HALF_TYPED.format(self._text or ""))

    def _is_shut(self) -> bool:
        reason = self.store.why_shut(self.row, self.column)
        if reason:
            self.refuse(reason)
        return bool(reason)

    def _type(self, key: str) -> None:
        if self._is_shut():
            return
        cell = self.cells[self.column]
        typed = type_key(cell, self._text or "", key, one_key=self.one_key)
        if typed.refusal:
            self.refuse(typed.refusal)
            return
        self._text = typed.text
        self.note.hide()
        if not typed.is_done:
            self.update_row(self.row)
        elif self.commit():
            self._step(1)

    def _erase(self, *, whole: bool) -> None:
        if self._is_shut():
            return
        cell = self.cells[self.column]
        standing = self._text if self._text is not None else text_of(cell, self.store.value(self.row, self.column))
        self._text = "" if whole else standing[:-1]
        self.note.hide()
        self.update_row(self.row)

    # -- events ------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.store.count() or not (self._on_scan(event) or self._on_key(event)):
            super().keyPressEvent(event)

    def _on_scan(self, event: QKeyEvent) -> bool:
        """What a scanner types belongs to no cell."""
        pace = self.scan_watch.take(event)
        if pace is Pace.FIRST:
            self._before, self._since = (self.row, self.column, self._text), []
        elif pace is Pace.KNOWN:
            self._give_back()
        elif pace is Pace.WHOLE:
            self.note.hide()
            self.scanned.emit(self.scan_watch.taken())
        return pace in (Pace.KNOWN, Pace.HELD, Pace.WHOLE)

    def _give_back(self) -> None:
        """The figures that were taken for scores: cells and cursor as they were before the first of them."""
        self.note.hide()
        try:
            for row, column, value in reversed(self._since):
                self.store.save(row, column, value)
                self.cell_saved.emit(row, column)
        except AppError as error:
            self.refuse(error.message)
        row, column, text = self._before
        self._text = None
        self._set_current(row, column)
        self._text = text
        self.update_row(row)

    def _on_key(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers()
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_asked.emit()
            return True
        if key in _ENTER and not held & _HELD:
            self._step(-1 if held & Qt.KeyboardModifier.ShiftModifier else 1)
            return True
        if key == Qt.Key.Key_Escape:
            return self.restore()
        if self._on_move_key(key, is_far=bool(held & Qt.KeyboardModifier.ControlModifier)):
            return True
        if held & _HELD:
            return False
        if key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._erase(whole=key == Qt.Key.Key_Delete)
            return True
        text = event.text()
        if len(text) == 1 and text.isprintable():
            self._type(text)
            return True
        return False

    def _on_move_key(self, key: int, *, is_far: bool) -> bool:
        last_row, last_column = self.store.count() - 1, len(self.cells) - 1
        page = max(1, self._rows_in_sight() - 1)
        walks = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_PageUp: (-page, 0),
            Qt.Key.Key_PageDown: (page, 0),
        }
        if key in walks:
            self._walk(*walks[Qt.Key(key)])
        elif key == Qt.Key.Key_Home:
            self.go_to(0 if is_far else self.row, 0)
        elif key == Qt.Key.Key_End:
            self.go_to(last_row if is_far else self.row, last_column)
        else:
            return False
        return True

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab is Enter here; from the first cell Shift+Tab leaves the grid."""
        at_start = self.row == 0 and self.column == 0 and not is_next
        if not self.store.count() or at_start:
            return self.commit() and super().focusNextPrevChild(is_next)
        self._step(1 if is_next else -1)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        row = self.row_at(at.y())
        if row is None:
            return
        column = self.shape.column_at(at.x(), self.horizontalScrollBar().value())
        if self.is_typing and (row, column) != (self.row, self.column):
            self.say_half_typed()
            return
        self._set_current(row, self.first_open(row) if column is None else column)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(int(event.position().y()))
        if row is not None and event.position().x() < self.shape.left and not self.is_typing:
            self.opened.emit(row)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.is_adding:
            self.set_adding(False)
        self.update_row(self.row)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update_row(self.row)
