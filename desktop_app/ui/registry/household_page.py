"""Hộ gia đình: the households as a list, one beside it with its people, clan, year's result and history.

Invariant: every change of a household's people goes through the services' own deeds, each with its day; a plain edit
is a correction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.models.records import HouseholdDetail, HouseholdRow, Member, SaveResult, VerdictState
from desktop_app.models.types import LearningModel, Poverty
from desktop_app.services.errors import AppError
from desktop_app.services.registry.words import POVERTY, VERDICT
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.registry import cells, choices, history_part, household_forms, household_tasks, parts, past_part
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.bulk_host import host_bulk
from desktop_app.ui.registry.edit_page import EditPage, import_action, list_actions
from desktop_app.ui.registry.form_pane import FormTask, Values
from desktop_app.ui.registry.list_page import noop
from desktop_app.ui.registry.list_tools import bulk_pill
from desktop_app.ui.registry.parts import menu_button
from desktop_app.ui.registry.person_deed_forms import saved_with_warnings
from desktop_app.ui.registry.person_deeds import Deed, Person, PersonDeeds, deed_actions, person_of_member
from desktop_app.ui.registry.record_panel import small_button
from desktop_app.ui.registry.row_list import RowList
from desktop_app.ui.widgets.paged_model import Column
from desktop_app.ui.widgets.painting import ChipData
from desktop_app.ui.widgets.search import FilterChip

SCOPE = "Hộ gia đình"


def household_name(head: str, code: str) -> str:
    """ "Hộ Nguyễn Văn Ước", or by its code where nobody heads it."""
    return f"Hộ {head or code or '(chưa có chủ hộ)'}"


def _years(row: HouseholdRow) -> str:
    return ", ".join(str(year) for year in row.title_years)


def _hamlet(row: HouseholdRow) -> str:
    return cells.short_hamlet(row.hamlet)


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
        import_action("households", SCOPE),
        ActionSpec("households.member", "Thêm người vào hộ", "Ctrl+Shift+N", "user-plus", SCOPE),
        ActionSpec("households.head", "Đặt người đang chọn làm chủ hộ", "Ctrl+H", "user-check", SCOPE),
        ActionSpec("households.newcomer", "Ghi người mới sinh, mới đến", "Ctrl+Shift+A", "plus", SCOPE),
        ActionSpec("households.bring", "Chuyển người đã có trong sổ đến hộ", "Ctrl+Shift+E", "arrow-left", SCOPE),
        ActionSpec("households.relation", "Sửa quan hệ của người đang chọn", "", "pencil", SCOPE),
        ActionSpec("households.relations", "Sửa quan hệ của cả hộ", "Ctrl+Shift+Q", "users", SCOPE),
        ActionSpec("households.paper", "In phiếu giấy của hộ", "", "printer", SCOPE),
        ActionSpec("households.past", "Xem hộ vào một ngày trước", "Ctrl+Shift+O", "history", SCOPE),
        ActionSpec("households.split", "Tách hộ", "Ctrl+Shift+T", "git-compare-arrows", SCOPE),
        ActionSpec("households.join", "Nhập vào hộ khác", "Ctrl+Shift+J", "merge", SCOPE),
        ActionSpec("households.place", "Chuyển sang thôn khác", "Ctrl+Shift+M", "map-pin", SCOPE),
        ActionSpec("households.out", "Cả hộ chuyển khỏi xã", "Ctrl+Shift+L", "log-out", SCOPE),
        ActionSpec("households.return", "Ghi hộ trở về", "Ctrl+Shift+R", "corner-down-left", SCOPE),
        *deed_actions("households", SCOPE),
        ActionSpec("households.bulk", "Đổi thôn, chi hội, nhóm cho nhiều hộ", "Ctrl+Shift+G", "list-checks", SCOPE),
    )
    columns = (
        Column("code", "Mã hộ", 82, "quiet"),
        Column("head", "Chủ hộ", 186, "strong", stretch=2),
        Column("hamlet", "Thôn", 88, value=_hamlet, stretch=1, whole=lambda row: row.hamlet),
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
        self.bind("households.bring", self.on_bring)
        self.bind("households.relation", self.on_relation)
        for name in ("newcomer", "relations", "split", "join", "place", "out", "return"):
            self.bind(f"households.{name}", partial(self.on_deed, name))
        self.bind("households.past", self.on_past)
        self.bind("households.paper", self.on_paper)
        self.bind("households.bulk", host_bulk(self, announces=("citizen",)))
        self.person_deeds = PersonDeeds(self, "households", self.chosen_person)

    def make_filters(self) -> Sequence[FilterChip]:
        self.poverty_chip = self.add_choice("Diện hộ", [choices.ALL, *((p, POVERTY[p].lower()) for p in Poverty)])
        self.outcome_chip = self.add_choice("Kết quả", [choices.ALL, *((s, VERDICT[s].lower()) for s in VerdictState)])
        self.title_chip = self.add_choice("Danh hiệu", choices.TITLES)
        self.headless_chip = self.add_switch("Chưa có chủ hộ", icon="circle-question-mark")
        self.empty_chip = self.add_switch("Hộ không có ai", icon="circle")
        self.former_chip = self.add_switch("Cả hộ không còn", "neutral", "log-out")
        chips = (self.poverty_chip, self.outcome_chip, self.title_chip)
        return (*chips, self.headless_chip, self.empty_chip, self.former_chip)

    def tools(self) -> Sequence[FilterChip]:
        words = "Đổi thôn, chi hội, nhóm cho nhiều hộ"
        return (bulk_pill(self, "households.bulk", words, "Ctrl+Shift+G"), *super().tools())

    def read_filters(self) -> None:
        super().read_filters()
        self.counts.count(self._count_chips, self._show_chip_counts)

    def _count_chips(self) -> tuple[int, int, int]:
        from desktop_app.services.registry.household_list import HouseholdFilter, household_list

        asked = (HouseholdFilter(has_head=False), HouseholdFilter(has_members=False), HouseholdFilter(with_former=True))
        headless, empty, every = (household_list(self.context, one).count() for one in asked)
        return headless, empty, every - household_list(self.context).count()

    def _show_chip_counts(self, counts: tuple[int, int, int]) -> None:
        words = ("Chưa có chủ hộ", "Hộ không có ai", "Cả hộ không còn")
        chips = (self.headless_chip, self.empty_chip, self.former_chip)
        for chip, text, count in zip(chips, words, counts, strict=True):
            chip.set_label(f"{text}: {cells.count_words(count, '').strip()}")
            chip.setVisible(count > 0 or chip.isChecked())

    def source(self) -> Any:
        from desktop_app.services.registry.household_list import HouseholdFilter, household_list

        poverty, outcome = self.poverty_chip.value, self.outcome_chip.value
        title = self.title_chip.value
        return household_list(
            self.context,
            HouseholdFilter(
                hamlet=self.chosen_hamlet,
                poverty=poverty if isinstance(poverty, Poverty) else None,
                outcome=outcome if isinstance(outcome, VerdictState) else None,
                has_title=title == "now" if title in ("now", "none") else None,
                had_title=True if title == "before" else None,
                has_head=False if self.headless_chip.isChecked() else None,
                has_members=False if self.empty_chip.isChecked() else None,
                with_former=self.former_chip.isChecked(),
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
        closed = ChipData("Không còn ở xã", "neutral", "log-out") if record.valid_to else None
        found = (closed, cells.poverty_chip(record.poverty), cells.titles_chip(record.titles))
        chips = [chip for chip in found if chip is not None]
        panel.set_title(household_name(record.head.name if record.head else "", record.code), *chips)
        panel.add_text_fact("Mã hộ", record.code)
        if record.hamlet is not None:
            panel.add_link("Thôn", record.hamlet.name, "hamlets", record.hamlet.uid)
        panel.add_text_fact("Địa chỉ", record.address)
        self._show_people(record)
        parts.add_result(panel, self.context, LearningModel.FAMILY, record.uid, record.years)
        self._show_clans(record)
        panel.add_text_fact("Có từ", record.valid_from, skips_blank=True)
        panel.add_text_fact("Không còn từ", record.valid_to, skips_blank=True)
        if record.split_from is not None:
            panel.add_link("Tách từ hộ", record.split_from.name, "households", record.split_from.uid)
        panel.add_text_fact("Ghi chú", record.note, skips_blank=True)
        past_part.add_household_past(self, record)
        history_part.add_history(panel, self.context, "household", record.uid, self.open_link)
        panel.set_buttons(*self.foot_buttons())

    def _show_people(self, record: HouseholdDetail) -> None:
        panel = self.panel
        add = small_button("Thêm người", "user-plus", self.on_add_member, "Ctrl+Shift+N")
        panel.add_heading(f"Thành viên ({parts.here(record.members)} người)", *(() if record.valid_to else (add,)))
        self._people = None
        if record.members:
            self._people = panel.add_rows("Thành viên của hộ", [parts.member_row(member) for member in record.members])
            self._people.opened.connect(partial(self.open_link, "citizens"))
        elif not record.valid_to:
            panel.add_text("Hộ chưa có ai. Hãy thêm người, hoặc chuyển người đã có trong sổ đến.", "quiet")
        self._show_tools(record)

    def _show_tools(self, record: HouseholdDetail) -> None:
        """The deeds about who is chosen in the list, then those about the whole household."""
        panel = self.panel
        tools = []
        if self._people is not None:
            tools.append(menu_button("Người này", "user-round", self.show_person_menu, "Việc của người đang chọn"))
            if not record.valid_to:
                tools.insert(0, small_button("Làm chủ hộ", "user-check", self.on_set_head, "Ctrl+H"))
                tools.insert(1, small_button("Chuyển hộ", "arrow-right", self.on_move, "Ctrl+M"))
        if record.valid_to:
            tools.append(
                small_button("Ghi hộ trở về", "corner-down-left", partial(self.on_deed, "return"), "Ctrl+Shift+R")
            )
        else:
            tools.append(menu_button("Việc của hộ", "house", self.show_household_menu))
        panel.add_tools(*tools)

    def show_person_menu(self, owner: QWidget) -> None:
        """What can happen to the chosen person; to anybody where nobody is chosen yet."""
        member = self._member()
        more = [self.action("households.relation")] if member is None or member.life in parts.HERE else []
        self.person_deeds.show_menu(owner, *more, life=member.life if member is not None else None)

    def show_household_menu(self, owner: QWidget) -> None:
        menu = QMenu(self)
        menu.addActions(self.household_actions())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(owner.mapToGlobal(QPoint(0, owner.height())))

    def on_paper(self) -> None:
        """The forms of the household and of its people."""
        from desktop_app.ui.paper.start import PaperStart, open_paper

        if self.current_uid:
            open_paper(self, PaperStart((LearningModel.FAMILY, LearningModel.CITIZEN), household=self.current_uid))

    def household_actions(self) -> list[QAction]:
        """The deeds of the household that is shown, as far as they fit it."""
        record = self._record
        if record is not None and record.valid_to:
            return [self.action("households.return"), self.action("households.past")]
        has_people = record is not None and parts.here(record.members) > 0
        names = [
            "newcomer",
            "bring",
            *(["relations", "split", "join"] if has_people else []),
            "place",
            *(["out"] if has_people else []),
            "paper",
            "past",
        ]
        return [self.action(f"households.{name}") for name in names]

    def menu_actions(self) -> Sequence[QAction]:
        return (*super().menu_actions(), *self.household_actions(), self.action("households.bulk"))

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

    def _member(self) -> Member | None:
        key = self._people.current_key if self._people is not None else ""
        record = self._record
        return next((member for member in record.members if member.uid == key), None) if record is not None else None

    def chosen_member(self) -> Member | None:
        """The person chosen in the panel's list; says so in place when nobody is."""
        found = self._member()
        if found is None and self.current_uid:
            self.pair.show_panel()
            self.ask_bar.say("Chọn một người trong danh sách thành viên trước.", Answer("Đã hiểu", noop))
            if self._people is not None:
                self._people.setFocus()
        return found

    def chosen_person(self) -> Person | None:
        """The same person as the deeds about people want it."""
        member, record = self.chosen_member(), self._record
        return (
            person_of_member(member, record.members, record.uid) if member is not None and record is not None else None
        )

    def on_move(self) -> None:
        """Move the chosen person to another household."""
        self.person_deeds.open(Deed.MOVE)

    def on_set_head(self) -> None:
        """The chosen person becomes the head; where others live here their relations are asked at once."""
        if not self.may_leave_form(self.on_set_head):
            return
        member, record = self.chosen_member(), self._record
        if member is None or record is None:
            return
        if member.is_head or member.life not in parts.HERE:
            words = "đang là chủ hộ rồi" if member.is_head else "không còn ở hộ này"
            self.ask_bar.say(f"{member.name} {words}.", Answer("Đã hiểu", noop))
            return
        with self.errors():
            self.open_task(household_tasks.head_task(self.context, record, member, self._saved))

    def on_deed(self, name: str) -> None:
        """One of the deeds about the whole household, in the panel's place."""
        if not self.current_uid or not self.may_leave_form(partial(self.on_deed, name)):
            return
        if self._load_timer.isActive() or self._record is None or self._record.uid != self.current_uid:
            self.load_record()
        record = self._record
        if record is None:
            return
        make = {
            "member": household_tasks.member_task, "bring": household_tasks.bring_task,
            "clan": household_tasks.clan_task, "relations": household_tasks.relations_task,
            "newcomer": household_tasks.newcomer_task, "split": household_tasks.split_task,
            "join": household_tasks.join_task, "place": household_tasks.place_task,
            "out": household_tasks.leave_task, "return": household_tasks.back_task,
        }[name]  # fmt: skip
        reason = self._why_not(name, record)
        if reason:
            self.pair.show_panel()
            self.ask_bar.say(reason, Answer("Đã hiểu", noop))
            return
        with self.errors():
            self.open_task(make(self.context, record, self.record_name, self._saved))

    def on_past(self) -> None:
        """How the household stood on a day before; said in place, nothing is changed."""
        if not self.current_uid or not self.may_leave_form(self.on_past):
            return
        self.load_record()
        if self._record is not None:
            self.open_task(household_tasks.past_task(self.context, self._record, self.record_name, self.say_past))

    def say_past(self, words: str) -> None:
        """Tell how the household stood."""
        self.ask_bar.ask(words, Answer("Đã hiểu", self.focus_list), tone="accent")

    def review_relations(self) -> None:
        """What everybody is to the head, in one form."""
        self.on_deed("relations")

    def _why_not(self, name: str, record: HouseholdDetail) -> str:
        """Why a deed does not fit this household; empty where it does."""
        if name == "return":
            return "" if record.valid_to else "Hộ này đang ở xã; không có lần đi nào để ghi trở về."
        if record.valid_to:
            return f"Hộ này không còn từ {record.valid_to}; hãy ghi hộ trở về trước (Ctrl+Shift+R)."
        least = {"split": 2, "relations": 2, "join": 1, "out": 1}.get(name, 0)
        if parts.here(record.members) < least:
            what = "tách được" if name == "split" else "có quan hệ để sửa"
            return f"Hộ phải có từ hai người mới {what}." if least == 2 else "Hộ chưa có ai."
        return ""

    def _saved(self, said: str, result: SaveResult) -> None:
        """A new household of a split, or the one that took up another, is shown; else the same one stays."""
        self.current_uid = result.uid if result.uid and self._is_household(result.uid) else self.current_uid
        saved_with_warnings(self, said, result)

    def _is_household(self, uid: str) -> bool:
        from desktop_app.services.registry.details import household_detail

        try:
            household_detail(self.context, uid)
        except AppError:
            return False
        return True

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

    def on_bring(self) -> None:
        """Bring a person who is in the register already into this household."""
        self.on_deed("bring")

    def on_add_member(self) -> None:
        """Add a person who was always there and only forgotten."""
        self.on_deed("member")

    def on_join_clan(self) -> None:
        """Let the household belong to a clan."""
        self.on_deed("clan")

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
            Answer(f"Xóa hộ và cả {len(members)} người", self.about_current(self._delete_all), "danger"),
            Answer("Giữ lại", self.focus_list),
        )

    def _delete_all(self) -> None:
        from desktop_app.services.registry.households import remove_household

        self.delete_by(partial(remove_household, self.context, with_members=True))

    def remove(self, uid: str) -> None:
        from desktop_app.services.registry.households import remove_household

        remove_household(self.context, uid)
