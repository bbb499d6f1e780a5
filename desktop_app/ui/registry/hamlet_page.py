"""Thôn – tổ: the settlements of the commune, one beside the list with its counts, leader, clans and branches.

Invariant: a hamlet keeps its former commune's name, for two merged communes often have a "Thôn 1" each.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop_app.models.records import HamletDetail, HamletRow, Link, SaveResult
from desktop_app.models.types import LearningModel, Poverty
from desktop_app.services.registry.words import GROUP_SHORT, word
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.registry import cells, history_part, parts, then_part, titles_part, unit_forms
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.edit_page import list_actions
from desktop_app.ui.registry.form_pane import FormTask, Values
from desktop_app.ui.registry.record_panel import small_button
from desktop_app.ui.registry.target import hamlet_link
from desktop_app.ui.registry.unit_page import PASSING_FAMILIES, UnitPage
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
    ACTIONS = list_actions(
        "hamlets",
        SCOPE,
        "thôn, tổ",
        ActionSpec("hamlets.merge", "Nhập vào thôn, tổ khác", "Ctrl+Shift+J", "merge", SCOPE),
        ActionSpec("hamlets.take_over", "Nhận thôn, tổ của xã cũ", "Ctrl+Shift+A", "landmark", SCOPE),
    )
    columns = (
        Column("name", "Thôn, tổ", 150, "strong", _name, stretch=2),
        Column("leader", "Trưởng thôn", 120, stretch=1, gives_way=1),
        Column("households", "Số hộ", 74, "number"),
        Column("citizens", "Số người", 90, "number"),
        Column(
            "passing_families",
            "Hộ đạt",
            92,
            "number",
            lambda row: _titles(row.passing_families, row.households),
            tip=PASSING_FAMILIES,
        ),
        Column("passing_citizens", "Người đạt", 90, "number", is_hidden=True),
        Column("former_commune", "Xã cũ", 110, is_hidden=True),
        Column("verdict", "Kết quả", 128, "chip", lambda row: cells.verdict_chip(row.score)),
    )

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.bind("hamlets.merge", self.on_merge)
        self.bind("hamlets.take_over", self.on_take_over)

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
        former = QuietButton("Xã cũ", icon="landmark")
        former.setToolTip("Nhận thôn, tổ của một xã cũ (Ctrl+Shift+A)")
        former.clicked.connect(lambda _checked=False: self.on_take_over())
        return (former, branches)

    def menu_actions(self) -> Sequence[QAction]:
        return (*super().menu_actions(), self.action("hamlets.merge"), self.action("hamlets.take_over"))

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
        if record.successor is not None:
            panel.add_link("Đã nhập vào", record.successor.name, "hamlets", record.successor.uid)
        panel.add_text_fact("Ghi chú", record.note, skips_blank=True)
        self._show_past(record)
        history_part.add_history(panel, self.context, "hamlet", record.uid, self.open_link)
        panel.set_buttons(*self.foot_buttons())

    def _show_past(self, record: HamletDetail) -> None:
        """Titles year by year, and the hamlets that went into this one."""
        from desktop_app.services.registry.details_past import hamlet_past

        panel, past = self.panel, hamlet_past(self.context, record.uid)
        then_part.add_hamlet(panel, self.context, record.uid)
        titles_part.add_titles(self, LearningModel.COMMUNITY, record.uid, record.titles)
        parts.add_year_titles(panel, "Gia đình học tập theo năm", [y for y in past.families if y.count], "hộ")
        parts.add_year_titles(panel, "Công dân học tập theo năm", [y for y in past.citizens if y.count])
        self._show_links("Thôn, tổ đã nhập vào đây", "hamlets", past.predecessors)
        if not record.valid_to:
            panel.add_heading("Sáp nhập")
            panel.add_tools(small_button("Nhập vào thôn khác", "merge", self.on_merge, "Ctrl+Shift+J"))

    def on_merge(self) -> None:
        """This hamlet goes into another, or both become a new one."""
        from desktop_app.services.moves.hamlet_merge import merge_hamlets, preview_merge

        if not self.current_uid or not self.may_leave_form(self.on_merge):
            return
        uid, name = self.current_uid, self.record_name
        with self.errors():
            seen = preview_merge(self.context, uid)
            self.open_task(
                FormTask(
                    f"Nhập {name} vào thôn, tổ khác",
                    unit_forms.merge_spec(self.context, uid),
                    {},
                    save=lambda values: merge_hamlets(
                        self.context, uid, values["hamlet"], name=values.get("name"), on=values.get("on")
                    ),
                    on_saved=lambda result, values: self.after_save(f"Đã nhập {name}.", result),
                    is_new=True,
                    save_text="Nhập",
                    work_text="Đang nhập thôn, tổ",
                    note=unit_forms.merge_note(seen),
                )
            )

    def refuse_delete(self, sentence: str) -> None:
        """A hamlet with people in it is not removed but merged; the way there stands beside the refusal."""
        self.ask_bar.ask(
            sentence,
            Answer("Nhập vào thôn khác", self.about_current(self.on_merge)),
            Answer("Đã hiểu", self.focus_list),
        )

    def on_take_over(self) -> None:
        """Write down which hamlets a former commune had, and add those that are not here yet."""
        from desktop_app.services.moves.hamlet_merge import take_over

        if not self.may_leave_form(self.on_take_over):
            return
        spec, keys = unit_forms.take_over_spec(self.context)

        def save(values: Values) -> SaveResult:
            chosen = [uid for uid in keys if values.get(uid)]
            names = str(values.get("new_names") or "").splitlines()
            return take_over(self.context, values.get("former_commune"), chosen, names)

        self.open_task(
            FormTask(
                "Nhận thôn, tổ của xã cũ",
                spec,
                {},
                save=save,
                on_saved=lambda result, values: self.after_save("Đã ghi thôn, tổ của xã cũ.", result),
                is_new=True,
                save_text="Ghi",
                note="Hai xã cũ cùng có “Thôn 1” thì vẫn là hai thôn; danh sách nhập sau này tìm đúng thôn theo xã cũ.",
            )
        )

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
