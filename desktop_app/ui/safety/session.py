"""One opened register in one window: who and where on the frame, what was saved when, backups, undo, search.

Invariant: every word of the frame is read again from the register, never kept apart; backups never stop the work.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QTimer, Signal

from desktop_app.services.errors import AppError
from desktop_app.ui import texts
from desktop_app.ui.safety.host import Host

if TYPE_CHECKING:
    from desktop_app.services.context import Context
    from desktop_app.services.history import Undone
    from desktop_app.services.safety.sticks import Drive
    from desktop_app.ui.main_window import MainWindow
    from desktop_app.ui.tasks import TaskRunner
    from desktop_app.ui.widgets.search_popup import SearchHit

AFTER_LIST_MS = 120
FIRST_LOOK_MS = 4_000
LOOK_MS = 20_000
COUNT_MS = 400
"""So long after the last deed it is counted what other machines do not have; not between two keys."""
MANY = 500
"""A deed of more changes is taken back in a worker."""
log = logging.getLogger(__name__)
SAMPLE_WORDS = (
    "Đang mở xã mẫu: mọi người và số liệu ở đây là bịa, để tập làm. Về sổ của xã trong Thiết lập, mục Hiển thị."
)


class Session(QObject):
    """What the composition root does for an opened register.

    Args:
        context: the register.
        host: the composition root.
    """

    _done = Signal(object)

    def __init__(self, context: Context, host: Host) -> None:
        super().__init__()
        self.context = context
        self._host = host
        self._window: MainWindow | None = None
        self._offered: set[str] = set()
        self._is_backing_up = False
        self._closing_work: TaskRunner | None = None
        self._done.connect(self._on_done)
        self._tell: Callable[[Any], None] = self._done.emit
        context.journal.listeners.append(self._tell)
        self._counting = QTimer(self, singleShot=True, interval=COUNT_MS)
        self._counting.timeout.connect(self._show_unsent)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look_around)

    def attach(self, window: MainWindow) -> None:
        """Put the register's words on the window and listen to it."""
        self._window = window
        window.set_training(SAMPLE_WORDS if self._host.is_sample else "")
        window.user_clicked.connect(self._on_user)
        window.backup_clicked.connect(lambda: window.open_page("settings", "backup"))
        window.unsent_clicked.connect(lambda: window.open_page("sync"))
        window.undo_requested.connect(self.undo)
        window.page_opened.connect(self._on_page_opened)
        self.show_place()
        self.show_user()
        QTimer.singleShot(AFTER_LIST_MS, self, self.show_rest)
        QTimer.singleShot(FIRST_LOOK_MS, self, self.look_around)
        self._timer.start()

    def close(self) -> None:
        """Stop listening and close the register."""
        from desktop_app.services.safety.opening import close_safely

        self._timer.stop()
        self._counting.stop()
        self._window = None
        if self._tell in self.context.journal.listeners:
            self.context.journal.listeners.remove(self._tell)
        close_safely(self.context)

    # -- the frame -------------------------------------------------------------------------------------------

    def show_place(self) -> None:
        """Commune and round under the product's name."""
        from desktop_app.ui.safety.facts import place_text

        if self._window is not None:
            self._window.set_place(place_text(self.context))

    def show_user(self) -> None:
        from desktop_app.services.safety.opening import who_works

        if self._window is not None:
            self._window.set_user(who_works(self.context)[0] or "Chọn người làm việc")

    def show_rest(self) -> None:
        """What can wait until the first list is there: the status line, the inbox, the search over everything."""
        if self._window is None:
            return
        self._window.set_search(self._find)
        self.show_backup()
        self._show_exchange()

    def show_backup(self) -> None:
        from desktop_app.services.safety.backup import newest_backup
        from desktop_app.ui.safety.facts import when_text

        if self._window is not None:
            newest = newest_backup(self.context.folder)
            self._window.status.set_backup(when_text(newest.made_at, dt.datetime.now()) if newest else "chưa có")

    def _show_exchange(self) -> None:
        from desktop_app.ui.safety.facts import waiting_exchange

        if self._window is not None:
            conflicts, unsent = waiting_exchange(self.context)
            self._window.set_badge("sync", conflicts)
            self._window.status.set_unsent(unsent)

    def _on_page_opened(self, key: str) -> None:
        """The exchange's page and the status line must not name different counts."""
        if key == "sync":
            self._show_unsent()

    def _show_unsent(self) -> None:
        """Only the count, by which nothing on a page changes."""
        from desktop_app.services.sync.status import unsent_now

        if self._window is not None:
            self._window.status.set_unsent(unsent_now(self.context))

    def _on_done(self, done: Any) -> None:
        """A deed was written, by whatever thread: say so, and let the pages behind read again."""
        window = self._window
        if window is None:
            return
        if done.tables:
            window.saved(dt.datetime.now())
            window.announce_behind(*sorted(done.tables))
        if done.kind.startswith(("user.", "register.")):
            self.show_user()
        if done.kind.startswith(("round.", "register.", "undo.round")):
            self.show_place()
        if done.kind.startswith(("merge.", "conflict.", "undo.merge")):
            self._show_exchange()
        else:
            self._counting.start()

    # -- keys of the frame -----------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the newest deed that can be taken back; a great one in a worker."""
        from desktop_app.models.types import UndoClass
        from desktop_app.services.history import find_operation, newest_undoable, undo

        window = self._window
        if window is None:
            return
        try:
            newest = newest_undoable(self.context)
            record = find_operation(self.context, newest) if newest is not None else None
            if record is not None and (record.changes > MANY or record.undo_class is UndoClass.WITHDRAWN):
                window.tasks.run(
                    lambda progress: undo(self.context, record.id, progress=progress),
                    self._on_undone,
                    self._on_undo_failed,
                    title="Đang hoàn tác",
                    on_cancelled=lambda: window.notify(texts.UNDO_STOPPED, "attention"),
                )
                return
            self._on_undone(undo(self.context, newest))
        except AppError as error:
            self._on_undo_failed(error)

    def _on_undone(self, undone: Undone) -> None:
        if self._window is not None:
            self._window.notify(f"Đã hoàn tác: {undone.sentence}")
            self._window.announce_change()

    def _on_undo_failed(self, error: Exception) -> None:
        from desktop_app.ui.errors import as_app_error

        if self._window is not None:
            self._window.notify(as_app_error(error).message, "attention")

    def _find(self, text: str) -> Sequence[SearchHit]:
        from desktop_app.ui.search import find_hits

        return find_hits(self.context, text)

    def _on_user(self) -> None:
        from desktop_app.ui.safety.user_menu import UserMenu

        assert self._window is not None
        menu = UserMenu(self.context, self._host, self._window)
        item = self._window.navigation.user_item
        corner = item.mapToGlobal(QPoint(item.width(), 0))
        menu.popup_above(corner)

    # -- backups ---------------------------------------------------------------------------------------------

    def look_around(self) -> None:
        """Now and then: is the daily backup due, has a stick been put in?"""
        from desktop_app.services.safety.backup import is_due

        window = self._window
        if window is None or window.tasks.is_busy or self._is_backing_up:
            return
        try:
            due = not self._host.is_sample and is_due(self.context, dt.datetime.now())
        except AppError as error:
            log.warning("looking for the daily backup: %s", error.code)
            return
        if due:
            self.back_up()
        elif not self._host.is_sample:
            self._offer_sticks(window)

    def back_up(self) -> None:
        """A quiet backup in the background."""
        from desktop_app.services.safety.backup import make_backup

        assert self._window is not None
        self._is_backing_up = True
        self._window.tasks.run(
            lambda progress: make_backup(self.context),
            lambda _made: self._on_backed_up(),
            self._on_backup_failed,
            shows_dialog=False,
            can_cancel=False,
        )

    def _on_backed_up(self) -> None:
        self._is_backing_up = False
        self.show_backup()

    def _on_backup_failed(self, error: Exception) -> None:
        """A failed daily backup must be seen; it is tried again at closing, not every few seconds."""
        from desktop_app.ui.errors import as_app_error

        self._timer.stop()
        self._is_backing_up = False
        log.error("the daily backup failed", exc_info=error)
        if self._window is not None and self._window.current_page is not None:
            self._window.current_page.show_banner(as_app_error(error).message, "attention")

    def _offer_sticks(self, window: MainWindow) -> None:
        from desktop_app.services.safety.sticks import removable_drives

        page = window.current_page
        drives = [drive for drive in removable_drives() if str(drive.path) not in self._offered]
        if not drives or page is None or page.banner is not None or window.current_key == "settings":
            return
        drive = drives[0]
        self._offered.add(str(drive.path))
        page.show_banner(
            f"Có USB {drive.name} đang cắm. Chép một bản sao lưu của sổ vào đó?",
            "accent",
            button="Sao lưu vào USB",
            on_button=partial(self.back_up_to, drive),
        )

    def back_up_to(self, drive: Drive) -> None:
        """A backup on a stick, asked for by the person."""
        from desktop_app.services.safety.backup import back_up_to_stick

        window = self._window
        assert window is not None
        if window.current_page is not None:
            window.current_page.clear_banner()
        window.tasks.run(
            lambda progress: back_up_to_stick(self.context, drive),
            lambda info: window.notify(f"Đã sao lưu vào USB {drive.name} và đọc lại để kiểm tra: {info.path.name}"),
            title=f"Đang sao lưu vào {drive.name}",
            can_cancel=False,
        )

    def wait(self) -> None:
        """Wait for the backup before closing."""
        if self._closing_work is not None:
            self._closing_work.wait_all()

    def back_up_before_closing(self, then: Callable[[], None]) -> None:
        """The window is gone; back up what is new, then go on whatever came of it."""
        from desktop_app.services.safety.backup import has_unsaved_changes, make_backup
        from desktop_app.ui.errors import show_error
        from desktop_app.ui.tasks import TaskRunner

        try:
            needed = not self._host.is_sample and has_unsaved_changes(self.context)
        except AppError:
            needed = False
        if not needed:
            then()
            return
        runner = self._closing_work = TaskRunner()

        def failed(error: Exception) -> None:
            show_error(error)
            then()

        runner.run(
            lambda progress: make_backup(self.context),
            lambda _made: then(),
            failed,
            title="Đang sao lưu sổ trước khi đóng",
            can_cancel=False,
        )
