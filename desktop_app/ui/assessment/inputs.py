"""What one indicator is answered with: a score or percentage typed, a level or "đạt / chưa đạt" chosen by one key.

Invariants: a number counts only when the page is told to take it (Enter, or leaving the box), never while half typed;
letters and digits choose levels only on widgets that take no text; Backspace is Qt's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence

from desktop_app.services.assessment.scoring import validate_answer
from desktop_app.services.criteria.definition import AnswerType, Indicator
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.widgets.layouts import sized
from desktop_app.ui.widgets.scoring import Level, LevelList, ScoreBox

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def score_text(score: float) -> str:
    """A score or percentage with as many decimals (at most two) as it needs: "7", "7,5", "93,25"."""
    decimals = next((d for d in (0, 1) if abs(round(score, d) - score) < 1e-9), 2)
    return number_text(score, decimals)


@dataclass(frozen=True)
class Choice(Level):
    """A level whose right-hand word is not a range of scores."""

    note: str = ""

    def range_text(self) -> str:
        return self.note


class AnswerBox(ScoreBox):
    """Points or a percentage, judged by the same engine as everything else while it is typed.

    Signals:
        entered: Enter, whatever stands there; the page asks ``error`` and ``score``.
        back_pressed: Shift+Enter.
        stepped(int): arrow up (-1) or down (1).
        focused: the focus came here.
    """

    entered = Signal()
    back_pressed = Signal()
    stepped = Signal(int)
    focused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._indicator: Indicator | None = None

    def set_indicator(self, indicator: Indicator) -> None:
        """What is to be typed; empties the box."""
        self._indicator = indicator
        is_percent = indicator.answer_type is AnswerType.PERCENT
        self.maximum = 100 if is_percent else indicator.max_score or 0
        self.allows_half = indicator.half_points
        sized(self, width=104 if is_percent else 80)
        self.set_score(None)
        word = "Tỷ lệ phần trăm" if is_percent else "Điểm"
        self.setAccessibleName(f"{word} mục {indicator.number}")

    def set_score(self, score: float | None) -> None:
        self.setText("" if score is None else score_text(score))
        self._show_state()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ENTER:
            (self.back_pressed if event.modifiers() & _SHIFT else self.entered).emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.stepped.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z belongs to the page where nothing is typed that could be undone here."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and not self.isUndoAvailable()
        ):
            event.ignore()
            return False
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()
        self.focused.emit()

    def _read(self) -> tuple[float | int | None, str]:
        text = self.text().strip()
        if not text or self._indicator is None:
            return None, ""
        if text[-1] in ",." and text[:-1].isascii() and text[:-1].isdecimal():
            return None, "Số chưa gõ xong."
        plain = text.replace(",", ".")
        is_plain = plain.isascii() and plain.replace(".", "", 1).isdecimal()
        value = float(plain) if is_plain else None
        problem = validate_answer(self._indicator, value)
        if problem is not None or value is None:
            return None, problem.message if problem is not None else ""
        return (int(value) if value == int(value) else value), ""


class Levels(LevelList):
    """The levels of a points indicator; Shift+Enter goes back.

    Signals:
        back_pressed: Shift+Enter.
    """

    back_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme.remember_layout(self._column, (3, 3, 3, 3), 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and event.modifiers() & _SHIFT:
            self.back_pressed.emit()
        else:
            super().keyPressEvent(event)


class Choices(Levels):
    """A short list of choices without scores: met or not, or which of the four forms.

    ``is_moving`` is true while an arrow moves the mark, so that a page may wait for Enter.

    Signals (further to LevelList's):
        level_chosen(int): by letter, digit, arrow or mouse.
    """

    def __init__(self, name: str, letters: Sequence[str] = (), digits: Sequence[str] = ()) -> None:
        super().__init__()
        self._extra = {key: place for keys in (letters, digits) for place, key in enumerate(keys) if key}
        self.is_moving = False
        self.setAccessibleName(name)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        self.set_levels(choices)
        for item, choice in zip(self._items, choices, strict=False):
            words = (choice.name, choice.note, choice.text)
            item.setAccessibleName(". ".join(part for part in words if part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = self._extra.get(event.text().lower())
        if place is not None and place < len(self._levels):
            self._choose(place)
            return
        self.is_moving = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        super().keyPressEvent(event)
        self.is_moving = False


class MetChoice(Choices):
    """Đạt or chưa đạt: A, Đ (or D) and 1 say met; B, C and 0 say not met."""

    MET, NOT_MET = 0, 1

    def __init__(self) -> None:
        super().__init__("Đạt hay chưa đạt")
        self._extra = {"đ": 0, "d": 0, "1": 0, "c": 1, "0": 1}

    def set_indicator(self, indicator: Indicator) -> None:
        self.set_choices(
            (
                Choice("Đạt", 1, 1, "Có đủ, có minh chứng"),
                Choice("Chưa đạt", 0, 0, "Chưa có, hoặc chưa đủ"),
            )
        )
        self.setAccessibleName(f"Chỉ tiêu {indicator.number}: đạt hay chưa đạt")

    def set_value(self, value: float | None) -> None:
        self.set_current(None if value is None else self.MET if value else self.NOT_MET)
