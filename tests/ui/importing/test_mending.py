"""Rows are mended in the preview by keys, doubts of a kind answered at once, what was typed stays until the import."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.planned import RowFate
from desktop_app.services.registry.export import exported_citizens
from desktop_app.ui.importing import people_step
from desktop_app.ui.importing.preview_view import COLUMNS as PREVIEW_COLUMNS
from desktop_app.ui.importing.wizard_page import DONE, PREVIEW, ImportPage
from desktop_app.ui.importing.words import fate_chip, remark
from tests.ui.importing.conftest import person, write_list
from tests.ui.importing.test_wizard import shown

NO_KEY = Qt.KeyboardModifier.NoModifier
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def spoilt(wizard: ImportPage, read, key, tmp_path: Path) -> ImportPage:
    """A list with two rows that are refused, in the preview."""
    rows = (
        person("01", "Lê Văn An", cccd="079084000011"),
        person("01", "Trần Thị Bình", "hồi xưa", sex="Nữ", relation="Vợ"),
        person("02", "", "1990"),
        person("03", "Đỗ Lợi", "01/02/1980"),
    )
    read(write_list(tmp_path / "a.xlsx", *rows))
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    return wizard


def fates(wizard: ImportPage) -> list[RowFate]:
    assert wizard.plan is not None
    return [row.fate for row in wizard.plan.rows]


def test_a_refused_row_is_mended_in_place_by_keys(spoilt: ImportPage, key, register: Context, window) -> None:
    key(Qt.Key.Key_F6, NO_KEY)
    key(Qt.Key.Key_F2, NO_KEY)
    panel = spoilt.preview.edit_panel
    editor = panel.editors[Field.BIRTH]
    assert panel.isVisibleTo(spoilt)
    assert (window.focusWidget(), editor.text()) == (editor, "hồi xưa")
    assert "không đọc được" in panel.errors[Field.BIRTH].text()
    editor.setText("12/04/1986")
    key(Qt.Key.Key_Return, NO_KEY)
    assert fates(spoilt) == [RowFate.NEW, RowFate.NEW, RowFate.REFUSED, RowFate.NEW]
    assert not panel.isVisibleTo(spoilt)
    assert spoilt.preview.table.current().plan.row.row == 3
    assert "đã sửa tay: ngày sinh" in remark(spoilt.preview.table.current()).text
    assert spoilt.next_button.text() == "Nhập 3 người"
    key(Qt.Key.Key_Return)
    assert spoilt.step == DONE
    assert [row.birth for row in exported_citizens(register) if row.name == "Trần Thị Bình"] == ["1986-04-12"]


def test_what_is_still_wrong_stays_in_front_with_its_reason(spoilt: ImportPage, key, window) -> None:
    key(Qt.Key.Key_F6, NO_KEY)
    key(Qt.Key.Key_F2, NO_KEY)
    panel = spoilt.preview.edit_panel
    panel.editors[Field.BIRTH].setText("30/02/abcd")
    key(Qt.Key.Key_Return, NO_KEY)
    assert panel.isVisibleTo(spoilt)
    assert window.focusWidget() is panel.editors[Field.BIRTH]
    assert "30/02/abcd" in panel.errors[Field.BIRTH].text()
    assert panel.editors[Field.BIRTH].text() == "30/02/abcd"


def test_escape_keeps_what_was_typed_and_it_can_be_taken_back(spoilt: ImportPage, key, window) -> None:
    spoilt.preview.table.select_row(0)
    key(Qt.Key.Key_F2, NO_KEY)
    spoilt.preview.edit_panel.editors[Field.NAME].setText("Lê Văn Anh")
    key(Qt.Key.Key_Escape, NO_KEY)
    assert shown(spoilt)[0][1] == "Lê Văn Anh"
    assert window.focusWidget() is spoilt.preview.table.view
    assert spoilt.preview.filters.typed.isVisibleTo(spoilt)
    key(Qt.Key.Key_F2, NO_KEY)
    spoilt.preview.edit_panel.restore.click()
    key(Qt.Key.Key_Shift, NO_KEY)
    assert shown(spoilt)[0][1] == "Lê Văn An"
    assert len(spoilt.people.decisions.corrections) == 0


def test_the_file_is_not_read_again_for_a_row(spoilt: ImportPage, key, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the whole list was compared")

    monkeypatch.setattr(people_step, "plan_import", never)
    spoilt.preview.table.select_row(2)
    key(Qt.Key.Key_Return, NO_KEY)
    spoilt.preview.edit_panel.editors[Field.NAME].setText("Võ Đạt")
    key(Qt.Key.Key_Return, NO_KEY)
    assert fates(spoilt)[2] is RowFate.NEW


def test_what_was_typed_stays_when_the_list_is_compared_again(spoilt: ImportPage, key, window) -> None:
    spoilt.preview.table.select_row(2)
    key(Qt.Key.Key_F2, NO_KEY)
    spoilt.preview.edit_panel.editors[Field.NAME].setText("Võ Đạt")
    key(Qt.Key.Key_Return, NO_KEY)
    key(Qt.Key.Key_B)
    key(Qt.Key.Key_Return)
    assert [name for _, name, _ in shown(spoilt)][2] == "Võ Đạt"
    assert fates(spoilt)[2] is RowFate.NEW


def test_fields_that_are_rarely_wrong_are_one_press_away(spoilt: ImportPage, key, window) -> None:
    spoilt.preview.table.select_row(3)
    key(Qt.Key.Key_F2, NO_KEY)
    panel = spoilt.preview.edit_panel
    assert Field.POVERTY not in panel.editors
    panel.editors[Field.PHONE].setText("0912345678")
    panel.more.click()
    assert panel.editors[Field.PHONE].text() == "0912345678"
    panel.editors[Field.POVERTY].setText("hộ nghèo")
    key(Qt.Key.Key_Return, NO_KEY)
    assert spoilt.plan is not None
    assert (spoilt.plan.rows[3].row.poverty, spoilt.plan.rows[3].row.phone) == ("poor", "0912345678")


def test_rows_are_filtered_by_kinds_of_warnings_changes_and_typing(spoilt: ImportPage, key, window) -> None:
    view = spoilt.preview
    view.show_warning("household.no_head")
    assert shown(spoilt) == []
    codes = [issue.code for row in spoilt.plan.rows for issue in row.row.issues] if spoilt.plan else []
    assert "cccd.lost_zero" not in codes
    view.show_warning("")
    view.table.select_row(0)
    key(Qt.Key.Key_F2, NO_KEY)
    view.edit_panel.editors[Field.CCCD].setText("79084000011")
    key(Qt.Key.Key_Return, NO_KEY)
    view.show_warning("cccd.lost_zero")
    assert [row for row, _, _ in shown(spoilt)] == [2]
    view.show_warning("")
    view.filters.typed.click()
    assert [row for row, _, _ in shown(spoilt)] == [2]


def test_what_the_program_mended_is_shown_in_place_of_the_rows(wizard: ImportPage, read, key, samples: Path) -> None:
    read(samples / "03_tcvn3.xlsx")
    key(Qt.Key.Key_Return)
    view = wizard.preview
    view.filters.repairs.click()
    assert view.repairs.isVisibleTo(wizard) and not view.table.isVisibleTo(wizard)
    model = view.repairs.paged
    assert model is not None and "TCVN3" in model.row_at(0).what
    view.show_only(None)
    assert view.table.isVisibleTo(wizard) and not view.repairs.isVisibleTo(wizard)


@pytest.fixture
def doubtful(wizard: ImportPage, read, key, register: Context, tmp_path: Path) -> ImportPage:
    """Four rows that may be four people of the register, in other households; one more is near two."""
    names = ("Lê Văn An", "Trần Bình", "Võ Đạt", "Đỗ Lợi")
    known = [person(f"0{n}", name, f"0{n}/05/1984", relation="Con") for n, name in enumerate(names, start=1)]
    twins = [person(f"5{n}", "Lý Xuyến", "1948", relation="Con") for n in range(2)]
    import_citizens(register, parse_workbook(write_list(tmp_path / "a.xlsx", *known, *twins)))
    rows = [person(f"9{n}", name, f"0{n}/05/1984", relation="Con") for n, name in enumerate(names, start=1)]
    read(write_list(tmp_path / "b.xlsx", *rows, person("95", "Lý Xuyến", "1948", relation="Con")))
    key(Qt.Key.Key_Return)
    assert fates(wizard)[:4] == [RowFate.DOUBTFUL] * 4
    return wizard


def test_all_rows_of_the_same_reasons_are_answered_at_once(doubtful: ImportPage, key, register: Context) -> None:
    before = len(exported_citizens(register))
    panel = doubtful.preview.panel
    assert panel.all_same.isVisibleTo(doubtful) and "4 dòng cùng lý do" in panel.all_label.text()
    key(Qt.Key.Key_1, CTRL_SHIFT)
    assert fates(doubtful)[:4] == [RowFate.CHANGED] * 4
    key(Qt.Key.Key_Return)
    assert doubtful.step == DONE
    assert len(exported_citizens(register)) == before + (fates(doubtful)[4] is RowFate.NEW)


def test_all_rows_of_the_same_reasons_can_be_new_or_left_out(doubtful: ImportPage, key) -> None:
    key(Qt.Key.Key_N, CTRL_SHIFT)
    assert fates(doubtful)[:4] == [RowFate.NEW] * 4
    doubtful.preview.table.select_row(0)
    key(Qt.Key.Key_K)
    assert fates(doubtful)[:2] == [RowFate.DOUBTFUL, RowFate.NEW]
    doubtful.preview.table.select_row(0)
    item = doubtful.preview.table.current()
    assert (item.is_skipped, fate_chip(item).text) == (True, "Bỏ qua")
    doubtful.preview.panel.left_chosen.emit()
    key(Qt.Key.Key_K, CTRL_SHIFT)
    assert doubtful.people.decisions.skipped == {0}


def test_a_row_left_out_on_purpose_is_not_asked_again(doubtful: ImportPage, key) -> None:
    key(Qt.Key.Key_K, CTRL_SHIFT)
    assert doubtful.people.decisions.skipped >= {0, 1, 2, 3}
    assert "đã chọn" in doubtful.preview.filters.fates[RowFate.DOUBTFUL].text()
    doubtful.preview.table.select_row(0)
    key(Qt.Key.Key_F6, NO_KEY)
    assert doubtful.preview.table.current().index not in range(1, 4)
    key(Qt.Key.Key_B)
    key(Qt.Key.Key_Return)
    assert doubtful.people.decisions.skipped >= {0, 1, 2, 3}


def test_a_row_that_was_changed_in_excel_meanwhile_loses_what_was_typed_and_says_so(
    spoilt: ImportPage, key, tmp_path: Path
) -> None:
    spoilt.preview.table.select_row(2)
    key(Qt.Key.Key_F2, NO_KEY)
    spoilt.preview.edit_panel.editors[Field.NAME].setText("Võ Đạt")
    key(Qt.Key.Key_Return, NO_KEY)
    write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An"), person("01", "Lê Bình"), person("02", "Võ Đạt", "1991"))
    key(Qt.Key.Key_F5, NO_KEY)
    key(Qt.Key.Key_Return)
    assert spoilt.step == PREVIEW
    assert spoilt.banner is not None and "dòng 4" in spoilt.banner.text_label.text()
    assert len(spoilt.people.decisions.corrections) == 0


def test_the_preview_hides_numbers_that_the_editor_shows_whole(
    wizard: ImportPage, key, read, tmp_path: Path, register: Context
) -> None:
    number = "046060000001"
    known = write_list(tmp_path / "known.xlsx", person("01", "Lê Văn An", "1984", cccd=number))
    import_citizens(register, parse_workbook(known))
    other = person("02", "Lê Văn An", "1984", hamlet="Thôn 2", cccd="046060009001")
    read(write_list(tmp_path / "a.xlsx", person("01", "Võ Đạt", "1990", cccd="046090000777"), other))
    shown = " ".join(label.text() for label in wizard.columns.findChildren(QLabel))
    assert "046090000777" not in shown and "•777" in shown
    key(Qt.Key.Key_Return)
    model = wizard.preview.table.paged
    assert model is not None
    column = next(item for item in PREVIEW_COLUMNS if item.key == "cccd")
    assert column.value is not None
    assert column.value(model.row_at(0)) == "0•• ••• ••• 777"
    words = " ".join(label.text() for label in wizard.preview.panel.findChildren(QLabel))
    assert number not in words and "046060009001" not in words
    wizard.preview.table.select_row(0)
    wizard.preview.edit()
    assert wizard.preview.edit_panel.editors[Field.CCCD].text() == "046090000777"
