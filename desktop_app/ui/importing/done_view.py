"""Step "Nhập": what was brought in, with counts, what to look at again, and the way back.

Invariant: shows a result; undoing and going on are the wizard's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.ui import widgets as w


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
    """

    undo_requested = Signal()
    another_requested = Signal()
    download_requested = Signal()

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
        card.body.addWidget(w.FlowRow(self.undo, self.download, self.another))
        column.addWidget(card)
        self.remarks_card = w.Card("Nên xem lại", note="những dòng này đã được nhập như ghi ở đây, trừ dòng không nhận")
        self.remarks = w.vbox(spacing=6)
        self.remarks_card.body.addLayout(self.remarks)
        column.addWidget(self.remarks_card)
        column.addStretch(1)

    def set_outcome(self, outcome: Outcome) -> None:
        """Show what was done."""
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
