"""The work list: models, filters, search, the way into a form and back, registration, and what other screens ask."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.worklist import WorkFilter, WorkStatus, work_list
from desktop_app.services.context import Context
from desktop_app.services.registry import list_memory
from desktop_app.ui.assessment import page as page_module
from desktop_app.ui.assessment.page import AssessmentPage
from desktop_app.ui.assessment.target import FormTarget, ListTarget, as_target
from desktop_app.ui.assessment.work_columns import COLUMNS
from desktop_app.ui.importing.wizard_page import ImportPage
from tests.factories import make_register
from tests.ui.assessment.stage import (
    YEAR,
    Key,
    digits,
    enter,
    first_uid,
    focused,
    form_of,
    key,
    make_window,
    open_page,
    operations,
    stored,
)
from tests.ui.conftest import primaries, settle, type_text

CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY


@pytest.fixture
def page(qtbot, sample: Context):
    window = make_window(qtbot, sample, has_overview=False)
    yield open_page(window)
    window.close()


def chip(page: AssessmentPage, status: WorkStatus):
    return page.filters.status_chips[status]


def shown(page: AssessmentPage) -> list[str]:
    """The words of the first row, column by column."""
    model = page.table.view.model()
    return [str(model.index(0, column).data() or "") for column in range(model.columnCount())]


def test_every_model_has_its_segment_with_its_count(page: AssessmentPage) -> None:
    counts = [page.segments.count_of(model) for model in LearningModel]
    assert counts[1:] == [420, 0, 8, 0, 1]
    assert counts[0] == work_list(page.context, CITIZEN, YEAR).count()
    assert page.subtitle.endswith(" công dân")


def test_the_list_tells_who_where_how_far_and_the_verdict(page: AssessmentPage) -> None:
    chip(page, WorkStatus.PASSED).click()
    name, birth, hamlet, household, group, registered, total, result = shown(page)
    assert (name, hamlet, household, registered) == ("Đặng Đình An", "Thôn 2", "02-0180", "có")
    assert (birth, group, total, result) == ("15/08/1986", "Người dân", "86", "Đạt")


def test_models_change_by_key_and_by_arrow(page: AssessmentPage) -> None:
    page.action("assessment.family").trigger()
    assert page.model is FAMILY
    assert focused() is page.table.view
    page.segments.setFocus()
    key(Key.Key_Right)
    assert page.model is LearningModel.CLAN
    key(Key.Key_End)
    assert page.model is LearningModel.COMMUNE
    assert page.table.paged.rowCount() == 1


def test_status_chips_count_and_narrow_one_at_a_time(page: AssessmentPage) -> None:
    counts = page.source.counts()
    assert chip(page, WorkStatus.FAILED).text() == f"Chưa đạt {counts[WorkStatus.FAILED]}"
    assert not chip(page, WorkStatus.RETURNED).isVisible()
    chip(page, WorkStatus.PASSED).click()
    chip(page, WorkStatus.FAILED).click()
    assert not chip(page, WorkStatus.PASSED).isChecked()
    assert page.table.paged.rowCount() == counts[WorkStatus.FAILED]
    chip(page, WorkStatus.FAILED).click()
    assert page.table.paged.rowCount() == sum(counts.values())


def test_hamlet_group_and_search_narrow_together(page: AssessmentPage, qtbot) -> None:
    thon_2 = next(value for value, words in page.filters.hamlet_chip._choices if words == "Thôn 2")
    page.filters.hamlet_chip._on_chosen(thon_2)
    page.filters.group_chip._on_chosen(CitizenGroup.WORKER)
    narrowed = page.table.paged.rowCount()
    assert 0 < narrowed < page.segments.count_of(CITIZEN)
    page.shell.focus_search()
    type_text(focused(), "bình")
    qtbot.waitUntil(lambda: page.table.paged.rowCount() < narrowed)
    wanted = WorkFilter(CitizenGroup.WORKER, thon_2, None, False, "bình")
    assert page.table.paged.rowCount() == work_list(page.context, CITIZEN, YEAR, wanted).count()


def test_filters_that_do_not_fit_a_model_are_neither_shown_nor_applied(page: AssessmentPage) -> None:
    page.filters.group_chip._on_chosen(CitizenGroup.WORKER)
    page.show_model(LearningModel.COMMUNITY)
    assert not page.filters.group_chip.isVisible()
    assert not page.filters.hamlet_chip.isVisible()
    assert page.filter == WorkFilter()
    assert page.table.paged.rowCount() == 8


def test_columns_sort_by_sql(page: AssessmentPage) -> None:
    chip(page, WorkStatus.PASSED).click()
    page.table.paged.sort(6, page_module.Qt.SortOrder.DescendingOrder)
    totals = [page.table.paged.row_at(place).total for place in range(20)]
    assert totals == sorted(totals, reverse=True)


def test_enter_opens_a_form_and_alt_left_returns_to_the_row_that_was_last_shown(page: AssessmentPage) -> None:
    window = page.shell
    page.table.select_row(3)
    uid = page.table.current().uid
    enter()
    form = form_of(window)
    assert form.session.state.subject.uid == uid
    form.next_person()
    last = form.session.state.subject.uid
    window.pop()
    assert page.table.current().uid == last
    assert focused() is page.table.view


def test_a_verdict_given_in_the_form_stands_in_the_list_on_return(page: AssessmentPage) -> None:
    page.show_model(FAMILY)
    page.open_current()
    form = form_of(page.shell)
    family = form.session.state.subject.uid
    for indicator in form.session.indicators:
        answer(page.context, FAMILY, family, YEAR, indicator.code, indicator.max_score)
    page.shell.pop()
    row = page.table.current()
    assert (row.uid, row.total, row.status) == (family, 100, WorkStatus.PASSED)


def test_nothing_found_says_so_and_one_button_shows_all_again(page: AssessmentPage) -> None:
    page.search_text = "khong co ai ten the nay"
    page.show_list()
    page.focus_list()
    assert page.table.property("placeholder").currentWidget().sentence_label.text() == "Không có ai khớp điều kiện lọc."
    assert not page.open_button.isEnabled()
    key(Key.Key_Space, " ")
    assert page.table.paged.rowCount() == page.segments.count_of(CITIZEN)
    assert page.search_text == ""


def test_the_navigation_leads_from_a_form_back_to_the_list(page: AssessmentPage) -> None:
    page.open_current()
    form = form_of(page.window())
    typed = form.session.indicators[0].code
    digits("7")
    page.window().navigation.page_chosen.emit("assessment")
    assert page.window().current_page is page
    assert stored(page.context, CITIZEN, form.session.state.subject.uid)[typed] == 7


def test_a_new_register_says_what_to_do_first(qtbot, tmp_path) -> None:
    context = make_register(tmp_path / "new")
    window = make_window(qtbot, context, has_overview=False)
    page = open_page(window)
    sentence = page.table.property("placeholder").currentWidget().sentence_label.text()
    assert sentence == "Sổ chưa có công dân nào từ 16 tuổi. Hãy nhập danh sách dân cư trước."
    assert [button.text() for button in primaries(window)] == ["Mở Công dân"]
    focused().click()
    assert window.current_key == "citizens"
    window.close()
    context.close()


def test_scores_from_a_workbook_begin_at_the_import_screen(page: AssessmentPage) -> None:
    assert page.import_button.text() == "Nhập khẩu phiếu chấm"
    page.import_button.click()
    assert isinstance(page.shell.current_page, ImportPage)


# -- registration ----------------------------------------------------------------------------------------------------


def registered(page: AssessmentPage, model: LearningModel = FAMILY) -> int:
    return work_list(page.context, model, YEAR, WorkFilter(is_registered=True)).count()


def test_everybody_shown_is_registered_as_one_deed_after_the_numbers_were_said(page, qtbot) -> None:
    page.show_model(FAMILY)
    thon_2 = next(value for value, words in page.filters.hamlet_chip._choices if words == "Thôn 2")
    page.filters.hamlet_chip._on_chosen(thon_2)
    count = page.table.paged.rowCount()
    page.table.select_row(0)
    page.action("assessment.register").trigger()
    page.action("assessment.register_list").trigger()
    dialog = page.registrations.dialog
    said = dialog.sentence_label.text()
    assert f"Danh sách đang hiện {count} hộ (Thôn 2), trong đó 1 đã đăng ký từ trước." in said
    assert f"Đăng ký thêm {count - 1} hộ cho Gia đình học tập năm 2026" in said
    assert dialog.day.raw() == f"{dt.date.today():%d/%m/%Y}"
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.yes_button)
    key(Key.Key_Space, " ")
    assert page.shell.tasks.wait_all()
    assert registered(page) == count
    assert operations(page.context, "registration.add") == 2
    assert page.shell._toast.text_label.text() == f"Đã đăng ký {count - 1} hộ."
    assert page.table.paged.row_at(1).is_registered


def test_a_day_that_is_not_one_is_refused_and_nobody_is_registered(page: AssessmentPage) -> None:
    page.show_model(FAMILY)
    page.registrations.ask()
    dialog = page.registrations.dialog
    dialog.day.set_raw("31/02/2026")
    dialog.yes_button.click()
    assert dialog.isVisible()
    assert "đủ ngày/tháng/năm" in dialog.error_label.text()
    assert registered(page) == 0
    dialog.reject()
    assert registered(page) == 0


def test_where_all_are_registered_the_dialog_says_so(page: AssessmentPage) -> None:
    page.show_model(LearningModel.COMMUNE)
    page.registrations.toggle()
    page.registrations.ask()
    assert page.registrations.dialog.windowTitle() == "Không còn ai để đăng ký"
    page.registrations.dialog.reject()


def test_ctrl_d_registers_the_selected_rows_and_takes_them_back(page: AssessmentPage) -> None:
    page.show_model(FAMILY)
    page.table.view.selectAll()
    page.action("assessment.register").trigger()
    assert registered(page) == 420
    page.table.view.selectAll()
    page.action("assessment.register").trigger()
    assert registered(page) == 0


def test_registered_alone_can_be_shown(page: AssessmentPage) -> None:
    page.show_model(FAMILY)
    page.table.select_row(5)
    uid = page.table.current().uid
    page.action("assessment.register").trigger()
    page.filters.registered_chip.click()
    assert page.table.paged.rowCount() == 1
    assert page.table.current().uid == uid


def test_the_right_button_offers_the_same_deeds(page: AssessmentPage) -> None:
    page._on_menu(QPoint(10, 10))
    menu = page.findChildren(QMenu)[-1]
    assert [action.text() for action in menu.actions()] == ["Chấm phiếu", "Đăng ký (hoặc bỏ) dòng đang chọn"]
    menu.close()


# -- asked by other screens ------------------------------------------------------------------------------------------


def test_another_screen_opens_a_form_and_the_list_stands_on_that_row(page: AssessmentPage) -> None:
    uid = first_uid(page.context, "household", "sort_key DESC")
    page.shell.open_page("overview")
    page.shell.open_page("assessment", FormTarget(FAMILY, uid))
    assert form_of(page.shell).session.state.subject.uid == uid
    page.shell.pop()
    assert page.table.current().uid == uid


def test_another_screen_shows_a_narrowed_list(page: AssessmentPage) -> None:
    page.shell.open_page("assessment", ListTarget(CITIZEN, WorkFilter(status=WorkStatus.FAILED, text="an")))
    assert chip(page, WorkStatus.FAILED).isChecked()
    assert page.shell.header.search_box.text() == "an"
    wanted = WorkFilter(status=WorkStatus.FAILED, text="an")
    assert page.table.paged.rowCount() == work_list(page.context, CITIZEN, YEAR, wanted).count()


def test_targets_are_read_from_whatever_another_screen_gives() -> None:
    uid = "0" * 32
    assert as_target(FormTarget(FAMILY, uid)) == FormTarget(FAMILY, uid)
    assert as_target((LearningModel.CLAN, uid)) == FormTarget(LearningModel.CLAN, uid)
    assert as_target(uid) == FormTarget(CITIZEN, uid)
    assert as_target(FAMILY) == ListTarget(FAMILY)
    assert as_target("backup") is None


def test_a_long_list_is_not_searched_whole_for_the_row_that_was_current(page, monkeypatch) -> None:
    page.table.select_row(7)
    uid = page.table.current().uid
    monkeypatch.setattr(page_module, "MOST_SEARCHED", 10)
    monkeypatch.setattr(type(page.source), "position", lambda *_args: pytest.fail("searched the whole list"))
    page.refresh()
    assert page.table.current().uid == uid


@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_reaches_beyond_the_window_at_any_size_of_text(page: AssessmentPage, percent: int) -> None:
    page.shell.zoom.set_percent(percent)
    settle()
    for widget in (page.segments, page.filters, page.table):
        right = widget.mapTo(page.shell, widget.rect().topRight()).x()
        assert right <= page.shell.width()


@pytest.mark.parametrize("percent", [100, 200])
def test_the_result_is_in_sight_at_any_size_of_text(page: AssessmentPage, percent: int) -> None:
    page.shell.zoom.set_percent(percent)
    settle()
    view = page.table.view
    place = next(i for i, column in enumerate(COLUMNS[LearningModel.CITIZEN]) if column.key == "status")
    right = view.columnViewportPosition(place) + view.columnWidth(place)
    assert not view.isColumnHidden(place)
    assert right <= view.viewport().width() + 1


def test_a_long_list_is_kept_while_it_is_shown_and_says_the_same(
    page: AssessmentPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_memory, "FEW", 1)
    for model in (FAMILY, CITIZEN):
        page.show_model(model)
        before = (shown(page), page.source.counts(), page.filters.status_chips[WorkStatus.NOT_STARTED].text())
        for _ in range(2):
            page.keepers[model].look()
            assert page.shell.tasks.wait_all()
        assert not page.source.is_wanted()
        page.show_list()
        assert (shown(page), page.source.counts(), chip(page, WorkStatus.NOT_STARTED).text()) == before
    answer(page.context, CITIZEN, page.source.uids()[0], YEAR, "1", 3)
    assert page.source.is_wanted()
    for _ in range(2):
        page.keepers[FAMILY].look()
        assert not page.shell.tasks.is_busy, "a list behind another is left alone"
