"""Công dân: everybody of the commune as a list, one person beside it with household, year's result and history.

Invariant: the list shows no number of identity papers; the panel shows them masked, and seeing one is written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop_app.models.records import VerdictState
from desktop_app.models.types import CitizenGroup, LearningModel, LifeStatus
from desktop_app.services.registry.words import GROUP_SHORT, VERDICT, word
from desktop_app.services.vietnamese import PartialDate, age_on
from desktop_app.ui.duplicates.ways import DuplicatesChip
from desktop_app.ui.registry import cells, choices, citizen_tasks
from desktop_app.ui.registry.absorbed_part import add_absorbed
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.bulk_host import host_bulk
from desktop_app.ui.registry.edit_page import EditPage, import_action, list_actions, one_reason
from desktop_app.ui.registry.list_tools import bulk_pill
from desktop_app.ui.registry.person_deeds import Person, PersonDeeds, deed_actions, person_of
from desktop_app.ui.registry.record_panel import small_button
from desktop_app.ui.registry.target import ListTarget
from desktop_app.ui.widgets.paged_model import Column
from desktop_app.ui.widgets.search import FilterChip

if TYPE_CHECKING:
    from desktop_app.models.records import CitizenDetail, CitizenRow
    from desktop_app.ui.registry.form_pane import FormTask, Values


AFTER_LIST_MS = 200
"""How many may be doubles is looked up after the list is there."""
AGES = (
    ((0, 15), "dưới 16"),
    ((16, 17), "16–17"),
    ((18, 34), "18–34"),
    ((35, 59), "35–59"),
    ((60, None), "từ 60"),
)
"""Complete years on the round's counting day, youngest and oldest."""
MISSING = (
    ("birth", "ngày sinh"),
    ("sex", "giới tính"),
    ("household", "hộ"),
    ("phone", "điện thoại"),
)


def _group(row: CitizenRow) -> str:
    return cells.LIST_GROUPS.get(row.group, "") if row.group else ""


def _hamlet(row: CitizenRow) -> str:
    return cells.short_hamlet(row.hamlet)


