"""The line for the next person: refused, asked about, added to the register."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.context import Context
from desktop_app.services.history import undo
from desktop_app.services.keying.batches import add_batch
from desktop_app.services.keying.following import following
from desktop_app.ui import theme
from desktop_app.ui.keying import placing_work
from desktop_app.ui.keying.batch_page import BatchPage
from desktop_app.ui.keying.page import KeyingPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.registry.ask_bar import Answer
from tests.services.assessment.world import CITIZEN, add_unit, fill
from tests.ui.conftest import settle
from tests.ui.keying.walk import (
    YEAR,
    Key,
    cover_of,
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


@pytest.fixture
def page(window: MainWindow, context: Context) -> BatchPage:
    return open_batch(window, context)[0]


def uid_of(context: Context, birth: int) -> str:
    with context.read() as connection:
        found: bytes = connection.exec_driver_sql("SELECT uid FROM citizen WHERE birth = ?", (str(birth),)).scalar_one()
    return found.hex()


def test_suggestions_come_while_typing_and_are_chosen_by_arrow(page: BatchPage, qtbot) -> None:
    words("nguyen van")
    qtbot.waitUntil(lambda: page.placing.finder.is_open)
    assert [hit.name for hit in page.placing.finder.hits][:2] == ["Nguyễn Văn Bình", "Nguyễn Văn Hạnh"]
    key(Key.Key_Down)
    key(Key.Key_Down)
    enter()
    assert page.store.lead(0).name == "Nguyễn Văn Hạnh" and focused() is page.grid


def test_enter_takes_what_is_typed_now_and_never_a_list_of_what_was_typed_before(page: BatchPage) -> None:
    words("nguyen")
    page.placing.finder.suggest()
    assert page.placing.finder.is_open
    words(" van thang")
    enter()
    assert page.store.lead(0).name == "Nguyễn Văn Thắng"


def test_an_arrow_points_into_the_list_of_what_is_typed_now(page: BatchPage) -> None:
    words("nguyen")
    page.placing.finder.suggest()
    words(" van h")
    key(Key.Key_Down)
    enter()
    assert page.store.lead(0).name == "Nguyễn Văn Hạnh"


def test_enter_over_open_suggestions_asks_before_it_takes_one_of_several(page: BatchPage) -> None:
    words("van lan")
    page.placing.finder.suggest()
    enter()
    assert page.placing.finder.is_open and page.store.count() == 0
    enter()
    assert page.store.count() == 1


def test_a_stack_in_the_order_of_the_list_needs_no_typing(page: BatchPage) -> None:
    for name in ("Nguyễn Văn Lan", "Nguyễn Văn Bình", "Nguyễn Văn Mai"):
        key(Key.Key_Down)
        enter()
        assert page.store.rows[-1].name == name
        page.begin_search()


def test_after_the_end_of_the_list_those_who_were_passed_over_come_and_then_nobody(
    page: BatchPage, monkeypatch
) -> None:
    find("01-0040")
    enter()
    assert page.store.count() == 1
    page.begin_search()
    everybody = following(page.context, page.store.batch, None, 50)
    later = following(page.context, page.store.batch, page.store.rows[-1].subject, 50)
    assert 0 < len(later) < len(everybody)
    for candidate in later:
        page.placing.place(candidate.subject)
    page.begin_search()
    key(Key.Key_Down)
    assert page.placing.finder.hits[0].name == "Nguyễn Văn Lan"
    monkeypatch.setattr(placing_work, "following", lambda *_rest: ())
    page.placing.finder.close_list()
    key(Key.Key_Down)
    assert page.grid.note.text.startswith("Trong danh sách Thôn 1 không còn ai chưa có phiếu này")


def test_several_matches_ask_instead_of_guessing(page: BatchPage) -> None:
    find("van lan")
    assert page.placing.finder.is_open and page.store.count() == 0
    enter()
    assert page.store.count() == 1


def test_nobody_is_said_in_place_and_the_typing_stays(page: BatchPage) -> None:
    find("khong ai ca")
    assert "Không thấy “khong ai ca” trong Thôn 1 cũng như cả xã." in page.grid.note.text
    assert focused() is page.placing.finder and page.placing.finder.text() == "khong ai ca"


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_a_sentence_at_the_line_never_covers_it(page: BatchPage, look: QApplication, percent: int) -> None:
    theme.apply(look, percent=percent)
    find("van lan")
    enter()
    page.begin_search()
    find("khong ai ca")
    note, finder = page.grid.note, page.finder
    assert not note.isHidden() and not note.geometry().intersects(finder.geometry())
    assert page.grid.viewport().rect().contains(note.geometry())


def test_a_code_with_a_wrong_digit_is_refused_and_scanned_again(page: BatchPage) -> None:
    find("1234567890123")
    assert "có chữ số gõ sai" in page.grid.note.text
    assert page.placing.finder.selectedText() == "1234567890123"


def test_the_same_person_again_leads_to_the_line_or_back(page: BatchPage, context: Context) -> None:
    find("1950")
    key_row([9] * 10)
    find("nguyen van binh")
    page.begin_search()
    find("1950")
    assert "đã có ở dòng 1 của tập này: 10 ô đã ghi, tổng 90" in page.ask_bar.question
    enter()
    assert focused() is page.placing.finder and page.store.count() == 2
    enter()
    page.ask_bar.buttons[0].click()
    assert (page.grid.row, focused()) == (0, page.grid)


def test_a_form_scored_elsewhere_goes_on_here_or_is_left(page: BatchPage, context: Context) -> None:
    uid = uid_of(context, 1950)
    fill(context, CITIZEN, uid, share=0.7)
    find("1950")
    assert "đã có phiếu trong đợt này: 10 ô đã ghi, tổng 70" in page.ask_bar.question
    enter()
    assert page.store.count() == 0
    enter()
    page.ask_bar.buttons[0].click()
    assert page.store.tail(0).total == "70" and focused() is page.grid


def test_another_group_is_changed_only_by_an_answer(page: BatchPage, context: Context) -> None:
    find("1993")
    assert "sổ ghi nhóm “Người lao động" in page.ask_bar.question
    page.ask_bar.buttons[0].click()
    assert page.store.count() == 1
    page.begin_search()
    find("1994")
    assert page.store.count() == 2


def test_the_dead_are_refused_with_a_sentence_in_place(page: BatchPage, context: Context) -> None:
    with context.operation("citizen.death", {}) as op:
        op.connection.exec_driver_sql("UPDATE citizen SET life_status = 'dead' WHERE birth = '1950'")
        op.is_kept = True
    find("1950 lan")
    assert "đã mất" in page.grid.note.text and page.store.count() == 0


def test_a_newcomer_is_added_without_leaving_the_row(window: MainWindow, page: BatchPage, context: Context) -> None:
    find("lê thị hoàn toàn mới")
    shortcut(window, "add")
    assert page.placing.strip.fields["full_name"].text() == "Lê Thị Hoàn Toàn Mới"
    assert focused() is page.placing.strip.fields["birth"]
    words("2015")
    enter()
    words("x")
    enter()
    words("99-1")
    enter()
    assert "gõ nam hoặc nữ" in page.placing.strip.message_label.text()
    words("nữ")
    enter(2)
    assert "Sổ không có hộ mã 99-1" in page.placing.strip.message_label.text()
    assert "chưa đủ 16 tuổi" in page.placing.strip.message_label.text()
    fields = page.placing.strip.fields
    fields["birth"].setText("1990")
    fields["household"].setText("01-0005")
    fields["household"].setFocus()
    enter()
    assert page.placing.strip.isHidden() and focused() is page.grid
    assert page.store.lead(0).name == "Lê Thị Hoàn Toàn Mới" and page.store.lead(0).detail == "hộ 01-0005"
    key_row([9] * 10)
    assert page.store.tail(0).total == "90"
    undo(context)
    undo(context)
    assert page.store.count() == 1
    page.refresh()
    assert page.store.count() == 0


def test_with_large_text_a_short_question_leaves_the_rows_it_is_about_in_sight(
    window: MainWindow, page: BatchPage, look: QApplication
) -> None:
    theme.apply(look, percent=200, contrast=False)
    find("1950 lan")
    page.ask_bar.ask("Bìa ghi tổng 250, đã nhập 241.", Answer("Sửa bìa"), Answer("Làm tiếp"))
    settle()
    assert page.ask_bar.isVisible() and page.grid.isVisible()
    assert page.grid.height() >= theme.px(100)
    key(Key.Key_Escape)
    shortcut(window, "add")
    settle()
    assert page.placing.strip.isVisible() and not page.grid.isVisible(), "what fills the page has it alone"


def test_a_newcomer_of_an_organizations_batch_is_asked_for_the_hamlet_which_stays_for_the_next(
    window: MainWindow, context: Context
) -> None:
    unit = add_unit(context, [])
    batch = add_batch(context, YEAR, replace(cover_of(context), hamlet=None, organization=unit))
    listed = window.current_page
    assert isinstance(listed, KeyingPage)
    listed.refresh()
    listed.open_batch(batch.uid)
    page = grid_page(window)
    fields = page.placing.strip.fields
    for name, hamlet in (("Lê Văn Một", "1"), ("Lê Văn Hai", "")):
        shortcut(window, "add")
        fields["full_name"].setFocus()
        fields["full_name"].selectAll()
        words(name)
        enter()
        words("1990")
        enter(3)
        assert focused() is fields["hamlet"]
        if hamlet:
            words(hamlet)
        enter()
        assert page.placing.strip.isHidden()
        assert "(Thôn 1)" in window._toast.text_label.text()
    shortcut(window, "add")
    assert fields["hamlet"].text() == "1"
    fields["full_name"].setText("Lê Văn Ba")
    fields["birth"].setText("1990")
    fields["hamlet"].clear()
    fields["hamlet"].setFocus()
    enter()
    assert page.placing.strip.isHidden() and page.store.count() == 3
    assert "chưa rõ thôn" in window._toast.text_label.text()


def test_a_batch_of_a_hamlet_asks_for_no_other(window: MainWindow, page: BatchPage) -> None:
    shortcut(window, "add")
    assert page.placing.strip.isVisible() and not page.placing.strip.fields["hamlet"].isVisible()


def test_a_namesake_turns_out_to_be_the_same_person(window: MainWindow, page: BatchPage) -> None:
    shortcut(window, "add")
    words("Nguyễn Văn Lan")
    enter()
    words("1950")
    enter(3)
    assert "Đã có Nguyễn Văn Lan cùng ngày sinh" in page.ask_bar.question
    page.ask_bar.buttons[0].click()
    assert page.store.lead(0).birth == "1950" and page.placing.strip.isHidden()


def test_escape_puts_the_strip_away_and_keeps_the_typing(window: MainWindow, page: BatchPage) -> None:
    words("Ai Đó")
    shortcut(window, "add")
    key(Key.Key_Escape)
    assert page.placing.strip.isHidden()
    assert focused() is page.placing.finder and page.placing.finder.text() == "Ai Đó"


def test_a_household_that_is_missing_is_added_on_its_own_screen(window: MainWindow, context: Context) -> None:
    from desktop_app.models.types import LearningModel

    page, _ = open_batch(window, context, model=LearningModel.FAMILY, group=None)
    shortcut(window, "add")
    assert "màn hình Hộ gia đình" in page.grid.note.text
    find("01-0010")
    assert page.store.count() == 1
    key_row([9, 9, 9, 9, 9, 9, 18, 17])
    assert page.store.tail(0).total == "89"


def test_an_answer_given_elsewhere_shows_after_reloading(window: MainWindow, page: BatchPage, context: Context) -> None:
    find("1950")
    uid = page.store.rows[0].subject
    leave_form(context)
    answer(context, CITIZEN, uid, YEAR, page.store.cells[0].code, 5)
    shortcut(window, "reload")
    assert page.store.value(0, 0) == 5 and scores_of(context, uid)[0] == 5


def test_the_line_for_the_next_person_stays_the_place_of_work_over_undo_and_reload(
    window: MainWindow, page: BatchPage, context: Context
) -> None:
    find("1950")
    key_row([9] * 10)
    find("nguyen van binh")
    page.begin_search()
    shortcut(window, "repeat")
    assert page.store.value(1, 0) is None
    shortcut(window, "reload")
    assert focused() is page.placing.finder and page.grid.is_adding
    window._on_undo()
    assert page.store.count() == 1 and focused() is page.placing.finder and page.grid.is_adding
    find("nguyen van binh")
    key_row([8] * 10)
    assert (page.store.count(), page.store.tail(1).total) == (2, "80")
    assert scores_of(context, page.store.rows[1].subject) == [8] * 10
