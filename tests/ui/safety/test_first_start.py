"""The first start: what the machine is for, an office or a volunteer set up, the sample, a backup brought back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.app import Program
from desktop_app.models.types import DeviceRole
from desktop_app.services.register import home_commune
from desktop_app.services.registry.users import list_users
from desktop_app.services.safety.backup import make_backup
from desktop_app.services.settings import load_office
from desktop_app.ui.safety.office_page import OfficePage
from desktop_app.ui.safety.restore_page import RestorePage
from desktop_app.ui.safety.start_page import StartPage
from desktop_app.ui.safety.volunteer_page import VolunteerPage
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.widgets.form_spec import Unchosen
from tests.factories import add_household, make_register
from tests.ui.conftest import press, type_text
from tests.ui.safety.conftest import (
    PlainPage,
    Start,
    finish_tasks,
    focused,
    households,
    page_of,
    settle,
)


def test_a_first_start_asks_what_the_machine_is_for_and_writes_no_register(folder: Path, start: Start) -> None:
    program = start()
    assert isinstance(page_of(program), StartPage)
    assert program.window is not None
    assert not program.window.navigation.isVisible()
    assert not (folder / "sohoctap.db").exists()


def test_a_province_is_chosen_while_the_commune_is_half_typed(folder: Path, start: Start) -> None:
    program = start()
    press(focused(), Qt.Key.Key_Return)
    settle()
    page = page_of(program)
    assert isinstance(page, OfficePage)
    page.commune.set_raw({"commune": Unchosen("phú an")})
    page._on_commune_changed("province")
    assert page.commune.raw()["commune"] == Unchosen("phú an")


def test_the_office_is_set_up_by_keyboard_alone(folder: Path, start: Start) -> None:
    program = start()
    press(focused(), Qt.Key.Key_Return)
    settle()
    page = page_of(program)
    assert isinstance(page, OfficePage)
    press(focused(), Qt.Key.Key_Return)
    type_text(focused(), "phú an an giang")
    press(focused(), Qt.Key.Key_Down)
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
