"""The screen of duplicates by keyboard: compared, chosen, merged, told apart, taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from desktop_app.models.tables import registry
from desktop_app.services import history
from desktop_app.services.context import Context
from desktop_app.ui import theme
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.duplicates.rows import View
from tests.services.duplicates.test_search import add_people, person
from tests.ui.conftest import primaries
from tests.ui.registry.conftest import focused, key


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


@pytest.fixture
def page(context: Context, show: Callable[[Context, str], Any]) -> Any:
    """Three pairs: a sure one, a doubtful one of other sexes, and one in two hamlets."""
    add_people(context, "01-0001", person("Nguyễn Văn Ước", cccd="089084001234", phone="0912345678"))
    add_people(context, "01-0002", person("Nguyen Van Uoc", phone="0912345678", occupation="Nông dân"))
    add_people(context, "01-0003", person("Trần Thanh An", "1990-02-03", phone="0987654321"))
    add_people(context, "01-0004", person("Trần Thanh An", "1990-02-03", phone="0987654321", sex="female"))
    add_people(context, "01-0005", person("Lê Minh Đạt", "1975-11-12"))
    add_people(context, "02-0001", person("Lê Minh Đạt", "1975-11-12"), hamlet="Thôn 2")
    shown = DuplicatesPage(context)
    window = show(context, "citizens").window()
    window.push(shown)
    window.tasks.wait_all()
    settle()
    return shown


def names(page: Any) -> list[str]:
    paged = page.list.paged
    return [paged.row_at(row).name for row in range(paged.rowCount())]


def people(context: Context) -> dict[str, dict[str, Any]]:
    with context.read() as connection:
        query = select(registry.citizen).where(registry.citizen.c.present)
        return {row["uid"]: dict(row) for row in connection.execute(query).mappings()}


def compare(page: Any) -> None:
    """The list has rested on its row."""
    page._load()
    settle()


def test_the_sure_pair_stands_first_and_is_compared(page: Any) -> None:
    assert names(page) == ["Nguyễn Văn Ước / Nguyen Van Uoc", "Trần Thanh An", "Lê Minh Đạt"]
    assert page.subtitle == "3 cặp có thể trùng"
    compare(page)
    lines = {line.name: [side.text for side in line.sides] for line in page.panel._lines}
    assert lines["occupation"] == ["", "Nông dân"]
    assert lines["cccd"] == ["0•• ••• ••• 234", ""]
    assert page.panel.taken == {"occupation"}
    assert [button.text() for button in primaries(page.window())] == ["Gộp"]
    assert focused() is page.list.view


def test_lines_are_chosen_and_the_pair_is_merged_by_keyboard_alone(page: Any, context: Context) -> None:
    uids = page.current.first.uid, page.current.second.uid
    key(Qt.Key.Key_Return)
    assert focused().name == "full_name"
    key(Qt.Key.Key_Right)
    key(Qt.Key.Key_Down)
    assert focused().name == "cccd"
    key(Qt.Key.Key_Escape)
    assert focused() is page.list.view
    page.action("duplicates.merge").trigger()
    settle()
    found = people(context)
    assert uids[1] not in found
    assert found[uids[0]]["full_name"] == "Nguyen Van Uoc"
    assert (found[uids[0]]["cccd"], found[uids[0]]["occupation"]) == ("089084001234", "Nông dân")
    assert names(page) == ["Trần Thanh An", "Lê Minh Đạt"]
    assert focused() is page.list.view


def test_a_merge_is_taken_back_by_the_usual_key_and_the_pair_is_there_again(page: Any, context: Context) -> None:
    page.action("duplicates.merge").trigger()
    assert len(people(context)) == 5
    history.undo(context)
    page.window().announce_change()
    page.window().tasks.wait_all()
    settle()
    assert len(people(context)) == 6
    assert len(names(page)) == 3


def test_two_people_are_told_apart_and_looked_at_again(page: Any, context: Context) -> None:
    page.step(1)
    page.action("duplicates.distinct").trigger()
    settle()
    assert names(page) == ["Nguyễn Văn Ước / Nguyen Van Uoc", "Lê Minh Đạt"]
    page.view_chip._on_chosen(View.DISTINCT)
    settle()
    assert names(page) == ["Trần Thanh An"]
    page.action("duplicates.merge").trigger()
    page.view_chip._on_chosen(View.OPEN)
    page.window().tasks.wait_all()
    settle()
    assert len(names(page)) == 3


def test_a_merged_pair_is_taken_apart_later(page: Any, context: Context) -> None:
    page.action("duplicates.merge").trigger()
    page.view_chip._on_chosen(View.MERGED)
    settle()
    assert names(page) == ["Nguyễn Văn Ước / Nguyen Van Uoc"]
    assert [button.text() for button in primaries(page.window())] == ["Tách lại"]
    page.action("duplicates.merge").trigger()
    settle()
    assert len(people(context)) == 6
    page.view_chip._on_chosen(View.OPEN)
    page.window().tasks.wait_all()
    settle()
    assert "Nguyễn Văn Ước / Nguyen Van Uoc" not in names(page)


def test_the_sure_ones_are_merged_together_after_they_were_shown(page: Any, context: Context) -> None:
    assert page.sure_button.text() == "Gộp 1 cặp chắc chắn"
    page.action("duplicates.merge_sure").trigger()
    settle()
    assert names(page) == ["Nguyễn Văn Ước / Nguyen Van Uoc"]
    assert "Gộp 1 cặp đang hiện?" in page.ask_bar.question
    assert focused() is page.ask_bar.buttons[-1]
    page.ask_bar.buttons[0].click()
    page.window().tasks.wait_all()
    settle()
    assert len(people(context)) == 5
    assert names(page) == ["Trần Thanh An", "Lê Minh Đạt"]


def test_the_list_is_narrowed_by_hamlet_level_and_words(page: Any, context: Context) -> None:
    with context.read() as connection:
        uid = connection.execute(select(registry.hamlet.c.uid).where(registry.hamlet.c.name == "Thôn 2")).scalar_one()
    page.hamlet_chip._on_chosen(uid)
    assert names(page) == ["Lê Minh Đạt"]
    assert page.subtitle == "1 / 3 cặp có thể trùng"
    page.hamlet_chip._on_chosen("")
    page.level_chip._on_chosen("doubtful")
    assert names(page) == ["Trần Thanh An", "Lê Minh Đạt"]
    page.level_chip._on_chosen("")
    page.search_text = "uoc"
    page.on_search("uoc")
    assert names(page) == ["Nguyễn Văn Ước / Nguyen Van Uoc"]
    page.search_text = ""
    page.new_chip.setChecked(True)
    assert names(page) == ["Lê Minh Đạt"]


def test_numbers_are_shown_only_when_asked_and_that_is_written_down(page: Any, context: Context) -> None:
    compare(page)
    page.panel.reveal_asked.emit()
    texts = {line.name: [side.text for side in line.sides] for line in page.panel._lines}
    assert texts["cccd"] == ["089084001234", ""]
    assert any(record.kind == "citizen.reveal" for record in history.operations(context))


def test_a_search_of_what_came_in_shows_only_its_pairs(context: Context, show: Callable[[Context, str], Any]) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn Ước"))
    add_people(context, "01-0002", person("Nguyễn Văn Ước"))
    add_people(context, "01-0003", person("Lê Minh Đạt"))
    add_people(context, "01-0004", person("Lê Minh Đạt"))
    shown = DuplicatesPage(context, history.newest_undoable(context))
    window = show(context, "citizens").window()
    window.push(shown)
    window.tasks.wait_all()
    settle()
    assert names(shown) == ["Lê Minh Đạt"]


def test_an_empty_list_says_so(context: Context, show: Callable[[Context, str], Any]) -> None:
    shown = DuplicatesPage(context)
    window = show(context, "citizens").window()
    window.push(shown)
    window.tasks.wait_all()
    settle()
    assert shown.subtitle == "0 cặp có thể trùng"
    assert not shown.action("duplicates.merge").isEnabled()


def test_the_question_is_whole_at_double_size(page: Any, look: QApplication) -> None:
    theme.apply(look, percent=200)
    settle()
    page.action("duplicates.merge_sure").trigger()
    settle()
    bar = page.ask_bar
    wanted = bar.question_label.heightForWidth(bar.question_label.width())
    assert bar.question_label.height() >= wanted
    assert bar.buttons[-1].visibleRegion().boundingRect() == bar.buttons[-1].rect()


def test_the_help_names_every_key_of_the_screen() -> None:
    text = (Path(__file__).parents[3] / "resources" / "help" / "trung_lap.md").read_text(encoding="utf-8")
    assert [spec.shortcut for spec in DuplicatesPage.ACTIONS if spec.shortcut not in text] == []


def test_what_was_chosen_stays_when_the_text_grows(page: Any, look: QApplication) -> None:
    compare(page)
    page.enter_panel()
    line = page.panel._lines[0]
    line.choose(not line.takes_second)
    taken, place = page.panel.taken, page.panel.place
    theme.apply(look, percent=120)
    page._load_again()
    settle()
    assert (page.panel.taken, page.panel.place) == (taken, place)
    assert page.panel._lines[0] is not line
    assert place == 0
