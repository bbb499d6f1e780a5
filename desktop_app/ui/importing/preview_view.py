"""Step "Xem trước": what becomes of each row, filtered, with what is said of the row in front, and typed over in place.

Invariant: shows the decisions it is given and reports what a person decides; it changes no plan itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.models.types import Uid
from desktop_app.services.importing.corrections.repairs import Repair, count_repairs, repairs_of
from desktop_app.services.importing.planning.planned import RowFate
from desktop_app.services.importing.preview import ParsedSheet
from desktop_app.services.vietnamese import fold, mask_cccd, number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.asked_communes import AskedCommunes
from desktop_app.ui.importing.bring import bring
from desktop_app.ui.importing.decisions import Decisions
from desktop_app.ui.importing.doubt_panel import Alike, DoubtPanel, row_side
from desktop_app.ui.importing.edit_panel import EditPanel
from desktop_app.ui.importing.home_question import answer_words, list_side, standing_side
from desktop_app.ui.importing.preview_filters import PreviewFilters, Shown
from desktop_app.ui.importing.row_panel import RowPanel
from desktop_app.ui.importing.title_years import TitleYears
from desktop_app.ui.importing.units_view import UnitsView
from desktop_app.ui.importing.words import (
    ShownRow,
    birth_text,
    charset_notice,
    fate_chip,
    plan_notices,
    remark,
    show_notice,
)

COLUMNS = (
    w.Column("row", "Dòng Excel", 96, "number", value=lambda item: item.plan.row.row, is_sortable=False),
    w.Column("sheet", "Trang", 96, "quiet", value=lambda item: item.plan.row.sheet, is_sortable=False),
    w.Column("name", "Họ và tên", 180, "strong", value=lambda item: item.plan.row.name, stretch=1, is_sortable=False),
    w.Column("birth", "Ngày sinh", 104, value=lambda item: birth_text(item.plan.row.birth), is_sortable=False),
    w.Column("cccd", "Số CCCD", 128, value=lambda item: mask_cccd(item.plan.row.cccd), is_sortable=False),
    w.Column("home", "Hộ", 84, "quiet", value=lambda item: item.plan.row.household_code, is_sortable=False),
    w.Column("fate", "Sẽ làm", 130, "chip", value=fate_chip, is_sortable=False),
    w.Column("note", "Ghi chú", 250, value=remark, stretch=4, is_sortable=False),
)
SHEET_PLACE = 1
REPAIR_COLUMNS = (
    w.Column("sheet", "Trang", 110, "quiet", is_sortable=False),
    w.Column("column", "Cột", 170, "strong", stretch=1, is_sortable=False),
    w.Column("what", "Máy đã làm", 260, stretch=1, is_sortable=False),
    w.Column("cells", "Số ô", 76, "number", value=lambda item: item.cells or None, is_sortable=False),
    w.Column("samples", "Trong tệp → đã hiểu là", 320, value=lambda item: _samples(item), stretch=3, is_sortable=False),
)
FOOT = "Nhập xong vẫn hoàn tác được cả lần nhập bằng một nút, kể cả hôm sau."


def _samples(item: Repair) -> str:
    return "  ·  ".join(f"{before} → {after}" for before, after in item.samples)


class PlanSource:
    """Rows of a plan, those that are asked for only; the plan may be replaced by one with the same rows."""

    def __init__(self, decisions: Decisions, places: Sequence[int]) -> None:
        self.decisions, self.places = decisions, places

    def count(self) -> int:
        """How many rows are shown."""
        return len(self.places)

    def rows(self, offset: int, limit: int) -> list[ShownRow]:
        """A page of them."""
        return [self.row(place) for place in self.places[offset : offset + limit]]

    def row(self, place: int) -> ShownRow:
        """One row by its index in the plan."""
        made = self.decisions
        assert made.plan is not None and made.base is not None
        plan = made.plan.rows[place]
        was_doubtful = made.base.rows[place].fate is RowFate.DOUBTFUL
        choice = (made.choices[place],) if place in made.choices else ()
        answer = answer_words(made.base.rows[place], choice)
        return ShownRow(place, plan, was_doubtful, place in made.skipped, made.corrections.of(plan.row), answer)

    def sorted(self, column: str, *, descending: bool = False) -> PlanSource:
        """The order of the file stays."""
        return self


class PreviewView(QWidget):
    """Shows the decisions about a list.

    Signals:
        settled(object): index of a doubtful row → uid of the person that it is, or None for a new one.
        skipped(object): indices of doubtful rows that are left out on purpose.
        unsettled(int): the answer about a doubtful row is taken back.
        typed(int, object): Field → text of a row that is to be checked again.
        restored(int): a row is to stand as in the file again.
        download_requested: the refused rows are wanted as a workbook.
        columns_requested: the meaning of the columns is to be looked at again.
    """

    settled = Signal(object)
    skipped = Signal(object)
    unsettled = Signal(int)
    typed = Signal(int, object)
    restored = Signal(int)
    download_requested = Signal()
    columns_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._decisions = Decisions()
        self._file: object = None
        self._parsed: object = None
        self._shown = Shown()
        self._repairs: list[Repair] = []
        self._source: PlanSource | None = None
        self._is_editing = False
        column = w.vbox(self, spacing=12)
        self.notice = w.Banner("", "attention", icon="languages", closable=False, button="Xem lại cột",
                               on_button=self.columns_requested.emit)  # fmt: skip
        column.addWidget(self.notice)
        self.filters = PreviewFilters()
        self.filters.fate_chosen.connect(self.show_only)
        self.filters.changed.connect(self._on_filters)
        self.filters.repairs_toggled.connect(self._show_repairs)
        self.filters.units_toggled.connect(self._show_units)
        self.filters.download.clicked.connect(self.download_requested)
        column.addWidget(self.filters)
        self.facts = w.label("", "small", wrap=True)
        column.addWidget(self.facts)
        self.communes = AskedCommunes()
        column.addWidget(self.communes)
        self.years = TitleYears()
        column.addWidget(self.years)
        self.table = w.DataTable("import.preview", COLUMNS, single=True)
        self.table.view.setAccessibleName("Các dòng của tệp và việc sẽ làm")
        self.table.set_placeholder(w.EmptyState("file-spreadsheet", "Không có dòng nào như vậy."))
        self.table.row_selected.connect(self._on_selected)
        self.table.row_opened.connect(lambda _row: self.edit())
        w.sized(self.table, min_height=170)
        column.addWidget(self.table, 1)
        self.units = UnitsView()
        self.units.hide()
        column.addWidget(self.units, 1)
        self.repairs = w.DataTable("import.repairs", REPAIR_COLUMNS, single=True)
        self.repairs.view.setAccessibleName("Những chỗ máy đã sửa khi đọc tệp")
        self.repairs.hide()
        column.addWidget(self.repairs, 1)
        self._make_panels(column)
        self.foot = w.label(FOOT, "small", wrap=True)
        column.addWidget(self.foot)

    def _make_panels(self, column: QVBoxLayout) -> None:
        self.row_panel = RowPanel()
        self.row_panel.edit_requested.connect(self.edit)
        self.edit_panel = EditPanel()
        self.edit_panel.checked.connect(self._on_typed)
        self.edit_panel.restored.connect(self._on_restored)
        self.edit_panel.closed.connect(self.leave_edit)
        self.panel = DoubtPanel()
        self.panel.person_chosen.connect(self._settle)
        self.panel.new_chosen.connect(lambda: self._settle(None))
        self.panel.left_chosen.connect(self._on_left)
        self.panel.skip_chosen.connect(self.skip)
        self.panel.all_same_chosen.connect(self.all_same)
        self.panel.all_new_chosen.connect(self.all_new)
        self.panel.all_skip_chosen.connect(self.all_skip)
        self._panels = (self.row_panel, self.edit_panel, self.panel)
        for panel in self._panels:
            panel.hide()
            column.addWidget(panel)

    # -- showing -------------------------------------------------------------------------------------------------

    def show_decisions(self, decisions: Decisions) -> None:
        """Show a list with all that was decided; the same list again keeps filters and place."""
        plan, base = decisions.plan, decisions.base
        assert plan is not None and base is not None
        is_same = self._file is base.parsed.stamp and self._decisions is decisions and self._source is not None
        is_same = is_same and len(plan.rows) == self._rows
        self._decisions, self._file, self._rows = decisions, base.parsed.stamp, len(plan.rows)
        show_notice(self.notice, charset_notice(plan.parsed.sheets))
        self.communes.set_asked(plan.asked)
        if self._parsed is not base.parsed:
            self._parsed = base.parsed
            facts = plan_notices(plan)
            self.facts.setText("  ·  ".join(facts))
            self.facts.setVisible(bool(facts))
            self.years.set_plan(plan)
        if is_same:
            self._show_filters()
            self._reload()
            return
        self._repairs = repairs_of(plan.parsed)
        self._shown = Shown(is_units=not plan.rows and bool(plan.unit_rows))
        self._is_editing = False
        self.filters.reset()
        self._show_filters()
        self.repairs.set_source(w.ListSource(self._repairs))
        self.table.set_column_shown(SHEET_PLACE, len({row.row.sheet for row in plan.rows}) > 1)
        self._show_rows()

    _rows = -1

    def _show_filters(self) -> None:
        made = self._decisions
        assert made.plan is not None and made.base is not None
        settled = len(made.choices) + len(made.skipped)
        self.filters.set_counts(
            made.plan, made.summary, self._shown, settled, made.corrections, count_repairs(self._repairs)
        )
        left = self.filters.count(RowFate.DOUBTFUL)
        self.foot.setText(FOOT + (f" {number_text(left)} dòng ngờ trùng chưa chọn sẽ được để lại." if left else ""))

    def show_only(self, fate: RowFate | None, *_: object) -> None:
        """Show the rows of one fate, or all."""
        self._shown = replace(self._shown, fate=fate)
        self._on_filters()

    def show_warning(self, code: str) -> None:
        """Show the rows of which one kind of remark is made; "" shows all."""
        self.filters.warnings.set_value(code)
        self._on_filters()

    def search(self, text: str) -> None:
        """Show only rows with these letters in name, CCCD, household or row number; "" shows all."""
        self._shown = replace(self._shown, text=fold(text))
        if self._decisions.plan is not None:
            self._show_rows()

    def _on_filters(self) -> None:
        chips = self.filters
        if self.filters.repairs.isChecked():
            chips.repairs.setChecked(False)
        self._shown = replace(
            self._shown,
            warning=str(chips.warnings.value or ""),
            change=str(chips.changes.value or ""),
            reason=str(chips.reasons.value or ""),
            is_typed=chips.typed.isChecked(),
            is_units=self._shown.is_units,
        )
        if self._decisions.plan is not None:
            self._show_filters()
            self._show_rows()

    @property
    def front(self) -> w.DataTable:
        """The table that is in front."""
        if self.filters.repairs.isChecked():
            return self.repairs
        return self.units.table if self._shown.is_units else self.table

    def _show_units(self, is_on: bool) -> None:
        """Clans, organizations, branches and hamlets in place of people, or people again."""
        self._shown = replace(self._shown, is_units=is_on, fate=None)
        self._on_filters()
        self.front.setFocus(Qt.FocusReason.OtherFocusReason)  # what had it may be hidden now

    def _show_repairs(self, is_on: bool) -> None:
        self.repairs.setVisible(is_on)
        self.table.setVisible(not is_on and not self._shown.is_units)
        self.units.setVisible(not is_on and self._shown.is_units)
        if is_on:
            for panel in self._panels:
                panel.hide()
        else:
            self._on_selected(self.table.current())

    def _show_rows(self) -> None:
        made = self._decisions
        assert made.plan is not None and made.base is not None
        self._is_editing = False
        is_units, has_repairs = self._shown.is_units, self.filters.repairs.isChecked()
        self.units.setVisible(is_units and not has_repairs)
        self.table.setVisible(not is_units and not has_repairs)
        if is_units:
            self.units.set_plan(made.plan, self._shown.fate, self._shown.text)
        self._source = PlanSource(made, self._shown.places(made.summary.index, made.plan, made.corrections))
        self.table.set_source(self._source)
        self._on_selected(self.table.current() if self._source.count() else None)

    def _reload(self) -> None:
        """The same rows with new fates: the place in the list stays."""
        self.table.reload()
        self._on_selected(self.table.current())

    # -- the row in front ----------------------------------------------------------------------------------------

    def _on_selected(self, item: ShownRow | None) -> None:
        if self._is_editing and (item is None or item.index != self._edited):
            self._is_editing = False
        is_listed = item is not None and not self.filters.repairs.isChecked() and not self._shown.is_units
        is_question = is_listed and item is not None and item.was_doubtful and not self._is_editing
        self.panel.setVisible(is_question)
        self.edit_panel.setVisible(is_listed and self._is_editing)
        self.row_panel.setVisible(is_listed and not is_question and not self._is_editing)
        self.foot.setVisible(not is_question and not self._is_editing)
        if item is None:
            return
        if is_question:
            self._ask(item)
        elif not self._is_editing:
            self.row_panel.set_row(item)

    _edited = -1

    def edit(self) -> None:
        """Type over the row in front (F2 or Enter)."""
        item = self.table.current()
        if item is None or not self.table.isVisibleTo(self):
            return
        self._is_editing, self._edited = True, item.index
        self._on_selected(item)
        self.edit_panel.set_row(item.plan, self._sheet_of(item), item.typed, is_new=True)
        bring(self.edit_panel)

    def leave_edit(self) -> None:
        """Back to the list."""
        self._is_editing = False
        self._on_selected(self.table.current())
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        bring(self.table)

    def checked(self, index: int) -> None:
        """A row was decided anew: what is still wrong with it stays in front, else back to the list."""
        item = self.table.current()
        if not self._is_editing or item is None or item.index != index:
            return
        if item.plan.row.is_refused:
            self.edit_panel.set_row(item.plan, self._sheet_of(item), item.typed, is_new=False)
        else:
            self.leave_edit()

    def _sheet_of(self, item: ShownRow) -> ParsedSheet:
        assert self._decisions.plan is not None
        return next(sheet for sheet in self._decisions.plan.parsed.sheets if sheet.name == item.plan.row.sheet)

    def _on_typed(self, texts: object) -> None:
        if self._is_editing:
            self.typed.emit(self._edited, texts)

    def _on_restored(self) -> None:
        if self._is_editing:
            self.restored.emit(self._edited)

    # -- doubtful rows -------------------------------------------------------------------------------------------

    def _ask(self, item: ShownRow) -> None:
        made = self._decisions
        assert made.base is not None
        base = made.base.rows[item.index]
        choice = (made.choices[item.index],) if item.index in made.choices else ()
        others = self._alike(item.index)
        alike = Alike(", ".join(base.reasons), len(others), len(made.clearly(others)))
        open_rows = self.filters.count(RowFate.DOUBTFUL) - len(made.skipped)
        if base.candidates or base.asked is None:
            people = [(found.person, ", ".join(found.reasons)) for found in base.candidates]
            side = row_side(base.row)
            self.panel.set_question(side, people, choice, open_rows, alike=alike, is_skipped=item.is_skipped)
            return
        side, known = list_side(made.base, item.index), (base.asked.home.uid, standing_side(base.asked))
        self.panel.set_home_question(side, known, choice, open_rows, alike=alike, is_skipped=item.is_skipped)

    def _alike(self, index: int) -> list[int]:
        """The open rows that are asked alike among those that are shown."""
        return self._decisions.alike(index, self._source.places if self._source is not None else None)

    def _question(self) -> int | None:
        item = self.table.current()
        return item.index if item is not None and self.panel.isVisibleTo(self) else None

    def _settle(self, uid: Uid | None) -> None:
        index = self._question()
        if index is not None:
            self.settled.emit({index: uid})
            self.go_to_next(RowFate.DOUBTFUL)

    def skip(self) -> None:
        """Leave the row in front out on purpose."""
        index = self._question()
        if index is not None:
            self.skipped.emit([index])
            self.go_to_next(RowFate.DOUBTFUL)

    def all_same(self) -> None:
        """All shown rows of the same reasons are the persons who are nearest, where that is clear."""
        index = self._question()
        if index is not None:
            self.settled.emit(self._decisions.clearly(self._alike(index)))
            self.go_to_next(RowFate.DOUBTFUL)

    def all_new(self) -> None:
        """All shown rows of the same reasons are new people."""
        index = self._question()
        if index is not None:
            self.settled.emit(dict.fromkeys(self._alike(index)))
            self.go_to_next(RowFate.DOUBTFUL)

    def all_skip(self) -> None:
        """All shown rows of the same reasons are left out on purpose."""
        index = self._question()
        if index is not None:
            self.skipped.emit(self._alike(index))
            self.go_to_next(RowFate.DOUBTFUL)

    def _on_left(self) -> None:
        index = self._question()
        if index is not None:
            self.unsettled.emit(index)

    def go_to_next(self, *fates: RowFate) -> bool:
        """Select the next row of these fates that waits for a person, below the present one, else from the top."""
        source, made = self._source, self._decisions
        if source is None or made.plan is None or not source.count():
            return False
        count, start = source.count(), self.table.view.currentIndex().row()
        for step in range(1, count + 1):
            place = (start + step) % count
            index = source.places[place]
            if made.plan.rows[index].fate in fates and index not in made.skipped and index not in made.choices:
                self.table.select_row(place)
                if self.panel.isVisibleTo(self):
                    bring(self.panel)
                return True
        return False
