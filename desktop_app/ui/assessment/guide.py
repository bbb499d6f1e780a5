"""Beside the answer: what the indicator means, examples from life, and the shares that the register counts.

Invariant: all of it is guidance or arithmetic from the data; nothing here is ever shown as official wording.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.services.assessment.verdict import percent_text
from desktop_app.services.criteria.definition import CriteriaSet, Indicator
from desktop_app.services.criteria.facts import FACTS, FactValue
from desktop_app.ui.assessment.words import share_line, threshold_line
from desktop_app.ui.widgets.basics import label, set_tone
from desktop_app.ui.widgets.charts import Bar, Figure
from desktop_app.ui.widgets.feedback import IconView
from desktop_app.ui.widgets.layouts import hbox, vbox
from desktop_app.ui.widgets.painting import paint_focus


class Guide(QWidget):
    """Help and examples of one indicator; its labels are reused from indicator to indicator."""

    def __init__(self) -> None:
        super().__init__()
        column = vbox(self, spacing=4)
        self._help = _section(column, "Xem gì để chấm")
        self._examples = _section(column, "Ví dụ")
        self._note = _section(column, "Ghi chú của văn bản")
        column.addStretch(1)

    def set_indicator(self, indicator: Indicator) -> None:
        """Show an indicator's guidance; what it lacks takes no room."""
        self._help.set_lines([indicator.help] if indicator.help else [])
        self._examples.set_lines(indicator.examples, bullet=True)
        self._note.set_lines([indicator.note] if indicator.note else [])

    def text(self) -> str:
        """All that is shown, for tests and screen readers."""
        return "\n".join(part.text() for part in (self._help, self._examples, self._note) if part.text())


class _Section(QWidget):
    """A small heading and its text."""

    def __init__(self, heading: str) -> None:
        super().__init__()
        column = vbox(self, margins=(0, 0, 0, 6), spacing=2)
        column.addWidget(label(heading, "field"))
        self._words = label("", "help", wrap=True)
        column.addWidget(self._words)

    def set_lines(self, lines: Sequence[str], *, bullet: bool = False) -> None:
        self._words.setText("\n".join(f"· {line}" if bullet else line for line in lines))
        self.setVisible(bool(lines))

    def text(self) -> str:
        return self._words.text()


def _section(column: QVBoxLayout, heading: str) -> _Section:
    made = _Section(heading)
    column.addWidget(made)
    return made


class FactView(QFrame):
    """A share that the register counts itself: drawn against its thresholds, with its arithmetic in words.

    Signals:
        entered, back_pressed: Enter and Shift+Enter, for there is nothing to type.
    """

    entered = Signal()
    back_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = vbox(self, margins=(14, 12), spacing=6)
        head = hbox(spacing=8)
        self._icon = IconView("chart-column", 18, "accent")
        head.addWidget(self._icon)
        head.addWidget(label("Phần mềm tự tính từ sổ, không phải nhập", "strong", wrap=True), 1)
        column.addLayout(head)
        self.figure = Figure()
        column.addWidget(self.figure)
        self.bars: list[Bar] = []
        self._lines: list[QLabel] = []
        for _ in range(2):
            bar, words = Bar(), label("", "small", wrap=True)
            column.addWidget(bar)
            column.addWidget(words)
            self.bars.append(bar)
            self._lines.append(words)
        self.arithmetic_label = label("", wrap=True)
        column.addWidget(self.arithmetic_label)
        self.others_label = label("", "help", wrap=True)
        column.addWidget(self.others_label)

    def set_fact(
        self, definition: CriteriaSet, indicator: Indicator, fact: FactValue, others: Sequence[str] = ()
    ) -> None:
        """Show a share; ``others`` are the readings with another denominator."""
        key = indicator.fact or ""
        percent = fact.percent or 0
        self.figure.set_figure(percent_text(percent).removesuffix("%"), "%")
        thresholds = list(indicator.thresholds)
        names = {grade.number: grade.name for grade in definition.grades}
        for place, (bar, words) in enumerate(zip(self.bars, self._lines, strict=True)):
            has_goal = place < len(thresholds)
            bar.setVisible(has_goal)
            words.setVisible(has_goal)
            if has_goal:
                goal = thresholds[place]
                bar.set_shares(percent / 100, target=goal.percent / 100)
                said, tone = threshold_line(key, fact, names.get(goal.grade, f"Mức độ {goal.grade}"), goal.percent)
                words.setText(said)
                set_tone(words, tone)
        self.arithmetic_label.setText(share_line(key, fact) + ".")
        self.others_label.setText("\n".join(f"Cách tính khác, để tham khảo: {line}." for line in others))
        self.others_label.setVisible(bool(others))
        self.setAccessibleName(f"Chỉ tiêu {indicator.number}: {self.arithmetic_label.text()}")
        self.setAccessibleDescription(" ".join(line.text() for line in self._lines if line.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.back_pressed if is_back else self.entered).emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_focus(painter, self.rect(), 10)


class FactLine(QWidget):
    """A counted share shown as help beside a points indicator, never scored by itself."""

    def __init__(self) -> None:
        super().__init__()
        row = hbox(self, spacing=8)
        row.addWidget(IconView("chart-column", 16, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        self._words = label("", "small", wrap=True)
        row.addWidget(self._words, 1)

    def set_fact(self, key: str, fact: FactValue | None) -> None:
        """Show a share, or nothing where the register does not count this one."""
        self.setVisible(fact is not None)
        if fact is not None:
            self._words.setText(f"Theo sổ: {share_line(key, fact)}. Điểm vẫn do người chấm.")

    def text(self) -> str:
        return self._words.text()


def typed_share_line(indicator: Indicator) -> str:
    """What a typed percentage is of, where the register cannot count it."""
    if indicator.fact is None:
        return ""
    spec = FACTS[indicator.fact]
    return f"Nhập tỷ lệ {spec.denominator} {spec.predicate}"
