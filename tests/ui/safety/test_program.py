"""The program as a whole: first start, opening, closing with a backup, troubles with their way out, several people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.app import Program
from desktop_app.models.types import DeviceRole
from desktop_app.services.register import home_commune, open_register
from desktop_app.services.registry.users import add_user, list_users, set_pin, switch_user
from desktop_app.services.safety.backup import list_backups, make_backup
from desktop_app.services.safety.sticks import Drive
from desktop_app.services.settings import load_office
from desktop_app.ui import theme
from desktop_app.ui.safety.office_page import OfficePage
from desktop_app.ui.safety.restore_page import RestorePage
from desktop_app.ui.safety.start_page import StartPage
from desktop_app.ui.safety.trouble_page import TroublePage
from desktop_app.ui.safety.volunteer_page import VolunteerPage
from desktop_app.ui.safety.who_page import WhoPage
from desktop_app.ui.widgets import dialogs
from tests.factories import add_household, make_register
from tests.services.safety import faults
from tests.ui.conftest import press, type_text
from tests.ui.safety.conftest import PlainPage, finish_tasks, plug_in, settle, shut

Start = Callable[[], Program]


def page_of(program: Program) -> Any:
    assert program.window is not None
    return program.window.current_page


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def toast(program: Program) -> str:
    assert program.window is not None
    return program.window._toast.text_label.text()


def households(program: Program) -> int:
    assert program.session is not None
    with program.session.context.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM household WHERE present").scalar() or 0)


# -- first start -----------------------------------------------------------------------------------------------


def test_a_first_start_asks_what_the_machine_is_for_and_writes_no_register(folder: Path, start: Start) -> None:
    program = start()
    assert isinstance(page_of(program), StartPage)
    assert program.window is not None
    assert not program.window.navigation.isVisible()
    assert not (folder / "sohoctap.db").exists()


def test_the_office_is_set_up_by_keyboard_alone(folder: Path, start: Start) -> None:
    program = start()
    press(focused(), Qt.Key.Key_Return)
    settle()
    page = page_of(program)
    assert isinstance(page, OfficePage)
    press(focused(), Qt.Key.Key_Return)
    type_text(focused(), "phú an an giang")
    press(focused(), Qt.Key.Key_Return)
    press(focused(), Qt.Key.Key_Return)
    assert page.commune.raw()["commune"] == "30436"
    press(focused(), Qt.Key.Key_Return)
    assert page.steps.current == 1
    type_text(focused(), "Thôn 1-3")
    press(focused(), Qt.Key.Key_Return, "\n")
    type_text(focused(), "Ấp Bình Hòa")
    page.action("setup.next").trigger()
    assert page.office.raw()["office_name"] == "Ủy ban nhân dân xã Phú An"
    for _ in range(4):
        press(focused(), Qt.Key.Key_Return)
    assert page.steps.current == 3
    type_text(focused(), "Lê Thị Hạnh")
    for _ in range(3):
        press(focused(), Qt.Key.Key_Return)
    finish_tasks(program)
    assert isinstance(page_of(program), PlainPage)
    assert program.session is not None
    context = program.session.context
    assert home_commune(context)["name"] == "Xã Phú An"
    assert [user.name for user in list_users(context)] == ["Lê Thị Hạnh"]
    assert load_office(context).place == "Phú An"
    with context.read() as connection:
        names = connection.exec_driver_sql("SELECT name FROM hamlet ORDER BY id").scalars().all()
    assert names == ["Thôn 1", "Thôn 2", "Thôn 3", "Ấp Bình Hòa"]
    assert program.window is not None
    assert program.window.navigation._place.text() == f"Xã Phú An · Đợt {dt.date.today().year}"
    assert program.window.navigation.user_item.text() == "Lê Thị Hạnh"


def test_a_step_that_lacks_something_holds_and_going_back_keeps_what_was_typed(start: Start) -> None:
    program = start()
    page_of(program).office.chosen.emit()
    page = page_of(program)
    page.go_on()
    assert page.steps.current == 0
    assert page.commune.field("commune").message == "Cần có mục này."
    page.commune.set_raw({"commune": "30436"})
    page.go_on()
    page.hamlets.editor.setPlainText("Thôn 7")
    page.go_on()
    page.office.set_raw({"place": "Hòa Lạc"})
    page.go_to(0)
    page.commune.set_raw({"commune": "00070"})
    page.go_on()
    page.go_on()
    assert page.hamlets.names == ("Thôn 7",)
    assert page.office.raw()["office_name"] == "Ủy ban nhân dân phường Hoàn Kiếm"
    assert page.office.raw()["place"] == "Hòa Lạc"


def test_choosing_a_province_narrows_the_communes_and_drops_one_of_another(start: Start) -> None:
    program = start()
    page_of(program).office.chosen.emit()
    page = page_of(program)
    page.commune.set_raw({"commune": "30436"})
    page.commune.set_raw({"province": "01"})
    assert page.commune.raw()["commune"] is None
    found = page.commune.spec.field("commune").find("")
    assert found
    assert all("," not in words for _, words in found)


def test_doubled_hamlets_are_noticed_while_typing(start: Start) -> None:
    program = start()
    page_of(program).office.chosen.emit()
    step = page_of(program).hamlets
    step.editor.setPlainText("Thôn 1\nthôn 01\nTDP số 2")
    step.show_reading()
    assert step.count_label.text() == "Sẽ lập 2 thôn, tổ"
    assert "trùng" in step.notes_label.text()


def test_a_register_that_cannot_be_made_leaves_the_form_as_it_was(
    folder: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.services import register as registers
    from desktop_app.services.errors import EnvironmentProblem

    def fail(*_: object) -> None:
        raise EnvironmentProblem("Ổ đĩa đã đầy nên chưa lập được sổ.", code="database.full")

    monkeypatch.setattr(registers, "create_register", fail)
    program = start()
    page_of(program).office.chosen.emit()
    page = page_of(program)
    page.commune.set_raw({"commune": "30436"})
    for _ in range(3):
        page.go_on()
    page.people.set_raw({"user_name": "Lê Thị Hạnh"})
    page.go_on()
    finish_tasks(program)
    assert page_of(program) is page
    assert page.banner.text_label.text() == "Ổ đĩa đã đầy nên chưa lập được sổ."
    assert page.people.raw()["user_name"] == "Lê Thị Hạnh"
    assert page.next_button.isEnabled()


def test_a_volunteers_machine_is_introduced_and_takes_in_its_assignment(
    folder: Path, tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.services.sync.devices import export_device, read_device_file, trust
    from desktop_app.services.sync.writer import create_package

    program = start()
    page_of(program).volunteer.chosen.emit()
    page = page_of(program)
    assert isinstance(page, VolunteerPage)
    page.form.set_raw({"user_name": "Trần Thị Lan", "device_name": "Máy thôn 3"})
    card_file, package = tmp_path / "gioi-thieu.json", tmp_path / "giao-viec.sht"
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *a, **k: card_file)
    page.on_export()
    card = read_device_file(card_file)
    assert card.name == "Máy thôn 3"
    assert page.code_label.text().replace(" ", "") == card.code

    office = make_register(tmp_path / "office")
    add_household(office, members=("Nguyễn Văn Ước",))
    trust(office.folder, office, card_file, card.code)
    create_package(office, package, to=card.uid, is_snapshot=True)
    office.close()
    export_device(tmp_path / "office", tmp_path / "office.json", DeviceRole.OFFICE)

    monkeypatch.setattr(dialogs, "ask_open_files", lambda *a, **k: [package])
    page.on_take_in()
    finish_tasks(program)
    assert isinstance(page_of(program), PlainPage)
    assert households(program) == 1
    assert program.session is not None
    assert program.session.context.role is DeviceRole.VOLUNTEER
    assert program.window is not None
    assert program.window.navigation.user_item.text() == "Trần Thị Lan"


def test_a_file_that_is_no_assignment_is_refused_in_words(tmp_path: Path, start: Start) -> None:
    program = start()
    page_of(program).volunteer.chosen.emit()
    page = page_of(program)
    page.form.set_raw({"user_name": "Lan", "device_name": "Máy"})
    bad = tmp_path / "bad.sht"
    bad.write_bytes(b"no package" * 100)
    page.take_in(bad)
    finish_tasks(program)
    assert page.banner is not None
    assert "bad.sht" in page.banner.text_label.text()
    assert page.take_button.isEnabled()


def test_the_sample_commune_opens_by_one_choice_in_a_frame_of_its_own_and_is_left_again(
    folder: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.services import demo

    monkeypatch.setattr(demo, "create_sample", lambda target, progress: make_register(target))
    program = start()
    page_of(program).sample.chosen.emit()
    finish_tasks(program)
    assert program.is_sample
    assert program.window is not None
    assert program.window._training.isVisible()
    assert (folder / "xa-mau" / "sohoctap.db").exists()
    assert not (folder / "sohoctap.db").exists()
    program.leave_sample()
    settle()
    assert isinstance(page_of(program), StartPage)
    page_of(program).sample.chosen.emit()
    settle()
    assert isinstance(page_of(program), PlainPage)


def test_a_new_machine_restores_from_a_file_at_the_first_start(
    folder: Path, tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_register(tmp_path / "old")
    add_household(old)
    backup = make_backup(old).path
    old.close()
    program = start()
    page_of(program).restore.chosen.emit()
    page = page_of(program)
    assert isinstance(page, RestorePage)
    monkeypatch.setattr(dialogs, "ask_open_files", lambda *a, **k: [backup])
    page.pane.choose_file()
    finish_tasks(program)
    assert page.pane.preview is not None
    page.pane.ask()
    assert "1 hộ" in page.pane.confirm.question_label.text()
    page.pane.confirm.yes_button.click()
    finish_tasks(program)
    assert households(program) == 1


def test_going_back_while_a_backup_is_being_read_does_no_harm(program: Program, tmp_path: Path, folder: Path) -> None:
    assert program.session is not None
    backup = make_backup(program.session.context).path
    page = RestorePage(program)
    assert program.window is not None
    program.window.push(page)
    page.pane.add_file(backup)
    program.window.pop()
    finish_tasks(program)
    assert isinstance(page_of(program), PlainPage)


# -- opening and closing -----------------------------------------------------------------------------------------


def test_opening_shows_place_person_and_backup(program: Program, qtbot: QtBot) -> None:
    window = program.window
    assert window is not None
    assert window.navigation._place.text() == "Xã Phú An · Đợt 2026"
    assert window.navigation.user_item.text() == "Cán bộ xã"
    qtbot.waitUntil(lambda: "chưa có" in window.status.backup_button.text())


def test_every_deed_says_when_it_was_saved_and_reaches_pages_behind(program: Program) -> None:
    window = program.window
    assert window is not None
    assert program.session is not None
    window.open_page("settings")
    plain = window.page("plain")
    assert isinstance(plain, PlainPage)
    add_household(program.session.context, "02-0001", hamlet="Thôn 2")
    settle()
    assert window.status.saved_label.text().startswith("Đã lưu ")
    assert any("household" in kinds for kinds in plain.heard)


def test_the_page_in_front_is_not_read_again_for_its_own_deed(program: Program) -> None:
    assert program.session is not None
    plain = page_of(program)
    add_household(program.session.context, "02-0001", hamlet="Thôn 2")
    settle()
    assert plain.heard == []


def test_closing_makes_a_verified_backup_of_what_is_new_and_none_of_nothing(register: Path, start: Start) -> None:
    program = start()
    shut(program)
    assert len(list_backups(register)) == 1
    again = start()
    shut(again)
    assert len(list_backups(register)) == 1
    third = start()
    assert third.session is not None
    add_household(third.session.context, "02-0001", hamlet="Thôn 2")
    shut(third)
    assert len(list_backups(register)) == 2


def test_a_backup_that_fails_at_closing_is_told_and_the_program_closes(
    program: Program, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(dialogs, "tell", lambda parent, title, sentence, **k: told.append(sentence))
    monkeypatch.setattr("desktop_app.services.safety.backup.free_bytes", lambda path: 10)
    shut(program)
    assert "không đủ chỗ" in told[0]
    assert list_backups(register) == ()


def test_a_page_that_holds_something_keeps_the_window_open(program: Program) -> None:
    PlainPage.held = True
    assert program.window is not None
    assert not program.window.close()
    assert program.session is not None
    assert not program.is_finished


def test_a_second_window_is_refused_in_words(
    program: Program, qapp: QApplication, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(dialogs, "tell", lambda parent, title, sentence, **k: told.append(sentence))
    assert not Program(qapp, register).start()
    assert "đang mở rồi" in told[0]


def test_size_contrast_and_place_are_there_at_the_next_start(register: Path, start: Start) -> None:
    program = start()
    program.zoom.set_percent(150)
    program.set_contrast(True)
    shut(program)
    theme.apply(program.app, percent=100, contrast=False)
    again = start()
    assert theme.percent() == 150
    assert again.is_contrast
    assert again.window is not None
    assert "150" in again.window.status.zoom_button.text()


def test_a_damaged_memory_of_the_window_is_no_trouble(register: Path, start: Start) -> None:
    (register / "window.json").write_text('{"zoom": "large", "place": 7, "state": []}', encoding="utf-8")
    assert start().zoom.percent == 100


def test_ctrl_z_takes_the_newest_deed_back_and_says_which(program: Program) -> None:
    assert program.session is not None
    add_household(program.session.context, "02-0001", hamlet="Thôn 2")
    before = households(program)
    assert program.window is not None
    program.window.undo_requested.emit()
    assert households(program) == before - 1
    assert toast(program).startswith("Đã hoàn tác: Thêm hộ")


def test_ctrl_z_with_nothing_to_take_back_says_so(folder: Path, start: Start) -> None:
    make_register(folder).close()
    program = start()
    assert program.window is not None
    program.window.undo_requested.emit()
    assert toast(program) == "Không còn việc nào để hoàn tác."


def test_the_search_over_everything_finds_people_and_opens_their_page(program: Program) -> None:
    assert program.session is not None
    hits = program.session._find("uoc")
    assert [(hit.text, hit.page_key) for hit in hits] == [("Nguyễn Văn Ước", "citizens")]
    assert "Thôn 1" in hits[0].detail


# -- backups while working -----------------------------------------------------------------------------------------


def test_the_daily_backup_is_made_quietly_once_a_day(program: Program, register: Path) -> None:
    session = program.session
    assert session is not None
    session.look_around()
    finish_tasks(program)
    assert len(list_backups(register)) == 1
    assert program.window is not None
    assert "hôm nay" in program.window.status.backup_button.text()
    add_household(session.context, "02-0001", hamlet="Thôn 2")
    session.look_around()
    finish_tasks(program)
    assert len(list_backups(register)) == 1


def test_a_daily_backup_that_fails_is_seen_on_the_page(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.services.safety.backup.free_bytes", lambda path: 10)
    assert program.session is not None
    program.session.look_around()
    finish_tasks(program)
    assert "không đủ chỗ" in page_of(program).banner.text_label.text()
    monkeypatch.undo()


def test_a_stick_that_is_put_in_is_offered_once_and_gets_its_backup(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = program.session
    assert session is not None
    make_backup(session.context)
    stick = tmp_path / "KINGSTON"
    stick.mkdir()
    plug_in(monkeypatch, Drive(stick, "KINGSTON", 10**9))
    session.look_around()
    banner = page_of(program).banner
    assert "KINGSTON" in banner.text_label.text()
    banner.button.click()
    finish_tasks(program)
    assert len(list((stick / "SoHocTap").glob("xa-phu-an-*.db"))) == 1
    assert "KINGSTON" in toast(program)
    session.look_around()
    assert page_of(program).banner is None


def test_a_banner_of_the_page_is_not_pushed_aside_by_a_stick(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = program.session
    assert session is not None
    make_backup(session.context)
    plug_in(monkeypatch, Drive(tmp_path, "KINGSTON", 10**9))
    page_of(program).show_banner("Bảng dùng phông .VnTime", "attention")
    session.look_around()
    assert page_of(program).banner.text_label.text() == "Bảng dùng phông .VnTime"


# -- troubles at opening -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: faults.truncate(path, 0.5), "bị hỏng"),
        (lambda path: faults.execute(path, "UPDATE alembic_version SET version_num = '9999'"), "mới hơn"),
        (lambda path: faults.execute(path, "DROP TABLE alembic_version"), "không phải sổ của chương trình"),
    ],
    ids=["damaged", "newer", "foreign"],
)
def test_a_register_that_does_not_open_says_why_and_is_restored_from_the_window(
    register: Path, start: Start, harm: Callable[[Path], object], words: str
) -> None:
    context = open_register(register)
    make_backup(context)
    context.close()
    harm(register / "sohoctap.db")
    program = start()
    settle()
    finish_tasks(program)
    page = page_of(program)
    assert isinstance(page, TroublePage)
    assert words in page.message.text_label.text()
    assert page.pane.preview is not None
    page.pane.ask()
    page.pane.confirm.yes_button.click()
    finish_tasks(program)
    assert isinstance(page_of(program), PlainPage)
    assert households(program) == 1
    assert toast(program).startswith("Đã khôi phục sổ từ ")
    said = page_of(program).banner
    assert said is not None
    assert "Đã khôi phục sổ từ" in said.text_label.text()


def test_a_locked_register_is_opened_by_trying_again(
    register: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.models.database.BUSY_TIMEOUT", 60)
    with faults.sole_user(register / "sohoctap.db"):
        program = start()
        settle()
        page = page_of(program)
        assert isinstance(page, TroublePage)
        assert "một chương trình khác giữ" in page.message.text_label.text()
        assert focused() is page.retry_button
    page.retry_button.click()
    settle()
    assert isinstance(page_of(program), PlainPage)


def test_closing_a_window_of_trouble_leaves_the_file_alone(register: Path, start: Start) -> None:
    path = register / "sohoctap.db"
    faults.truncate(path, 0.5)
    before = path.read_bytes()
    program = start()
    settle()
    shut(program)
    assert path.read_bytes() == before


# -- several people --------------------------------------------------------------------------------------------------


def with_pin(folder: Path) -> None:
    context = open_register(folder)
    uid = add_user(context, "Phạm Đức Thắng").uid
    assert uid is not None
    set_pin(context, uid, "2468")
    switch_user(context, uid, "2468")
    context.close()


def test_people_take_turns_by_the_menu_at_the_foot(program: Program) -> None:
    from desktop_app.ui.safety.user_menu import UserMenu

    assert program.session is not None
    assert program.window is not None
    add_user(program.session.context, "Lê Thị Hạnh")
    menu = UserMenu(program.session.context, program, program.window)
    other = next(action for action in menu.actions() if action.text() == "Lê Thị Hạnh")
    other.trigger()
    assert program.window.navigation.user_item.text() == "Lê Thị Hạnh"
    add_household(program.session.context, "02-0001", hamlet="Thôn 2")
    with program.session.context.read() as connection:
        author = connection.exec_driver_sql(
            "SELECT u.name FROM operation o JOIN user u ON u.uid = o.author ORDER BY o.id DESC LIMIT 1"
        ).scalar()
    assert author == "Lê Thị Hạnh"


def test_a_person_with_a_pin_is_let_in_by_it_and_nothing_is_shown_before(
    register: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.ui.safety import pin_dialog

    with_pin(register)
    program = start()
    settle()
    page = page_of(program)
    assert isinstance(page, WhoPage)
    assert program.session is None
    tried: list[str] = []

    def work(dialog: pin_dialog.PinDialog) -> int:
        for pin in ("1357", "2468"):
            dialog.form.set_raw({"pin": pin})
            dialog.enter()
            tried.append(dialog.form.field("pin").message)
        return dialog.result()

    monkeypatch.setattr(pin_dialog.PinDialog, "exec", work)
    press(focused(), Qt.Key.Key_Return)
    settle()
    assert tried[0] == "Mã PIN chưa đúng. Hãy gõ lại."
    assert isinstance(page_of(program), PlainPage)
    assert program.window is not None
    assert program.window.navigation.user_item.text() == "Phạm Đức Thắng"


def test_who_forgot_the_pin_works_by_a_new_name_and_the_journal_says_so(
    register: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.ui.safety import who_page

    with_pin(register)
    program = start()
    settle()
    said: list[str] = []

    def work(dialog: who_page.NewNameDialog) -> int:
        for name in ("phạm đức thắng", "Lê Thị Hạnh"):
            dialog.form.set_raw({"name": name})
            dialog.save()
            said.append(dialog.form.field("name").message)
        return dialog.result()

    monkeypatch.setattr(who_page.NewNameDialog, "exec", work)
    page_of(program).other.chosen.emit()
    settle()
    assert "Đã có" in said[0]
    assert program.session is not None
    context = program.session.context
    assert next(user.name for user in list_users(context) if user.is_current) == "Lê Thị Hạnh"


def test_closing_at_the_question_of_the_pin_closes_the_register(register: Path, start: Start) -> None:
    with_pin(register)
    program = start()
    settle()
    shut(program)
    open_register(register).close()
