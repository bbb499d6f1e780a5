"""Before a citizen's form: which of the four forms, where the register does not say; proposed, chosen with one key.

Invariant: nothing is stored until a person has chosen; the proposal and why it is made are shown.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from desktop_app.models.types import CitizenGroup
from desktop_app.services.criteria.loader import citizen_group_names
from desktop_app.ui.assessment.inputs import Choice, Choices
from desktop_app.ui.widgets.basics import KeyHint, label
from desktop_app.ui.widgets.layouts import FlowRow, ScrollBody, vbox

GROUPS = (CitizenGroup.RESIDENT, CitizenGroup.WORKER, CitizenGroup.OFFICIAL, CitizenGroup.STUDENT)
_FOR = {
    CitizenGroup.RESIDENT: "Làm ruộng, buôn bán, nội trợ, nghỉ hưu; và mọi người không thuộc ba nhóm kia",
    CitizenGroup.WORKER: "Công nhân, thợ, tài xế, người làm thuê, lao động tự do",
    CitizenGroup.OFFICIAL: "Cán bộ, công chức, viên chức, nhân viên, chủ doanh nghiệp",
    CitizenGroup.STUDENT: "Từ 16 tuổi trở lên, đang học phổ thông, trường nghề, cao đẳng, đại học",
}


class GroupChoice(QFrame):
    """The question.

    Signals:
        chosen(object): the CitizenGroup.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        inner = QWidget()
        column = vbox(inner, margins=(24, 22), spacing=8)
        scroll = ScrollBody(inner)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        vbox(self, spacing=0).addWidget(scroll)
        self.question_label = label("", "title", wrap=True)
        column.addWidget(self.question_label)
        self.why_label = label("", "quiet", wrap=True)
        column.addWidget(self.why_label)
        column.addSpacing(6)
        self.choices = Choices("Nhóm phiếu", digits=("1", "2", "3", "4"))
        self.choices.level_chosen.connect(self._on_chosen)
        self.choices.submitted.connect(self._on_submitted)
        column.addWidget(self.choices)
        column.addSpacing(6)
        column.addWidget(
            FlowRow(
                KeyHint("A–D", "chọn và mở phiếu"),
                KeyHint("Enter", "theo đề nghị"),
                KeyHint("PageDown", "người kế"),
                spacing=18,
            )
        )
        column.addStretch(1)
        self._proposed = CitizenGroup.RESIDENT

    def ask(self, name: str, line: str, proposed: CitizenGroup) -> None:
        """Ask for one person."""
        names = citizen_group_names()
        self._proposed = proposed
        self.question_label.setText(f"{name} chấm theo phiếu nào?")
        self.why_label.setText(
            f"{line}. Sổ chưa ghi thuộc nhóm nào; phần mềm đề nghị “{names[proposed][0]}” theo nghề và tuổi. "
            "Nhóm chọn ở đây được ghi vào sổ, sửa lại được trong trang Công dân."
        )
        self.choices.set_choices(
            [Choice(names[g][0], 0, 0, _FOR[g], "đề nghị" if g is proposed else "") for g in GROUPS]
        )
        self.choices.set_current(GROUPS.index(proposed))

    def focus_choice(self) -> None:
        self.choices.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_chosen(self, place: int) -> None:
        """A letter, a digit or the mouse decides at once; the arrows only move the mark."""
        if not self.choices.is_moving:
            self.chosen.emit(GROUPS[place])

    def _on_submitted(self) -> None:
        here = self.choices.current
        self.chosen.emit(GROUPS[here] if here is not None else self._proposed)
