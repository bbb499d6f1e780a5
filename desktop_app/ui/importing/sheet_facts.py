"""What holds for a whole sheet: where its heading stands and which settlement it is about; both can be typed over.

Invariant: an answer that cannot be read stays in its field and changes nothing.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.importing.preview import ParsedSheet
from desktop_app.services.vietnamese import nfc
from desktop_app.ui import widgets as w

LAST_ROW = 40
"""A heading stands within the first rows of a sheet."""


class SheetFacts(QWidget):
    """Heading rows and settlement of one sheet.

    Signals:
        header_changed(int, int): first and last row of the heading, as Excel counts.
        hamlet_changed(str): the settlement; empty for "as the list says".
    """

    header_changed = Signal(int, int)
    hamlet_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown = ("", "", "")
        line = w.FlowRow(spacing=8)
        w.vbox(self, spacing=0).addWidget(line)
        self.first = self._number("Dòng đầu của tiêu đề")
        self.last = self._number("Dòng cuối của tiêu đề")
        self.hamlet = w.LineEditor(w.Field("hamlet", "Thôn của cả trang", placeholder="theo cột trong bảng"))
        self.hamlet.setAccessibleName("Thôn của cả trang")
        w.sized(self.hamlet, width=200)
        for widget in (w.label("Dòng tiêu đề"), self.first, w.label("đến"), self.last,
                       w.label("   Thôn của cả trang"), self.hamlet):  # fmt: skip
            line.add(widget)
        self.first.returnPressed.connect(self._on_header)
        self.last.returnPressed.connect(self._on_header)
        self.first.left.connect(self._on_header)
        self.last.left.connect(self._on_header)
        self.hamlet.returnPressed.connect(self._on_hamlet)
        self.hamlet.left.connect(self._on_hamlet)

    def _number(self, name: str) -> w.LineEditor:
        editor = w.LineEditor(w.Field("row", name, "integer", placeholder="–"))
        editor.setAccessibleName(name)
        return w.sized(editor, width=64)

    def set_sheet(self, sheet: ParsedSheet, hamlet: str) -> None:
        """Show a sheet's facts."""
        first, last = sheet.header_rows or ("", "")
        self._shown = (str(first), str(last), hamlet)
        for editor, text in zip((self.first, self.last, self.hamlet), self._shown, strict=True):
            editor.setText(text)

    def _on_header(self) -> None:
        texts = (self.first.text().strip(), self.last.text().strip() or self.first.text().strip())
        if texts == self._shown[:2] or not all(text.isdecimal() for text in texts):
            return
        first, last = int(texts[0]), int(texts[1])
        if 1 <= first <= last <= LAST_ROW:
            self._shown = (texts[0], texts[1], self._shown[2])
            self.header_changed.emit(first, last)

    def _on_hamlet(self) -> None:
        text = nfc(self.hamlet.text())
        if text != self._shown[2]:
            self._shown = (*self._shown[:2], text)
            self.hamlet_changed.emit(text)
