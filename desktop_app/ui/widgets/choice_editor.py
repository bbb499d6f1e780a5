"""The field that offers a short list.

Invariant: words that do not fit are never cut in the middle of a letter: they end in an ellipsis and the tip has them
whole; nothing is chosen by accident.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.form_spec import Choices, Field
from desktop_app.ui.widgets.type_ahead import TypeAhead


class ChoiceEditor(QComboBox):
    """One of a short list; F4 or Alt+Down opens it, letters and figures choose ("thon 3", "3"); the wheel changes
    nothing by accident; words that do not fit end in an ellipsis and stand whole in the tip. Signals: changed, left."""

    changed = Signal()
    left = Signal()

    def __init__(self, spec: Field) -> None:
        super().__init__()
        self._is_required = spec.is_required
        self._ahead = TypeAhead()
        self.setMaxVisibleItems(14)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.set_choices(spec.choices)
        self.currentIndexChanged.connect(lambda _index: self.tell_whole())
        self.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def set_choices(self, choices: Choices) -> None:
        """New choices; the chosen one stays if it is still there."""
        kept = self.currentData() if self.count() else None
        self.blockSignals(True)
        self.clear()
        if not any(value is None for value, _ in choices):
            self.addItem("– chọn –" if self._is_required else "–", None)
        for value, words in choices:
            self.addItem(words, value)
        self.set_raw(kept)
        self.blockSignals(False)

    def raw(self) -> Any:
        return self.currentData()

    def set_raw(self, raw: Any) -> None:
        index = next((i for i in range(self.count()) if self.itemData(i) == raw), 0)
        self.setCurrentIndex(index)

    def focus_widget(self) -> QWidget:
        return self

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        text = event.text()
        if event.key() == Qt.Key.Key_Backspace:
            self._ahead.erase()
        elif not held and len(text) == 1 and text.isprintable() and (text != " " or self._ahead.typed):
            words = [self.itemText(place) for place in range(self.count())]
            self.setCurrentIndex(self._ahead.take(text, words, self.currentIndex()))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self.shown_text()
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        icons.paint(painter, "chevron-down", self._chevron(), "quiet")

    def shown_text(self) -> str:
        """The chosen words as far as there is room for them."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        width = min(room.right(), self._chevron().left() - theme.px(4)) - room.left()
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, width)

    def _chevron(self) -> QRect:
        side = theme.px(16)
        return QRect(self.width() - side - theme.px(10), (self.height() - side) // 2, side, side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tell_whole()

    def tell_whole(self) -> None:
        """Bring the tip up to date; needed only where words were chosen while signals were blocked."""
        whole = self.currentText()
        self.setToolTip(whole if self.shown_text() != whole else "")
