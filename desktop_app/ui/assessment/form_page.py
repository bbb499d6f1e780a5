"""The form of one subject: guided or all on one page, saved answer by answer, from person to person down the list.

Invariants: nothing typed is lost (what cannot be taken stays in sight with its reason, and the page does not leave
it); Esc discards nothing; each answer is on the disk before the next is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.worklist import AssessmentList
from desktop_app.services.errors import AppError
from desktop_app.ui import theme
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.assessment.all_face import AllFace
from desktop_app.ui.assessment.check_panel import CheckPanel
from desktop_app.ui.assessment.check_work import CheckWork
from desktop_app.ui.assessment.evidence_work import EvidenceWork
from desktop_app.ui.assessment.fact_work import FactWork
from desktop_app.ui.assessment.form_notices import FormNotices
from desktop_app.ui.assessment.group_choice import GroupChoice
from desktop_app.ui.assessment.indicator_view import IndicatorView
from desktop_app.ui.assessment.people_walk import PeopleWalk
from desktop_app.ui.assessment.session import FormSession
from desktop_app.ui.assessment.subject_side import SubjectSide, earlier_words, indicator_row
from desktop_app.ui.assessment.verdict_bar import VerdictBar
from desktop_app.ui.assessment.words import PEOPLE, TITLES
from desktop_app.ui.page import Page
from desktop_app.ui.review.sheets import open_sheets
from desktop_app.ui.widgets.feedback import ConfirmBar
from desktop_app.ui.widgets.layouts import hbox, sized, vbox

SCOPE = "Chấm phiếu"
SIDE_WIDTH, BREAK_WIDTH = 300, 900


class FormPage(Page):
    """The screen.

    Args:
        context: the opened register.
        model, year: what is assessed, in which round.
        subject: whose form is shown first.
        people: the work list that next and previous go through.

    Signals:
        subject_shown(str): uid of whose form is shown from now on.
    """

    subject_shown = Signal(str)

    title_text = "Chấm phiếu"
    help_topic = "cham_phieu"
    ACTIONS = (
        ActionSpec("form.face", "Tất cả trên một trang", "Ctrl+K", "table-2", scope=SCOPE),
        ActionSpec("form.next", "Người kế trong danh sách", "PgDown", "arrow-right", scope=SCOPE),
        ActionSpec("form.previous", "Người trước trong danh sách", "PgUp", "arrow-left", scope=SCOPE),
        ActionSpec("form.last_year", "Lấy lại điểm năm trước của mục này", "Shift+F7", "repeat-2", scope=SCOPE),
        ActionSpec("form.check", "Kiểm tra và ký phiếu", "Ctrl+J", "clipboard-check", scope=SCOPE),
        ActionSpec("form.evidence", "Minh chứng của chỉ số này", "Ctrl+M", "paperclip", scope=SCOPE),
        ActionSpec("form.facts", "Tỷ lệ tính từ sổ, ai được tính", "Ctrl+Shift+F", "chart-column", scope=SCOPE),
        ActionSpec("form.whole_evidence", "Minh chứng của cả phiếu", "Ctrl+Shift+M", "paperclip", scope=SCOPE),
    )

    def __init__(
        self,
        context: Any,
        model: LearningModel,
        year: int,
        subject: Uid,
        people: AssessmentList | None = None,
    ) -> None:
        super().__init__(context, scroll=False)
        self.session = FormSession(context, model, year, people)
        self.place = 0
        self._is_narrow: bool | None = None
        self._subject = subject
        self._build()
        self._bind()
        self._show_title()

    @property
    def is_all_face(self) -> bool:
        return self._faces.currentWidget() is self.all_face

    @property
    def is_asking(self) -> bool:
        """The person's group is asked for first; there is no form yet to check or to attach anything to."""
        return self._stack.currentWidget() is self.group_choice

    # -- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.body.setProperty("marginsAt100", [24, 20, 24, 20, 12])
        self.notices = FormNotices()
        self.notices.settings_asked.connect(self._open_settings)
        self.suggestion, self.notice = self.notices.suggestion, self.notices.notice
        self.body.addWidget(self.notices)
        self.clear_bar = ConfirmBar("Xóa hết điểm của phiếu này? Hoàn tác được trong Nhật ký.", "Xóa phiếu")
        self.clear_bar.confirmed.connect(self._on_clear)
        self.clear_bar.declined.connect(self.focus_work)
        self.body.addWidget(self.clear_bar)
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack, 1)
        self._form = QWidget()
        whole = vbox(self._form, spacing=12)
        row = hbox(spacing=16)
        whole.addLayout(row, 1)
        self.side = SubjectSide()
        row.addWidget(sized(self.side, width=SIDE_WIDTH))
        right = vbox(spacing=12)
        self._faces = QStackedWidget()
        self.view = IndicatorView()
        self.all_face = AllFace()
        self._faces.addWidget(self.view)
        self._faces.addWidget(self.all_face)
        self.work = QStackedWidget()
        self.check = CheckPanel()
        self.work.addWidget(self._faces)
        self.work.addWidget(self.check)
        right.addWidget(self.work, 1)
        row.addLayout(right, 1)
        self.bar = VerdictBar()
        whole.addWidget(self.bar)
        self.group_choice = GroupChoice()
        self._stack.addWidget(self._form)
        self._stack.addWidget(self.group_choice)
        self.evidence_work = EvidenceWork(self, self.session)
        self.check_work = CheckWork(self, self.session)
        self.walk = PeopleWalk(self, self.session)
        self.fact_work = FactWork(self, self.session)
        self._connect()

    def _connect(self) -> None:
        self.side.row_chosen.connect(self.go_to)
        self.side.entered.connect(self.focus_work)
        for face in (self.view, self.all_face):
            face.answered.connect(self._on_answered)
            face.typed.connect(self._on_typed)
        self.view.forward_asked.connect(self._forward)
        self.view.back_asked.connect(self._backward)
        self.view.last_year_asked.connect(self._take_over)
        self.view.evidence_toggled.connect(self.evidence_work.toggle)
        self.all_face.row_entered.connect(self._on_row_entered)
        self.all_face.ended.connect(self._at_end)
        self.bar.forward_clicked.connect(self._on_forward_clicked)
        self.bar.back_clicked.connect(self.previous_person)
        self.group_choice.chosen.connect(self._on_group)

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "form.next": self.next_person,
            "form.previous": self.previous_person,
            "form.evidence": self.evidence_work.toggle,
            "form.whole_evidence": self.evidence_work.toggle_scope,
            "form.last_year": self._take_over,
            "form.check": self.check_work.toggle,
            "form.facts": self.fact_work.open,
            "list": self._focus_list,
            "repeat": self._repeat,
            "reload": self.refresh,
            "delete": self._ask_clear,
            "preview": self.print_sheet,
        }
        for action_id, handler in handlers.items():
            self.bind(action_id, handler)
        self.face_button = self.button_for("form.face", self.switch_face)
        self.check_button = self.button_for("form.check", text="Kiểm tra")
        self.set_header_buttons(self.check_button, self.face_button)

    def print_sheet(self) -> None:
        """F9: the answers, the total and the reason on paper, as they stand once what is typed is taken."""
        if self.take():
            open_sheets(self, self.session.model, self.session.year, (self._subject,))

    # -- showing -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the form (again); what was typed is taken first."""
        if self._is_loaded and not self.take():
            return
        with self.errors():
            self._show(self._subject, place=self.place if self._is_loaded else None)

    @property
    def _is_loaded(self) -> bool:
        return hasattr(self.session, "state")

    def _show(self, subject: Uid, place: int | None = None) -> None:
        self.session.open(subject)
        self.show_state(place)

    def show_state(self, place: int | None = None) -> None:
        """Show the form that the session holds; without a place, from the first open indicator."""
        state = self.session.state
        self._subject = state.subject.uid
        self.subject_shown.emit(self._subject)
        self.clear_banner()
        self._show_notices()
        is_asking = state.subject.is_group_assumed and not state.answers and not state.readonly_reason
        if is_asking and state.definition.group is not None:
            line = " · ".join(state.subject.details[:-1])
            self.group_choice.ask(state.subject.name, line, state.definition.group)
            self._stack.setCurrentWidget(self.group_choice)
            return
        self._stack.setCurrentWidget(self._form)
        self.side.show_form(self.session)
        if place is None:
            place = self.session.next_open(-1) or 0
        self.place = min(place, len(self.session.indicators) - 1)
        self._fill_face()
        self.show_verdict()

    def _show_notices(self) -> None:
        self.notices.show_form(self.session.state, has_room=not self._is_narrow)

    def _fill_face(self) -> None:
        self.side.list.set_current(self.place)
        self._show_title()
        if self.is_all_face:
            self.all_face.show_form(self.session)
        else:
            self.view.show_indicator(self.session, self.place, criterion=self._criterion())
            self.check_work.show()

    def _criterion(self) -> str:
        code = self.session.indicators[self.place].code
        for criterion in self.session.definition.criteria:
            if any(indicator.code == code for indicator in criterion.indicators):
                return f"{criterion.number}. {criterion.name}"
        return ""

    def show_verdict(self) -> None:
        state = self.session.state
        self.bar.set_verdict(state.definition, state.verdict, state.sentence)
        self._show_result(state.sentence)
        self.check_work.show()
        self._show_buttons()

    def _show_result(self, said: str) -> None:
        """A narrow window has last year's total below the help, for its left side is not shown."""
        before = earlier_words(self.session.state)
        self.view.show_result(f"{said}\n{before}" if before else said)

    def set_check_count(self, count: int) -> None:
        """How many faults and warnings wait, on the button that shows them."""
        text = f"Kiểm tra ({count})" if count else "Kiểm tra"
        if self.check_button.text() != text:
            self.check_button.setText(text)
            self.check_button.setAccessibleName(f"Kiểm tra và ký phiếu: {count} lỗi và cảnh báo")
            self.header_changed.emit()

    def _show_buttons(self) -> None:
        who = PEOPLE[self.session.model]
        is_last = self.session.next_open(self.place) is None
        forward = f"{who} kế" if is_last and self.session.people is not None else "Tiếp"
        can_go_back = self.session.people is not None or bool(self.session.previous_person())
        self.bar.set_buttons(f"{who} trước", forward, can_go_back=can_go_back)
        self.bar.back_button.setVisible(self.session.people is not None)

    # -- moving within the form ----------------------------------------------------------------------------------

    def go_to(self, place: int) -> None:
        """Show another indicator, once what is typed was taken."""
        if not self.take():
            return
        had_list = self.side.list.hasFocus()
        self.check_work.leave()
        self.place = place
        self.side.list.set_current(place)
        if self.is_all_face:
            self.all_face.focus_row(place)
        else:
            self._fill_face()
        self._show_buttons()
        if not had_list:
            self.focus_work()

    def _forward(self) -> None:
        last = len(self.session.indicators) - 1
        if self.place < last:
            self.go_to(self.place + 1)
        else:
            self._at_end()

    def _backward(self) -> None:
        if self.place > 0:
            self.go_to(self.place - 1)

    def _at_end(self) -> None:
        """After the last indicator: what was left out, or else the button to the next person."""
        left = self.session.next_open(len(self.session.indicators) - 1)
        if left is not None and left != self.place:
            self.go_to(left)
            return
        self._show_buttons()
        self.bar.forward_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_forward_clicked(self) -> None:
        if not self.take():
            return
        following = self.session.next_open(self.place)
        if following is not None and following != self.place:
            self.go_to(following if self.place == len(self.session.indicators) - 1 else self.place + 1)
        else:
            self.next_person()

    def _on_row_entered(self, place: int) -> None:
        self.place = place
        self.side.list.set_current(place)
        self._show_title()
        self._show_buttons()

    def focus_work(self) -> None:
        """Put the focus where work goes on."""
        if self.is_asking:
            self.group_choice.focus_choice()
        elif self.check_work.is_shown:
            self.check.focus_work()
        elif self.is_all_face:
            self.all_face.focus_row(self.place)
        else:
            self.view.focus_answer()

    def _focus_list(self) -> None:
        self.side.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def switch_face(self) -> None:
        """Ctrl+K: guided, or all on one page; the place is kept."""
        if self.is_asking or not self.take():
            return
        self.check_work.leave()
        self._faces.setCurrentWidget(self.view if self.is_all_face else self.all_face)
        words = "Từng chỉ số một" if self.is_all_face else "Tất cả trên một trang"
        self.face_button.setText(words)
        self.face_button.setAccessibleName(words)
        self.header_changed.emit()
        self._fill_face()
        self.focus_work()

    def _repeat(self) -> None:
        """F7: the answer given just before, offered again."""
        if self.check_work.is_shown:
            return
        if self.is_all_face:
            self.all_face.repeat(self.place)
        elif self.place:
            before = self.session.value(self.session.indicators[self.place - 1].code)
            top = self.session.indicators[self.place].max_score or 100
            self.view.repeat(before if before is not None and before <= top else None)

    def _take_over(self) -> None:
        """Shift+F7: last year's answer to this indicator, offered; never taken by itself."""
        face = self.all_face if self.is_all_face else self.view
        if not self.check_work.is_shown:
            face.take_over()

    # -- answers -------------------------------------------------------------------------------------------------

    def take(self) -> bool:
        """Take what is typed; False while it cannot be taken."""
        if not self._is_loaded or self.is_asking:
            return True
        return self.all_face.take() if self.is_all_face else self.view.take()

    def _on_answered(self, code: str, value: float | bool | None) -> None:
        with self.errors():
            was_registered = self.session.state.registration
            done = self.session.save(code, value)
            if done is not None and self.shell is not None:
                self.shell.saved(done.saved_at)
            if was_registered != self.session.state.registration:
                self.side.show_chips(self.session.state)
            if self._banner is not None and done is not None:
                self.clear_banner()
        self.show_answer(code)

    def show_answer(self, code: str) -> None:
        """Show one stored answer everywhere it stands."""
        place = next(i for i, indicator in enumerate(self.session.indicators) if indicator.code == code)
        self.side.list.set_row(place, indicator_row(self.session, place))
        self.show_verdict()

    def _on_typed(self, code: str, value: float | None) -> None:
        verdict, said = self.session.preview(code, value)
        self.bar.set_verdict(self.session.definition, verdict, said)
        self._show_result(said)

    def undo(self) -> bool:
        """Ctrl+Z: the last answer of this sitting goes back to what it was."""
        if not self._is_loaded:
            return False
        code = None
        with self.errors():
            code = self.session.undo()
        if code is None:
            return False
        if self.shell is not None and self.session.saved_at is not None:
            self.shell.saved(self.session.saved_at)
        place = next(i for i, indicator in enumerate(self.session.indicators) if indicator.code == code)
        self.place = place
        self._fill_face()
        self.all_face.show_value(code)
        self.show_answer(code)
        self.focus_work()
        return True

    def _ask_clear(self) -> None:
        if self._is_loaded and self.session.state.answers and not self.session.state.readonly_reason:
            self.clear_bar.ask()

    def _on_clear(self) -> None:
        with self.errors():
            self.session.clear()
            self.show_state(0)
            if self.shell is not None:
                self.shell.notify("Đã xóa điểm của phiếu.", can_undo=True)
        self.focus_work()

    def _on_group(self, group: CitizenGroup) -> None:
        from desktop_app.services.assessment.regroup import choose_group

        with self.errors():
            choose_group(self.context, self._subject, self.session.year, group)
            self._show(self._subject)
        self.focus_work()

    # -- from person to person -----------------------------------------------------------------------------------

    def next_person(self) -> None:
        """PageDown."""
        self.walk.go_next()

    def previous_person(self) -> None:
        """PageUp."""
        self.walk.go_previous()

    def _open_settings(self) -> None:
        if self.shell is not None:
            self.shell.open_page("settings", "criteria")

    # -- page ----------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self.focus_work()

    def can_leave(self) -> bool:
        """Takes what is typed and closes the form's operation; stays only beside an answer that cannot be taken."""
        if not self.take():
            return False
        try:
            self.session.leave()
        except AppError as error:
            self.show_banner(error.message, "attention")
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the evidence panel or goes back to the answer; it throws nothing away."""
        if event.key() == Qt.Key.Key_Escape:
            if not self.evidence_work.close() and not self.check_work.close():
                self.focus_work()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """In a narrow or zoomed window the name stands above and the list gives its room to the answer."""
        is_narrow = self.width() < theme.px(BREAK_WIDTH)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.side.setVisible(not is_narrow)
            self.bar.set_compact(is_narrow)
            self.view.set_compact(is_narrow)
            self._show_title()
            if self._is_loaded:
                self._show_notices()

    def _show_title(self) -> None:
        """The kind of form; without the left side the header says who and which indicator."""
        title, subtitle = TITLES[self.session.model], f"Đợt {self.session.year}"
        if self._is_narrow and self._is_loaded:
            subject = self.session.state.subject
            title, subtitle = subject.name, subject.line
            if self._stack.currentWidget() is self._form:
                title = f"{self.place + 1}/{len(self.session.indicators)} · {title}"
        self.set_title(title)
        self.set_subtitle(subtitle)
