"""Step "Xem trước": what becomes of each row, filtered by its fate, with remarks by true Excel row.

Invariant: shows the plan it is given and reports what a person decides; it changes no plan itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import Uid
from desktop_app.services.importing.planned import ImportPlan, RowFate
from desktop_app.services.vietnamese import fold, number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.doubt_panel import DoubtPanel, row_side
from desktop_app.ui.importing.words import (
    FATES,
    ShownRow,
    birth_text,
    charset_notice,
    fate_chip,
    plan_notices,
    remark,
    show_notice,
    whole_remark,
)

COLUMNS = (
    w.Column("row", "Dòng Excel", 96, "number", value=lambda item: item.plan.row.row, is_sortable=False),
    w.Column("sheet", "Trang", 96, "quiet", value=lambda item: item.plan.row.sheet, is_sortable=False),
    w.Column("name", "Họ và tên", 180, "strong", value=lambda item: item.plan.row.name, stretch=1, is_sortable=False),
    w.Column("birth", "Ngày sinh", 104, value=lambda item: birth_text(item.plan.row.birth), is_sortable=False),
    w.Column("cccd", "Số CCCD", 128, value=lambda item: item.plan.row.cccd or "", is_sortable=False),
    w.Column("home", "Hộ", 84, "quiet", value=lambda item: item.plan.row.household_code, is_sortable=False),
    w.Column("fate", "Sẽ làm", 130, "chip", value=fate_chip, is_sortable=False),
    w.Column("note", "Ghi chú", 250, value=remark, stretch=4, is_sortable=False),
)
SHEET_PLACE = 1
FOOT = "Nhập xong vẫn hoàn tác được cả lần nhập bằng một nút, kể cả hôm sau."


class PlanSource:
    """Rows of a plan, those that are asked for only; the plan may be replaced by one with the same rows."""

    def __init__(self, plan: ImportPlan, base: ImportPlan, places: Sequence[int]) -> None:
        self.plan, self.base, self.places = plan, base, places

    def count(self) -> int:
        """How many rows are shown."""
        return len(self.places)

    def rows(self, offset: int, limit: int) -> list[ShownRow]:
        """A page of them."""
        return [
            ShownRow(place, self.plan.rows[place], self.base.rows[place].fate is RowFate.DOUBTFUL)
            for place in self.places[offset : offset + limit]
        ]

    def sorted(self, column: str, *, descending: bool = False) -> PlanSource:
        """The order of the file stays."""
        return self


class PreviewView(QWidget):
    """Shows a plan.

    Signals:
        settled(int, object): a doubtful row (its index) is this person (uid), or a new one (None).
        unsettled(int): a doubtful row is left out again.
        download_requested: the refused rows are wanted as a workbook.
        columns_requested: the meaning of the columns is to be looked at again.
    """

    settled = Signal(int, object)
    unsettled = Signal(int)
    download_requested = Signal()
    columns_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._plan: ImportPlan | None = None
        self._base: ImportPlan | None = None
        self._choices: Mapping[int, Uid | None] = {}
        self._fate: RowFate | None = None
        self._search = ""
        self._foot = FOOT
        self._source: PlanSource | None = None
        column = w.vbox(self, spacing=12)
        self.notice = w.Banner("", "attention", icon="languages", closable=False, button="Xem lại cột",
                               on_button=self.columns_requested.emit)  # fmt: skip
        column.addWidget(self.notice)
        line = w.hbox(spacing=8)
        self.filters = w.FlowRow()
        line.addWidget(self.filters, 1)
        self.download = w.QuietButton("Tải các dòng không nhận", icon="download", key="Ctrl+D", small=True)
        self.download.clicked.connect(self.download_requested)
        line.addWidget(self.download, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        self.facts = w.label("", "small", wrap=True)
        column.addWidget(self.facts)
        self.table = w.DataTable("import.preview", COLUMNS, single=True)
        self.table.view.setAccessibleName("Các dòng của tệp và việc sẽ làm")
        self.table.set_placeholder(w.EmptyState("file-spreadsheet", "Không có dòng nào như vậy."))
        self.table.row_selected.connect(self._on_selected)
        column.addWidget(self.table, 1)
        self.panel = DoubtPanel()
        self.panel.person_chosen.connect(self._on_person)
        self.panel.new_chosen.connect(self._on_new)
        self.panel.left_chosen.connect(self._on_left)
        self.panel.hide()
        column.addWidget(self.panel)
        self.foot = w.label(FOOT, "small", wrap=True)
        column.addWidget(self.foot)

    # -- showing -------------------------------------------------------------------------------------------------

    def set_plan(self, plan: ImportPlan, base: ImportPlan, choices: Mapping[int, Uid | None]) -> None:
        """Show a plan.

        Args:
            plan: as it stands with what a person has decided.
            base: as it was without.
            choices: what was decided: index of a row → uid, or None for a new person.
        """
        is_same = self._base is base
        self._plan, self._base, self._choices = plan, base, choices
        notice = charset_notice(plan.parsed.sheets)
        show_notice(self.notice, notice)
        facts = plan_notices(plan)
        self.facts.setText("  ·  ".join(facts))
        self.facts.setVisible(bool(facts))
        self._show_filters()
        if is_same:
            self._reload()
            return
        self._fate, self._search = None, ""
        self._show_filters()
        self.table.set_column_shown(SHEET_PLACE, len({row.row.sheet for row in plan.rows}) > 1)
        self._show_rows()

    def _show_filters(self) -> None:
        assert self._plan is not None and self._base is not None
        counts = self._plan.counts()
        asked = self._base.counts()[RowFate.DOUBTFUL]
        self.filters.clear()
        self._add_filter(None, f"Tất cả {number_text(len(self._plan.rows))}", "neutral")
        for fate, (word, tone, _) in FATES.items():
            is_shown = bool(counts[fate]) or (fate is RowFate.DOUBTFUL and asked)
            text = f"{word} {number_text(counts[fate])}"
            if fate is RowFate.DOUBTFUL and asked > counts[fate]:
                text += f" (đã chọn {number_text(asked - counts[fate])})"
            if is_shown:
                self._add_filter(fate, text, tone)
        self.download.setVisible(bool(counts[RowFate.REFUSED]))
        left = counts[RowFate.DOUBTFUL]
        self._foot = FOOT + (f" {number_text(left)} dòng ngờ trùng chưa chọn sẽ được để lại." if left else "")

    def _add_filter(self, fate: RowFate | None, text: str, tone: str) -> None:
        chip = w.FilterChip.switch(text, tone)
        chip.setChecked(fate is self._fate)
        chip.clicked.connect(partial(self.show_only, fate))
        self.filters.add(chip)

    def show_only(self, fate: RowFate | None, *_: object) -> None:
        """Show the rows of one fate, or all."""
        self._fate = fate
        self._show_filters()
        self._show_rows()

    def search(self, text: str) -> None:
        """Show only rows with these letters in name, CCCD, household or row number; "" shows all."""
        self._search = fold(text)
        if self._plan is not None:
            self._show_rows()

    def _show_rows(self) -> None:
        assert self._plan is not None and self._base is not None
        places = [place for place in range(len(self._plan.rows)) if self._is_shown(place)]
        self._source = PlanSource(self._plan, self._base, places)
        self.table.set_source(self._source)

    def _is_shown(self, place: int) -> bool:
        assert self._plan is not None and self._base is not None
        row = self._plan.rows[place]
        was = self._base.rows[place].fate
        is_asked = self._fate is RowFate.DOUBTFUL and was is RowFate.DOUBTFUL
        if self._fate is not None and row.fate is not self._fate and not is_asked:
            return False
        if not self._search:
            return True
        person = row.row
        words = f"{person.name} {person.household_code}"
        return self._search in fold(words) or self._search in (person.cccd or "") or self._search == str(person.row)

    def _reload(self) -> None:
        """The same rows with new fates: the place in the list stays."""
        if self._source is None or self._plan is None:
            return
        self._source.plan = self._plan
        self.table.reload()
        self._on_selected(self.table.current())

    # -- doubtful rows -------------------------------------------------------------------------------------------

    def _on_selected(self, item: ShownRow | None) -> None:
        self.foot.setText((whole_remark(item.plan) if item is not None else "") or self._foot)
        is_question = item is not None and item.was_doubtful
        self.panel.setVisible(is_question)
        if is_question and item is not None and self._base is not None and self._plan is not None:
            open_rows = self._plan.counts()[RowFate.DOUBTFUL]
            base = self._base.rows[item.index]
            people = [(found.person, ", ".join(found.reasons)) for found in base.candidates]
            choice = (self._choices[item.index],) if item.index in self._choices else ()
            self.panel.set_question(row_side(base.row), people, choice, open_rows)

    def _on_person(self, uid: Uid) -> None:
        self._settle(uid)

    def _on_new(self) -> None:
        self._settle(None)

    def _settle(self, uid: Uid | None) -> None:
        item = self.table.current()
        if item is not None:
            self.settled.emit(item.index, uid)
            self.go_to_next(RowFate.DOUBTFUL)

    def _on_left(self) -> None:
        item = self.table.current()
        if item is not None:
            self.unsettled.emit(item.index)

    def go_to_next(self, *fates: RowFate) -> bool:
        """Select the next row of these fates below the present one, else from the top; False when there is none."""
        source = self.table.paged
        assert source is not None and self._plan is not None
        count, start = source.rowCount(), self.table.view.currentIndex().row()
        for step in range(1, count + 1):
            place = (start + step) % count
            item = source.row_at(place)
            if item is not None and item.plan.fate in fates:
                self.table.select_row(place)
                return True
        return False
