"""Evidence of one indicator or of the whole form: what is attached, adding, opening, removing, what people bring.

Invariant: the panel asks, the page does; removing is never final (the journal takes it back, the file stays).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.services.assessment.evidence import MAX_WORDS, EvidenceRecord
from desktop_app.services.criteria.definition import Indicator
from desktop_app.ui.assessment.words import size_words
from desktop_app.ui.registry.row_list import RowItem, RowList
from desktop_app.ui.widgets.basics import Button, IconButton, QuietButton, label, set_tone
from desktop_app.ui.widgets.layouts import FlowRow, hbox, vbox
from desktop_app.ui.widgets.painting import ChipData

FILTERS = "Minh chứng (*.pdf *.jpg *.jpeg *.png *.webp *.docx *.doc *.xlsx *.xls *.txt *.mp3 *.mp4);;Mọi tệp (*)"


class EvidencePanel(QWidget):
    """The panel.

    Signals:
        add_clicked: choose files to attach.
        open_asked(str), remove_asked(str), replace_asked(str): uid of a piece of evidence.
        note_given(str, str): uid ("" for a new note without a file) and its words.
        scope_asked: from the indicator's evidence to that of the whole form, or back.
        closed: the cross, or Esc.
    """

    add_clicked = Signal()
    open_asked = Signal(str)
    remove_asked = Signal(str)
    replace_asked = Signal(str)
    note_given = Signal(str, str)
    scope_asked = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._records: dict[str, EvidenceRecord] = {}
        self._is_readonly = False
        column = vbox(self, spacing=6)
        head = hbox(spacing=4)
        self._title = label("", "strong", wrap=True)
        head.addWidget(self._title, 1)
        cross = IconButton("x", "Đóng minh chứng", key="Esc")
        cross.clicked.connect(self.closed)
        head.addWidget(cross, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self.scope_button = QuietButton("", icon="arrow-right", small=True, key="Ctrl+Shift+M")
        self.scope_button.clicked.connect(self.scope_asked)
        column.addWidget(FlowRow(self.scope_button, spacing=6))
        self._empty = label("Chưa có minh chứng nào.", "quiet", wrap=True)
        column.addWidget(self._empty)
        self.list = RowList("Tệp minh chứng")
        self.list.opened.connect(self._on_opened)
        self.list.currentRowChanged.connect(lambda _row: self._show_buttons())
        column.addWidget(self.list)
        self.words_label = label("", "small", wrap=True)
        column.addWidget(self.words_label)
        self._build_note()
        column.addWidget(self._note)
        self.add_button = QuietButton("Thêm tệp", icon="plus", small=True)
        self.open_button = QuietButton("Mở", icon="external-link", small=True)
        self.remove_button = Button("Bỏ", icon="trash-2", role="danger", small=True)
        self.note_button = QuietButton("Ghi chú", icon="pencil", small=True)
        self.replace_button = QuietButton("Thay tệp", icon="refresh-cw", small=True)
        self.note_button.clicked.connect(lambda _checked=False: self._begin_note(""))
        self.replace_button.clicked.connect(lambda _checked=False: self._ask(self.replace_asked))
        self.add_button.clicked.connect(self.add_clicked)
        self.open_button.clicked.connect(lambda _checked=False: self._ask(self.open_asked))
        self.remove_button.clicked.connect(lambda _checked=False: self._ask(self.remove_asked))
        column.addWidget(FlowRow(*self._buttons(), spacing=6))
        self.sizes_label = label("", "help", wrap=True)
        column.addWidget(self.sizes_label)
        self._usual = label("", "help", wrap=True)
        column.addWidget(self._usual)
        column.addStretch(1)

    def _buttons(self) -> tuple[Button, ...]:
        return self.add_button, self.note_button, self.open_button, self.replace_button, self.remove_button

    def _build_note(self) -> None:
        self._note = QWidget()
        self._noted = ""
        column = vbox(self._note, spacing=2)
        said = label("Ghi chú (Enter để cất, Esc để thôi)", "field", wrap=True)
        self.note_box = QLineEdit()
        self.note_box.setMaxLength(MAX_WORDS)
        self.note_box.setAccessibleName("Ghi chú minh chứng")
        self.note_box.returnPressed.connect(self._on_note)
        said.setBuddy(self.note_box)
        column.addWidget(said)
        column.addWidget(self.note_box)
        self._note.hide()

    def set_files(
        self,
        indicator: Indicator,
        records: Sequence[EvidenceRecord],
        *,
        is_whole: bool = False,
        others: int = 0,
        is_readonly: bool = False,
    ) -> None:
        """Show an indicator's evidence, or the whole form's.

        Args:
            others: how many pieces the other of the two holds.
        """
        self._records = {record.uid: record for record in records}
        self._is_readonly = is_readonly
        self._note.hide()
        kept = self.list.current_key
        own = f"mục {indicator.number}"
        self._title.setText("Minh chứng của cả phiếu" if is_whole else f"Minh chứng {own}")
        self.scope_button.setText(f"Sang {own if is_whole else 'minh chứng của cả phiếu'} ({others})")
        self.scope_button.setAccessibleName(self.scope_button.text())
        self.list.set_items([_item(record) for record in records])
        self.list.choose(kept)
        if self.list.currentRow() < 0 and records:
            self.list.setCurrentRow(0)
        self.list.setVisible(bool(records))
        self._empty.setVisible(not records)
        self._show_buttons()
        usual = "" if is_whole else "\n".join(f"· {line}" for line in indicator.evidence)
        self._usual.setText(f"Thường dùng (gợi ý):\n{usual}" if usual else "")
        self._usual.setVisible(bool(usual))

    def set_sizes(self, words: str) -> None:
        """How much the form's evidence and the whole folder hold."""
        self.sizes_label.setText(words)
        self.sizes_label.setVisible(bool(words))

    def _show_buttons(self) -> None:
        """What can be done with the chosen piece, and its note in full."""
        record = self._records.get(self.list.current_key or "")
        is_file = record is not None and not record.is_note
        self.open_button.setVisible(is_file and record is not None and record.is_there)
        self.replace_button.setVisible(is_file and record is not None and not record.is_there)
        self.remove_button.setVisible(record is not None)
        for button in (self.add_button, self.note_button, self.remove_button, self.replace_button):
            button.setEnabled(not self._is_readonly)
        words = ""
        if record is not None and is_file and not record.is_there:
            words = "Không thấy tệp này trên máy (nằm ở máy khác hoặc đã bị xóa). Còn tệp thì bấm Thay tệp."
        elif record is not None:
            words = record.note
        self.words_label.setText(words)
        set_tone(self.words_label, "attention" if is_file and record is not None and not record.is_there else "")
        self.words_label.setVisible(bool(words))

    def _on_opened(self, uid: str) -> None:
        """Enter on a file opens it, on a note lets it be written on."""
        record = self._records.get(uid)
        if record is not None and record.is_note:
            self._begin_note(uid)
        else:
            self.open_asked.emit(uid)

    def _begin_note(self, uid: str) -> None:
        if self._is_readonly:
            return
        record = self._records.get(uid)
        self._noted = uid
        self.note_box.setText(record.note if record is not None else "")
        self._note.show()
        self.note_box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.note_box.selectAll()

    def _on_note(self) -> None:
        self.note_given.emit(self._noted, self.note_box.text())

    def _end_note(self) -> None:
        self._note.hide()
        self.focus_work()

    def focus_work(self) -> None:
        """Put the focus where the next deed is: the files, or adding one."""
        target = self.list if self.list.count() else self.add_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._note.isHidden():
            self._end_note()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() == Qt.Key.Key_F2 and self.list.current_key:
            self._begin_note(self.list.current_key)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.note_box.hasFocus():
            event.accept()
        elif event.key() == Qt.Key.Key_Delete and self.remove_button.isEnabled():
            self._ask(self.remove_asked)
        else:
            super().keyPressEvent(event)

    def _ask(self, signal: SignalInstance) -> None:
        if self.list.current_key:
            signal.emit(self.list.current_key)


def _item(record: EvidenceRecord) -> RowItem:
    if record.is_note:
        return RowItem(record.uid, record.note, "ghi chú, không có tệp", None, "pencil", is_plain=True)
    missing = None if record.is_there else ChipData("Không thấy tệp", "attention")
    extension = record.file_name.rpartition(".")[2].upper()
    return RowItem(
        record.uid,
        record.file_name,
        f"{extension} · {size_words(record.size)}" + (" · có ghi chú" if record.note else ""),
        missing,
        "paperclip",
    )
