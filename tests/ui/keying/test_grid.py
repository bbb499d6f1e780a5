"""The grid under the hands of a person: moving, refusing, repeating, undoing, leaving and coming back."""

from __future__ import annotations

import json
import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import AssessmentStatus, LearningModel
from desktop_app.services.context import Context
from desktop_app.services.keying import batches as batch_service
from desktop_app.services.keying.records import BatchRecord
from desktop_app.services.paper.codes import form_code, qr_text
from desktop_app.ui import theme
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.keying.batch_page import BatchPage, remembered_place
from desktop_app.ui.keying.page import KeyingPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.widgets import state
from tests.services.assessment.world import CITIZEN, figures
from tests.ui.keying.walk import (
    CTRL,
    SHIFT,
    YEAR,
    Key,
    digits,
    enter,
    find,
    focused,
    grid_page,
    key,
    key_row,
    open_batch,
    scores_of,
    shortcut,
    words,
)

FIRST, SECOND, THIRD = "nguyen van lan", "nguyen van binh", "nguyen van mai"
NONE = [None] * 10


@pytest.fixture
def beeps(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    heard: list[bool] = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append(True))
    return heard


@pytest.fixture
def opened(window: MainWindow, context: Context) -> tuple[BatchPage, BatchRecord]:
    return open_batch(window, context, form_count=2)


@pytest.fixture
def page(opened: tuple[BatchPage, BatchRecord]) -> BatchPage:
    """A batch with two people, the cursor on the first cell of the second."""
    made = opened[0]
    for name in (FIRST, SECOND):
        find(name)
        made.begin_search()
    made.focus_row(1)
    return made


def uid_at(page: BatchPage, row: int) -> str:
    return page.store.rows[row].subject


def test_a_number_is_saved_only_when_its_cell_is_left(page: BatchPage, context: Context) -> None:
    digits("1")
    assert scores_of(context, uid_at(page, 1)) == NONE
    digits("0")
    assert (page.grid.shown_text, scores_of(context, uid_at(page, 1))) == ("10", NONE)
    enter()
    assert scores_of(context, uid_at(page, 1))[0] == 10
    assert (page.grid.row, page.grid.column) == (1, 1)


@pytest.mark.parametrize("leaving", [Key.Key_Right, Key.Key_Up, Key.Key_Tab, Key.Key_Home, Key.Key_PageUp])
def test_every_way_to_leave_a_cell_saves_it(page: BatchPage, context: Context, leaving: Qt.Key) -> None:
    page.grid.go_to(1, 3)
    digits("7")
    key(leaving)
    assert scores_of(context, uid_at(page, 1))[3] == 7
    assert (page.grid.row, page.grid.column) != (1, 3)


def test_enter_goes_on_and_shift_enter_back_over_the_ends_of_rows(page: BatchPage) -> None:
    page.grid.go_to(0, 9)
    enter()
    assert (page.grid.row, page.grid.column) == (1, 0)
    key(Key.Key_Return, "\r", SHIFT)
    assert (page.grid.row, page.grid.column) == (0, 9)
    key(Key.Key_Backtab, held=SHIFT)
    assert (page.grid.row, page.grid.column) == (0, 8)
    key(Key.Key_End, held=CTRL)
    enter()
    assert focused() is page.placing.finder
    key(Key.Key_Up)
    assert focused() is page.grid


def test_escape_brings_back_what_was_stored(page: BatchPage, context: Context) -> None:
    key_row("9")
    key(Key.Key_Left)
    digits("4")
    key(Key.Key_Escape)
    assert (page.grid.shown_text, page.grid.is_typing) == ("9", False)
    enter()
    assert scores_of(context, uid_at(page, 1))[0] == 9


def test_what_is_too_high_or_a_letter_is_refused_at_the_key_with_a_sound(
    page: BatchPage, context: Context, beeps: list[bool]
) -> None:
    digits("1")
    digits("1")
    assert page.grid.note.text == "Chỉ số 1: 11 quá cao; từ 0 đến 10 điểm."
    assert (page.grid.shown_text, len(beeps)) == ("1", 1)
    digits("ă")
    assert "không nhận “ă”" in page.grid.note.text and len(beeps) == 2
    assert page.grid.note.geometry().intersected(page.grid._current_rect()).isEmpty()
    digits("0")
    assert (page.grid.note.text, page.grid.shown_text) == ("", "10")
    assert scores_of(context, uid_at(page, 1)) == NONE


