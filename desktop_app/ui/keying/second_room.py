"""Who has the room of a low window: the rows while work goes on, a question while it waits for its answer.

Invariant: what has the focus is never hidden by a mere sentence, only by a question that takes the focus itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from desktop_app.ui import theme
from desktop_app.ui.page import Page
from desktop_app.ui.registry.ask_bar import AskBar

LOW = 470
"""Height (at 100 %) below which a window is low."""


class Room(QObject):
    """Arranges one page.

    Args:
        page: whose height counts.
        bar: where questions are asked; with answers it takes the place of ``rows`` in a low window.
        rows: the work; ``extras``: hints, which a low window does not show.
    """

    def __init__(self, page: Page, bar: AskBar, rows: Sequence[QWidget], extras: Sequence[QWidget]) -> None:
        super().__init__(page)
        self._page, self._bar = page, bar
        self._rows, self._extras = tuple(rows), tuple(extras)
        self._filler = QWidget()
        self._filler.hide()
        page.body.addWidget(self._filler, 1)
        bar.installEventFilter(self)

    @property
    def is_low(self) -> bool:
        """The window is low, or the text large."""
        return self._page.height() < theme.px(LOW)

    def arrange(self) -> None:
        """Give the room to whom it belongs now."""
        is_asked = self.is_low and not self._bar.isHidden() and bool(self._bar.buttons)
        for part in self._rows:
            part.setVisible(not is_asked)
        for part in self._extras:
            part.setVisible(not self.is_low)
        self._filler.setVisible(is_asked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.arrange()
        return False
