"""Clans, organizations and branches come in with the lists that tell of them, once, and go out by one undo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.cli import main
from desktop_app.services.context import Context
from desktop_app.services.importing.apply import ImportResult, import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.registry import units_edit
from tests.factories import make_register
from tests.services.importing.helpers import HEADING, write_xlsx

PEOPLE = (
    ("H01", "Nguyễn Văn An", "Chủ hộ", "Nam", "05/03/1960", "046060000001"),
    ("H01", "Trần Thị Bình", "Vợ", "Nữ", "07/08/1962", "046162000002"),
    ("H02", "Nguyễn Văn Cường", "Chủ hộ", "Nam", "11/11/1970", "046070000003"),
    ("H03", "Lê Thị Dung", "Chủ hộ", "Nữ", "02/01/1980", "046180000004"),
)


@pytest.fixture
def register(tmp_path: Path) -> Context:
    return make_register(tmp_path, hamlets=())


def load(context: Context, folder: Path, *rows: tuple[object, ...], sheet: str = "Thôn 1", **options: Any):
    path = write_xlsx(folder / "list.xlsx", {sheet: rows})
    return import_citizens(context, parse_workbook(path), **options)


def with_people(context: Context, folder: Path) -> ImportResult:
    return load(context, folder, HEADING, *PEOPLE)


def rows_of(context: Context, query: str) -> list[tuple[Any, ...]]:
    with context.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


CLANS = """SELECT clan.name, hamlet.name, group_concat(household.code, ' ') FROM clan
LEFT JOIN hamlet ON hamlet.id = clan.hamlet_id
JOIN clan_household AS j ON j.clan_id = clan.id AND j.present JOIN household ON household.id = j.household_id
WHERE clan.present GROUP BY clan.id ORDER BY clan.id"""
MEMBERS = """SELECT organization.name, organization.kind, citizen.full_name, j.role FROM organization_member AS j
JOIN organization ON organization.id = j.organization_id JOIN citizen ON citizen.id = j.citizen_id
WHERE j.present AND organization.present ORDER BY j.id"""
BRANCHES = """SELECT branch.code, branch.name, hamlet.name, citizen.full_name FROM citizen
JOIN branch ON branch.id = citizen.branch_id LEFT JOIN hamlet ON hamlet.id = branch.hamlet_id
WHERE branch.present ORDER BY citizen.id"""


def test_a_column_of_clans_puts_households_into_them(register: Context, tmp_path: Path) -> None:
    clans = ("Họ Nguyễn", "", "dòng họ Nguyễn", "Lê")
    rows = [(*person, clan) for person, clan in zip(PEOPLE, clans, strict=True)]
    result = load(register, tmp_path, (*HEADING, "Dòng họ"), *rows)
    assert (result.created, result.units.clans_created, result.units.households_joined) == (4, 2, 3)
    assert rows_of(register, CLANS) == [("Họ Nguyễn", "Thôn 1", "H01 H02"), ("Họ Lê", "Thôn 1", "H03")]


def test_a_clan_of_another_hamlet_is_another_clan(register: Context, tmp_path: Path) -> None:
    heading = ("Thôn", *HEADING, "Dòng họ")
    rows = [(f"Thôn {place}", *person, "Họ Nguyễn") for place, person in zip((1, 1, 2, 2), PEOPLE, strict=True)]
    load(register, tmp_path, heading, *rows, sheet="Danh sách")
    assert rows_of(register, CLANS) == [
        ("Họ Nguyễn", "Thôn 1", "H01"), ("Họ Nguyễn (Thôn 2)", "Thôn 2", "H02 H03"),
    ]  # fmt: skip
    assert load(register, tmp_path, heading, *rows, sheet="Danh sách").operation is None


def test_a_list_of_clans_by_head_joins_households_of_the_register(register: Context, tmp_path: Path) -> None:
    with_people(register, tmp_path)
    units_edit.save_clan(register, None, {"name": "Dòng họ Nguyễn"})
    rows = [("Dòng họ", "Họ tên chủ hộ", "Mã hộ", "Năm sinh"), ("Họ Nguyễn", "Nguyễn Văn An", "H01", "1960"),
            ("Họ Nguyễn", "Nguyễn Văn Cường", "H02", "1970")]  # fmt: skip
    result = load(register, tmp_path, *rows)
    assert (result.created, result.updated, result.doubtful) == (0, 2, 0)
    assert (result.units.clans_created, result.units.households_joined) == (0, 2)
    assert rows_of(register, CLANS) == [("Dòng họ Nguyễn", None, "H01 H02")]


def test_teachers_join_the_school_that_the_title_names(register: Context, tmp_path: Path) -> None:
    with_people(register, tmp_path)
    rows = [
        ("ỦY BAN NHÂN DÂN XÃ PHÚ AN",),
        ("DANH SÁCH CÁN BỘ, GIÁO VIÊN TRƯỜNG TIỂU HỌC SỐ 1 NĂM HỌC 2025-2026",),
        ("TT", "Họ và tên", "Ngày sinh", "Chức vụ"),
        (1, "Lê Thị Dung", "02/01/1980", "Hiệu trưởng"),
        (2, "Trần Thị Bình", "07/08/1962", ""),
        (3, "Phan Thị Mới", "09/09/1990", "Giáo viên"),
        (4, "Hồ Văn Lạ", "", "Bảo vệ"),
    ]
    result = load(register, tmp_path, *rows, sheet="Sheet1", is_other_commune=True)
    assert (result.created, result.refused, result.doubtful) == (1, 1, 0)
    assert [issue.code for issue in result.errors] == ["member.unknown"]
    assert (result.units.organizations_created, result.units.members_joined) == (1, 3)
    assert {row[:3:2] + row[3:] for row in rows_of(register, MEMBERS)} == {
        ("Trường Tiểu Học Số 1", "Lê Thị Dung", "Hiệu trưởng"),
        ("Trường Tiểu Học Số 1", "Trần Thị Bình", None),
        ("Trường Tiểu Học Số 1", "Phan Thị Mới", "Giáo viên"),
    }


def test_a_column_of_units_finds_those_of_the_register_by_short_forms(register: Context, tmp_path: Path) -> None:
    with_people(register, tmp_path)
    units_edit.save_organization(register, None, {"name": "Trường THCS Phú An", "kind": "school"})
    rows = [
        ("Họ và tên", "Ngày sinh", "Số CCCD", "Đơn vị"),
        ("Lê Thị Dung", "02/01/1980", "046180000004", "Trường Trung học cơ sở Phú An"),
        ("Trần Thị Bình", "07/08/1962", "046162000002", "HTX Nông nghiệp Phú An"),
        ("Nguyễn Văn An", "05/03/1960", "046060000001", "Tự do"),
    ]
    result = load(register, tmp_path, *rows, sheet="DS")
    assert (result.units.organizations_created, result.units.members_joined) == (1, 2)
    assert rows_of(register, MEMBERS) == [
        ("Trường THCS Phú An", "school", "Lê Thị Dung", None),
        ("HTX Nông nghiệp Phú An", "cooperative", "Trần Thị Bình", None),
    ]


def test_branch_codes_and_names_are_taken(register: Context, tmp_path: Path) -> None:
    told = ("CH-01", "CH-01", "Chi hội Thôn 1", "")
    rows = [(*person, branch) for person, branch in zip(PEOPLE, told, strict=True)]
    result = load(register, tmp_path, (*HEADING, "Mã chi hội"), *rows)
    assert (result.units.branches_created, result.units.branch_members) == (2, 3)
    assert rows_of(register, BRANCHES) == [
        ("CH-01", "Chi hội CH-01", "Thôn 1", "Nguyễn Văn An"),
        ("CH-01", "Chi hội CH-01", "Thôn 1", "Trần Thị Bình"),
        (None, "Chi hội Thôn 1", "Thôn 1", "Nguyễn Văn Cường"),
    ]


ALL = (*HEADING, "Dòng họ", "Chi hội")
UNITS = [(*person, "Họ Nguyễn", "CH1") for person in PEOPLE]
STAFF = [("DANH SÁCH GIÁO VIÊN TRƯỜNG MẦM NON HOA SEN",), ("Họ và tên", "Ngày sinh"), ("Lê Thị Dung", "02/01/1980")]


def test_the_same_lists_twice_and_empty_cells_change_nothing(register: Context, tmp_path: Path) -> None:
    load(register, tmp_path, ALL, *UNITS)
    load(register, tmp_path, *STAFF)
    assert rows_of(register, MEMBERS) == [("Trường Mầm Non Hoa Sen", "school", "Lê Thị Dung", "giáo viên")]
    before = [rows_of(register, query) for query in (CLANS, MEMBERS, BRANCHES)]
    blank = [(*person, "", "") for person in PEOPLE]
    for rows in ((ALL, *UNITS), STAFF, (ALL, *blank), (HEADING, *PEOPLE)):
        result = load(register, tmp_path, *rows)
        assert (result.operation, result.updated, result.units.members_joined) == (None, 0, 0)
    assert [rows_of(register, query) for query in (CLANS, MEMBERS, BRANCHES)] == before


def test_units_are_told_before_they_are_written_and_undone_with_the_list(register: Context, tmp_path: Path) -> None:
    with_people(register, tmp_path)
    told = load(register, tmp_path, ALL, *UNITS, is_dry_run=True)
    assert rows_of(register, CLANS) == []
    done = load(register, tmp_path, ALL, *UNITS)
    assert (told.units, told.updated) == (done.units, done.updated)
    assert (done.created, done.updated, done.units.branch_members) == (0, 4, 4)
    assert done.operation is not None
    register.journal.undo(done.operation)
    assert [rows_of(register, query) for query in (CLANS, BRANCHES)] == [[], []]
    assert load(register, tmp_path, ALL, *UNITS).units == done.units


@pytest.mark.parametrize("heading", ["Cơ quan công tác", "Tên đơn vị", "Trường", "Đơn vị/Trường", "Cơ quan, đơn vị"])
def test_units_are_found_under_the_headings_that_offices_use(register: Context, tmp_path: Path, heading: str) -> None:
    rows = [("Họ và tên", "Năm sinh", heading), ("Lê Thị Dung", 1980, "Trạm Y tế Phú An")]
    assert load(register, tmp_path, *rows).units.organizations_created == 1
    assert rows_of(register, MEMBERS) == [("Trạm Y tế Phú An", "agency", "Lê Thị Dung", None)]


def test_a_workplace_in_a_list_of_residents_makes_no_unit_of_the_commune(register: Context, tmp_path: Path) -> None:
    units_edit.save_organization(register, None, {"name": "Trường Tiểu học Số 1", "kind": "school"})
    places = ("Trường TH Số 1", "Công ty ABC Bình Dương", "", "")
    rows = [(*person, place) for person, place in zip(PEOPLE, places, strict=True)]
    result = load(register, tmp_path, (*HEADING, "Nơi làm việc"), *rows)
    assert (result.created, result.units.organizations_created, result.units.members_joined) == (4, 0, 1)


def test_the_command_line_tells_what_was_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path / "data")]
    assert main([*data, "init", "--commune", "30436", "--year", "2026", "--json"]) == 0
    path = write_xlsx(tmp_path / "units.xlsx", {"Thôn 1": [ALL, *UNITS]})
    capsys.readouterr()
    assert main([*data, "import", "citizens", str(path), "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["created"], done["clans_created"], done["households_joined"]) == (4, 1, 3)
    assert (done["branches_created"], done["branch_members"], done["organizations_created"]) == (1, 4, 0)
    assert main([*data, "import", "citizens", str(path), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["operation"], again["unchanged"], again["clans_created"]) == (None, 4, 0)


def test_branches_of_one_clan_stay_apart_and_keep_the_surname(register: Context, tmp_path: Path) -> None:
    clans = ("Họ Nguyễn (chi 1)", "", "Họ Nguyễn (chi 2)", "Lê Văn")
    rows = [(*person, clan) for person, clan in zip(PEOPLE, clans, strict=True)]
    assert load(register, tmp_path, (*HEADING, "Dòng họ"), *rows).units.clans_created == 3
    assert rows_of(register, "SELECT surname FROM clan ORDER BY id") == [("Nguyễn",), ("Nguyễn",), ("Lê",)]


def test_a_title_may_name_the_branch_of_its_members(register: Context, tmp_path: Path) -> None:
    with_people(register, tmp_path)
    rows = [("DANH SÁCH HỘI VIÊN CHI HỘI KHUYẾN HỌC THÔN 1 NĂM 2026",), ("Họ và tên", "Ngày sinh"),
            ("Lê Thị Dung", "02/01/1980")]  # fmt: skip
    assert load(register, tmp_path, *rows).units.branch_members == 1
    assert rows_of(register, BRANCHES) == [(None, "Chi hội Khuyến Học Thôn 1", "Thôn 1", "Lê Thị Dung")]
    assert load(register, tmp_path, *rows).operation is None