def test_backspace_takes_the_last_digit_and_delete_the_whole_cell(page: BatchPage, context: Context) -> None:
    key_row(["10"])
    key(Key.Key_Left)
    key(Key.Key_Backspace)
    assert page.grid.shown_text == "1"
    key(Key.Key_Escape)
    key(Key.Key_Delete)
    assert (page.grid.shown_text, scores_of(context, uid_at(page, 1))[0]) == ("", 10)
    enter()
    assert scores_of(context, uid_at(page, 1)) == NONE


def test_f7_repeats_the_value_above_and_says_so(
    window: MainWindow, page: BatchPage, context: Context, beeps: list[bool]
) -> None:
    page.grid.go_to(0, 0)
    key_row([8])
    page.grid.go_to(1, 0)
    shortcut(window, "repeat")
    assert scores_of(context, uid_at(page, 1))[0] == 8
    assert page.grid.note.text == "Đã lặp lại 8 của dòng trên (Nguyễn Văn Lan) cho chỉ số 1."
    assert (page.grid.column, beeps) == (1, [])
    shortcut(window, "repeat")
    assert "không có điểm để lặp lại" in page.grid.note.text and beeps


def test_total_and_verdict_follow_each_cell(page: BatchPage, window: MainWindow, context: Context) -> None:
    key_row([9, 9, 9, 9, 9, 9, 9, 9, 9])
    tail = page.store.tail(1)
    assert (tail.total, tail.chip.text if tail.chip else "") == ("81", "còn 1")
    key_row([4])
    tail = page.store.tail(1)
    assert (tail.total, tail.chip.text if tail.chip else "") == ("85", "CS10 < 5")
    assert "chỉ số 10 được 4, phải từ 5" in tail.sentence
    page.grid.go_to(1, 9)
    assert tail.sentence[1:] in page.row_label.text()
    assert window.status.saved_label.text().startswith("Đã lưu ")
    assert figures(context, CITIZEN, uid_at(page, 1))["status"] == AssessmentStatus.COMPLETE


def test_a_verdict_is_made_for_the_row_that_changed_only(page: BatchPage, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_app.ui.keying import batch_store

    judged: list[str] = []
    real = batch_store.judge_row
    monkeypatch.setattr(batch_store, "judge_row", lambda row, used: judged.append(row.subject) or real(row, used))
    key_row([9, 9])
    page.grid.viewport().repaint()
    assert judged and set(judged) == {uid_at(page, 1)}


def test_ctrl_z_takes_back_cell_by_cell_and_then_the_whole_sitting(
    window: MainWindow, page: BatchPage, context: Context
) -> None:
    uid = uid_at(page, 1)
    key_row([9, 8])
    key(Key.Key_Left)
    digits("5")
    window._on_undo()
    assert (page.grid.is_typing, scores_of(context, uid)[:2]) == (False, [9, 8])
    window._on_undo()
    assert (scores_of(context, uid)[:2], page.grid.column) == ([9, None], 1)
    window._on_undo()
    assert scores_of(context, uid) == NONE
    window._on_undo()
    assert [row.name for row in page.store.rows] == ["Nguyễn Văn Lan"]


def test_a_half_typed_number_keeps_the_page_and_the_cell(window: MainWindow, page: BatchPage, context: Context) -> None:
    digits("1")
    window.pop()
    assert window.current_page is page and "gõ dở “1”" in page.grid.note.text
    shortcut(window, "reload")
    page.placing.finder.setFocus()
    assert focused() is page.grid
    click(page, 0, 4)
    assert (page.grid.row, page.grid.column, page.grid.shown_text) == (1, 0, "1")
    shortcut(window, "delete")
    assert page.ask_bar.isHidden() and scores_of(context, uid_at(page, 1)) == NONE
    key(Key.Key_Escape)
    window.pop()
    assert isinstance(window.current_page, KeyingPage)


def click(page: BatchPage, row: int, column: int) -> None:
    from PySide6.QtTest import QTest

    band = page.grid.row_rect(row)
    x = page.grid.shape.cell_x(column, page.grid.horizontalScrollBar().value()) + 5
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, band.center().y()))


