"""Restoring as a screen of its own: from the first start, and beside a register that does not open."""

from __future__ import annotations

from desktop_app.ui import widgets as w
from desktop_app.ui.page import Page
from desktop_app.ui.safety.host import Host
from desktop_app.ui.safety.restore_pane import RestorePane
from desktop_app.ui.tasks import TaskRunner


class RestorePage(Page):
    """The pane under one sentence."""

    title_text = "Khôi phục từ bản sao lưu"
    help_topic = "khoi_phuc"

    def __init__(self, host: Host) -> None:
        super().__init__(None)
        self.body.addWidget(
            w.label(
                "Chọn một bản để xem nó giữ những gì. Sổ chỉ đổi sau khi bạn bấm Khôi phục và xác nhận.",
                "quiet",
                wrap=True,
            )
        )
        self.pane = RestorePane(host, self._tasks)
        self.body.addWidget(self.pane, 1)
        choose = w.QuietButton("Chọn tệp khác…", icon="folder-open")
        choose.clicked.connect(lambda _checked=False: self.pane.choose_file())
        self.set_header_buttons(choose)
        self.bind("reload", self.refresh)

    def _tasks(self) -> TaskRunner:
        assert self.shell is not None
        return self.shell.tasks

    def refresh(self) -> None:
        self.pane.reload()

    def on_shown(self) -> None:
        self.pane.table.view.setFocus()
