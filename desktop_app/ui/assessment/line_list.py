"""One line a thing: a form's indicators with their answers, or the members of a unit with their titles.

Invariant: shows what the page gives it; choosing a line changes nothing, it only asks the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.painting import paint_focus

ROW_HEIGHT = 33
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


@dataclass(frozen=True)
class Line:
    """One line.

    Args:
        number, text: what an indicator is printed as, and a few words; a name has no number.
        answer: at the right: "9", "95%", "đạt"; empty while there is none.
        tone: of the answer: "failed" below the floor or not met, "passed" for what is enough.
        has_evidence: a file is attached.
        starts_part: a hairline separates it from the line before.
        detail: quiet words after the text.
        icon: Lucide name before the answer, in its tone.
    """

    number: str
    text: str
    answer: str = ""
    tone: str = ""
    has_evidence: bool = False
    starts_part: bool = False
    detail: str = ""
    icon: str = ""

    @property
    def spoken(self) -> str:
        text = f"{self.number}. {self.text}" if self.number else self.text
        parts = [text, *([self.detail] if self.detail else []), self.answer or "chưa chấm"]
        if self.tone == "failed":
            parts.append("chưa đạt mức phải có")
        if self.has_evidence:
            parts.append("có minh chứng")
        return ", ".join(parts)


class LineList(QWidget):
    """The list; stands in a scroll area and keeps its current row in sight.

    Args:
        name: for screen readers.
        is_marked: the current line is seen without the focus too.

    Signals:
        row_chosen(int): by mouse or arrow.
        entered: Enter, or a double click.
    """

    row_chosen = Signal(int)
    entered = Signal()

    def __init__(self, name: str, *, is_marked: bool = True) -> None:
        super().__init__()
        self._is_marked = is_marked
        self._rows: tuple[Line, ...] = ()
        self._current = 0
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def set_rows(self, rows: Sequence[Line]) -> None:
        is_resized = len(rows) != len(self._rows)
        self._rows = tuple(rows)
        self._describe()
        if is_resized:
            self.updateGeometry()
        self.update()

    def set_row(self, place: int, row: Line) -> None:
        """Show one row's new answer."""
        if self._rows[place] != row:
            self._rows = (*self._rows[:place], row, *self._rows[place + 1 :])
            self._describe()
            self.update()

    def set_current(self, place: int) -> None:
        if place != self._current:
            self._current = place
            self._describe()
            self.update()
        self._keep_in_sight()

    @property
    def rows(self) -> tuple[Line, ...]:
        return self._rows

    @property
    def current(self) -> int:
        return self._current

    def _describe(self) -> None:
        if 0 <= self._current < len(self._rows):
            self.setAccessibleDescription(self._rows[self._current].spoken)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), len(self._rows) * theme.px(ROW_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(160), self.sizeHint().height())

    def _rect(self, place: int) -> QRect:
        height = theme.px(ROW_HEIGHT)
        return QRect(0, place * height, self.width(), height)

    def _place_at(self, at: QPoint) -> int:
        place = at.y() // theme.px(ROW_HEIGHT)
        return place if 0 <= place < len(self._rows) else -1

    def _keep_in_sight(self) -> None:
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        inner = parent.widget() if isinstance(parent, QScrollArea) else None
        if inner is not None and isinstance(parent, QScrollArea):
            centre = self.mapTo(inner, self._rect(self._current).center())
            parent.ensureVisible(0, centre.y(), 0, theme.px(ROW_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = event.rect()
        for place, row in enumerate(self._rows):
            rect = self._rect(place)
            if rect.intersects(shown):
                self._paint_row(painter, rect, place, row)

    def _paint_row(self, painter: QPainter, rect: QRect, place: int, row: Line) -> None:
        is_current = place == self._current and (self._is_marked or self.hasFocus())
        if row.starts_part and place:
            painter.fillRect(QRect(theme.px(10), rect.top(), rect.width() - theme.px(20), 1), theme.color("line"))
        if is_current or place == self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_ground" if is_current else "hover"))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), theme.px(8), theme.px(8))
        if is_current and self.hasFocus():
            paint_focus(painter, rect.adjusted(0, 1, 0, -1))
        inner = rect.adjusted(theme.px(10), 0, -theme.px(10), 0)
        right = self._paint_answer(painter, inner, row)
        painter.setFont(theme.font())
        painter.setPen(theme.color("quiet"))
        painter.drawText(inner, _LEFT, row.number)
        left = inner.left() + (theme.px(32) if row.number else 0)
        if row.has_evidence:
            side = theme.px(13)
            right -= side + theme.px(6)
            box = QRect(right, inner.center().y() - side // 2, side, side)
            icons.paint(painter, "paperclip", box, "quiet")
        font = theme.font(strong=is_current)
        painter.setFont(font)
        painter.setPen(theme.color("ink"))
        room = right - theme.px(8) - left
        text = QFontMetrics(font).elidedText(row.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, inner.top(), room + 2, inner.height()), _LEFT, text)
        if row.detail:
            left += QFontMetrics(font).horizontalAdvance(text) + theme.px(8)
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(theme.color("quiet"))
            rest = max(0, right - theme.px(8) - left)
            metrics = QFontMetrics(theme.font(theme.SMALL))
            detail = metrics.elidedText(row.detail, Qt.TextElideMode.ElideRight, rest)
            painter.drawText(QRect(left, inner.top(), rest + 2, inner.height()), _LEFT, detail)

    def _paint_answer(self, painter: QPainter, inner: QRect, row: Line) -> int:
        """Draw the answer at the right end; returns where it begins."""
        font = theme.font(strong=bool(row.answer))
        metrics = QFontMetrics(font)
        words = row.answer or "–"
        width = max(metrics.horizontalAdvance(words), theme.px(16))
        painter.setFont(font)
        painter.setPen(theme.color(row.tone or ("ink" if row.answer else "quiet")))
        painter.drawText(inner, _RIGHT, words)
        left = inner.right() - width
        if row.icon:
            side = theme.px(14)
            left -= side + theme.px(5)
            box = QRect(left, inner.center().y() - side // 2, side, side)
            icons.paint(painter, row.icon, box, row.tone or "quiet")
        return left

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        last = len(self._rows) - 1
        steps = {
            Qt.Key.Key_Up: self._current - 1,
            Qt.Key.Key_Down: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if key in steps:
            place = max(0, min(last, steps[Qt.Key(key)]))
            if place != self._current:
                self.row_chosen.emit(place)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if place >= 0:
            self.row_chosen.emit(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._place_at(event.position().toPoint()) >= 0:
            self.entered.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if place != self._hovered:
            self._hovered = place
            self.setToolTip(self._rows[place].spoken if place >= 0 else "")
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()
