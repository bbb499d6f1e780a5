"""The round's screen: seen, worked through and closed by keyboard alone; the next round, its proposals, its lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.models.tables.registry import household
from desktop_app.models.types import CitizenGroup, LearningModel, RegistrationKind, RoundStatus
from desktop_app.services.assessment.registered import registered_counts
from desktop_app.services.assessment.registration import register_all
from desktop_app.services.assessment.round_closing import Open
from desktop_app.services.assessment.round_models import list_parts
from desktop_app.services.assessment.rounds import current_round, list_rounds, list_targets
from desktop_app.services.assessment.worklist import WorkStatus
from desktop_app.services.context import Context
from desktop_app.services.history.reading import operations
from desktop_app.ui import theme
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.assessment.page import AssessmentPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.recognition.preview_page import PreviewPage
from desktop_app.ui.rounds.page import DAYS, MODELS, OPEN_WORK, RoundPage
from desktop_app.ui.rounds.proposals_page import GROUPS, ProposalsPage
from desktop_app.ui.rounds.registered_page import RegisteredPage
from desktop_app.ui.widgets import dialogs
from tests.factories import make_register
from tests.services.assessment.world import add_clan, add_unit
from tests.ui.assessment.stage import YEAR, focused, make_window, open_page, shown, take_back
from tests.ui.conftest import AskedPage, press, primaries, settle

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: Any, sample: Context) -> Iterator[MainWindow]:
    made = make_window(qtbot, sample, has_overview=False)
    yield made
    made.close()


@pytest.fixture
def page(window: MainWindow) -> RoundPage:
    open_page(window).action("assessment.round").trigger()
    return shown(window, RoundPage)


def state(context: Context, year: int = YEAR) -> RoundStatus:
    return next(item.status for item in list_rounds(context) if item.year == year)


def test_the_screen_shows_the_round_its_state_and_what_is_unfinished(page: RoundPage, sample: Context) -> None:
    assert page.year == YEAR
    assert page.state_chip.chip.text == "Đang mở"
    assert [line.kind for line in page.lines] == [line.kind for line in page.unfinished_view.lines]
    assert "tính tuổi và nơi ở ngày 31/12/2026" in page.facts.text()
    assert page.unfinished_view.isAncestorOf(focused())


def test_a_line_of_unfinished_work_opens_the_list_where_it_is_dealt_with(window: MainWindow, sample: Context) -> None:
    register_all(sample, LearningModel.CITIZEN, YEAR)
    open_page(window).action("assessment.round").trigger()
    page = shown(window, RoundPage)
    place = next(n for n, line in enumerate(page.lines) if line.kind is Open.NOT_STARTED)
    page.unfinished_view.select_row(place)
    press(page.unfinished_view.view, Key.Key_Return)
    work = open_page(window)
    assert work.source is not None
    assert work.source.filter.status is WorkStatus.NOT_STARTED and work.source.filter.is_registered
    assert work.source.count() == page.lines[place].count


def test_who_passed_without_a_decision_is_looked_for_where_titles_are_given(
    window: MainWindow, page: RoundPage
) -> None:
    line = next(line for line in page.lines if line.kind is Open.NOT_RECOGNISED)
    page.open_line(line)
    asked = window.current_page
    assert isinstance(asked, AskedPage)
    assert asked.asked == [line.model]


def test_closing_is_not_the_main_deed_while_there_is_work_left(page: RoundPage, window: MainWindow) -> None:
    assert page.lines and page.round is not None and page.round.status is RoundStatus.OPEN
    assert primaries(window) == [page.go_on_button] and page.state_button.isVisible()
    assert page.state_button.icon_name != page.close_button.icon_name, "told apart where there is no room for words"
    page.action("rounds.state").trigger()
    assert primaries(window) == [page.state_button]


def test_the_main_deed_of_an_open_round_is_the_chosen_line_of_its_work(window: MainWindow, page: RoundPage) -> None:
    place = next(n for n, line in enumerate(page.lines) if line.kind is Open.NOT_RECOGNISED)
    page.show_tab(MODELS)
    page.unfinished_view.select_row(place)
    page.action("rounds.go_on").trigger()
    asked = window.current_page
    assert isinstance(asked, AskedPage) and asked.asked == [page.lines[place].model]


def test_closing_is_not_the_main_deed_of_a_round_that_nobody_has_begun(qtbot: Any, tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    folder.mkdir()
    fresh = make_register(folder)
    made = make_window(qtbot, fresh, has_overview=False)
    open_page(made).action("assessment.round").trigger()
    page = shown(made, RoundPage)
    assert not page.lines and "chưa có ai đăng ký" in page.unfinished_view.done.sentence_label.text()
    assert primaries(made) == [page.go_on_button] and page.go_on_button.text() == "Đăng ký"
    page.action("rounds.go_on").trigger()
    assert shown(made, AssessmentPage).model is LearningModel.CITIZEN
    made.close()
    fresh.close()


def test_closing_goes_by_two_steps_shows_the_list_and_asks_in_place(page: RoundPage, sample: Context) -> None:
    page.show_tab(DAYS)
    page.action("rounds.state").trigger()
    assert state(sample) is RoundStatus.CLOSING
    page.action("rounds.state").trigger()
    assert state(sample) is RoundStatus.CLOSING
    assert page.ask_bar.isVisible() and page.tabs.value == OPEN_WORK
    assert focused() is page.ask_bar.no_button
    assert page.lines[0].text in page.ask_bar.question_label.text()
    press(page.ask_bar, Key.Key_Escape)
    assert state(sample) is RoundStatus.CLOSING and not page.ask_bar.isVisible()
    page.action("rounds.state").trigger()
    page.ask_bar.yes_button.click()
    assert state(sample) is RoundStatus.CLOSED
    assert page.state_button.text() == "Mở lại"
    take_back(sample)
    assert state(sample) is RoundStatus.CLOSING


def test_a_closed_round_is_opened_again_and_takes_no_changes_before(page: RoundPage, sample: Context) -> None:
    page.action("rounds.close").trigger()
    page.ask_bar.yes_button.click()
    assert page.parts_view.form is not None and not page.parts_view.form.isEnabled()
    assert page.days_view.round_form is not None and not page.days_view.round_form.isEnabled()
    page.action("rounds.state").trigger()
    assert state(sample) is RoundStatus.OPEN
    assert page.parts_view.form is not None and page.parts_view.form.isEnabled()


def test_a_form_of_a_closed_round_says_so(window: MainWindow, page: RoundPage, sample: Context) -> None:
    page.action("rounds.close").trigger()
    page.ask_bar.yes_button.click()
    window.pop()
    work = open_page(window)
    work.open_current()
    form = window.current_page
    assert form is not None
    assert "đã khóa" in form.notices.notice.text_label.text()  # type: ignore[attr-defined]


def test_a_model_is_left_out_of_the_round_by_keyboard_and_one_undo_brings_it_back(
    page: RoundPage, sample: Context
) -> None:
    page.show_tab(MODELS)
    page.parts_view.table.select_row(5)
    press(page.parts_view.table.view, Key.Key_Return)
    press(focused(), Key.Key_Space, " ")
    page.action("save").trigger()
    part = list_parts(sample, YEAR)[5]
    assert not part.is_taking_part
    take_back(sample)
    assert list_parts(sample, YEAR)[5].is_taking_part


def test_what_was_chosen_for_a_model_is_saved_when_another_line_or_part_is_shown(
    page: RoundPage, sample: Context
) -> None:
    page.show_tab(MODELS)
    parts = list_parts(sample, YEAR)
    place = next(n for n, item in enumerate(parts) if item.model is LearningModel.ORGANIZATION)
    page.parts_view.table.select_row(place)
    assert page.parts_view.form is not None
    other = next(choice.uid for choice in parts[place].choices if choice != parts[place].used)
    page.parts_view.form.set_raw({"set": other})
    page.show_tab(DAYS)
    assert list_parts(sample, YEAR)[place].own == other


def test_days_and_targets_are_saved_and_bad_ones_hold_the_person_there(page: RoundPage, sample: Context) -> None:
    page.show_tab(DAYS)
    assert page.days_view.round_form is not None and page.days_view.target_form is not None
    page.days_view.round_form.set_raw({"ends_on": "01/01/2025"})
    page.show_tab(OPEN_WORK)
    assert page.tabs.value == DAYS
    assert page.days_view.round_form.field("ends_on").message == "Đứng trước ngày bắt đầu."
    assert not page.can_leave()
    page.days_view.round_form.set_raw({"ends_on": "30/11/2026"})
    page.days_view.target_form.set_raw({"family:": "72,5"})
    page.action("save").trigger()
    assert list_rounds(sample)[0].ends_on == "2026-11-30"
    assert any(item.percent == 72.5 for item in list_targets(sample, YEAR))


def test_the_next_round_opens_from_this_one_and_either_can_be_worked_in(page: RoundPage, sample: Context) -> None:
    page.action("rounds.next").trigger()
    assert page.year == YEAR + 1
    assert current_round(sample).year == YEAR, "work goes on where it was"
    page.action("rounds.work_in").trigger()
    assert current_round(sample).year == YEAR + 1
    page.show_year(YEAR)
    assert page.work_button.isVisible() and not page.action("rounds.next").isEnabled()
    page.action("rounds.work_in").trigger()
    assert current_round(sample).year == YEAR
    assert page.worked_chip.isVisible()
    window = page.window()
    assert isinstance(window, MainWindow)
    assert window.navigation._place.text().endswith(f"Đợt {YEAR}")


def test_proposals_are_told_by_model_and_hamlet_and_accepted_at_once(
    window: MainWindow, page: RoundPage, sample: Context
) -> None:
    register_all(sample, LearningModel.CITIZEN, YEAR)
    page.action("rounds.next").trigger()
    page.action("rounds.proposals").trigger()
    proposals = shown(window, ProposalsPage)
    assert isinstance(proposals, ProposalsPage)
    everybody = len(proposals.shown())
    place = proposals.shown()[0].hamlet
    proposals.hamlet_chip.set_value(place)
    proposals.show_rows()
    some = proposals.shown()
    assert 0 < len(some) < everybody
    proposals.action("proposals.all").trigger()
    assert place in proposals.ask_bar.question_label.text()
    proposals.ask_bar.yes_button.click()
    proposals = shown(window, ProposalsPage)
    total = registered_counts(sample, LearningModel.CITIZEN, YEAR + 1)[0]
    assert total.registered == len(some)
    assert len(proposals.found[LearningModel.CITIZEN]) == everybody - len(some)
    take_back(sample)
    assert registered_counts(sample, LearningModel.CITIZEN, YEAR + 1)[0].registered == 0


def test_chosen_rows_alone_are_accepted_by_keyboard(window: MainWindow, page: RoundPage, sample: Context) -> None:
    register_all(sample, LearningModel.FAMILY, YEAR)
    page.action("rounds.next").trigger()
    page.action("rounds.proposals").trigger()
    proposals = shown(window, ProposalsPage)
    proposals.tabs.choose(LearningModel.FAMILY)
    proposals.focus_list()
    press(focused(), Key.Key_Down, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert len(proposals.table.selected()) == 2
    press(focused(), Key.Key_Return)
    shown(window, ProposalsPage)
    assert registered_counts(sample, LearningModel.FAMILY, YEAR + 1)[0].registered == 2


def test_pupils_who_left_school_get_the_proposed_group_in_one_deed(
    window: MainWindow, page: RoundPage, sample: Context
) -> None:
    page.action("rounds.next").trigger()
    page.action("rounds.proposals").trigger()
    proposals = shown(window, ProposalsPage)
    proposals.tabs.choose(GROUPS)
    found = proposals.shown()
    assert found and all(row.present is CitizenGroup.STUDENT and row.reason for row in found)
    proposals.action("proposals.all").trigger()
    proposals.ask_bar.yes_button.click()
    proposals = shown(window, ProposalsPage)
    assert not proposals.found[GROUPS]
    take_back(sample)
    settle()
    proposals.refresh()
    assert len(shown(window, ProposalsPage).found[GROUPS]) == len(found)


def test_the_list_of_the_registered_is_narrowed_exported_and_printed(
    window: MainWindow, page: RoundPage, sample: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openpyxl import load_workbook

    register_all(sample, LearningModel.FAMILY, YEAR, registered_on="2026-01-15")
    page.action("rounds.registered").trigger()
    registered = shown(window, RegisteredPage)
    registered.tabs.choose(LearningModel.FAMILY)
    registered.counts.select_row(2)
    place = registered.place
    assert place is not None and registered.source is not None
    assert registered.source.count() == place.registered > 0
    registered.kind_chip.set_value(RegistrationKind.RENEWAL)
    registered.show_list()
    assert registered.source.count() == place.renewed
    registered.kind_chip.set_value(None)
    registered.show_list()
    out = tmp_path / "dang ky.xlsx"
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *args, **kwargs: out)
    registered.action("registered.export").trigger()
    shown(window, RegisteredPage)
    book = load_workbook(out)
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    book.close()
    assert rows[1][0] == f"DANH SÁCH ĐĂNG KÝ GIA ĐÌNH HỌC TẬP NĂM {YEAR}"
    assert len(rows) - 4 == place.registered
    assert operations(sample)[0].kind == "list.export"
    registered.action("registered.print").trigger()
    preview = shown(window, PreviewPage)
    assert preview.view.page_count >= 1


def test_registrations_are_taken_back_from_their_list_and_the_deed_is_undone(
    window: MainWindow, page: RoundPage, sample: Context
) -> None:
    register_all(sample, LearningModel.FAMILY, YEAR)
    before = registered_counts(sample, LearningModel.FAMILY, YEAR)[0].registered
    page.action("rounds.registered").trigger()
    registered = shown(window, RegisteredPage)
    registered.tabs.choose(LearningModel.FAMILY)
    registered.table.select_row(0)
    registered.action("registered.remove").trigger()
    assert registered_counts(sample, LearningModel.FAMILY, YEAR)[0].registered == before - 1
    take_back(sample)
    assert registered_counts(sample, LearningModel.FAMILY, YEAR)[0].registered == before


@pytest.mark.parametrize("percent", [100, 200])
def test_the_screen_stays_usable_at_this_size_of_text(page: RoundPage, percent: int) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, percent=percent, contrast=False)
    settle()
    page.ask_close()
    settle()
    assert page.ask_bar.yes_button.isVisible()
    assert page.body_widget.minimumSizeHint().width() <= page.width()


@pytest.mark.parametrize("model", list(LearningModel))
def test_every_model_is_registered_from_its_list_counted_and_taken_back(
    window: MainWindow, sample: Context, model: LearningModel
) -> None:
    with sample.read() as connection:
        household = connection.exec_driver_sql("SELECT uid FROM household ORDER BY id LIMIT 1").scalar_one().hex()
        person = connection.exec_driver_sql("SELECT uid FROM citizen ORDER BY id LIMIT 1").scalar_one().hex()
    add_clan(sample, [household])
    add_unit(sample, [person])
    work = open_page(window)
    work.refresh()
    work.show_model(model)
    before = registered_counts(sample, model, YEAR)[0]
    work.action("assessment.register_list").trigger()
    dialog = work.registrations.dialog
    assert dialog is not None
    dialog.yes_button.click()
    assert window.tasks.wait_all()
    settle()
    after = registered_counts(sample, model, YEAR)[0]
    assert after.registered == after.eligible > before.registered
    work.action("assessment.registered").trigger()
    registered = shown(window, RegisteredPage)
    assert registered.model is model
    assert registered.source is not None and registered.source.count() == after.registered
    take_back(sample)
    assert registered_counts(sample, model, YEAR)[0] == before
    window.pop()
    work.table.select_row(0)
    work.action("assessment.register").trigger()
    assert registered_counts(sample, model, YEAR)[0].registered in (before.registered + 1, before.registered - 1)


def test_nobody_is_registered_while_the_round_closes_and_it_says_so_before_asking(
    window: MainWindow, page: RoundPage, sample: Context
) -> None:
    page.action("rounds.state").trigger()
    window.pop()
    work = open_page(window)
    work.show_model(LearningModel.FAMILY)
    work.action("assessment.register_list").trigger()
    assert work.registrations.dialog is None
    assert work.banner is not None and "đang khóa sổ" in work.banner.text_label.text()


def test_a_round_that_is_being_closed_is_opened_again_by_one_key(page: RoundPage, sample: Context) -> None:
    assert not page.action("rounds.reopen").isEnabled()
    page.action("rounds.state").trigger()
    assert state(sample) is RoundStatus.CLOSING and page.reopen_button.isVisible()
    page.action("rounds.reopen").trigger()
    assert state(sample) is RoundStatus.OPEN and not page.reopen_button.isVisible()


def test_the_round_of_another_year_is_opened_and_an_empty_one_goes_away_by_keyboard(
    page: RoundPage, sample: Context
) -> None:
    assert not page.remove_button.isVisible()
    page.action("add").trigger()
    for typed, words in (("2062", "từ 2015 đến"), (str(YEAR), f"Đợt năm {YEAR} đã có"), ("", "")):
        page.dialog.form.set_raw({"year": typed})
        page.dialog.form.submitted.emit()
        assert page.dialog.isVisible() and words in page.dialog.form.field("year").message
    page.dialog.form.set_raw({"year": "2024"})
    page.dialog.form.submitted.emit()
    assert [item.year for item in list_rounds(sample)] == [YEAR, 2024]
    assert page.year == 2024 and current_round(sample).year == YEAR
    said = page.unfinished_view.done.sentence_label.text()
    assert "chưa có ai đăng ký" in said and "có thể khóa" not in said
    page.action("delete").trigger()
    assert focused() is page.remove_bar.no_button
    page.remove_bar.yes_button.click()
    assert [item.year for item in list_rounds(sample)] == [YEAR] and page.year == YEAR


def test_a_registered_row_opens_its_form_of_the_round_that_is_shown(
    window: MainWindow, page: RoundPage, sample: Context
) -> None:
    register_all(sample, LearningModel.FAMILY, YEAR)
    page.action("rounds.next").trigger()
    register_all(sample, LearningModel.FAMILY, YEAR + 1)
    page.action("rounds.registered").trigger()
    registered = shown(window, RegisteredPage)
    assert current_round(sample).year == YEAR and registered.year == YEAR + 1
    registered.tabs.choose(LearningModel.FAMILY)
    registered.table.select_row(0)
    press(registered.table.view, Key.Key_Return)
    form = shown(window, FormPage)
    assert form.session.year == YEAR + 1
    assert form.session.state.registration is RegistrationKind.NEW


def test_whose_hamlet_is_not_known_are_listed_by_themselves(
    window: MainWindow, page: RoundPage, sample: Context
) -> None:
    with sample.operation("household.edit", {}) as op:
        home = op.connection.exec_driver_sql("SELECT id FROM household ORDER BY id").scalars().first()
        op.writer.update(household, home, {"hamlet_id": None})
    register_all(sample, LearningModel.FAMILY, YEAR)
    page.action("rounds.registered").trigger()
    registered = shown(window, RegisteredPage)
    registered.tabs.choose(LearningModel.FAMILY)
    last = registered_counts(sample, LearningModel.FAMILY, YEAR)
    registered.counts.select_row(len(last) - 1)
    assert last[-1].uid is None and not last[-1].is_total
    assert registered.source.count() == last[-1].registered == 1
