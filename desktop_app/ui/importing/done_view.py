"""Step "Nhập": what was brought in, with counts, what to look at again, and the way back.

Invariant: shows a result; undoing and going on are the wizard's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.ui import widgets as w
from desktop_app.ui.importing.bring import bring

PEOPLE_COLUMNS = (
    w.Column("name", "Họ và tên", 220, "strong", stretch=2, is_sortable=False),
    w.Column("birth", "Ngày sinh", 110, is_sortable=False),
    w.Column("relation", "Quan hệ", 130, is_sortable=False),
    w.Column("household_code", "Hộ", 110, "quiet", is_sortable=False),
    w.Column("hamlet", "Thôn", 160, stretch=1, is_sortable=False),
)


@dataclass(frozen=True)
class Outcome:
    """What the last step shows.

    Attributes:
        title: one sentence.
        figures: (count, word, tone) in the order of their weight; zeros of lesser ones are left out by the maker.
        remarks: lines about what a person should look at again.
        can_undo: something was written.
        can_download: there are rows that were not taken.
    """

    title: str
    figures: Sequence[tuple[int, str, str]]
    remarks: Sequence[str] = ()
    can_undo: bool = False
    can_download: bool = False


class DoneView(QWidget):
    """Shows an Outcome.

    Signals:
        undo_requested, another_requested, download_requested.
        person_opened(str): somebody who came in is to be shown in the register (uid).
    """

    undo_requested = Signal()
    another_requested = Signal()
    download_requested = Signal()
    person_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        column = w.vbox(self, spacing=16)
        card = w.Card(margins=(24, 20), spacing=16)
        head = w.hbox(spacing=12)
        self.icon = w.IconView("circle-check", 32, "passed")
        head.addWidget(self.icon)
        self.title = w.label("", "title", wrap=True)
        head.addWidget(self.title, 1)
        card.body.addLayout(head)
        self.figures = w.CountRow()
        card.body.addWidget(self.figures)
        self.undo = w.QuietButton("Hoàn tác lần nhập này", icon="undo-2", key="Ctrl+Z")
        self.undo.clicked.connect(self.undo_requested)
        self.download = w.QuietButton("Tải các dòng không nhận", icon="download", key="Ctrl+D")
        self.download.clicked.connect(self.download_requested)
        self.another = w.QuietButton("Nhập tệp khác", icon="file-spreadsheet", key="Ctrl+O")
        self.another.clicked.connect(self.another_requested)
        self.show_new = w.QuietButton("Xem người mới", icon="users", key="F4")
        self.show_new.setCheckable(True)
        self.show_new.toggled.connect(self._on_show_new)
        card.body.addWidget(w.FlowRow(self.undo, self.show_new, self.download, self.another))
        column.addWidget(card)
        self.remarks_card = w.Card("Nên xem lại", note="những dòng này đã được nhập như ghi ở đây, trừ dòng không nhận")
        self.remarks = w.vbox(spacing=6)
        self.remarks_card.body.addLayout(self.remarks)
        column.addWidget(self.remarks_card)
        self.people = w.DataTable("import.brought", PEOPLE_COLUMNS, single=True)
        self.people.view.setAccessibleName("Những người mới vừa nhập")
        self.people.row_opened.connect(lambda row: self.person_opened.emit(row.uid) if row is not None else None)
        self.people.hide()
        w.sized(self.people, min_height=240)
        column.addWidget(self.people, 1)
        self._rest = QWidget()
        column.addWidget(self._rest, 1)

    def toggle_new(self) -> None:
        """Show or hide who came in (F4)."""
        if self.show_new.isVisibleTo(self):
            self.show_new.toggle()

    def _on_show_new(self, is_on: bool) -> None:
        self.people.setVisible(is_on)
        self._rest.setVisible(not is_on)
        self.remarks_card.setVisible(not is_on and self.remarks.count() > 0)
        if is_on:
            self.people.setFocus(Qt.FocusReason.OtherFocusReason)
            bring(self.people)

    def set_outcome(self, outcome: Outcome, people: w.PageSource | None = None) -> None:
        """Show what was done; ``people`` are those who came in new."""
        self.show_new.setChecked(False)
        self.show_new.setVisible(people is not None)
        self.people.set_source(people)
        self.icon.set_icon("circle-check", "passed")
        self.title.setText(outcome.title)
        self.setAccessibleName(outcome.title)
        self.figures.set_counts(outcome.figures)
        while (item := self.remarks.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for line in outcome.remarks:
            self.remarks.addWidget(w.label(line, wrap=True))
        self.remarks_card.setVisible(bool(outcome.remarks))
        self.undo.setVisible(outcome.can_undo)
        self.download.setVisible(outcome.can_download)

    def set_undone(self, sentence: str) -> None:
        """The import was taken back."""
        self.icon.set_icon("undo-2", "attention")
        self.title.setText(sentence)
        self.setAccessibleName(sentence)
        self.figures.set_counts(())
        self.remarks_card.hide()
        self.undo.hide()
        self.show_new.setChecked(False)
        self.show_new.hide()
