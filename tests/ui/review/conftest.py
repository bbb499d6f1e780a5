"""Two hamlets whose forms wait for review, and the two screens in a real window."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.services.context import Context
from desktop_app.services.history import undo
from desktop_app.services.register import open_register
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import PageSpec
from desktop_app.ui.review.page import ReviewPage
from desktop_app.ui.review.posting_page import PostingPage
from tests.factories import make_register
from tests.services.assessment.world import CITIZEN, add_people, fill
from tests.ui.conftest import press, type_text

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PASSING = ("Lê Văn An", "Lê Văn Bình", "Lê Văn Chi", "Lê Văn Dũng")


@pytest.fixture(scope="session")
def reviewed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thôn 1: four who pass and one who does not; Thôn 2: one who passes."""
    folder = tmp_path_factory.mktemp("review") / "data"
    folder.mkdir()
    context = make_register(folder)
    _, people = add_people(context, [{"full_name": name, "birth": "1980"} for name in (*PASSING, "Lê Văn Yên")])
    _, others = add_people(context, [{"full_name": "Trần Hoa", "birth": "1990"}], hamlet="Thôn 2", code="02-0001")
    for person in (*people[:4], *others):
        fill(context, CITIZEN, person, share=0.9)
    fill(context, CITIZEN, people[4], share=0.6)
    context.close()
    return folder


@pytest.fixture
def context(reviewed_folder: Path, tmp_path: Path) -> Iterator[Context]:
    shutil.copytree(reviewed_folder, tmp_path / "data")
    made = open_register(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def window(qtbot: Any, context: Context) -> Iterator[MainWindow]:
    """Both screens as entries of a window; Ctrl+Z beyond a page is the last deed, as in the program."""
    specs = [
        PageSpec("review", "Bình xét", "gavel", lambda _none: ReviewPage(context)),
        PageSpec("posting", "Niêm yết", "scroll-text", lambda _none: PostingPage(context)),
    ]
    made = MainWindow(specs, None)
    qtbot.addWidget(made)

    def undo_deed() -> None:
        undo(context)
        made.announce_change()

    made.undo_requested.connect(undo_deed)
    made.resize(1366, 728)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.tasks.wait_all()
    made.close()


@pytest.fixture
def review(window: MainWindow) -> ReviewPage:
    window.open_page("review")
    QApplication.processEvents()
    page = window.current_page
    assert isinstance(page, ReviewPage)
    return page


@pytest.fixture
def posting(window: MainWindow) -> PostingPage:
    window.open_page("posting")
    QApplication.processEvents()
    page = window.current_page
    assert isinstance(page, PostingPage)
    return page


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def key(code: Qt.Key, text: str = "", held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """One key to whatever has the focus."""
    press(focused(), code, text, held)
    QApplication.processEvents()


def write(text: str) -> None:
    """Words typed where the focus is."""
    type_text(focused(), text)
    QApplication.processEvents()