def test_a_click_goes_to_its_cell(page: BatchPage) -> None:
    click(page, 0, 4)
    assert (page.grid.row, page.grid.column) == (0, 4)


def test_a_batch_left_in_the_middle_is_offered_exactly_where_it_was(
    window: MainWindow, page: BatchPage, opened: tuple[BatchPage, BatchRecord]
) -> None:
    key_row([9, 8, 7])
    window.pop()
    listed = window.current_page
    assert isinstance(listed, KeyingPage)
    assert remembered_place() == {
        "batch": opened[1].uid, "subject": uid_at(page, 1), "code": page.store.cells[3].code,
    }  # fmt: skip
    listed._has_offered = False
    listed.refresh()
    assert listed.banner is not None and "đang nhập dở, 0/2 phiếu" in listed.banner.accessibleName()
    enter()
    again = grid_page(window)
    assert again is not page and focused() is again.grid
    assert (again.grid.row, again.grid.column) == (1, 3)


def test_without_a_memory_a_batch_begins_at_its_first_open_row(
    window: MainWindow, page: BatchPage, opened: tuple[BatchPage, BatchRecord]
) -> None:
    page.grid.go_to(0, 0)
    key_row([9] * 10)
    window.pop()
    state.remember("keying.place", json.dumps({"batch": "x"}))
    enter()
    again = grid_page(window)
    assert (again.grid.row, again.grid.column) == (1, 0)


def test_the_guided_form_opens_at_the_cell_and_leads_back_to_it(
    window: MainWindow, page: BatchPage, context: Context
) -> None:
    key_row([9] * 9)
    shortcut(window, "keying.guided")
    form = window.current_page
    assert isinstance(form, FormPage)
    assert form.place == 9
    digits("8")
    enter()
    shortcut(window, "form.to_grid")
    assert window.current_page is page and focused() is page.grid
    assert (page.grid.row, page.grid.column) == (1, 9)
    assert scores_of(context, uid_at(page, 1))[9] == 8
    assert figures(context, CITIZEN, uid_at(page, 1))["status"] == AssessmentStatus.COMPLETE
    shortcut(window, "keying.guided")
    assert isinstance(window.current_page, FormPage)
    window.current_page.previous_person()
    assert window.current_page.session.state.subject.name == "Nguyễn Văn Lan"
    shortcut(window, "form.to_grid")
    assert page.grid.row == 0


def test_a_row_is_taken_out_with_its_points_kept_or_cleared(
    window: MainWindow, page: BatchPage, context: Context
) -> None:
    first, second = uid_at(page, 0), uid_at(page, 1)
    key_row([9, 9])
    shortcut(window, "delete")
    page.ask_bar.buttons[0].click()
    assert (page.store.count(), scores_of(context, second)[:2]) == (1, [9, 9])
    page.focus_row(0)
    key_row([8])
    shortcut(window, "delete")
    page.ask_bar.buttons[1].click()
    assert (page.store.count(), scores_of(context, first)) == (0, NONE)
    assert focused() is page.placing.finder


def test_a_block_from_a_spreadsheet_is_pasted_whole_or_not_at_all(
    page: BatchPage, context: Context, beeps: list[bool]
) -> None:
    clipboard = QApplication.clipboard()
    page.grid.go_to(0, 1)
    clipboard.setText("9\t8\n7\t12\n")
    key(Key.Key_V, "\x16", CTRL)
    assert "Dòng 2, ô “12”: Chỉ số 3 chấm từ 0 đến 10 điểm." in page.grid.note.text and beeps
    assert scores_of(context, uid_at(page, 0)) == NONE
    clipboard.setText("9\t8\n7\t10\n")
    key(Key.Key_V, "\x16", CTRL)
    assert scores_of(context, uid_at(page, 0))[1:3] == [9, 8]
    assert scores_of(context, uid_at(page, 1))[1:3] == [7, 10]


