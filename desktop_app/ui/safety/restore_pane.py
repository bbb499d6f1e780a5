"""The backups there are, what the chosen one holds, what would be lost, and restoring it.

Invariant: a backup is read whole before it can be restored, and a question stands between the choice and the deed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop_app.services.safety.backup import STICK_FOLDER, BackupKind, list_backups
from desktop_app.services.safety.restore import RestorePreview, restore_preview
from desktop_app.services.safety.sticks import removable_drives
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.safety.facts import when_text
from desktop_app.ui.safety.host import Host
from desktop_app.ui.tasks import TaskRunner
from desktop_app.ui.widgets import dialogs

BACKUP_FILES = "Bản sao lưu (*.db);;Mọi tệp (*)"
KINDS = {
    BackupKind.REGULAR: "Sao lưu",
    BackupKind.BEFORE_RESTORE: "Giữ trước khi khôi phục",
    BackupKind.BEFORE_UPGRADE: "Giữ trước khi nâng cấp",
    BackupKind.OTHER: "Tệp khác",
}


@dataclass(frozen=True)
class BackupRow:
    """One line of the list."""

    path: Path
    made_at: dt.datetime
    when: str
    kind: str
    size: str
    place: str


COLUMNS = (
    w.Column("when", "Lúc", 130, "strong", is_sortable=False),
    w.Column("kind", "Loại", 170, is_sortable=False, stretch=1),
    w.Column("place", "Nằm ở", 110, "quiet", is_sortable=False, stretch=1),
    w.Column("size", "Dung lượng", 100, "quiet", is_sortable=False),
)


def backup_rows(folder: Path, chosen: Sequence[Path], now: dt.datetime) -> list[BackupRow]:
    """What can be restored: the data folder's backups, those on sticks, and files the person chose; newest first."""
    rows = [_row(b.path, b.made_at, KINDS[b.kind], b.size, "Máy này", now) for b in list_backups(folder)]
    for drive in removable_drives():
        found = sorted((drive.path / STICK_FOLDER).glob("*.db"))
        rows.extend(_file_row(path, f"USB {drive.name}", now) for path in found)
    rows.sort(key=lambda row: row.made_at, reverse=True)
    return [_file_row(path, path.parent.name or str(path.parent), now) for path in chosen] + rows


def _file_row(path: Path, place: str, now: dt.datetime) -> BackupRow:
    status = path.stat()
    return _row(path, dt.datetime.fromtimestamp(status.st_mtime), path.name, status.st_size, place, now)


def _row(path: Path, at: dt.datetime, kind: str, size: int, place: str, now: dt.datetime) -> BackupRow:
    return BackupRow(path, at, when_text(at, now), kind, f"{number_text(size / 1_000_000, 1)} MB", place)


