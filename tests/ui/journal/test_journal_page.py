"""The journal: what was done, by whom and when, narrowed, told field by field, and taken back or refused in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import UndoClass
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history import operation_list, operations
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.registry.citizen_list import citizen_list
from desktop_app.services.registry.citizens import remove_citizen, save_citizen
from desktop_app.services.registry.details import citizen_detail
from desktop_app.services.registry.personal import reveal_cccd
from desktop_app.services.registry.users import add_user, switch_user
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.writer import create_package
from desktop_app.ui.journal import page as journal_page
from desktop_app.ui.journal.filters import KINDS, stretches
from desktop_app.ui.journal.page import who_words
from tests.factories import add_household
from tests.services.sync.machines import make_star
from tests.ui.registry.conftest import focused, key, panel_text


@pytest.fixture
def person(context: Context) -> str:
    """Trần Thị Ánh, changed once."""
    _, people = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    save_citizen(context, people[1], {"occupation": "Nông dân", "cccd": "079184000319"})
    return people[1]


def sentences(page: Any) -> list[str]:
    paged = page.list.paged
    return [paged.row_at(row).sentence for row in range(paged.rowCount())]


def test_deeds_stand_newest_first_with_who_did_them(context: Context, person: str, show: Any) -> None:
    page = show(context, "journal")
    assert sentences(page)[0] == "Sửa công dân Trần Thị Ánh"
    assert sentences(page)[-1] == "Lập sổ Xã Phú An"
    assert page.list.paged.row_at(0).user == "Cán bộ xã"
    assert page.subtitle == "3 việc"


def test_where_nobody_had_chosen_a_name_the_machine_stands_in_the_list(
    context: Context, person: str, show: Any
) -> None:
    page = show(context, "journal")
    first = page.list.paged.row_at(page.list.paged.rowCount() - 1)
    assert first.sentence == "Lập sổ Xã Phú An"
    assert first.operation.user == ""
    assert first.user == f"Máy {first.device_name}" if first.device_name else first.user == "Chương trình"
    assert who_words(replace(first.operation, device_name="")) == "Chương trình"


def test_a_deed_is_told_field_by_field_with_numbers_masked(context: Context, person: str, show: Any) -> None:
    save_citizen(context, person, {"occupation": "Giáo viên"})
    page = show(context, "journal")
    assert "Nghề nghiệp: Nông dân → Giáo viên" in panel_text(page)
    page.list.select_row(1)
    page.load_record()
    text = panel_text(page)
    assert "Số CCCD: 0•• ••• ••• 319" in text
    assert "079184000319" not in text


def test_a_name_in_a_deed_leads_to_its_page(context: Context, person: str, show: Any) -> None:
    page = show(context, "journal")
    page.open_link("citizens", person)
    assert page.window().page("citizens").panel.title_label.text() == "Trần Thị Ánh"


def test_a_deed_of_thousands_is_shown_a_page_at_a_time(sample: Context, show: Any) -> None:
    page = show(sample, "journal")
    row = sentences(page).index("Nhập 1.342 công dân từ 01_mot_bang.xlsx")
    page.list.select_row(row)
    page.load_record()
    assert page.changes.shown == 20
    assert page.changes._more.text() == "Xem thêm, còn 2.162 dòng"
    page.changes._more.click()
    assert page.changes.shown == 40


def test_the_list_is_narrowed_by_kind_person_time_and_state(context: Context, person: str, show: Any) -> None:
    other = add_user(context, "Lê Thị Hạnh").uid
    switch_user(context, other)
    save_citizen(context, person, {"occupation": "Giáo viên"})
    page = show(context, "journal")
    whole = page.list.paged.rowCount()
    page.user_chip._on_chosen(other)
    assert sentences(page)[0] == "Sửa công dân Trần Thị Ánh"
    assert page.list.paged.rowCount() < whole
    page.clear_filters()
    page.kind_chip._on_chosen(next(kinds for kinds, words in KINDS if words == "thiết lập, sao lưu"))
    assert "Thêm người làm việc Lê Thị Hạnh" in sentences(page)
    assert all("công dân" not in sentence for sentence in sentences(page))
    page.clear_filters()
    now = datetime.now().astimezone()
    page.when_chip._on_chosen(next(value for value, words in stretches(now) if words == "hôm nay"))
    assert page.list.paged.rowCount() == whole
    before = stretches(now)[-1][0]
    page.when_chip._on_chosen(before)
    assert page.list.paged.rowCount() == 0
    page.clear_filters()
    page.undone_chip.setChecked(True)
    assert page.list.paged.rowCount() == 0
    assert "thỏa các điều kiện" in page._nothing.currentWidget().sentence_label.text()


def test_months_follow_each_other_without_gaps() -> None:
    found = stretches(datetime(2026, 3, 31, 15, tzinfo=UTC))
    months = [value for value, words in found if words.startswith("tháng")]
    assert [start.month for start, _ in months] == [3, 2, 1, 12, 11, 10, 9, 8, 7, 6, 5, 4]
    assert all(later[0] == earlier[1] for later, earlier in pairwise(months))
    assert found[0][0] == (datetime(2026, 3, 31, tzinfo=UTC), None)
    assert found[1][0][0] == datetime(2026, 3, 31, tzinfo=UTC) - timedelta(days=6)


def test_a_deed_is_taken_back_after_being_asked_about(context: Context, person: str, show: Any) -> None:
    page = show(context, "journal")
    page.action("journal.undo").trigger()
    assert page.ask_bar.question == "Hoàn tác “Sửa công dân Trần Thị Ánh”?"
    assert focused().text() == "Giữ nguyên"
    page.ask_bar.buttons[0].click()
    assert citizen_detail(context, person).occupation == ""
    assert sentences(page)[0] == "Hoàn tác: Sửa công dân Trần Thị Ánh"
    assert page.list.paged.index(1, 5).data() == "Đã hoàn tác"
    assert page.panel.title_label.text() == "Sửa công dân Trần Thị Ánh"
    assert "xem việc hoàn tác" in panel_text(page)
    assert page._undo_buttons(page._record) == ()


def test_a_great_deed_is_looked_at_and_taken_back_in_a_worker(
    context: Context, person: str, show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_page, "MANY", 0)
    page = show(context, "journal")
    page.on_undo()
    assert page.shell.tasks.is_busy
    assert page.shell.tasks.wait_all()
    assert page.ask_bar.question.startswith("Hoàn tác “Sửa công dân Trần Thị Ánh”?")
    page.ask_bar.buttons[0].click()
    assert page.shell.tasks.wait_all()
    assert citizen_detail(context, person).occupation == ""


def test_nothing_happens_when_the_person_keeps_it(context: Context, person: str, show: Any) -> None:
    page = show(context, "journal")
    page.on_undo()
    key(Qt.Key.Key_Escape)
    assert not page.ask_bar.isVisible()
    assert citizen_detail(context, person).occupation == "Nông dân"


def test_a_refusal_names_the_later_work(context: Context, person: str, show: Any) -> None:
    save_citizen(context, person, {"occupation": "Giáo viên"})
    page = show(context, "journal")
    page.list.select_row(1)
    page.load_record()
    page.on_undo()
    assert "“Sửa công dân Trần Thị Ánh”" in page.ask_bar.question
    assert [button.text() for button in page.ask_bar.buttons] == ["Đã hiểu"]
    assert citizen_detail(context, person).occupation == "Giáo viên"


def test_what_cannot_be_taken_back_has_no_button_and_says_so_by_key(context: Context, person: str, show: Any) -> None:
    reveal_cccd(context, person)
    page = show(context, "journal")
    assert sentences(page)[0] == "Xem số CCCD của Trần Thị Ánh"
    assert page._record.undo_class is UndoClass.VOIDED_ONLY
    assert page._undo_buttons(page._record) == ()
    assert "Chỉ xem số, không đổi gì." in panel_text(page)
    page.on_undo()
    assert "không hoàn tác được" in page.ask_bar.question


def test_the_key_means_the_row_just_gone_to_and_an_answer_leaves_the_keyboard_in_the_list(
    context: Context, person: str, show: Any
) -> None:
    page = show(context, "journal")
    page.focus_list()
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Z, modifiers=Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert "“Sửa công dân Trần Thị Ánh”" in page.ask_bar.question
    assert focused() is page.ask_bar.buttons[-1]
    page._on_refused(UserError("Không hoàn tác được.", code="x"))
    page.ask_bar.buttons[-1].click()
    assert not page.ask_bar.isVisible()
    assert focused() is page.list.view


def test_a_big_import_is_taken_back_in_a_worker(sample: Context, show: Any, qtbot: Any) -> None:
    page = show(sample, "journal")
    row = sentences(page).index("Nhập 141 phiếu chấm từ 07_phieu_cham_thon_2.xlsx")
    page.list.select_row(row)
    page.load_record()
    page.on_undo()
    assert page.shell.tasks.wait_all()
    assert "1.692 dòng của sổ trở về như trước." in page.ask_bar.question
    page.ask_bar.buttons[0].click()
    assert page.window().tasks.wait_all()
    qtbot.waitUntil(lambda: sentences(page)[0].startswith("Hoàn tác: Nhập 141 phiếu chấm"))
    assert operations(sample)[0].kind == "undo.import.scores"


def test_a_stopped_undo_says_that_nothing_was_changed(
    sample: Context, show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show(sample, "journal")
    row = sentences(page).index("Nhập 141 phiếu chấm từ 07_phieu_cham_thon_2.xlsx")
    page.list.select_row(row)
    page.load_record()
    page.on_undo()
    assert page.shell.tasks.wait_all()

    def stopped(*_args: Any) -> None:
        raise Cancelled

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "step", stopped)
        page.ask_bar.buttons[0].click()
        assert page.window().tasks.wait_all()
    assert page.ask_bar.question.startswith("Đã dừng, chưa hoàn tác gì")
    assert operations(sample)[0].kind != "undo.import.scores"


def test_a_merge_is_withdrawn_and_its_deeds_wait_again(tmp_path: Path, show: Any) -> None:
    office, (volunteer,) = make_star(tmp_path, 1)
    try:
        _, people = add_household(volunteer, members=("Lê Văn Bình",))
        package = tmp_path / "back.sht"
        create_package(volunteer, package, to=office.device)
        merge_package(office, package)
        page = show(office, "journal")
        row = next(row for row, words in enumerate(sentences(page)) if words.startswith("Nhận gói"))
        page.list.select_row(row)
        page.load_record()
        assert page._undo_buttons(page._record)[0].text() == "Rút lại gói"
        page.on_undo()
        assert page.ask_bar.question.startswith("Rút lại gói này?")
        page.ask_bar.buttons[0].click()
        assert page.window().tasks.wait_all(), "however great it is, the window stays alive"
        assert not citizen_list(office).count()
        assert "Đang chờ" in [page.list.paged.index(row, 5).data() for row in range(page.list.paged.rowCount())]
        page.want(page._record.id)
        page.on_undo()
        assert "rồi" in page.ask_bar.question and len(page.ask_bar.buttons) == 1
        assert "việc của máy kia" in panel_text(page)
        merge_package(office, package)
        assert citizen_detail(office, people[0]).name == "Lê Văn Bình"
    finally:
        volunteer.close()
        page.window().close()
        office.close()


def test_a_record_that_was_removed_can_be_brought_back(context: Context, person: str, show: Any) -> None:
    remove_citizen(context, person)
    page = show(context, "journal")
    page.on_undo()
    page.ask_bar.buttons[0].click()
    assert citizen_detail(context, person).is_present


def test_a_records_history_opens_the_deed_in_the_journal(context: Context, person: str, show: Any) -> None:
    citizens = show(context, "citizens")
    citizens.open_target(person)
    QApplication.processEvents()
    history = citizens.panel.lists[-1]
    assert history.rows()[0].text == "Sửa công dân Trần Thị Ánh"
    assert history.rows()[0].detail.endswith("Số CCCD: 0•• ••• ••• 319")
    history.setFocus()
    key(Qt.Key.Key_Return)
    journal = citizens.window().page("journal")
    assert citizens.window().current_page is journal
    assert journal.panel.title_label.text() == "Sửa công dân Trần Thị Ánh"


def test_the_list_finds_the_place_of_any_deed(sample: Context) -> None:
    listed = operation_list(sample)
    deeds = listed.rows(0, listed.count())
    assert [listed.position(deed.id) for deed in deeds] == list(range(listed.count()))
    assert [deed.id for deed in listed.rows(1, 1)] == [deeds[1].id]
    assert listed.position("0" * 32) is None
