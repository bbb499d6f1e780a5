"""What is said of the row in front: its changes field by field, before and after, and every remark in whole sentences.

Invariant: shows a row and reports that it is to be typed over; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.importing.preview import Issue, Severity
from desktop_app.services.importing.units.rows import UnitPlan
from desktop_app.ui import widgets as w
from desktop_app.ui.importing import unit_words
from desktop_app.ui.importing.words import ShownRow, change_lines, fate_chip

MOST_LINES = 6
NOTHING = "Không có gì cần xem lại ở dòng này."


class RowPanel(w.Card):
    """One row in words.

    Signals:
        edit_requested: the row is to be typed over.
    """

    edit_requested = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(14, 10), spacing=6)
        head = w.hbox(spacing=8)
        self.title = w.ElidedLabel("", "strong")
        head.addWidget(self.title)
        self.fate = w.Chip("")
        head.addWidget(self.fate)
        head.addStretch(1)
        self.edit = w.QuietButton("Sửa dòng này", icon="pencil", key="F2", small=True)
        self.edit.clicked.connect(lambda _checked=False: self.edit_requested.emit())
        head.addWidget(self.edit)
        self.body.addLayout(head)
        self._lines = QWidget()
        self._grid = w.grid(self._lines, spacing=4)
        self._grid.setColumnStretch(3, 1)
        self.body.addWidget(self._lines)
        self.words: list[str] = []

    def set_row(self, item: ShownRow) -> None:
        """Show a row."""
        row = item.plan.row
        self.edit.show()
        self.title.setText(f"Dòng {row.row} · {row.name or '(thiếu họ tên)'}")
        self.fate.set_chip(fate_chip(item))
        self._show(change_lines(item), (*row.issues, *item.plan.issues), NOTHING)

    def set_unit(self, item: UnitPlan) -> None:
        """Show a row about a clan, an organization, a branch or a hamlet; it is mended in the file."""
        row = item.row
        self.edit.hide()
        self.title.setText(f"Dòng {row.row} · {row.name or '(thiếu tên)'}")
        self.fate.set_chip(unit_words.unit_chip(item))
        self._show(unit_words.change_lines(item), (*row.issues, *item.issues), NOTHING)

    def _show(self, lines: Sequence[tuple[str, str, str]], said: Sequence[Issue], nothing: str) -> None:
        while (old := self._grid.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.words = []
        for name, before, after in lines[:MOST_LINES]:
            self._add_change(name, before, after)
        issues = sorted(said, key=lambda issue: issue.severity is not Severity.ERROR)
        for issue in issues[:MOST_LINES]:
            self._add_line(issue.message, "error" if issue.severity is Severity.ERROR else "warning")
        if not self.words:
            self._add_line(nothing, "small")
        self.setAccessibleName(f"{self.title.text()}. {' '.join(self.words)}")

    def _add_change(self, name: str, before: str, after: str) -> None:
        at = len(self.words)
        self._grid.addWidget(w.label(name, "small"), at, 0)
        self._grid.addWidget(w.label(before or "(trống)", "quiet"), at, 1)
        self._grid.addWidget(w.IconView("arrow-right", 14, "quiet"), at, 2)
        self._grid.addWidget(w.label(after, "strong"), at, 3)
        self.words.append(f"{name}: {before} → {after}")

    def _add_line(self, text: str, role: str) -> None:
        self._grid.addWidget(w.label(text, role, wrap=True), len(self.words), 0, 1, 4)
        self.words.append(text)
