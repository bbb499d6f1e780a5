"""One field of which two entries differ: both values side by side, and a third read from the paper.

Invariants: 1 takes the first, 2 the second, 3 and a number what the paper says; a number that cannot be is refused at
the key; the chosen view has a tick and a frame, never a colour alone.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QLabel, QWidget

from desktop_app.services.keying.second_records import Difference, Source
from desktop_app.ui import theme
from desktop_app.ui.keying.cell_keys import CellSpec, shown_of, type_key, value_of
from desktop_app.ui.widgets.basics import label
from desktop_app.ui.widgets.feedback import IconView
from desktop_app.ui.widgets.layouts import grid, hbox, sized
from desktop_app.ui.widgets.painting import paint_focus

BLANK = "để trống"
NARROW = 720
"""Width (at 100 %) below which words and views stand one above the other."""
_SOURCES = {Qt.Key.Key_1: Source.FIRST, Qt.Key.Key_2: Source.SECOND, Qt.Key.Key_3: Source.AGAIN}
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def view_text(cell: CellSpec, value: float | None) -> str:
    """A value as a person compares it: "9", "Đ (đạt)", "để trống"."""
    return shown_of(cell, value) or BLANK


class DifferenceLine(QFrame):
    """One field.

    Signals:
        chosen(object, object): a Source (None: taken back) and the value for ``AGAIN``.
        stepped(int): to the next line (1) or the one before (-1).
        refused(str): why a key cannot be taken.
        entered: Enter on a line that is decided.
        laid_out: the line with the focus has another size, so it may be out of sight.
    """

    chosen = Signal(object, object)
    stepped = Signal(int)
    refused = Signal(str)
    entered = Signal()
    laid_out = Signal()

    def __init__(self, cell: CellSpec, difference: Difference) -> None:
        super().__init__()
        self.cell = cell
        self.difference = difference
        self._typed: str | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        theme.remember_layout(self._box, (12, 8, 12, 8), 10)
        self._box.addWidget(label(f"{cell.word.capitalize()} {cell.number}: {cell.title}", wrap=True), 3)
        self.views = tuple(
            _View(key, title) for key, title in (("1", "Lần đầu"), ("2", "Lần hai"), ("3", "Theo phiếu"))
        )
        row = hbox(spacing=8)
        for view, source in zip(self.views, Source, strict=True):
            row.addWidget(view, 1)
            view.pressed.connect(lambda chosen=source: self._take(chosen))
        self._box.addLayout(row, 4)
        self.show_difference(difference)

    @property
    def is_typing(self) -> bool:
        """A value from the paper is half typed."""
        return self._typed is not None

    def show_difference(self, difference: Difference) -> None:
        """Show how the field stands."""
        self.difference = difference
        self._typed = None
        self._show()

    def _show(self) -> None:
        found, cell = self.difference, self.cell
        again = "gõ điểm" if found.source is not Source.AGAIN else view_text(cell, found.chosen)
        if self._typed is not None:
            again = f"{shown_of(cell, float(self._typed)) if self._typed.isdigit() else self._typed}▏"
        texts = (view_text(cell, found.first), view_text(cell, found.second), again)
        for view, text, source in zip(self.views, texts, Source, strict=True):
            is_typed = self._typed is not None and source is Source.AGAIN
            view.show_value(text, is_chosen=found.source is source or is_typed, is_quiet=text == "gõ điểm")
        self.setAccessibleName(
            f"{cell.word} {cell.number}, lần đầu {texts[0]}, lần hai {texts[1]}, "
            + ("chưa chọn" if found.source is None else f"chọn {view_text(cell, found.chosen)}")
        )
        self.update()

    # -- keys --------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & _HELD:
            super().keyPressEvent(event)
        elif self._typed is not None:
            self._type(event)
        elif not self._on_key(event):
            super().keyPressEvent(event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _SOURCES:
            self._take(_SOURCES[key])
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.chosen.emit(None, None)
        else:
            return False
        return True

    def _type(self, event: QKeyEvent) -> None:
        """A number from the paper; Enter keeps it (empty: blank on paper), Esc gives it up."""
        key, typed = event.key(), self._typed or ""
        if key == Qt.Key.Key_Escape:
            self.show_difference(self.difference)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            value, refusal = value_of(self.cell, typed)
            if refusal:
                self._refuse(refusal)
            else:
                self.chosen.emit(Source.AGAIN, value)
        elif key == Qt.Key.Key_Backspace:
            self._typed = typed[:-1]
            self._show()
        elif len(event.text()) == 1 and event.text().isprintable():
            done = type_key(self.cell, typed, event.text())
            if done.refusal:
                self._refuse(done.refusal)
            self._typed = done.text
            self._show()
        else:
            self._refuse(f"Đang gõ dở “{typed}”: Enter để lấy, hoặc Esc để bỏ.")

    def _take(self, source: Source) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if source is Source.AGAIN:
            self._typed = ""
            self._show()
        else:
            self.chosen.emit(source, None)

    def _refuse(self, sentence: str) -> None:
        QApplication.beep()
        self.refused.emit(sentence)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab goes from line to line; a half typed number keeps it."""
        if self._typed is not None:
            self._refuse(f"Đang gõ dở “{self._typed}”: Enter để lấy, hoặc Esc để bỏ.")
            return True
        return super().focusNextPrevChild(is_next)

    # -- looks -------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """With large text the words stand above the three views."""
        super().resizeEvent(event)
        is_narrow = self.width() < theme.px(NARROW)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._box.setDirection(down if is_narrow else across)
        if self.hasFocus():
            self.laid_out.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_focus(painter, self.rect())


class _View(QWidget):
    """One of the three values, with its key.

    Signals:
        pressed: a click chooses it.
    """

    pressed = Signal()

    def __init__(self, key: str, title: str) -> None:
        super().__init__()
        self._is_chosen = False
        lines = grid(self, margins=(10, 6), spacing=4)
        self._tick = IconView("", 16, "accent_deep")
        self._value = QLabel()
        self._value.setTextFormat(Qt.TextFormat.PlainText)
        lines.addWidget(label(f"{key} · {title}", "small"), 0, 0)
        lines.addWidget(self._value, 1, 0)
        lines.addWidget(sized(self._tick, width=16), 1, 1)
        lines.setColumnStretch(0, 1)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_value(self, text: str, *, is_chosen: bool, is_quiet: bool) -> None:
        """Show a value, chosen or not."""
        self._is_chosen = is_chosen
        self._value.setText(text)
        self._value.setProperty("role", "quiet" if is_quiet else "strong")
        self._value.style().unpolish(self._value)
        self._value.style().polish(self._value)
        self._tick.set_icon("check" if is_chosen else "", "accent_deep")
        self.update()

    @property
    def text(self) -> str:
        """What stands in it."""
        return self._value.text()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, line = ("accent_ground", "accent") if self._is_chosen else ("card", "line")
        painter.setBrush(theme.color(ground))
        painter.setPen(QPen(theme.color(line), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(8), theme.px(8))
