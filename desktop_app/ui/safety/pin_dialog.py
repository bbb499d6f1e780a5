"""Asking for a PIN, and giving oneself one; the two dialogs about PINs.

Invariant: a PIN is never shown, and a wrong one says how long to wait.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.models.records import PinCheck, UserRecord
from desktop_app.services.errors import AppError
from desktop_app.services.registry.users import check_pin, set_pin, switch_user
from desktop_app.ui import widgets as w

PIN_HELP = "4 đến 8 chữ số. Mã giữ tên của bạn trong nhật ký; nó không khóa dữ liệu."


def refusal(found: PinCheck) -> str:
    """Why a PIN was not taken."""
    if found.wait_seconds:
        return f"Mã PIN chưa đúng. Hãy đợi {found.wait_seconds} giây rồi thử lại."
    return "Mã PIN chưa đúng. Hãy gõ lại."


def pin_field(key: str, label: str, help: str = "") -> w.Field:
    return w.Field(key, label, is_required=True, check=_check_pin, help=help, width=180)


def _check_pin(text: str) -> str | None:
    return None if text.isascii() and text.isdigit() and 4 <= len(text) <= 8 else "Mã PIN có 4 đến 8 chữ số."


def hide_typing(form: w.FormView) -> None:
    """Dots in place of what is typed."""
    for field in form.spec.fields:
        form.field(field.key).editor.setEchoMode(QLineEdit.EchoMode.Password)


class PinDialog(w.Dialog):
    """Lets a person in by PIN; accepted once ``switch_user`` has been done."""

    def __init__(self, parent: QWidget | None, context: Any, user: UserRecord) -> None:
        super().__init__(parent, user.name, "Gõ mã PIN để làm việc bằng tên này.", icon="lock", width=420)
        self._context, self._user = context, user
        self.form = w.FormView(w.FormSpec((w.Field("pin", "Mã PIN", is_required=True, width=180),)))
        hide_typing(self.form)
        self.form.submitted.connect(self.enter)
        self.body.addWidget(self.form)
        self.add_button(w.QuietButton("Thôi"), rejects=True)
        self.enter_button = self.add_button(w.PrimaryButton("Vào làm việc"))
        self.enter_button.clicked.connect(lambda _checked=False: self.enter())
        QTimer.singleShot(0, self, self.form.focus_first)

    def enter(self) -> None:
        """Try the PIN."""
        if not self.form.validate():
            return
        found = switch_user(self._context, self._user.uid, self.form.values()["pin"])
        if found.is_right:
            self.accept()
        else:
            self.form.set_values({})
            self.form.set_errors({"pin": refusal(found)})


class NewPinDialog(w.Dialog):
    """Sets or takes away the present person's PIN."""

    def __init__(self, parent: QWidget | None, context: Any, user: UserRecord) -> None:
        title = "Đổi mã PIN" if user.has_pin else "Đặt mã PIN"
        super().__init__(
            parent, title, "Có mã PIN thì người khác không làm việc bằng tên bạn được.", icon="lock", width=420
        )
        self._context, self._user = context, user
        fields = [pin_field("pin", "Mã PIN mới", PIN_HELP), pin_field("again", "Gõ lại mã mới")]
        if user.has_pin:
            fields.insert(0, w.Field("old", "Mã PIN đang dùng", is_required=True, width=180))
        self.form = w.FormView(w.FormSpec(tuple(fields), check=_same))
        hide_typing(self.form)
        self.form.submitted.connect(self.save)
        self.body.addWidget(self.form)
        self.add_button(w.QuietButton("Thôi"), rejects=True)
        if user.has_pin:
            drop = self.add_button(w.QuietButton("Bỏ mã PIN"))
            drop.clicked.connect(lambda _checked=False: self.drop())
        self.save_button = self.add_button(w.PrimaryButton("Cất mã PIN"))
        self.save_button.clicked.connect(lambda _checked=False: self.save())
        QTimer.singleShot(0, self, self.form.focus_first)

    def save(self) -> None:
        """Take the new PIN when the old one is right."""
        if self.form.validate() and self._knows_old():
            self._put(self.form.values()["pin"])

    def drop(self) -> None:
        """Work without a PIN from now on."""
        if self._knows_old():
            self._put("")

    def _knows_old(self) -> bool:
        if not self._user.has_pin:
            return True
        found = check_pin(self._context, self._user.uid, self.form.raw()["old"])
        if not found.is_right:
            self.form.set_errors({"old": refusal(found)})
        return found.is_right

    def _put(self, pin: str) -> None:
        try:
            set_pin(self._context, self._user.uid, pin)
        except AppError as error:
            self.form.set_errors({"pin": error.message})
        else:
            self.accept()


def _same(values: Any) -> dict[str, str]:
    pin, again = values.get("pin"), values.get("again")
    return {"again": "Hai lần gõ không giống nhau."} if pin and again and pin != again else {}
