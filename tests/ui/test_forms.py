"""Forms: what was typed stays, errors are words beside the field, Enter goes on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox

from desktop_app.services.vietnamese import PartialDate
from desktop_app.ui import widgets as w
from desktop_app.ui.widgets.form_spec import KINDS, raw_of, read_field, read_form
from tests.ui.conftest import press, settle, type_text

HAMLETS = (("h1", "Thôn 1"), ("h2", "Thôn 2"), ("h3", "Ấp Bình Hòa"))


def find_hamlets(text: str) -> list[tuple[str, str]]:
    from desktop_app.services.vietnamese import fold

    return [(uid, words) for uid, words in HAMLETS if fold(text) in fold(words)]


SPEC = w.FormSpec(
    (
        w.Field("name", "Họ và tên", is_required=True, max_length=60),
        w.Field("born", "Ngày sinh", "date"),
        w.Field("sex", "Giới tính", "choice", choices=(("male", "Nam"), ("female", "Nữ"))),
        w.Field("cccd", "Số CCCD", "cccd", warn=lambda v: "Số này lạ." if v.startswith("9") else None),
        w.Field("hamlet", "Thôn", "search", find=find_hamlets, words_of=dict(HAMLETS).get),
        w.Field("years", "Số năm", "integer", minimum=0, maximum=120),
        w.Field("poor", "Hộ nghèo", "check"),
        w.Field("note", "Ghi chú", "multiline"),
    ),
    check=lambda values: {"years": "Sinh sau năm đó."} if values["years"] == 119 else {},
)


@pytest.fixture
def form(qtbot) -> w.FormView:
    made = w.FormView(SPEC, {"name": "Nguyễn Thị Lan", "born": PartialDate(1984), "hamlet": "h2", "years": 3})
    qtbot.addWidget(made)
    made.resize(900, 900)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def editor(form: w.FormView, key: str):
    return form.field(key).editor.focus_widget()


def test_values_go_in_and_come_out_unchanged(form: w.FormView) -> None:
    values = form.values()
    assert values["name"] == "Nguyễn Thị Lan"
    assert values["born"] == PartialDate(1984)
    assert values["hamlet"] == "h2"
    assert values["years"] == 3
    assert values["poor"] is False
    assert editor(form, "hamlet").text() == "Thôn 2"
    assert not form.is_changed


def test_what_cannot_be_read_stays_in_its_field_with_a_sentence(form: w.FormView) -> None:
    form.set_raw({"born": "31/02/1984", "name": ""})
    assert not form.validate()
    assert editor(form, "born").text() == "31/02/1984"
    assert form.field("born").message == "Ngày này không có trong lịch."
    assert form.field("name").message == "Cần có mục này."
    assert editor(form, "name").hasFocus()
    assert form.raw()["born"] == "31/02/1984"


def test_a_message_goes_when_the_answer_becomes_right(form: w.FormView) -> None:
    form.set_raw({"name": ""})
    form.validate()
    type_text(editor(form, "name"), "Lê")
    assert form.field("name").message == ""


def test_a_warning_looks_different_and_does_not_block(form: w.FormView) -> None:
    form.set_raw({"cccd": "987654321012"})
    assert form.validate()
    field = form.field("cccd")
    assert field.message == "Số này lạ."
    assert field.message_label.property("role") == "warning"
    assert form.read().warnings == {"cccd": "Số này lạ."}


def test_a_rule_over_several_answers_blocks_too(form: w.FormView) -> None:
    form.set_raw({"years": "119"})
    assert not form.validate()
    assert form.field("years").message == "Sinh sau năm đó."


def test_errors_a_service_finds_are_shown_until_the_answer_changes(form: w.FormView) -> None:
    form.set_errors({"cccd": "Số này là của Trần Văn Bình."})
    assert form.field("cccd").message == "Số này là của Trần Văn Bình."
    type_text(editor(form, "cccd"), "0")
    assert form.field("cccd").message == ""


def test_enter_goes_to_the_next_field_shift_enter_back_and_the_last_submits(form: w.FormView, qtbot) -> None:
    form.focus_first()
    press(editor(form, "name"), Qt.Key.Key_Return)
    assert editor(form, "born").hasFocus()
    press(editor(form, "born"), Qt.Key.Key_Return, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert editor(form, "name").hasFocus()
    form.focus_field("note")
    press(editor(form, "note"), Qt.Key.Key_Return, "\n")
    assert editor(form, "note").toPlainText() == "\n"
    with qtbot.waitSignal(form.submitted):
        press(editor(form, "note"), Qt.Key.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)


def test_a_question_left_out_is_skipped_and_keeps_its_answer(form: w.FormView) -> None:
    form.set_shown("born", False)
    form.focus_first()
    press(editor(form, "name"), Qt.Key.Key_Return)
    assert editor(form, "sex").hasFocus()
    assert form.values()["born"] == PartialDate(1984)


def test_f7_repeats_the_answer_of_the_form_before(form: w.FormView) -> None:
    form.set_previous({"name": "Trần Văn Bình", "born": PartialDate(1971, 9, 2)})
    press(editor(form, "born"), Qt.Key.Key_F7)
    assert editor(form, "born").text() == "02/09/1971"
    assert editor(form, "name").text() == "Nguyễn Thị Lan"


def test_f4_opens_the_list_of_choices(form: w.FormView) -> None:
    box = editor(form, "sex")
    assert isinstance(box, QComboBox)
    press(box, Qt.Key.Key_F4)
    assert box.view().isVisible()
    box.hidePopup()


def test_a_citizen_number_is_masked_until_somebody_types_or_asks(form: w.FormView) -> None:
    secret = form.field("cccd").editor
    form.focus_field("name")
    secret.set_raw("012184000319")
    assert secret.shown_text == "0•• ••• ••• 319"
    form.focus_field("cccd")
    assert secret.shown_text == "012184000319"
    form.focus_field("name")
    assert secret.shown_text == "0•• ••• ••• 319"
    secret.eye.click()
    assert secret.shown_text == "012184000319"
    assert form.values()["cccd"] == "012184000319"


def test_a_long_list_is_found_without_accents_and_chosen_by_enter(form: w.FormView, qtbot) -> None:
    box = editor(form, "hamlet")
    form.focus_field("hamlet")
    box.setText("")
    type_text(box, "ap binh")
    press(box, Qt.Key.Key_Return)
    assert box.is_open
    assert box.text() == "ap binh"
    press(box, Qt.Key.Key_Return)
    assert form.values()["hamlet"] == "h3"
    assert box.text() == "Ấp Bình Hòa"
    assert not box.is_open


def test_enter_in_a_search_field_chooses_of_what_is_typed_now(form: w.FormView) -> None:
    field = editor(form, "hamlet")
    field.setFocus()
    field.selectAll()
    type_text(field, "thon")
    field.open_list()
    type_text(field, " 2")
    press(field, Qt.Key.Key_Return, "\r")
    assert form.values()["hamlet"] == "h2"


def test_that_nothing_is_found_stays_said_however_often_enter_is_pressed(form: w.FormView) -> None:
    field = editor(form, "hamlet")
    field.setFocus()
    field.selectAll()
    type_text(field, "không có thôn này")
    for _ in range(4):
        press(field, Qt.Key.Key_Return, "\r")
        assert field.is_open and field._list.item(0).text() == "Không tìm thấy"
    press(field, Qt.Key.Key_Escape)
    assert not field.is_open


def test_down_after_quick_typing_goes_to_the_first_of_what_is_typed_now(form: w.FormView) -> None:
    field = editor(form, "hamlet")
    field.setFocus()
    field.selectAll()
    type_text(field, "th")
    field.open_list()
    type_text(field, "on")
    press(field, Qt.Key.Key_Down)
    press(field, Qt.Key.Key_Return, "\r")
    assert form.values()["hamlet"] == "h1"


@pytest.mark.parametrize("is_typed", [True, False])
def test_the_first_arrow_goes_to_the_first_row_and_nothing_is_pointed_at_before(
    form: w.FormView, is_typed: bool
) -> None:
    field = editor(form, "hamlet")
    field.setFocus()
    field.selectAll()
    press(field, Qt.Key.Key_Delete)
    if is_typed:
        type_text(field, "thon")
    field.open_list()
    assert field._list.currentRow() == -1
    press(field, Qt.Key.Key_Up)
    assert field._list.currentRow() == -1
    press(field, Qt.Key.Key_Down)
    assert field._list.currentRow() == 0
    press(field, Qt.Key.Key_Down)
    press(field, Qt.Key.Key_Return, "\r")
    assert form.values()["hamlet"] == "h2" and not field.is_open


def test_down_in_a_closed_field_opens_the_list_at_its_first_row(form: w.FormView) -> None:
    field = editor(form, "hamlet")
    field.setFocus()
    press(field, Qt.Key.Key_Down)
    assert field.is_open and field._list.currentRow() == 0


def test_enter_takes_no_one_of_several_and_says_how_to_choose(form: w.FormView) -> None:
    field = editor(form, "hamlet")
    field.setFocus()
    field.selectAll()
    type_text(field, "thon")
    for _ in range(3):
        press(field, Qt.Key.Key_Return, "\r")
        assert field.is_open and field.text() == "thon"
    assert "mũi tên xuống để chọn" in field._note.text() and field._note.isVisible()
    assert form.read().errors["hamlet"].startswith("Chưa chọn mục nào")
    press(field, Qt.Key.Key_Escape)
    type_text(field, " 1")
    press(field, Qt.Key.Key_Down)
    assert not field._note.isVisible()


def test_enter_over_the_whole_list_keeps_what_was_chosen(form: w.FormView) -> None:
    field = editor(form, "hamlet")
    field.setFocus()
    kept = form.values()["hamlet"]
    press(field, Qt.Key.Key_F4)
    assert kept is not None and field.is_open
    press(field, Qt.Key.Key_Return, "\r")
    assert form.values()["hamlet"] == kept and not field.is_open


def test_half_a_word_in_a_search_field_stays_and_blocks_until_one_is_chosen(form: w.FormView) -> None:
    box = editor(form, "hamlet")
    form.focus_field("hamlet")
    box.selectAll()
    type_text(box, "thon")
    form.focus_field("name")
    assert box.text() == "thon"
    assert form.read().errors["hamlet"].startswith("Chưa chọn mục nào cho “thon”")
    box.setText("bình hòa")
    form.settle()
    assert form.values()["hamlet"] == "h3"


def test_the_wheel_changes_no_choice_by_accident(form: w.FormView) -> None:
    box = editor(form, "sex")
    assert type(box).wheelEvent is not QComboBox.wheelEvent


@given(st.dictionaries(st.sampled_from([f.key for f in SPEC.fields]), st.text(max_size=40)))
def test_reading_any_text_never_fails_and_every_error_is_a_sentence(raw: dict[str, str]) -> None:
    reading = read_form(SPEC, raw)
    assert set(reading.values) == {f.key for f in SPEC.fields}
    for text in reading.errors.values():
        assert text[0].isupper()
        assert text.endswith((".", ")."))
    assert not set(reading.errors) & set(reading.warnings)


@given(st.integers(-10_000, 10_000))
def test_a_number_is_taken_exactly_within_its_limits(value: int) -> None:
    spec = w.Field("n", "Số", "integer", minimum=0, maximum=120)
    read, error = read_field(spec, str(value))
    assert read == value
    assert (error is None) == (0 <= value <= 120)


@given(st.dates())
def test_a_shown_date_reads_back_as_itself(date) -> None:
    if not 1880 <= date.year <= 2100:
        return
    spec = w.Field("d", "Ngày", "date")
    for value in (PartialDate(date.year), PartialDate(date.year, date.month), PartialDate.from_date(date)):
        assert read_field(spec, raw_of(spec, value)) == (value, None)
        assert raw_of(spec, value.iso()) == value.text()


def test_an_unknown_kind_of_field_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="kind"):
        w.Field("x", "X", "colour")
    assert len(set(KINDS)) == len(KINDS)


@pytest.mark.parametrize("width", [247, 275, 290, 328, 352, 619, 640])
def test_a_message_of_several_lines_is_never_cut(form: w.FormView, width: int) -> None:
    form.resize(width, 900)
    words = "Số CCCD này đã dùng cho Nguyễn Văn Ước, sinh 1984, hộ 01-0001 ở Thôn 1. " * 2
    form.set_errors({"cccd": "Số này lạ."})
    settle()
    form.set_errors({"cccd": words.strip()})
    settle()
    said = form.field("cccd").message_label
    assert said.height() >= said.heightForWidth(said.width()) >= 2 * said.fontMetrics().height()


def test_messages_stand_beside_the_field_or_below_it_when_narrow(form: w.FormView) -> None:
    form.set_raw({"born": "31/02/1984"})
    form.validate()
    field = form.field("born")
    QApplication.processEvents()
    beside = field.message_label.mapTo(field, field.message_label.rect().topLeft())
    form.resize(320, 900)
    QApplication.processEvents()
    below = field.message_label.mapTo(field, field.message_label.rect().topLeft())
    assert beside.x() > below.x()
    assert below.y() > beside.y()
