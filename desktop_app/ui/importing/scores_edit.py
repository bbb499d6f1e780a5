"""One form of a scoring list typed over in place: who it is about, each score, and what is wrong with it.

Invariant: Enter reads the form again with what was typed, Esc goes back to the list; nothing typed is thrown away.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.services.importing.preview import ScoreRow
from desktop_app.services.importing.scores.cells import Place, ScoreCell
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.row_edit import RowEdit

LONGEST = 24


class ScoresEdit(RowEdit):
    """The cells of one form; the keys are their places in the file."""

    MOST_COLUMNS = 12
    COLUMN_WIDTH = 104

    def __init__(self) -> None:
        super().__init__(spacing=8)
        self.said = w.label("", "error", wrap=True)
        self.body.addWidget(self.said)
        self.body.addWidget(self._area)
        self._wide: set[QWidget] = set()

    @property
    def front(self) -> QWidget | None:
        """The cell that was typed into last, else the first."""
        last = self.editors.get(self._last) if self._last is not None else None
        return last or next(iter(self.editors.values()), None)

    def set_form(
        self, row: ScoreRow, cells: Sequence[ScoreCell], said: str, typed: Collection[Place], *, is_wrong: bool
    ) -> None:
        """Show a form; the keyboard is where it was, else at its first cell."""
        self._last = self.focused
        self.title.setText(f"Sửa dòng {row.row}: {row.name or '(thiếu tên)'}")
        self.said.setText(said)
        self.said.setProperty("role", "error" if is_wrong else "warning")
        w.repolish(self.said)
        self.said.setVisible(bool(said))
        self.restore.setVisible(any(cell.place in typed for cell in cells))
        self.clear_cells()
        self._wide.clear()
        for item in cells:
            cell = self._cell(item)
            self.add_cell(cell)
            if not item.is_score:
                self._wide.add(cell)
        self.place()
        if self.editors:
            editor = self.front
            assert isinstance(editor, w.LineEditor)
            editor.setFocus(Qt.FocusReason.OtherFocusReason)
            editor.selectAll()

    def span_of(self, cell: QWidget) -> int:
        return 2 if cell in self._wide else 1

    def _cell(self, item: ScoreCell) -> QWidget:
        cell = QWidget()
        column = w.vbox(cell, spacing=3)
        shown = item.title if len(item.title) <= LONGEST else f"{item.title[: LONGEST - 1]}…"
        title = w.label(shown, "field")
        title.setToolTip(item.title)
        column.addWidget(title)
        column.addWidget(self.add_editor(item.place, w.Field("cell", item.title), item.text))
        return cell
