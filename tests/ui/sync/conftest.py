"""An office and a volunteer with their exchange pages in real windows, exchanging real files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from desktop_app.services.context import Context
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import Page, PageSpec
from desktop_app.ui.sync import page as page_module
from desktop_app.ui.sync.page import SyncPage
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.zoom import Zoom
from tests.services.sync.machines import make_star


class Other(Page):
    """Another screen."""

    title_text = "Công dân"


SPECS = (PageSpec("sync", "Đồng bộ", "arrow-left-right", SyncPage), PageSpec("citizens", "Công dân", "users", Other))


@pytest.fixture(autouse=True)
def no_sticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is plugged into the machine that tests is not its business."""
    monkeypatch.setattr(page_module, "removable_drives", lambda: ())


@pytest.fixture
def star(tmp_path: Path) -> Iterator[tuple[Context, Context]]:
    """An office and its volunteer."""
    office, (volunteer,) = make_star(tmp_path, 1)
    yield office, volunteer
    office.close()
    volunteer.close()


@pytest.fixture
def open_window(look: QApplication, qtbot: Any) -> Iterator[Callable[[Context], SyncPage]]:
    """Open a window with the exchange page over a register."""
    made: list[MainWindow] = []

    def show(context: Context) -> SyncPage:
        window = MainWindow(SPECS, context, zoom=Zoom(look))
        qtbot.addWidget(window)
        window.resize(1366, 728)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: window.current_page is not None)
        made.append(window)
        page = window.current_page
        assert isinstance(page, SyncPage)
        return page

    yield show
    for window in made:
        window.close()


@pytest.fixture
def key(qtbot: Any) -> Callable[..., None]:
    """Press a key on a page with Ctrl (or without), then wait until nothing runs any more."""

    def press(page: SyncPage, code: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier) -> None:
        window = page.window()
        assert isinstance(window, MainWindow)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.keyClick(window.focusWidget() or window, code, held)
        assert window.tasks.wait_all()

    return press


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the person chooses in the next file dialogs."""
    files: list[Path] = []
    monkeypatch.setattr(dialogs, "ask_open_files", lambda *_, **__: [files.pop(0)] if files else [])
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_, **__: files.pop(0) if files else None)
    return files


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[Any], bool]]:
    """What the person does in the next dialogs of the page: a function of the dialog, True accepts it."""
    waiting: list[Callable[[Any], bool]] = []

    def run(dialog: QDialog) -> int:
        if not waiting:
            raise AssertionError(f"a dialog waits for a person: {dialog.windowTitle()}")
        accepts = waiting.pop(0)(dialog)
        return int(QDialog.DialogCode.Accepted if accepts else QDialog.DialogCode.Rejected)

    monkeypatch.setattr(QDialog, "exec", run)
    return waiting
