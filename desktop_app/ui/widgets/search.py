"""Search as you type and filters as chips: they say what is wanted, the page asks its service.

Invariant: no inline completion (Vietnamese input methods rewrite letters); typing is only reported after a short rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.basics import Button
from desktop_app.ui.widgets.painting import keycap_size, paint_keycap

SEARCH_REST_MS = 120


class SearchBox(QLineEdit):
    """A search field with a magnifier and its key.

    Signals:
        search_changed(str): the text, 120 ms after the last key or at once on Enter.
        submitted(str): Enter.
        down_pressed: arrow down, to step into the results.
    """

    search_changed = Signal(str)
    submitted = Signal(str)
    down_pressed = Signal()

    def __init__(self, placeholder: str = "Tìm người, hộ, số phiếu…", key: str = "F3") -> None:
        super().__init__()
        self._key = key
        self._reported = ""
        self.setProperty("role", "search")
        self.setAccessibleName(placeholder)
        self._placeholder = placeholder
        self.setClearButtonEnabled(False)
        self._timer = QTimer(self, singleShot=True, interval=SEARCH_REST_MS)
        self._timer.timeout.connect(self._report)
        self.textChanged.connect(self._on_text_changed)
        self.setPlaceholderText(placeholder)

    def set_placeholder(self, text: str) -> None:
        self._placeholder = text
        self.setPlaceholderText(text)
        self.setAccessibleName(text)

    def set_text_silently(self, text: str) -> None:
        """Show a text without reporting it, e.g. when another page comes to the front."""
        self.blockSignals(True)
        self.setText(text)
        self.blockSignals(False)
        self._timer.stop()
        self._reported = text
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._report()
            self.submitted.emit(self.text())
        elif key == Qt.Key.Key_Down:
            self._report()
            self.down_pressed.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._report()
        else:
            super().keyPressEvent(event)

    def _on_text_changed(self) -> None:
        self._timer.start()

    def _report(self) -> None:
        self._timer.stop()
        if self.text() != self._reported:
            self._reported = self.text()
            self.search_changed.emit(self._reported)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setPlaceholderText(self._placeholder if self.width() >= theme.px(190) else "Tìm")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(16)
        middle = self.height() // 2
        icons.paint(painter, "search", QRect(theme.px(12), middle - side // 2, side, side), "quiet")
        if self._key and not self.text() and self.width() > theme.px(150):
            cap = keycap_size(self._key)
            left = self.width() - cap.width() - theme.px(10)
            paint_keycap(painter, QRect(left, middle - cap.height() // 2, cap.width(), cap.height()), self._key)


class FilterChip(Button):
    """A pill that filters: opens a menu of choices, or switches on and off.

    ``FilterChip("Thôn", [("", "tất cả"), ("u1", "Thôn 1")])`` opens a menu and emits ``chosen(value)``;
    ``FilterChip.switch("Thiếu CCCD: 214", "attention", "triangle-alert")`` is a switch and emits ``toggled(bool)``.
    """

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[object, str]] = (), *, value: object = None) -> None:
        super().__init__(name, role="pill", trailing="chevron-down" if choices else "")
        self._name = name
        self._choices: list[tuple[object, str]] = []
        self._value = value
        self._tone = "neutral"
        if choices:
            self.set_choices(choices)
            self.set_value(value if value is not None else choices[0][0])

    @classmethod
    def switch(cls, text: str, tone: str = "neutral", icon: str = "") -> FilterChip:
        made = cls(text)
        made.icon_name = icon
        made._tone = tone
        made.setCheckable(True)
        return made

    @property
    def value(self) -> object:
        return self._value

    @property
    def is_set(self) -> bool:
        """Does it narrow anything: switched on, or another choice than the first?"""
        return self._is_set()

    def reset(self) -> None:
        """Back to narrowing nothing, without reporting it."""
        self.blockSignals(True)
        self.setChecked(False)
        if self._choices:
            self.set_value(self._choices[0][0])
        self.blockSignals(False)
        self.update()

    def set_choices(self, choices: Sequence[tuple[object, str]]) -> None:
        self._choices = list(choices)
        menu = QMenu(self)
        for value, words in self._choices:
            action = menu.addAction(words)
            action.triggered.connect(lambda _checked=False, v=value: self._on_chosen(v))
        self.setMenu(menu)

    def set_value(self, value: object) -> None:
        """Show a choice without reporting it."""
        self._value = value
        words = next((w for v, w in self._choices if v == value), "")
        self.setText(f"{self._name}: {words}")
        self.setAccessibleName(self.text())
        self.updateGeometry()

    def set_label(self, text: str) -> None:
        """New words on a switch, e.g. when its count changes."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def _on_chosen(self, value: object) -> None:
        if value != self._value:
            self.set_value(value)
            self.chosen.emit(value)

    def _font(self) -> QFont:
        return theme.font(theme.SMALL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, ground = theme.tone_colors(self._tone)
        is_set = self._is_set()
        if is_set and self._tone == "neutral":
            ink, ground = theme.color("accent_deep"), theme.color("accent_ground")
        box = self.rect().adjusted(1, 1, -1, -1)
        painter.setBrush(ground)
        outline = ink if (is_set or self.underMouse() or theme.look().is_contrast) else ground
        painter.setPen(QPen(outline, theme.px(2) if self.hasFocus() else 1))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), theme.px(2)))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        self._paint_content(painter)

    def _ink(self) -> str:
        if self._tone != "neutral":
            return self._tone
        return "accent_deep" if self._is_set() else "neutral"

    def _is_set(self) -> bool:
        return self.isChecked() or (bool(self._choices) and self._value != self._choices[0][0])
