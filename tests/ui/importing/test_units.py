"""The wizard tells of clans, units and branches before it makes them, shows whom they gain, and takes all out again."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook
from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.planned import RowFate
from desktop_app.services.registry import units_edit
from desktop_app.ui.importing.unit_words import unit_remark
from desktop_app.ui.importing.wizard_page import DONE, PREVIEW, ImportPage
from desktop_app.ui.importing.words import plan_notices, remark
from tests.ui.importing.conftest import HEADINGS, person, write_list


def units(context: Context) -> list[tuple[int, ...]]:
    query = "SELECT (SELECT count(*) FROM clan WHERE present), (SELECT count(*) FROM branch WHERE present)"
    with context.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_clans_and_branches_are_told_made_and_taken_out_again(
    wizard: ImportPage, key, read, register: Context, tmp_path: Path
) -> None:
    people = [person("01", "Võ Đạt"), person("02", "Lê Thị Dung", "02/01/1980", sex="Nữ")]
    import_citizens(register, parse_workbook(write_list(tmp_path / "known.xlsx", *people)))
    rows = [(*row, clan, "CH01") for row, clan in zip(people, ("Họ Võ", ""), strict=True)]
    read(write_list(tmp_path / "units.xlsx", *rows, headings=(*HEADINGS, "Dòng họ", "Mã chi hội")))
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    assert wizard.plan is not None
    told = " ".join(plan_notices(wizard.plan))
    assert "Sẽ thêm dòng họ vì sổ chưa có: Họ Võ." in told
    assert "Sẽ thêm chi hội vì sổ chưa có: Chi hội CH01." in told
    model = wizard.preview.table.paged
    assert model is not None
    items = [model.row_at(place) for place in range(model.rowCount())]
    assert [item.plan.fate for item in items] == [RowFate.CHANGED, RowFate.CHANGED]
    assert remark(items[0]).text == "thêm chi hội: CH01; thêm dòng họ: Họ Võ"
    assert units(register) == [(0, 0)]
    key(Qt.Key.Key_Return)
    assert wizard.step == DONE
    assert units(register) == [(1, 1)]
    key(Qt.Key.Key_Z)
    assert units(register) == [(0, 0)]


UNIT_HEADINGS = ("TT", "Tên dòng họ", "Trưởng họ", "Số hộ", "Thôn", "Điện thoại")


def clan_list(path: Path) -> Path:
    rows = ((1, "Họ Nguyễn", "Nguyễn Văn An", 12, "Thôn 1", "0912345678"), (2, "Họ Trần", "", 5, "Thôn 2", ""),
            (3, "", "Lê Văn Cả", 4, "Thôn 2", ""))  # fmt: skip
    return write_list(path, *rows, headings=UNIT_HEADINGS)


def clans(context: Context) -> list[tuple[str | None, ...]]:
    with context.read() as connection:
        rows = connection.exec_driver_sql("SELECT name, leader, phone FROM clan WHERE present ORDER BY id")
        return [tuple(row) for row in rows]


def test_a_list_of_clans_goes_the_whole_way_by_keyboard(
    wizard: ImportPage, key, read, register: Context, tmp_path: Path, chosen_files: list[Path]
) -> None:
    units_edit.save_clan(register, None, {"name": "Họ Nguyễn", "leader": "Nguyễn Văn Cũ"})
    read(clan_list(tmp_path / "ho.xlsx"))
    assert wizard.columns.count.chip.text == "3 dòng họ"
    key(Qt.Key.Key_Return)
    assert (wizard.step, wizard.next_button.text()) == (PREVIEW, "Nhập 2 dòng họ")
    view = wizard.preview.units
    assert view.isVisibleTo(wizard) and not wizard.preview.table.isVisibleTo(wizard)
    model = view.table.paged
    assert model is not None
    items = [model.row_at(place) for place in range(model.rowCount())]
    assert [item.fate for item in items] == [RowFate.CHANGED, RowFate.NEW, RowFate.REFUSED]
    assert unit_remark(items[0]).text == (
        "thêm thôn: Thôn 1; trưởng họ: Nguyễn Văn Cũ → Nguyễn Văn An; thêm điện thoại: 0912345678"
    )
    assert "trưởng họ: Nguyễn Văn Cũ → Nguyễn Văn An" in view.panel.words
    wizard.preview.show_only(RowFate.REFUSED)
    assert view.table.paged is not None and view.table.paged.rowCount() == 1
    chosen_files.append(tmp_path / "out.xlsx")
    key(Qt.Key.Key_D)
    (sheet,) = load_workbook(tmp_path / "out.xlsx").worksheets
    assert sheet["C2"].value == "Lê Văn Cả"
    key(Qt.Key.Key_Return)
    assert wizard.step == DONE
    assert clans(register) == [("Họ Nguyễn", "Nguyễn Văn An", "0912345678"), ("Họ Trần", None, None)]
    key(Qt.Key.Key_Z)
    assert clans(register) == [("Họ Nguyễn", "Nguyễn Văn Cũ", None)]


def test_the_same_list_again_has_nothing_new(wizard: ImportPage, key, read, register: Context, tmp_path: Path) -> None:
    path = clan_list(tmp_path / "ho.xlsx")
    import_citizens(register, parse_workbook(path))
    read(path)
    key(Qt.Key.Key_Return)
    assert (wizard.next_button.text(), wizard.next_button.isEnabled()) == ("Không có gì mới", False)


def test_people_and_the_units_beside_them_are_shown_in_turn(
    wizard: ImportPage, key, read, register: Context, tmp_path: Path
) -> None:
    row = (*person("01", "Lê Thị Dung"), "Họ Lê", "Lê Văn Cả")
    read(write_list(tmp_path / "units.xlsx", row, headings=(*HEADINGS, "Dòng họ", "Trưởng họ")))
    key(Qt.Key.Key_Return)
    assert wizard.next_button.text() == "Nhập 1 người và 1 dòng họ"
    chip = wizard.preview.filters.units
    assert chip.isVisibleTo(wizard) and wizard.preview.table.isVisibleTo(wizard)
    chip.click()
    assert wizard.preview.units.isVisibleTo(wizard) and not wizard.preview.table.isVisibleTo(wizard)
    chip.click()
    assert wizard.preview.table.isVisibleTo(wizard)
    key(Qt.Key.Key_Return)
    assert clans(register) == [("Họ Lê", "Lê Văn Cả", None)]
