"""A scanner's keys told from a person's by their pace, while the cursor stands in a cell of the grid.

Invariant: nothing that a scanner typed stays in a cell: the text of a square code is held back from its first letter
on, and of a bar code, which begins with figures as scores do, the figures that were taken for scores are given back.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

TEXT_GAP_S = 0.12
"""Between two keys of a square code's text; an input method may stand in between and slow them."""

FIGURE_GAP_S = 0.05
"""Between two figures of a bar code; fingers take longer."""

FIGURES = 6
"""So many figures at that pace are no scores."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Pace(Enum):
    """What a key belongs to."""

    FINGERS = auto()
    """A person's key; the grid takes it."""

    FIRST = auto()
    """A person's key as far as is known, from which on figures may turn out to be a scanner's."""

    KNOWN = auto()
    """A scanner's: all figures since ``FIRST`` were its, and are to be given back."""

    HELD = auto()
    """A scanner's, kept here."""

    WHOLE = auto()
    """The Enter of a scanner; ``text`` is what it read."""


class ScanWatch:
    """Listens to every key of a grid.

    Attributes:
        clock: seconds, where an event does not say when its key was pressed (tests).
        text: what the scanner typed so far.
    """

    def __init__(self) -> None:
        self.clock: Callable[[], float] = monotonic
        self.text = ""
        self._at = 0.0
        self._figures = ""

    def take(self, event: QKeyEvent) -> Pace:
        """Judge one key by its own time, so that a window that was busy does not make fingers a scanner."""
        now = event.timestamp() / 1000 or self.clock()
        gap, self._at = (now - self._at if now >= self._at else TEXT_GAP_S), now
        if self.text:
            held = self._hold(event, gap)
            if held is not None:
                return held
        return self._figure(event, gap)

    def _hold(self, event: QKeyEvent, gap: float) -> Pace | None:
        """Within a scan; None where it broke off."""
        letter = event.text()
        if gap >= TEXT_GAP_S:
            self.text = ""
            return None
        if event.key() in _ENTER:
            return Pace.WHOLE
        if event.key() == Qt.Key.Key_Backspace:
            self.text = self.text[:-1] or self.text  # an input method puts an accent on a letter of the code
        elif not letter or letter.isprintable():
            self.text += letter
        else:
            self.text = ""
            return None
        return Pace.HELD

    def _figure(self, event: QKeyEvent, gap: float) -> Pace:
        letter = event.text()
        is_plain = not event.modifiers() & _HELD
        if is_plain and letter in ("S", "s"):
            self.text, self._figures = letter, ""
            return Pace.FINGERS
        if not (is_plain and len(letter) == 1 and letter.isascii() and letter.isdigit()):
            self._figures = ""
            return Pace.FINGERS
        is_first = not self._figures or gap >= FIGURE_GAP_S
        self._figures = letter if is_first else self._figures + letter
        if is_first:
            return Pace.FIRST
        if len(self._figures) < FIGURES:
            return Pace.FINGERS
        self.text, self._figures = self._figures, ""
        return Pace.KNOWN

    def taken(self) -> str:
        """What was read, once."""
        text, self.text = self.text, ""
        return text
