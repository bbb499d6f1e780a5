"""The two screens are reached from Đánh giá by key, and from the overview's list of what waits."""

from __future__ import annotations

from typing import Any

from PySide6.QtTest import QTest

from desktop_app.services.context import Context
from desktop_app.ui.assessment.page import AssessmentPage
from desktop_app.ui.assessment.target import WorkTarget
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import PageSpec
from desktop_app.ui.review.page import ReviewPage
from desktop_app.ui.review.posting_page import PostingPage
from tests.ui.conftest import settle
from tests.ui.review.conftest import CTRL, SHIFT, Key, focused


def test_both_screens_open_by_key_and_by_name(qtbot: Any, context: Context) -> None:
    window = MainWindow([PageSpec("assessment", "Đánh giá", "gavel", lambda _none: AssessmentPage(context))], None)
    qtbot.addWidget(window)
    window.resize(1366, 728)
    window.show()
    window.open_page("assessment")
    qtbot.waitUntil(window.isActiveWindow)
    for code, kind in ((Key.Key_R, ReviewPage), (Key.Key_Y, PostingPage)):
        QTest.keyClick(focused(), code, CTRL | SHIFT)
        settle()
        assert isinstance(window.current_page, kind)
        window.tasks.wait_all()
        window.pop()
        settle()
    window.open_page("assessment", WorkTarget("assessment.posting"))
    settle()
    assert isinstance(window.current_page, PostingPage)
    window.tasks.wait_all()
    window.close()
