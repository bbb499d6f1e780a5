"""The program as a whole: opening, every deed saved, closing with a backup, undo, the search, sticks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.app import Program
from desktop_app.models.journal.steps import WRITING
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.safety.backup import list_backups, make_backup
from desktop_app.services.safety.sticks import Drive
from desktop_app.services.sync.devices import export_device, trust
from desktop_app.services.sync.status import exchange_state
from desktop_app.ui import theme
from desktop_app.ui.safety import session
from desktop_app.ui.safety.remembered import Remembered
from desktop_app.ui.widgets import dialogs
from tests.factories import add_household, make_register
from tests.ui.safety.conftest import (
    PlainPage,
    Start,
    finish_tasks,
    households,
    page_of,
    plug_in,
    settle,
    shut,
    toast,
)


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


def test_what_other_machines_do_not_have_follows_the_work(
    program: Program, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert program.session is not None and program.window is not None
    status, context = program.window.status, program.session.context
    monkeypatch.setattr(program.session, "_show_exchange", lambda: None)
    program.session._timer.stop()
    other = make_register(tmp_path / "other")
    export_device(other.folder, tmp_path / "may.json")
    other.close()
    trust(context.folder, context, tmp_path / "may.json")
    for code in ("02-0001", "02-0002"):
        before = exchange_state(context).unsent
        add_household(context, code, hamlet="Thôn 2")
        after = exchange_state(context).unsent
        assert after > before
        qtbot.waitUntil(lambda after=after: status.unsent_button.text() == f"Chưa gửi: {after} thay đổi")


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


def test_ctrl_z_takes_a_great_deed_back_in_a_worker(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    assert program.session is not None and program.window is not None
    add_household(program.session.context, "02-0001", hamlet="Thôn 2")
    before = households(program)
    monkeypatch.setattr(session, "MANY", 0)
    program.window.undo_requested.emit()
    assert program.window.tasks.is_busy
    assert program.window.tasks.wait_all()
    assert households(program) == before - 1
    assert toast(program).startswith("Đã hoàn tác: Thêm hộ")


def test_a_great_deed_whose_taking_back_was_stopped_stands_and_can_be_taken_back_again(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert program.session is not None and program.window is not None
    add_household(program.session.context, "02-0001", hamlet="Thôn 2")
    before = households(program)
    monkeypatch.setattr(session, "MANY", 0)
    told: list[tuple[int, int, str]] = []

    def stopped(_progress: Progress, done: int, total: int = 0, text: str = "") -> None:
        told.append((done, total, text))
        if text == WRITING:
            raise Cancelled

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "step", stopped)
        program.window.undo_requested.emit()
        assert all(task.can_cancel for task in program.window.tasks._tasks)
        assert program.window.tasks.wait_all()
    assert told[-1][1] > 0
    assert toast(program).startswith("Đã dừng, chưa hoàn tác gì")
    assert households(program) == before
    program.window.undo_requested.emit()
    assert program.window.tasks.wait_all()
    assert households(program) == before - 1


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


def test_what_changes_without_a_rest_is_written_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, starts = Remembered(tmp_path), []
    monkeypatch.setattr(kept._timer, "start", lambda: starts.append(1))
    monkeypatch.setattr(kept._timer, "isActive", lambda: bool(starts))
    for number in range(3):
        kept.save_text("keying.place", str(number))
    assert len(starts) == 1
    kept.flush()
    assert Remembered(tmp_path).load_text("keying.place") == "2"
