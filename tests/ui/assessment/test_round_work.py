"""The keys of the round's work: from the list, from a form, from one work screen to the next and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.services.context import Context
from desktop_app.ui.accounts.page import AccountsPage
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.assessment.page import AssessmentPage
from desktop_app.ui.assessment.round_work import WORK
from desktop_app.ui.help import keys_html
from desktop_app.ui.importing.wizard_page import ImportPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import Page, PageSpec
from desktop_app.ui.review.page import ReviewPage
from desktop_app.ui.review.posting_page import PostingPage
from desktop_app.ui.rounds.page import RoundPage
from tests.ui.conftest import settle

Key = Qt.Key
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: Any, sample: Context) -> Iterator[MainWindow]:
    made = MainWindow([PageSpec("assessment", "Đánh giá", "gavel", lambda _none: AssessmentPage(sample))], None)
    qtbot.addWidget(made)
    made.resize(1366, 728)
    made.show()
    made.open_page("assessment")
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.tasks.wait_all()
    made.close()


def strike(window: MainWindow, code: Qt.Key) -> Page:
    """A work key struck where the focus is; the page that is in front then."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, code, CTRL_SHIFT)
    settle()
    window.tasks.wait_all()
    settle()
    page = window.current_page
    assert page is not None
    return page


def depth(window: MainWindow) -> int:
    return len(window._stacks["assessment"])


def test_every_work_key_works_from_every_other_work_screen(window: MainWindow) -> None:
    for first in WORK:
        for work in (first, *WORK):
            page = strike(window, getattr(Key, f"Key_{work.key[-1]}"))
            assert type(page).__name__ == work.home.partition(":")[2], (first.id, work.id)
        while depth(window) > 1:
            window.pop()
        settle()


def test_a_work_key_works_from_a_form_and_the_form_is_there_again_after_it(window: MainWindow) -> None:
    bottom = window.current_page
    assert isinstance(bottom, AssessmentPage)
    bottom.open_current()
    settle()
    form = window.current_page
    assert isinstance(form, FormPage)
    assert isinstance(strike(window, Key.Key_Y), PostingPage)
    window.pop()
    assert window.current_page is form


def test_a_screen_that_is_open_comes_to_the_front_instead_of_a_second_one(window: MainWindow) -> None:
    posting = strike(window, Key.Key_Y)
    assert isinstance(strike(window, Key.Key_A), AccountsPage)
    assert depth(window) == 3
    assert strike(window, Key.Key_Y) is posting
    assert strike(window, Key.Key_Y) is posting
    assert depth(window) == 2


def test_a_screen_that_must_first_be_answered_stays_in_front(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = strike(window, Key.Key_R)
    assert isinstance(review, ReviewPage)
    monkeypatch.setattr(review, "can_leave", lambda: False)
    assert strike(window, Key.Key_K) is review


def test_a_screens_own_meaning_of_a_key_comes_first(window: MainWindow, sample: Context) -> None:
    window.push(ImportPage(sample))
    settle()
    page = window.current_page
    assert page is not None
    own = [action.objectName() for action in page.actions() if action.shortcut().toString() == "Ctrl+Shift+K"]
    assert own == ["import.all_skip"]
    assert strike(window, Key.Key_R) is not page


def test_help_names_the_keys_that_come_from_below(window: MainWindow) -> None:
    page = strike(window, Key.Key_K)
    assert isinstance(page, RoundPage)
    shown = keys_html(page)
    assert "Ctrl+Shift+A" in shown
    assert "Tài khoản trang quốc gia" in shown
