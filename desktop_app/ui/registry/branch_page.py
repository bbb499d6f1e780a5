"""Chi hội khuyến học: the branches of the association with their codes, opened from hamlets and organizations.

Invariant: a code belongs to one branch; the national site knows people by it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from desktop_app.models.records import BranchDetail, SaveResult
from desktop_app.ui.registry import cells, history_part, parts, unit_forms
from desktop_app.ui.registry.edit_page import list_actions
from desktop_app.ui.registry.form_pane import Values
from desktop_app.ui.registry.unit_page import UnitPage
from desktop_app.ui.widgets.form_spec import FormSpec
from desktop_app.ui.widgets.paged_model import Column

SCOPE = "Chi hội"


class BranchPage(UnitPage):
    """The list of branches."""

    title_text = "Chi hội khuyến học"
    help_topic = "chi_hoi"
    search_placeholder = "Tìm chi hội, mã chi hội…"
    table = "branch"
    prefix = "branches"
    one = "chi hội"
    unit = "chi hội"
    empty_icon = "book-open-check"
    ACTIONS = tuple(spec for spec in list_actions("branches", SCOPE, "chi hội") if not spec.id.endswith(".form"))
    columns = (
        Column("code", "Mã", 110, "quiet"),
        Column("name", "Chi hội", 220, "strong", stretch=2),
        Column("hamlet", "Thôn", 100, stretch=1),
        Column("organization", "Đơn vị", 140, stretch=1),
        Column("members", "Số người", 92, "number"),
        Column("leader", "Chi hội trưởng", 140, is_hidden=True),
    )

    def source(self) -> Any:
        from desktop_app.services.registry.unit_lists import branch_list

        return branch_list(self.context, self.search_text)

    def whole_count(self) -> int:
        from desktop_app.services.registry.unit_lists import branch_list

        return branch_list(self.context).count()

    def summary(self) -> str:
        rows = self.source().rows(0, 10_000)
        people = cells.count_words(sum(row.members for row in rows), "người")
        return f"{people} trong {cells.count_words(len(rows), self.unit)}"

    def read(self, uid: str) -> BranchDetail:
        from desktop_app.services.registry.details import branch_detail

        return branch_detail(self.context, uid)

    def show_record(self, record: BranchDetail) -> None:
        from desktop_app.services.registry.details_past import branch_titles

        panel = self.panel
        panel.set_title(record.name)
        panel.add_text_fact("Mã chi hội", record.code)
        if record.hamlet is not None:
            panel.add_link("Thôn", record.hamlet.name, "hamlets", record.hamlet.uid)
        if record.organization is not None:
            panel.add_link("Đơn vị", record.organization.name, "organizations", record.organization.uid)
        panel.add_text_fact("Chi hội trưởng", record.leader)
        panel.add_reveal("Điện thoại", record.phone, partial(self.reveal_phone, record.uid))
        self._show_people(record)
        parts.add_year_titles(panel, "Công dân học tập theo năm", branch_titles(self.context, record.uid))
        history_part.add_history(panel, self.context, "branch", record.uid, self.open_link)
        panel.set_buttons(*self.foot_buttons())

    def _show_people(self, record: BranchDetail) -> None:
        from desktop_app.services.registry.details import branch_people

        self.panel.add_heading(f"Hội viên ({cells.count_words(record.members, 'người')})")
        people = branch_people(self.context, record.uid)
        if not people:
            words = "Chưa có ai; xếp từng người ở trang Công dân, hoặc cả hộ ở trang Hộ gia đình (Ctrl+Shift+G)."
            self.panel.add_text(words, "quiet")
            return
        rows = self.panel.add_rows("Hội viên của chi hội", [parts.member_row(member) for member in people])
        rows.opened.connect(partial(self.open_link, "citizens"))
        if len(people) < record.members:
            self.panel.add_text(f"Đang kể {len(people)} người đầu theo tên.", "small")

    def spec(self, uid: str | None) -> FormSpec:
        return unit_forms.branch_spec(self.context, partial(self.reveal_phone, uid) if uid else None)

    def save(self, uid: str | None, values: Values) -> SaveResult:
        from desktop_app.services.registry.units_edit import save_branch

        return save_branch(self.context, uid, values)
