"""Comparing the 8-digit code of another machine, before it is trusted or afterwards.

Invariant: the primary button works only when the typed code is the machine's own; trusting without comparing is
possible before, and said plainly.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.services.sync.devices import DeviceCard
from desktop_app.ui import widgets as w
from desktop_app.ui.sync.texts import ROLE

HOW = "Hãy gọi cho người giữ máy đó và gõ mã 8 chữ số họ đọc trên màn hình Đồng bộ của họ."
WRONG = "Mã không khớp. Hãy nghe lại; nếu vẫn khác, xin tệp mới từ chính máy kia."


class TrustDialog(w.Dialog):
    """Asks for the code that the other machine shows.

    Args:
        is_known: the machine is trusted already; only its code is compared.
    """

    def __init__(self, parent: QWidget | None, card: DeviceCard, *, is_known: bool = False) -> None:
        title = f"So mã với máy “{card.name}”" if is_known else f"Tin cậy máy “{card.name}”?"
        super().__init__(parent, title, f"{ROLE[card.role]}. {HOW}", icon="shield-check")
        self._expected = card.code
        field = w.label("Mã 8 chữ số", "field")
        self.field = w.LineEditor(w.Field("code", "Mã 8 chữ số", placeholder="0000 0000"))
        self.field.setAccessibleName("Mã 8 chữ số")
        self.field.setMaxLength(12)
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._on_enter)
        field.setBuddy(self.field)
        self.body.addWidget(field)
        self.body.addWidget(w.sized(self.field, width=180), 0, Qt.AlignmentFlag.AlignLeft)
        self.hint = w.label("", "error", wrap=True)
        self.body.addWidget(self.hint)
        self.add_button(w.QuietButton("Thôi" if is_known else "Không tin cậy"), rejects=True)
        self.skip: w.Button | None = None
        if not is_known:
            self.skip = self.add_button(w.QuietButton("Tin cậy, so mã sau"), accepts=True)
        self.yes = self.add_button(w.PrimaryButton("Mã khớp" if is_known else "Mã khớp, tin cậy"), accepts=True)
        self.yes.setEnabled(False)
        self.field.setFocus()

    @property
    def code(self) -> str | None:
        """The code that was typed and agrees, or None when it is to be compared later."""
        return self._digits() if self._digits() == self._expected else None

    def _digits(self) -> str:
        return "".join(filter(str.isdigit, self.field.text()))

    def _on_typed(self) -> None:
        digits = self._digits()
        self.yes.setEnabled(digits == self._expected)
        if self.skip is not None:
            self.skip.setEnabled(not digits)
        is_wrong = len(digits) >= len(self._expected) and digits != self._expected
        self.hint.setText(WRONG if is_wrong else "")

    def _on_enter(self) -> None:
        if self.yes.isEnabled():
            self.accept()
