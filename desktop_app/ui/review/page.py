"""Bình xét, thẩm định: where every form stands at a stage, what changed since, and accepting or returning it.

Invariants: a deed is of one stage and can be undone; what a deed of many will leave out is said before it is done; one
form is accepted by one key, and the next that waits is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import isValid

from desktop_app.models.types import LearningModel, ReviewStage, Uid
from desktop_app.services.assessment.review.detail import review_detail
from desktop_app.services.assessment.review.listing import (
    ReviewCounts,
    ReviewFilter,
    ReviewList,
    ReviewRow,
    review_counts,
    review_list,
)
from desktop_app.services.assessment.review.rules import hindrance, load_rules
from desktop_app.services.assessment.rounds import RoundRecord, current_round
from desktop_app.services.assessment.subjects import UNITS
from desktop_app.services.progress import Progress
from desktop_app.services.registry.lists import NEAR
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.assessment.segments import SegmentBar
from desktop_app.ui.assessment.words import SEGMENTS
from desktop_app.ui.recognition.cells import rename_column
from desktop_app.ui.registry.choices import hamlets, organizations
from desktop_app.ui.review import panel
from desktop_app.ui.review.columns import COLUMNS
from desktop_app.ui.review.deed_side import DeedSide
from desktop_app.ui.review.deeds import ReviewDeeds
from desktop_app.ui.review.filters import ReviewFilters
from desktop_app.ui.review.sheets import open_sheets
from desktop_app.ui.review.words import NAME_TITLES
from desktop_app.ui.widgets.basics import KeyHint, QuietButton
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.layouts import FlowRow, hbox, vbox
from desktop_app.ui.widgets.pair import ListAndPanel
from desktop_app.ui.work_page import WorkPage

SCOPE = "Bình xét, thẩm định"
LOW = 520
"""Height (at 100 %) below which the key hints give way."""
NARROW = 1120
"""Width (at 100 %) below which the buttons beside the models stand in the header."""
REST_MS = 40
MODELS = tuple(LearningModel)
_KEYS = tuple(
    ActionSpec(f"review.{model.value}", f"Phiếu {SEGMENTS[model]}", f"Ctrl+{n}", scope=SCOPE)
    for n, model in enumerate(MODELS, 1)
)
_STAGE_KEYS = tuple(
    ActionSpec(f"review.stage.{stage.value}", f"Bước {words}", key, scope=SCOPE)
    for stage, words, key in (
        (ReviewStage.HAMLET, "thôn bình xét", "Ctrl+7"),
        (ReviewStage.BRANCH, "chi hội thẩm định", "Ctrl+8"),
        (ReviewStage.COMMUNE, "xã thẩm định", "Ctrl+9"),
    )
)


class ReviewPage(WorkPage):
    """The screen."""

    title_text = "Bình xét, thẩm định"
    help_topic = "binh_xet"
    search_placeholder = "Tìm tên trong danh sách xét…"
    searches_itself = True
    ACTIONS = (
        ActionSpec("review.accept", "Chấp nhận phiếu đang chọn", "Ctrl+Return", "check", scope=SCOPE),
        ActionSpec("review.return", "Trả lại kèm lý do", "Ctrl+T", "undo-2", scope=SCOPE),
        ActionSpec("review.all", "Chấp nhận tất cả đang hiện", "Ctrl+G", "list-checks", scope=SCOPE),
        ActionSpec("review.next", "Phiếu kế tiếp chưa xét", "Ctrl+Down", "arrow-down", scope=SCOPE),
        ActionSpec("review.meeting", "Buổi họp", "Ctrl+M", "users", scope=SCOPE),
        ActionSpec("review.rules", "Cách thẩm định", "Ctrl+Shift+M", "settings", scope=SCOPE),
        ActionSpec("review.sheet", "In bảng điểm và lý do", "Ctrl+B", "printer", scope=SCOPE),
        ActionSpec("review.half", "Sang bảng bên hoặc về danh sách", "F6", scope=SCOPE),
        *_KEYS,
        *_STAGE_KEYS,
    )

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.model = LearningModel.CITIZEN
        self.round: RoundRecord | None = None
        self.source: ReviewList | None = None
        self._is_first = True
        self._is_counting = False
        self._is_narrow: bool | None = None
        self._are_places_stale = True
        self.segments = SegmentBar([(model, SEGMENTS[model]) for model in MODELS], "Mô hình")
        self.segments.segment_chosen.connect(self.show_model)
        self.filters = ReviewFilters()
        self.filters.changed.connect(self._on_filters)
        self.table = DataTable("review.forms", COLUMNS)
        self.table.view.setAccessibleName("Danh sách phiếu để xét")
        self.side = DeedSide()
        self.facts, self.deed = self.side.facts, self.side.deed
        self.pair = ListAndPanel(self._left(), self.side)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._show_facts)
        self._counting = QTimer(self, singleShot=True, interval=REST_MS)
        self._counting.timeout.connect(self._count)
        self.deeds = ReviewDeeds(self)
        self._build()
        self._bind()

    # -- building ------------------------------------------------------------------------------------------------

    def _left(self) -> QWidget:
        left = QWidget()
        column = vbox(left, spacing=10)
        column.addWidget(self.filters)
        column.addWidget(self.table, 1)
        self.empty = EmptyState("clipboard-check", "", "Bỏ điều kiện lọc", is_primary=False)
        self.empty.activated.connect(self.clear_filters)
        self.table.set_placeholder(self.empty)
        return left

    def _build(self) -> None:
        theme.remember_layout(self.body, (24, 12, 24, 16), 12)
        self._top = hbox(spacing=8)
        self._top.addWidget(self.segments, 1)
        self.body.addLayout(self._top)
        self.body.addWidget(self.pair, 1)
        self.hints = FlowRow(
            KeyHint("Enter", "chấp nhận"),
            KeyHint("Ctrl+T", "trả lại"),
            KeyHint("Ctrl+A", "chọn cả danh sách"),
            KeyHint("Ctrl+↓", "phiếu chưa xét kế"),
            KeyHint("F2", "mở phiếu"),
            KeyHint("Ctrl+B", "in bảng điểm và lý do"),
            KeyHint("F6", "bảng bên"),
            spacing=18,
        )
        self.body.addWidget(self.hints)
        self.table.row_selected.connect(lambda _row: self._rest.start())
        self.table.view.selectionModel().selectionChanged.connect(lambda *_: self._rest.start())
        self.table.row_opened.connect(lambda _row: self.deeds.accept())
        self.table.menu_requested.connect(self._on_menu)
        self.deed.left.connect(self.leave_deed)

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "reload": self.refresh,
            "list": self.focus_list,
            "edit": self.open_form,
            "review.all": self.deeds.accept_all,
            "review.next": self.show_next,
            "review.half": self._on_half,
            "review.sheet": self.print_sheets,
        }
        for spec, model in zip(_KEYS, MODELS, strict=True):
            handlers[spec.id] = partial(self._on_model_key, model)
        for spec, stage in zip(_STAGE_KEYS, ReviewStage, strict=True):
            handlers[spec.id] = partial(self._on_stage_key, stage)
        for action_id, handler in handlers.items():
            self.bind(action_id, handler)
        self.rules_button = self.button_for("review.rules", self.deeds.ask_rules, show_key=False)
        self.meeting_button = self.button_for("review.meeting", self.deeds.ask_meeting, show_key=False)
        self.minutes_button = self.button_for("preview", self.deeds.show_minutes, text="Biên bản họp", show_key=False)
        self._beside = (self.rules_button, self.meeting_button, self.minutes_button)
        self.return_button = self.button_for("review.return", self.deeds.ask_return, text="Trả lại")
        self.accept_button = self.button_for(
            "review.accept", self.deeds.accept, text="Chấp nhận", primary=True, show_key=False
        )
        self.action("review.accept").setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self.side.outranks(self.accept_button)
        self._place_buttons(False)

    def _place_buttons(self, is_narrow: bool) -> None:
        """What is not of one form stands beside the models in words; where there is no room, as icons in the header."""
        if is_narrow is self._is_narrow:
            return
        self._is_narrow = is_narrow
        if is_narrow:
            for button in self._beside:
                self._top.removeWidget(button)
                button.hide()
            self.set_header_buttons(*self._beside[1:], self.return_button, self.accept_button)
            return
        self.set_header_buttons(self.return_button, self.accept_button)
        for button in self._beside:
            self._top.addWidget(button)
            button.set_compactness(0)
            button.show()

    # -- showing -------------------------------------------------------------------------------------------------

    @property
    def year(self) -> int:
        return self.round.year if self.round is not None else 0

    @property
    def stage(self) -> ReviewStage:
        return self.filters.stage

    @property
    def filter(self) -> ReviewFilter:
        return self.filters.filter(self.search_text)

    def refresh(self) -> None:
        with self.errors():
            self.round = current_round(self.context)
            used = load_rules(self.context).stages
            self.filters.set_stages(used)
            if self._is_first:
                self._is_first = False
                open_ = [stage for stage in used if hindrance(self.context, load_rules(self.context), stage) is None]
                self.filters.stages.set_value(open_[0] if open_ else used[0])
            if self._are_places_stale:
                self.filters.set_places(hamlets(self.context), organizations(self.context))
                self._are_places_stale = False
            self.show_list()

    def on_data_changed(self, kinds: tuple[str, ...]) -> None:
        super().on_data_changed(kinds)
        self._are_places_stale = self._are_places_stale or not kinds or bool({"hamlet", "organization"} & set(kinds))

    def show_list(self, keep: Uid = "") -> None:
        """Read the list under the present stage and filters; the current row stays while it is in it."""
        if self.round is None:
            return
        keep = keep or self.current_uid()
        row = self.table.view.currentIndex().row()
        with self.errors():
            self.filters.set_model(self.model)
            self._show_columns()
            self.source = review_list(self.context, self.model, self.year, self.stage, self.filter)
            self._say_empty()
            self.table.set_source(self.source)
            self._choose(keep, row)
            self._show_facts()
            self._counting.start()
        has_rows = bool(self.source is not None and self.source.count())
        self.pair.set_has_panel(has_rows or self.side.is_asking)
        for name in ("review.accept", "review.return", "review.all", "review.sheet", "edit"):
            self.action(name).setEnabled(has_rows)

    def reread(self, keep: Uid = "") -> None:
        """After a deed: the rows again, and the whole list where a state narrows it or its length may differ."""
        if self.filter.state is not None or self.filter.is_objected or self.source is None:
            self.show_list(keep)
            return
        self.table.reload()
        self._choose(keep, self.table.view.currentIndex().row())
        self._show_facts()
        self._counting.start()

    def _show_columns(self) -> None:
        rename_column(self.table, "name", NAME_TITLES[self.model])
        shown = {
            "birth": self.model is LearningModel.CITIZEN,
            "detail": self.model in (LearningModel.CITIZEN, LearningModel.FAMILY),
            "hamlet": self.model not in (LearningModel.COMMUNITY, LearningModel.COMMUNE),
        }
        header = self.table.view.horizontalHeader()
        for index, column in enumerate(COLUMNS):
            if column.key in shown and (header.isSectionHidden(index) == shown[column.key]):
                self.table.set_column_shown(index, shown[column.key])

    def _say_empty(self) -> None:
        is_narrowed = self.filter != ReviewFilter()
        self.empty.set_sentence(
            "Không có phiếu nào khớp điều kiện lọc."
            if is_narrowed
            else f"Đợt {self.year} chưa có phiếu {UNITS[self.model]} nào để xét. Hãy chấm phiếu ở trang Đánh giá."
        )
        if self.empty.button is not None:
            self.empty.button.setVisible(is_narrowed)

    def _choose(self, uid: Uid, row: int) -> None:
        paged = self.table.paged
        if paged is None or not paged.rowCount():
            return
        near = (place for place in (row, row + 1, row - 1, 0) if 0 <= place < NEAR)
        found = next((place for place in near if getattr(paged.row_at(place), "uid", "") == uid), None)
        if found is None and uid:
            found = paged.position(uid)
        if found is not None:
            self.table.select_row(found)

    def _count(self) -> None:
        """Count in the background; what was asked meanwhile is counted after it."""
        if self.source is None or self.shell is None:
            return
        if self._is_counting:
            self._counting.start()
            return
        self._is_counting = True
        self.shell.tasks.run(
            partial(_counted, self.context, self.source),
            partial(self._show_counts, self.source),
            self._on_count_failed,
            title="Đang đếm",
            shows_dialog=False,
            can_cancel=False,
        )

    def _on_count_failed(self, error: Exception) -> None:
        if isValid(self):
            self._is_counting = False
            self.show_trouble(error)

    def _show_counts(self, source: ReviewList, found: tuple[ReviewCounts, dict[LearningModel, int]]) -> None:
        if not isValid(self):
            return
        self._is_counting = False
        counts, models = found
        for model, count in models.items():
            self.segments.set_count(model, count)
        if source is not self.source:
            return
        self.filters.set_counts(counts)
        shown = source.count()
        words = f"{number_text(shown)} phiếu {UNITS[self.model]}"
        self.set_subtitle(words if shown == counts.total else f"{words} trong {number_text(counts.total)}")

    def _on_filters(self) -> None:
        """Another stage or another part of the list: what was said was of the one before."""
        self.clear_banner()
        self.show_list()

    def show_model(self, model: LearningModel) -> None:
        """Another model's forms."""
        self.clear_banner()
        self.model = model
        self.segments.set_current(model)
        self.leave_deed()
        self.show_list()

    def _on_model_key(self, model: LearningModel) -> None:
        self.show_model(model)
        self.focus_list()

    def _on_stage_key(self, stage: ReviewStage) -> None:
        self.filters.stages.choose(stage)
        self.focus_list()

    def on_search(self, text: str) -> None:
        self.show_list()

    def clear_filters(self) -> None:
        """The whole list again."""
        self.filters.clear()
        self.search_text = ""
        box = getattr(getattr(self.shell, "header", None), "search_box", None)
        if box is not None and self.isVisible():
            box.set_text_silently("")
        self.show_list()
        self.focus_list()

    # -- the selection -------------------------------------------------------------------------------------------

    def current(self) -> ReviewRow | None:
        row = self.table.current() if self.source is not None else None
        return row if isinstance(row, ReviewRow) else None

    def current_uid(self) -> Uid:
        row = self.current()
        return row.uid if row is not None else ""

    def selected_uids(self) -> tuple[Uid, ...]:
        """The selected forms; when all are, they are named by SQL and not read one by one."""
        count = len(self.table.view.selectionModel().selectedRows())
        if count > 1 and self.source is not None and count == self.source.count():
            return self.source.uids()
        return tuple(row.uid for row in self.table.selected() if row is not None)

    def show_next(self) -> None:
        """Ctrl+Down: the next form that waits for a review at this stage."""
        if self.source is None:
            return
        shown = self.table.paged.source if self.table.paged is not None else None
        found = shown.next_to_review(self.current_uid() or None) if isinstance(shown, ReviewList) else None
        if found is None:
            self.show_banner("Trong danh sách này không còn phiếu nào khác chưa xét ở bước này.", "passed")
            return
        self.clear_banner()
        self._choose(found, self.table.view.currentIndex().row())
        self.focus_list()

    def _show_facts(self) -> None:
        self._rest.stop()
        row = self.current()
        count = len(self.table.view.selectionModel().selectedRows())
        self.facts.set_buttons()
        if row is None or self.round is None:
            self.facts.clear()
            self.facts.set_title("")
        elif count > 1:
            self.facts.clear()
            self.facts.set_title(f"{number_text(count)} phiếu đã chọn")
            self.facts.add_text("Chấp nhận hoặc trả lại sẽ hỏi trước: bao nhiêu phiếu, phiếu nào để lại và vì sao.")
        else:
            with self.errors():
                panel.fill(self.facts, row, review_detail(self.context, self.model, self.year, row.uid, self.stage))
                self.facts.set_buttons(self._open_button(), self._sheet_button())

    def _open_button(self) -> QuietButton:
        whole = QuietButton("Mở phiếu", icon="pencil", key="F2")
        whole.clicked.connect(lambda _checked=False: self.open_form())
        return whole

    def _sheet_button(self) -> QuietButton:
        sheet = QuietButton("Bảng điểm", icon="printer")
        sheet.setToolTip("In bảng điểm và lý do (Ctrl+B)")
        sheet.setAccessibleName("In bảng điểm và lý do")
        sheet.clicked.connect(lambda _checked=False: self.print_sheets())
        return sheet

    def print_sheets(self) -> None:
        """Ctrl+B: answers, total and the reason on paper, of every selected form."""
        open_sheets(self, self.model, self.year, self.selected_uids())

    def open_form(self) -> None:
        """F2: the form itself, on top of this list."""
        uid = self.current_uid()
        if uid and self.shell is not None and self.round is not None:
            self.shell.push(FormPage(self.context, self.model, self.year, uid, None))

    def _on_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        for name in ("accept", "return", "all", "next", "sheet", "meeting", "rules"):
            menu.addAction(self.action(f"review.{name}"))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    # -- deeds in place ------------------------------------------------------------------------------------------

    def ask(self, *args: Any, **named: Any) -> None:
        """Ask for a deed in place of the facts; see ``DeedForm.ask``."""
        self.side.ask(self.pair, *args, **named)

    def leave_deed(self) -> None:
        """Back to the facts and the list."""
        if self.side.leave(self.pair, has_rows=bool(self.source is not None and self.source.count())):
            self.focus_list()

    def focus_list(self) -> None:
        self.pair.show_list()
        self.table.take_focus()

    def on_shown(self) -> None:
        self.focus_list()

    def _on_half(self) -> None:
        self.side.turn(self.pair, self.table, self.focus_list)

    def resizeEvent(self, event: Any) -> None:
        """In a low or zoomed window the list takes the room of the hints, and the models that of the buttons."""
        super().resizeEvent(event)
        self._place_buttons(self.width() < theme.px(NARROW))
        self.hints.setVisible(self.height() >= theme.px(LOW))


def _counted(context: Any, source: ReviewList, progress: Progress) -> tuple[ReviewCounts, dict[LearningModel, int]]:
    """How the list's forms stand, and how many each model has."""
    about = source.about
    counts = review_counts(source, context)
    models = {model: review_list(context, model, about.round.year, about.stage).count() for model in LearningModel}
    return counts, models
