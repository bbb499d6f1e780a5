"""The list of what waits: two lines each, an icon, an arrow; opened by Enter or a click.

Invariant: shows what it is given; the page goes where a line says.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui import icons, theme
from desktop_app.ui.overview.waiting import Waiting
from desktop_app.ui.widgets.painting import paint_focus

LEFT, RIGHT = 34, 30
"""Room for the icon and for the arrow, at 100 %."""

_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)


class WaitingList(QWidget):
    """The list.

    Signals:
        opened(object): the Waiting that a person chose.
    """

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Waiting, ...] = ()
        self._current = 0
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Việc đang chờ")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def lines(self) -> tuple[Waiting, ...]:
        return self._lines

    def set_lines(self, lines: Sequence[Waiting]) -> None:
        self._lines = tuple(lines)
        self._current = min(self._current, max(0, len(self._lines) - 1))
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        if self._lines:
            line = self._lines[self._current]
            self.setAccessibleDescription(f"{line.text}. {line.detail}")

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rects = self._rects(width)
        return rects[-1].bottom() + 1 if rects else 0

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > theme.px(120) else theme.px(272)
        return QSize(theme.px(240), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(180), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _words(self, line: Waiting, width: int) -> list[tuple[str, QFont, str, int]]:
        """The two texts of a line with font, ink and height."""
        room = width - theme.px(LEFT + RIGHT)
        parts = ((line.text, theme.font(strong=True), "ink"), (line.detail, theme.font(theme.SMALL), "quiet"))
        found = []
        for text, font, ink in parts:
            bounds = QFontMetrics(font).boundingRect(QRect(0, 0, room, 10_000), _WRAP, text)
            found.append((text, font, ink, bounds.height() if text else 0))
        return found

    def _rects(self, width: int) -> list[QRect]:
        rects, top = [], 0
        for line in self._lines:
            height = sum(part[3] for part in self._words(line, width)) + theme.px(15)
            rects.append(QRect(0, top, width, height))
            top += height
        return rects

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, (rect, line) in enumerate(zip(self._rects(self.width()), self._lines, strict=True)):
            self._paint_line(painter, rect, place, line)

    def _paint_line(self, painter: QPainter, rect: QRect, place: int, line: Waiting) -> None:
        if place == self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), theme.px(8), theme.px(8))
        if place < len(self._lines) - 1:
            painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("line_soft"))
        if place == self._current and self.hasFocus():
            paint_focus(painter, rect.adjusted(0, 1, 0, -1))
        side = theme.px(18)
        top = rect.top() + theme.px(9)
        icons.paint(painter, line.icon, QRect(rect.left() + theme.px(6), top, side, side), line.tone)
        arrow = theme.px(16)
        right = rect.right() - theme.px(6) - arrow
        icons.paint(painter, "chevron-right", QRect(right, rect.center().y() - arrow // 2, arrow, arrow), "quiet")
        room = self.width() - theme.px(LEFT + RIGHT)
        y = rect.top() + theme.px(7)
        for text, font, ink, height in self._words(line, self.width()):
            painter.setFont(font)
            painter.setPen(theme.color(ink))
            painter.drawText(QRect(theme.px(LEFT), y, room, height), _WRAP, text)
            y += height

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), len(self._lines) - 1
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._lines:
            self._current = max(0, min(last, self._current + (1 if key == Qt.Key.Key_Down else -1)))
            self._describe()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._lines:
            self.opened.emit(self._lines[self._current])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def _place_at(self, y: int) -> int:
        rects = self._rects(self.width())
        return next((place for place, rect in enumerate(rects) if rect.top() <= y <= rect.bottom()), -1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(int(event.position().y()))
        if place >= 0:
            self._current = place
            self.opened.emit(self._lines[place])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(int(event.position().y()))
        if place != self._hovered:
            self._hovered = place
            self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()
