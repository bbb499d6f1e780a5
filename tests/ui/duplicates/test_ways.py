"""How a person comes to the screen of duplicates: by the pill on the list, and from a word after an import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication

from desktop_app.services import history
from desktop_app.services.context import Context
from desktop_app.services.duplicates.search import find_duplicates
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.duplicates.ways import DuplicatesChip, offer_duplicates, open_duplicates
from tests.services.duplicates.test_search import add_people, person


def doubled(context: Context) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn Ước"))
    add_people(context, "01-0002", person("Nguyễn Văn Ước"))


def test_the_pill_counts_while_the_count_holds_and_opens_the_screen(
    context: Context, show: Callable[[Context, str], Any]
) -> None:
    doubled(context)
    page = show(context, "citizens")
    chip = DuplicatesChip(page)
    chip.refresh()
    assert chip.text() == "Tìm trùng"
    find_duplicates(context)
    chip.refresh()
    assert chip.text() == "Nghi trùng: 1"
    add_people(context, "01-0003", person("Lê Minh Đạt"))
    chip.refresh()
    assert chip.text() == "Tìm trùng"
    chip.click()
    window = page.window()
    window.tasks.wait_all()
    assert isinstance(window.current_page, DuplicatesPage)


def test_after_an_import_its_pairs_are_offered(context: Context, show: Callable[[Context, str], Any]) -> None:
    doubled(context)
    page = show(context, "citizens")
    window = page.window()
    operation = history.newest_undoable(context)
    assert operation is not None
    offer_duplicates(page, operation)
    window.tasks.wait_all()
    QApplication.processEvents()
    assert page.banner is not None and page.banner.button is not None
    assert "1 cặp có thể trùng" in page.banner.text_label.text()
    page.banner.button.click()
    window.tasks.wait_all()
    assert window.current_page.subtitle == "1 cặp có thể trùng"


def test_an_import_that_doubles_nobody_says_nothing(context: Context, show: Callable[[Context, str], Any]) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn Ước"))
    page = show(context, "citizens")
    operation = history.newest_undoable(context)
    assert operation is not None
    offer_duplicates(page, operation)
    page.window().tasks.wait_all()
    assert page.banner is None


def test_two_people_are_compared_and_merged_by_wish_though_nothing_joins_them(
    context: Context, show: Callable[[Context, str], Any]
) -> None:
    (first,) = add_people(context, "01-0001", person("Nguyễn Văn Ước", cccd="089084001234"))
    (second,) = add_people(context, "01-0002", person("Trần Văn Bình", cccd="079084777890"))
    page = show(context, "citizens")
    window = page.window()
    open_duplicates(page, people=(second, first))
    window.tasks.wait_all()
    shown = window.current_page
    assert (shown.current.first.uid, shown.current.pair.score) == (first, 0)
    assert not shown.current.is_sure
    shown.action("duplicates.merge").trigger()
    assert find_duplicates(context).people == 1
