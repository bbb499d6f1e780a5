"""The third view: one form at a time, what two entries have differently, the paper in hand.

Invariants: every choice is on the disk as it is made; total and verdict shown are those of the choices so far; the
form changes only when all is decided and Enter (or the button) says so, as one deed that can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from desktop_app.services.assessment.scoring import evaluate
from desktop_app.services.assessment.verdict import sentence
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.keying.second_keying import compare
from desktop_app.services.keying.second_queue import read_differences
from desktop_app.services.keying.second_records import DifferentForm, Source
from desktop_app.services.keying.second_settling import choose, finish, leave_settling
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.keying.cell_keys import cells_of
from desktop_app.ui.keying.room import AskingPage, Room
from desktop_app.ui.keying.second_difference import DifferenceLine
from desktop_app.ui.keying.second_drop import ask_drop
from desktop_app.ui.keying.words import score_text
from desktop_app.ui.widgets.basics import Button, Card, KeyHint, QuietButton, label
from desktop_app.ui.widgets.layouts import FlowRow, ScrollBody, vbox

SCOPE = "Đối chiếu hai lần nhập"


class SecondSettlePage(AskingPage):
    """The screen.

    Args:
        year: of the round.
        key: line of the queue.
    """

    title_text = "Đối chiếu hai lần nhập"
    help_topic = "nhap_lan_hai"
    ACTIONS = (
        ActionSpec("settle.again", "Đối chiếu lại (lần đầu đã sửa)", "Ctrl+L", "git-compare-arrows", scope=SCOPE),
        ActionSpec("settle.next", "Phiếu sau", "PgDown", "arrow-down", scope=SCOPE),
        ActionSpec("settle.previous", "Phiếu trước", "PgUp", "arrow-up", scope=SCOPE),
    )

    def __init__(self, context: Any, year: int, key: str) -> None:
        super().__init__(context)
        self._year, self._key = year, key
        self._definition: CriteriaSet | None = None
        self.forms: tuple[DifferentForm, ...] = ()
        self.place = 0
        self.lines: tuple[DifferenceLine, ...] = ()
        self._build()
        self._bind()

    def _build(self) -> None:
        self.card = Card(margins=(16, 12), spacing=6)
        self.name_label = label("", "title")
        self.card.body.addWidget(self.name_label)
        inner = QWidget()
        self._column = vbox(inner, margins=(0, 2), spacing=4)
        self.detail_label = label("", "quiet", wrap=True)
        self._column.addWidget(self.detail_label)
        self._column.addStretch(1)
        self._scroll: QScrollArea = ScrollBody(inner)
        self.card.body.addWidget(self._scroll, 1)
        self.body.addWidget(self.card, 1)
        self.verdict_label = label("", "strong", wrap=True)
        self.body.addWidget(self.verdict_label)
        self.hints = FlowRow(
            KeyHint("1", "lấy lần đầu"),
            KeyHint("2", "lấy lần hai"),
            KeyHint("3", "gõ lại theo phiếu"),
            KeyHint("Enter", "ô kế, đủ thì cất"),
            KeyHint("PgDown", "phiếu sau"),
            KeyHint("F8", "bỏ phiếu này"),
            spacing=16,
        )
        self.body.addWidget(self.hints)
        self.room = Room(self, (self.ask_bar,), (self.card, self.verdict_label), (self.hints,))

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "reload": self.refresh,
            "delete": self._ask_drop,
            "settle.again": self.compare_again,
            "settle.next": lambda: self._walk(1),
            "settle.previous": lambda: self._walk(-1),
        }
        for action_id, handler in handlers.items():
            self.bind(action_id, handler)
        self.again_button: Button = QuietButton("Đối chiếu lại", icon="refresh-cw", key="Ctrl+L")
        self.again_button.clicked.connect(lambda _checked=False: self.compare_again())
        self.save_button = self.button_for("save", self.on_finish, text="Cất phiếu này", primary=True)
        self.set_header_buttons(self.save_button)

    # -- showing -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the forms that differ (again); the place stays at its form."""
        if any(line.is_typing for line in self.lines):
            return
        here = self.form.entry if self.form is not None else None
        with self.errors():
            self._definition, self.forms = read_differences(self.context, self._year, self._key)
        places = [number for number, form in enumerate(self.forms) if form.entry == here]
        self.place = places[0] if places else min(self.place, max(0, len(self.forms) - 1))
        self._show_form()

    @property
    def form(self) -> DifferentForm | None:
        """The form in front."""
        return self.forms[self.place] if self.place < len(self.forms) else None

    def _show_form(self) -> None:
        form, definition = self.form, self._definition
        self._clear_lines()
        is_stale = form is not None and form.is_stale
        self.set_header_buttons(*((self.again_button,) if is_stale else ()), self.save_button)
        self.save_button.setEnabled(False)
        if form is None or definition is None:
            self.set_subtitle("")
            self.name_label.setText("Không còn chỗ nào khác nhau")
            self.detail_label.setText("Mọi phiếu đã đối chiếu của tập này đều xong. Alt+← để về danh sách.")
            self.verdict_label.setText("")
            return
        self.set_subtitle(f"phiếu {self.place + 1}/{len(self.forms)}")
        self.name_label.setText(form.name)
        order = f"phiếu thứ {form.order} của tập" if form.order else ""
        who = f"lần đầu: {form.first_by}, lần hai: {form.second_by}"
        if form.is_same_person:
            who = f"một người nhập cả hai lần: {form.first_by}"
        self.detail_label.setText(" · ".join(part for part in (form.detail, order, f"mã {form.code}", who) if part))
        cells = {cell.code: cell for cell in cells_of(definition)}
        made = [DifferenceLine(cells[item.code], item) for item in form.differences if item.code in cells]
        for number, line in enumerate(made):
            self._column.insertWidget(number + 1, line)
            line.show()
            line.chosen.connect(lambda source, value, at=line: self._on_chosen(at, source, value))
            line.stepped.connect(self._step)
            line.refused.connect(self._refuse)
            line.entered.connect(self._on_enter)
            line.laid_out.connect(lambda at=line: self._bring_into_sight(at))
        self.lines = tuple(made)
        reason = form.locked
        if form.is_stale and not reason:
            reason = "Điểm nhập lần đầu đã được sửa sau khi đối chiếu. Ctrl+L để đối chiếu lại phiếu này."
        if reason:
            self.show_banner(reason, "attention")
        else:
            self.clear_banner()
        self._show_verdict()

    def _clear_lines(self) -> None:
        for line in self.lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = ()

    def _show_verdict(self) -> None:
        """Total and verdict of the choices so far."""
        form, definition = self.form, self._definition
        if form is None or definition is None:
            return
        values: dict[str, float | None] = dict(form.answers)
        left = 0
        for line in self.lines:
            if line.difference.source is None:
                left += 1
            else:
                values[line.difference.code] = line.difference.chosen
        verdict = evaluate(definition, values, form.facts)
        total = f"{'tổng' if left else 'Tổng'} {score_text(verdict.total)}. {sentence(definition, verdict)}"
        open_words = f"Còn {left} ô chưa chọn. Ô chưa chọn tính theo lần đầu thì: " if left else ""
        self.verdict_label.setText(open_words + total)
        self.save_button.setEnabled(not left and not form.locked and not form.is_stale)

    # -- where the work is -------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self.focus_work()

    def focus_work(self) -> None:
        """The first field that is not decided."""
        line = next((one for one in self.lines if one.difference.source is None), None)
        self._focus(line or (self.lines[0] if self.lines else None))

    def _focus(self, line: DifferenceLine | None) -> None:
        if line is None:
            self.body_widget.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._bring_into_sight(line)

    def _bring_into_sight(self, line: DifferenceLine) -> None:
        """Once everything has its place."""
        QTimer.singleShot(0, line, lambda: self._scroll.ensureWidgetVisible(line))

    def _here(self) -> int:
        return next((n for n, line in enumerate(self.lines) if line.hasFocus()), 0)

    def _step(self, by: int) -> None:
        if self.lines:
            self._focus(self.lines[max(0, min(len(self.lines) - 1, self._here() + by))])

    def _walk(self, by: int) -> None:
        """Another form; choices of this one are kept."""
        if not self._may_leave() or not self.forms:
            return
        leave_settling(self.context)
        self.place = max(0, min(len(self.forms) - 1, self.place + by))
        self._show_form()
        self.focus_work()

    def _may_leave(self) -> bool:
        line = next((one for one in self.lines if one.is_typing), None)
        if line is not None:
            self._focus(line)
            self._refuse("Đang gõ dở một ô: Enter để lấy, hoặc Esc để bỏ.")
        return line is None

    # -- deeds -------------------------------------------------------------------------------------------------

    def _on_chosen(self, line: DifferenceLine, source: Source | None, value: float | None) -> None:
        form = self.form
        if form is None:
            return
        self.ask_bar.hide()
        with self.errors():
            choose(self.context, form.entry, line.difference.code, source, value)
            at = self.lines.index(line)
            _, self.forms = read_differences(self.context, self._year, self._key)
            current = next((item for item in self.forms if item.entry == form.entry), None)
            if current is None:
                self.refresh()
                return
            self.place = self.forms.index(current)
            known = {item.code: item for item in current.differences}
            for one in self.lines:
                one.show_difference(known[one.difference.code])
            self._show_verdict()
            if source is not None:
                rest = (*self.lines[at + 1 :], *self.lines[:at])
                self._focus(next((one for one in rest if one.difference.source is None), line))

    def _on_enter(self) -> None:
        """To the next open field; when none is left the form is kept."""
        line = next((one for one in self.lines if one.difference.source is None), None)
        if line is None:
            self.on_finish()
        elif self.lines[self._here()].difference.source is None:
            self._refuse("Ô này chưa chọn: 1 lấy lần đầu, 2 lấy lần hai, 3 gõ lại theo phiếu.")
        else:
            self._focus(line)

    def on_finish(self) -> None:
        """The settled values become the form's answers."""
        form = self.form
        if form is None or not self._may_leave() or not self.save_button.isEnabled():
            return
        said = self.verdict_label.text()
        with self.errors():
            done = finish(self.context, form.entry)
            again = " Phiếu này đã được thẩm định nên cần thẩm định lại." if done.was_accepted else ""
            if self.shell is not None:
                self.shell.announce_change("assessment")
                self.shell.notify(f"Đã đối chiếu phiếu của {form.name}. {said}{again}", can_undo=True)
            self.refresh()
        if not self.forms and self.shell is not None:
            self.shell.pop()
            return
        self.focus_work()

    def compare_again(self) -> None:
        """Ctrl+L: the first entry was changed, so what differs is found anew."""
        if not self._may_leave():
            return
        with self.errors():
            leave_settling(self.context)
            compare(self.context, self._year, self._key)
            self.refresh()
        self.focus_work()

    def _ask_drop(self) -> None:
        form = self.form
        if form is None or not self._may_leave():
            return
        said = "? Điểm nhập lần đầu vẫn giữ nguyên và phiếu không tính vào tỷ lệ lỗi."
        ask_drop(self, form.entry, form.name, said, is_last=len(self.forms) == 1)

    def _refuse(self, sentence_: str) -> None:
        self.ask_bar.say(sentence_)

    # -- page --------------------------------------------------------------------------------------------------

    def can_leave(self) -> bool:
        """Choices are kept; a half typed number is asked about in its place."""
        if not self._may_leave():
            return False
        leave_settling(self.context)
        return True
