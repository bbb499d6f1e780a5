"""Tổng quan: the round in one look, against the year's targets, and what waits for me today.

Invariant: every figure is counted by the services in one reading; a card, a line or a waiting thing leads to its place.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from time import monotonic
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.overview import ModelOverview, Overview, read_overview
from desktop_app.services.assessment.rounds import current_round
from desktop_app.services.assessment.worklist import WorkFilter
from desktop_app.services.context import REGISTER_FILE
from desktop_app.ui import theme
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.assessment.target import ListTarget
from desktop_app.ui.errors import as_app_error
from desktop_app.ui.overview.hamlet_rows import COLUMNS, Row, TotalledRows, group_rows, hamlet_rows
from desktop_app.ui.overview.model_card import ModelCard, ModelCards
from desktop_app.ui.overview.waiting import Waiting, read_waiting, waiting_forms
from desktop_app.ui.overview.waiting_list import WaitingList
from desktop_app.ui.page import Page
from desktop_app.ui.texts import percent
from desktop_app.ui.widgets.basics import Button, Card, ElidedLabel, PrimaryButton, QuietButton, label
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState, IconView
from desktop_app.ui.widgets.layouts import MasterDetail, hbox, vbox

SCOPE = "Tổng quan"
CARDS = (
    LearningModel.CITIZEN,
    LearningModel.FAMILY,
    LearningModel.CLAN,
    LearningModel.COMMUNITY,
    LearningModel.ORGANIZATION,
)


SLOW_S = 0.06
"""Counting that took longer than this is done in the background the next time, so that the window never stands."""

BIG_BYTES = 64_000_000
"""A register's file larger than this is counted in the background from the first."""


def _file_size(context: Any) -> int:
    path = context.folder / REGISTER_FILE
    return path.stat().st_size if path.is_file() else 0


@dataclass(frozen=True)
class Reading:
    """What one reading found, and how long it took (seconds)."""

    round_name: str
    overview: Overview
    waiting: tuple[Waiting, ...]
    took_s: float


