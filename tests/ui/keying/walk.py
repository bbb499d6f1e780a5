"""Keys as a person gives them to the keying screens, and what the register holds afterwards."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.form import open_form
from desktop_app.services.context import Context
from desktop_app.services.history import undo
from desktop_app.services.keying.batches import add_batch
from desktop_app.services.keying.records import BatchRecord, Cover
from desktop_app.ui.keying.batch_page import BatchPage
from desktop_app.ui.keying.page import KeyingPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import PageSpec
from tests.ui.conftest import press, type_text

YEAR = 2026
Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def make_window(qtbot: Any, context: Context) -> MainWindow:
    """The shown window; Ctrl+Z beyond a page is the last deed, as in the program."""
    window = MainWindow([PageSpec("keying", "Nhập nhanh", "layers", lambda _none: KeyingPage(context))], None)
    qtbot.addWidget(window)

    def undo_deed() -> None:
        undo(context)
        window.announce_change()

    window.undo_requested.connect(undo_deed)
    window.resize(1366, 728)
    window.show()
    window.open_page("keying")
    qtbot.waitUntil(window.isActiveWindow)
    return window


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def key(code: Qt.Key, text: str = "", held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """One key to whatever has the focus."""
    press(focused(), code, text, held)


def enter(times: int = 1) -> None:
    for _ in range(times):
        key(Key.Key_Return, "\r")


def digits(text: str) -> None:
    for letter in text:
        key(Key(ord(letter)) if letter.isascii() else Key.Key_unknown, letter)


def words(text: str) -> None:
    type_text(focused(), text)


def shortcut(window: MainWindow, name: str) -> None:
    """A key of the page in front, by the name of its action."""
    page = window.current_page
    assert page is not None
    page.action(name).trigger()


def grid_page(window: MainWindow) -> BatchPage:
    page = window.current_page
    assert isinstance(page, BatchPage)
    return page


def cover_of(context: Context, **more: Any) -> Cover:
    with context.read() as connection:
        hamlet: bytes = connection.exec_driver_sql("SELECT uid FROM hamlet WHERE name = 'Thôn 1'").scalar_one()
    plain: dict[str, Any] = {"group": CitizenGroup.RESIDENT, "hamlet": hamlet.hex(), "collector": "Lê Thị Hạnh"}
    return Cover(**{**plain, "collected_on": "2026-01-20", **more})


def open_batch(window: MainWindow, context: Context, **more: Any) -> tuple[BatchPage, BatchRecord]:
    """A new batch and its grid."""
    batch = add_batch(context, YEAR, cover_of(context, **more))
    window.push(BatchPage(context, batch.uid))
    return grid_page(window), batch


def find(text: str) -> None:
    """Type into the line for the next person and take whoever is meant, as a scanner does."""
    words(text)
    enter()


def key_row(scores: str | list[int]) -> None:
    """Scores of one row, Enter after each."""
    for score in scores:
        digits(str(score))
        enter()


def scores_of(context: Context, uid: str) -> list[float | None]:
    """A citizen's answers in the file, in the order of the form."""
    form = open_form(context, LearningModel.CITIZEN, uid, YEAR)
    return [form.answers.get(indicator.code) for indicator in form.definition.indicators]
