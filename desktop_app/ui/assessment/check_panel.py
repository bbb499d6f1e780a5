"""What a form still wants, and who signs it: faults, warnings with their reasons, what is missing, name and day.

Invariants: the panel asks, the page does; each kind of finding has its own icon and word, colour only repeats them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from desktop_app.services.assessment.checks import Finding, FindingKind
from desktop_app.services.assessment.signing import MAX_NAME, MAX_REASON
from desktop_app.ui.registry.row_list import RowItem, RowList
from desktop_app.ui.widgets.basics import IconButton, QuietButton, label, set_tone
from desktop_app.ui.widgets.feedback import IconView
from desktop_app.ui.widgets.layouts import FlowRow, ScrollBody, hbox, rule, vbox
from desktop_app.ui.widgets.painting import ChipData

LOOKS: Mapping[FindingKind, tuple[str, str]] = {
    FindingKind.ERROR: ("failed", "x"),
    FindingKind.WARNING: ("attention", "circle-alert"),
    FindingKind.KEPT: ("passed", "check"),
    FindingKind.MISSING: ("neutral", "minus"),
}
_WITH_REASON = (FindingKind.WARNING, FindingKind.KEPT)


class FindingLine(QWidget):
    """The findings of one indicator beside its answer; without one it takes no room."""

    def __init__(self) -> None:
        super().__init__()
        row = hbox(self, spacing=6)
        self._icon = IconView("circle-alert", 15, "attention")
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self.words = label("", "small", wrap=True)
        row.addWidget(self.words, 1)
        self.hide()

    def set_findings(self, findings: Sequence[Finding]) -> None:
        """Show the findings in words, the heaviest first."""
        said = [finding_words(item) for item in findings]
        self.words.setText("\n".join(said))
        if findings:
            tone, icon = LOOKS[findings[0].kind]
            self._icon.set_icon(icon, "quiet" if tone == "neutral" else tone)
            set_tone(self.words, "" if tone == "neutral" else tone)
        self.setVisible(bool(findings))


def finding_words(finding: Finding) -> str:
    """ "Cảnh báo: …", with the reason where one was given."""
    return f"{finding.word}: {finding.text}" + (f" Lý do: {finding.reason}" if finding.reason else "")


class CheckPanel(QFrame):
    """The panel.

    Signals:
        go_asked(str): code of the indicator to be shown.
        reason_given(str, str): code ("" for the whole form) and the words.
        signed(str, str): name and day as typed.
        closed: the cross, or Esc.
    """

    go_asked = Signal(str)
    reason_given = Signal(str, str)
    signed = Signal(str, str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._findings: tuple[Finding, ...] = ()
        self.setProperty("role", "card")
        outer = vbox(self, spacing=0)
        inner = QWidget()
        self._scroll = ScrollBody(inner)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(self._scroll)
        column = vbox(inner, margins=(18, 12, 18, 12), spacing=6)
        head = hbox(spacing=4)
        head.addWidget(label("Kiểm tra và ký phiếu", "strong", wrap=True), 1)
        cross = IconButton("x", "Đóng phần kiểm tra", key="Esc")
        cross.clicked.connect(self.closed)
        head.addWidget(cross, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self.summary_label = label("", "small", wrap=True)
        column.addWidget(self.summary_label)
        self.earlier_label = label("", "quiet", wrap=True)
        column.addWidget(self.earlier_label)
        self.list = RowList("Những điều cần xem của phiếu")
        self.list.opened.connect(self._on_opened)
        self.list.currentRowChanged.connect(lambda _row: self._show_current())
        column.addWidget(self.list)
        self.said_label = label("", "small", wrap=True)
        column.addWidget(self.said_label)
        self._build_reason()
        column.addWidget(self._reason)
        self.go_button = QuietButton("Đến mục này", icon="arrow-right", small=True)
        self.go_button.clicked.connect(lambda _checked=False: self._go())
        column.addWidget(self.go_button)
        column.addWidget(rule())
        self._build_signature()
        column.addWidget(self._signature)
        column.addStretch(1)

    def _build_reason(self) -> None:
        self._reason = QWidget()
        column = vbox(self._reason, spacing=2)
        self.reason_box = _line("Lý do giữ nguyên", MAX_REASON)
        self.reason_box.returnPressed.connect(self._on_reason)
        column.addWidget(_named("Lý do giữ nguyên (Enter để cất)", self.reason_box))
        column.addWidget(self.reason_box)

    def _build_signature(self) -> None:
        self._signature = QWidget()
        column = vbox(self._signature, margins=(0, 8, 0, 0), spacing=2)
        self.name_box = _line("Người chấm", MAX_NAME)
        self.day_box = _line("Ngày chấm", 20)
        self.name_box.returnPressed.connect(lambda: self.day_box.setFocus(Qt.FocusReason.TabFocusReason))
        self.day_box.returnPressed.connect(self._on_signed)
        self.sign_button = QuietButton("Ghi người chấm", icon="check", small=True)
        self.sign_button.clicked.connect(lambda _checked=False: self._on_signed())
        row = hbox(spacing=12)
        for words, box, share in (("Người chấm", self.name_box, 3), ("Ngày chấm", self.day_box, 1)):
            part = vbox(spacing=2)
            part.addWidget(_named(words, box))
            part.addWidget(box)
            row.addLayout(part, share)
        column.addLayout(row)
        self.signed_label = label("", "help", wrap=True)
        column.addWidget(self.signed_label)
        column.addWidget(FlowRow(self.sign_button, spacing=6))

    def set_findings(self, findings: tuple[Finding, ...], *, is_readonly: bool) -> None:
        """Show what was found; the chosen line stays chosen where it still exists."""
        row = self.list.currentRow()
        self._findings = findings
        self.list.set_items([_item(place, item) for place, item in enumerate(findings)])
        self.list.setVisible(bool(findings))
        if findings:
            self.list.setCurrentRow(max(0, min(row, len(findings) - 1)))
        self.summary_label.setText(summary(findings))
        for widget in (self.reason_box, self.name_box, self.day_box, self.sign_button):
            widget.setEnabled(not is_readonly)
        self._show_current()

    def set_earlier(self, words: str) -> None:
        """Last year's total and verdict; without a form of another year it takes no room."""
        self.earlier_label.setText(words)
        self.earlier_label.setVisible(bool(words))

    def set_signature(self, name: str, day: str, said: str) -> None:
        """Who filled the form and when, or what is proposed, and which of the two it is."""
        self.name_box.setText(name)
        self.day_box.setText(day)
        self.signed_label.setText(said)

    @property
    def current(self) -> Finding | None:
        row = self.list.currentRow()
        return self._findings[row] if 0 <= row < len(self._findings) else None

    def focus_work(self) -> None:
        """Put the focus where the next deed is: the findings, or the signature."""
        target = self.list if self._findings else self.name_box
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(target, 0, 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _show_current(self) -> None:
        finding = self.current
        self.said_label.setText(finding_words(finding) if finding is not None else "")
        self.said_label.setVisible(finding is not None)
        tone = LOOKS[finding.kind][0] if finding is not None else ""
        set_tone(self.said_label, "" if tone == "neutral" else tone)
        self._reason.setVisible(finding is not None and finding.kind in _WITH_REASON)
        self.reason_box.setText(finding.reason if finding is not None else "")
        self.go_button.setVisible(finding is not None and bool(finding.code))

    def _on_opened(self, _key: str) -> None:
        """Enter: a warning asks for its reason, what is missing or wrong is gone to."""
        finding = self.current
        if finding is not None and finding.kind in _WITH_REASON and self.reason_box.isEnabled():
            self.reason_box.setFocus(Qt.FocusReason.OtherFocusReason)
            self.reason_box.selectAll()
            self._scroll.ensureWidgetVisible(self.reason_box, 0, 8)
        elif finding is not None and finding.kind is FindingKind.MISSING and not finding.code:
            self.name_box.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(self.sign_button, 0, 8)
        else:
            self._go()

    def _go(self) -> None:
        if self.current is not None and self.current.code:
            self.go_asked.emit(self.current.code)

    def _on_reason(self) -> None:
        if self.current is not None:
            self.reason_given.emit(self.current.code, self.reason_box.text())

    def _on_signed(self) -> None:
        self.signed.emit(self.name_box.text(), self.day_box.text())


def summary(findings: Sequence[Finding]) -> str:
    """How many of each kind, in words."""
    if not findings:
        return "Không có lỗi, cảnh báo hay chỗ thiếu."
    parts = []
    for kind, words in (
        (FindingKind.ERROR, "lỗi phải sửa"),
        (FindingKind.WARNING, "cảnh báo (sửa, hoặc ghi lý do để giữ)"),
        (FindingKind.MISSING, "chỗ còn thiếu"),
        (FindingKind.KEPT, "chỗ đã ghi lý do"),
    ):
        count = sum(1 for item in findings if item.kind is kind)
        if count:
            parts.append(f"{count} {words}")
    return ", ".join(parts) + "."


def _item(place: int, finding: Finding) -> RowItem:
    tone, icon = LOOKS[finding.kind]
    reason = f"Lý do: {finding.reason}" if finding.reason else ""
    return RowItem(str(place), finding.text, reason, ChipData(finding.word, tone, icon), is_plain=True)


def _line(name: str, most: int) -> QLineEdit:
    box = QLineEdit()
    box.setMaxLength(most)
    box.setAccessibleName(name)
    return box


def _named(words: str, box: QLineEdit) -> QWidget:
    made = label(words, "field", wrap=True)
    made.setBuddy(box)
    return made
