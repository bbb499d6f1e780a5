"""Thiết lập: parts keep what is typed, save on leaving, and say in words what cannot be taken."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from desktop_app.app import Program
from desktop_app.models.types import DeviceRole, LearningModel, RoundStatus
from desktop_app.services.assessment.rounds import list_rounds, list_targets
from desktop_app.services.importing.headings import remembered
from desktop_app.services.registry.users import list_users, set_pin
from desktop_app.services.safety.backup import list_backups
from desktop_app.services.safety.sticks import Drive
from desktop_app.services.settings import load_office, set_local
from desktop_app.services.sync.identity import load_identity
from desktop_app.ui import theme
from desktop_app.ui.safety import pin_dialog
from desktop_app.ui.safety.settings_page import PARTS, SettingsPage
from desktop_app.ui.widgets import dialogs
from tests.services.safety import faults
from tests.ui.conftest import press, type_text
from tests.ui.safety.conftest import finish_tasks, plug_in, settle


def part(page: SettingsPage, key: str) -> Any:
    assert page.show_part(key)
    return page.current


def texts_of(page: SettingsPage) -> str:
    assert page.banner is not None
    return page.banner.text_label.text()


def test_every_part_opens_and_gives_its_first_field_the_focus(settings: SettingsPage) -> None:
    for key, *_ in PARTS:
        settings.pills[key].click()
        settle()
        assert settings.current_key == key
        assert settings.pills[key].isChecked()
        current = settings.current
        assert current is not None
        focus = QApplication.focusWidget()
        assert focus is not None
        assert current.isAncestorOf(focus) or focus in current.buttons(), key


def test_the_keyboard_stays_in_its_field_when_a_part_is_stored(settings: SettingsPage) -> None:
    current = part(settings, "office")
    current.office.focus_field("signer_name")
    current.office.set_raw({"signer_name": "Trần Thị Ký"})
    assert current.save()
    settle()
    assert current.office.focused_key == "signer_name"
    assert current.office.raw()["signer_name"] == "Trần Thị Ký"


@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_is_wider_than_the_window_of_1366(program: Program, settings: SettingsPage, percent: int) -> None:
    assert program.window is not None
    program.zoom.set_percent(percent)
    program.window.resize(1366, 728)
    for key, *_ in PARTS:
        settings.show_part(key)
        settle()
        room = settings.body_widget.parentWidget()
        assert room is not None
        assert settings.body_widget.minimumSizeHint().width() <= room.width(), key


def test_a_volunteer_sets_only_what_is_his(settings: SettingsPage, program: Program) -> None:
    settings.context.role = DeviceRole.VOLUNTEER
    page = SettingsPage(settings.context, host=program)
    assert list(page.pills) == ["criteria", "users", "backup", "machine", "look"]
    said = [label.text() for label in page.findChildren(QLabel)]
    assert any("do xã đặt" in text for text in said)
    assert not any("do xã đặt" in label.text() for label in settings.findChildren(QLabel))
    page.deleteLater()


def test_the_status_line_leads_to_the_backups(program: Program, settings: SettingsPage) -> None:
    assert program.window is not None
    program.window.backup_clicked.emit()
    assert settings.current_key == "backup"


# -- office ------------------------------------------------------------------------------------------------------


def test_the_office_is_changed_by_one_deed_that_can_be_undone(program: Program, settings: SettingsPage) -> None:
    section = part(settings, "office")
    section.office.set_raw({"signer_name": "Nguyễn Văn Ước", "signer_title": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"})
    section.documents.set_raw({"legal_bases": "Luật số 1\n\n  Nghị định số 2 "})
    section.numbers.set_raw({"number_format": "{sequence:03d}/{code}", "first:citizen": "41"})
    section.codes.set_raw({"code:citizen": "CDHT"})
    settings.action("save").trigger()
    office = load_office(settings.context)
    assert (office.signer_name, office.signer_title) == ("Nguyễn Văn Ước", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH")
    assert office.legal_bases == ("Luật số 1", "Nghị định số 2")
    assert office.first_numbers == {"citizen:2026": 41}
    assert (office.number_format, office.number_codes["citizen"]) == ("{sequence:03d}/{code}", "CDHT")
    assert program.window is not None
    program.window.undo_requested.emit()
    assert load_office(settings.context).signer_name == ""


def test_leaving_a_part_saves_it(settings: SettingsPage) -> None:
    section = part(settings, "office")
    section.office.set_raw({"place": "Hòa Lạc"})
    settings.pills["look"].click()
    assert load_office(settings.context).place == "Hòa Lạc"


def test_what_cannot_be_read_holds_the_part_and_stays_typed(program: Program, settings: SettingsPage) -> None:
    section = part(settings, "office")
    section.office.set_raw({"place": "", "signer_name": "Lê Văn A"})
    section.codes.set_raw({"code:family": "CD"})
    settings.pills["look"].click()
    assert settings.current_key == "office"
    assert settings.pills["office"].isChecked()
    assert section.office.field("place").message == "Cần có mục này."
    assert section.codes.field("code:family").message == "Trùng mã với danh hiệu khác."
    assert section.office.raw()["signer_name"] == "Lê Văn A"
    assert program.window is not None
    program.window.open_page("plain")
    assert program.window.current_page is settings
    section.load()


def test_a_title_that_no_list_has_is_kept(settings: SettingsPage) -> None:
    from dataclasses import replace

    from desktop_app.services.settings import save_office

    save_office(settings.context, replace(load_office(settings.context), signer_title="TRƯỞNG BAN"))
    section = part(settings, "office")
    assert section.office.raw()["signer_title"] == "TRƯỞNG BAN"
    section.office.set_raw({"place": "Phú An 2"})
    assert section.save()
    assert load_office(settings.context).signer_title == "TRƯỞNG BAN"


# -- round ---------------------------------------------------------------------------------------------------------


def test_a_rounds_name_and_days_are_changed(program: Program, settings: SettingsPage) -> None:
    section = part(settings, "round")
    section.round_form.set_raw({"name": "Đợt cuối năm", "ends_on": "30/11/2026"})
    assert section.save()
    (found,) = list_rounds(settings.context)
    assert (found.name, found.ends_on, found.status) == ("Đợt cuối năm", "2026-11-30", RoundStatus.OPEN)
    assert program.window is not None
    assert program.window.navigation._place.text() == "Xã Phú An · Đợt cuối năm"


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("ends_on", "12/2026", "Cần đủ ngày, tháng, năm."),
        ("ends_on", "31/02/2026", "Ngày này không có trong lịch."),
        ("ends_on", "01/01/2025", "Đứng trước ngày bắt đầu."),
        ("name", "", "Cần có mục này."),
    ],
)
def test_a_round_with_impossible_days_is_not_stored(settings: SettingsPage, key: str, text: str, message: str) -> None:
    section = part(settings, "round")
    section.round_form.set_raw({key: text})
    assert not section.save()
    assert section.round_form.field(key).message == message
    assert list_rounds(settings.context)[0].ends_on == "2026-12-31"
    section.load()


def test_an_own_target_stands_in_place_of_the_countrys_and_is_taken_away_by_clearing(settings: SettingsPage) -> None:
    section = part(settings, "round")
    section.target_form.set_raw({"family:": "72,5", "source": "15/KH-UBND"})
    assert section.save()
    own = {item.model: item for item in list_targets(settings.context, 2026) if item.is_own}
    assert own[LearningModel.FAMILY].percent == 72.5
    assert own[LearningModel.FAMILY].source == "15/KH-UBND"
    assert section.target_form.raw()["family:"] == "72,5"
    section.target_form.set_raw({"family:": ""})
    assert section.save()
    assert not any(item.is_own for item in list_targets(settings.context, 2026))


def test_a_target_above_a_hundred_is_refused(settings: SettingsPage) -> None:
    section = part(settings, "round")
    section.target_form.set_raw({"clan:": "120"})
    assert not section.save()
    assert section.target_form.field("clan:").message == "Phải từ 0 đến 100."
    section.load()


def test_the_next_years_round_is_opened_and_both_can_be_looked_at(settings: SettingsPage) -> None:
    section = part(settings, "round")
    section.open_button.click()
    assert [item.year for item in list_rounds(settings.context)] == [2027, 2026]
    assert section.round_form.raw()["name"] == "Đợt 2027"
    section.show_year(2026)
    assert section.round_form.raw()["name"] == "Đợt 2026"


# -- people --------------------------------------------------------------------------------------------------------


def test_somebody_is_added_renamed_and_taken_off_the_list(settings: SettingsPage) -> None:
    section = part(settings, "users")
    section.add_button.click()
    settle()
    focus = QApplication.focusWidget()
    assert focus is not None
    type_text(focus, "Lê Thị Hạnh")
    press(focus, Qt.Key.Key_Return)
    assert [user.name for user in list_users(settings.context)] == ["Cán bộ xã", "Lê Thị Hạnh"]
    section.table.select_row(1)
    section.on_rename(section.user)
    section.pane.form.set_raw({"name": "Lê Thị Hạnh Nhi"})
    assert section.pane.save()
    section.table.select_row(1)
    section.on_remove(section.user)
    assert "Lê Thị Hạnh Nhi" in section.ask_bar.question
    section.ask_bar.buttons[0].click()
    assert [user.name for user in list_users(settings.context)] == ["Cán bộ xã"]


def test_a_name_that_is_taken_is_said_beside_the_field(settings: SettingsPage) -> None:
    section = part(settings, "users")
    section.on_add()
    section.pane.form.set_raw({"name": "cán bộ xã"})
    assert not section.pane.save()
    assert "Đã có" in section.pane.form.field("name").message
    section.pane.close_form()


def test_switching_here_puts_the_name_at_the_foot(program: Program, settings: SettingsPage) -> None:
    section = part(settings, "users")
    section.on_add()
    section.pane.form.set_raw({"name": "Lê Thị Hạnh"})
    section.pane.save()
    section.table.select_row(1)
    section.on_switch(section.user)
    assert program.window is not None
    assert program.window.navigation.user_item.text() == "Lê Thị Hạnh"
    assert section.user.is_current


def test_a_pin_is_set_typed_twice_and_changed_only_with_the_old_one(settings: SettingsPage) -> None:
    def current() -> Any:
        return next(user for user in list_users(settings.context) if user.is_current)

    def dialog(**raw: str) -> pin_dialog.NewPinDialog:
        made = pin_dialog.NewPinDialog(settings, settings.context, current())
        made.form.set_raw(raw)
        return made

    differing = dialog(pin="2468", again="2469")
    differing.save()
    assert differing.form.field("again").message == "Hai lần gõ không giống nhau."
    short = dialog(pin="12", again="12")
    short.save()
    assert short.form.field("pin").message == "Mã PIN có 4 đến 8 chữ số."
    assert not current().has_pin
    dialog(pin="2468", again="2468").save()
    assert current().has_pin
    wrong = dialog(old="1111", pin="1357", again="1357")
    wrong.save()
    assert "chưa đúng" in wrong.form.field("old").message
    gone = dialog(old="2468")
    gone.drop()
    assert not current().has_pin


def test_after_wrong_pins_the_dialog_says_how_long_to_wait(settings: SettingsPage) -> None:
    uid = list_users(settings.context)[0].uid
    set_pin(settings.context, uid, "2468")
    dialog = pin_dialog.PinDialog(settings, settings.context, list_users(settings.context)[0])
    for _ in range(3):
        dialog.form.set_raw({"pin": "0000"})
        dialog.enter()
    assert dialog.form.field("pin").message == "Mã PIN chưa đúng. Hãy đợi 2 giây rồi thử lại."
    assert dialog.result() == 0


# -- backups -------------------------------------------------------------------------------------------------------


def test_a_backup_is_made_now_and_stands_in_the_list(program: Program, settings: SettingsPage, register: Path) -> None:
    section = part(settings, "backup")
    section.now_button.click()
    finish_tasks(program)
    assert len(list_backups(register)) == 1
    assert section.pane.preview is not None
    assert section.pane.preview.lost_operations == 0
    assert program.window is not None
    assert "hôm nay" in program.window.status.backup_button.text()


def test_a_backup_goes_to_a_chosen_file_and_to_a_stick(
    program: Program, settings: SettingsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "USB1"
    stick.mkdir()
    plug_in(monkeypatch, Drive(stick, "USB1", 10**9))
    out = tmp_path / "ra.db"
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *a, **k: out)
    section = part(settings, "backup")
    section.on_file()
    finish_tasks(program)
    section._on_stick(Drive(stick, "USB1", 10**9))
    finish_tasks(program)
    assert out.exists()
    assert len(list((stick / "SoHocTap").iterdir())) == 1
    assert any(row.place == "USB USB1" for row in section.pane.table.view.model()._source._rows)


def test_restoring_from_the_list_asks_with_what_would_be_lost_and_reopens(
    program: Program, settings: SettingsPage, register: Path
) -> None:
    from tests.factories import add_household

    section = part(settings, "backup")
    section.now_button.click()
    finish_tasks(program)
    add_household(settings.context, "02-0001", hamlet="Thôn 2", members=("Lê Thị Hạnh",))
    section.load()
    finish_tasks(program)
    section.restore_ask = section.pane.ask()
    assert "sẽ mất 1 thay đổi" in section.pane.confirm.question_label.text()
    assert section.pane.confirm.no_button.hasFocus()
    section.pane.confirm.yes_button.click()
    finish_tasks(program)
    assert program.session is not None
    assert program.window is not None
    assert program.window.current_key == "plain", "not the settings, where the restoring was asked for"
    with program.session.context.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM household").scalar() == 1
    assert [item.kind.value for item in list_backups(register)].count("truoc-khoi-phuc") == 1


def test_a_damaged_file_is_refused_in_the_panel_and_cannot_be_restored(
    program: Program, settings: SettingsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = part(settings, "backup")
    section.now_button.click()
    finish_tasks(program)
    bad = tmp_path / "hỏng.db"
    bad.write_bytes(list_backups(settings.context.folder)[0].path.read_bytes())
    faults.truncate(bad, 0.5)
    monkeypatch.setattr(dialogs, "ask_open_files", lambda *a, **k: [bad])
    section.pane.choose_file()
    finish_tasks(program)
    assert section.pane.preview is None
    assert not section.pane.restore_button.isEnabled()
    assert section.pane._asked == bad


def test_a_backup_that_fails_is_said_on_the_page(
    program: Program, settings: SettingsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = part(settings, "backup")
    monkeypatch.setattr("desktop_app.services.safety.backup.free_bytes", lambda path: 10)
    section.on_now()
    finish_tasks(program)
    assert "không đủ chỗ" in texts_of(settings)
    monkeypatch.undo()


# -- machine and look ------------------------------------------------------------------------------------------------


def test_the_machine_gets_another_name(settings: SettingsPage) -> None:
    section = part(settings, "machine")
    section.form.set_raw({"name": "Máy phòng văn hóa"})
    assert section.save()
    assert load_identity(settings.context.folder).name == "Máy phòng văn hóa"


def test_the_doctor_shows_each_check_and_stands_on_the_first_that_failed(
    program: Program, settings: SettingsPage
) -> None:
    section = part(settings, "machine")
    section.check_button.click()
    finish_tasks(program)
    assert section.verdict.text() == "Mọi mục đều tốt."
    faults.execute(settings.context.database.path, "UPDATE operation SET at = at + 1 WHERE id = 2")
    section.check_button.click()
    finish_tasks(program)
    assert section.verdict.text() == "1 mục cần xem: Chuỗi nhật ký."
    assert section.table.current().name == "journal"
    assert "sửa tay" in section.detail.text()
    faults.execute(settings.context.database.path, "UPDATE operation SET at = at - 1 WHERE id = 2")


def test_columns_remembered_of_imports_are_listed_and_forgotten(settings: SettingsPage) -> None:
    context = settings.context
    stored = {
        shape: {"fields": ["ignore", "ignore"], "headings": ["Họ tên", shape], "used": day, "header_rows": None}
        for shape, day in (("Ngày sinh", "2026-03-01"), ("Ghi chú thôn", "2026-05-02"), ("SĐT", "2026-01-09"))
    }
    set_local(context, remembered.SETTING, stored)
    card = part(settings, "machine").columns
    rows = [card.table.paged.row_at(row) for row in range(card.table.paged.rowCount())]
    assert [row.day for row in rows] == ["02/05/2026", "01/03/2026", "09/01/2026"]
    card.table.select_row(1)
    card.forget_button.click()
    assert set(remembered.remembered(context)) == {"Ghi chú thôn", "SĐT"}
    card.all_button.click()
    assert remembered.remembered(context) == {}
    assert card.table.isHidden()
    assert not card.nothing_label.isHidden()
    assert card.said_label.text() == "Đã quên 2 danh sách."


def test_the_look_changes_at_once(program: Program, settings: SettingsPage) -> None:
    section = part(settings, "look")
    section.steps[125].click()
    assert theme.percent() == 125
    section.contrast.click()
    assert theme.look().is_contrast
    assert program.remembered.get("contrast", False)
    program.zoom.zoom_in()
    assert section.steps[150].isChecked()


def test_closing_with_a_typed_setting_saves_it(program: Program, settings: SettingsPage, register: Path) -> None:
    from desktop_app.services.register import open_register
    from tests.ui.safety.conftest import shut

    part(settings, "office").office.set_raw({"signer_name": "Trần Thị Ánh"})
    shut(program)
    context = open_register(register)
    assert load_office(context).signer_name == "Trần Thị Ánh"
    context.close()


def test_times_near_now_are_said_in_few_words() -> None:
    from desktop_app.ui.safety.facts import when_text

    now = dt.datetime(2026, 11, 12, 14, 0)
    assert when_text(dt.datetime(2026, 11, 12, 11, 40), now) == "hôm nay 11:40"
    assert when_text(dt.datetime(2026, 11, 11, 23, 59), now) == "hôm qua 23:59"
    assert when_text(dt.datetime(2026, 1, 3, 9, 12), now) == "03/01 09:12"
    assert when_text(dt.datetime(2025, 12, 31, 9, 12), now) == "31/12/2025"
