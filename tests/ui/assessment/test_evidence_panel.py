"""Evidence files: added, counted, opened and removed beside the indicator they belong to."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment import evidence_files
from desktop_app.services.assessment.evidence import list_evidence
from desktop_app.services.context import EVIDENCE_FOLDER, Context
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.widgets import dialogs
from tests.services.assessment.test_photos import camera_photo
from tests.ui.assessment.stage import YEAR, Key, digits, enter, first_uid, focused, key, open_form_of, stored


@pytest.fixture
def form(window: MainWindow, small: Context):
    made = open_form_of(window, LearningModel.CITIZEN, first_uid(small, "citizen"))
    made.action("form.evidence").trigger()
    return made


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "ảnh lớp học.pdf"
    path.write_bytes(b"%PDF" * 400)
    return path


def choose(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    monkeypatch.setattr(dialogs, "ask_open_files", lambda *_args, **_more: list(paths))


def test_a_file_is_added_counted_and_marked_in_the_list(form, photo: Path, monkeypatch) -> None:
    choose(monkeypatch, photo)
    assert focused() is form.view.evidence.add_button
    form.view.evidence.add_button.click()
    assert form.view.evidence_button.text() == "Minh chứng (1)"
    assert [item.text for item in form.view.evidence.list.rows()] == ["ảnh lớp học.pdf"]
    assert form.view.evidence.list.rows()[0].detail == "PDF · 2 KB"
    assert form.side.list.rows[0].has_evidence
    assert not form.side.list.rows[1].has_evidence


def test_evidence_belongs_to_its_indicator_and_shows_what_is_usual(form, photo: Path, monkeypatch) -> None:
    choose(monkeypatch, photo)
    form.view.evidence.add_button.click()
    form.go_to(1)
    assert form.view.evidence_button.text() == "Minh chứng"
    assert form.view.evidence.list.count() == 0
    assert "Giấy mời, danh sách ký dự lớp tập huấn" in form.view.evidence._usual.text()


def test_enter_on_a_file_opens_its_copy_with_the_persons_own_program(form, photo: Path, monkeypatch, small) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())) or True)
    choose(monkeypatch, photo)
    form.view.evidence.add_button.click()
    assert focused() is form.view.evidence.list
    enter()
    assert opened[0].read_bytes() == photo.read_bytes()
    assert (small.folder / EVIDENCE_FOLDER) in opened[0].parents


def test_a_removed_file_can_be_taken_back(form, photo: Path, monkeypatch, window: MainWindow) -> None:
    choose(monkeypatch, photo)
    form.view.evidence.add_button.click()
    key(Key.Key_Delete)
    assert form.view.evidence.list.count() == 0
    assert form.view.evidence_button.text() == "Minh chứng"
    assert window._toast.text_label.text() == "Đã bỏ tệp minh chứng."
    assert window._toast.undo_button.isVisible()


def test_after_a_file_was_removed_undo_is_about_the_file_and_not_about_an_answer(form, photo, monkeypatch) -> None:
    form.view.box.setFocus()
    digits("9")
    enter()
    choose(monkeypatch, photo)
    form.evidence_work.add()
    key(Key.Key_Delete)
    assert not form.undo()


def test_a_refused_file_says_why_and_the_others_are_attached(form, photo: Path, monkeypatch, tmp_path: Path) -> None:
    program = tmp_path / "virus.exe"
    program.write_bytes(b"MZ")
    choose(monkeypatch, program, photo)
    form.view.evidence.add_button.click()
    assert form.view.evidence_button.text() == "Minh chứng (1)"
    assert "Không nhận loại tệp của “virus.exe”" in form.banner.text_label.text()


def test_escape_closes_the_panel_and_returns_to_the_answer(form) -> None:
    key(Key.Key_Escape)
    assert form.view.evidence.isHidden()
    assert form.view.guide.isVisible()
    assert focused() is form.view.box


def test_what_is_typed_is_kept_while_files_are_added(form, photo: Path, monkeypatch, small: Context) -> None:
    form.view.box.setFocus()
    digits("9")
    choose(monkeypatch, photo)
    form.view.evidence.add_button.click()
    assert form.view.box.text() == "9"
    form.view.box.setFocus()
    enter()
    assert stored(small, LearningModel.CITIZEN, first_uid(small, "citizen")) == {"1": 9}


def test_a_photo_is_told_to_be_smaller_and_the_sizes_stand_below(form, monkeypatch, tmp_path: Path, window) -> None:
    source = camera_photo(tmp_path / "ảnh.jpg")
    choose(monkeypatch, source)
    form.view.evidence.add_button.click()
    assert window.tasks.wait_all()
    assert "vị trí và thông tin máy chụp đã được bỏ" in window._toast.text_label.text()
    assert "Phiếu này: 1 minh chứng, " in form.view.evidence.sizes_label.text()
    assert "cả kho" in form.view.evidence.sizes_label.text()


def test_a_picture_that_is_none_is_told_and_nothing_is_lost(form, monkeypatch, tmp_path: Path, window) -> None:
    source = tmp_path / "gia.jpg"
    source.write_bytes(b"khong phai anh")
    choose(monkeypatch, source)
    form.view.evidence.add_button.click()
    assert window.tasks.wait_all()
    assert "không phải là ảnh" in form.banner.text_label.text()
    assert form.view.evidence.list.count() == 0


def test_a_note_without_a_file_is_written_and_edited_by_keyboard(form) -> None:
    panel = form.view.evidence
    panel.note_button.click()
    assert focused() is panel.note_box
    panel.note_box.setText("Trưởng thôn xác nhận")
    enter()
    assert [item.text for item in panel.list.rows()] == ["Trưởng thôn xác nhận"]
    assert form.view.evidence_button.text() == "Minh chứng (1)"
    assert focused() is panel.list
    enter()
    assert panel.note_box.text() == "Trưởng thôn xác nhận"
    panel.note_box.setText("Bí thư chi bộ xác nhận")
    enter()
    assert [item.text for item in panel.list.rows()] == ["Bí thư chi bộ xác nhận"]
    key(Key.Key_F2)
    key(Key.Key_Escape)
    assert panel.note_box.isHidden() or not panel.note_box.isVisible()
    assert not panel.isHidden()


def test_a_missing_file_is_said_plainly_and_replaced(form, photo: Path, monkeypatch, small: Context) -> None:
    choose(monkeypatch, photo)
    panel = form.view.evidence
    panel.add_button.click()
    for path in (small.folder / EVIDENCE_FOLDER).rglob("*.pdf"):
        path.unlink()
    form.refresh()
    form.view.refresh_evidence()
    assert "Không thấy tệp này trên máy" in panel.words_label.text()
    assert panel.open_button.isHidden()
    panel.replace_button.click()
    assert panel.replace_button.isHidden()
    assert not panel.open_button.isHidden()


def test_photos_are_made_small_in_a_worker_and_go_to_the_form_they_were_chosen_for(
    form, photo: Path, monkeypatch, tmp_path: Path, window: MainWindow, small: Context
) -> None:
    threads: list[str] = []
    shrink = evidence_files.shrink

    def noted(path: Path, name: str):
        threads.append(threading.current_thread().name)
        return shrink(path, name)

    monkeypatch.setattr(evidence_files, "shrink", noted)
    false = tmp_path / "gia.png"
    false.write_bytes(b"khong phai anh")
    choose(monkeypatch, camera_photo(tmp_path / "ảnh.jpg"), false, photo)
    subject = form.session.state.subject.uid
    code = form.session.indicators[form.place].code
    form.view.evidence.add_button.click()
    form.go_to(1)
    assert window.tasks.wait_all()
    assert threads and threading.main_thread().name not in threads
    found = list_evidence(small, LearningModel.CITIZEN, subject, YEAR)
    assert [(item.indicator, item.file_name) for item in found] == [(code, "ảnh.jpg"), (code, "ảnh lớp học.pdf")]
    assert "“gia.png” không phải là ảnh" in form.banner.text_label.text()
    assert not list((small.folder / EVIDENCE_FOLDER).glob("*.part"))


def test_work_that_is_stopped_leaves_no_copies(form, monkeypatch, tmp_path: Path, window: MainWindow, small) -> None:
    choose(monkeypatch, camera_photo(tmp_path / "ảnh.jpg"))
    run = window.tasks.run

    def stopped(*args, **more):
        task = run(*args, **more)
        task.cancel()
        return task

    monkeypatch.setattr(window.tasks, "run", stopped)
    form.view.evidence.add_button.click()
    assert window.tasks.wait_all()
    assert not list_evidence(small, LearningModel.CITIZEN, form.session.state.subject.uid, YEAR)
    assert not list((small.folder / EVIDENCE_FOLDER).glob("*.part"))


def test_the_whole_form_has_evidence_of_its_own_reached_by_one_key(form, photo: Path, monkeypatch, small) -> None:
    panel = form.view.evidence
    form.action("form.evidence").trigger()
    assert panel.isHidden()
    form.action("form.whole_evidence").trigger()
    assert not panel.isHidden() and panel._title.text() == "Minh chứng của cả phiếu"
    choose(monkeypatch, photo)
    panel.add_button.click()
    panel.note_button.click()
    panel.note_box.setText("Đã xem sổ thư viện")
    enter()
    subject = form.session.state.subject.uid
    found = list_evidence(small, LearningModel.CITIZEN, subject, YEAR)
    assert [(item.indicator, item.is_note) for item in found] == [("", False), ("", True)]
    assert form.view.evidence_button.text() == "Minh chứng"
    form.action("form.whole_evidence").trigger()
    assert panel._title.text().startswith("Minh chứng mục")
    assert panel.scope_button.text() == "Sang minh chứng của cả phiếu (2)"
    assert panel.list.count() == 0


def test_the_same_file_stands_once_beside_an_indicator(form, photo: Path, monkeypatch) -> None:
    choose(monkeypatch, photo)
    form.view.evidence.add_button.click()
    form.view.evidence.add_button.click()
    assert form.view.evidence.list.count() == 1
    assert "đã có ở mục này" in form.banner.text_label.text()
    form.go_to(1)
    form.view.evidence.add_button.click()
    assert form.view.evidence.list.count() == 1


def test_while_the_group_is_asked_for_there_is_nothing_to_attach_to_or_to_check(window, small: Context) -> None:
    asked = open_form_of(window, LearningModel.CITIZEN, first_uid(small, "citizen", "id DESC"))
    assert asked.is_asking
    for action_id in ("form.evidence", "form.whole_evidence", "form.check"):
        asked.action(action_id).trigger()
        assert asked.view.evidence.isHidden() and not asked.check_work.is_shown
    assert focused() is not asked.check.name_box
