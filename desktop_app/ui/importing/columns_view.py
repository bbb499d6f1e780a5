"""Step "Ghép cột": the sheets that were found, their heading rows, and what each column is taken for.

Invariant: a person has the last word on all of it; nothing is read here, the wizard reads again when told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop_app.services.assessment.score_choices import IndicatorChoice
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.headings.remembered import RememberedMapping
from desktop_app.services.importing.headings.sheets import ParseOptions
from desktop_app.services.importing.preview import ParsedColumn, ParsedSheet, WorkbookKind
from desktop_app.services.importing.understanding import Samples, Understood
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.columns_grid import ColumnsGrid
from desktop_app.ui.importing.sheet_facts import SheetFacts
from desktop_app.ui.importing.unit_words import KINDS
from desktop_app.ui.importing.words import charset_notice, show_notice

PEOPLE_FIELDS = tuple(field for field in Field if field not in (Field.IGNORE, Field.SCORE, Field.TOTAL))
SCORE_FIELDS = (
    Field.SEQUENCE, Field.NAME, Field.FAMILY_NAME, Field.GIVEN_NAME, Field.BIRTH, Field.CCCD, Field.HOUSEHOLD_CODE,
    Field.HAMLET, Field.GROUP, Field.SCORE, Field.TOTAL,
)  # fmt: skip

SHEET_COLUMNS = (
    w.Column("is_read", "Đọc", 52, "check", is_sortable=False),
    w.Column("name", "Trang tính", 120, "strong", value=lambda row: row.sheet.name, stretch=1, is_sortable=False),
    w.Column(
        "persons",
        "Số dòng",
        84,
        "number",
        value=lambda row: row.sheet.persons + row.sheet.units or None,
        is_sortable=False,
    ),
)


@dataclass(frozen=True)
class SheetRow:
    """A line of the list of sheets."""

    sheet: ParsedSheet
    is_read: bool


class ColumnsView(QWidget):
    """Shows one sheet's columns at a time.

    Signals:
        changed: a column has another meaning, a sheet is taken or left out, heading or settlement is another.
        forgotten(str): the remembered columns of this shape are not to be used any more.
    """

    changed = Signal()
    forgotten = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._book: Understood | None = None
        self._mappings: dict[str, ColumnMapping] = {}
        self._header_rows: dict[str, tuple[int, int]] = {}
        self._hamlets: dict[str, str] = {}
        self._read: set[str] | None = None
        self._recalled: dict[str, RememberedMapping] = {}
        self._indicators: Sequence[IndicatorChoice] = ()
        self._sheet = ""
        column = w.vbox(self, spacing=12)
        self.notice = w.Banner("", "attention", icon="languages", closable=False)
        column.addWidget(self.notice)
        self.memory = w.Banner("", "accent", icon="history", closable=False, button="Quên cách này",
                               on_button=self._on_forget)  # fmt: skip
        self.memory.hide()
        column.addWidget(self.memory)
        self.sheets = w.DataTable("import.sheets", SHEET_COLUMNS, single=True)
        self.sheets.view.setAccessibleName("Các trang tính của tệp")
        self.sheets.row_selected.connect(self._on_sheet)
        self.sheets.row_opened.connect(self._on_toggle)
        self.card = w.Card(spacing=12)
        self._build_card()
        self.both = w.MasterDetail(self.card, self.sheets, detail_width=270, detail_first=True, break_width=900)
        column.addWidget(self.both, 1)

    def _build_card(self) -> None:
        head = w.hbox(spacing=12)
        self.title = w.label("", "title")
        head.addWidget(self.title)
        self.count = w.Chip("", "accent", "users")
        head.addWidget(self.count)
        head.addStretch(1)
        self.toggle = w.QuietButton("Không đọc trang này", small=True)
        self.toggle.clicked.connect(lambda _checked=False: self._on_toggle(self.sheets.current()))
        head.addWidget(self.toggle)
        self.card.body.addLayout(head)
        self.facts = SheetFacts()
        self.facts.header_changed.connect(self._on_header)
        self.facts.hamlet_changed.connect(self._on_hamlet)
        self.card.body.addWidget(self.facts)
        self.case_box = QCheckBox("Tên đang viết HOA toàn bộ: đổi thành chữ hoa đầu từ (LÊ VĂN AN → Lê Văn An)")
        self.case_box.toggled.connect(lambda _on: self.changed.emit())
        self.card.body.addWidget(self.case_box)
        self.issues = w.vbox(spacing=4)
        self.card.body.addLayout(self.issues)
        self.grid = ColumnsGrid()
        self.grid.meaning_chosen.connect(self._on_meaning)
        self.card.body.addWidget(self.grid)
        self.card.body.addStretch(1)

    # -- what a person has said ----------------------------------------------------------------------------------

    @property
    def mappings(self) -> dict[str, ColumnMapping]:
        """Sheets whose columns a person has changed → the mapping."""
        return dict(self._mappings)

    @property
    def chosen_sheets(self) -> tuple[str, ...] | None:
        """The sheets to read; None for all that are not hidden."""
        if self._book is None or self._read is None:
            return None
        return tuple(name for name in self._book.all_sheets if name in self._read)

    @property
    def options(self) -> ParseOptions:
        """The other decisions."""
        return ParseOptions(self.case_box.isChecked(), dict(self._header_rows), dict(self._hamlets))

    def forget(self) -> None:
        """A new file: nothing has been said of it."""
        self._mappings.clear()
        self._header_rows.clear()
        self._hamlets.clear()
        self._read = None
        self._recalled.clear()
        self._sheet = ""
        self.case_box.blockSignals(True)
        self.case_box.setChecked(False)
        self.case_box.blockSignals(False)

    def recall(
        self, sheets: Mapping[str, RememberedMapping], header_rows: Mapping[str, tuple[int, int]] | None = None
    ) -> None:
        """These sheets were read with remembered columns, and with headings where they were said to stand."""
        self._recalled = dict(sheets)
        self._header_rows.update(header_rows or {})
        self._mappings.update({name: item.mapping for name, item in sheets.items()})

    # -- showing -------------------------------------------------------------------------------------------------

    def set_book(self, book: Understood, indicators: Sequence[IndicatorChoice] = ()) -> None:
        """Show a file as it was understood; the sheet in front stays.

        Args:
            indicators: what a column of scores may be, if its heading does not say it.
        """
        self._book, self._indicators = book, indicators
        rows = self._sheet_rows(book)
        names = [row.sheet.name for row in rows]
        if self._sheet not in names:
            self._sheet = next(
                (row.sheet.name for row in rows if row.sheet.persons or row.sheet.units), names[0] if names else ""
            )
        notice = charset_notice(book.sheets)
        show_notice(self.notice, notice)
        kept = self._sheet
        self.sheets.set_source(w.ListSource(rows))
        self.sheets.setVisible(len(rows) > 1)
        self._sheet = kept
        self.sheets.select_row(max(names.index(kept), 0) if kept in names else 0)
        self._show_names_case(book)
        self._show_sheet()

    def focus_first(self) -> None:
        """Put the keyboard where work begins: the sheets where there are several, else the first column."""
        if self.sheets.isVisibleTo(self):
            self.sheets.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.grid.focus_first()

    def _sheet_rows(self, book: Understood) -> list[SheetRow]:
        known = {sheet.name: sheet for sheet in book.sheets}
        blank = ParsedSheet("", None, (), "", (), (), "")
        rows = []
        for name in book.all_sheets:
            sheet = known.get(name) or replace(blank, name=name)
            is_hidden = any(issue.code == "sheet.hidden" for issue in sheet.issues)
            is_read = name in self._read if self._read is not None else name in known and not is_hidden
            rows.append(SheetRow(sheet, is_read))
        return rows

    def _show_names_case(self, book: Understood) -> None:
        people, units = (book.people.rows[:200], book.people.units[:200]) if book.people else ((), ())
        names = [row.name for row in people if row.name] or [row.leader for row in units if row.leader]
        loud = sum(name.isupper() for name in names)
        self.case_box.setVisible(self.case_box.isChecked() or (bool(names) and loud * 2 >= len(names)))

    def _show_sheet(self) -> None:
        row = self._current_row()
        if row is None or self._book is None:
            return
        sheet = row.sheet
        unit = "phiếu" if self._book.kind is WorkbookKind.SCORES else "người"
        count = sheet.persons
        if sheet.units and not sheet.persons:
            unit, count = KINDS.get(sheet.kind, unit), sheet.units
        self.title.setText(sheet.name)
        self.count.set_chip(w.ChipData(f"{number_text(count)} {unit}", "accent" if count else "neutral", "users"))
        self.toggle.setText("Không đọc trang này" if row.is_read else "Đọc trang này")
        self.toggle.setVisible(len(self._book.all_sheets) > 1)
        self.facts.set_sheet(sheet, self._hamlets.get(sheet.name, sheet.hamlet))
        self.facts.setVisible(bool(sheet.columns))
        self._show_issues(sheet, row.is_read)
        self._show_memory(sheet.name)
        mapping = self._mappings.get(sheet.name)
        fields = self._fields(sheet)
        indicators = self._indicators if Field.SCORE in fields else ()
        self.grid.set_columns(_mapped(sheet, mapping), self._book.samples, sheet.name, fields, indicators)
        self.grid.setVisible(bool(sheet.columns) and row.is_read)

    def _show_memory(self, name: str) -> None:
        item = self._recalled.get(name)
        self.memory.setVisible(item is not None)
        if item is not None:
            others = len(self._recalled) - 1
            more = f" (và {number_text(others)} trang nữa)" if others else ""
            words = f"Dùng cách ghép cột đã nhớ, lần trước dùng ngày {item.day}{more}."
            self.memory.set_message(words, "accent")

    def _on_forget(self) -> None:
        item = self._recalled.get(self._sheet)
        if item is None:
            return
        same = [name for name, other in self._recalled.items() if other.shape == item.shape]
        for name in same:
            del self._recalled[name]
            self._mappings.pop(name, None)
            self._header_rows.pop(name, None)
        self.memory.hide()
        self.forgotten.emit(item.shape)

    def _fields(self, sheet: ParsedSheet) -> tuple[Field, ...]:
        assert self._book is not None
        if self._book.kind is WorkbookKind.SCORES:
            return SCORE_FIELDS
        may_be_scores = self._book.kind is WorkbookKind.UNKNOWN or _may_hold_scores(sheet, self._book.samples)
        return (*PEOPLE_FIELDS, *((Field.SCORE, Field.TOTAL) if may_be_scores else ()))

    def _show_issues(self, sheet: ParsedSheet, is_read: bool) -> None:
        while (item := self.issues.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        lines = [issue.message for issue in sheet.issues]
        if sheet.skipped and sheet.skipped not in lines:
            lines.append(sheet.skipped)
        if not is_read and not lines:
            lines = ["Trang này không được đọc."]
        for line in lines:
            self.issues.addWidget(w.label(line, "warning", wrap=True))

    def _current_row(self) -> SheetRow | None:
        source = self.sheets.paged
        rows = [source.row_at(place) for place in range(source.rowCount())] if source is not None else []
        return next((row for row in rows if row is not None and row.sheet.name == self._sheet), None)

    # -- a person changes something ------------------------------------------------------------------------------

    def _on_sheet(self, row: SheetRow | None) -> None:
        if row is not None and row.sheet.name != self._sheet:
            self._sheet = row.sheet.name
            self._show_sheet()

    def _on_toggle(self, row: SheetRow | None) -> None:
        if row is None or self._book is None or len(self._book.all_sheets) < 2:
            return
        read = {item.sheet.name for item in self._sheet_rows(self._book) if item.is_read}
        read.symmetric_difference_update({row.sheet.name})
        if read:
            self._read = read
            self.changed.emit()

    def _on_header(self, first: int, last: int) -> None:
        self._header_rows[self._sheet] = (first, last)
        self._mappings.pop(self._sheet, None)
        self.changed.emit()

    def _on_hamlet(self, text: str) -> None:
        if text:
            self._hamlets[self._sheet] = text
        else:
            self._hamlets.pop(self._sheet, None)
        self.changed.emit()

    def _on_meaning(self, index: int, field: Field, code: str) -> None:
        row = self._current_row()
        if row is None or self._book is None:
            return
        sheet = row.sheet
        mapping = self._mappings.get(sheet.name) or ColumnMapping(tuple(item.field for item in sheet.columns))
        self._mappings[sheet.name] = mapping.with_column(index, field, code)
        self.grid.set_meanings(self._mappings[sheet.name])
        self.changed.emit()


def _may_hold_scores(sheet: ParsedSheet, samples: Samples) -> bool:
    """Whether two columns without a meaning hold only small numbers: two named as scores make forms of a list."""
    found = 0
    for item in sheet.columns:
        texts = samples.get((sheet.name, item.index), ()) if item.field in (Field.IGNORE, Field.SCORE) else ()
        found += bool(texts) and all(_SMALL.fullmatch(text) for text in texts)
    return found >= 2


_SMALL = re.compile(r"\d{1,2}([.,]\d)?|100")


def _mapped(sheet: ParsedSheet, mapping: ColumnMapping | None) -> tuple[ParsedColumn, ...]:
    """The columns with the meanings that a person has given, also before the file was read again."""
    if mapping is None:
        return sheet.columns
    fields = mapping.fields
    return tuple(
        replace(
            item,
            field=fields[item.index] if item.index < len(fields) else Field.IGNORE,
            code=mapping.code_of(item.index),
        )
        for item in sheet.columns
    )
