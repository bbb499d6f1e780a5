"""A window over a real register for the tests of assessment and overview, and what its forms hold in the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.form import open_form
from desktop_app.services.context import Context
from desktop_app.services.history import newest_undoable, undo
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.assessment.page import AssessmentPage
from desktop_app.ui.assessment.target import FormTarget
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.overview.page import OverviewPage
from desktop_app.ui.page import PageSpec
from tests.ui.conftest import AskedPage, press, settle

YEAR = 2026
Key = Qt.Key


_OTHERS = ("households", "citizens", "clans", "hamlets", "organizations", "recognition", "sync", "settings")


def make_window(qtbot: Any, context: Context, *, has_overview: bool = True) -> MainWindow:
    """The shown window, 1366 x 728 as on the usual screen; the overview is its first page."""
    overview = (lambda _none: OverviewPage(context)) if has_overview else AskedPage
    specs = [
        PageSpec("overview", "Tổng quan", "layout-dashboard", overview),
        PageSpec("assessment", "Đánh giá", "clipboard-check", lambda _none: AssessmentPage(context)),
        *(PageSpec(key, key, "list", AskedPage) for key in _OTHERS),
    ]
    window = MainWindow(specs, None)
    qtbot.addWidget(window)
    window.resize(1366, 728)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def open_page(window: MainWindow) -> AssessmentPage:
    window.open_page("assessment")
    page = window.current_page
    assert isinstance(page, AssessmentPage)
    return page


def shown(window: MainWindow, kind: type[Any]) -> Any:
    """The screen in front, once its work in the background, and what that has asked for, is done."""
    for _ in range(2):
        assert window.tasks.wait_all()
        settle()
    assert isinstance(window.current_page, kind)
    return window.current_page


def take_back(context: Context) -> None:
    """Undo the newest deed that can be undone."""
    newest = newest_undoable(context)
    assert newest is not None
    undo(context, newest)


def open_form_of(window: MainWindow, model: LearningModel, subject: Uid) -> FormPage:
    """The form page as another screen opens it."""
    window.open_page("assessment", FormTarget(model, subject))
    return form_of(window)


def form_of(window: MainWindow) -> FormPage:
    page = window.current_page
    assert isinstance(page, FormPage)
    return page


def focused() -> QWidget:
    """The widget that the person's keys go to."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def key(code: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """One key to whatever has the focus."""
    press(focused(), code, text, modifiers)


def enter() -> None:
    key(Key.Key_Return, "\r")


def shift_enter() -> None:
    key(Key.Key_Return, "\r", Qt.KeyboardModifier.ShiftModifier)


def digits(text: str) -> None:
    """Digits and signs of a number, as typed."""
    for letter in text:
        key(Key(ord(letter)), letter)


def letter(text: str) -> None:
    key(Key(ord(text.upper())), text)


def stored(context: Context, model: LearningModel, subject: Uid) -> Mapping[str, float]:
    """The answers in the file."""
    return open_form(context, model, subject, YEAR).answers


def operations(context: Context, kind: str) -> int:
    """How many operations of a kind the journal holds."""
    with context.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM operation WHERE kind = ?", (kind,)).scalar_one())


def first_uid(context: Context, table: str, order: str = "id") -> Uid:
    """The first present row of a table."""
    query = f"SELECT uid FROM {table} WHERE present ORDER BY {order} LIMIT 1"
    with context.read() as connection:
        found: bytes = connection.exec_driver_sql(query).scalar_one()
    return found.hex()
