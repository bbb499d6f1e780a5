"""Thiết lập, part "Bộ tiêu chí": which sets there are, how sure they are, which are in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop_app.models.types import DeviceRole, SetKind
from desktop_app.services.criteria.office import OfficeSet, sets_in_use
from desktop_app.ui import widgets as w
from desktop_app.ui.criteria.rows import points, state_chip
from desktop_app.ui.safety.section import Section


@dataclass(frozen=True)
class SetRow:
    """One set in the list."""

    uid: str
    name: str
    version: str
    passing: str
    is_in_use: bool
    state: w.ChipData
    is_changed: bool


def set_row(item: OfficeSet) -> SetRow:
    d = item.definition
    passing = f"{points(d.pass_mark.value)}/{points(d.max_total)} điểm" if d.pass_mark else ""
    if d.kind is SetKind.CHECKLIST:
        passing = f"đủ {len(d.indicators)} {d.indicator_word}"
    return SetRow(item.uid, d.name, d.version, passing, item.is_in_use, state_chip(item), bool(item.overrides))


COLUMNS = (
    w.Column("name", "Bộ tiêu chí", 260, "strong", stretch=2, is_sortable=False),
    w.Column("version", "Phiên bản", 84, "quiet", is_sortable=False, gives_way=3),
    w.Column("passing", "Đạt khi", 130, is_sortable=False),
    w.Column("is_changed", "Đã sửa", 70, "check", is_sortable=False, tip="Cơ quan đã sửa lời hoặc điểm", gives_way=2),
    w.Column("is_in_use", "Đang dùng", 88, "check", is_sortable=False, gives_way=1),
    w.Column("state", "Tình trạng", 190, "chip", is_sortable=False),
)


class CriteriaSection(Section):
    """The list; Enter opens a set."""

    key, text, icon = "criteria", "Bộ tiêu chí", "list-checks"

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        may = "" if self.context.role is DeviceRole.VOLUNTEER else ", sửa lời, điểm tối đa, điểm đạt"
        self.body.addWidget(
            w.label(
                "Bộ nào không tìm được bảng điểm trong văn bản thì có bản gợi ý để chấm ngay; muốn công nhận thì cơ "
                f"quan phải xem lại và xác nhận. Mở một bộ để xem từng dòng và nguồn{may}.",
                "quiet",
                wrap=True,
            )
        )
        self.table = w.DataTable("criteria_sets", COLUMNS, single=True)
        self.table.row_opened.connect(self.open)
        self.body.addWidget(self.table)
        self.body.addStretch(1)
        self.open_button = w.PrimaryButton("Mở bộ tiêu chí", trailing="arrow-right")
        self.open_button.clicked.connect(lambda _checked=False: self.open(self.table.current()))

    def buttons(self) -> tuple[Any, ...]:
        return (self.open_button,)

    def load(self) -> None:
        rows = [set_row(item) for item in sets_in_use(self.context)]
        row = self.table.view.currentIndex().row()
        self.table.set_source(w.ListSource(rows))
        self.table.show_rows(len(rows))
        if rows:
            self.table.select_row(max(0, row))

    def open(self, row: SetRow | None) -> None:
        """Look at a set on a screen of its own."""
        from desktop_app.ui.criteria.page import CriteriaPage

        if row is not None and self.page.shell is not None:
            self.page.shell.push(CriteriaPage(self.context, row.uid))

    def focus_first(self) -> None:
        self.table.view.setFocus()
