"""Comparing the 8-digit code of another machine before it is trusted."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.services.sync.devices import DeviceCard
from desktop_app.ui import widgets as w
from desktop_app.ui.sync.texts import ROLE


class TrustDialog(w.Dialog):
    """Asks for the code that the other machine shows; trusting without it is possible and said plainly."""

    def __init__(self, parent: QWidget | None, card: DeviceCard) -> None:
        super().__init__(
            parent,
            f"Tin cậy máy “{card.name}”?",
            f"{ROLE[card.role]}. Hãy gọi cho người giữ máy đó và gõ mã 8 chữ số họ đọc trên màn hình Đồng bộ của họ.",
            icon="shield-check",
        )
        self._expected = card.code
        self.field = w.LineEditor()
        self.field.setAccessibleName("Mã 8 chữ số")
        self.field.setPlaceholderText("0000 0000")
        self.field.textChanged.connect(self._on_typed)
        self.body.addWidget(w.label("Mã 8 chữ số", "field"))
        self.body.addWidget(self.field)
        self.hint = w.label("", "error", wrap=True)
        self.body.addWidget(self.hint)
        self.add_button(w.QuietButton("Không tin cậy"), rejects=True)
        self.skip = self.add_button(w.QuietButton("Tin cậy, so mã sau"), accepts=True)
        self.yes = self.add_button(w.PrimaryButton("Mã khớp, tin cậy"), accepts=True)
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
        self.skip.setEnabled(not digits)
        is_wrong = len(digits) >= len(self._expected) and digits != self._expected
        self.hint.setText(
            "Mã không khớp. Hãy nghe lại; nếu vẫn khác, xin tệp mới từ chính máy kia." if is_wrong else ""
        )