def test_a_pasted_block_is_taken_back_at_once_and_gives_back_what_it_covered(page: BatchPage, context: Context) -> None:
    page.grid.go_to(0, 0)
    key_row([5, 6])
    page.grid.go_to(0, 1)
    clipboard = QApplication.clipboard()
    clipboard.setText("9\t8\n7\t10\n")
    key(Key.Key_V, "\x16", CTRL)
    assert page.undo()
    assert scores_of(context, uid_at(page, 0))[:3] == [5, 6, None]
    assert scores_of(context, uid_at(page, 1)) == NONE and page.store.count() == 2


def test_a_closed_batch_shows_its_rows_and_takes_nothing(
    window: MainWindow, page: BatchPage, context: Context, opened: tuple[BatchPage, BatchRecord], beeps: list[bool]
) -> None:
    for row in (0, 1):
        page.focus_row(row)
        key_row([9] * 10)
    shortcut(window, "keying.close")
    assert batch_service.read_batch(context, opened[1].uid).is_closed
    enter()
    shut = grid_page(window)
    digits("5")
    assert "Tập đã đóng" in shut.grid.note.text and beeps
    assert not shut.placing.finder.isEnabled()
    shortcut(window, "keying.close")
    assert not batch_service.read_batch(context, opened[1].uid).is_closed
    digits("5")
    assert shut.grid.shown_text == "5"


def test_a_difference_from_the_cover_leads_to_the_row_and_to_the_cover(window: MainWindow, page: BatchPage) -> None:
    page.focus_row(0)
    key_row([9] * 10)
    page.focus_row(1)
    key_row([9] * 9)
    shortcut(window, "keying.close")
    assert "1 phiếu còn ô trống (dòng 2)" in page.ask_bar.question
    page.ask_bar.buttons[0].click()
    assert (page.grid.row, page.grid.column, focused()) == (1, 9, page.grid)
    key_row([9])
    find(THIRD)
    shortcut(window, "keying.close")
    assert "bìa ghi 2 phiếu, đã nhập 3 (thừa 1)" in page.ask_bar.question
    assert "dòng 3 Nguyễn Văn Mai" in page.ask_bar.question
    page.ask_bar.buttons[1].click()
    assert window.current_page is not page


def test_every_kind_of_form_has_its_columns(window: MainWindow, context: Context) -> None:
    for model in (LearningModel.FAMILY, LearningModel.ORGANIZATION, LearningModel.COMMUNE):
        page, _ = open_batch(window, context, model=model, group=None, hamlet=None)
        assert len(page.store.cells) == len(page.store.sheet.definition.indicators)
        window.pop()


def test_the_grid_keeps_name_and_three_scores_in_sight_at_every_size(
    window: MainWindow, page: BatchPage, look: QApplication
) -> None:
    for percent in (100, 150, 200):
        theme.apply(look, percent=percent)
        QApplication.processEvents()
        page.grid.go_to(1, 9)
        shape = page.grid.shape
        x = shape.cell_x(9, page.grid.horizontalScrollBar().value())
        assert shape.left <= x and x + shape.cell_width <= shape.right
        assert shape.right - shape.left >= 3 * shape.cell_width
        assert page.grid.corner == ("0/2" if percent > 100 else "")
        assert "name" in shape.lead and page.grid.row_rect(1).bottom() <= page.grid.viewport().height()


def test_the_grid_paints_what_it_holds(page: BatchPage) -> None:
    key_row([4])
    picture = QImage(page.grid.viewport().size(), QImage.Format.Format_RGB32)
    page.grid.viewport().render(picture)
    red = theme.color("failed").rgb()
    band = page.grid.row_rect(1)
    x = page.grid.shape.cell_x(0, 0)
    found = {picture.pixel(x + dx, band.top() + dy) for dx in range(page.grid.shape.cell_width) for dy in range(36)}
    assert red in found


def test_a_screen_reader_hears_where_the_cursor_is(page: BatchPage) -> None:
    page.grid.go_to(0, 2)
    said = page.grid.accessibleDescription()
    assert said == "Dòng 1, Nguyễn Văn Lan. chỉ số 3, trống, từ 0 đến 10 điểm"


