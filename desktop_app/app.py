"""The composition root of the window: data folder, log, lock, look, register, pages; loads nothing before it is needed.

Invariant: the frame is seen before the database is loaded; one window a data folder; what does not open is shown with
its way out, never with a traceback.
"""

from __future__ import annotations

import gc
import importlib
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from desktop_app.services.errors import AppError
from desktop_app.services.folders import SAMPLE_FOLDER, default_folder, has_register
from desktop_app.services.resources import resource_path
from desktop_app.services.safety.lock import Held, hold_window_lock
from desktop_app.services.safety.logs import start_log, stop_log
from desktop_app.ui import texts, theme
from desktop_app.ui.errors import install_excepthook, show_error
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import Page, PageSpec
from desktop_app.ui.safety.remembered import Remembered
from desktop_app.ui.widgets import state
from desktop_app.ui.zoom import Zoom, nearest_step

if TYPE_CHECKING:
    from desktop_app.services.context import Context
    from desktop_app.ui.safety.session import Session

__all__ = ["Program", "default_folder", "run"]

START_MS = 3_000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """A screen of the navigation and where its page is made, "module:Class" below ``desktop_app.ui``."""

    key: str
    text: str
    icon: str
    home: str
    is_bottom: bool = False


ENTRIES = (
    Entry("overview", "Tổng quan", "layout-dashboard", "overview.page:OverviewPage"),
    Entry("households", "Hộ gia đình", "house", "registry.household_page:HouseholdPage"),
    Entry("citizens", "Công dân", "users", "registry.citizen_page:CitizenPage"),
    Entry("clans", "Dòng họ", "network", "registry.clan_page:ClanPage"),
    Entry("hamlets", "Thôn – tổ", "map-pin", "registry.hamlet_page:HamletPage"),
    Entry("organizations", "Đơn vị", "building-2", "registry.organization_page:OrganizationPage"),
    Entry("assessment", "Đánh giá", "clipboard-check", "assessment.page:AssessmentPage"),
    Entry("recognition", "Công nhận", "award", "recognition.page:RecognitionPage"),
    Entry("sync", "Đồng bộ", "arrow-left-right", "sync.page:SyncPage"),
    Entry("journal", "Nhật ký", "history", "journal.page:JournalPage"),
    Entry("settings", "Thiết lập", "settings", "safety.settings_page:SettingsPage", is_bottom=True),
)


