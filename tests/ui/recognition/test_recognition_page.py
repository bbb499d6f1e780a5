"""The page Công nhận: who will be recognised and who not, the decision, the question before numbers are given."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from desktop_app.models.types import DeviceRole, LearningModel
from desktop_app.services.context import Context
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.recognition.lists import decisions, register_book
from desktop_app.services.recognition.records import CandidateState
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.recognition import questions
from desktop_app.ui.recognition.cells import short_reason
from desktop_app.ui.recognition.page import RecognitionPage
from desktop_app.ui.recognition.preview_page import PreviewPage
from tests.services.recognition.people import DECIDED, YEAR
from tests.ui.recognition.conftest import (
    CITIZEN,
    FAMILY,
    OtherPage,
    S,
    answer_decision,
    banner,
    first_row,
    names,
    numbers,
    say,
    settle,
)


def test_the_list_shows_who_will_be_recognised_and_the_button_counts_them(page: RecognitionPage) -> None:
    assert names(page) == ["Trần Văn Đức", "Lê Thị Sáu", "Lò Văn Pá", "Y Moan"]
    assert page.decide_button.text() == "Công nhận 4 công dân"
    assert "0001\u20112026" not in page.candidates.numbers_label.text()
    assert "4 công dân" in page.candidates.numbers_label.text()
    assert page.models.buttons[0].accessibleName() == "Công dân: 4"


def test_those_left_out_stand_apart_each_with_the_reason(page: RecognitionPage, window: MainWindow) -> None:
    page.candidates.parts.choose(False)
    assert names(page) == ["Đỗ Văn Mười", "Lê Văn Bảy"]
    texts = [found.text() for found in page.candidates.why.findChildren(QLabel)]
    assert any(text.startswith("Chưa đạt: 40/80 điểm") for text in texts)
    page.candidates.state_chip.set_value(CandidateState.INCOMPLETE)
    page.candidates.apply()
    assert names(page) == ["Lê Văn Bảy"]
    QTest.keyClick(page.candidates.list.view, Qt.Key.Key_Return)
    other = window.page("assessment")
    assert isinstance(other, OtherPage)
    assert other.asked == (CITIZEN, first_row(page).uid)


def test_a_suggested_set_leads_to_the_settings(page: RecognitionPage, window: MainWindow) -> None:
    page.models.choose(FAMILY)
    assert not page.candidates.shows_ready
    assert not page.decide_button.isEnabled()
    page.candidates.settings_asked.emit()
    assert window.current_key == "settings"


def test_nothing_is_asked_while_the_decision_has_no_number(page: RecognitionPage, monkeypatch: Any) -> None:
    asked = say(monkeypatch, True)
    page.on_decide()
    assert page.candidates.form.field("number").message == "Cần có mục này."
    answer_decision(page, "112", "11/2026")
    page.on_decide()
    assert "ngày, tháng, năm" in page.candidates.form.field("date").message
    answer_decision(page, "112", "15/11/2024")
    page.on_decide()
    assert "không hợp với đợt 2026" in page.candidates.form.field("date").message
    assert asked == []


def test_a_used_number_is_refused_beside_its_field(page: RecognitionPage, context: Context, monkeypatch: Any) -> None:
    asked = say(monkeypatch, True)
    recognise(context, YEAR, CITIZEN, "112", DECIDED, [first_row(page).uid])
    page.refresh()
    answer_decision(page)
    page.on_decide()
    assert "đã ghi cho mô hình này" in page.candidates.form.field("number").message
    assert asked == []


def test_the_question_says_how_many_which_numbers_and_who_is_left(
    page: RecognitionPage, context: Context, monkeypatch: Any
) -> None:
    asked = say(monkeypatch, False)
    answer_decision(page)
    page.on_decide()
    ((model, given, number, date, left_out, hanging),) = asked
    assert hanging == "", "no posted list takes objections any more"
    assert (model, number, date, left_out) == (CITIZEN, "112/QĐ-UBND", DECIDED, 2)
    assert (given.first, given.last, given.count) == ("0001/2026-CD", "0004/2026-CD", 4)
    assert register_book(context, YEAR, CITIZEN) == ()


def test_the_dialog_itself_has_the_harmless_answer_in_focus(page: RecognitionPage, monkeypatch: Any) -> None:
    seen: list[str] = []

    def exec_(dialog: QDialog) -> int:
        dialog.show()
        QApplication.processEvents()
        seen.extend(found.text() for found in dialog.findChildren(QLabel))
        focus = dialog.focusWidget()
        assert focus is not None and focus.accessibleName() == "Chưa công nhận"
        return int(QDialog.DialogCode.Rejected)

    monkeypatch.setattr(QDialog, "exec", exec_)
    answer_decision(page)
    page.on_decide()
    assert "0001/2026-CD đến 0004/2026-CD" in seen
    assert any("không hoàn tác được" in text for text in seen)


def test_saying_yes_recognises_and_goes_on_to_the_papers(
    page: RecognitionPage, window: MainWindow, context: Context, monkeypatch: Any
) -> None:
    say(monkeypatch, True)
    answer_decision(page)
    page.on_decide()
    settle(window)
    assert [item.recipient for item in register_book(context, YEAR, CITIZEN)] == [
        "Trần Văn Đức",
        "Lê Thị Sáu",
        "Lò Văn Pá",
        "Y Moan",
    ]
    assert page.step == "papers" and page.papers.queue is S.ISSUED
    assert numbers(page)[0] == "0001/2026-CD"
    assert "Quyết định 112/QĐ-UBND ngày 15/11/2026" in banner(page)
    assert page.print_button.text() == "In 4 giấy"


def test_who_is_put_aside_is_not_recognised(
    page: RecognitionPage, window: MainWindow, context: Context, monkeypatch: Any
) -> None:
    say(monkeypatch, True)
    page.candidates.list.select_row(1)
    page.action("recognition.aside").trigger()
    assert page.decide_button.text() == "Công nhận 3 công dân"
    assert page.candidates.aside_chip.text() == "Để lại lần sau: 1"
    answer_decision(page)
    page.on_decide()
    settle(window)
    assert "Lê Thị Sáu" not in [item.recipient for item in register_book(context, YEAR, CITIZEN)]
    page.show_step("candidates")
    assert names(page) == ["Lê Thị Sáu"]
    assert not page.candidates.aside


def test_a_hamlet_s_filter_recognises_that_hamlet_and_a_search_changes_nothing(page: RecognitionPage) -> None:
    page.on_search("y moan")
    assert names(page) == ["Y Moan"]
    assert page.decide_button.text() == "Công nhận 4 công dân"
    page.on_search("")
    uid = page.candidates.shown.counts.hamlets[1][0]
    page.candidates.hamlet_chip.set_value(uid)
    page.candidates.apply()
    assert page.decide_button.text() == "Công nhận 2 công dân"
    chosen = page.candidates.chosen()
    assert (chosen.count, chosen.left_out) == (2, 4)


def test_a_volunteer_s_machine_sees_the_list_and_gives_no_numbers(context: Context, page: RecognitionPage) -> None:
    context.role = DeviceRole.VOLUNTEER
    page.refresh()
    assert len(names(page)) == 4
    assert not page.decide_button.isEnabled()
    assert "Chỉ máy của xã" in page.candidates.decision_note.text()


def test_drafts_are_shown_before_anything_is_decided(
    page: RecognitionPage, window: MainWindow, context: Context
) -> None:
    page.on_preview()
    settle(window)
    preview = window.current_page
    assert isinstance(preview, PreviewPage) and preview.view.page_count == 4
    window.pop()
    page.action("recognition.letter").trigger()
    settle(window)
    assert window.current_page is not None and window.current_page.title == "Tờ trình đề nghị công nhận"
    assert register_book(context, YEAR, CITIZEN) == ()


def test_models_and_steps_are_walked_by_arrow_keys(page: RecognitionPage) -> None:
    button = page.models.buttons[0]
    QTest.keyClick(button, Qt.Key.Key_Right)
    assert page.model is FAMILY
    QTest.keyClick(page.models.buttons[1], Qt.Key.Key_Left)
    assert page.model is CITIZEN
    QTest.keyClick(page.steps.buttons[0], Qt.Key.Key_Right)
    assert page.step == "papers"


def test_at_twice_the_text_the_tabs_become_menus_and_the_list_keeps_its_rows(
    page: RecognitionPage, window: MainWindow
) -> None:
    window.zoom.set_percent(200)
    QApplication.processEvents()
    assert page.is_narrow and page.decide_button.text() == "Công nhận 4"
    assert not page.models.buttons[0].isVisible()
    view = page.candidates.list.view
    assert view.viewport().height() >= 3 * view.verticalHeader().defaultSectionSize()
    answer_decision(page, "", "")
    page.on_decide()
    assert page.candidates.pair.shows_panel
    window.zoom.set_percent(100)


def test_an_empty_round_says_what_to_do_first(page: RecognitionPage, window: MainWindow) -> None:
    page.models.choose(LearningModel.CLAN)
    assert page.candidates.empty.isVisible()
    assert "Hãy chấm phiếu" in page.candidates.empty.sentence_label.text()
    page.candidates.empty.activated.emit()
    other = window.page("assessment")
    assert isinstance(other, OtherPage) and other.asked is LearningModel.CLAN
    page.show_step("papers")
    assert "Chưa cấp giấy nào" in page.papers.empty.sentence_label.text()


def test_enter_in_the_last_field_asks_to_recognise(page: RecognitionPage, monkeypatch: Any) -> None:
    asked = say(monkeypatch, False)
    answer_decision(page)
    last = page.candidates.form.field("submission").editor.focus_widget()
    QTest.keyClick(last, Qt.Key.Key_Return)
    assert len(asked) == 1


def test_a_recognition_that_finds_nobody_any_more_says_so(
    page: RecognitionPage, window: MainWindow, context: Context, monkeypatch: Any
) -> None:
    def confirm(*_facts: Any) -> bool:
        recognise(context, YEAR, CITIZEN, "90", DECIDED)
        return True

    monkeypatch.setattr(questions, "confirm_recognition", confirm)
    answer_decision(page)
    page.on_decide()
    settle(window)
    assert "Không ai được công nhận" in banner(page)
    assert [item.number for item in decisions(context, YEAR)] == ["90/QĐ-UBND"]


def test_the_lists_reason_is_short_and_leaves_the_verdict_to_its_chip() -> None:
    said = "Chưa đạt: 74/80 điểm. Nếu chỉ số 3 lên 7 điểm và chỉ số 9 lên 10 điểm thì đạt."
    assert short_reason(said) == "74/80 điểm."
    assert short_reason("Đã đăng ký nhưng chưa chấm phiếu.") == "Đã đăng ký nhưng chưa chấm phiếu."
