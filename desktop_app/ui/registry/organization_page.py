"""Đơn vị: schools, agencies, enterprises and cooperatives, one beside the list with its people and their roles.

Invariant: a person belongs to an organization once, with the role of now.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop_app.models.records import OrganizationDetail, OrganizationRow, SaveResult
from desktop_app.models.types import LearningModel
from desktop_app.services.registry.words import word
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.registry import cells, history_part, parts, then_part, titles_part, unit_forms
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.edit_page import list_actions
from desktop_app.ui.registry.form_pane import Values
from desktop_app.ui.registry.list_page import noop
from desktop_app.ui.registry.record_panel import small_button
from desktop_app.ui.registry.row_list import RowList
from desktop_app.ui.registry.unit_page import PASSING_PEOPLE, UnitPage
from desktop_app.ui.widgets.basics import QuietButton
from desktop_app.ui.widgets.form_spec import FormSpec
from desktop_app.ui.widgets.paged_model import Column

SCOPE = "Đơn vị"


def _passing(row: OrganizationRow) -> str:
    return f"{number_text(row.passing_citizens)} / {number_text(row.members)}"


class OrganizationPage(UnitPage):
    """The list of organizations."""

    title_text = SCOPE
    help_topic = "don_vi"
    search_placeholder = "Tìm đơn vị…"
    table = "organization"
    prefix = "organizations"
    one = "đơn vị"
    unit = "đơn vị"
    empty_icon = "building-2"
    model = LearningModel.ORGANIZATION
    ACTIONS = list_actions(
        "organizations",
        SCOPE,
        "đơn vị",
        ActionSpec("organizations.member", "Thêm người vào đơn vị", "Ctrl+Shift+N", "user-plus", SCOPE),
    )
    columns = (
        Column("name", "Đơn vị", 210, "strong", stretch=2),
        Column("kind", "Loại", 108, value=lambda row: word(row.kind)),
        Column("leader", "Thủ trưởng", 120, stretch=1, gives_way=1),
        Column("members", "Số người", 88, "number"),
        Column("hamlet", "Thôn", 90, is_hidden=True),
        Column("passing_citizens", "Người đạt", 96, "number", _passing, tip=PASSING_PEOPLE, is_hidden=True),
        Column("verdict", "Kết quả", 128, "chip", lambda row: cells.verdict_chip(row.score)),
    )

    def __init__(self, context: Any) -> None:
        self._people: RowList | None = None
        self._record: OrganizationDetail | None = None
        super().__init__(context)
        self.bind("organizations.member", self.on_add_member)

    def source(self) -> Any:
        from desktop_app.services.registry.unit_lists import organization_list

        return organization_list(self.context, self.search_text)

    def whole_count(self) -> int:
        from desktop_app.services.registry.unit_lists import organization_list

        return organization_list(self.context).count()

    def summary(self) -> str:
        rows = self.source().rows(0, 10_000)
        people = number_text(sum(row.members for row in rows))
        return f"{people} người trong {cells.count_words(len(rows), self.unit)}"

    def more_buttons(self) -> Sequence[QWidget]:
        branches = QuietButton("Chi hội", icon="book-open-check")
        branches.setToolTip("Các chi hội khuyến học và mã chi hội")
        branches.clicked.connect(lambda _checked=False: self.open_branches())
        return (branches,)

    def open_branches(self) -> None:
        """The branches of the association, on top of this page."""
        from desktop_app.ui.registry.branch_page import BranchPage

        if self.shell is not None and self.can_leave():
            self.shell.push(BranchPage(self.context))

    def read(self, uid: str) -> OrganizationDetail:
        from desktop_app.services.registry.details import organization_detail

        return organization_detail(self.context, uid)

    def show_record(self, record: OrganizationDetail) -> None:
        from desktop_app.services.registry.details_past import organization_titles

        panel = self.panel
        self._record = record
        chips = [chip for chip in (cells.titles_chip(record.titles),) if chip is not None]
        panel.set_title(record.name, *chips)
        panel.add_text_fact("Loại", word(record.kind))
        panel.add_text_fact("Mã", record.code, skips_blank=True)
        panel.add_text_fact("Địa chỉ", record.address, skips_blank=True)
        if record.hamlet is not None:
            panel.add_link("Thôn", record.hamlet.name, "hamlets", record.hamlet.uid)
        panel.add_text_fact("Thủ trưởng", record.leader)
        panel.add_reveal("Điện thoại", record.phone, partial(self.reveal_phone, record.uid))
        panel.add_text_fact("Ghi chú", record.note, skips_blank=True)
        parts.add_result(panel, self.context, LearningModel.ORGANIZATION, record.uid, record.years)
        then_part.add_organization(panel, self.context, record.uid, self.open_link)
        self._show_people(record)
        if record.branches:
            panel.add_heading("Chi hội khuyến học", small_button("Xem", "book-open-check", self.open_branches))
            panel.add_text(", ".join(branch.name for branch in record.branches), "quiet")
        titles_part.add_titles(self, LearningModel.ORGANIZATION, record.uid, record.titles)
        parts.add_year_titles(panel, "Công dân học tập theo năm", organization_titles(self.context, record.uid))
        history_part.add_history(panel, self.context, "organization", record.uid, self.open_link)
        panel.set_buttons(*self.foot_buttons())

    def _show_people(self, record: OrganizationDetail) -> None:
        panel = self.panel
        add = small_button("Thêm người", "user-plus", self.on_add_member, "Ctrl+Shift+N")
        panel.add_heading(f"Người của đơn vị ({number_text(parts.here(record.members))})", add)
        if not record.members:
            panel.add_text("Chưa có ai; thêm từng người đã có trong sổ công dân.", "quiet")
            self._people = None
            return
        self._people = panel.add_rows("Người của đơn vị", [parts.member_row(member) for member in record.members])
        self._people.opened.connect(partial(self.open_link, "citizens"))
        panel.add_tools(
            small_button("Việc ở đây", "pencil", self.on_role),
            small_button("Bỏ khỏi đơn vị", "x", self.on_leave),
        )

    def _chosen(self) -> str:
        key = self._people.current_key if self._people is not None else ""
        if not key:
            self.ask_bar.say("Chọn một người trong danh sách trước.", Answer("Đã hiểu", noop))
        return key

    def on_add_member(self) -> None:
        from desktop_app.services.registry.memberships import join_organization

        if not self.current_uid or not self.may_leave_form(self.on_add_member):
            return
        unit = self.current_uid

        def save(values: Values) -> SaveResult:
            return join_organization(self.context, unit, values["citizen"], values.get("role") or "")

        self.small_task(
            f"Thêm người vào {self.record_name}",
            unit_forms.member_spec(self.context),
            save,
            "Đã thêm người vào đơn vị.",
        )

    def on_role(self) -> None:
        from desktop_app.services.registry.memberships import join_organization

        key, record = self._chosen(), self._record
        member = next((m for m in record.members if m.uid == key), None) if record is not None else None
        if member is None:
            return
        unit = self.current_uid

        def save(values: Values) -> SaveResult:
            return join_organization(self.context, unit, member.uid, values.get("role") or "")

        self.small_task(
            f"Việc của {member.name} ở đây",
            unit_forms.role_spec(),
            save,
            "Đã cất.",
            {"role": member.relation},
            is_new=False,
        )

    def on_leave(self) -> None:
        from desktop_app.services.registry.memberships import leave_organization

        key = self._chosen()
        if key:
            self.do(partial(leave_organization, self.context, self.current_uid, key), "Đã bỏ người khỏi đơn vị.")

    def spec(self, uid: str | None) -> FormSpec:
        return unit_forms.organization_spec(self.context, partial(self.reveal_phone, uid) if uid else None)

    def save(self, uid: str | None, values: Values) -> SaveResult:
        from desktop_app.services.registry.units_edit import save_organization

        return save_organization(self.context, uid, values)
