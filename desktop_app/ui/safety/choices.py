"""A large card that is one choice: picture, heading, sentence; chosen by click, Enter or space, moved by arrows.

Invariant: it only says that it was chosen.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from desktop_app.ui import widgets as w
from desktop_app.ui.widgets.painting import paint_focus


class ChoiceCard(QFrame):
    """One choice.

    Signals:
        chosen.
    """

    chosen = Signal()

    def __init__(self, icon: str, heading: str, sentence: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(heading)
        self.setAccessibleDescription(sentence)
        row = w.hbox(self, margins=(20, 20), spacing=16)
        row.addWidget(w.IconView(icon, 32, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        words = w.vbox(spacing=6)
        words.addWidget(w.label(heading, "strong", wrap=True))
        words.addWidget(w.label(sentence, "quiet", wrap=True))
        words.addStretch(1)
        row.addLayout(words, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.focusNextChild()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_focus(painter, self.rect(), 12)
