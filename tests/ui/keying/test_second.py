"""Second entry by the keys: the queue, the blind grid, the third view, the rates and the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QApplication, QLabel

from desktop_app.models.types import RoundStatus
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.rounds import change_round
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history import undo
from desktop_app.services.keying.batches import list_batches
from desktop_app.services.keying.records import BatchRecord
from desktop_app.services.keying.second_queue import read_queue, read_second
from desktop_app.services.keying.second_rules import SecondRules
from desktop_app.services.keying.second_settings import load_rules, save_rules
from desktop_app.services.paper.codes import qr_text
from desktop_app.ui import theme
from desktop_app.ui.assessment.round_work import WORK
from desktop_app.ui.keying.second_draw_page import SecondDrawPage
from desktop_app.ui.keying.second_key_page import SecondKeyPage
from desktop_app.ui.keying.second_page import COLUMNS, SecondPage
from desktop_app.ui.keying.second_rates_page import SecondRatesPage
from desktop_app.ui.keying.second_rules_page import SecondRulesPage
from desktop_app.ui.keying.second_settle_page import SecondSettlePage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import PageSpec
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.widgets.paged_model import cell_text
from tests.factories import make_register
from tests.services.assessment.world import CITIZEN, YEAR, figures
from tests.services.keying.second_world import (
    HIGH,
    compare_all,
    key_again,
    keyed_batch,
    line_of,
    people_at_work,
    rows_of,
)
from tests.ui.conftest import settle
from tests.ui.keying.walk import Key, digits, enter, focused, key, scores_of, shortcut, words


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """Mai keyed three forms, all of which are drawn; Hùng sits at the keys."""
    made = make_register(tmp_path)
    _, hung = people_at_work(made, "Trần Thị Mai", "Lê Văn Hùng")
    save_rules(made, SecondRules(base_share=100))
    keyed_batch(made, [HIGH, (10,) * 10, HIGH], code="01-0123")
    made.user = hung
    yield made
    made.close()


@pytest.fixture
def batch(context: Context) -> BatchRecord:
    return list_batches(context, YEAR)[0]


@pytest.fixture
def window(qtbot, context: Context) -> Iterator[MainWindow]:
    made = MainWindow([PageSpec("second", "Nhập lần hai", "repeat-2", lambda _none: SecondPage(context))], None)
    qtbot.addWidget(made)

    def undo_deed() -> None:
        undo(context)
        made.announce_change()

    made.undo_requested.connect(undo_deed)
    made.resize(1366, 728)
    made.show()
    made.open_page("second")
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()


P = TypeVar("P")


def page_of(window: MainWindow, kind: type[P]) -> P:
    page = window.current_page
    assert isinstance(page, kind), page
    return page


@pytest.fixture
def grid_page(window: MainWindow) -> SecondKeyPage:
    enter()
    return page_of(window, SecondKeyPage)


@pytest.fixture
def settle_page(window: MainWindow, context: Context, batch: BatchRecord) -> SecondSettlePage:
    """One form with two fields that differ, one with one."""
    key_again(context, batch, {0: {0: 8, 4: 7}, 1: {9: 1}})
    compare_all(context, batch)
    page_of(window, SecondPage).refresh()
    page_of(window, SecondPage).on_shown()
    enter()
    return page_of(window, SecondSettlePage)


def shown_texts(window: MainWindow) -> str:
    page = window.current_page
    assert page is not None
    found = [label.text() for label in page.findChildren(QLabel)]
    return " ".join([*found, page.title, page.subtitle])


def test_second_entry_stands_among_the_rounds_work() -> None:
    (work,) = (item for item in WORK if item.id == "assessment.second")
    assert (work.key, work.home) == ("Ctrl+Shift+E", "keying.second_page:SecondPage")


def test_the_queue_says_how_much_of_each_batch_is_left(window: MainWindow) -> None:
    page = page_of(window, SecondPage)
    (batch,) = page.batches
    texts = [cell_text(column, column.cell(batch)) for column in COLUMNS]
    assert "Thôn 1 · tập 1" in texts
    assert "còn 3/3 phiếu" in texts
    assert "còn 3/3 phiếu" in page.subtitle


def test_the_queue_of_a_large_register_is_read_behind_the_window_and_keeps_the_place(
    window: MainWindow, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyed_batch(context, [HIGH], code="01-0777")
    monkeypatch.setattr("desktop_app.ui.keying.second_page.has_many", lambda _context: True)
    page = page_of(window, SecondPage)
    page.refresh()
    assert len(page.batches) == 1, "what stood is shown until the answer comes"
    assert window.tasks.wait_all() and len(page.batches) == 2
    page.table.select_row(1)
    chosen = page.batches[1].key
    page.refresh()
    page.refresh()
    assert window.tasks.wait_all()
    current = page.table.current()
    assert current is not None and current.key == chosen and "còn 4/4 phiếu" in page.subtitle


def test_a_queue_that_cannot_be_read_behind_the_window_says_so(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_context: Context, _year: int) -> None:
        raise UserError("Chưa đọc được; sổ vẫn nguyên. Hãy nhấn F5.", code="round.unknown")

    monkeypatch.setattr("desktop_app.ui.keying.second_page.has_many", lambda _context: True)
    monkeypatch.setattr("desktop_app.ui.keying.second_page.read_queue", broken)
    page = page_of(window, SecondPage)
    page.refresh()
    assert window.tasks.wait_all()
    assert "Hãy nhấn F5" in shown_texts(window) and len(page.batches) == 1


def test_a_whole_stack_is_keyed_compared_and_settled_by_the_keys_alone(
    window: MainWindow, context: Context, batch: BatchRecord
) -> None:
    enter()
    page = page_of(window, SecondKeyPage)
    order = [row.subject for row in page.store.rows]
    for row in (HIGH, (10,) * 9 + (8,), HIGH):
        for score in row:
            digits(str(score))
            enter()
    assert "Đối chiếu" in page.ask_bar.question or "đối chiếu" in page.ask_bar.question
    page.ask_bar.buttons[0].setFocus()
    enter()
    third = page_of(window, SecondSettlePage)
    assert third.subtitle == "phiếu 1/1"
    digits("3")
    digits("9")
    enter()
    assert "Tổng 99" in third.verdict_label.text()
    assert scores_of(context, order[1])[9] == 10
    enter()
    assert scores_of(context, order[1])[9] == 9
    assert page_of(window, SecondPage).batches[0].done == 3


def test_nothing_of_the_first_entry_is_on_the_screen_of_the_second(
    grid_page: SecondKeyPage, window: MainWindow, context: Context
) -> None:
    store = grid_page.store
    assert store.has_tail is False
    cells = [(row, column) for row in range(store.count()) for column in range(len(store.cells))]
    assert {store.value(*cell) for cell in cells} == {None}
    assert {store.tail(row).total + store.tail(row).sentence for row in range(store.count())} == {""}
    area = grid_page.grid.viewport().rect()
    tips = {grid_page.grid._tip(x, y) for x in range(0, area.width(), 40) for y in range(0, area.height(), 20)}
    said = " ".join(tips) + shown_texts(window) + grid_page.grid.accessibleDescription()
    assert re.search(r"\b(90|100)\b|đạt|tổng", said, re.IGNORECASE) is None


def test_what_is_half_typed_is_not_saved_and_keeps_the_page(grid_page: SecondKeyPage, window: MainWindow) -> None:
    digits("1")
    assert grid_page.store.rows[0].values == {}
    assert not grid_page.can_leave()
    key(Key.Key_Escape)
    assert grid_page.can_leave()


def test_too_high_a_number_is_refused_at_the_key(grid_page: SecondKeyPage, monkeypatch) -> None:
    heard: list[bool] = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append(True))
    digits("11")
    assert heard == [True]
    assert grid_page.grid.note.text
    key(Key.Key_Escape)


def test_one_key_mode_and_undo_work_as_in_the_first_grid(grid_page: SecondKeyPage, window: MainWindow) -> None:
    shortcut(window, "second.one_key")
    digits("907")
    assert list(grid_page.store.rows[0].values.values()) == [9, 10, 7]
    assert grid_page.undo()
    assert list(grid_page.store.rows[0].values.values()) == [9, 10]
    shortcut(window, "second.one_key")


def test_a_drawn_form_is_found_by_code_place_and_name_and_others_are_put_aside(
    grid_page: SecondKeyPage, window: MainWindow, context: Context
) -> None:
    third = grid_page.store.rows[2]
    shortcut(window, "list")
    words("dinh van 2")
    enter()
    assert grid_page.grid.row == 1
    shortcut(window, "list")
    words("3")
    enter()
    assert grid_page.grid.row == 2
    grid_page.grid.go_to(0, 0)
    shortcut(window, "list")
    words(qr_text(third.subject, YEAR, grid_page.store.sheet.definition.key))
    enter()
    assert grid_page.grid.row == 2
    shortcut(window, "list")
    words(qr_text("f" * 32, YEAR, grid_page.store.sheet.definition.key))
    enter()
    assert "không nằm trong số phiếu được chọn" in grid_page.ask_bar.question


def test_who_keyed_first_is_told_so_at_the_cell(context: Context, window: MainWindow, batch: BatchRecord) -> None:
    with context.read() as connection:
        mai = connection.exec_driver_sql("SELECT uid FROM user WHERE name = 'Trần Thị Mai'").scalar_one()
    context.user = mai.hex()
    enter()
    page = page_of(window, SecondKeyPage)
    digits("9")
    assert "người khác phải nhập lần hai" in page.grid.note.text
    assert rows_of(context, batch)[0].values == {}


def test_one_who_works_alone_is_asked_before_keying_twice(tmp_path: Path, qtbot) -> None:
    (tmp_path / "alone").mkdir()
    context = make_register(tmp_path / "alone")
    save_rules(context, SecondRules(base_share=100))
    batch = keyed_batch(context, [HIGH])
    made = MainWindow([PageSpec("second", "Nhập lần hai", "repeat-2", lambda _none: SecondPage(context))], None)
    qtbot.addWidget(made)
    made.show()
    made.open_page("second")
    qtbot.waitUntil(made.isActiveWindow)
    enter()
    page = page_of(made, SecondKeyPage)
    assert "chỉ có một người làm" in page.ask_bar.question
    page.ask_bar.buttons[0].setFocus()
    enter()
    digits("9")
    enter()
    assert list(rows_of(context, batch)[0].values.values()) == [9]
    made.close()
    context.close()


def test_forms_keyed_in_part_are_named_before_they_are_compared(
    grid_page: SecondKeyPage, window: MainWindow, context: Context, batch: BatchRecord
) -> None:
    digits("9")
    enter()
    shortcut(window, "second.compare")
    assert "Đinh Văn 1" in grid_page.ask_bar.question
    grid_page.ask_bar.buttons[0].setFocus()
    enter()
    page = page_of(window, SecondSettlePage)
    assert len(page.lines) == 9
    assert page.lines[0].views[1].text == "để trống"


def test_the_third_view_shows_both_and_takes_first_second_or_again(
    settle_page: SecondSettlePage, context: Context
) -> None:
    assert not settle_page.again_button.isVisible()
    line, other = settle_page.lines
    assert [view.text for view in line.views] == ["9", "8", "gõ điểm"]
    assert "lần đầu: Trần Thị Mai" in settle_page.detail_label.text()
    assert focused() is line
    digits("2")
    assert focused() is other
    digits("1")
    assert "Tổng 89" in settle_page.verdict_label.text()
    assert settle_page.save_button.isEnabled()
    key(Key.Key_Delete)
    assert not settle_page.save_button.isEnabled()
    digits("3")
    assert other.is_typing
    assert not settle_page.can_leave()
    digits("5")
    enter()
    assert other.views[2].text == "5"
    subject = settle_page.form.subject if settle_page.form else ""
    enter()
    assert figures(context, CITIZEN, subject)["total"] == 90 - 1 - 4
    assert settle_page.subtitle == "phiếu 1/1"


def test_a_number_that_cannot_be_is_refused_in_the_third_view_too(settle_page: SecondSettlePage, monkeypatch) -> None:
    heard: list[bool] = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append(True))
    digits("311")
    assert heard == [True]
    assert settle_page.ask_bar.question
    key(Key.Key_Escape)
    assert not settle_page.lines[0].is_typing


def test_settling_is_taken_back_whole_by_undo(
    settle_page: SecondSettlePage, window: MainWindow, context: Context
) -> None:
    subject = settle_page.form.subject if settle_page.form else ""
    digits("22")
    enter()
    assert figures(context, CITIZEN, subject)["total"] == 87
    window.undo_requested.emit()
    assert figures(context, CITIZEN, subject)["total"] == 90
    assert read_queue(context, YEAR)[0].differs == 2


def test_page_keys_go_from_form_to_form_and_choices_stay(settle_page: SecondSettlePage, window: MainWindow) -> None:
    digits("2")
    shortcut(window, "settle.next")
    assert settle_page.subtitle == "phiếu 2/2"
    shortcut(window, "settle.previous")
    assert settle_page.lines[0].views[1].text == "8"
    assert settle_page.lines[0].difference.source is not None


def test_first_values_changed_meanwhile_are_said_and_compared_again(
    settle_page: SecondSettlePage, window: MainWindow, context: Context
) -> None:
    form = settle_page.form
    assert form is not None
    answer(context, CITIZEN, form.subject, YEAR, form.differences[0].code, 8)
    leave_form(context)
    shortcut(window, "reload")
    assert settle_page.banner is not None
    assert not settle_page.again_button.isHidden()
    shortcut(window, "settle.again")
    assert len(settle_page.lines) == 1


def test_f8_takes_a_form_out_of_second_entry_after_asking(
    grid_page: SecondKeyPage, window: MainWindow, context: Context, batch: BatchRecord
) -> None:
    shortcut(window, "delete")
    assert "Đinh Văn 1" in grid_page.ask_bar.question
    grid_page.ask_bar.buttons[0].setFocus()
    enter()
    assert line_of(context, batch).total == 2
    assert grid_page.store.count() == 2


def test_a_closed_round_is_said_and_takes_nothing(window: MainWindow, context: Context, batch: BatchRecord) -> None:
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    enter()
    page = page_of(window, SecondKeyPage)
    assert page.banner is not None
    digits("9")
    assert "đã khóa" in page.grid.note.text
    assert read_second(context, YEAR, line_of(context, batch).key).rows[0].values == {}


def test_choosing_more_says_first_what_it_comes_to(window: MainWindow, context: Context) -> None:
    save_rules(context, SecondRules(base_share=50))
    keyed_batch(context, [HIGH] * 5, code="01-0950", close=False)
    shortcut(window, "add")
    page = page_of(window, SecondDrawPage)
    window.tasks.wait_all()
    QApplication.processEvents()
    assert "Chọn thêm 3 trong 8 phiếu" in page.report_label.text()
    shortcut(window, "save")
    window.tasks.wait_all()
    QApplication.processEvents()
    assert page_of(window, SecondPage).subtitle.endswith("còn 6/6 phiếu")


def test_rates_stand_with_their_denominators_and_go_to_excel(
    settle_page: SecondSettlePage, window: MainWindow, monkeypatch, tmp_path: Path
) -> None:
    digits("21")
    enter()
    digits("1")
    enter()
    shortcut(window, "second.rates")
    page = page_of(window, SecondRatesPage)
    people = {person.name: person for person in page.rates.people}
    assert (people["Trần Thị Mai"].first_errors, people["Trần Thị Mai"].first_fields) == (1, 30)
    assert (people["Lê Văn Hùng"].second_errors, people["Lê Văn Hùng"].second_fields) == (2, 30)
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_a, **_k: tmp_path / "lỗi.xlsx")
    shortcut(window, "rates.export")
    assert load_workbook(tmp_path / "lỗi.xlsx")["Theo người"]["D2"].value == 1


def test_one_persons_share_is_put_by_f2(window: MainWindow, context: Context) -> None:
    shortcut(window, "second.rates")
    page = page_of(window, SecondRatesPage)
    page.people.take_focus()
    shortcut(window, "edit")
    assert page.share_form is not None
    page.share_form.set_values({"share": "120"})
    shortcut(window, "save")
    assert load_rules(context).own == {}
    page.share_form.set_values({"share": "40"})
    shortcut(window, "save")
    assert [item.percent for item in load_rules(context).own.values()] == [40]
    assert page.rates.people[0].share == 40


def test_the_settings_are_checked_and_kept(window: MainWindow, context: Context) -> None:
    shortcut(window, "edit")
    page = page_of(window, SecondRulesPage)
    typed = {"base_share": "101", "least_share": "5", "distance": "3", "floor_distance": "1", "most_errors": "50"}
    page.form.set_values(typed)
    shortcut(window, "save")
    assert page_of(window, SecondRulesPage) is page
    page.form.set_values({**typed, "base_share": "12,5"})
    shortcut(window, "save")
    rules = load_rules(context)
    assert (rules.base_share, rules.distance, rules.floor_distance) == (12.5, 3, 1)


def test_with_large_text_the_list_has_the_room_of_the_hints(
    window: MainWindow, context: Context, look: QApplication
) -> None:
    window.push(SecondPage(context))
    page = window.current_page
    assert isinstance(page, SecondPage) and page.hints.isVisible()
    theme.apply(look, percent=200, contrast=False)
    settle()
    assert not page.hints.isVisible()


def test_with_large_text_a_question_has_the_room_and_its_answer_gives_it_back(window: MainWindow) -> None:
    theme.apply(QApplication.instance(), percent=200)
    try:
        enter()
        page = page_of(window, SecondKeyPage)
        QApplication.processEvents()
        assert page.hints.isHidden()
        assert "còn 3/3 phiếu" in page.row_label.text()
        shortcut(window, "delete")
        assert page.frame.isHidden()
        assert focused() is page.ask_bar.buttons[-1]
        enter()
        assert not page.frame.isHidden()
        assert focused() is page.grid
    finally:
        theme.apply(QApplication.instance(), percent=100)
