"""Lists of clans, organizations, branches and hamlets come in field by field, once, in one undoable operation."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import xlwt

from desktop_app.cli import main
from desktop_app.models.types import OrganizationKind
from desktop_app.services.context import Context
from desktop_app.services.importing.apply import ImportResult, import_citizens
from desktop_app.services.importing.kinds import ListKind
from desktop_app.services.importing.parse import ParseOptions, parse_workbook
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.planning.planned import RowFate
from desktop_app.services.importing.preview import UnitRow
from desktop_app.services.registry import units_edit
from tests.factories import make_register
from tests.services.importing.helpers import HEADING, write_xlsx

CLANS = (
    ("UBND XÃ PHÚ AN",),
    ("DANH SÁCH DÒNG HỌ NĂM 2026",),
    (),
    ("TT", "Tên dòng họ", "Trưởng họ", "Số hộ", "Thôn", "Điện thoại"),
    (1, "Họ Nguyễn", "Ông Nguyễn Văn An", 12, "Thôn 1", 912345678),
    (2, "Trần", "Trần Văn Bình (0987 654 321)", 5, "T2", ""),
    (3, "Họ Lê", "", 4, "Thôn 2", "0911.222.333"),
    ("", "Tổng cộng", "", 21),
    ("", "", "", "", "Người lập"),
)
UNITS = (
    ("TT", "Tên đơn vị", "Loại", "Địa chỉ", "Người phụ trách", "Điện thoại"),
    (1, "Trường TH Số 1", "Trường học", "Thôn 1", "Lê Thị Hoa", "0912345678"),
    (2, "HTX Nông nghiệp Phú An", "Hợp tác xã", "Thôn 2", "TRẦN VĂN BA", ""),
    (3, "Trạm Y tế", "Lạ lùng", "", "", ""),
)
BRANCHES = (
    ("DANH SÁCH CHI HỘI KHUYẾN HỌC",),
    ("STT", "Mã chi hội", "Tên chi hội", "Chi hội trưởng", "SĐT", "Trực thuộc đơn vị"),
    (1, "CH01", "Chi hội Thôn 1", "Nguyễn Văn An", "0912345678", ""),
    (2, "CH02", "Chi hội Trường TH Số 1", "Trần Thị Bình", "", "Trường TH Số 1"),
)
HAMLETS = (
    ("DANH SÁCH CÁC THÔN",),
    ("STT", "Thôn", "Trưởng thôn", "Số hộ", "Điện thoại"),
    (1, "Thôn 1", "Nguyễn Văn An", 120, "0912345678"),
    (2, 2, "Nguyễn Văn Ba", 98, ""),
)
STORED = {
    "clan": "SELECT t.name, hamlet.name, t.surname, t.leader, t.phone FROM clan t "
    "LEFT JOIN hamlet ON hamlet.id = t.hamlet_id WHERE t.present ORDER BY t.id",
    "organization": "SELECT name, kind, address, leader, phone FROM organization t WHERE present ORDER BY id",
    "branch": "SELECT t.code, t.name, t.leader, t.phone, organization.name FROM branch t "
    "LEFT JOIN organization ON organization.id = t.organization_id WHERE t.present ORDER BY t.id",
    "hamlet": "SELECT name, leader, phone FROM hamlet t WHERE present ORDER BY id",
}


@pytest.fixture
def register(tmp_path: Path) -> Context:
    return make_register(tmp_path, hamlets=())


def load(context: Context, folder: Path, *rows: tuple[object, ...], **options: Any) -> ImportResult:
    path = write_xlsx(folder / "list.xlsx", {"Danh sách": rows})
    return import_citizens(context, parse_workbook(path), is_other_commune=True, **options)


def read(folder: Path, *rows: tuple[object, ...], options: ParseOptions | None = None) -> tuple[UnitRow, ...]:
    path = write_xlsx(folder / "list.xlsx", {"Danh sách": rows})
    return parse_workbook(path, options=options or ParseOptions()).units


def stored(context: Context, table: str) -> list[tuple[Any, ...]]:
    with context.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(STORED[table])]


def test_clans_come_in_with_leaders_phones_and_hamlets(register: Context, tmp_path: Path) -> None:
    result = load(register, tmp_path, *CLANS)
    assert (result.rows, result.unit_rows.rows, result.unit_rows.created) == (0, 3, 3)
    assert stored(register, "clan") == [
        ("Họ Nguyễn", "Thôn 1", "Nguyễn", "Nguyễn Văn An", "0912345678"),
        ("Họ Trần", "Thôn 2", "Trần", "Trần Văn Bình", "0987654321"),
        ("Họ Lê", "Thôn 2", "Lê", None, "0911222333"),
    ]
    assert [name for name, *_ in stored(register, "hamlet")] == ["Thôn 1", "Thôn 2"]
    said = {issue.code for issue in result.warnings}
    assert {"units.counted", "phone.lost_zero", "hamlet.new"} <= said


def test_organizations_come_in_with_kind_and_address(register: Context, tmp_path: Path) -> None:
    result = load(register, tmp_path, *UNITS)
    assert stored(register, "organization") == [
        ("Trường TH Số 1", "school", "Thôn 1", "Lê Thị Hoa", "0912345678"),
        ("HTX Nông nghiệp Phú An", "cooperative", "Thôn 2", "TRẦN VĂN BA", None),
        ("Trạm Y tế", "agency", None, None, None),
    ]
    assert "unit.kind_unknown" in {issue.code for issue in result.warnings}


def test_branches_come_in_with_codes_and_the_unit_they_belong_to(register: Context, tmp_path: Path) -> None:
    load(register, tmp_path, *UNITS)
    load(register, tmp_path, *BRANCHES)
    assert stored(register, "branch") == [
        ("CH01", "Chi hội Thôn 1", "Nguyễn Văn An", "0912345678", None),
        ("CH02", "Chi hội Trường TH Số 1", "Trần Thị Bình", None, "Trường TH Số 1"),
    ]


def test_hamlets_get_their_leaders(register: Context, tmp_path: Path) -> None:
    units_edit.save_hamlet(register, None, {"name": "Thôn 1", "phone": "0900000001"})
    result = load(register, tmp_path, *HAMLETS)
    assert (result.unit_rows.created, result.unit_rows.updated) == (1, 1)
    assert stored(register, "hamlet") == [
        ("Thôn 1", "Nguyễn Văn An", "0912345678"), ("Thôn 2", "Nguyễn Văn Ba", None),
    ]  # fmt: skip


ALL = {"clan": CLANS, "organization": UNITS, "branch": BRANCHES, "hamlet": HAMLETS}


@pytest.mark.parametrize("table", list(ALL))
def test_the_same_list_twice_changes_nothing_and_one_undo_takes_it_out(
    register: Context, tmp_path: Path, table: str
) -> None:
    before = stored(register, table)
    first = load(register, tmp_path, *ALL[table])
    made = stored(register, table)
    again = load(register, tmp_path, *ALL[table])
    assert (again.operation, again.unit_rows.created, again.unit_rows.updated) == (None, 0, 0)
    assert again.unit_rows.unchanged == first.unit_rows.rows
    assert stored(register, table) == made
    assert first.operation is not None
    register.journal.undo(first.operation)
    assert stored(register, table) == before
    assert load(register, tmp_path, *ALL[table]).unit_rows == first.unit_rows
    assert stored(register, table) == made


def test_a_preview_tells_each_changed_field_and_writes_nothing(register: Context, tmp_path: Path) -> None:
    units_edit.save_organization(
        register, None, {"name": "Trường Tiểu học Số 1", "kind": "other", "leader": "Võ Đạt", "note": "giữ"}
    )
    path = write_xlsx(tmp_path / "list.xlsx", {"DS": UNITS})
    with register.read() as connection:
        plan = plan_import(connection, parse_workbook(path))
    school, coop, _ = plan.unit_rows
    assert (school.fate, coop.fate) == (RowFate.CHANGED, RowFate.NEW)
    assert school.changes == {
        "kind": ("other", "school"), "address": ("", "Thôn 1"), "leader": ("Võ Đạt", "Lê Thị Hoa"),
        "phone": ("", "0912345678"), "hamlet": ("", "Thôn 1"),
    }  # fmt: skip
    assert load(register, tmp_path, *UNITS, is_dry_run=True).unit_rows.updated == 1
    assert [row[3] for row in stored(register, "organization")] == ["Võ Đạt"]


def test_an_empty_cell_clears_nothing(register: Context, tmp_path: Path) -> None:
    load(register, tmp_path, *UNITS)
    before = stored(register, "organization")
    blank = [UNITS[0], *((number, name, "", "", "", "") for number, name, *_ in UNITS[1:])]
    result = load(register, tmp_path, *blank)
    assert (result.operation, result.unit_rows.unchanged) == (None, 3)
    assert stored(register, "organization") == before


def test_two_clans_of_a_name_are_told_apart_by_hamlet_or_refused(register: Context, tmp_path: Path) -> None:
    heading = ("Tên dòng họ", "Trưởng họ", "Thôn")
    load(register, tmp_path, heading, ("Họ Võ", "Võ An", "Thôn 1"), ("Họ Võ", "Võ Bình", "Thôn 2"))
    assert [row[:2] + row[3:4] for row in stored(register, "clan")] == [
        ("Họ Võ", "Thôn 1", "Võ An"), ("Họ Võ (Thôn 2)", "Thôn 2", "Võ Bình"),
    ]  # fmt: skip
    result = load(register, tmp_path, heading, ("Họ Võ", "Võ Cường", ""), ("Họ Võ", "Võ Dũng", "Thôn 2"))
    assert (result.unit_rows.refused, result.unit_rows.updated) == (1, 1)
    assert "Thôn 1, Thôn 2" in next(item.message for item in result.errors if item.code == "unit.ambiguous")
    assert [row[3] for row in stored(register, "clan")] == ["Võ An", "Võ Dũng"]


def test_a_unit_told_twice_is_made_once(register: Context, tmp_path: Path) -> None:
    result = load(register, tmp_path, *UNITS, (4, "Trường Tiểu học số 1", "", "", "Người Khác", ""))
    assert "unit.repeated" in {issue.code for issue in result.warnings}
    assert len(stored(register, "organization")) == 3
    assert stored(register, "organization")[0][3] == "Lê Thị Hoa"


def test_rows_without_a_name_are_refused_and_the_others_come_in(register: Context, tmp_path: Path) -> None:
    result = load(register, tmp_path, *UNITS, (4, "", "Trường học", "Thôn 3", "Lê Thị Lan", ""))
    assert [(issue.code, issue.row) for issue in result.errors] == [("unit.no_name", 5)]
    assert (result.unit_rows.created, result.unit_rows.refused) == (3, 1)


def test_people_of_another_sheet_join_the_clan_that_the_list_of_clans_makes(register: Context, tmp_path: Path) -> None:
    people = [(*HEADING, "Thôn", "Dòng họ"),
              ("H01", "Nguyễn Văn An", "Chủ hộ", "Nam", "05/03/1960", "", "Thôn 1", "Nguyễn"),
              ("H02", "Trần Văn Ba", "Chủ hộ", "Nam", "05/03/1970", "", "Thôn 2", "Họ Trần")]  # fmt: skip
    path = write_xlsx(tmp_path / "all.xlsx", {"Người": people, "Dòng họ": CLANS})
    result = import_citizens(register, parse_workbook(path), is_other_commune=True)
    assert (result.created, result.units.clans_created, result.units.households_joined) == (2, 3, 2)
    assert [row[0] for row in stored(register, "clan")] == ["Họ Nguyễn", "Họ Trần", "Họ Lê"]
    assert import_citizens(register, parse_workbook(path), is_other_commune=True).operation is None


def test_columns_beside_people_fill_their_units_when_they_agree(register: Context, tmp_path: Path) -> None:
    heading = ("Họ và tên", "Ngày sinh", "Đơn vị công tác", "Thủ trưởng đơn vị", "Điện thoại đơn vị", "Loại đơn vị",
               "Địa chỉ đơn vị", "Điện thoại")  # fmt: skip
    rows = [
        ("Lê Thị Dung", "02/01/1980", "Trường TH Số 1", "Trần Văn Bê", "02553123456", "Trường học", "Thôn 1", ""),
        ("Lê Thị Dinh", "02/01/1981", "Trường TH Số 1", "Trần Văn Bê", "", "", "", "0912345678"),
        ("Lê Văn Dinh", "02/01/1985", "HTX Phú An", "Trần Văn Xê", "", "", "", ""),
        ("Lê Văn Du", "02/01/1985", "HTX Phú An", "Trần Văn Xi", "", "", "", ""),
    ]
    result = load(register, tmp_path, heading, *rows)
    assert stored(register, "organization") == [
        ("Trường TH Số 1", "school", "Thôn 1", "Trần Văn Bê", "02553123456"),
        ("HTX Phú An", "cooperative", None, None, None),
    ]
    assert "người phụ trách" in next(item.message for item in result.warnings if item.code == "unit.unclear")
    assert load(register, tmp_path, heading, *rows).operation is None


def test_a_leader_of_a_clan_stands_beside_its_people(register: Context, tmp_path: Path) -> None:
    heading = (*HEADING, "Thôn", "Dòng họ", "Trưởng họ", "Chi hội")
    row = ("H01", "Nguyễn Văn An", "Chủ hộ", "Nam", "05/03/1960", "", "Thôn 1", "Nguyễn", "Nguyễn Văn Cả", "CH01")
    load(register, tmp_path, heading, row)
    assert [row[3] for row in stored(register, "clan")] == ["Nguyễn Văn Cả"]
    assert [row[2] for row in stored(register, "branch")] == [None]


@pytest.mark.parametrize(
    ("rows", "kind", "found"),
    [
        ((("Tên dòng họ", "Trưởng họ"), ("Họ Võ", "Võ An")), ListKind.CLANS, ("Họ Võ", "Võ An")),
        (
            (("DANH SÁCH TRƯỞNG HỌ",), ("STT", "Họ và tên", "Dòng họ", "Điện thoại"), (1, "Võ An", "Họ Võ", "")),
            ListKind.CLANS, ("Họ Võ", "Võ An"),
        ),
        (
            (("DANH SÁCH CHI HỘI TRƯỞNG",), ("STT", "Thôn", "Họ và tên", "Điện thoại"), (1, "Thôn 1", "Võ An", "")),
            ListKind.BRANCHES, ("Chi hội Thôn 1", "Võ An"),
        ),
        (
            (("DANH SÁCH TRƯỞNG THÔN, TỔ TRƯỞNG",), ("STT", "Họ và tên", "Thôn"), (1, "Võ An", "Thôn 1")),
            ListKind.HAMLETS, ("Thôn 1", "Võ An"),
        ),
        (
            (("DANH SÁCH ĐƠN VỊ",), ("TT", "Tên", "Loại", "Người phụ trách"), (1, "HTX Phú An", "HTX", "Võ An")),
            ListKind.ORGANIZATIONS, ("HTX Phú An", "Võ An"),
        ),
    ],
)  # fmt: skip
def test_the_headings_of_offices_are_understood(
    tmp_path: Path, rows: tuple[tuple[object, ...], ...], kind: ListKind, found: tuple[str, str]
) -> None:
    assert [(row.kind, row.name, row.leader) for row in read(tmp_path, *rows)] == [(kind, *found)]


def test_merged_hamlets_and_sections_hold_for_the_clans_below(tmp_path: Path) -> None:
    rows = [("TT", "Thôn", "Tên dòng họ", "Trưởng họ"), (1, "Thôn 1", "Họ Võ", "Võ An"), (2, "", "Họ Lê", "Lê An"),
            (3, "Thôn 2", "Họ Trần", "Trần An"), (4, "", "Họ Phan", "Phan An")]  # fmt: skip
    path = write_xlsx(tmp_path / "a.xlsx", {"DS": rows}, merges=["B2:B3"])
    assert [row.hamlet for row in parse_workbook(path).units] == ["Thôn 1", "Thôn 1", "Thôn 2", ""]
    found = read(tmp_path, ("TT", "Tên dòng họ", "Trưởng họ"), ("THÔN 3",), (1, "Họ Võ", "Võ An"))
    assert [(row.name, row.hamlet) for row in found] == [("Họ Võ", "Thôn 3")]


def test_leaders_in_capitals_are_changed_on_request_only(tmp_path: Path) -> None:
    assert read(tmp_path, *UNITS)[1].leader == "TRẦN VĂN BA"
    assert read(tmp_path, *UNITS, options=ParseOptions(name_case=True))[1].leader == "Trần Văn Ba"


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Trường học", "school"), ("HTX", "cooperative"), ("Công ty TNHH", "enterprise"), ("Cơ quan nhà nước", "agency"),
     ("Khác", "other")],
)  # fmt: skip
def test_words_for_kinds_of_units_are_known(tmp_path: Path, word: str, kind: str) -> None:
    rows = [("Tên đơn vị", "Loại đơn vị", "Người phụ trách"), ("Nơi nào đó", word, "Võ An")]
    assert read(tmp_path, *rows)[0].unit_kind is OrganizationKind(kind)


def test_a_list_in_an_old_xls_file_comes_in_alike(register: Context, tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Dòng họ")
    for number, row in enumerate(CLANS):
        for column, value in enumerate(row):
            page.write(number, column, value)
    book.save(str(tmp_path / "ho.xls"))
    result = import_citizens(register, parse_workbook(tmp_path / "ho.xls"), is_other_commune=True)
    assert result.unit_rows.created == 3
    assert stored(register, "clan")[0] == ("Họ Nguyễn", "Thôn 1", "Nguyễn", "Nguyễn Văn An", "0912345678")


def test_a_list_in_csv_comes_in_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path / "data")]
    assert main([*data, "init", "--commune", "30436", "--year", "2026", "--json"]) == 0
    path = tmp_path / "don vi.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(UNITS)
    capsys.readouterr()
    assert main([*data, "import", "citizens", str(path), "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["rows"], done["organizations_created"], done["unit_rows"]["created"]) == (0, 3, 3)
    assert main([*data, "import", "citizens", str(path)]) == 0
    assert "như cũ 3" in capsys.readouterr().out


def test_the_journal_says_what_came_in(register: Context, tmp_path: Path) -> None:
    people = [(*HEADING, "Dòng họ"), ("H01", "Nguyễn Văn An", "Chủ hộ", "Nam", "05/03/1960", "", "Nguyễn")]
    load(register, tmp_path, *people)
    path = write_xlsx(tmp_path / "both.xlsx", {"Danh sách": people, "Dòng họ": CLANS[3:]})
    import_citizens(register, parse_workbook(path))
    with register.read() as connection:
        found = connection.exec_driver_sql("SELECT kind, args FROM operation ORDER BY sequence DESC LIMIT 2").all()
    assert [(kind, json.loads(args)["count"]) for kind, args in found] == [("import.units", 3), ("import.citizens", 1)]
