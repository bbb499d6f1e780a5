"""The template goes out empty or filled, is changed as people do in Excel, and only the changes come back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history import operations
from desktop_app.services.importing.apply import ImportResult, apply_plan, import_citizens
from desktop_app.services.importing.headings.sheets import GUIDE_SHEET
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from desktop_app.services.importing.template import COLUMNS, HOMELESS_SHEET, write_template
from desktop_app.services.importing.template_guide import PEOPLE_SHEET
from desktop_app.services.registry.export import exported_citizens
from tests.factories import make_register
from tests.services.importing.helpers import write_xlsx

HEADING = ("Mã hộ", "Thôn", "Địa chỉ", "Diện hộ", "Họ và tên", "Quan hệ", "Giới tính", "Ngày sinh", "Số CCCD",
           "Điện thoại", "Nhóm đối tượng", "Ghi chú")  # fmt: skip
PEOPLE = (
    ("001", "Thôn 1", "12 Đường Làng", "Hộ nghèo", "Lê Văn An", "Chủ hộ", "Nam", "08/05/1984", "001084000011",
     "0912345678", "Người lao động", ""),
    ("001", "Thôn 1", "", "", "Trần Thị Bình", "Vợ", "Nữ", "1986", "", "", "", "hay đi xa"),
    ("002", "Thôn 2", "", "", "Võ Đạt", "Chủ hộ", "Nam", "05/1990", "", "", "", ""),
    ("002", "Thôn 2", "", "", "Võ Thị Đào", "Con", "Nữ", "", "", "", "Học sinh, sinh viên", ""),
)  # fmt: skip
ALONE = (("Đỗ Hữu Lợi", "12/12/2001", "001201000077"), ("Lý Thị Xuyến", "1948", ""))
AT = {column.key: number for number, column in enumerate(COLUMNS, start=1)}


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path / "register", hamlets=())
    import_citizens(made, parse_workbook(write_xlsx(tmp_path / "a.xlsx", {"Danh sách": [HEADING, *PEOPLE]})))
    alone = [("Họ và tên", "Ngày sinh", "Số CCCD"), *ALONE]
    import_citizens(made, parse_workbook(write_xlsx(tmp_path / "b.xlsx", {"Trang tính 1": alone})))
    yield made
    made.close()


@pytest.fixture
def template(register: Context, tmp_path: Path) -> Path:
    out = tmp_path / "mau.xlsx"
    assert write_template(register, out) == 6
    return out


def plan_of(context: Context, path: Path) -> ImportPlan:
    with context.read() as connection:
        return plan_import(connection, parse_workbook(path))


def change(path: Path, **cells: object) -> Path:
    """Type over cells of the main sheet, e.g. ``name_3="…"``."""
    book = load_workbook(path)
    for place, value in cells.items():
        key, _, row = place.rpartition("_")
        book[PEOPLE_SHEET].cell(int(row), AT[key]).value = value
    book.save(path)
    return path


def brought(context: Context, path: Path) -> ImportResult:
    return apply_plan(context, plan_of(context, path))


def test_a_filled_template_brought_back_unchanged_changes_nothing(register: Context, template: Path) -> None:
    plan = plan_of(register, template)
    assert [row.fate for row in plan.rows] == [RowFate.UNCHANGED] * 6
    assert {(issue.code, issue.sheet) for issue in plan.issues()} == {("hamlet.missing", HOMELESS_SHEET)}
    assert apply_plan(register, plan).operation is None


def test_only_what_was_changed_is_applied(register: Context, template: Path) -> None:
    before = {row.uid: row for row in exported_citizens(register)}
    change(template, name_4="Trần Thị Bình An", birth_4="09/10/1986", occupation_3="Thợ mộc", address_3="15 Đường Làng",
           poverty_3="Không nghèo")  # fmt: skip
    plan = plan_of(register, template)
    changed = {row.row.name: (dict(row.changes), dict(row.household_changes)) for row in plan.rows if row.changes}
    assert changed == {
        "Trần Thị Bình An": ({"full_name": ("Trần Thị Bình", "Trần Thị Bình An"), "birth": ("1986", "1986-10-09")}, {}),
        "Lê Văn An": (
            {"occupation": (None, "Thợ mộc")},
            {"address": ("12 Đường Làng", "15 Đường Làng"), "poverty": ("poor", "none")},
        ),
    }
    assert apply_plan(register, plan).updated == 2
    after = {row.uid: row for row in exported_citizens(register)}
    assert after.keys() == before.keys()
    assert sum(after[uid] != before[uid] for uid in before) == 2


def test_an_emptied_cell_and_a_deleted_row_take_nothing_away(register: Context, template: Path) -> None:
    before = exported_citizens(register)
    book = load_workbook(template)
    page = book[PEOPLE_SHEET]
    for key in ("cccd", "phone", "address", "birth", "group"):
        page.cell(3, AT[key]).value = None
    page.delete_rows(5)
    book.save(template)
    assert brought(register, template).operation is None
    assert exported_citizens(register) == before


def test_a_new_member_is_put_into_the_household_of_the_rows_around_it(register: Context, template: Path) -> None:
    book = load_workbook(template)
    page = book[PEOPLE_SHEET]
    page.insert_rows(5)
    for key, value in (("name", "Lê Thị Bé"), ("relation", "Con"), ("sex", "Nữ"), ("birth", "2015")):
        page.cell(5, AT[key]).value = value
    book.save(template)
    result = brought(register, template)
    assert (result.created, result.updated, result.unchanged, result.households_created) == (1, 0, 6, 0)
    child = next(row for row in exported_citizens(register) if row.name == "Lê Thị Bé")
    assert (child.household_code, child.hamlet) == ("001", "Thôn 1")


def test_the_order_of_the_rows_may_be_changed(register: Context, template: Path) -> None:
    book = load_workbook(template)
    page = book[PEOPLE_SHEET]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3, max_row=6)]
    random.Random(5).shuffle(rows)
    for number, row in enumerate(rows, start=3):
        for index, value in enumerate(row, start=1):
            page.cell(number, index).value = value
    book.save(template)
    assert brought(register, template).operation is None


def test_zeros_and_years_stay_as_they_are_typed(template: Path) -> None:
    page = load_workbook(template)[PEOPLE_SHEET]
    assert page.cell(3, AT["cccd"]).value == "001084000011"
    assert page.cell(3, AT["cccd"]).number_format == "@"
    assert page.cell(3, AT["household_code"]).value == "001"
    assert [page.cell(row, AT["birth"]).value for row in (3, 4, 5)] == ["08/05/1984", "1986", "05/1990"]
    assert page.column_dimensions["J"].number_format == "@"
    assert page.column_dimensions["Q"].hidden


def test_cells_offer_the_words_to_choose_from(template: Path) -> None:
    book = load_workbook(template)
    page = book[PEOPLE_SHEET]
    rules = {
        str(rule.sqref).rstrip("0123456789").partition(":")[0][0]: rule for rule in page.data_validations.dataValidation
    }
    assert rules["H"].formula1 == '"Nam,Nữ"'
    for letter, wanted in (("E", "Không nghèo"), ("G", "Chủ hộ"), ("C", "Thôn 1"), ("O", "Người lao động")):
        words = [cell.value for (cell,) in named_range(book[GUIDE_SHEET], rules[letter].formula1)]
        assert wanted in words
        assert None not in words
    assert rules["Q"].formula1 == "FALSE"
    assert "LEN(J3)=12" in rules["J"].formula1


def named_range(sheet: Worksheet, formula: str) -> tuple[tuple[object, ...], ...]:
    return sheet[formula.rpartition("!")[2].replace("$", "")]  # type: ignore[return-value]


def test_every_word_that_is_offered_is_understood(register: Context, template: Path, tmp_path: Path) -> None:
    book = load_workbook(template)
    guide = book[GUIDE_SHEET]
    lists = {
        guide.cell(3, column).value: [guide.cell(row, column).value for row in range(4, 90)] for column in range(4, 9)
    }
    page = book[PEOPLE_SHEET]
    offered = {"relation": "Các quan hệ", "group": "Các nhóm", "poverty": "Các diện", "hamlet": "Các thôn",
               "ethnicity": "Các dân tộc"}  # fmt: skip
    for at in range(max(len(words) for words in lists.values())):
        page.cell(20 + at, AT["name"]).value = f"Bùi Thị {chr(65 + at % 26)}{'a' * (at // 26 + 1)}"
        page.cell(20 + at, AT["household_code"]).value = f"9{at:02d}"
        for key, heading in offered.items():
            page.cell(20 + at, AT[key]).value = lists[heading][at]
    book.save(template)
    codes = {issue.code for issue in parse_workbook(template).issues()}
    assert not codes & {"poverty.unknown_word", "group.unknown_word", "sex.unknown_word"}


def test_the_empty_template_takes_new_people(register: Context, tmp_path: Path) -> None:
    out = tmp_path / "trong.xlsx"
    assert write_template(register, out, is_empty=True) == 0
    book = load_workbook(out)
    assert book.sheetnames == [PEOPLE_SHEET, GUIDE_SHEET]
    change(out, household_code_3="777", hamlet_3="Thôn 1", name_3="Bùi Thị Mỵ", birth_3="03/06/2009", sex_3="Nữ",
           relation_3="Chủ hộ")  # fmt: skip
    result = brought(register, out)
    assert (result.created, result.households_created) == (1, 1)
    assert not result.warnings


def test_one_hamlet_can_be_taken_out_alone(register: Context, tmp_path: Path) -> None:
    with register.read() as connection:
        uid = Uid(connection.exec_driver_sql("SELECT lower(hex(uid)) FROM hamlet WHERE name = 'Thôn 2'").scalar_one())
    out = tmp_path / "thon 2.xlsx"
    assert write_template(register, out, hamlet=uid) == 2
    assert [row.row.name for row in plan_of(register, out).rows] == ["Võ Đạt", "Võ Thị Đào"]
    assert brought(register, out).operation is None
    with pytest.raises(UserError) as refusal:
        write_template(register, out, hamlet=Uid("0" * 32))
    assert refusal.value.code == "template.nobody"
    assert len(plan_of(register, out).rows) == 2


def test_people_without_household_stand_apart_and_stay_without(register: Context, template: Path) -> None:
    page = load_workbook(template)[HOMELESS_SHEET]
    assert [page.cell(row, 1).value for row in (3, 4)] == [ALONE[0][0], ALONE[1][0]]
    assert page.cell(2, 1).value == "Họ và tên *"


def test_taking_people_out_is_written_down_and_an_empty_template_is_not(register: Context, template: Path) -> None:
    newest = operations(register, limit=1)[0]
    assert (newest.kind, "6" in newest.sentence) == ("list.export", True)
    write_template(register, template.parent / "trong.xlsx", is_empty=True)
    assert operations(register, limit=1)[0].id == newest.id


def test_a_text_that_begins_like_a_formula_stays_a_text(register: Context, template: Path, tmp_path: Path) -> None:
    change(template, note_5="x")
    book = load_workbook(template)
    cell = book[PEOPLE_SHEET].cell(5, AT["note"])
    cell.value = "=1+1"
    cell.data_type = "s"
    book.save(template)
    assert brought(register, template).updated == 1
    again = tmp_path / "lai.xlsx"
    write_template(register, again)
    cell = load_workbook(again)[PEOPLE_SHEET].cell(5, AT["note"])
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_row_typed_over_by_somebody_else_is_asked_about(register: Context, template: Path) -> None:
    change(template, name_3="Phạm Đức Thắng", birth_3="11/12/1966", cccd_3=None)
    row = next(row for row in plan_of(register, template).rows if row.row.row == 3)
    assert row.fate is RowFate.DOUBTFUL
    assert row.candidates[0].person.values["full_name"] == "Lê Văn An"


def test_a_row_copied_for_somebody_else_is_not_the_person_it_was_copied_from(register: Context, template: Path) -> None:
    """People copy the row of a brother for a new-born: the hidden code goes with it."""
    book = load_workbook(template)
    page = book[PEOPLE_SHEET]
    for above in (True, False):
        page.insert_rows(5)
        for column in range(1, len(COLUMNS) + 1):
            page.cell(5, column).value = page.cell(4, column).value
        at = 4 if above else 5
        page.cell(at, AT["name"]).value = "Lê Tí Hon" if above else "Lê Bé Út"
        page.cell(at, AT["birth"]).value = "2026" if above else "2025"
        page.cell(at, AT["relation"]).value = "Con"
    book.save(template)
    plan = plan_of(register, template)
    fates = {row.row.name: row.fate for row in plan.rows}
    assert fates["Trần Thị Bình"] is RowFate.UNCHANGED
    assert {fates["Lê Tí Hon"], fates["Lê Bé Út"]} <= {RowFate.NEW, RowFate.DOUBTFUL}
    apply_plan(register, plan)
    assert [row.name for row in exported_citizens(register)].count("Trần Thị Bình") == 1
