"""Hộ gia đình: the households as a list, one beside it with its people, clan, year's result and history.

Invariant: every change of a household's people goes through the services' own deeds: add, head, move, relation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from desktop_app.models.records import HouseholdDetail, HouseholdRow, Member, SaveResult, VerdictState
from desktop_app.models.types import LearningModel, Poverty
from desktop_app.services.registry.words import POVERTY, VERDICT
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.registry import cells, choices, citizen_forms, history_part, household_forms, parts
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.edit_page import EditPage, list_actions
from desktop_app.ui.registry.form_pane import FormTask, Values
from desktop_app.ui.registry.list_page import noop
from desktop_app.ui.registry.record_panel import small_button
from desktop_app.ui.registry.row_list import RowList
from desktop_app.ui.widgets.paged_model import Column
from desktop_app.ui.widgets.search import FilterChip

SCOPE = "Hộ gia đình"


def household_name(head: str, code: str) -> str:
    """ "Hộ Nguyễn Văn Ước", or by its code where nobody heads it."""
    return f"Hộ {head or code or '(chưa có chủ hộ)'}"


def _years(row: HouseholdRow) -> str:
    return ", ".join(str(year) for year in row.title_years)


class HouseholdPage(EditPage):
    """The list of households."""

    title_text = SCOPE
    help_topic = "ho_gia_dinh"
    search_placeholder = "Tìm theo mã hộ, tên người trong hộ…"
    table = "household"
    prefix = "households"
    one = "hộ"
    unit = "hộ"
    empty_icon = "house"
    model = LearningModel.FAMILY
    can_import = True
    filters_hamlet = True
    ACTIONS = list_actions(
        "households",
        SCOPE,
        "hộ",
        ActionSpec("households.member", "Thêm người vào hộ", "Ctrl+Shift+N", "user-plus", SCOPE),
        ActionSpec("households.head", "Đặt người đang chọn làm chủ hộ", "Ctrl+H", "user-check", SCOPE),
        ActionSpec("households.move", "Chuyển người đang chọn sang hộ khác", "Ctrl+M", "arrow-right", SCOPE),
    )
    columns = (
        Column("code", "Mã hộ", 82, "quiet"),
        Column("head", "Chủ hộ", 190, "strong", stretch=2),
        Column("hamlet", "Thôn", 84, stretch=1),
        Column("members", "Số người", 86, "number"),
        Column("poverty", "Diện hộ", 142, "chip", lambda row: cells.poverty_chip(row.poverty), gives_way=1),
        Column("score", "Điểm", 66, "number", lambda row: cells.points_text(row.score), is_hidden=True),
        Column("verdict", "Kết quả", 124, "chip", lambda row: cells.verdict_chip(row.score)),
        Column("title_years", "Năm có danh hiệu", 140, "quiet", _years, is_sortable=False, is_hidden=True),
        Column("address", "Địa chỉ", 180, is_sortable=False, is_hidden=True),
    )

    def __init__(self, context: Any) -> None:
        self._people: RowList | None = None
        self._record: HouseholdDetail | None = None
        super().__init__(context)
        self.bind("households.member", self.on_add_member)
        self.bind("households.head", self.on_set_head)
        self.bind("households.move", self.on_move)

    def make_filters(self) -> Sequence[FilterChip]:
        self.poverty_chip = self.add_choice("Diện hộ", [choices.ALL, *((p, POVERTY[p].lower()) for p in Poverty)])
        self.outcome_chip = self.add_choice("Kết quả", [choices.ALL, *((s, VERDICT[s].lower()) for s in VerdictState)])
        self.headless_chip = self.add_switch("Chưa có chủ hộ", icon="circle-question-mark")
        self.empty_chip = self.add_switch("Hộ không có ai", icon="circle")
        return (self.poverty_chip, self.outcome_chip, self.headless_chip, self.empty_chip)

    def read_filters(self) -> None:
        from desktop_app.services.registry.household_list import HouseholdFilter, household_list

        super().read_filters()
        for chip, text, asked in (
            (self.headless_chip, "Chưa có chủ hộ", HouseholdFilter(has_head=False)),
            (self.empty_chip, "Hộ không có ai", HouseholdFilter(has_members=False)),
        ):
            count = household_list(self.context, asked).count()
            chip.set_label(f"{text}: {cells.count_words(count, '').strip()}")
            chip.setVisible(count > 0 or chip.isChecked())

    def source(self) -> Any:
        from desktop_app.services.registry.household_list import HouseholdFilter, household_list

        poverty, outcome = self.poverty_chip.value, self.outcome_chip.value
        return household_list(
            self.context,
            HouseholdFilter(
                hamlet=self.chosen_hamlet,
                poverty=poverty if isinstance(poverty, Poverty) else None,
                outcome=outcome if isinstance(outcome, VerdictState) else None,
                has_head=False if self.headless_chip.isChecked() else None,
                has_members=False if self.empty_chip.isChecked() else None,
                text=self.search_text,
            ),
        )

    def whole_count(self) -> int:
        from desktop_app.services.registry.household_list import household_list

        return household_list(self.context).count()

    # -- one household -----------------------------------------------------------------------------------------

    def read(self, uid: str) -> HouseholdDetail:
        from desktop_app.services.registry.details import household_detail

        return household_detail(self.context, uid)

    def show_record(self, record: HouseholdDetail) -> None:
        panel = self.panel
        self._record = record
        chips = [c for c in (cells.poverty_chip(record.poverty), cells.titles_chip(record.titles)) if c is not None]
        panel.set_title(household_name(record.head.name if record.head else "", record.code), *chips)
        panel.add_text_fact("Mã hộ", record.code)
        if record.hamlet is not None:
            panel.add_link("Thôn", record.hamlet.name, "hamlets", record.hamlet.uid)
        panel.add_text_fact("Địa chỉ", record.address)
        self._show_people(record)
        parts.add_result(panel, self.context, LearningModel.FAMILY, record.uid, record.years)
        self._show_clans(record)
        panel.add_text_fact("Có từ", record.valid_from, skips_blank=True)
        panel.add_text_fact("Rời xã từ", record.valid_to, skips_blank=True)
        if record.split_from is not None:
            panel.add_link("Tách từ hộ", record.split_from.name, "households", record.split_from.uid)
        panel.add_text_fact("Ghi chú", record.note, skips_blank=True)
        parts.add_titles(panel, record.titles)
        history_part.add_history(panel, self.context, "household", record.uid, self.open_link)
        panel.set_buttons(*self.foot_buttons())

    def _show_people(self, record: HouseholdDetail) -> None:
        panel = self.panel
        add = small_button("Thêm người", "user-plus", self.on_add_member, "Ctrl+Shift+N")
        panel.add_heading(f"Thành viên ({parts.here(record.members)} người)", add)
        if not record.members:
            panel.add_text("Hộ chưa có ai. Hãy thêm người, hoặc chuyển người đã có trong sổ đến.", "quiet")
            panel.add_tools(small_button("Chuyển người đến", "arrow-left", self.on_bring))
            self._people = None
            return
        self._people = panel.add_rows("Thành viên của hộ", [parts.member_row(member) for member in record.members])
        self._people.opened.connect(partial(self.open_link, "citizens"))
        panel.add_tools(
            small_button("Làm chủ hộ", "user-check", self.on_set_head, "Ctrl+H"),
            small_button("Quan hệ", "pencil", self.on_relation),
            small_button("Chuyển hộ", "arrow-right", self.on_move, "Ctrl+M"),
            small_button("Chuyển người đến", "arrow-left", self.on_bring),
        )

    def _show_clans(self, record: HouseholdDetail) -> None:
        panel = self.panel
        panel.add_heading("Dòng họ", small_button("Thêm vào dòng họ", "plus", self.on_join_clan))
        if not record.clans:
            panel.add_text("Chưa thuộc dòng họ nào trong sổ.", "quiet")
        for clan in record.clans:
            panel.add(panel.link(clan.name, "clans", clan.uid))

    @property
    def record_name(self) -> str:
        title = self.panel.title_label.text()
        return title[:1].lower() + title[1:]

    # -- its people --------------------------------------------------------------------------------------------

    def chosen_member(self) -> Member | None:
        """The person chosen in the panel's list; says so in place when nobody is."""
        key = self._people.current_key if self._people is not None else ""
        record = self._record
        found = next((member for member in record.members if member.uid == key), None) if record is not None else None
        if found is None and self.current_uid:
            self.pair.show_panel()
            self.ask_bar.say("Chọn một người trong danh sách thành viên trước.", Answer("Đã hiểu", noop))
            if self._people is not None:
                self._people.setFocus()
        return found

    def on_set_head(self) -> None:
        from desktop_app.services.registry.households import set_head

        member = self.chosen_member() if not self.holds_form else None
        if member is not None:
            self.do(partial(set_head, self.context, self.current_uid, member.uid), f"Chủ hộ nay là {member.name}.")

    def on_relation(self) -> None:
        from desktop_app.services.registry import citizens

        member = self.chosen_member() if not self.holds_form else None
        if member is None:
            return
        self.open_task(
            FormTask(
                f"Quan hệ của {member.name}",
                household_forms.relation_spec(),
                {"relation": member.relation},
                save=partial(citizens.save_citizen, self.context, member.uid),
                on_saved=self._said(f"Đã cất quan hệ của {member.name}."),
            )
        )

    def on_move(self) -> None:
        from desktop_app.services.registry.citizens import move_citizen

        member = self.chosen_member() if not self.holds_form else None
        if member is None:
            return

        def save(values: Values) -> SaveResult:
            relation = values.get("relation") or ""
            return move_citizen(self.context, member.uid, values["household"], relation=relation)

        self.open_task(
            FormTask(
                f"Chuyển {member.name} sang hộ khác",
                citizen_forms.move_spec(self.context),
                {},
                save=save,
                on_saved=self._said(f"Đã chuyển {member.name} sang hộ khác."),
                is_new=True,
                save_text="Chuyển",
            )
        )

    def on_bring(self) -> None:
        """Bring a person who is in the register already into this household."""
        from desktop_app.services.registry.citizens import move_citizen

        if not self.current_uid or not self.may_leave_form(self.on_bring):
            return
        household = self.current_uid

        def save(values: Values) -> SaveResult:
            relation = values.get("relation") or ""
            return move_citizen(self.context, values["citizen"], household, relation=relation)

        self.open_task(
            FormTask(
                f"Chuyển người đến {self.record_name}",
                household_forms.bring_spec(self.context),
                {},
                save=save,
                on_saved=self._said("Đã chuyển người đến hộ này."),
                is_new=True,
                save_text="Chuyển đến",
            )
        )

    def on_add_member(self) -> None:
        from desktop_app.services.registry import citizens

        if not self.current_uid or not self.may_leave_form(self.on_add_member):
            return
        household, name = self.current_uid, self.record_name

        def check(values: Values) -> SaveResult:
            return citizens.check(self.context, None, {**values, "household": household})

        self.open_task(
            FormTask(
                f"Thêm người vào {name}",
                citizen_forms.citizen_spec(self.context, asks_household=False),
                citizen_forms.first_values({}),
                save=partial(citizens.add_member, self.context, household),
                check=check,
                on_saved=self._said("Đã thêm người vào hộ."),
                is_new=True,
            )
        )

    def on_join_clan(self) -> None:
        from desktop_app.services.registry.memberships import join_clan

        if not self.current_uid or not self.may_leave_form(self.on_join_clan):
            return
        household = self.current_uid
        self.open_task(
            FormTask(
                f"Thêm {self.record_name} vào dòng họ",
                household_forms.clan_spec(self.context),
                {},
                save=lambda values: join_clan(self.context, values["clan"], household),
                on_saved=self._said("Đã thêm hộ vào dòng họ."),
                is_new=True,
            )
        )

    def _said(self, words: str) -> Callable[[SaveResult, Values], None]:
        """After a form about something else than the household itself: the same household stays in the panel."""
        return lambda result, values: self.show_again(words)

    # -- forms -------------------------------------------------------------------------------------------------

    def edit_task(self, uid: str) -> FormTask:
        from desktop_app.services.registry import households

        name = self.record_name
        return FormTask(
            f"Sửa {name}",
            household_forms.household_spec(self.context),
            households.household_values(self.context, uid),
            save=partial(households.save_household, self.context, uid),
            check=partial(households.check, self.context, uid),
            on_saved=lambda result, values: self.after_save(f"Đã cất {name}.", result),
        )

    def add_task(self) -> FormTask:
        from desktop_app.services.registry import households

        def with_code(values: Values) -> Values:
            if values.get("code") or not values.get("hamlet"):
                return values
            return {**values, "code": households.propose_code(self.context, values["hamlet"])}

        return FormTask(
            "Thêm hộ",
            household_forms.household_spec(self.context, is_new=True),
            {"hamlet": self.chosen_hamlet, "poverty": Poverty.NONE.value},
            save=lambda values: households.save_household(self.context, None, with_code(values)),
            check=lambda values: households.check(self.context, None, with_code(values)),
            on_saved=self._on_added,
            is_new=True,
            note="Cất xong thì thêm người vào hộ.",
        )

    def _on_added(self, result: SaveResult, values: Values) -> None:
        self.after_save("Đã thêm hộ. Nhấn Ctrl+Shift+N để thêm người.", result)

    def reasons_to_keep(self, uid: str) -> Sequence[str]:
        from desktop_app.services.registry.usage import why_not_remove

        return why_not_remove(self.context, "household", uid)

    def refuse_delete(self, sentence: str) -> None:
        members = self._record.members if self._record is not None else ()
        if not members:
            super().refuse_delete(sentence)
            return
        self.ask_bar.ask(
            sentence,
            Answer(f"Xóa hộ và cả {len(members)} người", self._delete_all, "danger"),
            Answer("Giữ lại", self.focus_list),
        )

    def _delete_all(self) -> None:
        from desktop_app.services.registry.households import remove_household

        self.delete_by(partial(remove_household, self.context, with_members=True))

    def remove(self, uid: str) -> None:
        from desktop_app.services.registry.households import remove_household

        remove_household(self.context, uid)
