"""Thiết lập, part "Sao lưu, khôi phục": making backups here, on a stick or anywhere, and going back to one."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from desktop_app.services.safety.backup import back_up_to, back_up_to_stick, file_stem, make_backup
from desktop_app.services.safety.inspection import BackupInfo
from desktop_app.services.safety.sticks import Drive, removable_drives
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.safety.restore_pane import BACKUP_FILES, RestorePane
from desktop_app.ui.safety.section import Section
from desktop_app.ui.widgets import dialogs


class BackupSection(Section):
    """What is done by itself, what can be done now, and the list."""

    key, text, icon = "backup", "Sao lưu", "database-backup"

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.body.addWidget(
            w.label(
                "Chương trình tự sao lưu mỗi ngày và khi đóng, đọc lại để chắc bản sao tốt, rồi giữ: mọi bản hôm nay, "
                "mỗi ngày một bản trong tuần, mỗi tuần một bản trong tháng, mỗi tháng một bản trong năm. Máy hỏng thì "
                "bản trên máy cũng mất: hãy chép thêm ra USB. Bản sao lưu có dữ liệu cá nhân, cất USB ở nơi có khóa.",
                "quiet",
                wrap=True,
            )
        )
        self.pane = RestorePane(page.host, lambda: page.tasks)
        self.body.addWidget(self.pane, 1)
        self.now_button = w.PrimaryButton("Sao lưu ngay", icon="database-backup")
        self.now_button.clicked.connect(lambda _checked=False: self.on_now())
        self.file_button = w.QuietButton("Ra tệp khác…", icon="save")
        self.file_button.clicked.connect(lambda _checked=False: self.on_file())
        self.open_button = w.QuietButton("Chọn tệp sao lưu…", icon="folder-open")
        self.open_button.clicked.connect(lambda _checked=False: self.pane.choose_file())
        self._sticks = w.FlowRow(spacing=8)
        self.body.insertWidget(1, self._sticks)

    def buttons(self) -> tuple[Any, ...]:
        return (self.open_button, self.file_button, self.now_button)

    def load(self) -> None:
        self._sticks.clear()
        drives = removable_drives()
        for drive in drives:
            button = self._sticks.add(w.QuietButton(f"Sao lưu vào USB {drive.name}", icon="usb"))
            button.clicked.connect(partial(self._on_stick, drive))
        self._sticks.setVisible(bool(drives))
        self.pane.reload()

    def on_now(self) -> None:
        """A backup in the data folder."""
        self._run(lambda progress: make_backup(self.context), self._on_made, "Đang sao lưu sổ")

    def _on_made(self, _made: object) -> None:
        self.page.host.backed_up()
        self.page.notify("Đã sao lưu và đọc lại để kiểm tra.")
        self.load()

    def on_file(self) -> None:
        """A backup in any file."""
        from desktop_app.services.register import home_commune

        name = f"{file_stem(home_commune(self.context)['name'])}-{dt.datetime.now():%Y%m%d-%H%M}.db"
        out = dialogs.ask_save_file(self, "Sao lưu ra tệp", BACKUP_FILES, name=name, suffix="db")
        if out is not None:
            self._run(lambda progress: back_up_to(self.context, out), self._on_written, f"Đang sao lưu ra {out.name}")

    def _on_stick(self, drive: Drive, _checked: bool = False) -> None:
        self._run(
            lambda progress: back_up_to_stick(self.context, drive), self._on_written, f"Đang sao lưu vào {drive.name}"
        )

    def _on_written(self, info: BackupInfo) -> None:
        self.page.notify(
            f"Đã sao lưu {number_text(info.households)} hộ, {number_text(info.citizens)} người ra {info.path.name}."
        )
        self.load()

    def _run(self, work: Any, on_done: Any, title: str) -> None:
        self.page.tasks.run(work, on_done, self.page.say_error, title=title, can_cancel=False)

    def focus_first(self) -> None:
        (self.pane.table.view if self.pane.table.current() is not None else self.now_button).setFocus()
