"""Step "Ghép cột": the sheets that were found, and for each column what it is taken for; a person has the last word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.importing.fields import FIELD_TITLES, Field
from desktop_app.services.importing.mapping import ColumnMapping
from desktop_app.services.importing.preview import CellValue, ParsedColumn, ParsedSheet, ParsedWorkbook
from desktop_app.ui import widgets as w

CHOICES = [(field.value, FIELD_TITLES[field]) for field in Field if field not in (Field.SCORE, Field.TOTAL)]
SHOWN_SAMPLES = 3


class ColumnsView(QWidget):
    """Shows one sheet's columns at a time.

    Signals:
        mapping_changed: a column was given another meaning, or a sheet was taken or left out.
    """

    mapping_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._book: ParsedWorkbook | None = None
        self._mappings: dict[str, ColumnMapping] = {}
        self._left_out: set[str] = set()
        column = w.vbox(self, spacing=12)
        self.sheets = w.FlowRow()
        column.addWidget(self.sheets)
        self.about = w.label("", "quiet", wrap=True)
        column.addWidget(self.about)
        self.card = w.Card("Cột của bảng", note="chọn lại nếu chương trình hiểu chưa đúng")
        self._grid = w.grid(spacing=8)
        self.card.body.addLayout(self._grid)
        column.addWidget(self.card)
        column.addStretch(1)
        self.editors: dict[int, w.ChoiceEditor] = {}
        self._sheet = ""

    @property
    def mappings(self) -> Mapping[str, ColumnMapping]:
        """Sheets whose columns a person has changed → the mapping."""
        return self._mappings

    @property
    def chosen_sheets(self) -> tuple[str, ...] | None:
        """The sheets to read; None for all that are not hidden."""
        if self._book is None or not self._left_out:
            return None
        return tuple(name for name in self._book.all_sheets if name not in self._left_out)

    def set_book(self, book: ParsedWorkbook, *, is_new_file: bool) -> None:
        """Show a workbook; the mapping that a person made stays when the same file was read again."""
        if is_new_file:
            self._mappings.clear()
            self._left_out.clear()
        self._book = book
        names = [sheet.name for sheet in book.sheets]
        if self._sheet not in names:
            self._sheet = next((sheet.name for sheet in book.sheets if not sheet.skipped), names[0] if names else "")
        self._show_sheets()
        self._show_columns()

    def _show_sheets(self) -> None:
        assert self._book is not None
        self.sheets.clear()
        for name in self._book.all_sheets:
            sheet = self._parsed(name)
            persons = sheet.persons if sheet is not None else 0
            button = w.Button(f"{name} · {persons} người", role="primary" if name == self._sheet else "", small=True)
            button.clicked.connect(partial(self._open_sheet, name))
            self.sheets.add(button)
        if len(self._book.all_sheets) > 1:
            is_out = self._sheet in self._left_out
            toggle = w.Button(
                "Lấy lại trang này" if is_out else "Bỏ trang này", icon="plus" if is_out else "x", small=True
            )
            toggle.clicked.connect(self._toggle_sheet)
            self.sheets.add(toggle)

    def _parsed(self, name: str) -> ParsedSheet | None:
        assert self._book is not None
        return next((sheet for sheet in self._book.sheets if sheet.name == name), None)

    def _open_sheet(self, name: str) -> None:
        self._sheet = name
        self._show_sheets()
        self._show_columns()

    def _toggle_sheet(self) -> None:
        self._left_out.symmetric_difference_update({self._sheet})
        self.mapping_changed.emit()

    def _show_columns(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.editors.clear()
        sheet = self._parsed(self._sheet)
        if sheet is None:
            self.about.setText("Trang này không được đọc.")
            self.card.hide()
            return
        self.card.setVisible(bool(sheet.columns))
        self.about.setText(_about(sheet))
        for index, title in enumerate(("Cột", "Tiêu đề trong tệp", "Dữ liệu trong cột", "Hiểu là")):
            self._grid.addWidget(w.label(title, "small"), 0, index)
        used = [item for item in sheet.columns if item.filled or item.field is not Field.IGNORE]
        for row, item in enumerate(used, start=1):
            self._add_column(row, item)
        self._grid.setColumnStretch(1, 2)
        self._grid.setColumnStretch(2, 3)
        self._grid.setColumnStretch(3, 2)

    def _add_column(self, row: int, item: ParsedColumn) -> None:
        editor = w.ChoiceEditor()
        editor.setAccessibleName(f"Cột {item.letter}, {item.heading}")
        choices = (
            CHOICES if item.field not in (Field.SCORE, Field.TOTAL) else [(item.field.value, FIELD_TITLES[item.field])]
        )
        for value, text in choices:
            editor.addItem(text, value)
        editor.setCurrentIndex(max(editor.findData(item.field.value), 0))
        editor.activated.connect(partial(self._on_chosen, item.index))
        self.editors[item.index] = editor
        self._grid.addWidget(w.label(item.letter, "quiet"), row, 0)
        self._grid.addWidget(w.label(item.heading or "(không có tiêu đề)", "strong", wrap=True), row, 1)
        self._grid.addWidget(w.label(self._samples(item), "quiet", wrap=True), row, 2)
        self._grid.addWidget(editor, row, 3)

    def _samples(self, item: ParsedColumn) -> str:
        assert self._book is not None
        if item.samples:
            before, after = item.samples[0]
            return f"{before} → {after}"
        rows = (row.raw for row in self._book.rows if row.sheet == self._sheet and len(row.raw) > item.index)
        found: list[str] = []
        for raw in rows:
            text = _cell_text(raw[item.index])
            if text and text not in found:
                found.append(text)
            if len(found) == SHOWN_SAMPLES:
                break
        return " · ".join(found) if found else f"{item.filled} ô có dữ liệu"

    def _on_chosen(self, index: int, _position: int) -> None:
        sheet = self._parsed(self._sheet)
        if sheet is None:
            return
        chosen = Field(self.editors[index].currentData())
        mapping = self._mappings.get(self._sheet) or ColumnMapping(tuple(item.field for item in sheet.columns))
        self._mappings[self._sheet] = mapping.with_column(index, chosen)
        self.mapping_changed.emit()


def _cell_text(value: CellValue) -> str:
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())[:40] if value is not None else ""


def _about(sheet: ParsedSheet) -> str:
    if sheet.skipped:
        return sheet.skipped
    parts = []
    if sheet.header_rows is not None:
        first, last = sheet.header_rows
        parts.append(f"Dòng tiêu đề: {first}" if first == last else f"Dòng tiêu đề: {first}–{last}")
    if sheet.hamlet:
        parts.append(f"thôn theo tên trang hoặc tiêu đề: {sheet.hamlet}")
    if sheet.communes:
        parts.append(f"tiêu đề ghi {', '.join(sheet.communes)}")
    parts.append(f"{sheet.persons} người")
    return " · ".join(parts)
