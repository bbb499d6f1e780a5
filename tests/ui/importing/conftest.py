"""A window over a real register with the wizard on top, and keys as a person presses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.services.context import Context
from desktop_app.ui.importing.wizard_page import ImportPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import Page, PageSpec
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.zoom import Zoom
from tests.factories import make_register

HEADINGS = ("Mã hộ", "Thôn", "Họ và tên", "Quan hệ với chủ hộ", "Giới tính", "Ngày sinh", "Số CCCD", "Nghề nghiệp")


class Below(Page):
    """A screen below the wizard."""

    title_text = "Danh sách"


SPECS = (PageSpec("citizens", "Công dân", "users", Below), PageSpec("assessment", "Đánh giá", "award", Below))


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path / "register", hamlets=())
    yield made
    made.close()


@pytest.fixture
def window(look: QApplication, register: Context, qtbot: Any) -> Iterator[MainWindow]:
    made = MainWindow(SPECS, register, zoom=Zoom(look))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(lambda: made.current_page is not None)
    yield made
    made.close()


@pytest.fixture
def wizard(window: MainWindow, register: Context) -> ImportPage:
    page = ImportPage(register)
    window.push(page)
    return page


@pytest.fixture
def key(window: MainWindow, qtbot: Any) -> Callable[..., None]:
    """Press a key with Ctrl (or without), then wait until nothing runs any more."""

    def press(code: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier) -> None:
        window.activateWindow()  # a progress window may have come and gone
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.keyClick(window.focusWidget() or window, code, held)
        assert window.tasks.wait_all()

    return press


@pytest.fixture
def read(window: MainWindow, wizard: ImportPage) -> Callable[[Path], None]:
    """Let the wizard read a file and wait for it."""

    def read_file(path: Path) -> None:
        wizard.read(path)
        assert window.tasks.wait_all()

    return read_file


@pytest.fixture
def chosen_files(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the person chooses in the next file dialogs."""
    files: list[Path] = []
    monkeypatch.setattr(dialogs, "ask_open_files", lambda *_, **__: [files.pop(0)] if files else [])
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_, **__: files.pop(0) if files else None)
    return files


def write_list(path: Path, *rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS, sheet: str = "Sheet") -> Path:
    """A small list of people."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = sheet
    book.active.append(headings)
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def person(code: str, name: str, birth: str = "08/05/1984", *, hamlet: str = "Thôn 1", sex: str = "Nam",
           relation: str = "Chủ hộ", cccd: str | None = None, job: str | None = None) -> tuple[Any, ...]:  # fmt: skip
    """A row under HEADINGS."""
    return (code, hamlet, name, relation, sex, birth, cccd, job)
