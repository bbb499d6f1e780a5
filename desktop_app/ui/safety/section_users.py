"""Thiết lập, part "Người làm việc": who works here, names, PINs.

Invariant: a PIN is changed only by the person who works now; names are changed as journalled deeds.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QStackedWidget

from desktop_app.models.records import UserRecord
from desktop_app.services.errors import AppError
from desktop_app.services.registry.users import add_user, list_users, remove_user, rename_user
from desktop_app.ui import widgets as w
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.registry.form_pane import FormPane, FormTask
from desktop_app.ui.safety.section import Section
from desktop_app.ui.safety.user_menu import choose_user
from desktop_app.ui.widgets.pair import ListAndPanel

ROLE_WORDS = {"officer": "Cán bộ xã", "volunteer": "Cộng tác viên"}
NAME_SPEC = w.FormSpec((w.Field("name", "Họ và tên", is_required=True, max_length=100),))
COLUMNS = (
    w.Column("name", "Họ và tên", 240, "strong", stretch=2, is_sortable=False),
    w.Column("role", "Vai trò", 140, value=lambda user: ROLE_WORDS.get(user.role, user.role), is_sortable=False),
    w.Column("has_pin", "Mã PIN", 80, "check", is_sortable=False),
    w.Column(
        "is_current",
        "Đang làm",
        150,
        "chip",
        value=lambda user: w.ChipData("Đang làm việc", "passed") if user.is_current else None,
        is_sortable=False,
    ),
)


class UsersSection(Section):
    """List and panel."""

    key, text, icon = "users", "Người làm việc", "users"

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.body.addWidget(
            w.label(
                "Nhiều người dùng chung máy thì mỗi người một tên: nhật ký ghi ai làm việc gì. Đổi người ở tên góc "
                "dưới bên trái. Mã PIN không bắt buộc.",
                "quiet",
                wrap=True,
            )
        )
        self.table = w.DataTable("users", COLUMNS, single=True)
        self.table.row_selected.connect(self._on_selected)
        self.panel, self.pane, self.ask_bar = w.SidePanel(), FormPane(), AskBar()
        self.pane.closed.connect(self._on_form_closed)
        self.pane.discard_asked.connect(self._ask_about_form)
        self.pane.failed.connect(self._on_failed)
        self._side = QStackedWidget()
        for part in (self.panel, self.pane):
            self._side.addWidget(part)
        right = w.Card(margins=0, spacing=8)
        right.setProperty("role", "")
        right.body.addWidget(self._side, 1)
        right.body.addWidget(self.ask_bar)
        self.pair = ListAndPanel(w.sized(self.table, min_height=260), right)
        self.body.addWidget(self.pair, 1)
        self.add_button = w.PrimaryButton("Thêm người", icon="user-plus")
        self.add_button.clicked.connect(lambda _checked=False: self.on_add())

    def buttons(self) -> tuple[Any, ...]:
        return (self.add_button,)

    @property
    def is_changed(self) -> bool:
        return self.pane.is_changed

    @property
    def user(self) -> UserRecord | None:
        current = self.table.current()
        return current if isinstance(current, UserRecord) else None

    def load(self) -> None:
        users = list_users(self.context)
        before = self.user
        self.table.set_source(w.ListSource(users))
        wanted = before.uid if before is not None else self.context.user
        self.table.select_row(next((n for n, user in enumerate(users) if user.uid == wanted), 0))

    def leave(self) -> bool:
        if self.pane.is_open and self.pane.is_changed:
            return self.pane.save()
        self.pane.close_form()
        return True

    def focus_first(self) -> None:
        self.table.view.setFocus()

    def _on_selected(self, user: UserRecord | None) -> None:
        if user is None or self.pane.is_open:
            return
        self.panel.clear()
        self.panel.set_title(user.name)
        self.panel.add_row("Vai trò", ROLE_WORDS.get(user.role, user.role))
        self.panel.add_row("Mã PIN", "Có" if user.has_pin else "Không")
        rename = w.QuietButton("Sửa tên")
        rename.clicked.connect(lambda _checked=False: self.on_rename(user))
        buttons: list[w.Button] = [rename]
        if user.is_current:
            pin = w.QuietButton("Đổi mã PIN" if user.has_pin else "Đặt mã PIN", icon="lock")
            pin.clicked.connect(lambda _checked=False: self.on_pin(user))
            buttons.append(pin)
        else:
            drop, work = w.QuietButton("Bỏ tên", icon="trash-2"), w.QuietButton("Làm việc bằng tên này", icon="log-out")
            drop.clicked.connect(lambda _checked=False: self.on_remove(user))
            work.clicked.connect(lambda _checked=False: self.on_switch(user))
            buttons = [work, rename, drop]
        self.panel.set_buttons(w.FlowRow(*buttons))

    def on_add(self) -> None:
        self._open("Thêm người làm việc", {}, lambda values: add_user(self.context, values["name"]))

    def on_rename(self, user: UserRecord) -> None:
        self._open("Sửa tên", {"name": user.name}, lambda values: rename_user(self.context, user.uid, values["name"]))

    def _open(self, title: str, values: dict[str, Any], save: Any) -> None:
        if not self.leave():
            return
        task = FormTask(title, NAME_SPEC, values, save, lambda _result, _values: self._done("Đã cất."), is_new=True)
        self.ask_bar.hide()
        self._side.setCurrentWidget(self.pane)
        self.pair.show_panel()
        self.pane.open(task)

    def on_pin(self, user: UserRecord) -> None:
        from desktop_app.ui.safety.pin_dialog import NewPinDialog

        dialog = NewPinDialog(self, self.context, user)
        if dialog.exec():
            self._done("Đã cất mã PIN.")
        dialog.deleteLater()

    def on_remove(self, user: UserRecord) -> None:
        """Ask, then take somebody off the list."""

        def remove() -> None:
            with self.page.errors():
                remove_user(self.context, user.uid)
                self._done(f"Đã bỏ {user.name} khỏi danh sách.")

        self.ask_bar.ask(
            f"Bỏ {user.name} khỏi danh sách? Việc đã làm vẫn mang tên người này.",
            Answer("Bỏ tên", remove, "danger"),
            Answer("Giữ lại"),
        )

    def on_switch(self, user: UserRecord) -> None:
        window = self.window()
        from desktop_app.ui.main_window import MainWindow

        if choose_user(window if isinstance(window, MainWindow) else None, self.context, self.page.host, user):
            self.load()

    def _done(self, said: str) -> None:
        self.load()
        self.page.host.user_changed()
        self.page.notify(said, can_undo=False)

    def _on_form_closed(self) -> None:
        self.ask_bar.hide()
        self._side.setCurrentWidget(self.panel)
        self.pair.show_list()
        self._on_selected(self.user)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            raise error
        self.ask_bar.ask(error.message, Answer("Đã hiểu", self.pane.resume))

    def _ask_about_form(self) -> None:
        self.ask_bar.ask(
            "Có điều chưa cất; những gì đã gõ vẫn còn đó.",
            Answer("Cất", self.pane.save, "primary"),
            Answer("Bỏ thay đổi", self.pane.close_form, "danger"),
            Answer("Làm tiếp", self.pane.resume),
        )
