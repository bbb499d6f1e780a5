"""One row of large choices with their counts: which model is worked on; moved through by arrows.

Invariant: exactly one segment is chosen; choosing the chosen one again says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.widgets.painting import paint_focus

HEIGHT = 38
_CENTRE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class SegmentBar(QWidget):
    """The row; in a narrow window it leaves the counts out, then shortens the words.

    Signals:
        segment_chosen(object): the key of the newly chosen segment.
    """

    segment_chosen = Signal(object)

    def __init__(self, segments: Sequence[tuple[object, str]], name: str) -> None:
        super().__init__()
        self._segments = list(segments)
        self._counts: dict[object, int | None] = {}
        self._current = 0
        self._hovered = -1
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    @property
    def current(self) -> object:
        return self._segments[self._current][0]

    def set_current(self, key: object) -> None:
        """Show a choice without reporting it."""
        self._current = next(i for i, (each, _) in enumerate(self._segments) if each == key)
        self._describe()
        self.update()

    def set_count(self, key: object, count: int | None) -> None:
        """The number beside a segment's word; None while it is not known."""
        if self._counts.get(key) != count:
            self._counts[key] = count
            self._describe()
            self.update()

    def count_of(self, key: object) -> int | None:
        return self._counts.get(key)

    def _describe(self) -> None:
        key, words = self._segments[self._current]
        count = self._counts.get(key)
        self.setAccessibleDescription(words if count is None else f"{words}: {number_text(count)}")

    def sizeHint(self) -> QSize:
        return QSize(theme.px(420), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(HEIGHT))

    def _rects(self) -> tuple[list[QRect], bool]:
        """Where each segment stands, and whether the counts are shown."""
        strong, small = QFontMetrics(theme.font(strong=True)), QFontMetrics(theme.font(theme.SMALL))
        words = [strong.horizontalAdvance(text) + theme.px(28) for _, text in self._segments]
        figures = []
        for key, _ in self._segments:
            count = self._counts.get(key)
            figures.append(small.horizontalAdvance(number_text(count)) + theme.px(8) if count is not None else 0)
        wide = [a + b for a, b in zip(words, figures, strict=True)]
        has_counts = sum(wide) <= self.width()
        widths = wide if has_counts else words
        if sum(widths) > self.width():
            widths = [max(theme.px(24), width * self.width() // sum(widths)) for width in widths]
        rects, x = [], 0
        for width in widths:
            rects.append(QRect(x, 0, width, self.height()))
            x += width
        return rects, has_counts

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rects, has_counts = self._rects()
        whole = QRect(0, 0, rects[-1].right() + 1, self.height()).adjusted(0, 0, -1, -1)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("card"))
        painter.drawRoundedRect(whole, theme.px(8), theme.px(8))
        for place, rect in enumerate(rects):
            self._paint_segment(painter, rect, place, has_counts)

    def _paint_segment(self, painter: QPainter, rect: QRect, place: int, has_counts: bool) -> None:
        chosen = place == self._current
        inner = rect.adjusted(theme.px(3), theme.px(3), -theme.px(3), -theme.px(4))
        if chosen or place == self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_ground" if chosen else "hover"))
            painter.drawRoundedRect(inner, theme.px(6), theme.px(6))
        if chosen and self.hasFocus():
            paint_focus(painter, inner, 6)
        key, words = self._segments[place]
        count = self._counts.get(key) if has_counts else None
        font = theme.font(strong=chosen)
        painter.setFont(font)
        painter.setPen(theme.color("accent_deep" if chosen else "ink"))
        left = rect.left() + theme.px(14)
        room = rect.width() - theme.px(20)
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, 0, room, rect.height()), _CENTRE, shown)
        if count is not None:
            left += QFontMetrics(font).horizontalAdvance(words) + theme.px(8)
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(theme.color("quiet"))
            painter.drawText(QRect(left, 0, rect.width(), rect.height()), _CENTRE, number_text(count))

    def choose(self, place: int) -> None:
        """Choose by place, as a person does."""
        if 0 <= place < len(self._segments) and place != self._current:
            self._current = place
            self._describe()
            self.update()
            self.segment_chosen.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._segments) - 1,
        }
        if event.key() in steps:
            self.choose(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _place_at(self, x: int) -> int:
        rects, _ = self._rects()
        return next((i for i, rect in enumerate(rects) if rect.left() <= x <= rect.right()), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.choose(self._place_at(int(event.position().x())))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(int(event.position().x()))
        if place != self._hovered:
            self._hovered = place
            self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()
