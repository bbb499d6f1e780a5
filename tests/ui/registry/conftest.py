"""A window over a real register: a small one made anew, or the invented commune of the samples copied for each test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from desktop_app.services.context import Context
from desktop_app.ui.journal.page import JournalPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import Page, PageSpec
from desktop_app.ui.registry.citizen_page import CitizenPage
from desktop_app.ui.registry.clan_page import ClanPage
from desktop_app.ui.registry.hamlet_page import HamletPage
from desktop_app.ui.registry.household_page import HouseholdPage
from desktop_app.ui.registry.organization_page import OrganizationPage
from desktop_app.ui.search import finder
from tests.factories import add_household, make_register
from tests.ui.conftest import AskedPage, press, type_text

Home = tuple[str, list[str]]
SPECS = (
    PageSpec("overview", "Tổng quan", "layout-dashboard", AskedPage),
    PageSpec("households", "Hộ gia đình", "house", HouseholdPage),
    PageSpec("citizens", "Công dân", "users", CitizenPage),
    PageSpec("clans", "Dòng họ", "network", ClanPage),
    PageSpec("hamlets", "Thôn – tổ", "map-pin", HamletPage),
    PageSpec("organizations", "Đơn vị", "building-2", OrganizationPage),
    PageSpec("assessment", "Đánh giá", "clipboard-check", AskedPage),
    PageSpec("journal", "Nhật ký", "history", JournalPage),
)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """A new register with Thôn 1 and Thôn 2 and nobody in it."""
    folder = tmp_path / "register"
    folder.mkdir()
    made = make_register(folder)
    yield made
    made.close()


@pytest.fixture
def show(look: QApplication, qtbot: Any) -> Iterator[Callable[[Context, str], Any]]:
    """Open a window on a register and bring one page to the front; gives the page, its window is ``page.window()``."""
    windows: list[MainWindow] = []

    def opened(context: Context, key: str) -> Any:
        window = MainWindow(SPECS, context)
        window.set_search(finder(context))
        window.resize(1366, 728)
        window.show()
        qtbot.waitExposed(window)
        windows.append(window)
        window.open_page(key)
        window.activateWindow()
        QApplication.processEvents()
        return window.page(key)

    yield opened
    for window in windows:
        for page in window.findChildren(Page):
            pane = getattr(page, "form_pane", None)
            if pane is not None:
                pane.close_form()
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def home(context: Context) -> Home:
    """A household of three in Thôn 1."""
    return add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"))


@pytest.fixture
def other(context: Context) -> Home:
    """A household of one in Thôn 2."""
    return add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",))


def opened(show: Any, context: Context, home: Home) -> Any:
    """The page of households at one of them."""
    page = show(context, "households")
    page.open_target(home[0])
    QApplication.processEvents()
    return page


def focused() -> Any:
    """The widget that keys go to."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def key(code: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier | None = None) -> None:
    """A key to whatever has the focus."""
    press(focused(), code, text, modifiers)


def replace_text(text: str) -> None:
    """Type into the field with the focus, over what is selected."""
    focused().selectAll()
    type_text(focused(), text)


def names(page: Any) -> list[str]:
    """The names of all rows, in order; of a household its head's."""
    paged = page.list.paged
    rows = [paged.row_at(row) for row in range(paged.rowCount())]
    return [getattr(row, "name", None) or row.head for row in rows]


def find(page: Any, name: str) -> str:
    """Uid of the first row of that name."""
    return str(page.list.paged.row_at(names(page).index(name)).uid)


def eye(page: Any, words: str) -> Any:
    """The panel's button that shows a masked number."""
    from desktop_app.ui.widgets.basics import IconButton

    QApplication.processEvents()
    buttons = [b for b in page.panel.findChildren(IconButton) if b.isVisibleTo(page.panel)]
    return next(b for b in buttons if words in b.accessibleName())


def panel_text(page: Any) -> str:
    """Everything the side panel says, without markup."""
    from PySide6.QtWidgets import QLabel

    QApplication.processEvents()
    shown = [label.text() for label in page.panel.findChildren(QLabel) if label.isVisibleTo(page.panel)]
    return re.sub(r"<[^>]*>", "", "\n".join(shown))