class Program(QObject):
    """Holds the one window and the one opened register; implements ``ui.safety.host.Host``.

    Args:
        app: the Qt application.
        folder: the data folder.

    Signals:
        finished: the window is closed and everything with it; the program may end.
    """

    finished = Signal()

    def __init__(self, app: QApplication, folder: Path) -> None:
        super().__init__()
        self.app = app
        self.folder = folder
        self.is_sample = False
        self.is_finished = False
        self.window: MainWindow | None = None
        self.session: Session | None = None
        self._lock: Held | None = None
        self._waiting: Context | None = None
        self.remembered = Remembered(folder)
        self.zoom = Zoom(app, lambda percent: self.remembered.set("zoom", percent))

    @property
    def is_contrast(self) -> bool:
        return theme.look().is_contrast

    @property
    def open_folder(self) -> Path:
        """The data folder of the register that is open or to be opened."""
        return self.folder / SAMPLE_FOLDER if self.is_sample else self.folder

    def start(self) -> bool:
        """Take the lock, set the look, show the window; False when another window is open."""
        gc.disable()  # nothing that is made while starting is garbage; looking for it took a tenth of the start
        QTimer.singleShot(START_MS, self, gc.enable)
        start_log(self.folder)
        install_excepthook(lambda: self.window)
        self.app.setQuitOnLastWindowClosed(False)
        self.set_look(nearest_step(self.remembered.get("zoom", 100)), contrast=self.remembered.get("contrast", False))
        state.use_store(self.remembered.load_text, self.remembered.save_text)
        try:
            self._lock = hold_window_lock(self.folder)
        except AppError as error:
            show_error(error)
            return False
        self.show_first()
        return True

    def set_look(self, percent: int, *, contrast: bool = False) -> None:
        """Words, fonts, colours and size of the whole program."""
        texts.install(self.app)
        theme.load_fonts()
        theme.apply(self.app, percent=percent, contrast=contrast)

    def shut(self) -> None:
        """Close the window and the register at once, without the backup that a person's closing makes."""
        gc.enable()
        self._leave()
        self.remembered.flush()

    def show_first(self) -> None:
        """The main window where there is a register, else the first start."""
        if has_register(self.open_folder):
            self.show_register()
        else:
            self.is_sample = False
            self.show_alone("start", "Bắt đầu", self._start_page)

    # -- windows ---------------------------------------------------------------------------------------------

    def show_register(self, context: Context | None = None) -> None:
        """The main window; without a context the register is opened when the first page is made."""
        if not self._leave():
            return
        if context is not None:
            self._make_session(context)
        specs = [PageSpec(e.key, e.text, e.icon, partial(self._make_page, e.home), e.is_bottom) for e in ENTRIES]
        first = self.remembered.get("page", "")
        window = self._show(MainWindow(specs, None, zoom=self.zoom, first=first))
        if self.session is not None:
            self.session.attach(window)

    def show_alone(self, key: str, text: str, factory: Callable[[Any], Page]) -> None:
        """A window of one page, without navigation: the first start, and a register that does not open."""
        if self._leave():
            window = self._show(MainWindow([PageSpec(key, text, "house", factory)], None, zoom=self.zoom))
            window.navigation.hide()
            window.header.search_box.hide()

    def _leave(self) -> bool:
        """Close the window that is there and then its register; False when a page must first be answered."""
        window = self.window
        if window is not None:
            self._keep_place(window)
            window.closing.disconnect(self._on_closing)
            if not window.close():
                window.closing.connect(self._on_closing)
                return False
            self.window = None
            window.deleteLater()
        self._close_session()
        return True

    def _show(self, window: MainWindow) -> MainWindow:
        place = self.remembered.get("place", "")
        if place:
            window.restoreGeometry(QByteArray.fromBase64(place.encode("ascii")))
        self.window = window
        window.closing.connect(self._on_closing)
        window.show()
        return window

    def _keep_place(self, window: MainWindow) -> None:
        if self.session is not None:
            self.remembered.set("page", window.current_key)
        self.remembered.set("place", bytes(window.saveGeometry().toBase64().data()).decode("ascii"))

    def _make_page(self, home: str, _context: object) -> Page:
        """A page of the navigation; the first one opens the register."""
        if self.session is None and not self._open():
            return Page(None)
        assert self.session is not None
        module, name = home.split(":")
        made = getattr(importlib.import_module(f"desktop_app.ui.{module}"), name)
        page: Page = made(self.session.context, host=self) if name == "SettingsPage" else made(self.session.context)
        return page

    def _open(self) -> bool:
        """Open the register for the window that is shown; else another window follows that says why not."""
        from desktop_app.services.safety.opening import open_safely, who_works

        try:
            context = open_safely(self.open_folder)
        except AppError as error:
            log.warning("the register does not open: %s", error.code)
            QTimer.singleShot(0, self, partial(self._on_trouble, error))
            return False
        if who_works(context)[1]:
            QTimer.singleShot(0, self, partial(self._ask_who, context))
            return False
        self._make_session(context)
        assert self.session is not None and self.window is not None
        self.session.attach(self.window)
        return True

    def _ask_who(self, context: Context) -> None:
        from desktop_app.ui.safety.who_page import WhoPage

        self.show_alone("who", "Người làm việc", lambda _context: WhoPage(context, self))
        self._waiting = context

    def _make_session(self, context: Context) -> None:
        from desktop_app.ui.safety.session import Session

        self.session = Session(context, self)

    def _on_trouble(self, error: AppError) -> None:
        from desktop_app.ui.safety.trouble_page import TroublePage

        self.show_alone("trouble", "Mở sổ", lambda _context: TroublePage(self, error))

    def _start_page(self, _context: object) -> Page:
        from desktop_app.ui.safety.start_page import StartPage

        return StartPage(self)

    # -- what pages ask --------------------------------------------------------------------------------------

    def set_contrast(self, on: bool) -> None:
        theme.apply(self.app, contrast=on)
        self.remembered.set("contrast", on)

    def adopt(self, context: Context) -> None:
        self._waiting = None
        self.show_register(context)

    def open_sample(self) -> None:
        if self._leave():
            self.is_sample = True
            self.show_first()

    def leave_sample(self) -> None:
        if self._leave():
            self.is_sample = False
            self.show_first()

    def try_again(self) -> None:
        self.show_first()

    def restore_from(self, path: Path) -> None:
        from desktop_app.services.safety.restore import restore_backup

        self.show_alone("restoring", "Khôi phục", lambda _context: Page(None))
        if self.window is None or self.session is not None:
            return
        self.window.tasks.run(
            lambda progress: restore_backup(self.open_folder, path),
            lambda _info: self._on_restored(path),
            self._on_restore_failed,
            title="Đang khôi phục sổ",
            can_cancel=False,
        )

    def _on_restored(self, path: Path) -> None:
        """The restored register opens on its overview, not where another state of it was being worked on."""
        self.remembered.set("page", "")
        self.show_first()
        assert self.window is not None
        self.window.notify(f"Đã khôi phục sổ từ {path.name}.")
        self.window.page_opened.connect(partial(self._say_restored, path), Qt.ConnectionType.SingleShotConnection)

    def _say_restored(self, path: Path, _key: str) -> None:
        """What the first page shows now, and where the former state is."""
        if self.session is not None and self.window is not None and self.window.current_page is not None:
            self.window.current_page.show_banner(
                f"Đã khôi phục sổ từ {path.name}. Mọi trang giờ theo bản đó; sổ trước khi khôi phục được giữ trong "
                "danh sách sao lưu.",
                "passed",
            )

    def _on_restore_failed(self, error: Exception) -> None:
        show_error(error, self.window)
        self.show_first()

    def user_changed(self) -> None:
        if self.session is not None:
            self.session.show_user()

    def place_changed(self) -> None:
        if self.session is not None:
            self.session.show_place()

    def backed_up(self) -> None:
        if self.session is not None:
            self.session.show_backup()

    # -- closing ---------------------------------------------------------------------------------------------

    def _close_session(self) -> None:
        session, self.session = self.session, None
        waiting, self._waiting = self._waiting, None
        if session is not None:
            session.close()
        elif waiting is not None:
            waiting.close()

    def _on_closing(self) -> None:
        if self.window is not None:
            self._keep_place(self.window)
        if self.session is None:
            self._finish()
        else:
            self.session.back_up_before_closing(self._finish)

    def _finish(self) -> None:
        gc.enable()
        try:
            self._close_session()
        except AppError as error:
            log.warning("closing the register: %s", error.code)
        self.remembered.flush()
        if self._lock is not None:
            self._lock.release()
        stop_log(self.folder)
        self.is_finished = True
        self.finished.emit()


def run(folder: Path | None = None) -> int:
    """Open the window and work until it is closed; returns the exit status."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Sổ Học Tập")
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, False)
    app.setWindowIcon(QIcon(str(resource_path("icons", "app.png"))))
    program = Program(app, folder or default_folder())
    program.finished.connect(app.quit, Qt.ConnectionType.QueuedConnection)
    return app.exec() if program.start() else 1
