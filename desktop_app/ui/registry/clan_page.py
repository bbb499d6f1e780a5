"""Dòng họ: the clans as a list, one beside it with its households and how many of them hold the family title.

Invariant: the share says of how many; the clan's own set asks for it (Dòng họ học tập, from 50 % of its families).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from desktop_app.models.records import ClanDetail, ClanHousehold, ClanRow, SaveResult, VerdictState
from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.verdict import percent_text
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.registry import cells, history_part, parts, then_part, titles_part, unit_forms
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.edit_page import list_actions
from desktop_app.ui.registry.form_pane import Values
from desktop_app.ui.registry.list_page import noop
from desktop_app.ui.registry.record_panel import small_button
from desktop_app.ui.registry.row_list import RowItem, RowList
from desktop_app.ui.registry.unit_page import PASSING_FAMILIES, UnitPage
from desktop_app.ui.widgets.charts import Bar
from desktop_app.ui.widgets.form_spec import FormSpec
from desktop_app.ui.widgets.paged_model import BarCell, Column
from desktop_app.ui.widgets.painting import ChipData

SCOPE = "Dòng họ"
WANTED_SHARE = 0.5
"""Of its families with the title, for the clan's own (QĐ 387/QĐ-TTg, official in the shipped set)."""


def _share_text(row: ClanRow) -> str:
    return f"{row.passing_families} / {row.households}"


def _share_bar(row: ClanRow) -> BarCell | None:
    return BarCell(row.share / 100, target=WANTED_SHARE) if row.share is not None else None


class ClanPage(UnitPage):
    """The list of clans."""

    title_text = SCOPE
    help_topic = "dong_ho"
    search_placeholder = "Tìm dòng họ…"
    table = "clan"
    prefix = "clans"
    one = "dòng họ"
    unit = "dòng họ"
    empty_icon = "network"
    model = LearningModel.CLAN
    filters_hamlet = True
    ACTIONS = list_actions(
        "clans", SCOPE, "dòng họ", ActionSpec("clans.member", "Thêm hộ vào dòng họ", "Ctrl+Shift+N", "house", SCOPE)
    )
    columns = (
        Column("name", "Dòng họ", 214, "strong", stretch=2),
        Column("hamlet", "Thôn", 78, stretch=1),
        Column("leader", "Trưởng tộc", 110, stretch=1, gives_way=1),
        Column("passing_families", "Hộ đạt", 92, "number", _share_text, tip=PASSING_FAMILIES),
        Column("share", "Tỷ lệ", 76, "bar", _share_bar, tip="Vạch: 50 % số gia đình"),
        Column("households", "Số hộ", 80, "number", is_hidden=True),
        Column("verdict", "Kết quả", 124, "chip", lambda row: cells.verdict_chip(row.score)),
    )

    def __init__(self, context: Any) -> None:
        self._homes: RowList | None = None
        self._record: ClanDetail | None = None
        super().__init__(context)
        self.bind("clans.member", self.on_add_household)

    def source(self) -> Any:
        from desktop_app.services.registry.unit_lists import clan_list

        return clan_list(self.context, self.search_text, hamlet=self.chosen_hamlet)

    def whole_count(self) -> int:
        from desktop_app.services.registry.unit_lists import clan_list

        return clan_list(self.context).count()

    def read(self, uid: str) -> ClanDetail:
        from desktop_app.services.registry.details import clan_detail

        return clan_detail(self.context, uid)

    def show_record(self, record: ClanDetail) -> None:
        from desktop_app.services.registry.details_past import clan_titles

        panel = self.panel
        self._record = record
        chips = [chip for chip in (cells.titles_chip(record.titles),) if chip is not None]
        panel.set_title(record.name, *chips)
        panel.add_text_fact("Họ", record.surname, skips_blank=True)
        if record.hamlet is not None:
            panel.add_link("Thôn", record.hamlet.name, "hamlets", record.hamlet.uid)
        panel.add_text_fact("Trưởng tộc", record.leader)
        panel.add_reveal("Điện thoại", record.phone, partial(self.reveal_phone, record.uid))
        panel.add_text_fact("Ghi chú", record.note, skips_blank=True)
        parts.add_result(panel, self.context, LearningModel.CLAN, record.uid, record.years)
        is_past = then_part.add_clan(panel, self.context, record.uid, self.open_link)
        self._show_households(record, is_past=is_past)
        titles_part.add_titles(self, LearningModel.CLAN, record.uid, record.titles)
        parts.add_year_titles(panel, "Gia đình học tập theo năm", clan_titles(self.context, record.uid), "hộ")
        history_part.add_history(panel, self.context, "clan", record.uid, self.open_link)
        panel.set_buttons(*self.foot_buttons())

    def _show_households(self, record: ClanDetail, *, is_past: bool) -> None:
        """Today's households; their share that passes stands here only while the round counts the present."""
        panel = self.panel
        count = len(record.households)
        add = small_button("Thêm hộ", "plus", self.on_add_household, "Ctrl+Shift+N")
        panel.add_heading(f"Các hộ{' hôm nay' if is_past else ''} ({number_text(count)})", add)
        if not count:
            panel.add_text("Dòng họ chưa có hộ nào; thêm từng hộ của dòng họ vào đây.", "quiet")
            self._homes = None
            return
        if not is_past:
            passing = sum(home.passes for home in record.households)
            panel.add(Bar(passing / count, target=WANTED_SHARE))
            share = percent_text(100 * passing / count)
            panel.add_text(f"{passing} / {count} hộ đạt Gia đình học tập ({share}); cần từ 50%.", "small")
        self._homes = panel.add_rows("Các hộ của dòng họ", [_home_row(home) for home in record.households])
        self._homes.opened.connect(partial(self.open_link, "households"))
        panel.add_tools(small_button("Bỏ hộ khỏi dòng họ", "x", self.on_leave))

    def on_add_household(self) -> None:
        from desktop_app.services.registry.memberships import join_clan

        if not self.current_uid or not self.may_leave_form(self.on_add_household):
            return
        clan = self.current_uid
        self.small_task(
            f"Thêm hộ vào {self.record_name}",
            unit_forms.household_field(self.context),
            lambda values: join_clan(self.context, clan, values["household"]),
            "Đã thêm hộ vào dòng họ.",
        )

    def on_leave(self) -> None:
        from desktop_app.services.registry.memberships import leave_clan

        key = self._homes.current_key if self._homes is not None else ""
        if not key:
            self.ask_bar.say("Chọn một hộ trong danh sách trước.", Answer("Đã hiểu", noop))
            return
        self.do(partial(leave_clan, self.context, self.current_uid, key), "Đã bỏ hộ khỏi dòng họ.")

    def spec(self, uid: str | None) -> FormSpec:
        return unit_forms.clan_spec(self.context, partial(self.reveal_phone, uid) if uid else None)

    def save(self, uid: str | None, values: Values) -> SaveResult:
        from desktop_app.services.registry.units_edit import save_clan

        return save_clan(self.context, uid, values)

    def first_values(self) -> dict[str, Any]:
        return {"hamlet": self.chosen_hamlet}


def _home_row(home: ClanHousehold) -> RowItem:
    if home.has_title:
        chip = ChipData("Danh hiệu", "passed", "award")
    elif home.score.state is VerdictState.NONE:
        chip = None
    else:
        chip = cells.verdict_chip(home.score)
    name = f"Hộ {home.head or home.household.name}"
    return RowItem(home.household.uid, name, " · ".join(p for p in (home.household.name, home.hamlet) if p), chip)
