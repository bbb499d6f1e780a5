"""Thiết lập, card "Cột đã nhớ": which lists' columns a person has corrected once, and forgetting them.

Invariant: forgetting changes no record; the next list of that shape is read by its headings again.
"""

from __future__ import annotations

from typing import Any

from desktop_app.services.context import Context
from desktop_app.services.importing.headings.remembered import RememberedMapping, forget, forget_all, remembered
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w

SENTENCE = (
    "Khi nhập danh sách, những cột bạn đã chỉ nghĩa được nhớ theo dòng tiêu đề; danh sách sau có cùng tiêu đề được "
    "đọc như vậy ngay. Chỉ nhớ tiêu đề, không nhớ dữ liệu."
)
NOTHING = "Chưa nhớ danh sách nào."
MOST_ROWS = 5


class ColumnsCard(w.Card):
    """The card.

    Args:
        context: the register on this machine.
    """

    def __init__(self, context: Context) -> None:
        super().__init__("Cột đã nhớ khi nhập danh sách", margins=(24, 20), spacing=12)
        self._context = context
        self.body.addWidget(w.label(SENTENCE, "quiet", wrap=True))
        self.nothing_label = w.label(NOTHING, wrap=True)
        self.body.addWidget(self.nothing_label)
        self.table = w.DataTable("remembered_columns", COLUMNS, single=True)
        self.table.view.setAccessibleName("Cột đã nhớ")
        self.body.addWidget(self.table)
        self.forget_button = w.QuietButton("Quên danh sách đang chọn", icon="x")
        self.forget_button.clicked.connect(lambda _checked=False: self.forget_chosen())
        self.all_button = w.QuietButton("Quên tất cả", icon="trash-2")
        self.all_button.clicked.connect(lambda _checked=False: self.forget_all())
        self._buttons = w.FlowRow(self.forget_button, self.all_button)
        self.body.addWidget(self._buttons)
        self.said_label = w.label("", "small", wrap=True)
        self.said_label.hide()
        self.body.addWidget(self.said_label)

    def load(self, said: str = "") -> None:
        """Read again what is remembered, the one used last first."""
        found = list(remembered(self._context).values())
        self.nothing_label.setVisible(not found)
        for widget in (self.table, self._buttons):
            widget.setVisible(bool(found))
        self.table.set_source(w.ListSource(found))
        self.table.show_rows(min(max(len(found), 1), MOST_ROWS))
        self.said_label.setText(said)
        self.said_label.setVisible(bool(said))

    def forget_chosen(self) -> None:
        """Forget the shape of the current row."""
        chosen: Any = self.table.current()
        if isinstance(chosen, RememberedMapping) and forget(self._context, chosen.shape):
            self.load("Đã quên; lần nhập sau sẽ đọc theo tiêu đề và hỏi lại cột chưa rõ.")

    def forget_all(self) -> None:
        """Forget every shape."""
        count = forget_all(self._context)
        self.load(f"Đã quên {number_text(count)} danh sách.")


def _headings(item: RememberedMapping) -> str:
    return ", ".join(heading for heading in item.headings if heading)


COLUMNS = (
    w.Column("headings", "Tiêu đề các cột", 300, "text", _headings, stretch=1, is_sortable=False),
    w.Column("count", "Số cột", 80, "number", lambda item: len(item.headings), is_sortable=False),
    w.Column("day", "Dùng lần cuối", 130, "quiet", is_sortable=False),
)
