"""Thôn – tổ: the settlements of the commune, one beside the list with its counts, leader, clans and branches.

Invariant: a hamlet keeps its former commune's name, for two merged communes often have a "Thôn 1" each.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop_app.models.records import HamletDetail, HamletRow, Link, SaveResult
from desktop_app.models.types import LearningModel, Poverty
from desktop_app.services.registry.words import GROUP_SHORT, word
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.registry import cells, history_part, parts, unit_forms
from desktop_app.ui.registry.edit_page import list_actions
from desktop_app.ui.registry.form_pane import Values
from desktop_app.ui.registry.record_panel import small_button
from desktop_app.ui.registry.target import hamlet_link
from desktop_app.ui.registry.unit_page import UnitPage
from desktop_app.ui.widgets.basics import QuietButton
from desktop_app.ui.widgets.form_spec import FormSpec
from desktop_app.ui.widgets.paged_model import Column

SCOPE = "Thôn – tổ"


def _titles(with_title: int, whole: int) -> str:
    return f"{number_text(with_title)} / {number_text(whole)}"


def _name(row: HamletRow) -> str:
    return f"{row.name} ({row.former_commune} cũ)" if row.former_commune else row.name


class HamletPage(UnitPage):
    """The list of hamlets."""

    title_text = SCOPE
    help_topic = "thon_to"
    search_placeholder = "Tìm thôn, tổ…"
    table = "hamlet"
    prefix = "hamlets"
    one = "thôn, tổ"
    unit = "thôn, tổ"
    empty_icon = "map-pin"
    model = LearningModel.COMMUNITY
    ACTIONS = list_actions("hamlets", SCOPE, "thôn, tổ")
    columns = (
        Column("name", "Thôn, tổ", 150, "strong", _name, stretch=2),
        Column("leader", "Trưởng thôn", 120, stretch=1, gives_way=1),
        Column("households", "Số hộ", 74, "number"),
        Column("citizens", "Số người", 90, "number"),
        Column(
            "families_with_title",
            "Hộ đạt",
            92,
            "number",
            lambda row: _titles(row.families_with_title, row.households),
            tip="Số hộ có danh hiệu Gia đình học tập năm nay / số hộ",
        ),
        Column("citizens_with_title", "Người đạt", 90, "number", is_hidden=True),
        Column("former_commune", "Xã cũ", 110, is_hidden=True),
        Column("verdict", "Kết quả", 128, "chip", lambda row: cells.verdict_chip(row.score)),
    )

    def source(self) -> Any:
        from desktop_app.services.registry.unit_lists import hamlet_list

        return hamlet_list(self.context, self.search_text)

    def whole_count(self) -> int:
        from desktop_app.services.registry.unit_lists import hamlet_list

        return hamlet_list(self.context).count()

    def summary(self) -> str:
        rows = self.source().rows(0, 10_000)
        homes, people = sum(row.households for row in rows), sum(row.citizens for row in rows)
        return f"{number_text(homes)} hộ, {number_text(people)} người trong {cells.count_words(len(rows), self.unit)}"

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

    def read(self, uid: str) -> HamletDetail:
        from desktop_app.services.registry.details import hamlet_detail

        return hamlet_detail(self.context, uid)

    def show_record(self, record: HamletDetail) -> None:
        panel = self.panel
        chips = [chip for chip in (cells.titles_chip(record.titles),) if chip is not None]
        panel.set_title(record.name, *chips)
        panel.add_text_fact("Loại", word(record.kind))
        panel.add_text_fact("Thuộc xã cũ", record.former_commune, skips_blank=True)
        panel.add_text_fact("Mã", record.code, skips_blank=True)
        panel.add_text_fact("Trưởng thôn", record.leader)
        panel.add_reveal("Điện thoại", record.phone, partial(self.reveal_phone, record.uid))
        self._show_counts(record)
        parts.add_result(panel, self.context, LearningModel.COMMUNITY, record.uid, record.years)
        self._show_links("Dòng họ", "clans", record.clans)
        self._show_links("Đơn vị", "organizations", record.organizations)
        panel.add_heading("Chi hội khuyến học", small_button("Xem", "book-open-check", self.open_branches))
        panel.add_text(", ".join(branch.name for branch in record.branches) or "Chưa có chi hội.", "quiet")
        panel.add_text_fact("Có từ", record.valid_from, skips_blank=True)
        panel.add_text_fact("Thôi dùng từ", record.valid_to, skips_blank=True)
        panel.add_text_fact("Ghi chú", record.note, skips_blank=True)
        parts.add_titles(panel, record.titles)
        history_part.add_history(panel, self.context, "hamlet", record.uid, self.open_link)
        panel.set_buttons(*self.foot_buttons())

    def _show_counts(self, record: HamletDetail) -> None:
        panel = self.panel
        panel.add_heading("Dân cư")
        poor = [f"{number_text(n)} {word(kind).lower()}" for kind, n in record.by_poverty if kind is not Poverty.NONE]
        note = f"· {', '.join(poor)}" if poor else ""
        homes = f"{number_text(record.households)} hộ"
        panel.add_fact("Hộ", panel.link(homes, "households", hamlet_link(record.uid), note=note, name="Hộ"))
        people = f"{number_text(record.citizens)} người"
        panel.add_fact("Người", panel.link(people, "citizens", hamlet_link(record.uid), name="Người"))
        for group, count in record.by_group:
            panel.add_count(GROUP_SHORT[group] if group else "Chưa chọn nhóm", number_text(count))

    def _show_links(self, title: str, page_key: str, links: Sequence[Link]) -> None:
        if not links:
            return
        self.panel.add_heading(f"{title} ({len(links)})")
        for link in links:
            self.panel.add(self.panel.link(link.name, page_key, link.uid))

    def spec(self, uid: str | None) -> FormSpec:
        return unit_forms.hamlet_spec(partial(self.reveal_phone, uid) if uid else None)

    def save(self, uid: str | None, values: Values) -> SaveResult:
        from desktop_app.services.registry.units_edit import save_hamlet

        return save_hamlet(self.context, uid, values)
