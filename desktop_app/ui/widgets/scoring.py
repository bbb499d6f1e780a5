"""Giving a score: a level by its letter, or a number typed; both dumb, the page joins them.

Invariant: a score box never changes what is typed; a level is chosen by a letter on a widget that takes no text, or in
the score box, where letters mean nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QSizePolicy, QWidget

from desktop_app.ui import theme
from desktop_app.ui.texts import number
from desktop_app.ui.widgets.basics import repolish
from desktop_app.ui.widgets.layouts import sized, vbox
from desktop_app.ui.widgets.painting import paint_focus, paint_keycap

_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Level:
    """One level of an indicator.

    Args:
        name: e.g. "Khá".
        low, high: the scores it stands for.
        text: what it looks like in life.
    """

    name: str
    low: float
    high: float
    text: str = ""

    def range_text(self) -> str:
        low, high = _score_text(self.low), _score_text(self.high)
        return low if low == high else f"{low}–{high}"

    def holds(self, score: float) -> bool:
        return self.low <= score <= self.high


class LevelItem(QAbstractButton):
    """One level of a LevelList: key, name, what it looks like, its range."""

    def __init__(self) -> None:
        super().__init__()
        self._level = Level("", 0, 0)
        self._letter = ""
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_level(self, level: Level, letter: str) -> None:
        self._level, self._letter = level, letter
        self.setAccessibleName(f"{letter}: {level.name}, {level.range_text()} điểm. {level.text}")
        self.updateGeometry()
        self.update()

    def _text_rect(self, width: int) -> QRect:
        left = theme.px(50)
        room = max(theme.px(80), width - left - theme.px(18))
        bounds = QFontMetrics(theme.font(theme.SMALL)).boundingRect(QRect(0, 0, room, 10000), _WRAP, self._level.text)
        return QRect(left, theme.px(34), room, bounds.height() if self._level.text else 0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rect = self._text_rect(width)
        return rect.top() + rect.height() + theme.px(10 if self._level.text else 8)

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > theme.px(160) else theme.px(480)
        return QSize(theme.px(560), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        ground = "accent_faint" if chosen else ("hover" if self.underMouse() else "card")
        painter.setBrush(theme.color(ground))
        pen = QPen(theme.color("accent" if chosen else "line"), theme.px(2) if chosen else 1)
        painter.setPen(pen)
        inset = max(1, theme.px(1))
        painter.drawRoundedRect(self.rect().adjusted(inset, inset, -inset, -inset), theme.px(10), theme.px(10))
        cap = QRect(theme.px(15), (self.height() - theme.px(24)) // 2, theme.px(23), theme.px(24))
        paint_keycap(painter, cap, self._letter)
        self._paint_heading(painter, QRect(theme.px(50), theme.px(9), self.width(), theme.px(24)))
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.color("quiet"))
        painter.drawText(self._text_rect(self.width()), _WRAP, self._level.text)

    def _paint_heading(self, painter: QPainter, rect: QRect) -> None:
        painter.setFont(theme.font(strong=True))
        painter.setPen(theme.color("ink"))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), self._level.name)
        right = QRect(0, rect.top(), self.width() - theme.px(16), rect.height())
        flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(right, flags, self._level.range_text())


class LevelList(QWidget):
    """The levels of one indicator, chosen by letter, arrow or mouse; reused from indicator to indicator.

    Signals:
        level_chosen(int): index of the level a person chose.
        digit_typed(str): a digit typed here; the page gives it to its ScoreBox.
        submitted: Enter.
    """

    level_chosen = Signal(int)
    digit_typed = Signal(str)
    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._items: list[LevelItem] = []
        self._levels: tuple[Level, ...] = ()
        self._column = vbox(self, spacing=9)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAccessibleName("Mức đánh giá")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_levels(self, levels: Sequence[Level]) -> None:
        """Show an indicator's levels, none of them chosen."""
        self._levels = tuple(levels)[: len(LETTERS)]
        while len(self._items) < len(self._levels):
            item = LevelItem()
            place = len(self._items)
            item.clicked.connect(lambda _checked=False, i=place: self._choose(i))
            self._items.append(item)
            self._column.addWidget(item)
        for index, item in enumerate(self._items):
            item.setVisible(index < len(self._levels))
            if index < len(self._levels):
                item.set_level(self._levels[index], LETTERS[index])
        self.set_current(None)

    def set_current(self, index: int | None) -> None:
        for place, item in enumerate(self._items):
            item.setChecked(place == index)

    def set_score(self, score: float | None) -> None:
        """Mark the level that holds a score, without reporting it."""
        holding = (i for i, level in enumerate(self._levels) if score is not None and level.holds(score))
        self.set_current(next(holding, None))

    @property
    def current(self) -> int | None:
        return next((i for i, item in enumerate(self._items) if item.isChecked()), None)

    def choose_letter(self, letter: str) -> bool:
        """Choose by key; False when no level has it."""
        place = LETTERS.find(letter.upper()) if len(letter) == 1 else -1
        if not 0 <= place < len(self._levels):
            return False
        self._choose(place)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = event.key(), event.text()
        if text.isascii() and text.isdigit() and text:
            self.digit_typed.emit(text)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._levels:
            step = 1 if key == Qt.Key.Key_Down else -1
            start = self.current if self.current is not None else (-1 if step > 0 else len(self._levels))
            self._choose(max(0, min(len(self._levels) - 1, start + step)))
        elif not (text and self.choose_letter(text)):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() and self._items:
            place = self.current if self.current is not None else 0
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            out = theme.px(3)
            paint_focus(painter, self._items[place].geometry().adjusted(-out, -out, out, out), 12)

    def _choose(self, index: int) -> None:
        self.set_current(index)
        self.update()
        self.level_chosen.emit(index)


