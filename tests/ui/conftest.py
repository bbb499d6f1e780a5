"""For tests of the window: the look, quiet memory, no dialog that waits for a person, no task left running; and the
sample commune in a register of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop_app.services.context import Context
from desktop_app.services.register import open_register
from desktop_app.ui import texts, theme
from desktop_app.ui.page import Page
from desktop_app.ui.widgets import state
from desktop_app.ui.widgets.basics import Button
from tests.factories import SAMPLE_HAMLETS, load_sample, make_register


class AskedPage(Page):
    """Stands in for a screen of another room: keeps what it was asked for."""

    title_text = "Màn hình khác"

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.asked: list[object] = []

    def open_target(self, target: object) -> None:
        self.asked.append(target)


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> QApplication:
    """The program's fonts, colours and words, set once."""
    theme.load_fonts()
    texts.install(qapp)
    theme.apply(qapp, percent=100, contrast=False)
    return qapp


@pytest.fixture(autouse=True)
def _quiet(look: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fresh memory and size for each test; a modal dialog that nobody expects fails the test instead of hanging it."""

    def refuse(dialog: QDialog) -> int:
        raise AssertionError(f"a dialog waits for a person: {dialog.windowTitle()}")

    monkeypatch.setattr(QDialog, "exec", refuse)
    state.forget_store()
    yield
    state.forget_store()
    if theme.percent() != 100 or theme.look().is_contrast:
        theme.apply(look, percent=100, contrast=False)


def copy_register(source: Path, target: Path) -> Context:
    """A closed register's copy, opened."""
    shutil.copytree(source, target)
    return open_register(target)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the sample commune, closed, to be copied."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    folder.mkdir()
    context = make_register(folder, hamlets=SAMPLE_HAMLETS)
    load_sample(context)
    context.close()
    return folder


@pytest.fixture
def sample(sample_folder: Path, tmp_path: Path) -> Iterator[Context]:
    """A copy of the sample commune's register."""
    context = copy_register(sample_folder, tmp_path / "sample")
    yield context
    context.close()


def settle(app: QApplication | None = None) -> None:
    """Let everything happen that was put off until the loop turns, deleted widgets included."""
    qapp = app or QApplication.instance()
    assert isinstance(qapp, QApplication)
    for _ in range(4):
        qapp.processEvents()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(widget: QWidget, key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier | None = None) -> None:
    """One key, down and up; text may be any letter (qtbot.keyClicks aborts on letters beyond Latin-1)."""
    held = modifiers if modifiers is not None else Qt.KeyboardModifier.NoModifier
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, held, text))


def primaries(window: QWidget) -> list[Button]:
    """The buttons in sight that stand out as the main deed of the screen."""
    found = (b for b in window.findChildren(Button) if b.property("role") == "primary")
    return [button for button in found if button.isVisible()]


def type_text(widget: QWidget, text: str) -> None:
    """Letters as a person types them, Vietnamese included."""
    for letter in text:
        press(widget, Qt.Key.Key_unknown, letter)