class RestorePane(QWidget):
    """List at the left, the chosen backup at the right.

    Args:
        host: the composition root.
        tasks: gives the runner of the window at hand.
    """

    def __init__(self, host: Host, tasks: Callable[[], TaskRunner]) -> None:
        super().__init__()
        self._host = host
        self._tasks = tasks
        self._chosen: list[Path] = []
        self._asked: Path | None = None
        self.preview: RestorePreview | None = None
        column = w.vbox(self, spacing=12)
        self.confirm = w.ConfirmBar("", "Khôi phục bản này", "Để nguyên sổ hiện tại")
        self.confirm.confirmed.connect(self._on_confirmed)
        column.addWidget(self.confirm)
        self.table = w.DataTable("backups", COLUMNS, single=True)
        self.table.set_placeholder(
            w.EmptyState("database-backup", "Chưa có bản sao lưu nào trên máy này. Nếu có trên USB, hãy chọn tệp.")
        )
        self.table.row_selected.connect(self._on_selected)
        self.panel = w.SidePanel()
        self.restore_button = w.Button("Khôi phục bản này…", icon="archive-restore")
        self.table.row_opened.connect(lambda _row: self.restore_button.setFocus(Qt.FocusReason.TabFocusReason))
        self.restore_button.clicked.connect(lambda _checked=False: self.ask())
        self.panel.set_buttons(self.restore_button)
        column.addWidget(w.MasterDetail(w.sized(self.table, min_height=220), self.panel, detail_width=400), 1)
        self._show_nothing()

    def reload(self) -> None:
        """Read the folders again and stand on the newest backup."""
        rows = backup_rows(self._host.open_folder, self._chosen, dt.datetime.now())
        self.table.set_source(w.ListSource(rows))
        if rows:
            self.table.select_row(0)
        else:
            self._show_nothing()

    def choose_file(self) -> None:
        """Take a file from elsewhere into the list."""
        for path in dialogs.ask_open_files(self, "Chọn bản sao lưu", BACKUP_FILES):
            self.add_file(path)

    def add_file(self, path: Path) -> None:
        if path in self._chosen:
            self._chosen.remove(path)
        self._chosen.insert(0, path)
        self.reload()

    def ask(self) -> None:
        """The question before the deed."""
        if self.preview is not None:
            other = "Đây là sổ của xã khác! " if self.preview.is_other_commune else ""
            self.confirm.ask(f"{other}{self.preview.sentence} Khôi phục bản này?")

    def _on_confirmed(self) -> None:
        if self.preview is not None:
            self._host.restore_from(self.preview.backup.path)

    def _on_selected(self, row: BackupRow | None) -> None:
        self.confirm.hide()
        if row is None:
            self._show_nothing()
            return
        self.preview = None
        self._asked = row.path
        self.restore_button.setEnabled(False)
        self.panel.clear()
        self.panel.set_title(row.when, w.ChipData("Đang đọc…", "neutral", "hourglass"))
        self.panel.add_text(row.path.name, "small")
        self._tasks().run(
            lambda progress: restore_preview(self._host.open_folder, row.path),
            partial(self._on_previewed, row),
            partial(self._on_refused, row),
            shows_dialog=False,
            can_cancel=False,
        )

    def _on_previewed(self, row: BackupRow, preview: RestorePreview) -> None:
        if not isValid(self) or row.path != self._asked:
            return
        backup = preview.backup
        self.preview = preview
        self.panel.clear()
        self.panel.set_title(row.when, w.ChipData("Đã đọc trọn, không hỏng", "passed"))
        self.panel.add_row("Xã", backup.commune)
        self.panel.add_row("Số hộ", number_text(backup.households))
        self.panel.add_row("Công dân", number_text(backup.citizens))
        self.panel.add_row("Sửa lần cuối", backup.last_change_text)
        self.panel.add_row("Thao tác", number_text(backup.operations))
        self.panel.add_section("Nếu khôi phục")
        self.panel.add_text(_loss_sentence(preview), tone="attention" if preview.lost_operations else "")
        if preview.is_other_commune:
            self.panel.add_text("Đây là sổ của xã khác.", "warning")
        self.panel.add_text(row.path.name, "small")
        self.restore_button.setEnabled(True)

    def _on_refused(self, row: BackupRow, error: Exception) -> None:
        from desktop_app.ui.errors import as_app_error

        if not isValid(self) or row.path != self._asked:
            return
        self.panel.clear()
        self.panel.set_title(row.when, w.ChipData("Không dùng được", "failed"))
        self.panel.add_text(as_app_error(error).message)
        self.panel.add_text(row.path.name, "small")

    def _show_nothing(self) -> None:
        self.preview, self._asked = None, None
        self.restore_button.setEnabled(False)
        self.panel.clear()
        self.panel.set_title("Chọn một bản sao lưu")
        self.panel.add_text("Ở đây sẽ hiện nó giữ những gì và khôi phục thì mất những gì.", "quiet")


def _loss_sentence(preview: RestorePreview) -> str:
    if preview.is_present_broken:
        return "Sổ hiện tại không đọc được; tệp của nó được giữ riêng trong thư mục sao lưu."
    if preview.present is None:
        return "Hiện chưa có sổ nào, nên không mất gì."
    if not preview.lost_operations:
        return "Không mất thay đổi nào của sổ hiện tại."
    return (
        f"Sẽ mất {number_text(preview.lost_operations)} thay đổi của sổ hiện tại. Sổ hiện tại được giữ riêng, có thể "
        "khôi phục lại."
    )
