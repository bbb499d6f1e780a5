"""Two records side by side: what differs is chosen line by line, with the arrow keys or a click.

Invariant: shows and reports; the older record stands at the left and stays; the chosen side has a tick and a colour,
never the colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from desktop_app.ui import theme
from desktop_app.ui.widgets.basics import Card, Chip, QuietButton, label
from desktop_app.ui.widgets.feedback import IconView
from desktop_app.ui.widgets.layouts import FlowRow, ScrollBody, hbox, rule, sized, vbox
from desktop_app.ui.widgets.painting import paint_focus

if TYPE_CHECKING:
    from desktop_app.services.duplicates.comparing import ComparedLine, Comparison
    from desktop_app.services.duplicates.evidence import Reason
    from desktop_app.services.duplicates.search import DuplicatePair, Glance

LABEL_WIDTH = 96
ALMOST = 90
UNLINKED = "Ngoài họ tên và ngày sinh chưa có gì nối hai hồ sơ; hai người khác nhau cũng có thể như vậy."
SIDES = ("Hồ sơ cũ hơn (ở lại)", "Hồ sơ sau (gộp vào)")
SECRETS = ("cccd", "phone")


class ComparePanel(Card):
    """The right half of the screen of duplicates.

    Signals:
        reveal_asked: the masked numbers are to be shown (and that is written down).
        escaped: back to the list.
    """

    reveal_asked = Signal()
    escaped = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(0, 0, 0, 0), spacing=0)
        self.setAccessibleName("So hai hồ sơ")
        self._lines: list[_Line] = []
        body = QWidget()
        self._column = vbox(body, margins=(12, 16, 12, 16), spacing=6)
        self._column.addStretch(1)
        self._scroll = ScrollBody(body)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self._scroll, 1)
        sized(self, min_height=150)

    # -- showing -------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Show nothing."""
        self._lines = []
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def show_sentence(self, title: str, sentence: str) -> None:
        """Say something instead of comparing."""
        self.clear()
        self._add_text(label(title, "title", wrap=True))
        self._add_text(label(sentence, "quiet", wrap=True))

    def show_pair(self, pair: DuplicatePair, found: Comparison) -> None:
        """Show an open pair; what differs can be chosen."""
        self.clear()
        self._add_head(pair)
        self._add(_SideHeads(found))
        questions = [line for line in found.lines if line.differs]
        for line in questions:
            self._add_line(line)
        if any(line.name in SECRETS for line in questions):
            reveal = QuietButton("Xem đủ số CCCD, điện thoại", icon="eye", small=True)
            reveal.setToolTip("Nhật ký ghi lại ai đã xem, lúc nào")
            reveal.clicked.connect(lambda _checked=False: self.reveal_asked.emit())
            self._add_text(FlowRow(reveal))
        self._add_notes(found.notes)
        self._add_same([line for line in found.lines if not line.differs])
        self._scroll.verticalScrollBar().setValue(0)

    def show_settled(self, first: Glance, second: Glance, sentence: str) -> None:
        """Show a pair that was settled before."""
        self.clear()
        self._add_text(label(first.name, "title", wrap=True))
        self._add_text(label(sentence, wrap=True))
        for title, side in zip(("Hồ sơ ở lại", "Hồ sơ kia"), (first, second), strict=True):
            self._add(rule())
            self._add_text(label(title, "strong"))
            for text in (
                side.name,
                side.birth and f"sinh {side.birth}",
                side.cccd and f"CCCD {side.cccd}",
                _home(side),
            ):
                if text:
                    self._add_text(label(text, "quiet", wrap=True))

    def _add_head(self, pair: DuplicatePair) -> None:
        head = QWidget()
        row = hbox(head, margins=(8, 0), spacing=10)
        row.addWidget(label(pair.first.name, "title", wrap=True), 1)
        is_sure = pair.likelihood == "sure"
        words = f"{pair.score} % · {'chắc chắn' if is_sure else 'nên xem kỹ'}"
        tone, icon = ("passed", "circle-check") if is_sure else ("attention", "circle-question-mark")
        row.addWidget(Chip(words, tone, icon), 0, Qt.AlignmentFlag.AlignTop)
        self._add(head)
        reasons = QWidget()
        vbox(reasons, margins=(8, 0, 8, 6)).addWidget(FlowRow(*map(_reason_chip, pair.reasons), spacing=6))
        self._add(reasons)
        if not is_sure and pair.score >= ALMOST and not pair.is_linked:
            self._add_text(label(UNLINKED, "small", wrap=True))

    def _add_line(self, line: ComparedLine) -> None:
        made = _Line(line)
        made.escaped.connect(self.escaped)
        made.moved.connect(partial(self._move, made))
        self._lines.append(made)
        self._add(made)

    def _add_notes(self, notes: Sequence[str]) -> None:
        for note in notes:
            box = QWidget()
            row = hbox(box, margins=(8, 4), spacing=8)
            row.addWidget(IconView("triangle-alert", 18, "attention"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(note, "warning", wrap=True), 1)
            self._add(box)

    def _add_same(self, lines: Sequence[ComparedLine]) -> None:
        if not lines:
            return
        self._add(rule())
        self._add_text(label("Giống nhau", "small"))
        for line in lines:
            box = QWidget()
            row = hbox(box, margins=(8, 0), spacing=10)
            row.addWidget(sized(label(line.label, "quiet", wrap=True), width=LABEL_WIDTH), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(line.first, wrap=True), 1)
            self._add(box)

    def _add_text(self, text: QWidget) -> None:
        box = QWidget()
        vbox(box, margins=(8, 0)).addWidget(text)
        self._add(box)

    def _add(self, widget: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, widget)
        widget.show()  # at once: the keyboard may come to it before the next turn of the event loop

    # -- choosing ------------------------------------------------------------------------------------------------

    @property
    def taken(self) -> frozenset[str]:
        """The lines whose right side is chosen."""
        return frozenset(line.name for line in self._lines if line.takes_second)

    @property
    def place(self) -> int:
        """Which line has the focus; -1 for none."""
        return next((at for at, line in enumerate(self._lines) if line.hasFocus()), -1)

    def return_to(self, taken: frozenset[str], place: int) -> None:
        """Choose the same sides of the same pair again and go back to the line with the focus."""
        for line in self._lines:
            line.choose(line.name in taken)
        if 0 <= place < len(self._lines):
            self._lines[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_first(self) -> bool:
        """Put the keyboard on the first line that can be chosen; False when nothing differs."""
        if self._lines:
            self._lines[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(self._lines)

    def show_numbers(self, numbers: Mapping[str, tuple[str, str]]) -> None:
        """Show whole numbers in their lines: name → both sides."""
        for line in self._lines:
            if line.name in numbers:
                line.set_texts(*numbers[line.name])

    def _move(self, line: _Line, step: int) -> None:
        place = self._lines.index(line) + step
        if 0 <= place < len(self._lines):
            self._lines[place].setFocus(Qt.FocusReason.OtherFocusReason)


class _SideHeads(QWidget):
    """What the two columns are, and what hangs on each record."""

    def __init__(self, found: Comparison) -> None:
        super().__init__()
        row = hbox(self, margins=(8, 4, 8, 0), spacing=10)
        row.addWidget(sized(QLabel(), width=LABEL_WIDTH))
        for title, hanging in zip(SIDES, (found.first_hanging, found.second_hanging), strict=True):
            column = vbox(spacing=0)
            column.addWidget(label(title, "strong", wrap=True))
            column.addWidget(label(", ".join(hanging) or "chưa có phiếu, giấy", "small", wrap=True))
            column.addStretch(1)
            row.addLayout(column, 1)


class _Line(QFrame):
    """One thing that differs: label, left value, right value.

    Signals:
        moved(int): to the next line (1) or the one before (-1).
        escaped: back to the list.
    """

    moved = Signal(int)
    escaped = Signal()

    def __init__(self, line: ComparedLine) -> None:
        super().__init__()
        self.name = line.name
        self._words = line.label
        self.takes_second = line.takes_second
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = hbox(self, margins=(8, 4), spacing=10)
        row.addWidget(sized(label(line.label, "quiet", wrap=True), width=LABEL_WIDTH))
        self.sides = (_Value(line.first, partial(self.choose, False)), _Value(line.second, partial(self.choose, True)))
        for side in self.sides:
            row.addWidget(side, 1)
        self.choose(line.takes_second)

    def set_texts(self, first: str, second: str) -> None:
        for side, text in zip(self.sides, (first, second), strict=True):
            side.set_text(text)
        self._describe()

    def choose(self, takes_second: bool) -> None:
        """Take the right value, or the left one."""
        self.takes_second = takes_second
        for side, is_chosen in zip(self.sides, (not takes_second, takes_second), strict=True):
            side.set_chosen(is_chosen)
        self._describe()

    def _describe(self) -> None:
        chosen, other = self.sides if not self.takes_second else self.sides[::-1]
        self.setAccessibleName(f"{self._words}: lấy {chosen.text or 'để trống'}, bỏ {other.text or 'trống'}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.choose(key == Qt.Key.Key_Right)
        elif key == Qt.Key.Key_Space:
            self.choose(not self.takes_second)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.moved.emit(1)
        elif key == Qt.Key.Key_Up:
            self.moved.emit(-1)
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

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


class _Value(QWidget):
    """One side's value; a click chooses it."""

    def __init__(self, text: str, on_chosen: Callable[[], None]) -> None:
        super().__init__()
        self._is_chosen = False
        self._on_chosen = on_chosen
        self.text = text
        row = hbox(self, margins=(10, 7), spacing=6)
        self._label = label("", wrap=True)
        row.addWidget(self._label, 1)
        self._tick = IconView("check", 16, "accent_deep")
        row.addWidget(self._tick, 0, Qt.AlignmentFlag.AlignTop)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        self.text = text
        self._label.setText(text or "(để trống)")

    def set_chosen(self, is_chosen: bool) -> None:
        self._is_chosen = is_chosen
        self._tick.set_icon("check" if is_chosen else "", "accent_deep")
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._on_chosen()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, line = ("accent_ground", "accent") if self._is_chosen else ("card", "line")
        painter.setBrush(theme.color(ground))
        painter.setPen(QPen(theme.color(line), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(8), theme.px(8))


def _reason_chip(reason: Reason) -> Chip:
    if reason.is_against:
        return Chip(reason.text, "failed", "minus")
    return Chip(reason.text, "neutral", "plus" if reason.bits > 0 else "")


def _home(side: Glance) -> str:
    return " · ".join(part for part in (side.household and f"hộ {side.household}", side.hamlet) if part)


__all__ = ["ComparePanel"]
