"""One line below the grid for a person who is not in the register: name, birth, sex, household; Enter goes on.

A batch that comes from no hamlet asks for the newcomer's, and keeps it for the next one.

Invariant: nothing typed is lost by a refusal: every sentence stands below the line with its field marked, and the line
goes only when the person was added or Esc put it away.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from desktop_app.services.vietnamese import fold
from desktop_app.ui import theme
from desktop_app.ui.widgets.basics import QuietButton, label, repolish
from desktop_app.ui.widgets.layouts import FlowRow, hbox, sized, vbox

HAMLET = "hamlet"
FIELDS = (
    ("full_name", "Họ và tên", "", 220),
    ("birth", "Ngày hoặc năm sinh", "08/05/1984, 1984", 172),
    ("sex", "Giới tính", "nam / nữ", 92),
    ("household", "Mã hộ", "trống: chưa rõ hộ", 156),
    (HAMLET, "Thôn, nếu chưa rõ hộ", "tên hoặc số thôn", 176),
)
_SEX = {"": "", "nam": "male", "1": "male", "trai": "male", "nu": "female", "2": "female", "gai": "female"}


class NewcomerStrip(QFrame):
    """The line.

    Signals:
        submitted: Enter in the last field, or the button.
        cancelled: Esc.
    """

    submitted = Signal()
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName("Thêm người chưa có trong sổ")
        column = vbox(self, margins=(16, 10), spacing=6)
        self.title_label = label("Thêm người chưa có trong sổ", "strong")
        column.addWidget(self.title_label)
        row = FlowRow(spacing=12)
        self.fields: dict[str, QLineEdit] = {}
        self._holders: dict[str, QWidget] = {}
        for key, name, hint, width in FIELDS:
            row.add(self._field(key, name, hint, width))
        self.add_button = QuietButton("Thêm và nhập tiếp", icon="user-plus", key="Enter")
        self.add_button.clicked.connect(self.submitted)
        self.cancel_button = QuietButton("Thôi", key="Esc")
        self.cancel_button.clicked.connect(self.cancelled)
        buttons = QWidget()
        line = self._buttons = hbox(buttons, margins=(0, 18, 0, 0), spacing=8)
        line.addWidget(self.add_button)
        line.addWidget(self.cancel_button)
        row.add(buttons)
        column.addWidget(row)
        self.message_label = label("", "error", wrap=True)
        column.addWidget(self.message_label)
        self.message_label.hide()
        self.hide()

    def _field(self, key: str, name: str, hint: str, width: int) -> QWidget:
        holder = QWidget()
        column = vbox(holder, spacing=3)
        words = label(name, "field")
        column.addWidget(words)
        line = sized(QLineEdit(), width=width)
        line.setPlaceholderText(hint)
        line.setAccessibleName(name)
        line.installEventFilter(self)
        words.setBuddy(line)
        column.addWidget(line)
        self.fields[key] = line
        self._holders[key] = holder
        return holder

    def begin(self, name: str, place: str, *, asks_hamlet: bool = False) -> None:
        """Ask for a person whose name was typed already; the hamlet of the one before stays."""
        for key, line in self.fields.items():
            if key != HAMLET or not asks_hamlet:
                line.clear()
        self._holders[HAMLET].setVisible(asks_hamlet)
        theme.remember_layout(self._buttons, (0, 0 if asks_hamlet else 18, 0, 0), 8)  # then on a line of their own
        self.title_label.setText(f"Thêm người chưa có trong sổ · {place}" if place else "Thêm người chưa có trong sổ")
        self.fields["full_name"].setText(name)
        self.show_errors({})
        self.show()
        self.fields["birth" if name else "full_name"].setFocus(Qt.FocusReason.OtherFocusReason)

    def values(self) -> dict[str, str] | None:
        """What was typed; None with its sentence where the sex cannot be read."""
        found = {key: line.text() for key, line in self.fields.items()}
        sex = _SEX.get(fold(found["sex"]))
        if sex is None:
            self.show_errors({"sex": "Giới tính: gõ nam hoặc nữ (hoặc 1 là nam, 2 là nữ)."})
            return None
        return {**found, "sex": sex}

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Mark the fields and say why; the focus goes to the first of them."""
        for key, line in self.fields.items():
            state = "error" if key in errors else ""
            if (line.property("state") or "") != state:
                line.setProperty("state", state)
                repolish(line)
            line.setAccessibleDescription(errors.get(key, ""))
        self.message_label.setText(" ".join(errors.values()))
        self.message_label.setVisible(bool(errors))
        first = next((key for key in self.fields if key in errors), None)
        if first is not None:
            self.fields[first].setFocus(Qt.FocusReason.OtherFocusReason)
            self.fields[first].selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            lines = [line for line in self.fields.values() if line.isVisibleTo(self)]
            place = next(i for i, line in enumerate(lines) if line is watched)
            by = -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            if place + by >= len(lines):
                self.submitted.emit()
            else:
                lines[max(0, place + by)].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return
        super().keyPressEvent(event)
