"""The guided form by keyboard alone: what is typed, what is saved, what is refused, and how one goes on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.rounds import RoundStatus, change_round, open_round
from desktop_app.services.assessment.worklist import WorkFilter, WorkStatus
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import change_overrides, sets_in_use
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.ui.assessment import session as session_module
from desktop_app.ui.assessment.inputs import AnswerBox
from desktop_app.ui.assessment.session import after_in, middle
from desktop_app.ui.assessment.target import ListTarget
from desktop_app.ui.main_window import MainWindow
from tests.ui.assessment.stage import (
    YEAR,
    Key,
    digits,
    enter,
    first_uid,
    focused,
    form_of,
    key,
    letter,
    open_form_of,
    open_page,
    operations,
    shift_enter,
    stored,
)
from tests.ui.conftest import settle

CITIZEN = LearningModel.CITIZEN


def person(context: Context, name: str = "Nguyễn Văn An") -> str:
    with context.read() as connection:
        row = connection.exec_driver_sql("SELECT uid FROM citizen WHERE full_name = ?", (name,)).one()
    return row[0].hex()


@pytest.fixture
def form(window: MainWindow, small: Context):
    """The guided form of Nguyễn Văn An, empty."""
    return open_form_of(window, CITIZEN, person(small))


def test_the_whole_job_is_done_by_keyboard_alone(window: MainWindow, small: Context, qtbot) -> None:
    open_page(window)
    assert focused() is window.current_page.table.view
    enter()
    assert form_of(window).session.state.subject.name == "Nguyễn Văn An"
    for score in (9, 8, 8, 9, 8, 5, 8, 9, 9, 8):
        digits(str(score))
        enter()
    form = form_of(window)
    assert form.bar.said == "Đạt: 81/100 điểm, không chỉ số nào dưới 5."
    assert window.status.saved_label.text().startswith("Đã lưu ")
    assert focused() is form.bar.forward_button
    assert form.bar.forward_button.text() == "Người kế"
    enter()
    assert form_of(window).session.state.subject.name == "Lê Thị Bình"
    assert window._toast.text_label.text() == "Nguyễn Văn An: Đạt"
    assert stored(small, CITIZEN, person(small)) == {str(n): s for n, s in enumerate((9, 8, 8, 9, 8, 5, 8, 9, 9, 8), 1)}


def test_a_half_typed_number_is_never_saved(form, small: Context) -> None:
    digits("1")
    assert stored(small, CITIZEN, person(small)) == {}
    digits("0")
    assert stored(small, CITIZEN, person(small)) == {}
    enter()
    assert stored(small, CITIZEN, person(small)) == {"1": 10}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("11", "Chỉ số 1 chấm từ 0 đến 10 điểm."),
        ("7,5", "Chỉ số 1 chấm theo điểm nguyên, không chấm lẻ."),
        ("7,", "Số chưa gõ xong."),
        ("99999999999999999999", "Chỉ số 1 chấm từ 0 đến 10 điểm."),
    ],
)
def test_what_cannot_be_a_score_stays_with_its_reason_beside_it(form, small: Context, typed: str, why: str) -> None:
    digits(typed)
    for leave in (enter, shift_enter, form.next_person, lambda: form.go_to(4), form.switch_face):
        leave()
        assert (form.place, form.view.box.text()) == (0, typed)
        assert form.view.error_label.text() == why
        assert form.view.error_label.isVisible()
    assert not form.can_leave()
    assert stored(small, CITIZEN, person(small)) == {}
    form.view.box.clear()
    digits("7")
    enter()
    assert stored(small, CITIZEN, person(small)) == {"1": 7}


def test_a_window_does_not_close_over_a_score_that_cannot_be_taken(form, window: MainWindow) -> None:
    digits("12")
    assert not window.close()
    form.view.box.clear()
    assert window.close()


def test_leaving_takes_what_is_typed(form, window: MainWindow, small: Context) -> None:
    digits("6")
    window.pop()
    assert stored(small, CITIZEN, person(small)) == {"1": 6}
    assert window.current_page.table.current().total == 6


def test_shift_enter_goes_back_and_takes_what_is_typed(form, small: Context) -> None:
    digits("9")
    enter()
    digits("8")
    shift_enter()
    assert form.place == 0
    assert form.view.box.text() == "9"
    assert stored(small, CITIZEN, person(small)) == {"1": 9, "2": 8}


def test_escape_discards_nothing(form, small: Context) -> None:
    digits("9")
    key(Key.Key_Escape)
    assert form.view.box.text() == "9"
    enter()
    assert stored(small, CITIZEN, person(small)) == {"1": 9}


def test_a_level_by_its_letter_offers_its_middle_and_digits_adjust_it(form, small: Context) -> None:
    letter("b")
    assert form.view.box.text() == "7"
    assert form.view.levels.current == 1
    assert stored(small, CITIZEN, person(small)) == {}
    letter("b")
    assert form.view.box.text() == "8"
    digits("5")
    assert form.view.levels.current == 2
    enter()
    assert stored(small, CITIZEN, person(small)) == {"1": 5}


def test_arrows_go_through_the_levels(form) -> None:
    key(Key.Key_Down)
    assert form.view.levels.current == 0
    key(Key.Key_Down)
    assert (form.view.levels.current, form.view.box.text()) == (1, "7")
    key(Key.Key_Up)
    assert (form.view.levels.current, form.view.box.text()) == (0, "9")


def test_a_digit_on_the_levels_begins_the_score(form) -> None:
    form.view.levels.setFocus()
    digits("8")
    assert isinstance(focused(), AnswerBox)
    assert form.view.box.text() == "8"


def test_the_middle_of_a_level_is_a_score_that_the_set_allows() -> None:
    assert [middle(9, 10, 1), middle(0, 4, 1), middle(9, 10, 0.5)] == [9, 2, 9.5]
    assert [after_in(7, 8, 1, None), after_in(7, 8, 1, 7), after_in(7, 8, 1, 8), after_in(7, 8, 1, 3)] == [7, 8, 7, 7]


def test_total_and_sentence_follow_what_is_typed_before_it_is_saved(form, small: Context) -> None:
    digits("4")
    assert form.bar.figure.accessibleName() == "4 / 100"
    assert "chỉ số 1 được 4, phải từ 5" in form.bar.said
    digits("0")
    assert form.bar.figure.accessibleName() == "0 / 100"
    assert stored(small, CITIZEN, person(small)) == {}


def test_a_score_below_the_floor_stands_red_in_the_list(form) -> None:
    digits("4")
    enter()
    row = form.side.list.rows[0]
    assert (row.answer, row.tone) == ("4", "failed")
    assert "chưa đạt mức phải có" in row.spoken


def test_an_emptied_box_takes_the_answer_back_and_ctrl_z_brings_it_again(form, window, small: Context) -> None:
    digits("9")
    enter()
    shift_enter()
    form.view.box.clear()
    enter()
    assert stored(small, CITIZEN, person(small)) == {}
    assert form.undo()
    assert stored(small, CITIZEN, person(small)) == {"1": 9}
    assert (form.place, form.view.box.text()) == (0, "9")
    assert form.undo()
    assert not form.undo()
    assert stored(small, CITIZEN, person(small)) == {}


def test_all_answers_of_a_sitting_are_one_operation(form, window: MainWindow, small: Context) -> None:
    for score in "987":
        digits(score)
        enter()
    window.pop()
    assert operations(small, "answer.form") == 1


def test_page_down_goes_on_and_page_up_returns_even_to_who_no_longer_fits_the_filter(window, small: Context) -> None:
    window.open_page("assessment", ListTarget(CITIZEN, WorkFilter(status=WorkStatus.NOT_STARTED)))
    enter()
    digits("9")
    form = form_of(window)
    form.action("form.next").trigger()
    assert form.session.state.subject.name == "Lê Thị Bình"
    assert form.place == 0
    form.action("form.previous").trigger()
    assert form.session.state.subject.name == "Nguyễn Văn An"
    assert form.place == 1
    assert stored(small, CITIZEN, person(small)) == {"1": 9}


def test_the_end_of_the_list_is_said_and_nothing_moves(window: MainWindow, small: Context) -> None:
    page = open_page(window)
    page.table.select_row(2)
    enter()
    form = form_of(window)
    form.next_person()
    assert window._toast.text_label.text() != "Đã hết danh sách đang lọc."
    form.next_person()
    assert window._toast.text_label.text() == "Đã hết danh sách đang lọc."


def test_after_the_last_indicator_enter_goes_to_what_was_left_out(form) -> None:
    form.go_to(9)
    digits("9")
    enter()
    assert form.place == 0


def test_the_list_moves_by_arrows_and_enter_returns_to_the_answer(form) -> None:
    form.action("list").trigger()
    key(Key.Key_Down)
    key(Key.Key_Down)
    assert form.place == 2
    enter()
    assert focused() is form.view.box


def test_f7_offers_the_answer_before_and_enter_saves_it(form, small: Context) -> None:
    digits("8")
    enter()
    form.action("repeat").trigger()
    assert form.view.box.text() == "8"
    assert stored(small, CITIZEN, person(small)) == {"1": 8}
    enter()
    assert stored(small, CITIZEN, person(small)) == {"1": 8, "2": 8}


def test_f8_asks_before_a_form_is_emptied(form, small: Context) -> None:
    digits("8")
    enter()
    form.action("delete").trigger()
    assert focused() is form.clear_bar.no_button
    form.clear_bar.no_button.click()
    assert stored(small, CITIZEN, person(small)) == {"1": 8}
    form.action("delete").trigger()
    form.clear_bar.yes_button.click()
    assert stored(small, CITIZEN, person(small)) == {}
    assert form.view.box.text() == ""


def test_last_years_score_stands_beside_this_years(window: MainWindow, small: Context) -> None:
    open_round(small, YEAR - 1)
    answer(small, CITIZEN, person(small), YEAR - 1, "1", 6)
    form = open_form_of(window, CITIZEN, person(small))
    assert form.view.limit_label.text() == "/ 10 · năm 2025: 6"


def test_half_points_are_taken_where_the_set_allows_them(window: MainWindow, small: Context) -> None:
    used = next(s for s in sets_in_use(small) if s.definition.key == "citizen.resident")
    change_overrides(small, used.uid, {"allows_half_points": True})
    form = open_form_of(window, CITIZEN, person(small))
    digits("7,5")
    assert form.view.levels.current == 1
    enter()
    assert stored(small, CITIZEN, person(small)) == {"1": 7.5}
    assert form.side.list.rows[0].answer == "7,5"


def test_a_closed_round_shows_its_forms_and_takes_nothing(window: MainWindow, small: Context) -> None:
    answer(small, CITIZEN, person(small), YEAR, "1", 6)
    change_round(small, YEAR, status=RoundStatus.CLOSED)
    form = open_form_of(window, CITIZEN, person(small))
    assert form.notice.isVisible()
    assert "đã khóa" in form.notice.text_label.text()
    form.go_to(0)
    assert form.view.box.text() == "6"
    assert not form.view.box.isEnabled()
    assert form.can_leave()


def test_an_answer_that_cannot_reach_the_disk_stays_in_its_box(form, small: Context, monkeypatch) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise EnvironmentProblem("Ổ đĩa đã đầy nên thao tác này chưa được lưu.", code="database.full")

    monkeypatch.setattr(session_module, "answer", full)
    digits("9")
    enter()
    assert form.place == 0
    assert form.view.box.text() == "9"
    assert form.banner.text_label.text().startswith("Ổ đĩa đã đầy")
    assert not form.can_leave()
    monkeypatch.undo()
    enter()
    assert form.banner is None
    assert stored(small, CITIZEN, person(small)) == {"1": 9}


def test_wording_status_help_and_examples_stand_beside_the_levels(form) -> None:
    form.go_to(6)
    view = form.view
    assert view.wording_label.text().startswith("Kỹ năng: tính toán để công việc luôn được cải tiến")
    assert view.criterion_label.text() == "II. Năng lực sử dụng công cụ học tập, làm việc"
    assert view.place_label.text() == "7 / 10"
    assert "mức là gợi ý của phần mềm" in view.sure_label.text()
    assert "chưa đối chiếu phụ lục QĐ 324" in view.sure_label.text()
    assert "biết tính trước khi làm" in view.guide.text()
    assert "Ghi sổ phân, thuốc" in view.guide.text()


def test_a_form_of_another_screen_opens_without_a_list(window: MainWindow, small: Context) -> None:
    form = open_form_of(window, LearningModel.FAMILY, first_uid(small, "household"))
    assert form.session.state.subject.name == "Hộ Nguyễn Văn An"


@pytest.mark.parametrize("percent", [100, 125, 200])
def test_the_score_is_in_sight_at_every_size_of_text(form, window: MainWindow, percent: int) -> None:
    window.zoom.set_percent(percent)
    settle()
    form.focus_work()
    settle()
    box = form.view.box
    viewport = form.view._scroll.viewport()
    place = box.mapTo(viewport, box.rect().bottomLeft())
    assert place.y() - box.height() >= 0
    assert place.y() <= viewport.height()
    assert form.view._scroll.horizontalScrollBar().maximum() == 0


def test_at_twice_the_size_the_way_to_pass_and_the_reached_level_are_in_sight(form, window: MainWindow) -> None:
    window.zoom.set_percent(200)
    settle()
    digits("7")
    enter()
    form.go_to(0)
    form.focus_work()
    settle()
    words = form.bar.sentence_label
    assert "Nếu" in form.bar.said
    assert form.bar.said.partition(" Nếu ")[2] in words.text()
    assert words.height() >= words.heightForWidth(words.width())
    line = form.view.level_line
    assert "<b>B\u00a07–8\u00a0Khá</b>" in line.text()
    viewport = form.view._scroll.viewport()
    assert line.mapTo(viewport, line.rect().topLeft()).y() >= 0
    assert line.mapTo(viewport, line.rect().topLeft()).y() + line.fontMetrics().height() <= viewport.height()
    window.zoom.set_percent(100)
    settle()
    assert line.isHidden(), "the list of levels is in sight itself"


def test_ctrl_z_in_an_untouched_box_belongs_to_the_form(form, window: MainWindow, qtbot) -> None:
    digits("9")
    enter()
    assert not form.view.box.isUndoAvailable()
    qtbot.keyClick(form.view.box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert form.place == 0
    assert form.session.value("1") is None
