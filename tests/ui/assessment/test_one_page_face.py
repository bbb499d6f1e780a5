"""All indicators on one page: the same answers, refusals and keys as in the guided face."""

from __future__ import annotations

import pytest

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.ui.main_window import MainWindow
from tests.ui.assessment.stage import (
    Key,
    digits,
    enter,
    first_uid,
    focused,
    form_of,
    key,
    letter,
    open_form_of,
    shift_enter,
    stored,
)

CITIZEN = LearningModel.CITIZEN


@pytest.fixture
def form(window: MainWindow, small: Context):
    made = open_form_of(window, CITIZEN, first_uid(small, "citizen"))
    made.action("form.face").trigger()
    return made


def test_ten_numbers_and_ten_enters_fill_a_form(form, small: Context) -> None:
    assert focused() is form.all_face.rows[0].box
    for _ in range(10):
        digits("9")
        enter()
    assert stored(small, CITIZEN, first_uid(small, "citizen")) == {str(n): 9 for n in range(1, 11)}
    assert form.bar.said.startswith("Đạt: 90/100 điểm")
    enter()
    assert form.session.state.subject.name == "Lê Thị Bình"
    assert form.all_face.rows[0].box.text() == ""


def test_half_typed_numbers_wait_and_refused_ones_stay(form, small: Context) -> None:
    uid = first_uid(small, "citizen")
    digits("1")
    assert stored(small, CITIZEN, uid) == {}
    digits("1")
    enter()
    assert form.all_face.rows[0].error_label.text() == "Chỉ số 1 chấm từ 0 đến 10 điểm."
    assert focused() is form.all_face.rows[0].box
    assert not form.can_leave()
    assert stored(small, CITIZEN, uid) == {}


def test_tab_and_the_mouse_take_what_is_typed(form, small: Context) -> None:
    digits("8")
    form.all_face.rows[4].box.setFocus()
    assert stored(small, CITIZEN, first_uid(small, "citizen")) == {"1": 8}
    assert form.place == 4
    assert form.side.list.current == 4


def test_shift_enter_goes_back_a_row(form) -> None:
    digits("8")
    enter()
    shift_enter()
    assert focused() is form.all_face.rows[0].box


def test_letters_and_arrows_offer_levels_here_too(form) -> None:
    letter("a")
    row = form.all_face.rows[0]
    assert (row.box.text(), row.level_label.text()) == ("9", "Thành thạo")
    letter("a")
    assert row.box.text() == "10"
    key(Key.Key_Down)
    assert (row.box.text(), row.level_label.text()) == ("7", "Khá")


def test_switching_in_the_middle_keeps_place_and_answers(form, small: Context) -> None:
    digits("9")
    enter()
    digits("4")
    form.action("form.face").trigger()
    assert not form.is_all_face
    assert (form.place, form.view.box.text()) == (1, "4")
    assert stored(small, CITIZEN, first_uid(small, "citizen")) == {"1": 9, "2": 4}
    form.action("form.face").trigger()
    assert focused() is form.all_face.rows[1].box
    assert form.all_face.rows[1].level_label.property("tone") == "failed"


def test_f7_repeats_the_row_above(form) -> None:
    digits("8")
    enter()
    form.action("repeat").trigger()
    assert form.all_face.rows[1].box.text() == "8"


def test_a_checklist_is_typed_with_ones_and_noughts_and_percentages(window: MainWindow, small: Context) -> None:
    commune = first_uid(small, "commune")
    form = open_form_of(window, LearningModel.COMMUNE, commune)
    form.action("form.face").trigger()
    for answer in ("1", "đ", "0", "c"):
        key(Key.Key_unknown, answer)
        enter()
    form.go_to(10)
    digits("93,25")
    enter()
    assert stored(small, LearningModel.COMMUNE, commune) == {"1.1": 1, "1.2": 1, "1.3": 0, "2.1": 0, "4.2": 93.25}
    assert form.all_face.rows[12].box.isHidden()
    assert form.all_face.rows[12].level_label.text() == "tự tính: 0%"
    assert "0 ÷ 4 công dân có mặt trong xã từ 16 tuổi = 0%" in form.all_face.rows[12].small_label.text()


@pytest.mark.parametrize("percent", [125, 200])
def test_the_row_with_the_focus_stays_in_sight_when_the_text_grows(form, window, qtbot, percent: int) -> None:
    form.go_to(7)
    row = form.all_face.rows[7]
    assert focused() is row.box
    window.zoom.set_percent(percent)
    viewport = form.all_face._scroll.viewport()

    def is_in_sight() -> bool:
        top = row.box.mapTo(viewport, row.box.rect().topLeft()).y()
        return top >= 0 and top + row.box.height() <= viewport.height()

    qtbot.waitUntil(is_in_sight)


def test_rows_are_reused_for_the_next_person_of_the_same_set(form) -> None:
    rows = list(form.all_face.rows)
    form.next_person()
    assert form.all_face.rows == rows


def test_the_one_page_face_stays_in_use_from_person_to_person(form, window: MainWindow) -> None:
    form.next_person()
    assert form_of(window).is_all_face
    assert focused() is form.all_face.rows[0].box
