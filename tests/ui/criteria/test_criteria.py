"""Criteria sets in Thiết lập: rows with their status, the office's changes, and confirming a suggestion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import DeviceRole, TextStatus
from desktop_app.services.context import Context
from desktop_app.services.criteria.drafts import list_versions
from desktop_app.services.criteria.loader import load_sets
from desktop_app.services.criteria.office import OfficeSet, sets_in_use
from desktop_app.services.criteria.overrides import customised
from desktop_app.ui import theme
from desktop_app.ui.assessment.words import sureness
from desktop_app.ui.criteria.forms import changes_with, changes_without, form_of, has_changes
from desktop_app.ui.criteria.page import CriteriaPage, row_number
from desktop_app.ui.criteria.rows import CriteriaRow, RowKind, rows_of, rules_words, state_chip
from desktop_app.ui.criteria.section import set_row
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import PageSpec
from tests.factories import make_register
from tests.ui.conftest import press

WINDOWS: list[MainWindow] = []
SETS = {item.key: item for item in load_sets()}


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    made = make_register(tmp_path_factory.mktemp("criteria"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _as_shipped(context: Context) -> Iterator[None]:
    """Each test leaves the sets as they were."""
    yield
    while WINDOWS:
        window = WINDOWS.pop()
        window.close()
        window.deleteLater()
    from desktop_app.services.criteria.office import change_overrides, choose_set, unconfirm_set

    context.role = DeviceRole.OFFICE
    for item in sets_in_use(context):
        if item.overrides:
            change_overrides(context, item.uid, {})
        if item.document:
            unconfirm_set(context, item.uid)
        if item.definition.is_default and not item.is_in_use:
            choose_set(context, item.uid)


def office_set(context: Context, key: str) -> OfficeSet:
    return next(item for item in sets_in_use(context) if item.definition.key == key)


def row_of(item: OfficeSet, code: str) -> CriteriaRow:
    return next(row for row in rows_of(item.definition) if row.code == code)


def open_page(context: Context, key: str) -> CriteriaPage:
    uid = office_set(context, key).uid
    window = MainWindow([PageSpec("set", "Bộ", "house", lambda _context: CriteriaPage(context, uid))], context)
    window.show()
    window.open_page("set")
    page = window.current_page
    assert isinstance(page, CriteriaPage)
    WINDOWS.append(window)
    return page


def choose(page: CriteriaPage, code: str) -> None:
    assert page.item is not None
    page.table.select_row([row.code for row in rows_of(page.item.definition)].index(code))


# -- rows and forms, without a window --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(SETS))
def test_every_row_of_every_set_has_its_words_and_its_status(key: str) -> None:
    definition = SETS[key]
    rows = rows_of(definition)
    assert rows[0].kind is RowKind.RULES
    assert all(row.words and row.status.text for row in rows)
    shown = {row.code for row in rows if row.kind is RowKind.INDICATOR}
    assert shown == set(definition.by_code)


def test_a_missing_row_says_that_it_was_not_compared_with_the_document() -> None:
    missing = [
        (definition, indicator.code)
        for definition in SETS.values()
        for indicator in definition.indicators
        if indicator.status is TextStatus.MISSING
    ]
    for definition, code in missing:
        row = next(row for row in rows_of(definition) if row.code == code and row.kind is RowKind.INDICATOR)
        assert (row.status.text, row.status.tone) == ("Chưa đối chiếu", "attention")


def test_how_a_set_is_passed_stands_in_one_line() -> None:
    assert rules_words(SETS["citizen.resident"]) == "Đạt từ 80/100 điểm, không chỉ số nào dưới 5, điểm nguyên"


def test_changes_hold_only_what_differs_and_keep_what_was_put_before(context: Context) -> None:
    item = office_set(context, "clan")
    row = row_of(item, "1.1")
    _spec, values = form_of(item, row)
    assert changes_with(item, row, values) == {}
    first = changes_with(item, row, {**values, "max_score": "25"})
    assert first == {"indicators": {"1.1": {"max_score": 25.0}}}


def test_words_copied_from_the_document_count_as_official_and_others_do_not(context: Context) -> None:
    item = office_set(context, "clan")
    row = row_of(item, "1.1")
    _spec, values = form_of(item, row)
    own = changes_with(item, row, {**values, "text": "Lời của xã"})
    assert own == {"indicators": {"1.1": {"text": "Lời của xã"}}}
    official = changes_with(item, row, {**values, "text": "Lời văn bản", "is_official": True})
    assert official["indicators"]["1.1"]["status"] == "official"


def test_a_heading_that_the_office_worded_or_whose_points_it_changed_says_so(context: Context) -> None:
    shipped = office_set(context, "clan").definition
    first = shipped.criteria[0]
    worded = customised(shipped, {"criteria": {first.code: "Tên của xã"}})
    weighed = customised(shipped, {"indicators": {first.indicators[0].code: {"max_score": 99}}})
    for definition, is_worded, number in ((worded, True, False), (weighed, False, True), (shipped, False, False)):
        row = next(row for row in rows_of(definition) if row.code == first.code and row.kind is RowKind.CRITERION)
        assert (row.status.text == "Do cơ quan đặt") is is_worded
        assert row.is_number_changed is number
        assert row.is_changed is (definition is not shipped)
        assert row_number(row).text.endswith("(đã sửa)") is number


def test_a_maximum_of_the_office_is_named_in_the_form_too(context: Context) -> None:
    shipped = office_set(context, "clan").definition
    code = shipped.criteria[0].indicators[0].code
    weighed = customised(shipped, {"indicators": {code: {"max_score": 99}}}).by_code[code]
    assert sureness(weighed).endswith("điểm tối đa: do cơ quan đặt")
    assert "do cơ quan đặt" not in sureness(shipped.by_code[code])


def test_a_floor_is_taken_away_by_clearing_it_and_half_points_are_a_switch(context: Context) -> None:
    item = office_set(context, "citizen.resident")
    row = rows_of(item.definition)[0]
    _spec, values = form_of(item, row)
    changed = changes_with(item, row, {**values, "floor": "", "allows_half_points": True, "pass_mark": "75,5"})
    assert changed == {"floor": None, "allows_half_points": True, "pass_mark": 75.5}


def test_a_checklist_offers_its_thresholds_and_no_points() -> None:
    item = OfficeSet(1, "a" * 32, SETS["commune"], {}, 0, True)
    row = next(r for r in rows_of(item.definition) if "%" in r.most)
    spec, values = form_of(item, row)
    keys = [field.key for field in spec.fields]
    assert "max_score" not in keys
    grade = next(key for key in keys if key.startswith("percent:"))
    changed = changes_with(item, row, {**values, grade: "55"})
    assert changed == {"indicators": {row.code: {"percents": {grade.removeprefix("percent:"): 55.0}}}}


def test_a_new_wording_says_so_and_leaves_the_number_alone() -> None:
    own = customised(SETS["clan"], {"indicators": {"1.1": {"text": "Lời của xã"}}})
    row = next(row for row in rows_of(own) if row.code == "1.1")
    assert row.status.text == "Do cơ quan đặt"
    assert row_number(row).text == row.most
    assert row.number_status != "Do cơ quan đặt"


# -- the screen ------------------------------------------------------------------------------------------------------


def test_the_list_says_how_sure_each_set_is(context: Context) -> None:
    rows = {set_row(item).name: set_row(item) for item in list_versions(context)}
    assert len(rows) == 10
    assert rows["Dòng họ học tập"].state.text == "Gợi ý, chờ xác nhận"
    assert rows["Dòng họ học tập"].passing == "80/100 điểm"
    assert state_chip(office_set(context, "citizen.resident")).text == "Theo văn bản"


def test_a_suggestion_stands_under_its_heading_until_a_document_confirms_it(context: Context) -> None:
    page = open_page(context, "clan")
    assert page.heading.text_label.text().startswith("Bản gợi ý, không phải văn bản.")
    page.confirm_button.click()
    assert page.pane.form is not None
    assert not page.pane.save()
    assert page.pane.form.field("document").message == "Cần có mục này."
    page.pane.form.set_raw({"document": "15/KH-UBND", "date": "03/2026"})
    assert not page.pane.save()
    assert page.pane.form.field("date").message == "Cần đủ ngày, tháng, năm."
    page.pane.form.set_raw({"date": "05/03/2026"})
    assert page.pane.save()
    item = office_set(context, "clan")
    assert item.is_confirmed
    assert (item.document, item.confirmed_on, item.confirmed_by) == ("15/KH-UBND", "2026-03-05", context.user)
    assert "15/KH-UBND, ngày 05/03/2026" in page.heading.text_label.text()
    assert page.unconfirm_button in page.header_buttons
    page.unconfirm_button.click()
    assert not office_set(context, "clan").is_confirmed


def test_a_row_is_changed_by_keyboard_and_says_that_the_office_put_it(context: Context) -> None:
    page = open_page(context, "clan")
    choose(page, "1.1")
    page.action("edit").trigger()
    form = page.pane.form
    assert form is not None
    form.set_raw({"max_score": "25"})
    form.focus_field("is_official")
    press(form.field("is_official").editor.focus_widget(), Qt.Key.Key_Return)
    item = office_set(context, "clan")
    assert item.definition.by_code["1.1"].max_score == 25
    row = row_of(item, "1.1")
    assert row.status == row_of(OfficeSet(1, "a" * 32, SETS["clan"], {}, 0, True), "1.1").status
    assert (row.number_status, row_number(row).text) == ("Do cơ quan đặt", "25 (đã sửa)")
    assert has_changes(item, row_of(item, "1.1"))
    assert page.row is not None
    assert page.row.code == "1.1"


def test_a_row_goes_back_to_what_the_program_ships(context: Context) -> None:
    from desktop_app.services.criteria.office import change_overrides

    item = office_set(context, "clan")
    change_overrides(context, item.uid, {"indicators": {"1.1": {"max_score": 25.0}, "1.2": {"text": "Lời xã"}}})
    page = open_page(context, "clan")
    choose(page, "1.1")
    assert page.row is not None
    page.on_back_to_shipped(page.row)
    item = office_set(context, "clan")
    assert dict(item.overrides) == {"indicators": {"1.2": {"text": "Lời xã"}}}
    assert changes_without(item, row_of(item, "1.2")) == {}


def test_a_change_by_which_nothing_could_be_scored_is_refused_and_stays_typed(context: Context) -> None:
    page = open_page(context, "clan")
    choose(page, "")
    page.on_edit()
    form = page.pane.form
    assert form is not None
    form.set_raw({"pass_mark": "500"})
    assert not page.pane.save()
    assert "Phải từ 0 đến" in form.field("pass_mark").message
    choose_max = page.pane
    choose_max.close_form()
    choose(page, "1.1")
    page.on_edit()
    assert page.pane.form is not None
    page.pane.form.set_raw({"max_score": "0"})
    page.pane.save()
    assert page.ask_bar.isVisibleTo(page) or page.pane.message
    assert page.pane.form.raw()["max_score"] == "0"
    assert not office_set(context, "clan").overrides
    page.pane.close_form()


def test_changing_a_confirmed_set_asks_for_a_new_confirmation(context: Context) -> None:
    import datetime as dt

    from desktop_app.services.criteria.office import confirm_set

    confirm_set(context, office_set(context, "clan").uid, "1/KH", dt.date(2026, 1, 2))
    page = open_page(context, "clan")
    choose(page, "")
    page.on_edit()
    assert page.pane.task is not None
    assert "xác nhận lại" in page.pane.task.note
    assert page.pane.form is not None
    page.pane.form.set_raw({"pass_mark": "70"})
    assert page.pane.save()
    assert not office_set(context, "clan").is_confirmed


def test_a_condition_can_be_switched_off(context: Context) -> None:
    page = open_page(context, "clan")
    choose(page, "families_with_title")
    page.on_edit()
    assert page.pane.form is not None
    page.pane.form.set_raw({"is_enabled": False})
    assert page.pane.save()
    item = office_set(context, "clan")
    assert not item.definition.prerequisites[0].is_enabled
    assert row_of(item, "families_with_title").most == "không xét"


def test_another_version_is_chosen_for_new_forms(context: Context) -> None:
    item = next(i for i in sets_in_use(context) if not i.is_in_use or not i.definition.is_default)
    from desktop_app.services.criteria.office import choose_set

    other = next(i for i in sets_in_use(context) if i.definition.model is item.definition.model and i.uid != item.uid)
    choose_set(context, other.uid)
    page = open_page(context, item.definition.key)
    assert page.choose_button in page.header_buttons
    page.choose_button.click()
    assert office_set(context, item.definition.key).is_in_use
    assert page.choose_button not in page.header_buttons


@pytest.mark.parametrize("percent", [100, 200])
def test_how_sure_a_row_is_stands_in_sight_without_scrolling_sideways(
    context: Context, look: QApplication, percent: int
) -> None:
    theme.apply(look, percent=percent)
    page = open_page(context, "clan")
    page.window().resize(1366, 728)
    QApplication.processEvents()
    view = page.table.view
    last = view.model().columnCount() - 1
    assert view.columnViewportPosition(last) + view.columnWidth(last) <= view.viewport().width()
    assert view.horizontalScrollBar().maximum() == 0


def test_a_volunteer_only_looks(context: Context) -> None:
    context.role = DeviceRole.VOLUNTEER
    page = open_page(context, "clan")
    choose(page, "1.1")
    page.action("edit").trigger()
    assert not page.pane.is_open
    assert page.header_buttons == (page.more_button,)


def test_leaving_with_something_typed_asks_first(context: Context) -> None:
    page: Any = open_page(context, "clan")
    choose(page, "1.1")
    page.on_edit()
    page.pane.form.set_raw({"max_score": "33"})
    assert not page.can_leave()
    assert page.ask_bar.question.startswith("Có điều chưa cất")
    page.ask_bar.buttons[1].click()
    assert page.can_leave()
