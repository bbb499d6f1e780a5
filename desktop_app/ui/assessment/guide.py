"""Beside the answer: what the indicator means, examples from life, and the shares that the register counts.

Invariant: all of it is guidance or arithmetic from the data; nothing here is ever shown as official wording.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.services.assessment.verdict import percent_text
from desktop_app.services.criteria.definition import CriteriaSet, Indicator
from desktop_app.services.criteria.facts import FACTS, FactValue
from desktop_app.ui.assessment.words import readings, share_line, threshold_line, typed_threshold_line
from desktop_app.ui.widgets.basics import Button, label, set_tone
from desktop_app.ui.widgets.charts import Bar, Figure
from desktop_app.ui.widgets.feedback import IconView
from desktop_app.ui.widgets.layouts import hbox, vbox
from desktop_app.ui.widgets.painting import paint_focus

FROZEN = "Đây là số đếm hôm nay; phiếu đã công nhận giữ kết quả đã chốt."
"""Beside a share of a form whose verdict was frozen."""


class Guide(QWidget):
    """Help and examples of one indicator; its labels are reused from indicator to indicator."""

    def __init__(self) -> None:
        super().__init__()
        column = vbox(self, spacing=4)
        self._help = _section(column, "Xem gì để chấm")
        self._examples = _section(column, "Ví dụ")
        self._usual = _section(column, "Minh chứng thường dùng")
        self._note = _section(column, "Ghi chú")
        self._result = _section(column, "Kết quả đến lúc này")
        self._result.hide()
        column.addStretch(1)

    def set_indicator(self, indicator: Indicator) -> None:
        """Show an indicator's guidance; what it lacks takes no room."""
        self._help.set_lines([indicator.help] if indicator.help else [])
        self._examples.set_lines(indicator.examples, bullet=True)
        self._usual.set_lines(() if indicator.levels else indicator.evidence, bullet=True)
        self._note.set_lines([indicator.note] if indicator.note else [])

    def show_result(self, said: str) -> None:
        """The verdict's whole sentence; an empty one takes no room."""
        self._result.set_lines([said] if said else [])

    def text(self) -> str:
        """All that is shown, for tests and screen readers."""
        return "\n".join(part.text() for part in (self._help, self._examples, self._usual, self._note) if part.text())


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
        list_asked(str): who stands behind the share with this key.
    """

    entered = Signal()
    back_pressed = Signal()
    list_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = vbox(self, margins=(14, 12), spacing=6)
        head = hbox(spacing=8)
        self._icon = IconView("chart-column", 18, "accent")
        head.addWidget(self._icon)
        self.heading_label = label("", "strong", wrap=True)
        head.addWidget(self.heading_label, 1)
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
        self._key = ""
        self.list_button = list_button(lambda: self.list_asked.emit(self._key))
        column.addWidget(self.list_button, 0, Qt.AlignmentFlag.AlignLeft)

    def set_fact(
        self,
        definition: CriteriaSet,
        indicator: Indicator,
        fact: FactValue,
        others: Sequence[str] = (),
        *,
        is_frozen: bool = False,
    ) -> None:
        """Show a share; ``others`` are the readings with another denominator, ``is_frozen`` of a recognised form."""
        key = self._key = indicator.fact or ""
        self.list_button.show()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.heading_label.setText("Phần mềm tự tính từ sổ, không phải nhập")
        self._draw(definition, indicator, fact.percent, lambda name, goal: threshold_line(key, fact, name, goal))
        self.arithmetic_label.setText(share_line(key, fact) + ".")
        said = [readings(key, others), FROZEN if is_frozen else ""]
        self.others_label.setText("\n".join(part for part in said if part))
        self.others_label.setVisible(bool(self.others_label.text()))
        self.setAccessibleName(f"Chỉ tiêu {indicator.number}: {self.arithmetic_label.text()}")
        self.setAccessibleDescription(" ".join(line.text() for line in self._lines if line.text()))

    def set_typed(self, definition: CriteriaSet, indicator: Indicator, percent: float | None) -> None:
        """Show a percentage that a person types beside: the register cannot count this one."""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.heading_label.setText(typed_share_line(indicator) or "Nhập tỷ lệ")
        self._draw(definition, indicator, percent, lambda name, goal: typed_threshold_line(percent, name, goal))
        self.arithmetic_label.setText("Sổ không đếm được tỷ lệ này; lấy theo số liệu điều tra, báo cáo của năm.")
        self.others_label.hide()
        self.list_button.hide()
        self.setAccessibleName(self.heading_label.text())
        self.setAccessibleDescription(" ".join(line.text() for line in self._lines if line.text()))

    def _draw(
        self,
        definition: CriteriaSet,
        indicator: Indicator,
        percent: float | None,
        say: Callable[[str, float], tuple[str, str]],
    ) -> None:
        """The figure, and a bar with its sentence for each threshold."""
        shown = "–" if percent is None else percent_text(percent).removesuffix("%")
        self.figure.set_figure(shown, "" if percent is None else "%")
        names = {grade.number: grade.name for grade in definition.grades}
        goals = [*indicator.thresholds, None, None]
        for bar, words, goal in zip(self.bars, self._lines, goals, strict=False):
            bar.setVisible(goal is not None)
            words.setVisible(goal is not None)
            words.setText("")
            if goal is not None:
                bar.set_shares((percent or 0) / 100, target=goal.percent / 100)
                said, tone = say(names.get(goal.grade, f"Mức độ {goal.grade}"), goal.percent)
                words.setText(said)
                set_tone(words, tone)

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
    """A counted share shown as help beside a points indicator, never scored by itself.

    Signals:
        list_asked(str): who stands behind the share with this key.
    """

    list_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._key = ""
        row = hbox(self, spacing=8)
        row.addWidget(IconView("chart-column", 16, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        self._words = label("", "small", wrap=True)
        words = vbox(spacing=2)
        words.addWidget(self._words)
        self._more = label("", "help", wrap=True)
        words.addWidget(self._more)
        row.addLayout(words, 1)
        self.list_button = list_button(lambda: self.list_asked.emit(self._key))
        row.addWidget(self.list_button, 0, Qt.AlignmentFlag.AlignTop)

    def set_fact(self, key: str, fact: FactValue | None, others: Sequence[str] = ()) -> None:
        """Show a share with its other readings, or nothing where the register does not count this one."""
        self._key = key
        self.setVisible(fact is not None)
        if fact is not None:
            self._words.setText(f"Theo sổ: {share_line(key, fact)}. Điểm vẫn do người chấm.")
            self._more.setText(readings(key, others))
            self._more.setVisible(bool(self._more.text()))

    def text(self) -> str:
        """What stands there, with the other readings."""
        return "\n".join(part for part in (self._words.text(), self._more.text()) if part)


def list_button(on_clicked: Callable[[], object]) -> Button:
    """ "Ai được tính", which opens the people behind a counted share."""
    made = Button("Ai được tính", icon="users", key="Ctrl+Shift+F", role="link", small=True)
    made.setAccessibleName("Ai được tính trong tỷ lệ này, phím Ctrl+Shift+F")
    made.clicked.connect(lambda _checked=False: on_clicked())
    return made


def typed_share_line(indicator: Indicator) -> str:
    """What a typed percentage is of, where the register cannot count it."""
    if indicator.fact is None:
        return ""
    spec = FACTS[indicator.fact]
    return f"Nhập tỷ lệ {spec.denominator} {spec.predicate}"
