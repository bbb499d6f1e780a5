"""Who has the room of a low window: the rows while work goes on, a question while it waits for its answer.

Invariant: what has the focus is never hidden by a mere sentence, only by a question that takes the focus itself; Esc
puts questions away and throws nothing away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.ui import theme
from desktop_app.ui.page import Page
from desktop_app.ui.registry.ask_bar import AskBar

LOW = 470
"""Height (at 100 %) below which a window is low."""


ENOUGH = 120
"""Height (at 100 %) of the rows' heading and two rows, beside which a question may stand."""

BESIDE = 60
"""Height (at 100 %) of what stands about question and rows: margins and the sentence below."""


class Room(QObject):
    """Arranges one page.

    Args:
        page: whose height counts.
        asking: what asks: bars whose question has answers, or lines to be filled in.
        rows: the work; ``extras``: hints, which a low window does not show.
        tight: height (at 100 %) below which whatever asks takes the place of ``rows``, unless it leaves them enough.
    """

    def __init__(
        self,
        page: Page,
        asking: Sequence[QWidget],
        rows: Sequence[QWidget],
        extras: Sequence[QWidget],
        *,
        tight: int = LOW,
    ) -> None:
        super().__init__(page)
        self._page, self._asking, self._tight = page, tuple(asking), tight
        self._rows, self._extras = tuple(rows), tuple(extras)
        self._filler = QWidget()
        self._filler.hide()
        page.body.addWidget(self._filler, 1)
        for part in self._asking:
            part.installEventFilter(self)

    @property
    def is_low(self) -> bool:
        """The window is low, or the text large."""
        return self._page.height() < theme.px(LOW)

    def arrange(self) -> None:
        """Give the room to whom it belongs now."""
        asked = sum(self._height_of(part) for part in self._asking if _asks(part))
        left = self._page.height() - asked - theme.px(BESIDE)
        gives_way = self._page.height() < theme.px(self._tight) and asked > 0 and left < theme.px(ENOUGH)
        for part in self._rows:
            part.setVisible(not gives_way)
        for part in self._extras:
            part.setVisible(not self.is_low)
        self._filler.setVisible(gives_way)

    def _height_of(self, part: QWidget) -> int:
        margins = self._page.body.contentsMargins()
        width = self._page.width() - margins.left() - margins.right()
        return part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent, QEvent.Type.Resize):
            self.arrange()
        return False


def _asks(part: QWidget) -> bool:
    return not part.isHidden() and (not isinstance(part, AskBar) or bool(part.buttons))


class AskingPage(Page):
    """A page with questions at its head and a room; what it shows is added by its own class."""

    room: Room

    def __init__(self, context: Any) -> None:
        super().__init__(context, scroll=False)
        self.body.setProperty("marginsAt100", [24, 16, 24, 12, 10])
        self.ask_bar = AskBar()
        self.body.addWidget(self.ask_bar)

    def focus_work(self) -> None:
        """Put the focus where work goes on."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts questions away and goes back to the work; it throws nothing away."""
        if event.key() == Qt.Key.Key_Escape:
            self.ask_bar.hide()
            self.put_away()
            self.focus_work()
            return
        super().keyPressEvent(event)

    def put_away(self) -> None:
        """What else Esc puts away."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.room.arrange()
