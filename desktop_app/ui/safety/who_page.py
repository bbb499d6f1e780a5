"""Who works now? Asked at the start when the last person has a PIN.

A PIN guards a name, so that nobody works by another's; it is no lock of the data. Whoever is not on the list, or has
forgotten his PIN, works by a new name, and the journal says so. Invariant: nothing of the register is shown before.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from desktop_app.models.records import UserRecord
from desktop_app.services.registry.users import add_user, list_users, switch_user
from desktop_app.ui import widgets as w
from desktop_app.ui.page import Page
from desktop_app.ui.safety.choices import ChoiceCard
from desktop_app.ui.safety.host import Host


class WhoPage(Page):
    """A card a person; a PIN is asked for in a dialog."""

    title_text = "Sổ Học Tập"
    help_topic = "nguoi_lam_viec"

    def __init__(self, context: Any, host: Host) -> None:
        super().__init__(context)
        self._host = host
        holder = QWidget()
        column = w.vbox(holder, spacing=16)
        column.addWidget(w.label("Ai đang làm việc?", "display", wrap=True))
        self.cards: list[ChoiceCard] = []
        for user in list_users(context):
            card = ChoiceCard(
                "lock" if user.has_pin else "user-round", user.name, "Có mã PIN" if user.has_pin else "Không cần mã"
            )
            card.chosen.connect(partial(self._on_chosen, user))
            self.cards.append(card)
            column.addWidget(card)
        self.other = ChoiceCard(
            "user-plus", "Người khác", "Chưa có tên ở đây, hoặc quên mã PIN: làm việc bằng tên mới."
        )
        self.other.chosen.connect(self._on_other)
        column.addWidget(self.other)
        row = w.hbox(spacing=0)
        row.addStretch(1)
        row.addWidget(w.sized(holder, max_width=560), 20)
        row.addStretch(1)
        self.body.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(2)

    def on_shown(self) -> None:
        users = list_users(self.context)
        place = next((n for n, user in enumerate(users) if user.is_current), 0)
        self.cards[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_chosen(self, user: UserRecord) -> None:
        from desktop_app.ui.safety.pin_dialog import PinDialog

        if user.has_pin:
            dialog = PinDialog(self, self.context, user)
            done = bool(dialog.exec())
            dialog.deleteLater()
        else:
            done = switch_user(self.context, user.uid).is_right
        if done:
            self._host.adopt(self.context)

    def _on_other(self) -> None:
        """A new name, added as its own deed."""
        dialog = NewNameDialog(self, self.context)
        done = bool(dialog.exec())
        dialog.deleteLater()
        if done:
            self._host.adopt(self.context)


class NewNameDialog(w.Dialog):
    """Adds somebody and lets him work."""

    def __init__(self, parent: QWidget | None, context: Any) -> None:
        super().__init__(parent, "Làm việc bằng tên mới", "Tên này được ghi vào nhật ký.", icon="user-plus", width=420)
        self._context = context
        field = w.Field("name", "Họ và tên", is_required=True, max_length=100)
        self.form = w.FormView(w.FormSpec((field,)))
        self.form.submitted.connect(self.save)
        self.body.addWidget(self.form)
        self.add_button(w.QuietButton("Thôi"), rejects=True)
        self.save_button = self.add_button(w.PrimaryButton("Vào làm việc"))
        self.save_button.clicked.connect(lambda _checked=False: self.save())
        QTimer.singleShot(0, self, self.form.focus_first)

    def save(self) -> None:
        if not self.form.validate():
            return
        made = add_user(self._context, self.form.values()["name"])
        if made.uid is None:
            self.form.set_errors({"name": made.errors[0].message})
            return
        switch_user(self._context, made.uid)
        self.accept()
