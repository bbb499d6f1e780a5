"""What one deed changed, row by row and field by field, before and after.

Invariant: values come masked from the service; a deed of thousands of rows is shown a page at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.models.records import RowChange
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.registry.history_part import change_lines
from desktop_app.ui.registry.record_panel import RecordPanel, small_button
from desktop_app.ui.widgets.basics import Chip, label
from desktop_app.ui.widgets.layouts import hbox, vbox

PAGES = {
    "citizen": "citizens",
    "household": "households",
    "clan": "clans",
    "hamlet": "hamlets",
    "organization": "organizations",
}
"""Tables whose rows have a page of their own → its key."""
AT_ONCE = 20


class ChangesView(QWidget):
    """The changes of one deed.

    Signals:
        record_opened(str, str): a row's name was chosen: page key, uid.
    """

    record_opened = Signal(str, str)

    def __init__(self, panel: RecordPanel, total: int, read: Callable[[int, int], Sequence[RowChange]]) -> None:
        super().__init__()
        self._panel = panel
        self._total = total
        self._read = read
        self._shown = 0
        self._column = vbox(self, spacing=8)
        self._more = small_button("", "chevron-down", self.show_more)
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_more()

    @property
    def shown(self) -> int:
        return self._shown

    def show_more(self) -> None:
        """The next page of rows."""
        changes = self._read(self._shown, AT_ONCE)
        for change in changes:
            self._column.insertWidget(self._column.count() - 1, self._row(change))
        self._shown += len(changes)
        left = self._total - self._shown
        self._more.setText(f"Xem thêm, còn {number_text(left)} dòng")
        self._more.setAccessibleName(self._more.text())
        self._more.setVisible(left > 0 and bool(changes))

    def _row(self, change: RowChange) -> QWidget:
        holder = QWidget()
        column = vbox(holder, spacing=2)
        head = hbox(spacing=8)
        page_key = PAGES.get(change.table)
        if page_key is not None:
            head.addWidget(self._panel.link(change.name, page_key, change.uid, name=change.what), 1)
        else:
            head.addWidget(label(change.name or change.what, "strong", wrap=True), 1)
        if change.is_created:
            head.addWidget(Chip("Thêm mới", "passed", "plus"), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(label(change.what, "small"))
        for line in change_lines(change):
            column.addWidget(_line(line))
        return holder


def _line(text: str) -> QLabel:
    """ "Nghề nghiệp: Nông dân → Buôn bán", the name of the field in quiet ink."""
    name, colon, values = text.partition(": ")
    made = label(text, wrap=True)
    if colon:
        made.setTextFormat(Qt.TextFormat.RichText)
        made.setText(f'<span style="color:{theme.color("quiet").name()}">{escape(name)}:</span> {escape(values)}')
    made.setAccessibleName(text)
    return made
