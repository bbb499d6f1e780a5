"""Who works: the menu at the foot of the navigation, by which several people on one PC take turns.

Invariant: a person with a PIN is not taken on without it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from desktop_app.models.records import UserRecord
from desktop_app.services.registry.users import list_users, switch_user
from desktop_app.ui import icons
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.safety.host import Host


class UserMenu(QMenu):
    """Names with a tick at the present one; below them the way to the list."""

    def __init__(self, context: Any, host: Host, window: MainWindow) -> None:
        super().__init__(window)
        self._context, self._host, self._window = context, host, window
        self.setAccessibleName("Người làm việc")
        for user in list_users(context):
            action = self.addAction(icons.icon("lock") if user.has_pin else icons.icon("user-round"), user.name)
            action.setCheckable(True)
            action.setChecked(user.is_current)
            action.triggered.connect(partial(self._on_chosen, user))
        self.addSeparator()
        more = self.addAction(icons.icon("user-plus"), "Thêm người, đặt mã PIN…")
        more.triggered.connect(lambda _checked=False: window.open_page("settings", "users"))
        self.aboutToHide.connect(self.deleteLater)

    def popup_above(self, corner: QPoint) -> None:
        """Show it with its lower left corner beside the name, inside the screen."""
        height = self.sizeHint().height()
        self.popup(QPoint(corner.x() + 4, max(0, corner.y() - height + 40)))
        actions = self.actions()
        if actions:
            self.setActiveAction(next((a for a in actions if a.isChecked()), actions[0]))

    def _on_chosen(self, user: UserRecord, _checked: bool = False) -> None:
        choose_user(self._window, self._context, self._host, user)


def choose_user(window: MainWindow | None, context: Any, host: Host, user: UserRecord) -> bool:
    """Let somebody work from now on, asking the PIN where there is one; True when it was done."""
    if user.is_current:
        return True
    if user.has_pin:
        from desktop_app.ui.safety.pin_dialog import PinDialog

        dialog = PinDialog(window, context, user)
        done = bool(dialog.exec())
        dialog.deleteLater()
    else:
        done = switch_user(context, user.uid).is_right
    if done:
        host.user_changed()
        if window is not None:
            window.notify(f"{user.name} đang làm việc.")
    return done
