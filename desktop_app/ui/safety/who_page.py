"""Who works now? Asked at the start when the last person has a PIN.

Invariant: nothing of the register is shown before somebody was let in.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.models.records import UserRecord
from desktop_app.services.registry.users import list_users, switch_user
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
