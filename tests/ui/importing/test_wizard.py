"""A commune's list comes in through the window by keyboard alone, is looked at first, and goes out again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.planning.planned import RowFate
from desktop_app.services.registry.export import exported_citizens
from desktop_app.ui import theme
from desktop_app.ui.importing.preview_view import PlanSource
from desktop_app.ui.importing.wizard_page import CHOOSE, COLUMNS, DONE, PREVIEW, ImportPage
from desktop_app.ui.importing.words import remark
from desktop_app.ui.main_window import MainWindow
from tests.ui.importing.conftest import person, write_list


def shown(wizard: ImportPage) -> list[tuple[int, str, str]]:
    """Row number, name and fate of the rows of the preview."""
    model = wizard.preview.table.paged
    assert model is not None
    items = [model.row_at(place) for place in range(model.rowCount())]
    return [(item.plan.row.row, item.plan.row.name, item.plan.fate.value) for item in items]


def test_a_whole_import_by_keyboard(
    wizard: ImportPage, key, register: Context, samples: Path, chosen_files: list[Path], window: MainWindow
) -> None:
    chosen_files.append(samples / "01_mot_bang.xlsx")
    key(Qt.Key.Key_O)
    assert (wizard.step, wizard.subtitle) == (COLUMNS, "01_mot_bang.xlsx")
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    assert wizard.next_button.text() == "Nhập 1.342 người"
    assert exported_citizens(register) == []
    key(Qt.Key.Key_Enter)
    assert wizard.step == DONE
    assert len(exported_citizens(register)) == 1342
    key(Qt.Key.Key_Z)
    assert exported_citizens(register) == []
    assert "Đã hoàn tác" in wizard.done.title.text()


def test_enter_at_the_end_leads_to_the_list(wizard: ImportPage, key, read, window: MainWindow, samples: Path) -> None:
    read(samples / "04_vni.xlsx")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    assert wizard.step == DONE
    key(Qt.Key.Key_Return)
    assert window.current_key == "citizens"
    assert window.current_page is not wizard


@pytest.mark.parametrize(
    ("name", "count", "letters"),
    [
        ("02_moi_thon_mot_trang.xlsx", 1342, ""),
        ("03_tcvn3.xlsx", 501, "“NguyÔn Minh Tïng” thành “Nguyễn Minh Tùng”"),
        ("04_vni.xlsx", 336, "“Hoaøng Ñình AÁn” thành “Hoàng Đình Ấn”"),
        ("06_thon_1_cu.xls", 163, "TCVN3"),
    ],
)
def test_sheets_and_old_letters_are_shown_before_anything_is_written(
    wizard: ImportPage, key, read, samples: Path, name: str, count: int, letters: str
) -> None:
    read(samples / name)
    rows = wizard.columns.sheets.paged
    assert rows is not None
    total = sum(rows.row_at(place).sheet.persons for place in range(rows.rowCount()))
    assert total == count
    assert wizard.columns.sheets.isVisibleTo(wizard) == (rows.rowCount() > 1)
    for notice in (wizard.columns.notice, wizard.preview.notice):
        key(Qt.Key.Key_Return) if notice is wizard.preview.notice else None
        assert notice.isVisibleTo(wizard) == bool(letters)
        assert letters in notice.text_label.text()
    assert len(shown(wizard)) == count


def test_rows_carry_their_true_excel_numbers_and_their_remarks(wizard: ImportPage, key, read, samples: Path) -> None:
    read(samples / "02_moi_thon_mot_trang.xlsx")
    key(Qt.Key.Key_Return)
    assert shown(wizard)[0][:2] == (6, "Nguyễn Minh Tùng")  # two title rows, a blank one, two of heading
    model = wizard.preview.table.paged
    assert model is not None
    mended = next(item for item in (model.row_at(n) for n in range(10)) if item.plan.row.issues)
    assert remark(mended).text == "CCCD mất số 0 đầu, đã thêm lại"
    assert "570 số CCCD" in wizard.preview.facts.text()
    assert "Thôn 1" in wizard.preview.facts.text()


def test_a_column_given_another_meaning_is_read_again(
    wizard: ImportPage, key, read, tmp_path: Path, window: MainWindow, qtbot
) -> None:
    headings = ("Mã hộ", "Thôn", "Cột lạ", "Quan hệ với chủ hộ", "Giới tính", "Ngày sinh", "Số CCCD", "Nghề nghiệp")
    rows = [person("01", f"x{n}y", job="Thợ mộc") for n in range(6)]
    read(write_list(tmp_path / "a.xlsx", *rows, headings=headings))
    assert wizard.banner is not None and "cột họ tên" in wizard.banner.text_label.text()
    assert not wizard.next_button.isEnabled()
    editor = wizard.columns.grid.editors[2]
    assert editor.raw() is None
    editor.set_raw(Field.NAME.value)
    editor.activated.emit(editor.currentIndex())
    qtbot.waitUntil(lambda: wizard.next_button.isEnabled())
    assert window.tasks.wait_all()
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    assert [name for _, name, _ in shown(wizard)] == [f"x{n}y" for n in range(6)]


def test_the_heading_can_be_said_to_stand_elsewhere(
    wizard: ImportPage, read, window: MainWindow, tmp_path: Path, qtbot
) -> None:
    rows = [person("01", "Lê Văn An"), person("02", "Trần Thị Bình", sex="Nữ")]
    read(write_list(tmp_path / "a.xlsx", *rows))
    facts = wizard.columns.facts
    assert (facts.first.text(), facts.last.text()) == ("1", "1")

    def say(row: str) -> str:
        facts.first.setText(row)
        facts.last.setText(row)
        facts.last.returnPressed.emit()
        qtbot.waitUntil(lambda: not wizard._timer.isActive() and not window.tasks.is_busy)
        return wizard.columns.count.chip.text

    assert say("2") == "0 người"
    assert not wizard.next_button.isEnabled()
    assert say("1") == "2 người"
    assert wizard.next_button.isEnabled()
    assert wizard.banner is None


def test_a_settlement_can_be_given_to_a_whole_sheet(
    wizard: ImportPage, read, key, window: MainWindow, register: Context, tmp_path: Path, qtbot
) -> None:
    headings = ("Mã hộ", "Họ và tên", "Ngày sinh")
    read(write_list(tmp_path / "a.xlsx", ("01", "Lê Văn An", "1984"), headings=headings))
    wizard.columns.facts.hamlet.setText("thôn 09")
    wizard.columns.facts.hamlet.returnPressed.emit()
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    assert [row.hamlet for row in exported_citizens(register)] == ["Thôn 9"]


def test_a_sheet_can_be_left_out_and_taken_again(
    wizard: ImportPage, key, read, samples: Path, window: MainWindow, qtbot
) -> None:
    read(samples / "04_vni.xlsx")
    press_enter = Qt.KeyboardModifier.NoModifier
    assert window.focusWidget() is wizard.columns.sheets.view
    key(Qt.Key.Key_Return, press_enter)
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    assert len(shown(wizard)) == 161
    key(Qt.Key.Key_B)
    assert wizard.step == COLUMNS
    wizard.columns.toggle.click()
    key(Qt.Key.Key_Return)
    assert len(shown(wizard)) == 336


def test_rows_are_filtered_by_their_fate_and_by_what_is_typed(wizard: ImportPage, key, read, tmp_path: Path) -> None:
    rows = (person("01", "Lê Văn An"), person("02", "Trần Thị Bình", "hồi xưa", sex="Nữ"), person("03", "Võ Đạt"))
    read(write_list(tmp_path / "a.xlsx", *rows))
    key(Qt.Key.Key_Return)
    wizard.preview.show_only(RowFate.REFUSED)
    assert shown(wizard) == [(3, "Trần Thị Bình", "refused")]
    model = wizard.preview.table.paged
    assert model is not None and "hồi xưa" in remark(model.row_at(0)).text
    wizard.preview.show_only(None)
    wizard.on_search("vo dat")
    assert [row for row, _, _ in shown(wizard)] == [4]
    wizard.on_search("4")
    assert [row for row, _, _ in shown(wizard)] == [4]
    wizard.on_search("")
    assert len(shown(wizard)) == 3


def test_f6_goes_from_one_doubtful_or_refused_row_to_the_next(wizard: ImportPage, key, read, tmp_path: Path) -> None:
    rows = (person("01", "Lê Văn An"), person("02", "Bà Hai", "hồi xưa"), person("03", "Võ Đạt"),
            person("04", "Bà Ba", "hồi nào"))  # fmt: skip
    read(write_list(tmp_path / "a.xlsx", *rows))
    key(Qt.Key.Key_Return)
    seen = []
    for _ in range(3):
        key(Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier)
        seen.append(wizard.preview.table.current().plan.row.row)
    assert seen == [3, 5, 3]


def test_the_refused_rows_are_written_beside_the_file(
    wizard: ImportPage, key, read, tmp_path: Path, chosen_files: list[Path]
) -> None:
    from openpyxl import load_workbook

    rows = (person("01", "Lê Văn An"), person("02", "Trần Thị Bình", "hồi xưa"))
    read(write_list(tmp_path / "a.xlsx", *rows))
    key(Qt.Key.Key_Return)
    chosen_files.append(tmp_path / "khong nhan.xlsx")
    key(Qt.Key.Key_D)
    (page,) = load_workbook(tmp_path / "khong nhan.xlsx").worksheets
    assert [cell.value for cell in page[2]][:3] == ["02", "Thôn 1", "Trần Thị Bình"]
    assert wizard.banner is not None and "1 dòng" in wizard.banner.text_label.text()


def test_steps_can_be_gone_back_to_and_nothing_is_written(
    wizard: ImportPage, key, read, samples: Path, register: Context
) -> None:
    read(samples / "04_vni.xlsx")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_B)
    key(Qt.Key.Key_B)
    assert wizard.step == CHOOSE
    wizard.stepper.step_chosen.emit(CHOOSE)
    key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert exported_citizens(register) == []


def test_the_same_file_again_offers_nothing_to_import(wizard: ImportPage, key, read, samples: Path) -> None:
    for _ in range(2):
        read(samples / "04_vni.xlsx")
        key(Qt.Key.Key_Return)
        key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    assert (wizard.next_button.text(), wizard.next_button.isEnabled()) == ("Không có gì mới", False)


def test_a_file_of_late_is_offered_again(wizard: ImportPage, read, samples: Path, window: MainWindow) -> None:
    read(samples / "04_vni.xlsx")
    again = ImportPage(wizard.context)
    window.push(again)
    assert again.chooser.recent.isVisibleTo(again)


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_no_step_needs_sideways_scrolling(
    wizard: ImportPage, key, read, samples: Path, window: MainWindow, percent: int
) -> None:
    window.resize(1366, 728)
    window.zoom.set_percent(percent)
    read(samples / "03_tcvn3.xlsx")
    for _ in range(3):
        for area in wizard.findChildren(type(wizard._outer.itemAt(0).widget())):
            assert area.horizontalScrollBar().maximum() == 0, (percent, wizard.step)
        key(Qt.Key.Key_Return)
    assert theme.percent() == percent


def test_fifty_thousand_rows_are_fetched_a_page_at_a_time(wizard: ImportPage, key, read, samples: Path) -> None:
    read(samples / "01_mot_bang.xlsx")
    key(Qt.Key.Key_Return)
    source = wizard.preview._source
    assert isinstance(source, PlanSource)
    assert len(source.rows(100, 100)) == 100
    assert source.rows(1300, 100)[-1].index == 1341
