"""The whole program over a temporary data folder, with one plain page beside Thiết lập, and no stick in sight."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from desktop_app import app as application
from desktop_app.app import ENTRIES, Entry, Program
from desktop_app.services.context import Context
from desktop_app.services.safety.sticks import Drive
from desktop_app.ui.page import Page
from desktop_app.ui.safety.settings_page import SettingsPage
from tests.factories import add_household, make_register
from tests.ui.conftest import settle

SETTINGS = next(entry for entry in ENTRIES if entry.key == "settings")
Start = Callable[[], Program]


class PlainPage(Page):
    """A page that keeps what is typed until it lets go."""

    title_text = "Trang thử"
    held = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.field = QLineEdit()
        self.body.addWidget(self.field)
        self.heard: list[tuple[str, ...]] = []

    def on_data_changed(self, kinds: tuple[str, ...]) -> None:
        self.heard.append(kinds)

    def can_leave(self) -> bool:
        return not self.held


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """One plain page, exceptions left to pytest, no removable drive."""
    module = ModuleType("desktop_app.ui.plain_page")
    module.__dict__["PlainPage"] = PlainPage
    monkeypatch.setitem(sys.modules, "desktop_app.ui.plain_page", module)
    pages = (Entry(key, key, "house", "plain_page:PlainPage") for key in ("plain", "sync"))
    entries = (*pages, SETTINGS)
    monkeypatch.setattr(application, "ENTRIES", entries)
    monkeypatch.setattr(application, "install_excepthook", lambda parent: None)
    plug_in(monkeypatch)


def plug_in(monkeypatch: pytest.MonkeyPatch, *drives: Drive) -> None:
    """Let these be the sticks that are in."""
    for place in ("services.safety.sticks", "ui.safety.restore_pane", "ui.safety.section_backup"):
        monkeypatch.setattr(f"desktop_app.{place}.removable_drives", lambda: drives)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dữ liệu"


@pytest.fixture(scope="session")
def ready_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed register with one household, made once."""
    folder = tmp_path_factory.mktemp("ready")
    context = make_register(folder)
    add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    context.close()
    return folder


@pytest.fixture
def register(folder: Path, ready_register: Path) -> Path:
    """A copy of it for one test."""
    shutil.copytree(ready_register, folder)
    return folder


@pytest.fixture
def start(qapp: QApplication, folder: Path) -> Iterator[Start]:
    """Starts programs; each is closed at the end of the test."""
    programs: list[Program] = []

    def make() -> Program:
        program = Program(qapp, folder)
        programs.append(program)
        assert program.start()
        settle(qapp)
        return program

    yield make
    PlainPage.held = False
    for program in programs:
        shut(program)
    qapp.setQuitOnLastWindowClosed(True)


@pytest.fixture
def program(register: Path, start: Start) -> Program:
    """The program over a register."""
    return start()


@pytest.fixture
def settings(program: Program) -> SettingsPage:
    """Thiết lập of that program, in front."""
    assert program.window is not None
    program.window.open_page("settings")
    page = program.window.current_page
    assert isinstance(page, SettingsPage)
    return page


def finish_tasks(program: Program) -> None:
    """Wait for work in the background and what follows it."""
    settle()
    assert program.window is not None
    assert program.window.tasks.wait_all(20)
    settle()


def shut(program: Program) -> None:
    """Close the window as a person does and wait until everything is closed."""
    window = program.window
    if window is None:
        return
    if not program.is_finished:
        window.close()
        if program.session is not None:
            program.session.wait()
        settle()
    assert program.is_finished
    program.window = None
    window.deleteLater()
    settle()


def page_of(program: Program) -> Any:
    assert program.window is not None
    return program.window.current_page


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def toast(program: Program) -> str:
    assert program.window is not None
    return program.window._toast.text_label.text()


def households(program: Program) -> int:
    assert program.session is not None
    with program.session.context.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM household WHERE present").scalar() or 0)
