"""Evidence files of one indicator: what is attached, adding, opening and removing, and what people usually bring.

Invariant: the panel asks, the page does; removing is never final (the journal takes it back, the file stays).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop_app.services.assessment.evidence import EvidenceRecord
from desktop_app.services.criteria.definition import Indicator
from desktop_app.ui.assessment.words import size_words
from desktop_app.ui.registry.row_list import RowItem, RowList
from desktop_app.ui.widgets.basics import Button, IconButton, QuietButton, label
from desktop_app.ui.widgets.layouts import FlowRow, hbox, vbox
from desktop_app.ui.widgets.painting import ChipData

FILTERS = "Minh chứng (*.pdf *.jpg *.jpeg *.png *.heic *.webp *.docx *.doc *.xlsx *.xls *.txt *.mp3 *.mp4);;Mọi tệp (*)"


class EvidencePanel(QWidget):
    """The panel.

    Signals:
        add_clicked: choose files to attach.
        open_asked(str), remove_asked(str): uid of a file.
        closed: the cross, or Esc.
    """

    add_clicked = Signal()
    open_asked = Signal(str)
    remove_asked = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = vbox(self, spacing=6)
        head = hbox(spacing=4)
        self._title = label("", "strong", wrap=True)
        head.addWidget(self._title, 1)
        cross = IconButton("x", "Đóng minh chứng", key="Esc")
        cross.clicked.connect(self.closed)
        head.addWidget(cross, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self._empty = label("Chưa đính kèm tệp nào.", "quiet", wrap=True)
        column.addWidget(self._empty)
        self.list = RowList("Tệp minh chứng")
        self.list.opened.connect(self.open_asked)
        column.addWidget(self.list)
        self.add_button = QuietButton("Thêm tệp", icon="plus", small=True)
        self.open_button = QuietButton("Mở", icon="external-link", small=True)
        self.remove_button = Button("Bỏ", icon="trash-2", role="danger", small=True)
        self.add_button.clicked.connect(self.add_clicked)
        self.open_button.clicked.connect(lambda _checked=False: self._ask(self.open_asked))
        self.remove_button.clicked.connect(lambda _checked=False: self._ask(self.remove_asked))
        column.addWidget(FlowRow(self.add_button, self.open_button, self.remove_button, spacing=6))
        self._usual = label("", "help", wrap=True)
        column.addWidget(self._usual)
        column.addStretch(1)

    def set_files(self, indicator: Indicator, records: Sequence[EvidenceRecord], *, is_readonly: bool = False) -> None:
        """Show an indicator's files."""
        kept = self.list.current_key
        self._title.setText(f"Minh chứng mục {indicator.number}")
        self.list.set_items([_item(record) for record in records])
        self.list.choose(kept)
        if self.list.currentRow() < 0 and records:
            self.list.setCurrentRow(0)
        self.list.setVisible(bool(records))
        self._empty.setVisible(not records)
        for button in (self.open_button, self.remove_button):
            button.setVisible(bool(records))
        self.add_button.setEnabled(not is_readonly)
        self.remove_button.setEnabled(not is_readonly)
        usual = "\n".join(f"· {line}" for line in indicator.evidence)
        self._usual.setText(f"Thường dùng (gợi ý):\n{usual}" if usual else "")
        self._usual.setVisible(bool(usual))

    def focus_work(self) -> None:
        """Put the focus where the next deed is: the files, or adding one."""
        target = self.list if self.list.count() else self.add_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() == Qt.Key.Key_Delete and self.remove_button.isEnabled():
            self._ask(self.remove_asked)
        else:
            super().keyPressEvent(event)

    def _ask(self, signal: SignalInstance) -> None:
        if self.list.current_key:
            signal.emit(self.list.current_key)


def _item(record: EvidenceRecord) -> RowItem:
    missing = None if record.is_there else ChipData("Không thấy tệp", "attention")
    extension = record.file_name.rpartition(".")[2].upper()
    return RowItem(record.uid, record.file_name, f"{extension} · {size_words(record.size)}", missing, "paperclip")
