"""Accounts on the national site in the window: filtered, set in bulk, followed, given out, taken from their list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from desktop_app.models.types import SiteState, Uid
from desktop_app.services.assessment.accounts import (
    AccountFilter,
    account_list,
    hamlet_counts,
    organization_counts,
    record_states,
)
from desktop_app.services.assessment.round_closing import close_round
from desktop_app.services.assessment.site.planning import SiteFate
from desktop_app.services.context import Context
from desktop_app.services.history.reading import operations
from desktop_app.ui.accounts.import_page import SiteImportPage
from desktop_app.ui.accounts.page import AccountsPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.widgets import dialogs
from tests.services.assessment.world import add_people, add_unit
from tests.ui.assessment.stage import YEAR, focused, make_window, open_page, shown, take_back
from tests.ui.conftest import press

Key = Qt.Key


@pytest.fixture
def window(qtbot: Any, sample: Context) -> Iterator[MainWindow]:
    made = make_window(qtbot, sample, has_overview=False)
    yield made
    made.close()


@pytest.fixture
def page(window: MainWindow) -> AccountsPage:
    open_page(window).action("assessment.accounts").trigger()
    return shown(window, AccountsPage)


def count_of(context: Context, state: SiteState) -> int:
    return account_list(context, YEAR, AccountFilter(state=state)).count()


def test_the_list_is_narrowed_by_chips_and_by_typing(window: MainWindow, page: AccountsPage, sample: Context) -> None:
    everybody = page.source.count() if page.source is not None else 0
    record_states(sample, YEAR, account_list(sample, YEAR).uids()[:5], SiteState.RECOGNISED)
    page.state_chip.set_value(SiteState.RECOGNISED)
    page.show_list()
    assert page.source is not None and page.source.count() == 5
    name = page.source.rows(0, 1)[0].name
    page.search_text = name
    page.on_search(name)
    assert page.source is not None and 1 <= page.source.count() <= 5
    page.clear_filters()
    assert page.source is not None and page.source.count() == everybody


def test_a_chosen_person_gets_a_state_with_a_date_by_keyboard(
    window: MainWindow, page: AccountsPage, sample: Context
) -> None:
    press(page.table.view, Key.Key_Return)
    assert page.dialog is not None
    assert page.dialog.preview_label.text().startswith("1 người “chưa có tài khoản” đổi sang")
    page.dialog.form.set_raw({"day": "03/02/2026"})
    page.dialog.form.submitted.emit()
    shown(window, AccountsPage)
    (row,) = account_list(sample, YEAR, AccountFilter(state=SiteState.REGISTERED)).rows(0, 5)
    assert row.changed_on == "2026-02-03"


def test_a_date_that_cannot_be_read_or_lies_ahead_keeps_the_question_open(page: AccountsPage, sample: Context) -> None:
    page.ask_all()
    assert page.dialog is not None
    for text, words in (("31/02/2026", "không có trong lịch"), ("2026", "đủ ngày"), ("01/01/2099", "phía trước")):
        page.dialog.form.set_raw({"day": text})
        page.dialog.yes_button.click()
        assert words in page.dialog.form.field("day").message
    assert page.dialog.isVisible()
    page.dialog.reject()
    assert count_of(sample, SiteState.REGISTERED) == 0


def test_all_that_are_shown_get_a_state_in_one_deed_and_who_is_further_stays(
    window: MainWindow, page: AccountsPage, sample: Context
) -> None:
    people = account_list(sample, YEAR).uids()
    record_states(sample, YEAR, people[:3], SiteState.RECOGNISED)
    record_states(sample, YEAR, people[3:5], SiteState.REGISTERED, changed_on=dt.date(2026, 1, 2))
    page.refresh()
    page.action("accounts.all").trigger()
    assert page.dialog is not None
    assert "2 người “đã đăng ký tài khoản” giữ nguyên" in page.dialog.preview_label.text()
    assert page.dialog.touched() == len(people) - 5
    page.dialog.yes_button.click()
    shown(window, AccountsPage)
    assert count_of(sample, SiteState.REGISTERED) == len(people) - 3
    assert count_of(sample, SiteState.RECOGNISED) == 3
    kept = [row for row in account_list(sample, YEAR).rows(0, len(people)) if row.uid in people[3:5]]
    assert [row.changed_on for row in kept] == ["2026-01-02", "2026-01-02"]
    take_back(sample)
    assert count_of(sample, SiteState.REGISTERED) == 2


def test_a_state_written_by_mistake_is_lowered_when_the_mark_is_taken_away(
    window: MainWindow, page: AccountsPage, sample: Context
) -> None:
    people = account_list(sample, YEAR).uids()[:4]
    record_states(sample, YEAR, people, SiteState.RECOGNISED)
    page.refresh()
    page.state_chip.set_value(SiteState.RECOGNISED)
    page.show_list()
    page.ask_all()
    assert page.dialog is not None
    page.dialog.form.set_raw({"state": SiteState.REGISTERED.value})
    assert not page.dialog.yes_button.isEnabled()
    page.dialog.form.set_raw({"keeps_further": False})
    page.dialog.yes_button.click()
    shown(window, AccountsPage)
    assert count_of(sample, SiteState.REGISTERED) == 4


def test_counts_by_hamlet_name_their_denominator_and_lead_to_who_is_lacking(
    window: MainWindow, page: AccountsPage, sample: Context
) -> None:
    record_states(sample, YEAR, account_list(sample, YEAR).uids()[:100], SiteState.SELF_ASSESSED)
    page.refresh()
    page = shown(window, AccountsPage)
    page.show_tab("hamlets")
    page.hamlets_view.list.select_row(2)
    line = page.hamlets_view.line
    assert line is not None
    assert f"{line.accounts}/{line.people}" in page.hamlets_view.facts.text()
    page.hamlets_view.people_button.click()
    assert page.tabs.value == "people"
    assert page.source is not None and page.source.count() == line.people - line.accounts


def test_the_person_in_charge_and_the_last_reminder_are_written_by_keyboard(
    window: MainWindow, page: AccountsPage, sample: Context
) -> None:
    page.show_tab("hamlets")
    page.hamlets_view.list.select_row(1)
    press(focused(), Key.Key_Return)
    page.hamlets_view.form.set_raw({"person": "Lê Thị Hạnh", "reminded_on": "05/11/2026"})
    page.action("save").trigger()
    shown(window, AccountsPage)
    first = hamlet_counts(sample, YEAR)[0]
    assert (first.person, first.reminded_on) == ("Lê Thị Hạnh", "2026-11-05")
    page.hamlets_view.form.set_raw({"reminded_on": "abc"})
    assert not page.can_leave()
    page.hamlets_view.remind_today()
    assert hamlet_counts(sample, YEAR)[0].reminded_on == f"{dt.date.today():%Y-%m-%d}"
    take_back(sample)
    assert hamlet_counts(sample, YEAR)[0].reminded_on == "2026-11-05"


def test_the_keyboard_stays_in_the_form_and_so_does_what_is_typed_while_counts_come(
    window: MainWindow, page: AccountsPage, sample: Context
) -> None:
    shown(window, AccountsPage)
    page.show_tab("hamlets")
    view = page.hamlets_view
    view.list.select_row(1)
    press(focused(), Key.Key_Return)
    field = focused()
    assert view.form.isAncestorOf(field)
    view.form.set_raw({"person": "Lê Thị Hạnh"})
    page.action("save").trigger()
    shown(window, AccountsPage)
    assert focused() is field
    view.form.set_raw({"note": "gọi lại thứ hai"})
    page.run_counts(YEAR)
    shown(window, AccountsPage)
    assert view.form.raw()["note"] == "gọi lại thứ hai" and view.form.raw()["person"] == "Lê Thị Hạnh"
    assert focused() is field and view.is_changed


def test_an_organizations_members_are_counted_against_all_of_them(window: MainWindow, sample: Context) -> None:
    people = account_list(sample, YEAR).uids()[:6]
    add_unit(sample, people)
    record_states(sample, YEAR, people[:2], SiteState.REGISTERED)
    open_page(window).action("assessment.accounts").trigger()
    page = shown(window, AccountsPage)
    page.show_tab("units")
    assert page.units_view.line is not None
    assert "2/6 (33 %) có tài khoản, 0 tự đánh giá" in page.units_view.facts.text()
    assert organization_counts(sample, YEAR)[0].people == 6


def test_who_has_no_account_is_exported_with_the_sites_fields_and_noted(
    window: MainWindow, page: AccountsPage, sample: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openpyxl import load_workbook

    out = tmp_path / "ra.xlsx"
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *args, **kwargs: out)
    page.state_chip.set_value(SiteState.NONE)
    page.show_list()
    assert page.source is not None
    page.action("accounts.export").trigger()
    shown(window, AccountsPage)
    book = load_workbook(out)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    assert rows[1][0] == "DANH SÁCH CHƯA CÓ TÀI KHOẢN"
    assert rows[3][1:3] == ("Số CCCD/CMND", "Họ và tên")
    assert len(rows) - 4 == page.source.count()
    assert operations(sample)[0].kind == "list.export"
    assert page.banner is not None and "nhật ký" in page.banner.text_label.text()


# -- their list --------------------------------------------------------------------------------------------------


def their_list(
    context: Context, path: Path, states: Sequence[tuple[Uid, str]], more: Sequence[Sequence[str]] = ()
) -> Path:
    """A workbook of the site with these people of the register."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Họ và tên", "Số CCCD", "Năm sinh", "Trạng thái", "Ngày cập nhật"])
    query = "SELECT full_name, cccd, birth FROM citizen WHERE uid = ?"
    with context.read() as connection:
        for uid, state in states:
            name, cccd, birth = connection.exec_driver_sql(query, (bytes.fromhex(uid),)).one()
            sheet.append([name, cccd, birth[:4], state, "10/06/2026"])
    for row in more:
        sheet.append(list(row))
    book.save(path)
    return path


