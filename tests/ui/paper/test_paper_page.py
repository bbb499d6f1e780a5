"""The screen of paper forms: from the work list, by keyboard, what it counts, shows, keeps and refuses."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.worklist import WorkStatus
from desktop_app.services.context import Context
from desktop_app.services.history.reading import operations
from desktop_app.services.paper.request import PaperOrder
from desktop_app.ui import theme
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.paper.fields import (
    ALL,
    CITIZENS,
    HAMLETS,
    HOUSEHOLD,
    KINDS,
    NOBODY,
    ONE,
    ORGANIZATION,
    TOGETHER,
    first_answers,
    is_shown,
    names_of,
    request_of,
    scopes_of,
)
from desktop_app.ui.paper.page import PaperPage
from desktop_app.ui.paper.start import PaperStart
from desktop_app.ui.recognition.preview_page import PreviewPage
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.widgets.progress_dialog import ProgressDialog
from tests.services.documents.helpers import page_texts
from tests.ui.assessment.stage import make_window, open_page
from tests.ui.conftest import press

Key = Qt.Key


@pytest.fixture
def window(qtbot: Any, sample: Context) -> Iterator[MainWindow]:
    made = make_window(qtbot, sample, has_overview=False)
    yield made
    made.close()


@pytest.fixture
def page(window: MainWindow) -> PaperPage:
    """The screen, opened from the list of citizens."""
    open_page(window).action("assessment.paper").trigger()
    return settled(window)


def settled(window: MainWindow) -> PaperPage:
    """The screen once it has counted."""
    found = window.current_page
    assert isinstance(found, PaperPage)
    if found._rest.isActive():
        found.count()
    assert window.tasks.wait_all()
    QApplication.processEvents()
    return found


def answer(window: MainWindow, **raw: Any) -> PaperPage:
    """Answer questions in the order of the screen and wait for the count."""
    found = settled(window)
    for form in (found.who, found.how):
        for field in form.spec.fields:
            if field.key in raw:
                form.set_raw({field.key: raw[field.key]})
    return settled(window)


def test_the_screen_counts_and_shows_the_whole_commune_first(page: PaperPage) -> None:
    assert page.count_label.text() == "1.184 phiếu, 2.368 trang"
    assert "1.184 phiếu công dân" in page.detail_label.text()
    assert page.sample.page_count == 20
    assert page.action("paper.open").isEnabled()


def test_it_takes_over_what_the_work_list_shows(window: MainWindow, sample: Context) -> None:
    work = open_page(window)
    work.filters.group_chip.set_value(CitizenGroup.WORKER)
    hamlets = work.filters.hamlet_chip._choices
    work.filters.hamlet_chip.set_value(next(uid for uid, words in hamlets if words == "Thôn 2"))
    work.filters.status_chips[WorkStatus.NOT_STARTED].setChecked(False)
    work.show_list()
    assert work.source is not None
    shown = work.source.count()
    work.action("assessment.paper").trigger()
    page = settled(window)
    assert (len(page.plan.forms) if page.plan is not None else 0) == shown
    assert page.answers()["group"] is CitizenGroup.WORKER
    assert page.answers()["status"] is None
    assert len(page.hamlets.chosen()) == 1


def test_hamlets_are_ticked_by_keyboard(window: MainWindow, page: PaperPage) -> None:
    answer(window, scope=HAMLETS)
    assert page.hamlets.isVisible()
    assert page.count_label.text() == "Chưa in được"
    assert "đánh dấu ít nhất một thôn" in page.detail_label.text()
    assert not page.action("paper.save").isEnabled()
    assert not page.sample.isVisible()
    page.hamlets.list.setFocus()
    press(page.hamlets.list, Key.Key_Space)
    settled(window)
    assert len(page.hamlets.chosen()) == 1
    assert page.plan is not None and len({form.place for form in page.plan.forms}) == 1
    assert page.sample.isVisible()
    press(page.hamlets.list, Key.Key_Return)
    assert page.how.last_focused


def test_covers_and_lists_are_counted_and_the_questions_about_them_asked(window: MainWindow, page: PaperPage) -> None:
    assert not page.how.field("collectors").isVisible()
    answer(window, has_covers=True, has_assignments=True, collectors="Lê Thị Bảy; An,  An")
    assert page.how.field("collectors").isVisible()
    assert "bìa tập" in page.count_label.text()
    assert "16 phiếu giao việc" in page.count_label.text()
    assert {share.collector for share in page.plan.shares} == {"Lê Thị Bảy", "An"}


def test_families_go_with_their_people(window: MainWindow, page: PaperPage) -> None:
    answer(window, models=TOGETHER)
    assert page.plan.detail == "420 phiếu gia đình, 1.184 phiếu công dân"
    assert [form.model for form in page.plan.forms[:2]] == [LearningModel.FAMILY, LearningModel.CITIZEN]


def test_blank_forms_ask_for_a_number_and_nothing_else(window: MainWindow, page: PaperPage) -> None:
    answer(window, scope=NOBODY)
    assert page.how.field("blanks").editor.raw() == "20"
    assert page.count_label.text() == "80 phiếu, 160 trang"
    assert not page.how.field("has_covers").isVisible()
    answer(window, scope=ALL)
    assert page.how.field("blanks").editor.raw() == "0"


def test_a_number_that_cannot_be_is_said_beside_the_count(window: MainWindow, page: PaperPage) -> None:
    answer(window, blanks="ba mươi")
    assert "Chỉ gõ số nguyên" in page.detail_label.text()
    answer(window, blanks="99999")
    assert "2000" in page.detail_label.text() or "2.000" in page.detail_label.text()
    assert not page.action("paper.open").isEnabled()


def test_a_model_that_nobody_is_of_gives_a_sentence(window: MainWindow, page: PaperPage) -> None:
    answer(window, models=(LearningModel.CLAN,))
    assert "Không có dòng họ nào" in page.detail_label.text()
    page.open_print()
    assert window.current_page is page


def test_one_pdf_is_kept_and_its_making_written_down(
    window: MainWindow, page: PaperPage, sample: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(window, scope=HAMLETS)
    page.hamlets.choose([str(page.hamlets.list.item(1).data(Qt.ItemDataRole.UserRole))])
    page.count()
    settled(window)
    out = tmp_path / "phieu thon.pdf"
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_args, **_more: out)
    page.save()
    settled(window)
    assert len(page_texts(out)) == page.plan.page_count
    assert page.banner is not None and "phieu thon.pdf" in page.banner.text_label.text()
    assert operations(sample, 1)[0].sentence.startswith("In ")
    assert page.can_leave()


def test_a_file_that_cannot_be_written_is_a_sentence(
    window: MainWindow, page: PaperPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_args, **_more: tmp_path / "khong" / "a.pdf")
    answer(window, scope=NOBODY)
    page.save()
    settled(window)
    assert page.banner is not None and "thư mục" in page.banner.text_label.text()


def test_all_pages_are_shown_before_they_are_printed_and_the_print_is_written_down(
    window: MainWindow, page: PaperPage, sample: Context
) -> None:
    answer(window, models=(LearningModel.COMMUNITY,))
    before = len(operations(sample, 100))
    page.open_print()
    assert window.tasks.wait_all()
    shown = window.current_page
    assert isinstance(shown, PreviewPage)
    assert shown.view.page_count == page.plan.page_count == 16
    assert len(operations(sample, 100)) == before
    assert shown.view.record is not None and shown.view.record(1, 16)
    assert operations(sample, 1)[0].sentence == "In 8 phiếu Cộng đồng học tập năm 2026, 8 nơi"


def test_choices_of_the_print_are_remembered(window: MainWindow, page: PaperPage, sample: Context) -> None:
    answer(window, has_covers=True, stack_size="25", order=PaperOrder.NAME)
    again = PaperPage(sample)
    assert again.answers()["has_covers"] is True
    assert again.answers()["stack_size"] == 25
    assert again.answers()["order"] is PaperOrder.NAME
    one = PaperPage(sample, PaperStart(subject=page.plan.forms[0].uid))
    assert one.answers()["has_covers"] is False
    for made in (again, one):
        made.deleteLater()


def test_enlarged_twice_the_questions_keep_the_room_and_nothing_is_lost(
    window: MainWindow, page: PaperPage, look: QApplication
) -> None:
    theme.apply(look, percent=200, contrast=False)
    QApplication.processEvents()
    settled(window)
    assert page.parts.is_stacked
    assert not page.sample.isVisible()
    assert page.count_label.isVisible()
    page.how.focus_field("is_two_sided")
    QApplication.processEvents()
    assert page.how.field("is_two_sided").editor.isVisible()


@pytest.mark.parametrize("models", [models for models, _ in KINDS])
def test_every_kind_of_form_has_scopes_and_a_request(models: tuple[LearningModel, ...]) -> None:
    for scope, _ in scopes_of(models):
        values = {**first_answers(PaperStart(models), {}), "scope": scope, "household": "a" * 32,
                  "organization": "b" * 32, "citizen": "c" * 32, "clan": "d" * 32}  # fmt: skip
        made = request_of(2026, values, ("e" * 32,))
        assert made.models == models
        assert made.household == ("a" * 32 if scope == HOUSEHOLD else None)
        assert made.organization == ("b" * 32 if scope == ORGANIZATION else None)
        assert made.hamlets == (("e" * 32,) if scope == HAMLETS else ())
        if scope == ONE:
            assert made.subjects == (("c" if models == CITIZENS else "d") * 32,)
        if scope == NOBODY:
            assert (made.subjects, made.blanks) == ((), 20)


def test_what_is_not_asked_does_not_count() -> None:
    values = {**first_answers(PaperStart(), {}), "scope": ONE, "citizen": "c" * 32, "group": CitizenGroup.WORKER,
              "has_covers": False, "collectors": "An", "status": WorkStatus.PASSED}  # fmt: skip
    made = request_of(2026, values, ())
    assert (made.group, made.collectors, made.status) == (None, (), None)
    assert not is_shown("collectors", values)
    assert dataclasses.replace(made, has_covers=True).has_covers


def test_names_of_collectors_are_parted_by_commas() -> None:
    assert names_of(" Lê Thị  Bảy, K'Brài;An ,, An") == ("Lê Thị Bảy", "K'Brài", "An")
    assert names_of("  ") == ()


def test_a_commune_too_large_for_one_file_is_begun_at_its_first_hamlet(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.services.paper.request.MOST_FORMS", 300)
    open_page(window).action("assessment.paper").trigger()
    settled(window)
    page = settled(window)
    assert page.answers()["scope"] == HAMLETS
    assert len(page.hamlets.chosen()) == 1
    assert page.plan is not None
    answer(window, scope=ALL)
    assert "một tệp chứa nhiều nhất 300 phiếu" in page.detail_label.text()


def test_a_unit_is_ordered_by_name_and_a_hamlet_by_household(window: MainWindow, page: PaperPage) -> None:
    answer(window, scope=ORGANIZATION)
    assert page.answers()["order"] is PaperOrder.ORGANIZATION
    assert "Chưa chọn đơn vị" in page.detail_label.text()
    answer(window, scope=ALL)
    assert page.answers()["order"] is PaperOrder.HOUSEHOLD


def printer_to(path: Path) -> QPrinter:
    """A printer that writes what it gets into a file."""
    made = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(path))
    return made


def shown_pages(window: MainWindow, page: PaperPage) -> PreviewPage:
    page.open_print()
    assert window.tasks.wait_all()
    shown = window.current_page
    assert isinstance(shown, PreviewPage)
    return shown


def test_a_long_print_says_how_far_it_is_and_the_window_lives_between_its_pages(
    qtbot: Any, window: MainWindow, page: PaperPage, sample: Context, tmp_path: Path
) -> None:
    answer(window, models=(LearningModel.COMMUNITY,))
    shown = shown_pages(window, page)
    out = tmp_path / "ra.pdf"
    seen: list[str] = []
    look = QTimer(interval=0)
    with qtbot.waitSignal(shown.view.printed) as told:
        job = shown.view.print_to(printer_to(out))
        assert job is not None and job.done == 0, "nothing is drawn before the window had its turn"
        assert operations(sample, 1)[0].sentence.startswith("In 8 phiếu"), "written down before the first page goes"
        assert shown.view.print_to(printer_to(tmp_path / "khac.pdf")) is None, "one print at a time"
        count = dialog_of(window).count_label
        look.timeout.connect(lambda: seen.append(count.text()))
        look.start()
    look.stop()
    assert told.args == [16] and len(page_texts(out)) == 16
    assert {f"trang · {n} / 16" for n in range(1, 16)} <= set(seen), "the window had a turn after every page"
    assert shown.banner is not None and "Đã gửi 16 trang tới máy in" in shown.banner.text_label.text()
    assert not shown.view.is_printing


def test_a_print_is_stopped_between_two_pages_and_said_so(
    qtbot: Any, window: MainWindow, page: PaperPage, tmp_path: Path
) -> None:
    answer(window, models=(LearningModel.COMMUNITY,))
    shown = shown_pages(window, page)
    look = QTimer(interval=0)
    with qtbot.waitSignal(shown.view.stopped):
        job = shown.view.print_to(printer_to(tmp_path / "ra.pdf"))
        button = dialog_of(window).cancel_button
        look.timeout.connect(lambda: button.click() if job.done == 3 else None)
        look.start()
    look.stop()
    assert shown.banner is not None
    said = shown.banner.text_label.text()
    sent = job.done
    assert sent in (3, 4) and f"đã gửi {sent} trong 16 trang" in said and f"chọn từ trang {sent + 1}" in said


def test_a_printer_that_goes_away_in_the_middle_is_told_with_what_went(
    qtbot: Any, window: MainWindow, page: PaperPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(window, models=(LearningModel.COMMUNITY,))
    shown = shown_pages(window, page)
    printer = printer_to(tmp_path / "ra.pdf")
    turns = iter((True, False))
    monkeypatch.setattr(printer, "newPage", lambda: next(turns) and QPrinter.newPage(printer))
    with qtbot.waitSignal(shown.view.refused):
        shown.view.print_to(printer)
    assert shown.banner is not None and "sau khi đã gửi 2 trang" in shown.banner.text_label.text()
    assert not shown.view.is_printing


def test_a_print_goes_on_to_its_end_where_its_page_is_left(
    qtbot: Any, window: MainWindow, page: PaperPage, tmp_path: Path
) -> None:
    answer(window, models=(LearningModel.COMMUNITY,))
    shown = shown_pages(window, page)
    printer = printer_to(tmp_path / "ra.pdf")
    printer.setFromTo(2, 4)
    job = shown.view.print_to(printer)
    with qtbot.waitSignal(job.ended):
        window.pop()
    assert len(page_texts(tmp_path / "ra.pdf")) == 3


def dialog_of(window: MainWindow) -> ProgressDialog:
    return window.findChildren(ProgressDialog)[-1]


def test_all_is_done_by_keys_from_the_list_to_the_pages(qtbot: Any, window: MainWindow) -> None:
    work = open_page(window)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(work.table.view, Key.Key_P, both)
    page = settled(window)
    assert page.who.last_focused == "models"
    for _ in range(4):
        qtbot.keyClick(page.who.field("models").editor, Key.Key_Down)
    for key in ("models", "scope"):
        qtbot.keyClick(page.who.field(key).editor, Key.Key_Return)
    settled(window)
    assert page.count_label.text() == "8 phiếu, 16 trang"
    assert page.how.last_focused == "status"
    qtbot.keyClick(page.how.field("status").editor, Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert window.tasks.wait_all()
    shown = window.current_page
    assert isinstance(shown, PreviewPage)
    assert shown.view.page_count == 16
