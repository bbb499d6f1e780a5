"""The page Công nhận in a real window over a real register: lists, decision, papers in their queues, the book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from desktop_app.models.types import CertificateStatus, DeviceRole, LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.recognition.handling import mark_printed, mark_signed
from desktop_app.services.recognition.lists import decisions, register_book
from desktop_app.services.recognition.records import CandidateState
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import Page, PageSpec
from desktop_app.ui.recognition import questions
from desktop_app.ui.recognition.cells import short_reason
from desktop_app.ui.recognition.page import RecognitionPage
from desktop_app.ui.recognition.preview_page import PreviewPage
from tests.factories import add_household, make_register
from tests.services.recognition.people import DECIDED, FAIL, PARTIAL, PASS, YEAR, fill, set_office

CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY
S = CertificateStatus


class OtherPage(Page):
    """Stands for the screens that recognition opens."""

    title_text = "Khác"
    asked: object = None

    def open_target(self, target: object) -> None:
        self.asked = target


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """Four who pass in two hamlets, one who fails, one half done, one family."""
    made = make_register(tmp_path)
    set_office(made, signer_name="Nguyễn Văn Thắng")
    home, first = add_household(made, "01-0001", members=("Trần Văn Đức", "Lê Thị Sáu", "Đỗ Văn Mười", "Lê Văn Bảy"))
    _, second = add_household(made, "02-0001", hamlet="Thôn 2", members=("Lò Văn Pá", "Y Moan"))
    outcomes = dict.fromkeys([*first, *second], PASS)
    outcomes[first[2]], outcomes[first[3]] = FAIL, PARTIAL
    fill(made, CITIZEN, outcomes)
    fill(made, FAMILY, {home: PASS})
    yield made
    made.close()


@pytest.fixture
def window(context: Context, look: QApplication) -> Iterator[MainWindow]:
    specs = [PageSpec("recognition", "Công nhận", "award", RecognitionPage)]
    specs += [PageSpec(key, "Khác", "house", lambda _context: OtherPage(None)) for key in ("assessment", "settings")]
    made = MainWindow(specs, context)
    made.resize(1366, 728)
    made.show()
    made.open_page("recognition")
    QApplication.processEvents()
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def page(window: MainWindow) -> RecognitionPage:
    found = window.page("recognition")
    assert isinstance(found, RecognitionPage)
    return found


@pytest.fixture
def issued(context: Context, page: RecognitionPage) -> RecognitionPage:
    """The page after four were recognised, on the papers."""
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    page.refresh()
    page.show_step("papers")
    return page


def names(page: RecognitionPage) -> list[str]:
    model = page.candidates.list.view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def numbers(page: RecognitionPage) -> list[str]:
    model = page.papers.list.view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def answer_decision(page: RecognitionPage, number: str = "112", date: str = "15/11/2026") -> None:
    page.candidates.form.set_raw({"number": number, "date": date})


def say(monkeypatch: pytest.MonkeyPatch, answer: bool) -> list[tuple[Any, ...]]:
    """Answer the question before numbers are given; what was asked is kept."""
    asked: list[tuple[Any, ...]] = []

    def confirm(_parent: object, *facts: Any) -> bool:
        asked.append(facts)
        return answer

    monkeypatch.setattr(questions, "confirm_recognition", confirm)
    return asked


def settle(window: MainWindow) -> None:
    assert window.tasks.wait_all()
    QApplication.processEvents()


def banner(page: Page) -> str:
    return page._banner.text_label.text() if page._banner is not None else ""


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
    assert other.asked == (CITIZEN, page.candidates.list.paged.row_at(0).uid)  # type: ignore[union-attr]


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
    recognise(context, YEAR, CITIZEN, "112", DECIDED, [page.candidates.list.paged.row_at(0).uid])  # type: ignore[union-attr]
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
    ((model, given, number, date, left_out),) = asked
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


def printer_to(path: Path, first: int = 0, last: int = 0) -> QPrinter:
    made = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(path))
    if first:
        made.setFromTo(first, last)
    return made


def preview_of(page: RecognitionPage, window: MainWindow) -> PreviewPage:
    page.action("recognition.print").trigger()
    settle(window)
    preview = window.current_page
    assert isinstance(preview, PreviewPage)
    return preview


def test_a_print_is_recorded_before_the_page_leaves(
    issued: RecognitionPage, window: MainWindow, context: Context, tmp_path: Path
) -> None:
    preview = preview_of(issued, window)
    assert preview.view.page_count == 4
    assert preview.view.print_to(printer_to(tmp_path / "a.pdf", 2, 3)) == 2
    assert [item.printed_count for item in register_book(context, YEAR, CITIZEN)] == [0, 1, 1, 0]
    window.pop()
    assert issued.papers.counts[S.PRINTED] == 2


def test_printing_again_asks_why_and_prints_nothing_without_a_reason(
    issued: RecognitionPage, window: MainWindow, context: Context, tmp_path: Path, monkeypatch: Any
) -> None:
    mark_printed(context, [item.uid for item in register_book(context, YEAR, CITIZEN)])
    issued.papers.show_model(YEAR, CITIZEN)
    issued.papers.show_queue(None)
    preview = preview_of(issued, window)
    reasons = iter(["", "Kẹt giấy"])
    monkeypatch.setattr(questions, "ask_reprint_reason", lambda _parent, _count: next(reasons))
    assert preview.view.print_to(printer_to(tmp_path / "a.pdf", 1, 1)) == 0
    assert not (tmp_path / "a.pdf").exists()
    assert preview.view.print_to(printer_to(tmp_path / "a.pdf", 1, 1)) == 1
    assert [item.printed_count for item in register_book(context, YEAR, CITIZEN)] == [2, 1, 1, 1]


def test_a_paper_printed_elsewhere_is_marked_by_hand(
    issued: RecognitionPage, window: MainWindow, context: Context, tmp_path: Path, monkeypatch: Any
) -> None:
    from desktop_app.ui.widgets import dialogs

    preview = preview_of(issued, window)
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_args, **_more: tmp_path / "giấy.pdf")
    preview.view.save_as()
    assert (tmp_path / "giấy.pdf").read_bytes().startswith(b"%PDF")
    assert {item.printed_count for item in register_book(context, YEAR, CITIZEN)} == {0}
    preview.on_mark()
    assert {item.status for item in register_book(context, YEAR, CITIZEN)} == {S.PRINTED}


def test_signing_takes_the_whole_queue_and_handing_over_the_selected_ones(
    issued: RecognitionPage, window: MainWindow, context: Context
) -> None:
    mark_printed(context, [item.uid for item in register_book(context, YEAR, CITIZEN)])
    issued.papers.show_model(YEAR, CITIZEN)
    issued.papers.show_queue(S.PRINTED)
    assert issued.sign_button.text() == "Ghi đã ký 4 giấy"
    issued.action("recognition.sign").trigger()
    issued.papers.show_queue(S.SIGNED)
    view = issued.papers.list.view
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.qWait(60)
    assert issued.hand_button.text() == "Ghi đã trao 2 giấy"
    issued.action("recognition.hand_over").trigger()
    form = issued.papers.deed.form
    assert form is not None
    form.set_raw({"date": "20/11/2026", "to_whom": "Lê Văn Trưởng"})
    issued.papers.deed.submit()
    handed = [item for item in register_book(context, YEAR, CITIZEN) if item.status is S.HANDED_OVER]
    assert [(item.handed_over_on, item.handed_over_to) for item in handed] == [
        (dt.date(2026, 11, 20), "Lê Văn Trưởng")
    ] * 2
    assert issued.papers.panel.currentWidget() is issued.papers.facts


def test_a_wrong_day_of_handing_over_keeps_the_form_and_says_why(issued: RecognitionPage, context: Context) -> None:
    book = register_book(context, YEAR, CITIZEN)
    mark_printed(context, [book[0].uid])
    mark_signed(context, [book[0].uid])
    issued.papers.show_model(YEAR, CITIZEN)
    issued.papers.show_queue(S.SIGNED)
    issued.action("recognition.hand_over").trigger()
    assert issued.papers.deed.form is not None
    issued.papers.deed.form.set_raw({"date": "01/11/2026"})
    issued.papers.deed.submit()
    assert "đứng trước ngày cấp" in banner(issued)
    assert issued.papers.panel.currentWidget() is issued.papers.deed
    QTest.keyClick(issued.papers.deed, Qt.Key.Key_Escape)
    assert issued.papers.panel.currentWidget() is issued.papers.facts


def test_voiding_asks_a_reason_in_place(issued: RecognitionPage, context: Context) -> None:
    issued.deeds.ask_void()
    deed = issued.papers.deed
    deed.submit()
    assert "Chưa ghi lý do" in banner(issued)
    assert deed.form is not None
    deed.form.set_raw({"usual": "Kê khai không đúng", "more": "trùng người"})
    deed.submit()
    first = register_book(context, YEAR, CITIZEN)[0]
    assert first.is_voided and first.void_reason == "Kê khai không đúng: trùng người"
    issued.show_step("candidates")
    assert "Trần Văn Đức" in names(issued)


def test_issuing_again_shows_the_new_certificate(issued: RecognitionPage, context: Context) -> None:
    issued.deeds.ask_reissue()
    deed = issued.papers.deed
    assert deed.form is not None
    deed.form.set_raw({"usual": "Bị mất"})
    deed.submit()
    current = issued.papers.current()
    assert current is not None
    assert (current.number, current.reissue_of) == ("0005/2026-CD", "0001/2026-CD")


def test_a_scanned_code_finds_its_paper_whatever_the_queue(issued: RecognitionPage) -> None:
    issued.papers.show_queue(S.HANDED_OVER)
    issued.on_search("SHT:30436:0003/2026-CD")
    assert numbers(issued) == ["0003/2026-CD"]
    issued.on_search("pa lo")
    assert numbers(issued) == ["0003/2026-CD"]


def test_other_screens_open_a_certificate_by_its_uid(
    issued: RecognitionPage, window: MainWindow, context: Context
) -> None:
    uid: Uid = register_book(context, YEAR, CITIZEN)[2].uid
    issued.show_step("book")
    window.open_page("assessment")
    window.open_page("recognition", uid)
    current = issued.papers.current()
    assert issued.step == "papers" and current is not None and current.uid == uid
    window.open_page("recognition", FAMILY)
    assert issued.model is FAMILY


def test_the_decision_the_list_to_sign_and_the_book_open_as_papers(
    issued: RecognitionPage, window: MainWindow, context: Context
) -> None:
    for deed, title in (
        (issued.on_decision, f"Quyết định {decisions(context, YEAR)[0].number}"),
        (issued.action("recognition.handover_list").trigger, "Sổ ký nhận"),
    ):
        deed()
        settle(window)
        preview = window.current_page
        assert isinstance(preview, PreviewPage)
        assert preview.title == title and preview.view.page_count > 0
        window.pop()
    issued.show_step("book")
    assert issued.book.count == 4
    issued.on_book_paper()
    settle(window)
    assert window.current_page is not None and window.current_page.title == "Sổ theo dõi cấp giấy"


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


def test_the_reason_of_a_reprint_is_the_chosen_one_and_the_words_added(page: RecognitionPage, monkeypatch: Any) -> None:
    monkeypatch.setattr(QDialog, "exec", lambda _dialog: int(QDialog.DialogCode.Accepted))
    assert questions.ask_reprint_reason(page, 3) == "Kẹt giấy"
    monkeypatch.setattr(QDialog, "exec", lambda _dialog: int(QDialog.DialogCode.Rejected))
    assert questions.ask_reprint_reason(page, 3) == ""


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