class CitizenPage(EditPage):
    """The list of citizens."""

    title_text = "Công dân"
    help_topic = "cong_dan"
    search_placeholder = "Tìm theo tên, mã hộ, năm sinh, số CCCD…"
    table = "citizen"
    prefix = "citizens"
    one = "công dân"
    unit = "người"
    model = LearningModel.CITIZEN
    can_import = True
    filters_hamlet = True
    ACTIONS = list_actions(
        "citizens",
        "Công dân",
        "công dân",
        import_action("citizens", "Công dân"),
        *deed_actions("citizens", "Công dân"),
        *citizen_tasks.MORE_ACTIONS,
    )
    columns = (
        Column("name", "Họ và tên", 182, "strong", stretch=2),
        Column("birth", "Sinh", 98),
        Column("hamlet", "Thôn", 82, value=_hamlet, stretch=1, whole=lambda row: row.hamlet),
        Column("household", "Hộ", 74, "quiet", lambda row: row.household_code, gives_way=1),
        Column("group", "Nhóm", 92, value=_group, gives_way=2, tip="Dùng phiếu nào: bốn nhóm đối tượng của QĐ 324"),
        Column("score", "Điểm", 54, "number", lambda row: cells.points_text(row.score)),
        Column("verdict", "Kết quả", 124, "chip", lambda row: cells.verdict_chip(row.score)),
        Column("sex", "Giới", 64, value=lambda row: word(row.sex), is_hidden=True),
        Column("relation", "Quan hệ", 100, is_sortable=False, is_hidden=True),
        Column("occupation", "Nghề nghiệp", 130, is_sortable=False, is_hidden=True),
        Column("has_cccd", "Có CCCD", 84, "check", is_sortable=False, is_hidden=True),
    )

    def __init__(self, context: Any) -> None:
        self._record: CitizenDetail | None = None
        super().__init__(context)
        self.person_deeds = PersonDeeds(self, "citizens", self.chosen_person)
        self.bind("citizens.bulk", host_bulk(self, announces=("household",)))
        self.bind("citizens.merge", self.on_merge)
        self.bind("citizens.held", self.on_export_person)
        self.bind("citizens.paper", self.on_paper)
        self.bind("citizens.sheet", self.on_sheet)

    def make_filters(self) -> Sequence[FilterChip]:
        from desktop_app.services.registry.citizen_list import Residence

        groups = [(group, GROUP_SHORT[group]) for group in CitizenGroup]
        self.group_chip = self.add_choice("Nhóm", [choices.ALL, *groups, ("none", "chưa chọn")])
        self.outcome_chip = self.add_choice("Kết quả", [choices.ALL, *((s, VERDICT[s].lower()) for s in VerdictState)])
        self.residence_chip = self.add_choice(
            "Cư trú",
            [
                (Residence.CURRENT, "ở xã"),
                (Residence.AWAY, "đi vắng"),
                (Residence.MOVED, "đã chuyển đi"),
                (Residence.DEAD, "đã mất"),
                (Residence.ALL, "mọi người trong sổ"),
            ],
        )
        self.age_chip = self.add_choice("Tuổi", [choices.ALL, *((span, words) for span, words in AGES)])
        self.title_chip = self.add_choice("Danh hiệu", choices.TITLES)
        self.missing_chip = self.add_choice("Còn thiếu", [("", "không lọc"), *MISSING])
        self.cccd_chip = self.add_switch("Thiếu CCCD", icon="id-card")
        self.duplicates_chip = DuplicatesChip(self)
        return (self.group_chip, self.outcome_chip, self.residence_chip, self.cccd_chip, self.duplicates_chip)

    def more_filters(self) -> Sequence[FilterChip]:
        return (self.age_chip, self.title_chip, self.missing_chip)

    def tools(self) -> Sequence[FilterChip]:
        words = "Đổi thôn, chi hội, nhóm cho nhiều người"
        return (bulk_pill(self, "citizens.bulk", words, "Ctrl+Shift+G"), *super().tools())

    def read_filters(self) -> None:
        super().read_filters()
        self.counts.count(self._count_missing, self._show_missing)
        QTimer.singleShot(AFTER_LIST_MS, self.duplicates_chip, self.duplicates_chip.refresh)

    def _count_missing(self) -> int:
        from desktop_app.services.registry.citizen_list import CitizenFilter, citizen_list

        return citizen_list(self.context, CitizenFilter(has_cccd=False)).count()

    def _show_missing(self, missing: int) -> None:
        self.cccd_chip.set_label(f"Thiếu CCCD: {cells.count_words(missing, '').strip()}")
        self.cccd_chip.setVisible(missing > 0 or self.cccd_chip.isChecked())

    def source(self) -> Any:
        from desktop_app.services.registry.citizen_list import CitizenFilter, Residence, citizen_list

        group, outcome = self.group_chip.value, self.outcome_chip.value
        youngest, oldest = self.age_chip.value if isinstance(self.age_chip.value, tuple) else (None, None)
        missing, title = self.missing_chip.value, self.title_chip.value
        return citizen_list(
            self.context,
            CitizenFilter(
                hamlet=self.chosen_hamlet,
                group=group if isinstance(group, CitizenGroup) else None,
                has_group=False if group == "none" else None,
                has_birth=False if missing == "birth" else None,
                has_household=False if missing == "household" else None,
                has_phone=False if missing == "phone" else None,
                has_sex=False if missing == "sex" else None,
                min_age=youngest,
                max_age=oldest,
                has_title=title == "now" if title in ("now", "none") else None,
                had_title=True if title == "before" else None,
                outcome=outcome if isinstance(outcome, VerdictState) else None,
                has_cccd=False if self.cccd_chip.isChecked() else None,
                residence=Residence(str(self.residence_chip.value)),
                text=self.search_text,
            ),
        )

    def whole_count(self) -> int:
        from desktop_app.services.registry.citizen_list import citizen_list

        return citizen_list(self.context).count()

    # -- one person --------------------------------------------------------------------------------------------

    def read(self, uid: str) -> CitizenDetail:
        from desktop_app.services.registry.details import citizen_detail

        return citizen_detail(self.context, uid)

    def show_record(self, record: CitizenDetail) -> None:
        from desktop_app.services.registry.details_past import citizen_past
        from desktop_app.ui.registry import history_part, parts, titles_part

        panel = self.panel
        self._record = record
        chips = [c for c in (cells.titles_chip(record.titles), cells.life_chip(record.life)) if c is not None]
        panel.set_title(record.name, *chips)
        self._show_person(record)
        panel.add_tools(parts.menu_button("Việc của người này", "user-round", self.show_person_menu))
        self.can_open_form = parts.add_result(panel, self.context, LearningModel.CITIZEN, record.uid, record.years)
        self._show_more(record)
        titles_part.add_titles(self, LearningModel.CITIZEN, record.uid, record.titles)
        others = [member for member in record.members if member.uid != record.uid]
        if others:
            panel.add_heading(f"Cùng hộ ({parts.here(others)} người)")
            rows = panel.add_rows("Người cùng hộ", [parts.member_row(member) for member in others])
            rows.opened.connect(self.open_target)
        former = citizen_past(self.context, record.uid)
        parts.add_former_places(panel, "Nơi ở trước", former, "households", self.open_link)
        history_part.add_history(panel, self.context, "citizen", record.uid, self.open_link)
        panel.add_heading("Dữ liệu cá nhân")
        panel.add_tools(
            small_button("Lập phiếu dữ liệu", "file-down", self.on_export_person),
            small_button("Xóa theo yêu cầu", "trash-2", self.on_erase),
        )
        panel.set_buttons(*self.foot_buttons())

    def _show_person(self, record: CitizenDetail) -> None:
        from desktop_app.services.registry import personal

        panel = self.panel
        panel.add_text_fact("Sinh", " · ".join(p for p in (_birth_words(record), word(record.sex).lower()) if p))
        panel.add_reveal("Số CCCD", record.cccd, partial(personal.reveal_cccd, self.context, record.uid))
        panel.add_reveal("Điện thoại", record.phone, partial(personal.reveal_phone, self.context, record.uid))
        if record.household is not None:
            role = "chủ hộ" if record.is_head else record.relation.lower()
            note = f"· {role}" if role else ""
            panel.add_link("Hộ", record.household.name or "(chưa có mã)", "households", record.household.uid, note=note)
        else:
            panel.add_text_fact("Hộ", "chưa thuộc hộ nào")
        if record.hamlet is not None:
            panel.add_link("Thôn", record.hamlet.name, "hamlets", record.hamlet.uid)
        if record.status_date:
            panel.add_text_fact(word(record.life), f"từ {record.status_date}")
        panel.add_text_fact("Nghề nghiệp", record.occupation)
        panel.add_text_fact("Nhóm", word(record.group) or "chưa chọn")
        if record.proposed_group is not None and record.proposed_group is not record.group:
            panel.add_text(f"Theo tuổi và nghề thì là: {word(record.proposed_group)}.", "warning")
            panel.add_tools(small_button("Chọn nhóm này", "check", self.on_take_group))

    def _show_more(self, record: CitizenDetail) -> None:
        panel = self.panel
        facts = (
            ("Địa chỉ", record.address),
            ("Nơi làm, học", record.workplace),
            ("Dân tộc", record.ethnicity),
            ("Tôn giáo", record.religion),
            ("Ghi chú", record.note),
        )
        if any(value for _, value in facts) or record.branch is not None or record.memberships:
            panel.add_heading("Thêm")
        for name, value in facts:
            panel.add_text_fact(name, value, skips_blank=True)
        if record.branch is not None:
            panel.add_text_fact("Chi hội", record.branch.name)
        for membership in record.memberships:
            note = f"· {membership.role}" if membership.role else ""
            unit = membership.organization
            panel.add_link("Đơn vị", unit.name, "organizations", unit.uid, note=note)
        add_absorbed(self, record.uid)

    # -- what can happen to them ---------------------------------------------------------------------------------

    def open_target(self, target: object) -> None:
        """A link to a record that was merged into another leads to who stayed."""
        if not isinstance(target, ListTarget):
            target = citizen_tasks.present_uid(self.context, str(target))
        super().open_target(target)

    def refresh(self) -> None:
        """After a merge the person who stayed is in front, whichever of the two was."""
        if self.current_uid:
            self.current_uid = citizen_tasks.present_uid(self.context, self.current_uid)
        super().refresh()

    def chosen_person(self) -> Person | None:
        """Whom the deeds are about."""
        return person_of(self.read(self.current_uid)) if self.current_uid else None

    def person_actions(self) -> list[QAction]:
        """The deeds that fit the person in the panel, and what else can be done with the record."""
        record = self._record
        deeds = self.person_deeds.actions(record.life) if record is not None else []
        return [*deeds, *self._record_actions()]

    def _record_actions(self) -> tuple[QAction, ...]:
        return tuple(self.action(f"citizens.{name}") for name in ("merge", "held", "paper", "sheet"))

    def show_person_menu(self, owner: QWidget) -> None:
        """The same below the panel's button."""
        if self._record is not None:
            self.person_deeds.show_menu(owner, *self._record_actions(), life=self._record.life)

    def on_paper(self) -> None:
        """The person's paper form, to be looked at and printed."""
        from desktop_app.ui.paper.start import PaperStart, open_paper

        if self.current_uid:
            open_paper(self, PaperStart(subject=self.current_uid))

    def on_sheet(self) -> None:
        """The person's points and verdict in the present round, for who asks why."""
        from desktop_app.services.assessment.rounds import current_round
        from desktop_app.ui.review.sheets import open_sheets

        if self.current_uid:
            with self.errors():
                year = current_round(self.context).year
                open_sheets(self, LearningModel.CITIZEN, year, (self.current_uid,))

    def menu_actions(self) -> Sequence[QAction]:
        return (*super().menu_actions(), *self.person_actions(), self.action("citizens.bulk"))

    def on_take_group(self) -> None:
        """The group that age and work propose becomes the person's."""
        from desktop_app.services.registry import citizens

        record = self._record
        if record is None or record.proposed_group is None or not self.may_leave_form(self.on_take_group):
            return
        values = {"citizen_group": record.proposed_group.value}
        deed = partial(citizens.save_citizen, self.context, record.uid, values)
        self.do(deed, f"Nhóm của {record.name} nay là {word(record.proposed_group).lower()}.")

    def on_merge(self) -> None:
        """Ask who else the same person is, and compare the two."""
        if self.current_uid and self.may_leave_form(self.on_merge):
            with self.errors():
                self.open_task(citizen_tasks.merge_task(self, self.read(self.current_uid)))

    def open_form(self) -> None:
        """Open the person's form; for somebody too young for the round say so instead."""
        from desktop_app.ui.registry import parts

        if self._load_timer.isActive():
            self.load_record()
        if self.can_open_form or not self.current_uid:
            super().open_form()
        else:
            self.ask_bar.say(f"{self.record_name}: {parts.TOO_YOUNG}", Answer("Đã hiểu", self.focus_list))

    # -- personal data -----------------------------------------------------------------------------------------

    def on_export_person(self) -> None:
        """Everything held about the person as a PDF, to be given to them."""
        if not self.current_uid:
            return
        from desktop_app.services.registry.personal import export_person
        from desktop_app.ui.registry import personal_part
        from desktop_app.ui.widgets import dialogs

        name = personal_part.sheet_name(self.record_name)
        path = dialogs.ask_save_file(self, "Lập phiếu dữ liệu cá nhân", "PDF (*.pdf)", name=name, suffix="pdf")
        if path is not None:
            self.do(
                lambda: personal_part.write_sheet(export_person(self.context, self.current_uid), path),
                f"Đã lập phiếu dữ liệu: {path.name}.",
                can_undo=False,
            )

    def on_erase(self) -> None:
        """Erase the person for good, after saying what goes with them."""
        from desktop_app.services.registry.personal import erase_citizen, erasure_preview
        from desktop_app.ui.registry.personal_part import erasure_question

        with self.errors():
            found = erasure_preview(self.context, self.current_uid)
            if found.reasons:
                super().refuse_delete(f"Chưa xóa được dữ liệu của {found.name}. {one_reason(found.reasons)}")
                return
            erase = partial(self.delete_by, partial(erase_citizen, self.context), can_undo=False)
            self.ask_bar.ask(
                erasure_question(found),
                Answer("Xóa hẳn", self.about_current(erase), "danger"),
                Answer("Giữ lại", self.focus_list),
            )

    # -- forms -------------------------------------------------------------------------------------------------

    def edit_task(self, uid: str) -> FormTask:
        from desktop_app.services.registry import citizens, personal
        from desktop_app.ui.registry import citizen_forms
        from desktop_app.ui.registry.form_pane import FormTask

        detail = self.read(uid)
        spec = citizen_forms.citizen_spec(
            self.context,
            detail,
            reveal_cccd=partial(personal.reveal_cccd, self.context, uid),
            reveal_phone=partial(personal.reveal_phone, self.context, uid),
        )
        return FormTask(
            f"Sửa {detail.name}",
            spec,
            citizen_forms.first_values(citizens.citizen_values(self.context, uid)),
            save=partial(citizens.save_citizen, self.context, uid),
            check=partial(citizens.check, self.context, uid),
            on_saved=lambda result, values: self.after_save(f"Đã cất {values.get('full_name', detail.name)}.", result),
        )

    def add_task(self) -> FormTask:
        from desktop_app.services.registry import citizens
        from desktop_app.ui.registry import citizen_forms
        from desktop_app.ui.registry.form_pane import FormTask

        kept = self.last_added
        first = {key: kept[key] for key in ("household", "branch", "ethnicity") if kept.get(key)}

        def saved(result: Any, values: Values) -> None:
            self.last_added = values
            self.after_save(f"Đã thêm {values['full_name']}.", result)

        return FormTask(
            "Thêm công dân",
            citizen_forms.citizen_spec(self.context),
            citizen_forms.first_values(first),
            save=partial(citizens.save_citizen, self.context, None),
            check=partial(citizens.check, self.context, None),
            on_saved=saved,
            is_new=True,
            can_repeat=True,
            note="Enter sang ô kế, F7 lặp lại điều vừa nhập cho người trước.",
            previous=kept,
        )

    def reasons_to_keep(self, uid: str) -> Sequence[str]:
        from desktop_app.services.registry.usage import why_not_remove

        return why_not_remove(self.context, "citizen", uid)

    def refuse_delete(self, sentence: str) -> None:
        is_here = self._record is not None and self._record.life in (LifeStatus.LIVING, LifeStatus.AWAY)
        super().refuse_delete(f"{sentence} {citizen_tasks.DEED_KEYS if is_here else citizen_tasks.KEPT}")

    def remove(self, uid: str) -> None:
        from desktop_app.services.registry.citizens import remove_citizen

        remove_citizen(self.context, uid)


def _birth_words(record: CitizenDetail) -> str:
    """ "24/05/1957 · 69 tuổi"; the age only of who lives."""
    if not record.birth_iso or record.life is LifeStatus.DEAD:
        return record.birth
    return f"{record.birth} · {age_on(PartialDate.from_iso(record.birth_iso), date.today())} tuổi"
