"""The side of a list where either the facts of its current row stand or a deed is asked for; one home for every list.

Invariant: what is asked stands in place of the facts and nowhere else; leaving it gives back the facts and the list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.ui.recognition.deed_form import DeedForm
from desktop_app.ui.widgets.basics import Button
from desktop_app.ui.widgets.layouts import sized
from desktop_app.ui.widgets.pair import ListAndPanel
from desktop_app.ui.widgets.panels import SidePanel

LEAST_HEIGHT = 176


class DeedSide(QStackedWidget):
    """Facts and deed, one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.facts = sized(SidePanel(), min_height=LEAST_HEIGHT)
        self.deed = DeedForm()
        self.addWidget(self.facts)
        self.addWidget(self.deed)

    @property
    def is_asking(self) -> bool:
        return self.currentWidget() is self.deed

    def outranks(self, *buttons: Button | None) -> None:
        """Let these be the main deed of the screen only while nothing is asked here."""
        for button in buttons:
            if button is not None:
                self.currentChanged.connect(lambda _now, button=button: button.set_primary(not self.is_asking))

    def ask(self, pair: ListAndPanel, *args: Any, **named: Any) -> None:
        """Ask for a deed in place of the facts; see ``DeedForm.ask``."""
        pair.set_has_panel(True)
        pair.show_panel()
        self.setCurrentWidget(self.deed)
        self.deed.ask(*args, **named)

    def leave(self, pair: ListAndPanel, *, has_rows: bool) -> bool:
        """Back to the facts; tells whether something was asked."""
        if not self.is_asking:
            return False
        self.setCurrentWidget(self.facts)
        pair.set_has_panel(has_rows)
        return True

    def turn(self, pair: ListAndPanel, table: QWidget, to_list: Callable[[], None]) -> None:
        """F6: from the list to this side, from anywhere else to the list."""
        focused = self.window().focusWidget()
        if focused is None or not (focused is table or table.isAncestorOf(focused)):
            to_list()
            return
        pair.show_panel()
        half: QWidget = self.deed if self.is_asking else self.facts
        half.setFocus(Qt.FocusReason.TabFocusReason)
        half.focusNextChild()
