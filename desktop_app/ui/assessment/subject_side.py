"""The left side of a form: who it is about, its indicators, and the conditions and members whose titles count.

Invariant: shows what was read with the form; a member's own form is opened by the page.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.form import FormState
from desktop_app.services.assessment.members import MemberTitle
from desktop_app.services.criteria.definition import Prerequisite
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.assessment.indicator_list import IndicatorList, IndicatorRow
from desktop_app.ui.assessment.inputs import score_text
from desktop_app.ui.assessment.session import FormSession
from desktop_app.ui.assessment.words import (
    answer_tone,
    answer_words,
    prerequisite_chip,
    registration_words,
    share_line,
)
from desktop_app.ui.registry.row_list import RowItem, RowList
from desktop_app.ui.widgets.basics import Chip, label
from desktop_app.ui.widgets.layouts import FlowRow, ScrollBody, hbox, rule, sized, vbox
from desktop_app.ui.widgets.painting import ChipData

_MEMBERS = {
    LearningModel.FAMILY: ("Người trong hộ", "Công dân học tập"),
    LearningModel.CLAN: ("Gia đình trong họ", "Gia đình học tập"),
    LearningModel.COMMUNITY: ("Hộ trong thôn", "Gia đình học tập"),
    LearningModel.ORGANIZATION: ("Thành viên của đơn vị", "Công dân học tập"),
    LearningModel.COMMUNE: ("Thôn, tổ trong xã", "Cộng đồng học tập"),
}
"""What the members are, and the title that counts of them."""


def indicator_rows(session: FormSession) -> list[IndicatorRow]:
    """The form at a glance."""
    return [indicator_row(session, place) for place in range(len(session.indicators))]


def indicator_row(session: FormSession, place: int) -> IndicatorRow:
    """One line of it."""
    indicator = session.indicators[place]
    value = session.value(indicator.code)
    fact = session.state.facts.get(indicator.fact or "") if session.is_counted(indicator) else None
    shown = fact.percent if fact is not None and fact.percent is not None else value
    words = answer_words(indicator, int(shown * 10) / 10 if fact is not None and shown is not None else shown)
    starts = any(c.indicators and c.indicators[0].code == indicator.code for c in session.definition.criteria)
    return IndicatorRow(
        indicator.number,
        indicator.short or indicator.shown_text,
        words,
        answer_tone(session.definition, indicator, value, fact),
        bool(session.evidence(indicator.code)),
        starts,
    )


class SubjectSide(QWidget):
    """The two cards of the left side.

    Signals:
        row_chosen(int), entered: of the list of indicators.
        member_opened(str, str): model and uid of a member whose form is asked for.
    """

    row_chosen = Signal(int)
    entered = Signal()
    member_opened = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._held: LearningModel | None = None
        column = vbox(self, spacing=16)
        self._build_subject()
        self._build_conditions()
        column.addWidget(self._subject, 3)
        column.addWidget(self._conditions, 2)
        self.list.row_chosen.connect(self.row_chosen)
        self.list.entered.connect(self.entered)
        self.members.opened.connect(self._on_member)

    def _build_subject(self) -> None:
        self._subject = QFrame()
        self._subject.setProperty("role", "card")
        card = vbox(self._subject, margins=(10, 14, 10, 10), spacing=8)
        head = vbox(margins=(8, 0, 8, 0), spacing=4)
        self.name_label = label("", "strong", wrap=True)
        self.line_label = label("", "small", wrap=True)
        self.chips = FlowRow(spacing=6)
        for widget in (self.name_label, self.line_label, self.chips):
            head.addWidget(widget)
        card.addLayout(head)
        self.list = IndicatorList()
        holder = QWidget()
        inner = vbox(holder, spacing=0)
        inner.addWidget(self.list)
        inner.addStretch(1)
        scroll = ScrollBody(holder)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sized(scroll, min_height=100)
        card.addWidget(scroll, 1)

    def _build_conditions(self) -> None:
        self._conditions = QFrame()
        self._conditions.setProperty("role", "card")
        outer = vbox(self._conditions, spacing=0)
        holder = QWidget()
        self._body = vbox(holder, margins=(18, 14, 12, 12), spacing=6)
        self._prerequisites = QWidget()
        self._prerequisite_column = vbox(self._prerequisites, spacing=6)
        self._body.addWidget(self._prerequisites)
        self._members_head = label("", "strong", wrap=True)
        self._members_count = label("", "small", wrap=True)
        self.members = RowList("Thành viên")
        for widget in (self._members_head, self._members_count, self.members):
            self._body.addWidget(widget)
        self._body.addStretch(1)
        scroll = ScrollBody(holder)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sized(scroll, min_height=90)
        outer.addWidget(scroll)

    def show_form(self, session: FormSession) -> None:
        """Fill both cards."""
        state = session.state
        self.name_label.setText(state.subject.name)
        self.line_label.setText(state.subject.line)
        self.show_chips(state)
        self.list.set_rows(indicator_rows(session))
        self._show_prerequisites(state)
        self._show_members(state)
        has_members = bool(state.members.count) or state.model in _MEMBERS
        self._conditions.setVisible(bool(state.definition.prerequisites) or has_members)

    def show_chips(self, state: FormState) -> None:
        """How the subject stands in the round."""
        self.chips.clear()
        kind = state.registration
        tone = "accent" if kind is not None else "neutral"
        self.chips.add(Chip(registration_words(kind), tone, "square-check" if kind is not None else "minus"))
        if state.subject.note:
            self.chips.add(Chip(state.subject.note, "attention"))
        if state.is_frozen:
            self.chips.add(Chip("Đã công nhận", "passed", "award"))
        elif state.return_reason or state.status.value == "returned":
            self.chips.add(Chip("Bị trả lại", "attention", "undo-2"))

    def _show_prerequisites(self, state: FormState) -> None:
        while self._prerequisite_column.count():
            item = self._prerequisite_column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for prerequisite in state.definition.prerequisites:
            self._prerequisite_column.addWidget(_prerequisite(state, prerequisite))
        self._prerequisites.setVisible(bool(state.definition.prerequisites))

    def _show_members(self, state: FormState) -> None:
        words = _MEMBERS.get(state.model)
        shown = words is not None
        for widget in (self._members_head, self._members_count):
            widget.setVisible(shown)
        self.members.setVisible(shown and bool(state.members.rows))
        if words is None:
            return
        name, title = words
        rows = state.members
        self._held = rows.rows[0].model if rows.rows else None
        self._members_head.setText(name)
        counts = f"{number_text(rows.with_title)} / {number_text(rows.count)} đạt {title}"
        if rows.count > len(rows.rows):
            counts += f"; hiện {number_text(len(rows.rows))} dòng đầu"
        self._members_count.setText(counts if rows.count else "Sổ chưa ghi thành viên nào.")
        self.members.setAccessibleName(name)
        self.members.set_items([_member(item) for item in rows.rows])

    def _on_member(self, uid: str) -> None:
        if self._held is not None:
            self.member_opened.emit(self._held.value, uid)


def _member(item: MemberTitle) -> RowItem:
    if item.has_title:
        chip = ChipData("Đạt" if item.total is None else f"Đạt · {score_text(item.total)}", "passed")
    elif item.total is not None:
        chip = ChipData(score_text(item.total), "neutral")
    else:
        chip = ChipData("Chưa chấm", "neutral")
    return RowItem(item.uid, item.name, item.detail, chip)


def _prerequisite(state: FormState, prerequisite: Prerequisite) -> QWidget:
    """A condition apart from the points: its wording, where it stands, and whether it is asked at all."""
    holder = QWidget()
    column = vbox(holder, margins=(0, 0, 0, 4), spacing=4)
    fact = state.facts.get(prerequisite.fact)
    head = hbox(spacing=8)
    head.addWidget(label("Điều kiện tiên quyết" if prerequisite.is_enabled else "Điều kiện (không bắt buộc)", "strong"))
    head.addStretch(1)
    column.addLayout(head)
    chip = prerequisite_chip(prerequisite, fact)
    column.addWidget(Chip(chip.text, chip.tone, chip.icon), 0, Qt.AlignmentFlag.AlignLeft)
    column.addWidget(label(prerequisite.text, "small", wrap=True))
    if fact is not None:
        line = share_line(prerequisite.fact, fact)
        column.addWidget(label(f"{line}; phải từ {score_text(prerequisite.percent)}%.", wrap=True))
    column.addWidget(rule())
    return holder
