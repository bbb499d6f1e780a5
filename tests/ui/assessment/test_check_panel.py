"""Checking and signing a form by keyboard: warnings kept with a reason, what is missing, who filled it and when."""

from __future__ import annotations

import pytest

from desktop_app.services.assessment.form import open_form
from desktop_app.services.context import Context
from desktop_app.ui.main_window import MainWindow
from tests.ui.assessment.stage import YEAR, Key, digits, enter, focused, key, open_form_of, operations
from tests.ui.assessment.test_guided_form import CITIZEN, person


def undo(context: Context) -> None:
    with context.read() as connection:
        uid = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar_one().hex()
    context.journal.undo(uid)


@pytest.fixture
def form(window: MainWindow, small: Context):
    """The form of Nguyễn Văn An with ten points for the first indicator and no evidence."""
    made = open_form_of(window, CITIZEN, person(small))
    digits("10")
    enter()
    return made


def test_a_warning_stands_beside_the_score_with_its_word_and_on_the_button(form) -> None:
    form.go_to(0)
    assert form.view.finding_line.words.text() == ("Cảnh báo: Chỉ số 1 chấm tối đa 10 mà chưa có minh chứng.")
    assert form.check_button.text() == "Kiểm tra (1)"
    form.go_to(1)
    assert form.view.finding_line.isHidden()


def test_the_list_tells_warnings_and_what_is_missing_apart(form) -> None:
    form.action("form.check").trigger()
    rows = form.check.list.rows()
    assert focused() is form.check.list
    assert [(item.text, item.chip.text) for item in rows] == [
        ("Chỉ số 1 chấm tối đa 10 mà chưa có minh chứng.", "Cảnh báo"),
        ("Chỉ số 2, 3, 4, 5, 6, 7, 8, 9, 10 chưa trả lời.", "Còn thiếu"),
    ]
    assert rows[0].chip.icon_name != rows[1].chip.icon_name
    assert form.check.summary_label.text() == ("1 cảnh báo (sửa, hoặc ghi lý do để giữ), 1 chỗ còn thiếu.")


def test_a_warning_is_kept_with_a_reason_by_keyboard_alone(form, small: Context) -> None:
    form.action("form.check").trigger()
    enter()
    assert focused() is form.check.reason_box
    form.check.reason_box.setText("Cả thôn đều biết")
    enter()
    assert form.check_button.text() == "Kiểm tra"
    assert open_form(small, CITIZEN, person(small), YEAR).reasons == {"1": "Cả thôn đều biết"}
    assert operations(small, "answer.reason") == 1
    assert form.check.list.rows()[-1].chip.text == "Đã ghi lý do"
    form.go_to(0)
    assert form.view.finding_line.words.text().endswith("Lý do: Cả thôn đều biết")


def test_what_is_missing_is_gone_to_by_enter(form) -> None:
    form.action("form.check").trigger()
    form.check.list.setCurrentRow(1)
    enter()
    assert form.place == 1
    assert not form.check.isVisible()
    assert focused() is form.view.box


def test_the_person_and_today_are_proposed_and_saved_only_when_asked(form, small: Context) -> None:
    form.action("form.check").trigger()
    panel = form.check
    assert panel.name_box.text() == "Nguyễn Văn An"
    assert panel.signed_label.text().startswith("Đề nghị của phần mềm, chưa ghi")
    assert open_form(small, CITIZEN, person(small), YEAR).assessor == ""
    panel.name_box.setFocus()
    enter()
    assert focused() is panel.day_box
    panel.day_box.setText("1/2/2026")
    enter()
    state = open_form(small, CITIZEN, person(small), YEAR)
    assert (state.assessor, state.assessed_on) == ("Nguyễn Văn An", "2026-02-01")
    assert form.side.line_label.text().endswith("Nguyễn Văn An chấm ngày 01/02/2026")
    assert panel.signed_label.text() == ""
    undo(small)
    form.refresh()
    assert panel.signed_label.text().startswith("Đề nghị của phần mềm, chưa ghi")


def test_a_day_that_cannot_be_read_stays_in_the_box_with_the_reason_above(form, small: Context) -> None:
    form.action("form.check").trigger()
    panel = form.check
    panel.day_box.setFocus()
    panel.day_box.setText("31/2/2026")
    enter()
    assert "không đọc được" in form.banner.text_label.text()
    assert panel.day_box.text() == "31/2/2026"
    assert open_form(small, CITIZEN, person(small), YEAR).assessor == ""


def test_escape_closes_the_panel_and_evidence_takes_its_place(form) -> None:
    form.action("form.check").trigger()
    key(Key.Key_Escape)
    assert not form.check.isVisible()
    assert form.view.guide.isVisible()
    form.action("form.check").trigger()
    form.action("form.evidence").trigger()
    assert not form.check.isVisible()
    assert form.view.evidence.isVisible()
    assert focused() is form.view.evidence.add_button
