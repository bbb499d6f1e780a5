"""Đánh giá: who is to be assessed, how far each form is, and the way into a form.

Invariants: the list is counted, sorted and cut by SQL; what a bulk deed will do is said in numbers before it is done,
and it is one operation that can be undone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.registration import (
    RegistrationResult,
    register_subjects,
    unregister_subjects,
)
from desktop_app.services.assessment.rounds import RoundRecord, current_round
from desktop_app.services.assessment.subjects import TITLES, UNITS
from desktop_app.services.assessment.worklist import (
    WORK_STATUS_TEXT,
    AssessmentList,
    WorkFilter,
    WorkRow,
    WorkStatus,
    work_list,
)
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.assessment.registration_dialog import RegistrationDialog, RegistrationPlan
from desktop_app.ui.assessment.segments import SegmentBar
from desktop_app.ui.assessment.target import FormTarget, ListTarget, as_target
from desktop_app.ui.assessment.words import SEGMENTS
from desktop_app.ui.assessment.work_columns import COLUMNS, EMPTY
from desktop_app.ui.page import Page
from desktop_app.ui.registry.cells import LIST_GROUPS
from desktop_app.ui.widgets.basics import KeyHint
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.layouts import FlowRow
from desktop_app.ui.widgets.search import FilterChip

SCOPE = "Đánh giá"
LOW = 480
"""Height (at 100 %) below which the key hints give way."""

MODELS = tuple(LearningModel)
_STATUS_TONES = {
    WorkStatus.PASSED: ("passed", "check"),
    WorkStatus.RECOGNISED: ("passed", "award"),
    WorkStatus.FAILED: ("failed", "x"),
    WorkStatus.IN_PROGRESS: ("attention", "hourglass"),
    WorkStatus.RETURNED: ("attention", "undo-2"),
    WorkStatus.NOT_STARTED: ("neutral", "minus"),
}
_KEYS = tuple(
    ActionSpec(f"assessment.{model.value}", f"Danh sách {SEGMENTS[model]}", f"Ctrl+{n}", scope=SCOPE)
    for n, model in enumerate(MODELS, 1)
)


class AssessmentPage(Page):
    """The screen."""

    title_text = "Đánh giá"
    help_topic = "danh_gia"
    search_placeholder = "Tìm trong danh sách chấm…"
    searches_itself = True
    ACTIONS = (
        ActionSpec("assessment.import", "Nhập khẩu phiếu chấm", "Ctrl+I", "file-up", scope=SCOPE),
        ActionSpec("assessment.register_list", "Đăng ký danh sách", "Ctrl+G", "list-checks", scope=SCOPE),
        ActionSpec("assessment.register", "Đăng ký (hoặc bỏ) dòng đang chọn", "Ctrl+D", "square-check", scope=SCOPE),
        *_KEYS,
    )

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.model = LearningModel.CITIZEN
        self.round: RoundRecord | None = None
        self.source: AssessmentList | None = None
        self._keep: Uid = ""
        self.segments = SegmentBar([(model, SEGMENTS[model]) for model in MODELS], "Mô hình")
        self.segments.segment_chosen.connect(self.show_model)
        self.body.addWidget(self.segments)
        self._build_filters()
        self.tables: dict[LearningModel, DataTable] = {}
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack, 1)
        self.hints = FlowRow(
            KeyHint("Enter", "mở phiếu"),
            KeyHint("Ctrl+D", "đăng ký dòng đang chọn"),
            KeyHint("Ctrl+1…6", "đổi mô hình"),
            KeyHint("F3", "tìm"),
            spacing=18,
        )
        self.body.addWidget(self.hints)
        self._bind()

    # -- building ------------------------------------------------------------------------------------------------

    def _build_filters(self) -> None:
        self.hamlet_chip = FilterChip("Thôn", [(None, "tất cả")])
        groups = [(group, LIST_GROUPS[group]) for group in CitizenGroup]
        self.group_chip = FilterChip("Nhóm", [(None, "tất cả"), *groups])
        self.registered_chip = FilterChip.switch("Đã đăng ký", "neutral", "square-check")
        row = FlowRow(self.hamlet_chip, self.group_chip)
        self.status_chips: dict[WorkStatus, FilterChip] = {}
        for status in WorkStatus:
            tone, icon = _STATUS_TONES[status]
            chip = FilterChip.switch(WORK_STATUS_TEXT[status], tone, icon)
            chip.toggled.connect(partial(self._on_status, status))
            self.status_chips[status] = row.add(chip)
        row.add(self.registered_chip)
        self.hamlet_chip.chosen.connect(lambda _value: self.show_list())
        self.group_chip.chosen.connect(lambda _value: self.show_list())
        self.registered_chip.toggled.connect(lambda _on: self.show_list())
        self.body.addWidget(row)

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "reload": self.refresh,
            "list": self.focus_list,
            "assessment.register": self.toggle_registration,
        }
        for spec, model in zip(_KEYS, MODELS, strict=True):
            handlers[spec.id] = partial(self._on_model_key, model)
        for action_id, handler in handlers.items():
            self.bind(action_id, handler)
        self.import_button = self.button_for("assessment.import", self.on_import, show_key=False)
        self.register_button = self.button_for(
            "assessment.register_list", self.ask_registration, text="Đăng ký", show_key=False
        )
        self.open_button = self.button_for("edit", self.open_current, text="Chấm phiếu", primary=True, show_key=False)
        self.set_header_buttons(self.import_button, self.register_button, self.open_button)

    @property
    def table(self) -> DataTable:
        """The list in front; made when its model is first shown."""
        made = self.tables.get(self.model)
        if made is None:
            made = self._make_table(self.model)
            self.tables[self.model] = made
            self._stack.addWidget(made)
        return made

    def _make_table(self, model: LearningModel) -> DataTable:
        table = DataTable(f"assessment.{model.value}", COLUMNS[model])
        table.view.setAccessibleName(f"Danh sách chấm: {SEGMENTS[model]}")
        table.row_opened.connect(lambda _row: self.open_current())
        table.menu_requested.connect(self._on_menu)
        icon, sentence, button, page_key = EMPTY[model]
        nothing = EmptyState(icon, sentence, button)
        nothing.activated.connect(lambda: self.shell.open_page(page_key) if self.shell is not None else None)
        no_match = EmptyState("search", "Không có ai khớp điều kiện lọc.", "Bỏ điều kiện lọc")
        no_match.activated.connect(self.clear_filters)
        placeholder = QStackedWidget()
        placeholder.addWidget(nothing)
        placeholder.addWidget(no_match)
        table.set_placeholder(placeholder)
        table.setProperty("placeholder", placeholder)
        return table

    # -- the list ------------------------------------------------------------------------------------------------

    @property
    def filter(self) -> WorkFilter:
        """What the chips and the search box say."""
        status = next((s for s, chip in self.status_chips.items() if chip.isChecked()), None)
        is_citizen = self.model is LearningModel.CITIZEN
        hamlet, group = self.hamlet_chip.value, self.group_chip.value
        return WorkFilter(
            group=group if is_citizen and isinstance(group, CitizenGroup) else None,
            hamlet=hamlet if isinstance(hamlet, str) and self._has_hamlets else None,
            status=status,
            is_registered=self.registered_chip.isChecked(),
            text=self.search_text,
        )

    @property
    def _has_hamlets(self) -> bool:
        return self.model not in (LearningModel.COMMUNITY, LearningModel.COMMUNE)

    def refresh(self) -> None:
        with self.errors():
            self.round = current_round(self.context)
            self._read_hamlets()
            for model in MODELS:
                self.segments.set_count(model, work_list(self.context, model, self.round.year).count())
            self.show_list()

    def _read_hamlets(self) -> None:
        from desktop_app.ui.registry.choices import hamlets

        kept = self.hamlet_chip.value
        choices: list[tuple[object, str]] = [(None, "tất cả"), *hamlets(self.context)]
        self.hamlet_chip.set_choices(choices)
        self.hamlet_chip.set_value(kept if kept in [value for value, _ in choices] else None)

    def show_list(self) -> None:
        """Read the list under the present filters; the row that was current stays so while it is in it."""
        if self.round is None:
            return
        keep = self._keep or self._current_uid()
        self._keep = ""
        with self.errors():
            table = self.table
            self._stack.setCurrentWidget(table)
            self.source = work_list(self.context, self.model, self.round.year, self.filter)
            is_all = self.filter == WorkFilter()
            table.property("placeholder").setCurrentIndex(0 if is_all else 1)
            table.set_source(self.source)
            self._choose_row(table, keep)
            self._show_counts()
        self.group_chip.setVisible(self.model is LearningModel.CITIZEN)
        self.hamlet_chip.setVisible(self._has_hamlets)
        is_empty = self.source is None or not self.source.count()
        self.register_button.setEnabled(not is_empty)
        self.open_button.setEnabled(not is_empty)

    def _choose_row(self, table: DataTable, uid: Uid) -> None:
        place = table.paged.position(uid) if uid and table.paged is not None else None
        if place is not None:
            table.select_row(place)

    def _show_counts(self) -> None:
        assert self.source is not None
        counts = self.source.counts()
        for status, chip in self.status_chips.items():
            chip.set_label(f"{WORK_STATUS_TEXT[status]} {number_text(counts[status])}")
            chip.setVisible(bool(counts[status]) or chip.isChecked())
        count = self.source.count()
        self.set_subtitle(f"{number_text(count)} {UNITS[self.model]}")
        if self.shell is not None:
            self.shell.set_badge("assessment", counts[WorkStatus.IN_PROGRESS] + counts[WorkStatus.RETURNED])

    def show_model(self, model: LearningModel) -> None:
        """Another model's list."""
        self.model = model
        self.segments.set_current(model)
        self.show_list()

    def _on_model_key(self, model: LearningModel) -> None:
        self.show_model(model)
        self.focus_list()

    def _on_status(self, status: WorkStatus, on: bool) -> None:
        """One status at a time, or all."""
        if on:
            for other, chip in self.status_chips.items():
                if other is not status and chip.isChecked():
                    chip.reset()
        self.show_list()

    def on_search(self, text: str) -> None:
        self.show_list()

    def clear_filters(self) -> None:
        """The whole list again."""
        for chip in (self.hamlet_chip, self.group_chip, self.registered_chip, *self.status_chips.values()):
            chip.reset()
        self.search_text = ""
        box = getattr(getattr(self.shell, "header", None), "search_box", None)
        if box is not None:
            box.set_text_silently("")
        self.show_list()
        self.focus_list()

    def set_filter(self, wanted: WorkFilter) -> None:
        """Put the chips as another screen asks."""
        for chip in (self.hamlet_chip, self.group_chip, self.registered_chip, *self.status_chips.values()):
            chip.reset()
        self.hamlet_chip.set_value(wanted.hamlet)
        self.group_chip.set_value(wanted.group)
        for chip, on in (
            (self.registered_chip, wanted.is_registered),
            *((chip, status is wanted.status) for status, chip in self.status_chips.items()),
        ):
            chip.blockSignals(True)
            chip.setChecked(on)
            chip.blockSignals(False)
        self.search_text = wanted.text

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low or zoomed window the list takes the room of the hints."""
        super().resizeEvent(event)
        self.hints.setVisible(self.height() >= theme.px(LOW))

    def on_shown(self) -> None:
        self.focus_list()

    def focus_list(self) -> None:
        """Put the focus on the list, or on the one button of an empty one."""
        target: QWidget = self.table.view
        if self.source is not None and not self.source.count():
            state = self.table.property("placeholder").currentWidget()
            target = getattr(state, "button", None) or target
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- forms ---------------------------------------------------------------------------------------------------

    def _current_uid(self) -> Uid:
        row = self.table.current() if self.source is not None else None
        return row.uid if isinstance(row, WorkRow) else ""

    def open_current(self) -> None:
        """Enter: the form of the current row."""
        uid = self._current_uid()
        if uid:
            self.open_form(uid)

    def open_form(self, uid: Uid) -> None:
        """Show a form on top of the list; next and previous go through the list as it is filtered now."""
        if self.shell is None or self.round is None or self.source is None:
            return
        people = self.source if self.model is not LearningModel.COMMUNE else None
        page = FormPage(self.context, self.model, self.round.year, uid, people)
        page.subject_shown.connect(self._remember)
        self.shell.push(page)

    def _remember(self, uid: str) -> None:
        self._keep = uid

    def open_target(self, target: object) -> None:
        """Another screen asks for a form, or for a list that is narrowed."""
        asked = as_target(target)
        if asked is None:
            return
        self.model = asked.model
        self.segments.set_current(asked.model)
        self.set_filter(asked.filter if isinstance(asked, ListTarget) else WorkFilter())
        if isinstance(asked, FormTarget):
            self._keep = asked.subject
        self.show_list()
        if isinstance(asked, FormTarget):
            self.open_form(asked.subject)
        else:
            self.focus_list()

    def on_import(self) -> None:
        """Scores from a workbook: the import screen recognises them by their columns."""
        from desktop_app.ui.importing.wizard_page import ImportPage

        if self.shell is not None:
            self.shell.push(ImportPage(self.context))

    # -- registration --------------------------------------------------------------------------------------------

    def ask_registration(self) -> None:
        """Register everybody that the list shows, after saying how many that is."""
        if self.round is None or self.source is None or not self.source.count():
            return
        with self.errors():
            wanted = replace(self.filter, is_registered=True)
            already = work_list(self.context, self.model, self.round.year, wanted).count()
            plan = RegistrationPlan(
                TITLES[self.model],
                UNITS[self.model],
                self.round.year,
                self._filter_words(),
                self.source.count(),
                already,
            )
            self.dialog = RegistrationDialog(self.window(), plan, dt.date.today())
            self.dialog.confirmed.connect(self._register_list)
            self.dialog.finished.connect(self.dialog.deleteLater)
            self.dialog.open()

    def _filter_words(self) -> str:
        wanted = self.filter
        parts = [self.hamlet_chip.text().partition(": ")[2] if wanted.hamlet else ""]
        parts.append(LIST_GROUPS[wanted.group] if wanted.group else "")
        parts.append(WORK_STATUS_TEXT[wanted.status].lower() if wanted.status else "")
        parts.append(f"tìm “{wanted.text.strip()}”" if wanted.text.strip() else "")
        return ", ".join(part for part in parts if part)

    def _register_list(self, day: str | None) -> None:
        assert self.shell is not None and self.round is not None and self.source is not None
        source, year, model = self.source, self.round.year, self.model
        self.shell.tasks.run(
            lambda progress: register_subjects(self.context, model, year, source.uids(), registered_on=day),
            self._on_registered,
            title="Đang đăng ký",
            can_cancel=False,
        )

    def _on_registered(self, result: RegistrationResult) -> None:
        words = f"Đã đăng ký {number_text(result.count)} {UNITS[self.model]}"
        if result.renewed:
            words += f" ({number_text(result.renewed)} tái đăng ký)"
        if self.shell is not None:
            self.shell.notify(f"{words}.", can_undo=bool(result.count))
        self.show_list()

    def toggle_registration(self) -> None:
        """Ctrl+D: register the selected rows, or take them back where all of them are registered."""
        rows = [row for row in self.table.selected() if isinstance(row, WorkRow)]
        if not rows or self.round is None:
            return
        uids = [row.uid for row in rows]
        with self.errors():
            if all(row.is_registered for row in rows):
                count = unregister_subjects(self.context, self.model, self.round.year, uids)
                words = f"Đã bỏ đăng ký {number_text(count)} {UNITS[self.model]}."
            else:
                result = register_subjects(self.context, self.model, self.round.year, uids)
                words = f"Đã đăng ký {number_text(result.count)} {UNITS[self.model]}."
            if self.shell is not None:
                self.shell.notify(words, can_undo=True)
            self.show_list()

    def _on_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(self.open_button.text()).triggered.connect(lambda _checked=False: self.open_current())
        menu.addAction(self.action("assessment.register"))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
