"""The page Công nhận in a real window over a real register, and what its tests say to it and read of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import CertificateStatus, LearningModel
from desktop_app.services.context import Context
from desktop_app.services.recognition.deciding import recognise
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import Page, PageSpec
from desktop_app.ui.recognition import questions
from desktop_app.ui.recognition.page import RecognitionPage
from tests.factories import add_household, make_register
from tests.services.recognition.people import DECIDED, FAIL, PARTIAL, PASS, YEAR, fill, set_office

CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY
S = CertificateStatus


class OtherPage(Page):
    """Stands for the screens that recognition opens."""

    title_text = "Khác"
    asked: object = None

    def open_target(self, target: object) -> None:
        self.asked = target


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """Four who pass in two hamlets, one who fails, one half done, one family."""
    made = make_register(tmp_path)
    set_office(made, signer_name="Nguyễn Văn Thắng")
    home, first = add_household(made, "01-0001", members=("Trần Văn Đức", "Lê Thị Sáu", "Đỗ Văn Mười", "Lê Văn Bảy"))
    _, second = add_household(made, "02-0001", hamlet="Thôn 2", members=("Lò Văn Pá", "Y Moan"))
    outcomes = dict.fromkeys([*first, *second], PASS)
    outcomes[first[2]], outcomes[first[3]] = FAIL, PARTIAL
    fill(made, CITIZEN, outcomes)
    fill(made, FAMILY, {home: PASS})
    yield made
    made.close()


@pytest.fixture
def window(context: Context, look: QApplication) -> Iterator[MainWindow]:
    specs = [PageSpec("recognition", "Công nhận", "award", RecognitionPage)]
    specs += [PageSpec(key, "Khác", "house", lambda _context: OtherPage(None)) for key in ("assessment", "settings")]
    made = MainWindow(specs, context)
    made.resize(1366, 728)
    made.show()
    made.open_page("recognition")
    QApplication.processEvents()
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def page(window: MainWindow) -> RecognitionPage:
    found = window.page("recognition")
    assert isinstance(found, RecognitionPage)
    return found


@pytest.fixture
def issued(context: Context, page: RecognitionPage) -> RecognitionPage:
    """The page after four were recognised, on the papers."""
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    page.refresh()
    page.show_step("papers")
    return page


def names(page: RecognitionPage) -> list[str]:
    model = page.candidates.list.view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def numbers(page: RecognitionPage) -> list[str]:
    model = page.papers.list.view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def first_row(page: RecognitionPage) -> Any:
    """The first candidate of the list."""
    assert page.candidates.list.paged is not None
    return page.candidates.list.paged.row_at(0)


def answer_decision(page: RecognitionPage, number: str = "112", date: str = "15/11/2026") -> None:
    page.candidates.form.set_raw({"number": number, "date": date})


def say(monkeypatch: pytest.MonkeyPatch, answer: bool) -> list[tuple[Any, ...]]:
    """Answer the question before numbers are given; what was asked is kept."""
    asked: list[tuple[Any, ...]] = []

    def confirm(_parent: object, *facts: Any) -> bool:
        asked.append(facts)
        return answer

    monkeypatch.setattr(questions, "confirm_recognition", confirm)
    return asked


def settle(window: MainWindow) -> None:
    assert window.tasks.wait_all()
    QApplication.processEvents()


def banner(page: Page) -> str:
    return page._banner.text_label.text() if page._banner is not None else ""