class ScoreBox(QLineEdit):
    """A score typed from either row of digits.

    Signals:
        score_changed(object): a readable score (float or int), or None when emptied; while typing.
        submitted: Enter, when what stands there is readable and not empty.
        level_typed(str): a letter A–H.

    Args:
        maximum: highest score.
        allows_half: 7,5 may be typed (a setting of the criteria set).
    """

    score_changed = Signal(object)
    submitted = Signal()
    level_typed = Signal(str)

    def __init__(self, maximum: float = 10, *, allows_half: bool = False) -> None:
        super().__init__()
        self.maximum = maximum
        self.allows_half = allows_half
        self.setProperty("role", "score")
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setAccessibleName("Điểm")
        self.textEdited.connect(self._on_edited)
        sized(self, width=80)

    def set_score(self, score: float | None) -> None:
        """Show a score without reporting it."""
        self.setText("" if score is None else _score_text(score))
        self._show_state()

    def begin(self, digit: str) -> None:
        """Start typing with this digit, as if the focus had been here."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setText(digit)
        self._on_edited(digit)

    @property
    def score(self) -> float | int | None:
        return self._read()[0]

    @property
    def error(self) -> str:
        """What is wrong with the typed score, in words; empty when nothing is."""
        return self._read()[1]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.score is not None and not self.error:
                self.submitted.emit()
        elif len(text) == 1 and text.isascii() and text.isalpha() and not event.modifiers() & _COMMANDS:
            self.level_typed.emit(text.upper())
        else:
            super().keyPressEvent(event)

    def _read(self) -> tuple[float | int | None, str]:
        text = self.text().strip().replace(",", ".")
        if not text:
            return None, ""
        try:
            value = float(text) if text.isascii() and "_" not in text else float("nan")
        except ValueError:
            value = float("nan")
        limit = _score_text(self.maximum)
        if not 0 <= value <= self.maximum:
            return None, f"Điểm từ 0 đến {limit}."
        if self.allows_half and value * 2 == int(value * 2):
            return (int(value) if value == int(value) else value), ""
        if value != int(value):
            return None, "Chỉ nhận nửa điểm (ví dụ 7,5)." if self.allows_half else "Chỉ nhận điểm nguyên."
        return int(value), ""

    def _on_edited(self, _text: str) -> None:
        self._show_state()
        score, error = self._read()
        if not error:
            self.score_changed.emit(score)

    def _show_state(self) -> None:
        state = "error" if self.error else ""
        if (self.property("state") or "") != state:
            self.setProperty("state", state)
            repolish(self)
        self.setToolTip(self.error)
        self.setAccessibleDescription(self.error or f"từ 0 đến {_score_text(self.maximum)}")


_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def _score_text(score: float) -> str:
    return number(score, 0 if score == int(score) else 1)
