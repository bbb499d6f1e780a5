"""The side panel with one record's facts, and the steps of a longer work.

Invariant: a side panel shows; it changes nothing itself. Secrets are masked until the eye is pressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.basics import Chip, IconButton, label
from desktop_app.ui.widgets.layouts import FlowRow, ScrollBody, hbox, rule, sized, vbox
from desktop_app.ui.widgets.painting import ChipData, paint_focus

W = TypeVar("W", bound=QWidget)


class SidePanel(QFrame):
    """A card at the right: title, chip, facts in rows, sections, buttons; scrolls inside itself.

    Signals:
        closed: the cross was pressed (only with ``closable``).
    """

    closed = Signal()

    def __init__(self, *, closable: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName("Chi tiết")
        column = vbox(self, margins=(0, 0, 0, 0), spacing=0)
        head = vbox(margins=(18, 16, 12, 8), spacing=6)
        line = hbox(spacing=8)
        self.title_label = label("", "title", wrap=True)
        line.addWidget(self.title_label, 1)
        cross = IconButton("x", "Đóng bảng bên")
        cross.clicked.connect(self.closed)
        cross.setVisible(closable)
        line.addWidget(cross, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(line)
        self._chips = FlowRow(spacing=6)
        self._chips.hide()
        head.addWidget(self._chips)
        column.addLayout(head)
        self._contents = QWidget()
        self.body = vbox(self._contents, margins=(18, 4, 18, 16), spacing=0)
        self.body.addStretch(1)
        scroll = ScrollBody(self._contents)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(scroll, 1)
        self._footer = hbox(margins=(18, 8, 18, 16), spacing=8)
        self._foot = QWidget()
        self._foot.setLayout(self._footer)
        self._foot.hide()
        column.addWidget(self._foot)
        sized(self, min_height=240)

    def set_title(self, text: str, *chips: ChipData) -> None:
        self.title_label.setText(text)
        self.setAccessibleName(text)
        self._chips.clear()
        for chip in chips:
            self._chips.add(Chip(chip.text, chip.tone, chip.icon))
        self._chips.setVisible(bool(chips))

    def clear(self) -> None:
        """Take all facts away; title and buttons stay."""
        while self.body.count() > 1:
            item = self.body.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def add(self, widget: W) -> W:
        self.body.insertWidget(self.body.count() - 1, widget)
        return widget

    def add_row(self, name: str, value: str, *, tone: str = "") -> QLabel:
        """A fact: its name at the left, its value beside it; a hairline below."""
        words = label(value or "–", wrap=True, tone=tone)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._add_fact(name, words)
        return words

    def add_secret(self, name: str, masked: str, plain: str) -> None:
        """A number that stays masked until the eye is pressed."""
        holder = QWidget()
        line = hbox(holder, spacing=4)
        words = label(masked or "–")
        line.addWidget(words)
        if plain:
            eye = IconButton("eye", f"Hiện {name}")
            eye.setCheckable(True)
            eye.setProperty("isTight", True)

            def show(on: bool) -> None:
                words.setText(plain if on else masked)
                eye.icon_name = "eye-off" if on else "eye"
                eye.update()

            eye.toggled.connect(show)
            line.addWidget(eye)
        line.addStretch(1)
        self._add_fact(name, holder, Qt.AlignmentFlag.AlignVCenter)

    def _add_fact(self, name: str, value: QWidget, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignTop) -> None:
        holder = QWidget()
        column = vbox(holder, spacing=0)
        line = hbox(margins=(0, 7, 0, 7), spacing=12)
        key = sized(label(name, "quiet", wrap=True), width=96)
        line.addWidget(key, 0, align)
        line.addWidget(value, 1)
        column.addLayout(line)
        column.addWidget(rule())
        self.add(holder)

    def add_section(self, title: str) -> None:
        words = label(title, "strong")
        words.setContentsMargins(0, theme.px(16), 0, theme.px(4))
        self.add(words)

    def add_text(self, text: str, role: str = "body", *, tone: str = "") -> QLabel:
        words = label(text, role, wrap=True, tone=tone)
        words.setContentsMargins(0, theme.px(2), 0, theme.px(2))
        return self.add(words)

    def set_buttons(self, *buttons: QWidget) -> None:
        """Buttons at the foot, always in sight."""
        while self._footer.count():
            item = self._footer.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None and widget not in buttons:
                widget.hide()
                widget.deleteLater()
        for button in buttons:
            self._footer.addWidget(button)
        self._footer.addStretch(1)
        self._foot.setVisible(bool(buttons))


class Stepper(QWidget):
    """The steps of a wizard as a line of circles; done ones can be gone back to.

    Signals:
        step_chosen(int): a done step was clicked, or Enter on it.
    """

    step_chosen = Signal(int)

    def __init__(self, steps: Sequence[str]) -> None:
        super().__init__()
        self._steps = tuple(steps)
        self._current = 0
        self._focused = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_current(0)

    @property
    def current(self) -> int:
        return self._current

    def set_current(self, index: int) -> None:
        self._current = max(0, min(index, len(self._steps) - 1))
        self._focused = self._current
        self.setAccessibleName(f"Bước {self._current + 1} trên {len(self._steps)}: {self._steps[self._current]}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(r.width() for r in self._rects(10**6)), theme.px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(200), theme.px(30))

    def _rects(self, width: int) -> list[QRect]:
        """Where each step stands; when the room is short only the present step keeps its words."""
        metrics = QFontMetrics(theme.font(strong=True))
        side, gap = theme.px(24), theme.px(8)
        wide = [side + gap + metrics.horizontalAdvance(words) + theme.px(32) for words in self._steps]
        if sum(wide) > width:
            wide = [w if i == self._current else side + theme.px(20) for i, w in enumerate(wide)]
        rects, x = [], 0
        for room in wide:
            rects.append(QRect(x, 0, room, theme.px(30)))
            x += room
        return rects

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rects = self._rects(self.width())
        has_words = sum(r.width() for r in rects) <= self.width()
        side = theme.px(24)
        for index, rect in enumerate(rects):
            circle = QRectF(rect.left() + 1, (self.height() - side) / 2 + 1, side - 2, side - 2)
            self._paint_circle(painter, circle, index)
            is_current = index == self._current
            if is_current or (has_words and rect.width() > side + theme.px(24)):
                painter.setFont(theme.font(strong=is_current))
                painter.setPen(theme.color("accent_deep" if is_current else "quiet"))
                words = QRect(rect.left() + side + theme.px(8), 0, rect.width() - side - theme.px(8), self.height())
                painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self._steps[index])
        if self.hasFocus():
            ring = rects[self._focused]
            paint_focus(painter, QRect(ring.left(), 0, ring.width() - theme.px(12), self.height()))

    def _paint_circle(self, painter: QPainter, circle: QRectF, index: int) -> None:
        done = index < self._current
        is_filled = done or index == self._current
        painter.setPen(QPen(theme.color("accent" if is_filled else "line_strong"), theme.px(1)))
        painter.setBrush(theme.color("accent" if is_filled else "card"))
        painter.drawEllipse(circle)
        if done:
            side = theme.px(14)
            middle: QPointF = circle.center()
            box = QRect(round(middle.x() - side / 2), round(middle.y() - side / 2), side, side)
            icons.paint(painter, "check", box, "on_accent")
            return
        painter.setFont(theme.font(theme.SMALL, strong=True))
        painter.setPen(theme.color("on_accent" if is_filled else "quiet"))
        painter.drawText(circle, int(Qt.AlignmentFlag.AlignCenter), str(index + 1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        x = int(event.position().x())
        for index, rect in enumerate(self._rects(self.width())):
            if rect.left() <= x < rect.right():
                self._choose(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Left:
            self._focused = max(0, self._focused - 1)
        elif key == Qt.Key.Key_Right:
            self._focused = min(len(self._steps) - 1, self._focused + 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._focused)
        else:
            super().keyPressEvent(event)
            return
        self.update()

    def _choose(self, index: int) -> None:
        if index < self._current:
            self.step_chosen.emit(index)