def with_cccd(context: Context, count: int) -> list[Uid]:
    query = (
        "SELECT uid FROM citizen WHERE cccd IS NOT NULL AND is_current AND life_status = 'living' "
        "AND birth < '1990' ORDER BY id LIMIT ?"
    )
    with context.read() as connection:
        return [row[0].hex() for row in connection.exec_driver_sql(query, (count,))]


@pytest.fixture
def importing(window: MainWindow, sample: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteImportPage:
    """Their list was read: two new, one behind us, one unknown, one unreadable."""
    one, two, three, four = with_cccd(sample, 4)
    record_states(sample, YEAR, [three], SiteState.RECOGNISED, changed_on=dt.date(2026, 5, 1))
    record_states(sample, YEAR, [four], SiteState.REGISTERED, changed_on=dt.date(2026, 5, 1))
    path = their_list(
        sample,
        tmp_path / "trang.xlsx",
        [(one, "Đã tự đánh giá"), (two, "Đã đăng ký"), (three, "Đã đăng ký")],
        [("Người Xa Lạ", "089099999999", "1990", "Đã đăng ký", ""), ("Người Thứ Hai", "", "1991", "???", "")],
    )
    open_page(window).action("assessment.accounts").trigger()
    monkeypatch.setattr(dialogs, "ask_open_files", lambda *args, **kwargs: [path])
    shown(window, AccountsPage).action("accounts.import").trigger()
    page = shown(window, SiteImportPage)
    assert focused() is page.start.button
    press(focused(), Key.Key_Return)
    return shown(window, SiteImportPage)  # type: ignore[no-any-return]


def test_their_list_is_shown_in_groups_before_anything_is_written(importing: SiteImportPage, sample: Context) -> None:
    assert importing.plan is not None
    counts = {fate: count for fate, count in importing.plan.counts.items() if count}
    assert counts == {
        SiteFate.NEW: 2, SiteFate.DIFFERS: 1, SiteFate.UNKNOWN: 1, SiteFate.UNREADABLE: 1, SiteFate.ABSENT: 1,
    }  # fmt: skip
    assert importing.apply_button.text() == "Ghi 2 người"
    assert "cột D “Trạng thái”" in importing.notes.text()
    assert count_of(sample, SiteState.SELF_ASSESSED) == 0


def test_it_is_applied_as_one_deed_and_the_same_file_again_changes_nothing(
    window: MainWindow, importing: SiteImportPage, sample: Context
) -> None:
    importing.action("siteimport.apply").trigger()
    page = shown(window, SiteImportPage)
    assert operations(sample)[0].kind == "site.import"
    assert count_of(sample, SiteState.SELF_ASSESSED) == 1
    assert page.plan.counts[SiteFate.NEW] == 0 and page.plan.counts[SiteFate.SAME] == 2
    assert not page.action("siteimport.apply").isEnabled()
    take_back(sample)
    assert count_of(sample, SiteState.SELF_ASSESSED) == 0
    page.refresh()
    assert shown(window, SiteImportPage).plan.counts[SiteFate.NEW] == 2


def test_a_difference_is_taken_only_when_it_is_marked(
    window: MainWindow, importing: SiteImportPage, sample: Context
) -> None:
    importing.tabs.choose(SiteFate.DIFFERS)
    assert "Danh sách ghi “Đã đăng ký tài khoản”, sổ ghi “Đã được công nhận”." in [
        line.why
        for line in importing.plan.of(SiteFate.DIFFERS)  # type: ignore[union-attr]
    ]
    press(importing.table.view, Key.Key_Return)
    assert importing.apply_button.text() == "Ghi 3 người"
    press(importing.table.view, Key.Key_Return)
    assert importing.apply_button.text() == "Ghi 2 người"
    importing.action("siteimport.take").trigger()
    importing.action("siteimport.apply").trigger()
    shown(window, SiteImportPage)
    assert count_of(sample, SiteState.RECOGNISED) == 0


def test_who_is_not_sure_is_chosen_in_the_panel_or_left(
    window: MainWindow, page: AccountsPage, sample: Context, tmp_path: Path
) -> None:
    (one,) = with_cccd(sample, 1)
    with sample.read() as connection:
        name, birth = connection.exec_driver_sql(
            "SELECT full_name, birth FROM citizen WHERE uid = ?", (bytes.fromhex(one),)
        ).one()
    page.on_import()
    importing = shown(window, SiteImportPage)
    path = their_list(sample, tmp_path / "ds.xlsx", [], [(name, "", birth[:4], "Đã đăng ký", "")])
    importing.read(path)
    importing = shown(window, SiteImportPage)
    assert importing.fate is SiteFate.DOUBTFUL
    assert not importing.action("siteimport.apply").isEnabled()
    press(importing.table.view, Key.Key_Return)
    press(focused(), Key.Key_Return)
    assert importing.plan.counts[SiteFate.DOUBTFUL] == 0
    assert importing.plan.of(SiteFate.NEW)[0].person.uid == one
    importing.tabs.choose(SiteFate.NEW)
    importing.panel.buttons[0].click()
    assert importing.plan.counts[SiteFate.DOUBTFUL] == 1


def test_every_namesake_can_be_chosen_and_is_told_in_whole(
    window: MainWindow, page: AccountsPage, sample: Context, tmp_path: Path
) -> None:
    people = [{"full_name": "Nguyễn Thị Hồng Nhung", "birth": f"{1970 + n}-05-04"} for n in range(12)]
    add_people(sample, people)
    page.on_import()
    importing = shown(window, SiteImportPage)
    importing.read(their_list(sample, tmp_path / "ds.xlsx", [], [("Nguyễn Thị Hồng Nhung", "", "", "Đã đăng ký", "")]))
    importing = shown(window, SiteImportPage)
    assert len(importing.panel.buttons) == 12
    room = importing.panel.width()
    assert max(button.sizeHint().width() for button in importing.panel.buttons) <= room
    importing.action("siteimport.take").trigger()
    assert importing.banner is not None and "nhiều người gần giống" in importing.banner.text_label.text()


def test_a_file_that_is_no_list_is_told_in_a_sentence_and_another_can_be_chosen(
    window: MainWindow, page: AccountsPage, tmp_path: Path
) -> None:
    path = tmp_path / "hong.xlsx"
    path.write_bytes(b"not a workbook")
    page.on_import()
    importing = shown(window, SiteImportPage)
    importing.read(path)
    importing = shown(window, SiteImportPage)
    assert importing.banner is not None and importing.plan is None
    assert importing.action("siteimport.file").isEnabled()


def test_of_a_closed_round_the_accounts_are_only_looked_at(window: MainWindow, sample: Context) -> None:
    close_round(sample, YEAR, despite=True)
    open_page(window).action("assessment.accounts").trigger()
    page = shown(window, AccountsPage)
    assert page.banner is not None and "đã khóa" in page.banner.text_label.text()
    assert not page.action("accounts.all").isEnabled() and not page.action("accounts.import").isEnabled()
    assert page.action("accounts.export").isEnabled()


def test_a_word_that_is_not_known_is_explained_once_for_the_whole_file(
    window: MainWindow, importing: SiteImportPage, sample: Context, tmp_path: Path
) -> None:
    one, two, *_ = with_cccd(sample, 4)
    importing.read(their_list(sample, tmp_path / "khac.xlsx", [(one, "Mức 7"), (two, "mức 7")]))
    importing = shown(window, SiteImportPage)
    assert importing.fate is SiteFate.UNREADABLE
    press(importing.table.view, Key.Key_Return)
    assert window.focusWidget() is importing.panel.buttons[0]
    next(button for button in importing.panel.buttons if button.text() == "Đã tự đánh giá").click()
    importing = shown(window, SiteImportPage)
    assert importing.plan.counts[SiteFate.NEW] == 2
    importing.action("siteimport.apply").trigger()
    shown(window, SiteImportPage)
    assert count_of(sample, SiteState.SELF_ASSESSED) == 2


def test_columns_that_were_misread_are_chosen_again(window: MainWindow, importing: SiteImportPage) -> None:
    importing.action("siteimport.columns").trigger()
    assert importing.dialog is not None
    importing.dialog.form.set_raw({"state": -1, "date": -1})
    importing.dialog.yes_button.click()
    importing = shown(window, SiteImportPage)
    assert "Không có cột trạng thái" in importing.notes.text()
    assert importing.day_form.isVisible()
    assert importing.plan.counts[SiteFate.UNREADABLE] == 0
