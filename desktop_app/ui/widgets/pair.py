"""A list with its side panel: both in sight while there is room, one at a time when the window is narrow or zoomed.

Invariant: in the narrow shape exactly one of the two is shown, the one that is worked in, so neither is ever squeezed
until it is cut.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.ui import theme
from desktop_app.ui.widgets.layouts import hbox

PANEL_WIDTH, PANEL_MOST = 328, 480
PANEL_SHARE = 0.317
BREAK_WIDTH = 940


class ListAndPanel(QWidget):
    """The two halves of a register's screen.

    Signals:
        shape_changed(bool): True when only one half can be shown from now on.
    """

    shape_changed = Signal(bool)

    def __init__(self, master: QWidget, panel: QWidget) -> None:
        super().__init__()
        self._master, self._panel = master, panel
        self._is_narrow = False
        self._wants_panel = False
        self._has_panel = True
        row = hbox(self, spacing=16)
        row.addWidget(master, 1)
        row.addWidget(panel)
        theme.notifier().changed.connect(self._arrange)
        self._arrange()

    @property
    def is_narrow(self) -> bool:
        return self._is_narrow

    @property
    def shows_panel(self) -> bool:
        """Is the panel in sight?"""
        return self._has_panel and (not self._is_narrow or self._wants_panel)

    def set_has_panel(self, has_panel: bool) -> None:
        """Leave the panel out altogether while there is nothing to show in it."""
        if has_panel != self._has_panel:
            self._has_panel = has_panel
            self._arrange()

    def show_panel(self) -> None:
        """Bring the panel into sight; in the wide shape it is there already."""
        self._wants_panel = True
        self._arrange()

    def show_list(self) -> None:
        self._wants_panel = False
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def hasHeightForWidth(self) -> bool:
        """Both halves scroll in themselves, so the page never has to be higher than the window."""
        return False

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        seen = [part for part in (self._master, self._panel) if not part.isHidden()]
        return QSize(theme.px(240), max((part.minimumSizeHint().height() for part in seen), default=0))

    def _arrange(self) -> None:
        was, self._is_narrow = self._is_narrow, self.width() < theme.px(BREAK_WIDTH)
        if self._is_narrow and not was and self._has_panel:
            focused = QApplication.focusWidget()
            self._wants_panel = self._wants_panel or (focused is not None and self._panel.isAncestorOf(focused))
        self._master.setVisible(not self._is_narrow or not self.shows_panel)
        self._panel.setVisible(self.shows_panel)
        if self._is_narrow:
            self._panel.setMinimumWidth(0)
            self._panel.setMaximumWidth(16777215)
        else:
            share = min(max(theme.px(PANEL_WIDTH), round(self.width() * PANEL_SHARE)), theme.px(PANEL_MOST))
            self._panel.setFixedWidth(share)
        self.updateGeometry()
        if was != self._is_narrow:
            self.shape_changed.emit(self._is_narrow)