class OverviewPage(Page):
    """The screen."""

    title_text = "Tổng quan"
    help_topic = "tong_quan"
    ACTIONS = (
        ActionSpec("overview.import", "Nhập danh sách", "Ctrl+I", "file-up", scope=SCOPE),
        ActionSpec("overview.assess", "Chấm phiếu", "Ctrl+K", "clipboard-check", scope=SCOPE),
    )

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.model = LearningModel.CITIZEN
        self.overview: Overview | None = None
        self.is_by_group = False
        self._is_reading = False
        self._took_s = SLOW_S if _file_size(context) > BIG_BYTES else 0.0
        self._whole, self._nothing = self._build_whole(), self._build_empty()
        self.body.addWidget(self._whole, 1)
        self.body.addWidget(self._nothing, 1)
        self._nothing.hide()
        self.bind("reload", self.refresh)
        self.import_button = self.button_for("overview.import", self.on_import, show_key=False)
        self.assess_button = self.button_for("overview.assess", self.on_assess, primary=True, show_key=False)
        self.set_header_buttons(self.import_button, self.assess_button)

    # -- building ------------------------------------------------------------------------------------------------

    def _build_whole(self) -> QWidget:
        whole = QWidget()
        column = vbox(whole, spacing=16)
        self.cards = {model: ModelCard(model) for model in CARDS}
        column.addWidget(ModelCards(list(self.cards.values())))
        for card in self.cards.values():
            card.chosen.connect(self.show_model)
            card.stepped.connect(self._on_stepped)
        self._detail = MasterDetail(self._build_table(), self._build_waiting(), detail_width=310, break_width=900)
        column.addWidget(self._detail, 1)
        return whole

    def _build_table(self) -> QWidget:
        card = Card(margins=(0, 0, 0, 0), spacing=0)
        head = hbox(margins=(18, 10, 10, 0), spacing=12)
        self.table_title = label("", "strong")
        head.addWidget(self.table_title)
        self.legend = ElidedLabel("", "small")
        self.legend.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.legend, 1)
        self.by_button = Button("Theo nhóm", role="link", small=True)
        self.by_button.clicked.connect(lambda _checked=False: self.switch_order())
        head.addWidget(self.by_button)
        card.body.addLayout(head)
        self.table = DataTable("overview.hamlets", COLUMNS, single=True)
        self.table.setProperty("role", "body")
        self.table.view.setAccessibleName("Từng thôn")
        self.table.row_opened.connect(self._on_row_opened)
        self.table.set_placeholder(EmptyState("map-pin", "Chưa có gì để đếm cho mô hình này."))
        card.body.addWidget(self.table, 1)
        return card

    def _build_waiting(self) -> QWidget:
        side = Card("Việc đang chờ", margins=(12, 14, 12, 12), spacing=6)
        assert side.title_label is not None
        side.title_label.setContentsMargins(theme.px(6), 0, 0, 0)
        self.waiting = WaitingList()
        self.waiting.opened.connect(self._on_waiting)
        side.body.addWidget(self.waiting)
        self.calm_label = label("Không có việc gì đang chờ.", "quiet", wrap=True)
        side.body.addWidget(self.calm_label)
        side.body.addStretch(1)
        self.commune_button = QuietButton("", icon="landmark")
        self.commune_button.clicked.connect(lambda _checked=False: self._open_list(LearningModel.COMMUNE))
        side.body.addWidget(self.commune_button)
        return side

    def _build_empty(self) -> QWidget:
        holder = Card(margins=24, spacing=16)
        holder.body.addStretch(2)
        holder.body.addWidget(IconView("book-open-check", 48, "accent_soft"), 0, Qt.AlignmentFlag.AlignHCenter)
        words = label(
            "Sổ còn trống. Bắt đầu bằng danh sách dân cư của xã: tệp Excel nào cũng được.", "quiet", wrap=True
        )
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        holder.body.addWidget(words)
        self.first_button = PrimaryButton("Nhập danh sách", icon="file-up", key="Ctrl+I")
        self.first_button.clicked.connect(self.on_import)
        self.guide_button = QuietButton("Mở hướng dẫn", icon="circle-question-mark", key="F1")
        self.guide_button.clicked.connect(self._open_guide)
        row = hbox(spacing=12)
        row.addStretch(1)
        row.addWidget(self.first_button)
        row.addWidget(self.guide_button)
        row.addStretch(1)
        holder.body.addLayout(row)
        holder.body.addStretch(3)
        return holder

    # -- showing -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Count the round; in the background where counting has been found to take long."""
        if self.shell is None or self._took_s < SLOW_S:
            with self.errors():
                self._show(self._read())
            return
        if self._is_reading:
            return
        self._is_reading = True
        self.shell.tasks.run(
            lambda progress: self._read(),
            self._show,
            self._on_failed,
            title="Đang đếm",
            shows_dialog=False,
            can_cancel=False,
        )

    def _read(self) -> Reading:
        """Everything that is shown, touching no widget."""
        started = monotonic()
        round_ = current_round(self.context)
        overview = read_overview(self.context, round_.year)
        waiting = read_waiting(self.context, overview, dt.datetime.now())
        return Reading(round_.name, overview, tuple(waiting), monotonic() - started)

    def _on_failed(self, error: Exception) -> None:
        self._is_reading = False
        self.show_banner(as_app_error(error).message, "attention")

    def _show(self, reading: Reading) -> None:
        self._is_reading, self._took_s = False, reading.took_s
        self.overview = reading.overview
        is_empty = not any(self.overview.of(model).tally.eligible for model in CARDS[:2])
        focus = QApplication.focusWidget()
        was_here = focus is not None and self._nothing.isAncestorOf(focus)
        self._whole.setVisible(not is_empty)
        self._nothing.setVisible(is_empty)
        if was_here and not is_empty:  # a count that came behind the window hides what has the keys
            self.on_shown()
        self.set_subtitle("" if is_empty else reading.round_name)
        self.set_header_buttons(*(() if is_empty else (self.import_button, self.assess_button)))
        for model, card in self.cards.items():
            card.set_line(self.overview.of(model))
        self._show_table()
        self._show_commune(self.overview.of(LearningModel.COMMUNE))
        self.waiting.set_lines(reading.waiting)
        self.waiting.setVisible(bool(reading.waiting))
        self.calm_label.setVisible(not reading.waiting)
        if self.shell is not None:
            self.shell.set_badge("assessment", waiting_forms(self.overview))

    def _show_commune(self, line: ModelOverview) -> None:
        state = "đạt" if line.tally.passed else "chưa đạt" if line.tally.assessed else "chưa kiểm đếm xong"
        words = f"Cấp xã: {state}"
        self.commune_button.setText(words)
        self.commune_button.setAccessibleName(f"{line.title}: {state}")
        self.commune_button.setToolTip(f"{line.title}: {state}")
        self.commune_button.updateGeometry()

    def show_model(self, model: LearningModel) -> None:
        """Another model's hamlets below the cards."""
        self.model = model
        self._show_table()

    def switch_order(self) -> None:
        """Citizens by hamlet, or by the group whose form they fill."""
        self.is_by_group = not self.is_by_group
        self._show_table()

    def _show_table(self) -> None:
        if self.overview is None:
            return
        for model, card in self.cards.items():
            card.set_chosen(model is self.model)
        line = self.overview.of(self.model)
        self.by_button.setVisible(self.model is LearningModel.CITIZEN)
        by_group = self.model is LearningModel.CITIZEN and self.is_by_group
        self.by_button.setText("Theo thôn" if by_group else "Theo nhóm")
        self.by_button.setAccessibleName(self.by_button.text())
        self.by_button.updateGeometry()
        rows = group_rows(self.overview) if by_group else hamlet_rows(self.overview, self.model)
        self.table_title.setText(f"{line.title} {'theo nhóm' if by_group else 'theo thôn'}")
        goal = f" · vạch: chỉ tiêu {percent(line.target.percent / 100, 0)}" if line.target is not None else ""
        self.legend.setText(f"đậm: đạt · nhạt: đã chấm{' · vạch: chỉ tiêu của nhóm' if by_group else goal}")
        self.table.set_source(TotalledRows(rows))

    def on_shown(self) -> None:
        if not self._nothing.isHidden():
            self.first_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.cards[self.model].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_stepped(self, by: int) -> None:
        place = max(0, min(len(CARDS) - 1, CARDS.index(self.model) + by))
        self.show_model(CARDS[place])
        self.cards[self.model].setFocus(Qt.FocusReason.TabFocusReason)

    # -- going there ---------------------------------------------------------------------------------------------

    def _on_row_opened(self, row: object) -> None:
        if isinstance(row, Row):
            self._open_list(self.model, WorkFilter(hamlet=row.uid, group=row.group))

    def _open_list(self, model: LearningModel, narrowed: WorkFilter | None = None) -> None:
        if self.shell is not None:
            self.shell.open_page("assessment", ListTarget(model, narrowed or WorkFilter()))

    def _on_waiting(self, line: Waiting) -> None:
        if self.shell is not None:
            self.shell.open_page(line.page_key, line.target)

    def on_assess(self) -> None:
        """The work list of the model in front."""
        self._open_list(self.model)

    def on_import(self) -> None:
        """The first deed in a new register."""
        from desktop_app.ui.importing.wizard_page import ImportPage

        if self.shell is not None:
            self.shell.push(ImportPage(self.context))

    def _open_guide(self) -> None:
        from desktop_app.ui.help import HelpDialog

        self._help = HelpDialog(self, self.window())
        self._help.show()