def test_a_form_scanned_while_the_cursor_is_in_a_cell_opens_its_person_and_fills_no_cell(
    page: BatchPage, context: Context
) -> None:
    now = [0.0]
    page.grid.scan_watch.clock = lambda: now[0]
    with context.read() as connection:
        raw: bytes = connection.exec_driver_sql("SELECT uid FROM citizen WHERE birth = '1960'").scalar_one()
    words(qr_text(raw.hex(), YEAR, "citizen.resident"))
    enter()
    assert (page.store.count(), page.grid.row) == (3, 2) and page.store.rows[2].subject == raw.hex()
    assert scores_of(context, uid_at(page, 1)) == NONE and page.grid.note.text == ""
    digits("1")
    words("SHT:2026:x:4711081523426")
    enter()
    assert (page.grid.shown_text, page.store.count()) == ("1", 3) and "gõ dở" in page.grid.note.text
    key(Key.Key_Escape)
    words("s")
    assert "không nhận “s”" in page.grid.note.text
    now[0] = 5.0
    key_row([9])
    assert page.store.value(2, 0) == 9


@pytest.mark.parametrize("one_key", [False, True])
def test_a_bar_code_scanned_while_the_cursor_is_in_a_cell_opens_its_person_and_fills_no_cell(
    window: MainWindow, page: BatchPage, context: Context, *, one_key: bool
) -> None:
    now = [0.0]
    page.grid.scan_watch.clock = lambda: now[0]
    if one_key:
        shortcut(window, "keying.one_key")
    with context.read() as connection:
        raw: bytes = connection.exec_driver_sql("SELECT uid FROM citizen WHERE birth = '1960'").scalar_one()
    page.focus_row(0)
    page.grid.go_to(0, 7)
    before = [scores_of(context, uid_at(page, row)) for row in (0, 1)]
    words(form_code(raw.hex()))
    enter()
    assert (page.store.count(), page.grid.row) == (3, 2) and page.store.rows[2].subject == raw.hex()
    assert [scores_of(context, uid_at(page, row)) for row in (0, 1)] == before
    assert page.store.value(2, 0) is None and page.grid.note.text == ""


def test_a_telex_keyboard_that_marks_the_letters_of_a_code_does_not_spoil_its_scan(
    page: BatchPage, context: Context
) -> None:
    now = [0.0]
    page.grid.scan_watch.clock = lambda: now[0]
    with context.read() as connection:
        raw: bytes = connection.exec_driver_sql("SELECT uid FROM citizen WHERE birth = '1960'").scalar_one()
    head, tail = f"SHT:{YEAR}:citizen.re", f"ident:{form_code(raw.hex())}"
    words(head)
    key(Key.Key_Backspace, "\b")
    words(f"é{tail}")
    enter()
    assert page.store.rows[-1].subject == raw.hex()


def test_many_figures_typed_at_the_pace_of_fingers_are_scores(window: MainWindow, page: BatchPage, context) -> None:
    shortcut(window, "keying.one_key")
    page.focus_row(1)
    digits("9876598765")
    assert scores_of(context, uid_at(page, 1)) == [9, 8, 7, 6, 5, 9, 8, 7, 6, 5]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_keys_come_the_file_holds_what_the_grid_shows_and_nothing_half_typed(
    page: BatchPage, context: Context, seed: int
) -> None:
    chance = random.Random(seed)
    plain = [Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Escape, Key.Key_Backspace, Key.Key_Delete, Key.Key_Tab]
    for _ in range(150):
        deed = chance.random()
        if not page.grid.hasFocus():
            page.focus_grid()
        if deed < 0.55:
            digits(chance.choice("0123456789,x"))
        elif deed < 0.75:
            enter()
        elif deed < 0.95:
            key(chance.choice(plain))
        else:
            page.undo()
    page.grid.restore()
    for row in range(page.store.count()):
        shown = [page.store.value(row, column) for column in range(10)]
        assert scores_of(context, uid_at(page, row)) == shown
        assert all(value is None or value in range(11) for value in shown)
        assert page.store.tail(row).total in (str(sum(value or 0 for value in shown)).removesuffix(".0"), "")


def test_one_key_mode_is_kept_for_the_next_batch(window: MainWindow, page: BatchPage, context: Context) -> None:
    shortcut(window, "keying.one_key")
    window.pop()
    again, _ = open_batch(window, context)
    assert again.grid.one_key and again.one_key_button.isChecked()
    assert batch_service.list_batches(context, YEAR)
