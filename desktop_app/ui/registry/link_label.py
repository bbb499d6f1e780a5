"""A link to another record inside a side panel: one stop of Tab, a ring with the focus, opened by Enter or a click.

Invariant: the words wrap; what a screen reader says names the fact and the record.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from desktop_app.ui import theme
from desktop_app.ui.widgets.painting import paint_focus


class LinkLabel(QLabel):
    """Words with one link in front; QLabel's own links take Tab twice and show the first stop by nothing.

    Signals:
        opened(str): the target.
    """

    opened = Signal(str)

    def __init__(self, text: str, target: str, note: str = "") -> None:
        super().__init__()
        self._target = target
        self.setTextFormat(Qt.TextFormat.RichText)
        ink = theme.color("accent").name()
        tail = f" {escape(note)}" if note else ""
        self.setText(f'<a href="{escape(target)}" style="color:{ink};text-decoration:none">{escape(text)}</a>{tail}')
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.linkActivated.connect(self.opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self._target)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_focus(painter, self.rect())
