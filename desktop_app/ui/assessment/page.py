"""Đánh giá: who is to be assessed, how far each form is, and the way into a form.

Invariants: the list is counted, sorted and cut by SQL; what a bulk deed will do is said in numbers before it is done,
and it is one operation that can be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.rounds import RoundRecord, current_round
from desktop_app.services.assessment.subjects import UNITS
from desktop_app.services.assessment.worklist import (
    AssessmentList,
    WorkFilter,
    WorkRow,
    WorkStatus,
    work_list,
)
from desktop_app.services.registry.lists import NEAR
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.assessment.registration_work import RegistrationWork
from desktop_app.ui.assessment.round_work import WORK_ACTIONS, RoundWork
from desktop_app.ui.assessment.segments import SegmentBar
from desktop_app.ui.assessment.target import FormTarget, ListTarget, WorkTarget, as_target
from desktop_app.ui.assessment.words import SEGMENTS
from desktop_app.ui.assessment.work_columns import COLUMNS, EMPTY
from desktop_app.ui.assessment.work_filters import WorkFilters
from desktop_app.ui.page import Page
from desktop_app.ui.registry.choices import hamlets
from desktop_app.ui.registry.list_keeper import ListKeeper
from desktop_app.ui.widgets.basics import KeyHint
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.layouts import FlowRow, hbox

SCOPE = "Đánh giá"
LOW = 480
"""Height (at 100 %) below which the key hints give way."""
NARROW = 860
"""Width (at 100 %) below which the button beside the models is an icon only."""

MOST_SEARCHED = 20_000
"""A list longer than this is not searched for the row that was current; it is looked for where it was."""

MODELS = tuple(LearningModel)
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
        *WORK_ACTIONS,
    )
    LENT_KEYS = tuple(spec.id for spec in WORK_ACTIONS)

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.model = LearningModel.CITIZEN
        self.round: RoundRecord | None = None
        self.source: AssessmentList | None = None
        self._keep: Uid = ""
        self._is_hamlets_stale = True
        self.segments = SegmentBar([(model, SEGMENTS[model]) for model in MODELS], "Mô hình")
        self.segments.segment_chosen.connect(self.show_model)
        self.round_work = RoundWork(self)
        self.work_button = self.round_work.button()
        top = hbox(spacing=12)
        top.addWidget(self.segments, 1)
        top.addWidget(self.work_button)
        self.body.addLayout(top)
        self.filters = WorkFilters()
        self.filters.changed.connect(self.show_list)
        self.body.addWidget(self.filters)
        self.registrations = RegistrationWork(self)
        self.tables: dict[LearningModel, DataTable] = {}
        self.keepers: dict[LearningModel, ListKeeper] = {}
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

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "reload": self.refresh,
            "list": self.focus_list,
            "assessment.register": self.registrations.toggle,
        }
        for spec, model in zip(_KEYS, MODELS, strict=True):
            handlers[spec.id] = partial(self._on_model_key, model)
        for action_id, handler in handlers.items():
            self.bind(action_id, handler)
        self.import_button = self.button_for("assessment.import", self.on_import, show_key=False)
        self.register_button = self.button_for(
            "assessment.register_list", self.registrations.ask, text="Đăng ký", show_key=False
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
            self.keepers[self.model] = ListKeeper(self, made)
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
        no_match = EmptyState("search", "Không có ai khớp điều kiện lọc.", "Bỏ điều kiện lọc", is_primary=False)
        no_match.activated.connect(self.clear_filters)
        left_out = EmptyState("minus", "Mô hình này không tham gia đợt này.", "Mở Đợt đánh giá", is_primary=False)
        left_out.activated.connect(lambda: self.action("assessment.round").trigger())
        placeholder = QStackedWidget()
        for state in (nothing, no_match, left_out):
            placeholder.addWidget(state)
        table.set_placeholder(placeholder)
        table.setProperty("placeholder", placeholder)
        return table

    # -- the list ------------------------------------------------------------------------------------------------

    @property
    def filter(self) -> WorkFilter:
        """What the chips and the search box say."""
        return self.filters.filter(self.search_text)

    def refresh(self) -> None:
        with self.errors():
            self.round = current_round(self.context)
            if self._is_hamlets_stale:
                self.filters.set_hamlets(hamlets(self.context))
                self._is_hamlets_stale = False
            self.show_list()
            self._show_segments(self.round.year)

    def _show_segments(self, year: int) -> None:
        """How many each model has, and how many forms are begun or sent back."""
        begun = 0
        for model in MODELS:
            is_shown = model is self.model and self.source is not None and self.source.filter == WorkFilter()
            counts = (self.source if is_shown and self.source else work_list(self.context, model, year)).counts()
            self.segments.set_count(model, sum(counts.values()))
            begun += counts[WorkStatus.IN_PROGRESS] + counts[WorkStatus.RETURNED]
        if self.shell is not None:
            self.shell.set_badge("assessment", begun)

    def on_data_changed(self, kinds: tuple[str, ...]) -> None:
        super().on_data_changed(kinds)
        self._is_hamlets_stale = self._is_hamlets_stale or not kinds or "hamlet" in kinds

    def show_list(self) -> None:
        """Read the list under the present filters; the row that was current stays so while it is in it."""
        if self.round is None:
            return
        self.filters.set_model(self.model)
        keep, row = self._keep or self._current_uid(), self.table.view.currentIndex().row()
        self._keep = ""
        with self.errors():
            table = self.table
            self._stack.setCurrentWidget(table)
            self.source = work_list(self.context, self.model, self.round.year, self.filter)
            is_all = self.filter == WorkFilter()
            is_left_out = not self.round.takes(self.model)
            table.property("placeholder").setCurrentIndex(2 if is_left_out else 0 if is_all else 1)
            table.set_source(self.source)
            self._choose_row(table, keep, row)
            self._show_counts()
        is_empty = self.source is None or not self.source.count()
        self._show_buttons(is_empty)

    def _show_buttons(self, is_empty: bool) -> None:
        """An empty list has its own one button; what is done with its lines is not offered."""
        for name in ("edit", "assessment.register", "assessment.register_list"):
            self.action(name).setEnabled(not is_empty)
        work = () if is_empty else (self.register_button, self.open_button)
        self.set_header_buttons(self.import_button, *work)

    def _choose_row(self, table: DataTable, uid: Uid, row: int) -> None:
        """Keep a subject current: by the row where it was, else by its place; a long list is not searched whole."""
        paged = table.paged
        if paged is None or not uid:
            return
        near = (place for place in (row, row - 1, row + 1, 0) if 0 <= place < NEAR)
        found = next((place for place in near if getattr(paged.row_at(place), "uid", "") == uid), None)
        if found is None and paged.rowCount() <= MOST_SEARCHED:
            found = paged.position(uid)
        if found is not None:
            table.select_row(found)

    def _show_counts(self) -> None:
        assert self.source is not None
        self.filters.set_counts(self.source.counts())
        self.set_subtitle(f"{number_text(self.source.count())} {UNITS[self.model]}")

    def show_model(self, model: LearningModel) -> None:
        """Another model's list."""
        self.model = model
        self.segments.set_current(model)
        self.show_list()

    def _on_model_key(self, model: LearningModel) -> None:
        self.show_model(model)
        self.focus_list()

    def on_search(self, text: str) -> None:
        self.show_list()

    def clear_filters(self) -> None:
        """The whole list again."""
        self.filters.set_filter(WorkFilter())
        self._search("")
        self.show_list()
        self.focus_list()

    def _search(self, text: str) -> None:
        """Put words into the search box without searching yet."""
        self.search_text = text
        box = getattr(getattr(self.shell, "header", None), "search_box", None)
        if box is not None and self.isVisible():
            box.set_text_silently(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low or zoomed window the list takes the room of the hints, and the models that of the button's words."""
        super().resizeEvent(event)
        self.work_button.set_compactness(2 if self.width() < theme.px(NARROW) else 0)
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

    @property
    def current_subject(self) -> Uid:
        """Uid of the current row, empty where the list has none."""
        return self._current_uid()

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
        if isinstance(target, WorkTarget):
            self.round_work.open_id(target.id)
            return
        asked = as_target(target)
        if asked is None:
            return
        self.model = asked.model
        self.segments.set_current(asked.model)
        wanted = asked.filter if isinstance(asked, ListTarget) else WorkFilter()
        self.filters.set_filter(wanted)
        self._search(wanted.text)
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

    def _on_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(self.open_button.text()).triggered.connect(lambda _checked=False: self.open_current())
        menu.addAction(self.action("assessment.register"))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
