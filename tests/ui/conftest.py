"""For tests of the window: the look, quiet memory, no dialog that waits for a person, no task left running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop_app.ui import texts, theme
from desktop_app.ui.widgets import state
from desktop_app.ui.widgets.basics import Button


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
