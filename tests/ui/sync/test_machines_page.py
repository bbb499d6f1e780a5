"""Trust is given by a person who compares eight digits; a trusted machine is set up from its package."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.models.types import DeviceRole
from desktop_app.services.errors import UserError
from desktop_app.services.sync.codes import confirm_code
from desktop_app.services.sync.devices import export_device
from desktop_app.services.sync.receive import receive_register
from desktop_app.services.sync.status import exchange_state
from desktop_app.ui.sync.texts import spaced_code
from desktop_app.ui.sync.trust_dialog import TrustDialog
from tests.factories import make_register
from tests.services.sync.machines import register_state


@pytest.fixture
def office(tmp_path: Path):
    made = make_register(tmp_path / "office")
    yield made
    made.close()


def test_this_machines_code_stands_on_the_page_as_it_is_read_aloud(office, open_window) -> None:
    page = open_window(office)
    code = exchange_state(office).me.code
    assert page.machines.code.text() == f"{code[:4]} {code[4:]}" == spaced_code(code)


def test_a_machine_is_trusted_with_its_code_and_set_up_from_its_package(
    office, open_window, key, chosen, answers, tmp_path: Path
) -> None:
    card = export_device(tmp_path / "new", tmp_path / "new.json")
    page = open_window(office)

    def type_code(dialog: TrustDialog) -> bool:
        dialog.field.setText("1111 1111")
        assert not dialog.yes.isEnabled() and dialog.hint.text()
        dialog.field.setText(spaced_code(card.code))
        assert dialog.yes.isEnabled()
        return True

    answers += [type_code, lambda _dialog: True]
    chosen.append(tmp_path / "new.json")
    key(page, Qt.Key.Key_T)
    row = page.machines.current()
    assert row is not None and row.peer.card.uid == card.uid and row.peer.is_code_compared
    chosen.append(tmp_path / "giao viec.sht")
    key(page, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    made = receive_register(tmp_path / "new", tmp_path / "giao viec.sht", user_name="Võ Thị Mai")
    assert made.role is DeviceRole.VOLUNTEER
    assert register_state(made).keys() >= register_state(office).keys()
    made.close()


def test_trust_without_comparing_is_said_and_made_good_later(
    office, open_window, key, chosen, answers, tmp_path: Path
) -> None:
    card = export_device(tmp_path / "new", tmp_path / "new.json")
    page = open_window(office)
    answers.append(lambda _dialog: True)
    chosen.append(tmp_path / "new.json")
    key(page, Qt.Key.Key_T)
    row = page.machines.current()
    assert row is not None and not row.peer.is_code_compared

    def type_code(dialog: TrustDialog) -> bool:
        assert dialog.skip is None
        dialog.field.setText(card.code)
        return True

    answers.append(type_code)
    key(page, Qt.Key.Key_M)
    row = page.machines.current()
    assert row is not None and row.peer.is_code_compared


def test_a_refused_machine_is_not_trusted(office, open_window, key, chosen, answers, tmp_path: Path) -> None:
    export_device(tmp_path / "new", tmp_path / "new.json")
    page = open_window(office)
    answers.append(lambda _dialog: False)
    chosen.append(tmp_path / "new.json")
    key(page, Qt.Key.Key_T)
    assert page.machines.current() is None


def test_its_own_file_and_a_foreign_file_are_refused_in_words(office, open_window, tmp_path: Path) -> None:
    page = open_window(office)
    export_device(office.folder, tmp_path / "own.json", office.role)
    page.introduce(tmp_path / "own.json")
    assert page.banner is not None and "chính máy này" in page.banner.text_label.text()
    (tmp_path / "la.json").write_text("{}", encoding="utf-8")
    page.introduce(tmp_path / "la.json")
    assert "la.json" in page.banner.text_label.text()


def test_the_device_file_is_written_and_the_code_is_to_be_read(
    office, open_window, key, chosen, tmp_path: Path
) -> None:
    page = open_window(office)
    chosen.append(tmp_path / "may.json")
    key(page, Qt.Key.Key_E)
    assert (tmp_path / "may.json").is_file()
    assert page.banner is not None
    assert spaced_code(exchange_state(office).me.code) in page.banner.text_label.text()


def test_a_volunteer_cannot_trust_others_nor_assign_work(star, open_window, key) -> None:
    _, volunteer = star
    page = open_window(volunteer)
    assert not page.machines.trust_button.isVisibleTo(page)
    assert not page.machines.assign_button.isVisibleTo(page)
    key(page, Qt.Key.Key_T)
    assert page.banner is not None and "máy của xã" in page.banner.text_label.text()
    row = page.machines.current()
    assert row is not None and row.peer.is_office


def test_a_wrong_code_is_refused_by_the_service(star) -> None:
    office, volunteer = star
    with pytest.raises(UserError) as refused:
        confirm_code(volunteer, office.device, "00000000")
    assert refused.value.code == "device.code"
