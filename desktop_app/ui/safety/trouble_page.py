"""A register that does not open: what is wrong, trying again, and restoring, all on one screen.

Invariant: nothing is changed here before the person has chosen.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from desktop_app.services.errors import AppError
from desktop_app.ui import widgets as w
from desktop_app.ui.errors import heading
from desktop_app.ui.page import Page
from desktop_app.ui.safety.host import Host
from desktop_app.ui.safety.restore_pane import RestorePane
from desktop_app.ui.tasks import TaskRunner

BETTER_TRIED_AGAIN = frozenset({"database.locked", "database.readonly", "database.unreachable", "database.full"})
"""Troubles of the surroundings: trying again comes before restoring."""


class TroublePage(Page):
    """The sentence, then what can be done."""

    title_text = "Sổ chưa mở được"
    help_topic = "khoi_phuc"

    def __init__(self, host: Host, error: AppError) -> None:
        super().__init__(None)
        self._host = host
        _title, tone, icon = heading(error)
        self.message = w.Banner(error.message, tone, closable=False, icon=icon)
        self.body.addWidget(self.message)
        self.body.addWidget(w.label("Khôi phục từ bản sao lưu", "strong"))
        self.pane = RestorePane(host, self._tasks)
        self.body.addWidget(self.pane, 1)
        self.retry_button = self.button_for("reload", host.try_again, text="Thử mở lại", primary=True)
        folder = w.QuietButton("Mở thư mục dữ liệu", icon="folder-open")
        folder.clicked.connect(lambda _checked=False: self._open_folder())
        choose = w.QuietButton("Chọn tệp sao lưu…", icon="archive-restore")
        choose.clicked.connect(lambda _checked=False: self.pane.choose_file())
        self.set_header_buttons(folder, choose, self.retry_button)
        self._first = self.retry_button if error.code in BETTER_TRIED_AGAIN else self.pane.table.view

    def _tasks(self) -> TaskRunner:
        assert self.shell is not None
        return self.shell.tasks

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._host.open_folder)))

    def refresh(self) -> None:
        self.pane.reload()

    def on_shown(self) -> None:
        self._first.setFocus(Qt.FocusReason.OtherFocusReason)
