"""The office's inbox: each disagreement with both values side by side, settled by one key.

Invariant: shows and reports; nothing is settled here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.sync.wording import ConflictText
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.sync.texts import moment

SHOWN_ROWS = 5
COLUMNS = (
    w.Column("subject", "Hồ sơ", 190, "strong", stretch=2, is_sortable=False),
    w.Column("label", "Mục", 130, is_sortable=False),
    w.Column("mine", "Ở máy này", 170, stretch=2, is_sortable=False),
    w.Column("theirs", "Ở máy kia", 170, stretch=2, is_sortable=False),
    w.Column("device_name", "Máy kia", 150, "quiet", stretch=1, is_sortable=False),
)


class InboxView(QWidget):
    """Shows the open disagreements.

    Signals:
        keep_chosen, take_chosen: what the person wants for the selected ones.
    """

    keep_chosen = Signal()
    take_chosen = Signal()

    def __init__(self, make_button: Callable[..., w.Button]) -> None:
        super().__init__()
        column = w.vbox(self, spacing=8)
        self.table = w.DataTable(
            "sync.conflicts", COLUMNS, title="Chỗ hai máy ghi khác nhau", note="máy của xã quyết định; chọn một bên"
        )
        self.table.view.setAccessibleName("Chỗ hai máy ghi khác nhau")
        self.table.row_selected.connect(self._on_selected)
        column.addWidget(self.table)
        self.mine = _Side("Ở máy này", make_button("sync.keep_mine"))
        self.theirs = _Side("Ở máy kia", make_button("sync.take_theirs"))
        self.sides = w.CardGrid(self.mine, self.theirs, min_width=280, spacing=12)
        column.addWidget(self.sides)

    def set_conflicts(self, found: Sequence[ConflictText]) -> None:
        """Show what is open; the place in the list stays."""
        place = max(self.table.view.currentIndex().row(), 0)
        self.table.set_source(w.ListSource(list(found)))
        self.table.show_rows(min(max(len(found), 1), SHOWN_ROWS))
        if found:
            self.table.select_row(min(place, len(found) - 1))
        self.setVisible(bool(found))

    def selected(self) -> list[ConflictText]:
        """The disagreements that are selected."""
        return self.table.selected()

    def focus(self) -> None:
        """Put the keyboard on the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_selected(self, item: ConflictText | None) -> None:
        if item is None:
            return
        before = f"Trước đó: {item.before}"
        self.mine.set_value(f"{item.label} ở máy này", item.mine, before)
        who = " · ".join(part for part in (item.author, moment(item.changed_at)) if part)
        self.theirs.set_value(f"{item.label} ở {item.device_name}", item.theirs, f"Sửa: {who}", item.note)


class _Side(w.Card):
    """One value of a disagreement with its button."""

    def __init__(self, title: str, button: w.Button) -> None:
        super().__init__(margins=(16, 12), spacing=4)
        self.head = w.label(title, "small", wrap=True)
        self.value = w.label("", "title", wrap=True)
        self.foot = w.label("", "small", wrap=True)
        self.note = w.label("", "warning", wrap=True)
        for widget in (self.head, self.value, self.foot, self.note):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.body.addWidget(w.FlowRow(button))

    def set_value(self, head: str, value: str, foot: str, note: str = "") -> None:
        """Show a value."""
        self.head.setText(head)
        self.value.setText(value)
        self.foot.setText(foot)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.setAccessibleName(f"{head}: {value}")


def count_words(count: int) -> str:
    """ "3 chỗ khác nhau chờ phân xử"."""
    return f"{number_text(count)} chỗ khác nhau chờ phân xử"
