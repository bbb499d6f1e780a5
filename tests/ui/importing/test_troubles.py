"""Bad files, other communes, stopping half way: one plain sentence on the page, and the wizard stays usable."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from desktop_app.services.context import Context
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.register import RegisterPlan, create_register
from desktop_app.services.registry.export import exported_citizens
from desktop_app.ui.importing import people_step, reading, wizard_page
from desktop_app.ui.importing.wizard_page import CHOOSE, COLUMNS, DONE, PREVIEW, ImportPage, dropped_file
from desktop_app.ui.main_window import MainWindow
from tests.ui.importing.conftest import person, write_list

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def a_picture(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def half_a_workbook(path: Path) -> None:
    write_list(path, *(person(str(n), "Lê Văn An") for n in range(200)))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def a_workbook_with_password(path: Path) -> None:
    names = "".join(f"{letter}\0" for letter in "EncryptedPackage").encode()
    path.write_bytes(OLE + bytes(1000) + names + bytes(1000))


def a_zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(120):
                part.write(bytes(1 << 20))


def an_empty_workbook(path: Path) -> None:
    from openpyxl import Workbook

    Workbook().save(path)


BAD = (a_picture, nothing, half_a_workbook, a_workbook_with_password, a_zip_bomb, an_empty_workbook)


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_a_bad_file_is_one_sentence_and_the_wizard_goes_on(
    wizard: ImportPage, read, tmp_path: Path, samples: Path, make: Callable[[Path], None]
) -> None:
    bad = tmp_path / "tệp lạ.xlsx"
    make(bad)
    read(bad)
    assert wizard.banner is not None
    sentence = wizard.banner.text_label.text()
    assert "tệp lạ.xlsx" in sentence and sentence.endswith(".") and "Traceback" not in sentence
    assert wizard.step == CHOOSE
    read(samples / "04_vni.xlsx")
    assert (wizard.step, wizard.banner) == (COLUMNS, None)


def test_a_bad_file_after_a_good_one_leaves_the_good_one(
    wizard: ImportPage, read, tmp_path: Path, samples: Path
) -> None:
    read(samples / "04_vni.xlsx")
    nothing(tmp_path / "trống.xlsx")
    read(tmp_path / "trống.xlsx")
    assert wizard.banner is not None
    assert (wizard.step, wizard.subtitle) == (COLUMNS, "04_vni.xlsx")
    assert wizard.next_button.isEnabled()


def test_a_file_that_is_gone_is_said(wizard: ImportPage, read, tmp_path: Path) -> None:
    read(tmp_path / "không có.xlsx")
    assert wizard.banner is not None
    assert wizard.step == CHOOSE


def test_another_communes_list_is_asked_about(
    look, samples: Path, tmp_path: Path, qtbot, key, window, register
) -> None:
    other = create_register(tmp_path / "other", RegisterPlan("00070", 2026))
    page = ImportPage(other, samples / "04_vni.xlsx")
    window.push(page)
    assert window.tasks.wait_all()
    key(Qt.Key.Key_Return)
    assert page.step == COLUMNS
    assert page.banner is not None and "Xã Phú An" in page.banner.text_label.text()
    assert exported_citizens(other) == []
    key(Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)  # the focus is on the banner's button
    assert page.step == PREVIEW
    key(Qt.Key.Key_Return)
    assert page.step == DONE
    assert len(exported_citizens(other)) == 336
    other.close()


def test_stopping_an_import_keeps_nothing_and_it_can_be_done_again(
    wizard: ImportPage, read, key, samples: Path, register: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = wizard_page.apply_plan

    def stopped_half_way(context: Context, plan: object, *, progress: Progress) -> object:
        def report(done: int, total: int, text: str) -> None:
            if done >= 500:
                progress.cancel()

        progress.report = report
        return real(context, plan, progress=progress)  # type: ignore[arg-type]

    read(samples / "01_mot_bang.xlsx")
    key(Qt.Key.Key_Return)
    monkeypatch.setattr(wizard_page, "apply_plan", stopped_half_way)
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    assert wizard.banner is not None and "chưa nhập gì" in wizard.banner.text_label.text()
    assert exported_citizens(register) == []
    monkeypatch.setattr(wizard_page, "apply_plan", real)
    key(Qt.Key.Key_Return)
    assert wizard.step == DONE
    assert len(exported_citizens(register)) == 1342


def test_a_file_changed_after_the_preview_is_read_again(
    wizard: ImportPage, read, key, tmp_path: Path, register: Context
) -> None:
    path = write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An"))
    read(path)
    key(Qt.Key.Key_Return)
    write_list(path, person("01", "Lê Văn An"), person("02", "Võ Đạt"))
    key(Qt.Key.Key_Return)
    assert exported_citizens(register) == []
    assert wizard.banner is not None
    key(Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    assert wizard.step == COLUMNS
    key(Qt.Key.Key_Return)
    assert wizard.next_button.text() == "Nhập 2 người"


def test_leaving_while_a_file_is_read_disturbs_nobody(
    window: MainWindow, wizard: ImportPage, samples: Path, register: Context
) -> None:
    wizard.read(samples / "01_mot_bang.xlsx")
    window.pop()
    assert window.current_page is not wizard
    assert window.tasks.wait_all()


def test_the_page_cannot_be_left_while_it_writes(
    window: MainWindow, wizard: ImportPage, read, key, samples: Path, register: Context
) -> None:
    read(samples / "04_vni.xlsx")
    key(Qt.Key.Key_Return)
    wizard.on_next()
    window.pop()
    assert window.current_page is wizard
    wizard.on_next()  # a second press begins nothing
    assert window.tasks.wait_all()
    assert len(exported_citizens(register)) == 336


def test_one_file_can_be_dropped_on_the_page(wizard: ImportPage, window: MainWindow, samples: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(samples / "04_vni.xlsx"))])
    assert dropped_file(data) == samples / "04_vni.xlsx"
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    wizard.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    assert window.tasks.wait_all()
    assert wizard.step == COLUMNS
    data.setUrls([QUrl.fromLocalFile("/a"), QUrl.fromLocalFile("/b")])
    assert dropped_file(data) is None


def test_cancelled_is_never_shown_as_an_error(wizard: ImportPage, monkeypatch: pytest.MonkeyPatch, window) -> None:
    def stop(*_: object, **__: object) -> None:
        raise Cancelled

    monkeypatch.setattr(reading, "understand_with_memory", stop)
    wizard.read(Path("a.xlsx"))
    assert window.tasks.wait_all()
    assert wizard.banner is not None and "Đã dừng" in wizard.banner.text_label.text()


def stopped_at_once(work: Callable[..., object]) -> Callable[..., object]:
    """Work during which the person presses Hủy."""

    def stopped(*args: object, progress: Progress, **more: object) -> object:
        progress.cancel()
        return work(*args, progress=progress, **more)

    return stopped


def test_stopping_the_reading_or_the_comparing_keeps_nothing_and_is_said(
    wizard: ImportPage, read, key, register: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An"))
    with monkeypatch.context() as patched:
        patched.setattr(reading, "understand_with_memory", stopped_at_once(reading.understand_with_memory))
        read(path)
        assert wizard.step == CHOOSE
        assert wizard.banner is not None
        assert "Đã dừng đọc tệp" in wizard.banner.text_label.text()
    read(path)
    with monkeypatch.context() as patched:
        patched.setattr(people_step, "plan_import", stopped_at_once(people_step.plan_import))
        key(Qt.Key.Key_Return)
        assert wizard.step == COLUMNS
        assert wizard.banner is not None
        assert "Đã dừng so với sổ" in wizard.banner.text_label.text()
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    assert exported_citizens(register) == []


def test_a_file_deleted_after_the_preview_is_said_and_nothing_is_written(
    wizard: ImportPage, read, key, register: Context, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An"))
    read(path)
    key(Qt.Key.Key_Return)
    path.unlink()
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    assert wizard.banner is not None
    assert "không còn sau khi xem trước; chưa nhập gì" in wizard.banner.text_label.text()
    assert exported_citizens(register) == []
    write_list(path, person("01", "Lê Văn An"))
    key(Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    key(Qt.Key.Key_Return)
    assert wizard.next_button.text() == "Nhập 1 người"
