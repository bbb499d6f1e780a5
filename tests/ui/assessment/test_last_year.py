"""Last year's answers beside this year's: shown, offered by a key, never taken by themselves."""

from __future__ import annotations

import pytest

from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.rounds import open_round
from desktop_app.services.context import Context
from desktop_app.ui.main_window import MainWindow
from tests.ui.assessment.stage import YEAR, digits, enter, open_form_of, stored
from tests.ui.assessment.test_guided_form import CITIZEN, person


@pytest.fixture
def form(window: MainWindow, small: Context):
    """The form of Nguyễn Văn An, who had 6 and 7 points for two indicators last year."""
    open_round(small, YEAR - 1)
    answer(small, CITIZEN, person(small), YEAR - 1, "1", 6)
    answer(small, CITIZEN, person(small), YEAR - 1, "2", 7)
    return open_form_of(window, CITIZEN, person(small))


def test_last_years_total_stands_in_the_head(form) -> None:
    assert form.side.earlier_label.text() == "Năm 2025: 13/100 điểm, chấm chưa xong"


def test_the_key_offers_last_years_value_and_enter_stores_it(form, small: Context) -> None:
    assert form.view.again_button.text() == "Lấy lại 6 của năm 2025"
    form.action("form.last_year").trigger()
    assert form.view.box.text() == "6"
    assert stored(small, CITIZEN, person(small)) == {}
    enter()
    assert stored(small, CITIZEN, person(small)) == {"1": 6}
    assert form.view.again_button.text() == "Lấy lại 7 của năm 2025"


def test_nothing_is_offered_where_the_same_stands_or_nothing_was_answered(form, small: Context) -> None:
    digits("6")
    enter()
    form.go_to(0)
    assert form.view.again_button.isHidden()
    form.go_to(2)
    assert form.view.again_button.isHidden()
    form.action("form.last_year").trigger()
    assert form.view.box.text() == ""


def test_the_one_page_face_takes_the_same_key(form, small: Context) -> None:
    form.switch_face()
    form.action("form.last_year").trigger()
    assert form.all_face.rows[0].box.text() == "6"
    enter()
    assert stored(small, CITIZEN, person(small)) == {"1": 6}


def test_a_narrow_window_says_last_years_total_below_the_help_and_in_the_check(form, window: MainWindow) -> None:
    window.zoom.set_percent(200)
    form._arrange()
    assert "Năm 2025: 13/100 điểm, chấm chưa xong" in form.view.guide._result.text()
    form.action("form.check").trigger()
    assert form.check.earlier_label.text() == "Năm 2025: 13/100 điểm, chấm chưa xong"
