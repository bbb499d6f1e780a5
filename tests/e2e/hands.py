"""A person at the keyboard: keys go to whatever has the focus, as from a real keyboard, and nothing else is touched.

Invariant: a walk calls no slot and sets no field; what it reads of the program it reads as a person would, or from the
file. Pictures of each screen are taken where the variable ``SOHOCTAP_PICTURES`` names a folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop_app.app import Program
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.widgets.dialogs import Dialog

PICTURES = os.environ.get("SOHOCTAP_PICTURES", "")
SIZES = (100, 200)
MOST_TABS = 60
SCREEN = QSize(1366, 728)
"""The usual screen without the system's bar."""
WINDOW = Qt.WindowType.Window


class StrayWindows(QObject):
    """Notes every widget that shows itself as a window of its own without being one: it takes the keys away."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if is_shown and watched.windowType() == WINDOW and not isinstance(watched, (MainWindow, QDialog)):
            self.found.append(f"{type(watched).__name__} {Hands.called(watched)!r}")
        return False


class Hands:
    """Ten fingers on one program's window.

    Args:
        program: what is worked with.
        name: stands before the names of its pictures.
    """

    def __init__(self, program: Program, name: str = "") -> None:
        self.program = program
        self.name = name
        self.count = 0
        self.dialogs: list[str] = []

    @property
    def window(self) -> MainWindow:
        assert self.program.window is not None
        return self.program.window

    @property
    def focus(self) -> QWidget:
        """Where the next key goes."""
        self.settle()
        if QApplication.activeWindow() is None:
            self.window.activateWindow()  # as a window system does when a dialog goes
            QApplication.processEvents()
        found = QApplication.focusWidget()
        assert found is not None, f"no widget has the focus on {self.window.windowTitle()}"
        return found

    def keys(self, *keys: str) -> None:
        """Keys by name, one after the other: "Ctrl+O", "Return", "Shift+Tab", "F2"."""
        for name in keys:
            combination = QKeySequence(name)[0]
            QTest.keyClick(self.focus, combination.key(), combination.keyboardModifiers())
            self.settle()

    def type(self, text: str) -> None:
        """Letters and digits, Vietnamese ones included."""
        target = self.focus
        for letter in text:
            key = Qt.Key(ord(letter.upper())) if letter.isascii() else Qt.Key.Key_unknown
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter))
        self.settle()

    def fill(self, *answers: str) -> None:
        """One answer a field, Enter after each; an empty one leaves the field as it is."""
        for answer in answers:
            if answer:
                self.type(answer)
            self.keys("Return")

    def tab_to(self, words: str) -> None:
        """Tab until the focus is on what is called so."""
        seen = []
        for _ in range(MOST_TABS):
            name = self.called(self.focus)
            seen.append(name)
            if name.rstrip("…") == words:
                return
            self.keys("Tab")
        raise AssertionError(f"Tab never comes to {words!r}, only to {list(dict.fromkeys(seen))}")

    @staticmethod
    def called(widget: QWidget) -> str:
        """What a screen reader calls a widget."""
        return widget.accessibleName() or str(widget.property("text") or "")

    def in_dialog(self, *deeds: Callable[[], object], opened_by: str, shot: str = "") -> None:
        """Open a dialog by a key, do things in it, and come back when it is closed."""

        def work() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                return
            try:
                self.shoot(shot, dialog)
                for deed in deeds:
                    deed()
                self.dialogs.append(dialog.windowTitle())
            finally:
                if QApplication.activeModalWidget() is dialog:
                    dialog.close()

        before = len(self.dialogs)
        target, combination = self.focus, QKeySequence(opened_by)[0]
        QTimer.singleShot(0, work)
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self.settle()
        assert len(self.dialogs) > before, f"{opened_by} opened no dialog, or one that could not be worked"

    def come_forward(self) -> None:
        """Turn from another window to this one."""
        self.window.activateWindow()
        self.settle()

    def settle(self) -> None:
        """Let work in the background end, and everything that was put off."""
        for _ in range(3):
            if self.program.window is not None and self.window.size() != SCREEN:
                self.window.resize(SCREEN)
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if self.program.window is not None and not QApplication.activeModalWidget():
                assert self.program.window.tasks.wait_all(60)

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        """A picture of the screen at both sizes of text, where pictures are wanted."""
        if not PICTURES or not name:
            return
        self.count += 1
        folder = Path(PICTURES)
        folder.mkdir(parents=True, exist_ok=True)
        for percent in SIZES:
            self.window.zoom.set_percent(percent)
            for _ in range(6):
                QApplication.processEvents()
                QTest.qWait(10)
            target = widget or self.window
            if widget is not None:
                widget.adjustSize()
                if isinstance(widget, Dialog):
                    widget.take_room()
            target.grab().save(str(folder / f"{self.name}{self.count:02d}_{name}_{percent}.png"))
        self.window.zoom.set_percent(100)
        QApplication.processEvents()
