"""The clans, organizations, branches and hamlets of a list in the preview, each with what becomes of it.

Invariant: shows a plan; a row that was not taken is mended in the file, which is then read again.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from desktop_app.services.importing.units.rows import UnitPlan, new_name
from desktop_app.services.vietnamese import fold
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.row_panel import RowPanel
from desktop_app.ui.importing.unit_words import kind_word, unit_chip, unit_remark

COLUMNS = (
    w.Column("row", "Dòng Excel", 96, "number", value=lambda item: item.row.row, is_sortable=False),
    w.Column("kind", "Là", 84, "quiet", value=kind_word, is_sortable=False),
    w.Column("name", "Tên", 180, "strong", value=lambda item: _named(item), stretch=2, is_sortable=False),
    w.Column("fate", "Sẽ làm", 130, "chip", value=unit_chip, is_sortable=False),
    w.Column("hamlet", "Thôn", 96, value=lambda item: item.row.hamlet, is_sortable=False),
    w.Column("leader", "Người phụ trách", 150, value=lambda item: item.row.leader, stretch=1, is_sortable=False),
    w.Column("phone", "Điện thoại", 108, value=lambda item: item.row.phone, is_sortable=False),
    w.Column("sheet", "Trang", 96, "quiet", value=lambda item: item.row.sheet, is_sortable=False),
    w.Column("note", "Ghi chú", 220, value=unit_remark, stretch=4, is_sortable=False),
)
KIND_PLACE, HAMLET_PLACE, LEADER_PLACE, PHONE_PLACE, SHEET_PLACE = 1, 4, 5, 6, 7


def _named(item: UnitPlan) -> str:
    row = item.row
    name = new_name(item) if row.name and item.fate is RowFate.NEW else row.name
    return f"{row.code} · {name}" if row.code and name else name or row.code


class UnitsView(QWidget):
    """Shows the rows about units of a plan."""

    def __init__(self) -> None:
        super().__init__()
        column = w.vbox(self, spacing=12)
        self.table = w.DataTable("import.units", COLUMNS, single=True)
        self.table.view.setAccessibleName("Các dòng họ, đơn vị, chi hội, thôn của tệp và việc sẽ làm")
        self.table.set_placeholder(w.EmptyState("file-spreadsheet", "Không có dòng nào như vậy."))
        self.table.row_selected.connect(self._on_selected)
        w.sized(self.table, min_height=170)
        column.addWidget(self.table, 1)
        self.panel = RowPanel()
        column.addWidget(self.panel)

    def set_plan(self, plan: ImportPlan, fate: RowFate | None, text: str) -> None:
        """Show the rows of one fate, or all, that have these letters (folded)."""
        rows = [item for item in plan.unit_rows if fate in (None, item.fate) and _has(item, text)]
        self._show_columns(plan.unit_rows)
        self.table.set_source(w.ListSource(rows))
        self._on_selected(self.table.current() if rows else None)

    def _show_columns(self, rows: Sequence[UnitPlan]) -> None:
        """Columns that say nothing are not shown."""
        self.table.set_column_shown(KIND_PLACE, len({item.row.kind for item in rows}) > 1)
        self.table.set_column_shown(SHEET_PLACE, len({item.row.sheet for item in rows}) > 1)
        said = ((HAMLET_PLACE, "hamlet"), (LEADER_PLACE, "leader"), (PHONE_PLACE, "phone"))
        for place, name in said:
            self.table.set_column_shown(place, any(getattr(item.row, name) for item in rows))

    def _on_selected(self, item: UnitPlan | None) -> None:
        self.panel.setVisible(item is not None)
        if item is not None:
            self.panel.set_unit(item)


def _has(item: UnitPlan, text: str) -> bool:
    row = item.row
    return not text or text in fold(f"{row.name} {row.code} {row.leader}") or text in row.phone or text == str(row.row)
