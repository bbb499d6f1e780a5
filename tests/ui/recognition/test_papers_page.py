"""The papers of the page Công nhận in their queues: printing, signing, handing over, voiding, the book."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.recognition.handling import mark_printed, mark_signed
from desktop_app.services.recognition.lists import decisions, register_book
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.recognition import questions
from desktop_app.ui.recognition.page import RecognitionPage
from desktop_app.ui.recognition.preview_page import PaperView, PreviewPage
from tests.services.recognition.people import YEAR
from tests.ui.recognition.conftest import (
    CITIZEN,
    FAMILY,
    S,
    banner,
    names,
    numbers,
    settle,
)


def printer_to(path: Path, first: int = 0, last: int = 0) -> QPrinter:
    made = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(path))
    if first:
        made.setFromTo(first, last)
    return made


def sent(qtbot: QtBot, view: PaperView, printer: QPrinter) -> int:
    """Print, wait for the last page, and say how many went."""
    with qtbot.waitSignal(view.printed) as told:
        assert view.print_to(printer) is not None
    return int(told.args[0])


def preview_of(page: RecognitionPage, window: MainWindow) -> PreviewPage:
    page.action("recognition.print").trigger()
    settle(window)
    preview = window.current_page
    assert isinstance(preview, PreviewPage)
    return preview


def test_a_print_is_recorded_before_the_page_leaves(
    qtbot: QtBot, issued: RecognitionPage, window: MainWindow, context: Context, tmp_path: Path
) -> None:
    preview = preview_of(issued, window)
    assert preview.view.page_count == 4
    assert sent(qtbot, preview.view, printer_to(tmp_path / "a.pdf", 2, 3)) == 2
    assert [item.printed_count for item in register_book(context, YEAR, CITIZEN)] == [0, 1, 1, 0]
    window.pop()
    assert issued.papers.counts[S.PRINTED] == 2


def test_pages_that_the_paper_does_not_have_are_refused_before_anything_is_recorded(
    issued: RecognitionPage, window: MainWindow, context: Context, tmp_path: Path
) -> None:
    preview = preview_of(issued, window)
    recorded: list[tuple[int, int]] = []
    preview.view.record = lambda first, last: not recorded.append((first, last))
    preview.view.try_print(printer_to(tmp_path / "a.pdf", 9, 12))
    assert recorded == [] and not preview.view.is_printing and not (tmp_path / "a.pdf").exists()
    assert "chỉ có 4 trang" in banner(preview)
    assert [item.printed_count for item in register_book(context, YEAR, CITIZEN)] == [0, 0, 0, 0]


def test_printing_again_asks_why_and_prints_nothing_without_a_reason(
    qtbot: QtBot, issued: RecognitionPage, window: MainWindow, context: Context, tmp_path: Path, monkeypatch: Any
) -> None:
    mark_printed(context, [item.uid for item in register_book(context, YEAR, CITIZEN)])
    issued.papers.show_model(YEAR, CITIZEN)
    issued.papers.show_queue(None)
    preview = preview_of(issued, window)
    reasons = iter(["", "Kẹt giấy"])
    monkeypatch.setattr(questions, "ask_reprint_reason", lambda _parent, _count: next(reasons))
    assert preview.view.print_to(printer_to(tmp_path / "a.pdf", 1, 1)) is None
    assert not (tmp_path / "a.pdf").exists()
    assert sent(qtbot, preview.view, printer_to(tmp_path / "a.pdf", 1, 1)) == 1
    assert [item.printed_count for item in register_book(context, YEAR, CITIZEN)] == [2, 1, 1, 1]


def test_a_print_of_recorded_papers_that_is_stopped_says_what_went_and_what_was_written(
    qtbot: QtBot, issued: RecognitionPage, window: MainWindow, tmp_path: Path
) -> None:
    preview = preview_of(issued, window)
    with qtbot.waitSignal(preview.view.stopped):
        job = preview.view.print_to(printer_to(tmp_path / "a.pdf", 2, 4))
        assert job is not None
        job.cancel()
    assert "đã gửi 0 trong 3 trang" in banner(preview) and "chọn từ trang 2" in banner(preview)
    assert "đã ghi là đã in" in banner(preview)


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


def test_a_preview_is_kept_and_marked_as_printed_by_keys_alone(
    issued: RecognitionPage, window: MainWindow, context: Context, tmp_path: Path, monkeypatch: Any
) -> None:
    from desktop_app.ui.help import keys_html
    from desktop_app.ui.widgets import dialogs

    preview = preview_of(issued, window)
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_args, **_more: tmp_path / "giấy.pdf")
    control = Qt.KeyboardModifier.ControlModifier
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_S, control)
    assert (tmp_path / "giấy.pdf").read_bytes().startswith(b"%PDF")
    assert preview.banner is not None and "Ctrl+G" in preview.banner.text_label.text()
    asked: list[bool] = []
    monkeypatch.setattr(QPrintDialog, "exec", lambda _dialog: asked.append(True) or QDialog.DialogCode.Rejected)
    QTest.keyClick(focus, Qt.Key.Key_P, control)
    assert asked == [True]
    QTest.keyClick(focus, Qt.Key.Key_G, control)
    assert {item.status for item in register_book(context, YEAR, CITIZEN)} == {S.PRINTED}
    told = keys_html(preview)
    for key, button in (("Ctrl+S", preview.view.save_button), ("Ctrl+P", preview.view.print_button)):
        assert key in button.toolTip() and key in told
    assert "Ctrl+G" in told


def test_a_paper_that_is_not_made_yet_is_neither_kept_nor_marked(issued: RecognitionPage, context: Context) -> None:
    preview = PreviewPage(context, "Giấy", lambda _out, _progress: None, file_name="a.pdf", mark=lambda: True)
    assert not any(preview.action(name).isEnabled() for name in ("save", "paper.print_all", "paper.mark"))
    assert not any(button.isEnabled() for button in preview.header_buttons)


def test_signing_takes_the_whole_queue_and_handing_over_the_selected_ones(
    issued: RecognitionPage, window: MainWindow, context: Context, qtbot: QtBot
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
    qtbot.waitUntil(lambda: issued.hand_button.text() == "Ghi đã trao 2 giấy")
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


def test_the_reason_of_a_reprint_is_the_chosen_one_and_the_words_added(page: RecognitionPage, monkeypatch: Any) -> None:
    monkeypatch.setattr(QDialog, "exec", lambda _dialog: int(QDialog.DialogCode.Accepted))
    assert questions.ask_reprint_reason(page, 3) == "Kẹt giấy"
    monkeypatch.setattr(QDialog, "exec", lambda _dialog: int(QDialog.DialogCode.Rejected))
    assert questions.ask_reprint_reason(page, 3) == ""
