"""A sentence in place: beside the cell it is about, gone with the next key that is taken.

Invariant: never takes the focus and never covers its cell.
"""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QFrame, QWidget

from desktop_app.ui import theme
from desktop_app.ui.widgets.basics import label, set_tone
from desktop_app.ui.widgets.feedback import BANNER_ICONS, IconView
from desktop_app.ui.widgets.layouts import hbox

WIDTH = 380


class CellNote(QFrame):
    """Hangs below (or above) a cell."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setProperty("tone", "failed")
        row = hbox(self, margins=(12, 8), spacing=8)
        self._icon = IconView(BANNER_ICONS["failed"], 18, "failed")
        row.addWidget(self._icon)
        self._words = label("", wrap=True)
        row.addWidget(self._words, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What is said now; empty when nothing is."""
        return "" if self.isHidden() else self._words.text()

    def say(self, sentence: str, cell: QRect, tone: str = "failed") -> None:
        """Show a sentence at a cell of the parent."""
        set_tone(self, tone)
        self._icon.set_icon(BANNER_ICONS[tone], tone)
        self._words.setText(sentence)
        self.setAccessibleName(sentence)
        parent = self.parentWidget()
        assert parent is not None
        gap, most = theme.px(4), parent.width() - theme.px(16)
        above, below = cell.top() - gap, parent.height() - cell.bottom() - gap
        width = min(theme.px(WIDTH), most)
        if self._height_for(width) > max(above, below):
            width = most
        height = self._height_for(width)
        left = max(theme.px(8), min(cell.center().x() - width // 2, parent.width() - width - theme.px(8)))
        is_below = height <= below or below >= above
        self.setGeometry(left, cell.bottom() + gap if is_below else above - height, width, height)
        self.show()
        self.raise_()

    def _height_for(self, width: int) -> int:
        inner = width - theme.px(24 + 18 + 8 + 4)
        return self._words.heightForWidth(max(inner, 1)) + theme.px(22)
