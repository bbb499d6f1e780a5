"""The years of columns of titles whose headings tell none: typed here, a field a column.

Invariant: a year that cannot be is said and changes nothing; an empty field gives the year back to the list.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.importing.planning.planned import ImportPlan
from desktop_app.services.importing.titles.columns import FIRST_YEAR, LAST_YEAR
from desktop_app.services.importing.titles.sheets import By, TitleColumn, asked_years
from desktop_app.ui import widgets as w


class TitleYears(QWidget):
    """Fields for years.

    Signals:
        given(str, int, object): name of a sheet, index of a column, and the year, or None for what the list tells.
    """

    given = Signal(str, int, object)

    def __init__(self) -> None:
        super().__init__()
        self._column = w.vbox(self, spacing=4)
        self._line = w.FlowRow(spacing=8)
        self._column.addWidget(self._line)
        self.trouble = w.label("", "error", wrap=True)
        self.trouble.hide()
        self._column.addWidget(self.trouble)
        self._latest: int | None = None
        self._shown: list[tuple[str, TitleColumn]] = []
        self.editors: list[w.LineEditor] = []
        self.hide()

    def set_plan(self, plan: ImportPlan) -> None:
        """Show the columns of a plan whose year may be typed."""
        self._latest = plan.titles.latest
        columns = [(sheet.name, item) for sheet in plan.parsed.sheets for item in asked_years(sheet, self._latest)]
        self.setVisible(bool(columns))
        places = [(name, item.index) for name, item in columns]
        if places != [(name, item.index) for name, item in self._shown]:
            self._build(columns, len({name for name, _ in columns}) > 1)
        self._shown = columns
        for editor, (_, item) in zip(self.editors, columns, strict=True):
            if not editor.hasFocus() or item.by is not By.TYPED:
                editor.setText(str(item.year or ""))
        self.trouble.hide()

    def focus_first(self) -> None:
        """Put the keyboard on the first field."""
        if self.editors and self.isVisible():
            self.editors[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _build(self, columns: list[tuple[str, TitleColumn]], has_sheets: bool) -> None:
        self._line.clear()
        self.editors = []
        self._line.add(w.label("Năm danh hiệu:", "strong"))
        for place, (name, item) in enumerate(columns):
            words = f"{name} · {item.name}" if has_sheets else item.name
            self._line.add(w.label(words))
            editor = w.sized(w.LineEditor(w.Field("year", words, "integer", placeholder="chưa rõ")), width=84)
            editor.setAccessibleName(f"Năm danh hiệu của {words}")
            editor.returnPressed.connect(partial(self._on_left, place))
            editor.left.connect(partial(self._on_left, place))
            self.editors.append(self._line.add(editor))

    def _on_left(self, place: int) -> None:
        text, (name, item) = self.editors[place].text().strip(), self._shown[place]
        if text == str(item.year or ""):
            self.trouble.hide()
            return
        year = int(text) if text.isascii() and text.isdigit() and len(text) == len("2025") else None
        last = self._latest or LAST_YEAR
        if text and (year is None or not FIRST_YEAR <= year <= last):
            self.trouble.setText(f"“{text[:12]}” không phải năm của danh hiệu; hãy gõ năm từ {FIRST_YEAR} đến {last}.")
            self.trouble.show()
            return
        self.trouble.hide()
        self.given.emit(name, item.index, year)
