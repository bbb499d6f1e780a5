"""The left side of a form: who it is about, its indicators, and the conditions and members whose titles count.

Invariant: shows what was read with the form; a member's own form is opened by the page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.form import FormState
from desktop_app.services.assessment.members import MemberTitle
from desktop_app.services.criteria.definition import Prerequisite
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.assessment.guide import list_button
from desktop_app.ui.assessment.inputs import score_text
from desktop_app.ui.assessment.line_list import Line, LineList
from desktop_app.ui.assessment.session import FormSession
from desktop_app.ui.assessment.words import (
    answer_tone,
    answer_words,
    prerequisite_chip,
    readings,
    registration_words,
    share_line,
)
from desktop_app.ui.widgets.basics import Chip, label
from desktop_app.ui.widgets.layouts import FlowRow, ScrollBody, hbox, rule, sized, vbox

_MEMBERS = {
    LearningModel.FAMILY: ("Người trong hộ", "Công dân học tập"),
    LearningModel.CLAN: ("Gia đình trong họ", "Gia đình học tập"),
    LearningModel.COMMUNITY: ("Hộ trong thôn", "Gia đình học tập"),
    LearningModel.ORGANIZATION: ("Thành viên của đơn vị", "Công dân học tập"),
    LearningModel.COMMUNE: ("Thôn, tổ trong xã", "Cộng đồng học tập"),
}
"""What the members are, and the title that counts of them."""


def indicator_rows(session: FormSession) -> list[Line]:
    """The form at a glance."""
    return [indicator_row(session, place) for place in range(len(session.indicators))]


def indicator_row(session: FormSession, place: int) -> Line:
    """One line of it."""
    indicator = session.indicators[place]
    value = session.value(indicator.code)
    fact = session.state.facts.get(indicator.fact or "") if session.is_counted(indicator) else None
    shown = fact.percent if fact is not None and fact.percent is not None else value
    words = answer_words(indicator, int(shown * 10) / 10 if fact is not None and shown is not None else shown)
    starts = any(c.indicators and c.indicators[0].code == indicator.code for c in session.definition.criteria)
    return Line(
        indicator.number,
        indicator.short or indicator.shown_text,
        words,
        answer_tone(session.definition, indicator, value, fact),
        bool(session.evidence(indicator.code)),
        starts,
    )


class _AsHighAsItsLines(ScrollBody):
    """Asks for all the room its lines need, and scrolls where it does not get it."""

    def sizeHint(self) -> QSize:
        inner = self.widget()
        return inner.sizeHint() if inner is not None else super().sizeHint()


class SubjectSide(QWidget):
    """The two cards of the left side.

    Signals:
        row_chosen(int), entered: of the list of indicators.
        member_opened(str, str): model and uid of a member whose form is asked for.
        fact_opened(str): key of a counted share; who stands behind it is asked for.
    """

    row_chosen = Signal(int)
    entered = Signal()
    member_opened = Signal(str, str)
    fact_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._held: LearningModel | None = None
        self._member_uids: tuple[str, ...] = ()
        column = vbox(self, spacing=16)
        self._build_subject()
        self._build_conditions()
        column.addWidget(self._subject)
        column.addWidget(sized(self._conditions, min_height=132), 1)
        self._conditions.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.list.row_chosen.connect(self.row_chosen)
        self.list.entered.connect(self.entered)
        self.members.row_chosen.connect(self.members.set_current)
        self.members.entered.connect(self._on_member)

    def _build_subject(self) -> None:
        self._subject = QFrame()
        self._subject.setProperty("role", "card")
        card = vbox(self._subject, margins=(10, 14, 10, 10), spacing=8)
        head = vbox(margins=(8, 0, 8, 0), spacing=4)
        self.name_label = label("", "strong", wrap=True)
        self.line_label = label("", "small", wrap=True)
        self.earlier_label = label("", "quiet", wrap=True)
        self.chips = FlowRow(spacing=6)
        for widget in (self.name_label, self.line_label, self.earlier_label, self.chips):
            head.addWidget(widget)
        card.addLayout(head)
        self.list = LineList("Các chỉ số của phiếu")
        holder = QWidget()
        inner = vbox(holder, spacing=0)
        inner.addWidget(self.list)
        inner.addStretch(1)
        self._scroll = _AsHighAsItsLines(holder)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        card.addWidget(sized(self._scroll, min_height=100), 1)

    def _build_conditions(self) -> None:
        self._conditions = QFrame()
        self._conditions.setProperty("role", "card")
        outer = vbox(self._conditions, spacing=0)
        holder = QWidget()
        self._body = vbox(holder, margins=(10, 12, 10, 10), spacing=4)
        self._prerequisites = QWidget()
        self._prerequisite_column = vbox(self._prerequisites, margins=(8, 0, 8, 0), spacing=4)
        self._body.addWidget(self._prerequisites)
        self._members_head = label("", "strong")
        self._members_count = label("", "small", wrap=True)
        self.members = LineList("Thành viên", is_marked=False)
        self._heading = QWidget()
        heading = vbox(self._heading, margins=(8, 0, 8, 2), spacing=0)
        heading.addWidget(self._members_head)
        heading.addWidget(self._members_count)
        self._body.addWidget(self._heading)
        self._body.addWidget(self.members)
        self._body.addStretch(1)
        scroll = ScrollBody(holder)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(scroll)

    def show_form(self, session: FormSession) -> None:
        """Fill both cards."""
        state = session.state
        self.name_label.setText(state.subject.name)
        self.show_chips(state)
        self.list.set_rows(indicator_rows(session))
        self._scroll.updateGeometry()
        self._show_prerequisites(state)
        self._show_members(state)
        has_members = bool(state.members.count) or state.model in _MEMBERS
        self._conditions.setVisible(bool(state.definition.prerequisites) or has_members)

    def show_chips(self, state: FormState) -> None:
        """How the subject stands in the round."""
        signed = [signature_words(state)] if state.assessor else []
        self.line_label.setText(" · ".join((*state.subject.details, registration_words(state.registration), *signed)))
        words = earlier_words(state)
        self.earlier_label.setText(words)
        self.earlier_label.setVisible(bool(words))
        self.chips.clear()
        if state.subject.note:
            self.chips.add(Chip(state.subject.note, "attention"))
        if state.is_frozen:
            self.chips.add(Chip("Đã công nhận", "passed", "award"))
        elif state.status.value == "returned":
            self.chips.add(Chip("Bị trả lại", "attention", "undo-2"))
        self.chips.setVisible(bool(state.subject.note) or state.is_frozen or state.status.value == "returned")

    def _show_prerequisites(self, state: FormState) -> None:
        while self._prerequisite_column.count():
            item = self._prerequisite_column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        asked = sorted(state.definition.prerequisites, key=lambda item: not item.is_enabled)
        for prerequisite in asked:
            self._prerequisite_column.addWidget(_prerequisite(state, prerequisite, self.fact_opened.emit))
        self._prerequisites.setVisible(bool(asked))
        place = 0 if state.definition.enabled_prerequisites else self._body.count() - 2
        self._body.removeWidget(self._prerequisites)
        self._body.insertWidget(place, self._prerequisites)

    def _show_members(self, state: FormState) -> None:
        words = _MEMBERS.get(state.model)
        shown = words is not None
        self._heading.setVisible(shown)
        self.members.setVisible(shown and bool(state.members.rows))
        if words is None:
            return
        name, title = words
        rows = state.members
        self._held = rows.rows[0].model if rows.rows else None
        self._members_head.setText(name)
        counts = f"{number_text(rows.with_title)} / {number_text(rows.count)} đạt {title}"
        if rows.count > len(rows.rows):
            counts += f"; hiện {number_text(len(rows.rows))} dòng đầu, Ctrl+Shift+F xem đủ"
        self._members_count.setText(counts if rows.count else "Sổ chưa ghi thành viên nào.")
        self.members.setAccessibleName(name)
        self.members.set_rows([_member(item) for item in rows.rows])
        self._member_uids = tuple(item.uid for item in rows.rows)

    def _on_member(self) -> None:
        if self._held is not None:
            self.member_opened.emit(self._held.value, self._member_uids[self.members.current])


def earlier_words(state: FormState) -> str:
    """Last year's total and verdict, and which of its answers do not stand beside this year's."""
    before = state.earlier
    return "" if before is None else before.line + (f". {before.note}" if before.note else "")


def signature_words(state: FormState) -> str:
    """ "Nguyễn Văn An chấm ngày 05/02/2026"."""
    day = f" ngày {dt.date.fromisoformat(state.assessed_on):%d/%m/%Y}" if state.assessed_on else ""
    return f"{state.assessor} chấm{day}"


def _member(item: MemberTitle) -> Line:
    words = "" if item.total is None else score_text(item.total)
    if item.has_title:
        return Line("", item.name, words or "đạt", "passed", detail=item.detail, icon="check")
    return Line("", item.name, words, detail=item.detail)


def _prerequisite(state: FormState, prerequisite: Prerequisite, open_list: Callable[[str], object]) -> QWidget:
    """A condition apart from the points: its wording, where it stands, and whether it is asked at all."""
    holder = QWidget()
    column = vbox(holder, margins=(0, 0, 0, 4), spacing=4)
    fact = state.facts.get(prerequisite.fact)
    head = hbox(spacing=8)
    head.addWidget(label("Điều kiện" if prerequisite.is_enabled else "Điều kiện tham khảo", "strong"))
    head.addStretch(1)
    chip = prerequisite_chip(prerequisite, fact)
    head.addWidget(Chip(chip.text, chip.tone, chip.icon))
    column.addLayout(head)
    if fact is not None:
        line = share_line(prerequisite.fact, fact)
        column.addWidget(label(f"{line}; phải từ {score_text(prerequisite.percent)}%.", wrap=True))
        others = next((line.others for line in state.fact_lines if line.key == prerequisite.fact), ())
        if said := readings(prerequisite.fact, others):
            column.addWidget(label(said, "help", wrap=True))
        column.addWidget(list_button(lambda: open_list(prerequisite.fact)), 0, Qt.AlignmentFlag.AlignLeft)
    column.addWidget(label(prerequisite.text, "small", wrap=True))
    column.addWidget(rule())
    return holder
