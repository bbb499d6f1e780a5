"""Who can be recognised, who cannot and why, and beside the list the new decision.

Invariant: what the button counts is what the list of "Đủ điều kiện" shows under the hamlet's filter, less those the
person has put aside; searching a name never changes who is recognised.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.recognition.candidates import candidate_counts, candidate_source
from desktop_app.services.recognition.numbering import next_numbers
from desktop_app.services.recognition.overview import DecisionProposal, check_decision, decision_proposal
from desktop_app.services.recognition.records import (
    Candidate,
    CandidateCounts,
    CandidateFilter,
    CandidateState,
    NumberRange,
)
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.recognition.cells import rename_column, short_reason, unbroken
from desktop_app.ui.recognition.decision_form import (
    FIELD_OF_ERROR,
    DecisionAnswers,
    decision_spec,
    first_values,
    read_answers,
)
from desktop_app.ui.recognition.tabs import Tab, Tabs
from desktop_app.ui.recognition.words import NAME_TITLES, STATES, UNITS, counted
from desktop_app.ui.registry.cells import short_hamlet
from desktop_app.ui.widgets.basics import Button, QuietButton, label, set_tone
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.form import FormView
from desktop_app.ui.widgets.layouts import rule, sized, vbox
from desktop_app.ui.widgets.paged_model import Column
from desktop_app.ui.widgets.painting import ChipData
from desktop_app.ui.widgets.pair import ListAndPanel
from desktop_app.ui.widgets.panels import SidePanel
from desktop_app.ui.widgets.search import FilterChip

ASIDE = ChipData("Để lại lần sau", "neutral", "clock")
MAY = ChipData("Sẽ công nhận", "passed", "check")


@dataclass(frozen=True)
class Chosen:
    """Who would be recognised now: ``subjects`` None for everybody who can be."""

    count: int
    left_out: int
    subjects: tuple[Uid, ...] | None


@dataclass
class _Shown:
    """What is shown: round, model, counts, and who was put aside."""

    year: int = 0
    model: LearningModel = LearningModel.CITIZEN
    counts: CandidateCounts = field(default_factory=lambda: CandidateCounts({}, ()))
    aside: dict[LearningModel, set[Uid]] = field(default_factory=dict)


class CandidatesView(QWidget):
    """The list with its two faces.

    Signals:
        chosen_changed: another number of people would be recognised.
        form_asked(object, str): open a subject's scoring form: model and uid; without uid the model's list.
        settings_asked: open the settings, where a criteria set is confirmed.
        submitted: Enter in the last field of the decision.
    """

    chosen_changed = Signal()
    form_asked = Signal(object, str)
    settings_asked = Signal()
    submitted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.shown = _Shown()
        self.text = ""
        self.count = 0
        self.proposal: DecisionProposal = decision_proposal(context)
        self.hamlet_chip = FilterChip("Thôn", [(None, "tất cả")])
        self.state_chip = FilterChip("Lý do", [(None, "tất cả")])
        self.aside_chip = FilterChip.switch("Để lại lần sau: 0", "neutral", "clock")
        self.parts = Tabs(
            "Đủ điều kiện hay còn lại",
            (Tab(True, "Đủ điều kiện", 0), Tab(False, "Còn lại", 0)),
            is_pill=True,
            extras=(self.hamlet_chip, self.state_chip, self.aside_chip),
        )
        self.list = DataTable("recognition.candidates", self._columns())
        self.list.view.setAccessibleName("Danh sách xét công nhận")
        self.panel = QStackedWidget()
        self._build_decision()
        self.why = sized(SidePanel(), min_height=176)
        self.panel.addWidget(self.why)
        self.pair = ListAndPanel(self._left(), self.panel)
        vbox(self, spacing=0).addWidget(self.pair, 1)
        self._connect()

    # -- building ------------------------------------------------------------------------------------------------

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("name", "Họ và tên", 180, "strong", stretch=2),
            Column("birth", "Sinh", 98),
            Column("hamlet", "Thôn", 92, value=lambda row: short_hamlet(row.hamlet), stretch=1),
            Column("detail", "Hộ", 84, "quiet"),
            Column("total", "Kết quả", 88, value=lambda row: row.result),
            Column("state", "Tình trạng", 140, "chip", value=self._chip),
            Column(
                "reason", "Vì sao", 190, "small", lambda row: short_reason(row.reason), stretch=6, is_sortable=False
            ),
        )

    def _chip(self, row: Candidate) -> ChipData:
        if row.state is CandidateState.READY:
            return ASIDE if row.uid in self.aside else MAY
        return STATES[row.state]

    def _left(self) -> QWidget:
        left = QWidget()
        column = vbox(left, spacing=10)
        column.addWidget(self.parts)
        column.addWidget(self.list, 1)
        self.empty = EmptyState("award", "", "Mở trang Đánh giá")
        self.empty.activated.connect(lambda: self.form_asked.emit(self.shown.model, ""))
        self.list.set_placeholder(self.empty)
        return left

    def _build_decision(self) -> None:
        self.decision = sized(SidePanel(), min_height=176)
        self.decision.set_title("Quyết định công nhận")
        self.form = self.decision.add(FormView(decision_spec(self.proposal)))
        holder = QWidget()
        column = vbox(holder, margins=(0, 16, 0, 0), spacing=4)
        column.addWidget(rule())
        self.numbers_label = label("", wrap=True)
        self.decision_note = label("", wrap=True)
        column.addWidget(self.numbers_label)
        column.addWidget(self.decision_note)
        self.decision.add(holder)
        self.panel.addWidget(self.decision)

    def _connect(self) -> None:
        self.parts.chosen.connect(lambda _part: self.apply())
        self.hamlet_chip.chosen.connect(lambda _uid: self.apply())
        self.state_chip.chosen.connect(lambda _state: self.apply())
        self.aside_chip.toggled.connect(lambda _on: self.take_all_back())
        self.list.row_selected.connect(self._on_row)
        self.list.row_opened.connect(self._on_opened)
        self.form.submitted.connect(self.submitted)

    # -- showing -------------------------------------------------------------------------------------------------

    @property
    def aside(self) -> set[Uid]:
        """Who was put aside in this model; kept until the program ends or they are taken back."""
        return self.shown.aside.setdefault(self.shown.model, set())

    @property
    def shows_ready(self) -> bool:
        return self.parts.value is True

    def show_model(self, year: int, model: LearningModel, known: CandidateCounts | None = None) -> None:
        """Read a round and model afresh; ``known`` are its counts where they were just read."""
        is_new = (year, model) != (self.shown.year, self.shown.model)
        self.shown.year, self.shown.model = year, model
        self.proposal = decision_proposal(self.context)
        if is_new or not self.form.is_changed:
            self.form.set_values(first_values(self.proposal, year))
        self.shown.counts = counts = known or candidate_counts(self.context, year, model)
        self._show_chips(counts, is_new)
        if is_new:
            self.parts.set_value(bool(counts.ready) or not counts.left_out)
        self.apply()

    def _show_chips(self, counts: CandidateCounts, is_new: bool) -> None:
        self.parts.set_tabs((Tab(True, "Đủ điều kiện", counts.ready), Tab(False, "Còn lại", counts.left_out)))
        hamlet = None if is_new else self.hamlet_chip.value
        choices: list[tuple[object, str]] = [(None, "tất cả")]
        choices += [(uid, f"{name} ({number_text(count)})") for uid, name, count in counts.hamlets]
        self.hamlet_chip.set_choices(choices)
        self.hamlet_chip.set_value(hamlet if hamlet in dict(choices) else None)
        states: list[tuple[object, str]] = [(None, "tất cả")]
        states += [
            (state, f"{chip.text} ({number_text(counts.states[state])})")
            for state, chip in STATES.items()
            if counts.states.get(state) and state is not CandidateState.READY
        ]
        state = self.state_chip.value
        self.state_chip.set_choices(states)
        self.state_chip.set_value(state if not is_new and state in dict(states) else None)
        self.hamlet_chip.setVisible(len(choices) > 2)

    def _show_columns(self) -> None:
        model = self.shown.model
        rename_column(self.list, "name", NAME_TITLES[model])
        is_person = model is LearningModel.CITIZEN
        shown = {
            "birth": is_person and self.shows_ready,
            "detail": (is_person and self.shows_ready) or model is LearningModel.FAMILY,
            "total": self.shows_ready,
            "reason": not self.shows_ready,
        }
        for index, column in enumerate(self._columns()):
            if column.key in shown:
                self.list.set_column_shown(index, shown[column.key])

    def apply(self) -> None:
        """Read the list under the present filters."""
        ready = self.shows_ready
        self.state_chip.setVisible(not ready)
        self._show_columns()
        self._say_empty()
        self.list.set_source(candidate_source(self.context, self.shown.year, self.shown.model, self._filter()))
        self.panel.setCurrentWidget(self.decision if ready else self.why)
        self._show_choice()
        self._on_row(self.list.current())
        counts = self.shown.counts
        self.pair.set_has_panel(bool(counts.ready if ready else counts.left_out))

    def _filter(self) -> CandidateFilter:
        hamlet = self.hamlet_chip.value
        state = None if self.shows_ready else self.state_chip.value
        return CandidateFilter(
            is_ready=self.shows_ready,
            hamlet=str(hamlet) if hamlet else None,
            text=self.text,
            state=CandidateState(str(state)) if state else None,
        )

    def _say_empty(self) -> None:
        counts, model = self.shown.counts, self.shown.model
        if self.text.strip():
            sentence = f"Không có ai khớp với “{self.text.strip()}” trong phần này."
        elif not counts.total:
            sentence = f"Đợt {self.shown.year} chưa có phiếu {UNITS[model]} nào. Hãy chấm phiếu ở trang Đánh giá."
        elif self.shows_ready:
            sentence = "Chưa có ai đủ điều kiện. Phần “Còn lại” nói rõ vì sao từng phiếu chưa công nhận được."
        else:
            sentence = "Không còn ai phải để lại: mọi phiếu của đợt đều đủ điều kiện."
        self.empty.set_sentence(sentence)
        if self.empty.button is not None:
            self.empty.button.setVisible(not counts.total and not self.text.strip())

    def set_text(self, text: str) -> None:
        """The words in the header's box."""
        self.text = text
        self.apply()

    # -- the choice ----------------------------------------------------------------------------------------------

    def chosen(self) -> Chosen:
        """Who would be recognised now, read afresh; ``count`` is how many, as the screen shows it."""
        counts, hamlet = self.shown.counts, self.hamlet_chip.value
        ready = counts.ready
        if hamlet is None and not self.aside:
            return Chosen(ready, counts.left_out, None)
        only = CandidateFilter(is_ready=True, hamlet=str(hamlet) if hamlet else None)
        uids = candidate_source(self.context, self.shown.year, self.shown.model, only).uids()
        kept = tuple(uid for uid in uids if uid not in self.aside)
        return Chosen(len(kept), counts.left_out + ready - len(kept), kept)

    def put_aside(self) -> None:
        """Leave the selected ones to a later decision, or take them back."""
        rows = [row for row in self.list.selected() if row is not None and row.state is CandidateState.READY]
        if not rows:
            return
        if all(row.uid in self.aside for row in rows):
            self.aside.difference_update(row.uid for row in rows)
        else:
            self.aside.update(row.uid for row in rows)
        self.list.view.viewport().update()
        self._show_choice()

    def take_all_back(self) -> None:
        """Nobody is put aside any more."""
        self.aside.clear()
        self.aside_chip.reset()
        self.list.view.viewport().update()
        self._show_choice()

    def numbers(self, count: int) -> NumberRange:
        """The numbers that so many would be given."""
        return next_numbers(self.context, self.shown.year, self.shown.model, count)

    def _show_choice(self) -> None:
        self.aside_chip.set_label(f"Để lại lần sau: {number_text(len(self.aside))}")
        self.aside_chip.setVisible(bool(self.aside) and self.shows_ready)
        self.count = self._counted()
        note, tone = "", ""
        if not self.proposal.is_office:
            note, tone = "Chỉ máy của xã cấp số và công nhận. Máy này xem được danh sách.", "attention"
        self.decision_note.setText(note)
        set_tone(self.decision_note, tone)
        self.decision_note.setVisible(bool(note))
        self.numbers_label.setText(self._numbers_text(self.count))
        self.chosen_changed.emit()

    def _counted(self) -> int:
        """How many would be recognised, from what was counted already where that is enough."""
        hamlet = self.hamlet_chip.value
        if hamlet is None:
            return max(0, self.shown.counts.ready - len(self.aside))
        if self.aside:
            return self.chosen().count
        return next((count for uid, _, count in self.shown.counts.hamlets if uid == hamlet), 0)

    def _numbers_text(self, count: int) -> str:
        if not count or not self.proposal.is_office:
            return ""
        try:
            numbers = self.numbers(count)
        except UserError as error:
            return error.message
        span = numbers.first if count == 1 else f"{numbers.first} đến {numbers.last}"
        return f"{counted(count, self.shown.model)}, số vào sổ {unbroken(span)}"

    def read_decision(self) -> DecisionAnswers | None:
        """The decision's form, checked by its own rules and by the services; None when something is wrong in it."""
        self.pair.show_panel()
        if not self.form.validate():
            return None
        answers = read_answers(self.form.values())
        try:
            check_decision(self.context, self.shown.year, self.shown.model, answers.number, answers.date)
        except UserError as error:
            if error.code not in FIELD_OF_ERROR:
                raise
            self.form.set_errors({FIELD_OF_ERROR[error.code]: error.message})
            return None
        return answers

    def forget_decision(self) -> None:
        """After a recognition: a fresh form, nobody aside."""
        self.aside.clear()
        self.form.set_values(first_values(self.proposal, self.shown.year))

    # -- one row -------------------------------------------------------------------------------------------------

    def _on_row(self, row: Any | None) -> None:
        if self.shows_ready:
            return
        self.why.clear()
        if row is None:
            self.why.set_title("")
            self.why.set_buttons()
            return
        self.why.set_title(row.name or "(không tên)", STATES[row.state])
        self.why.add_text(row.reason)
        for name, value in (("Kết quả", row.result), ("Thôn", row.hamlet), ("Sinh", row.birth), ("Hộ", row.detail)):
            if value:
                self.why.add_row(name, value)
        self.why.set_buttons(*self._row_buttons(row))

    def _row_buttons(self, row: Candidate) -> tuple[Button, ...]:
        if row.assessment is None and row.state is not CandidateState.NOT_ASSESSED:
            return ()
        button = QuietButton("Mở phiếu", icon="clipboard-check", key="Enter")
        button.clicked.connect(lambda _checked=False: self._on_opened(row))
        if row.state is not CandidateState.UNCONFIRMED:
            return (button,)
        settings = QuietButton("Mở Thiết lập", icon="settings")
        settings.clicked.connect(lambda _checked=False: self.settings_asked.emit())
        return (settings, button)

    def _on_opened(self, row: Candidate | None) -> None:
        if row is not None:
            self.form_asked.emit(self.shown.model, row.uid)

    def focus_list(self) -> None:
        self.pair.show_list()
        self.list.take_focus()

    def switch_half(self, focused: QWidget | None) -> None:
        """F6: from the list to the decision and back."""
        in_list = focused is not None and (focused is self.list or self.list.isAncestorOf(focused))
        if not in_list:
            self.focus_list()
            return
        self.pair.show_panel()
        if self.shows_ready:
            self.form.focus_first()
        else:
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)
