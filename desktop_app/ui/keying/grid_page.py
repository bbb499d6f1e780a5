"""What the first and the second keying of a stack have in common: one grid, its line for the next form, its keys.

Invariants: each cell is on the disk before the next is typed; a half typed number keeps the page until it is saved
(Enter) or given up (Esc).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from desktop_app.models.types import LearningModel
from desktop_app.ui.keying.finder import Finder
from desktop_app.ui.keying.grid import KeyGrid
from desktop_app.ui.keying.room import AskingPage
from desktop_app.ui.keying.words import BESIDE_TITLES, NAME_TITLES
from desktop_app.ui.widgets import state
from desktop_app.ui.widgets.basics import Card, ElidedLabel, KeyHint, QuietButton
from desktop_app.ui.widgets.layouts import FlowRow, vbox

ONE_KEY = "keying.one_key"
"""Whether one key fills a cell, as it is remembered for both keyings."""


class GridPage(AskingPage):
    """The common part; ``store`` is a GridStore that also takes back and says when it saved.

    Attributes:
        row_label: what is said of the current row; ``where_label``: of the current cell.
    """

    store: Any
    finder: Finder

    # -- building ----------------------------------------------------------------------------------------------

    def _add_grid(self, model: LearningModel) -> None:
        self.grid = KeyGrid(self.store, name_title=NAME_TITLES[model], birth_title=BESIDE_TITLES.get(model, ""))
        self.frame = Card(margins=(8, 4, 8, 6), spacing=0)
        self.frame.body.addWidget(self.grid)
        self.body.addWidget(self.frame, 1)

    def _add_lines(self, hints: Mapping[str, str]) -> None:
        """The lines below the grid, and the keys by name."""
        self.row_label = ElidedLabel("", "small")
        self.where_label = ElidedLabel("", "small")
        lines = vbox(spacing=3)
        lines.addWidget(self.row_label)
        lines.addWidget(self.where_label)
        self.body.addLayout(lines)
        self.hints = FlowRow(*(KeyHint(key, words) for key, words in hints.items()), spacing=16)
        self.body.addWidget(self.hints)

    def _bind_grid(self, one_key_action: str, handlers: Mapping[str, Callable[[], object]]) -> None:
        common = {"list": self.begin_search, "repeat": self._on_repeat, "reload": self._on_reload}
        for action_id, handler in {**common, **handlers}.items():
            self.bind(action_id, handler)
        self.one_key_button = QuietButton("Một phím", icon="keyboard", key="Ctrl+1")
        self.one_key_button.setCheckable(True)
        self.one_key_button.setToolTip("Gõ một chữ số là xong ô: 0 là 10, dấu trừ là 0 (Ctrl+1)")
        self.bind(one_key_action, self.one_key_button.toggle)
        self.one_key_button.toggled.connect(self._on_one_key)
        self.one_key_button.setChecked(state.recall(ONE_KEY) == "1")
        self.grid.scanned.connect(self.take_scan)
        self.finder.left_up.connect(self.focus_grid)
        self.finder.focused.connect(self._on_finder_focused)

    # -- showing -----------------------------------------------------------------------------------------------

    def show_progress(self) -> None:
        """How far the work is, and the lines below the grid."""
        raise NotImplementedError  # the first and the second keying count differently

    def _first_open_row(self) -> int | None:
        """The first row that still takes something."""
        cells = range(len(self.store.cells))
        for row in range(self.store.count()):
            if any(self.store.value(row, c) is None and not self.store.why_shut(row, c) for c in cells):
                return row
        return None

    def _show_where(self) -> None:
        """What the current cell asks."""
        cell = self.store.cells[self.grid.column]
        self.where_label.setText(f"{cell.word.capitalize()} {cell.number} ({cell.range_text}): {cell.title}")

    def say_saved(self) -> None:
        """ "Đã lưu 14:32:05"."""
        if self.shell is not None and self.store.saved_at is not None:
            self.shell.saved(self.store.saved_at)

    def on_saved(self, _row: int, _column: int) -> None:
        """A cell reached the disk: progress and the time say so."""
        if self._banner is not None:
            self.clear_banner()
        self.show_progress()
        self.say_saved()

    # -- where the work is -------------------------------------------------------------------------------------

    def focus_grid(self) -> None:
        """Back to the rows."""
        if self.store.count():
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_search(self) -> None:
        """F4: the line on which the next form is looked for; once what is typed in the grid is saved."""
        if self.grid.commit():
            self.grid.set_adding(True)
            self.finder.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_scan(self, text: str) -> None:
        """A form was scanned while the cursor stood in a cell: the line for the next one takes it."""
        if self.grid.is_typing:
            self.grid.say_half_typed()
            return
        self.begin_search()
        self.finder.setText(text)
        self.finder.submit()

    def _on_finder_focused(self) -> None:
        if self.grid.is_typing:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            self.grid.say_half_typed()
        elif not self.grid.is_adding:
            self.grid.set_adding(True)

    def _on_one_key(self, on: bool) -> None:
        self.grid.one_key = on
        state.remember(ONE_KEY, "1" if on else "0")

    def _on_repeat(self) -> None:
        if not self.grid.is_adding:
            self.grid.repeat_above()

    def _on_reload(self) -> None:
        if self.grid.is_typing:
            self.grid.say_half_typed()
        else:
            self.refresh()

    # -- page --------------------------------------------------------------------------------------------------

    def undo(self) -> bool:
        """Ctrl+Z: a half typed number, then cells of the present row or a pasted block; what was before is undone
        deed by deed."""
        if self.grid.restore():
            return True
        place = None
        with self.errors():
            place = self.store.undo()
        if place is None:
            return False
        self.grid.set_adding(False)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grid.go_to(*place)
        self.on_saved(*place)
        return True

    def can_leave(self) -> bool:
        """A half typed number is neither saved nor dropped: it is asked about in its place."""
        if self.grid.is_typing:
            self.focus_grid()
            self.grid.say_half_typed()
            return False
        with self.errors():
            self.store.leave()
        return True

    def put_away(self) -> None:
        self.clear_banner()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_progress()
