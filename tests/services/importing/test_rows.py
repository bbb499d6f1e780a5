"""Rows into persons: households carried down, dittos, dates, numbers, sexes, and what is told of them."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from desktop_app.models.types import CitizenGroup, LifeStatus, Poverty, Sex
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.mapping import ColumnMapping
from desktop_app.services.importing.parse import ParseOptions, parse_workbook
from desktop_app.services.importing.preview import Severity
from desktop_app.services.vietnamese import PartialDate
from tests.services.importing.helpers import HEADING, codes_of, parse_rows, write_xlsx


def test_household_data_on_the_first_row_hold_for_all_members(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Mã hộ", "Thôn", "Địa chỉ", "Diện hộ", "Họ và tên", "Quan hệ"),
        ("H1", "Thôn 5", "Số 9", "Hộ nghèo", "Nguyễn Văn An", "Chủ hộ"),
        ("", "", "", "", "Trần Thị Bình", "Vợ"),
        ("H2", "thôn 05", "Số 10", "", "Lê Văn Cường", "Chủ hộ"),
        ("", "", "", "", "Lê Thị Dung", "Con"),
    )
    assert [(row.household_code, row.hamlet, row.address, row.poverty) for row in found.rows] == [
        ("H1", "Thôn 5", "Số 9", Poverty.POOR),
        ("H1", "Thôn 5", "Số 9", Poverty.POOR),
        ("H2", "Thôn 5", "Số 10", None),
        ("H2", "Thôn 5", "Số 10", None),
    ]
    assert [row.row for row in found.rows] == [2, 3, 4, 5]


def test_a_ditto_mark_is_the_value_above_and_is_never_stored(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Mã hộ", "Họ và tên", "Quan hệ", "Dân tộc", "Nghề nghiệp"),
        ("H1", "Nguyễn Văn An", "Chủ hộ", "Tày", "Nông dân"),
        ("nt", "Nguyễn Thị Bình", "Con", "nt", "″"),
        ("-nt-", "Nguyễn Văn Cường", "nt", '"', "-"),
    )
    assert [row.relation for row in found.rows] == ["Chủ hộ", "Con", "Con"]
    assert [row.ethnicity for row in found.rows] == ["Tày"] * 3
    assert [row.occupation for row in found.rows] == ["Nông dân", "Nông dân", ""]
    assert {row.household_code for row in found.rows} == {"H1"}


def test_a_ditto_under_the_head_makes_no_second_head(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path, ("Mã hộ", "Họ và tên", "Quan hệ"), ("H1", "Nguyễn Văn An", "Chủ hộ"), ("", "Nguyễn Văn Bình", "nt")
    )
    assert found.rows[1].relation == ""
    assert "relation.ditto_head" in codes_of(found)


def _homes(*rows: tuple[object, ...], folder: Path, first: str = "TT hộ") -> list[tuple[str, object]]:
    found = parse_rows(folder, (first, "Mã hộ", "Họ và tên", "Quan hệ"), *rows)
    numbers = [row.household for row in found.rows]
    return [(row.household_code, numbers.index(row.household)) for row in found.rows]


@pytest.mark.parametrize("first", ["TT hộ", "Chủ hộ"])
def test_a_household_goes_on_with_its_number_or_head_when_the_code_stands_only_once(tmp_path: Path, first: str) -> None:
    one, two, three = (1, 2, 3) if first == "TT hộ" else ("Lê Văn Mộ", "Vũ Văn Năm", "Hồ Thị Bảy")
    assert _homes(
        (one, "A", "Lê Văn Mộ", "Chủ hộ"),
        (one, "", "Lê Thị Hai", "Vợ"),
        (one, "", "Lê Văn Ba", "Con"),
        (two, "B", "Vũ Văn Năm", "Chủ hộ"),
        (two, "", "Vũ Văn Sáu", "Con"),
        (three, "", "Hồ Thị Bảy", "Chủ hộ"),
        (three, "", "Hồ Văn Tám", "Con"),
        folder=tmp_path,
        first=first,
    ) == [("A", 0), ("A", 0), ("A", 0), ("B", 3), ("B", 3), ("", 5), ("", 5)]


@pytest.mark.parametrize("emptied", range(3))
def test_a_code_emptied_anywhere_in_a_household_takes_nobody_out_of_it(tmp_path: Path, emptied: int) -> None:
    rows = [[1, "A", "Lê Văn Mộ", "Chủ hộ"], [1, "A", "Lê Thị Hai", "Vợ"], [1, "A", "Lê Văn Ba", "Con"]]
    rows[emptied][1] = ""
    last = (2, "B", "Vũ Văn Năm", "Chủ hộ")
    assert _homes(*map(tuple, rows), last, folder=tmp_path) == [("A", 0)] * 3 + [("B", 3)]


def test_a_code_emptied_in_a_list_sorted_by_name_is_known_by_its_number(tmp_path: Path) -> None:
    assert _homes(
        (2, "B", "Vũ Văn An", "Chủ hộ"),
        (1, "A", "Lê Thị Bé", "Vợ"),
        (2, "", "Vũ Thị Cúc", "Con"),
        (1, "A", "Lê Văn Mộ", "Chủ hộ"),
        folder=tmp_path,
    ) == [("B", 0), ("A", 1), ("B", 0), ("A", 1)]


def test_a_number_that_several_codes_have_gives_no_blank_row_a_code(tmp_path: Path) -> None:
    assert _homes(
        (1, "A", "Lê Văn Mộ", "Chủ hộ"),
        (2, "B", "Vũ Văn Năm", "Chủ hộ"),
        (1, "C", "Hồ Thị Bảy", "Chủ hộ"),
        (2, "", "Hồ Văn Tám", "Chủ hộ"),
        folder=tmp_path,
    ) == [("A", 0), ("B", 1), ("C", 2), ("", 3)]


def test_without_a_code_a_household_begins_at_its_head(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("TT", "Họ và tên", "Quan hệ"),
        (1, "Nguyễn Văn An", "Chủ hộ"),
        (2, "Trần Thị Bình", "Vợ"),
        (3, "Lê Văn Cường", "CH"),
        (4, "Lê Thị Dung", "Con gái"),
    )
    assert [len(members) for members in found.households()] == [2, 2]


def test_without_a_code_a_household_begins_at_a_filled_number(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("TT", "Họ và tên", "Ngày sinh"),
        (1, "Nguyễn Văn An", "1960"),
        ("", "Trần Thị Bình", "1962"),
        ("", "Nguyễn Văn Em", "1990"),
        (2, "Lê Văn Cường", "1970"),
        ("", "Lê Thị Dung", "1999"),
    )
    assert [len(members) for members in found.households()] == [3, 2]


def test_numbers_that_begin_anew_in_each_household_tell_them_apart(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("STT", "Họ và tên", "Ngày sinh"),
        (1, "Nguyễn Văn An", "1960"),
        (2, "Trần Thị Bình", "1962"),
        (1, "Lê Văn Cường", "1970"),
        (2, "Lê Thị Dung", "1999"),
        (3, "Lê Thị Em", "2001"),
    )
    assert [len(members) for members in found.households()] == [2, 3]


def test_a_list_of_heads_has_one_household_per_row(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("TT", "Họ tên chủ hộ", "Năm sinh", "Số nhân khẩu", "Địa chỉ"),
        (1, "Nguyễn Văn An", 1960, 4, "Số 1"),
        (2, "Lê Văn Cường", 1970, 3, "Số 2"),
    )
    assert [len(members) for members in found.households()] == [1, 1]
    assert [row.relation for row in found.rows] == ["Chủ hộ", "Chủ hộ"]
    assert [row.birth for row in found.rows] == [PartialDate(1960), PartialDate(1970)]


def test_a_column_of_heads_beside_the_members_names_groups_them(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Chủ hộ", "Họ và tên thành viên", "Ngày sinh"),
        ("Nguyễn Văn An", "Nguyễn Văn An", "1960"),
        ("", "Trần Thị Bình", "1962"),
        ("Lê Văn Cường", "Lê Văn Cường", "1970"),
    )
    assert [[row.name for row in members] for members in found.households()] == [
        ["Nguyễn Văn An", "Trần Thị Bình"],
        ["Lê Văn Cường"],
    ]
    assert [row.relation for row in found.rows] == ["Chủ hộ", "", "Chủ hộ"]


def test_equal_codes_in_two_hamlets_are_two_households(tmp_path: Path) -> None:
    heading = ("Mã hộ", "Họ và tên", "Quan hệ")
    path = write_xlsx(
        tmp_path / "two.xlsx",
        {
            "Thôn 1": [heading, ("1", "Nguyễn Văn An", "Chủ hộ")],
            "Thôn 2": [heading, ("1", "Lê Văn Cường", "Chủ hộ")],
        },
    )
    assert [len(members) for members in parse_workbook(path).households()] == [1, 1]


def test_the_same_person_on_two_sheets_is_told_and_pointed_to(tmp_path: Path) -> None:
    heading = ("Mã hộ", "Thôn", "Họ và tên", "Ngày sinh", "CCCD")
    person = ("H1", "Thôn 1", "Nguyễn Văn An", "01/02/1960", "031060123456")
    path = write_xlsx(
        tmp_path / "two.xlsx",
        {"Tổng hợp": [heading, person, ("H2", "Thôn 1", "Lê Thị Cúc", "03/04/1970", "")], "Thôn 1": [heading, person]},
    )
    found = parse_workbook(path)
    assert [row.repeats for row in found.rows] == [None, None, 0]
    assert "row.repeated" in codes_of(found)
    assert "household.two_heads" not in codes_of(found)


def test_two_people_without_a_number_are_never_the_same_for_that(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        HEADING,
        ("H1", "Lê Thị Cúc", "Chủ hộ", "Nữ", "1960", ""),
        ("H2", "Lê Thị Cúc", "Chủ hộ", "Nữ", "1960", ""),
    )
    assert [row.repeats for row in found.rows] == [None, None]


def test_a_number_shared_by_two_names_is_told(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        HEADING,
        ("H1", "Nguyễn Văn An", "Chủ hộ", "Nam", "1960", "031060123456"),
        ("H2", "Trần Văn Bình", "Chủ hộ", "Nam", "1960", "031060123456"),
    )
    assert codes_of(found) == ["cccd.shared"]


def test_dates_come_in_all_forms(tmp_path: Path) -> None:
    forms: list[tuple[object, PartialDate]] = [
        ("08/05/1984", PartialDate(1984, 5, 8)),
        ("8-5-1984", PartialDate(1984, 5, 8)),
        ("8.5.1984", PartialDate(1984, 5, 8)),
        ("ngày 8 tháng 5 năm 1984", PartialDate(1984, 5, 8)),
        (datetime.date(1984, 5, 8), PartialDate(1984, 5, 8)),
        (datetime.datetime(1984, 5, 8, 0, 0), PartialDate(1984, 5, 8)),
        (30810, PartialDate(1984, 5, 8)),
        (8051984, PartialDate(1984, 5, 8)),
        ("08051984", PartialDate(1984, 5, 8)),
        ("05/1984", PartialDate(1984, 5)),
        (1984, PartialDate(1984)),
        ("1984", PartialDate(1984)),
        ("khoảng 1984", PartialDate(1984)),
    ]
    rows = [(f"H{n}", "Nguyễn Văn An", "Chủ hộ", "Nam", value, "") for n, (value, _) in enumerate(forms)]
    found = parse_rows(tmp_path, HEADING, *rows)
    assert [row.birth for row in found.rows] == [birth for _, birth in forms]


def test_an_impossible_day_keeps_the_year_and_says_so(tmp_path: Path) -> None:
    found = parse_rows(tmp_path, HEADING, ("H1", "Nguyễn Văn An", "Chủ hộ", "Nam", "31/02/1984", ""))
    assert found.rows[0].birth == PartialDate(1984)
    assert codes_of(found) == ["birth.kept_year"]


def test_an_unreadable_date_refuses_the_row_but_no_other(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        HEADING,
        ("H1", "Nguyễn Văn An", "Chủ hộ", "Nam", "hôm qua", ""),
        ("H2", "Lê Văn Cường", "Chủ hộ", "Nam", "1970", ""),
    )
    assert [row.is_refused for row in found.rows] == [True, False]
    issue = found.rows[0].issues[0]
    assert (issue.severity, issue.code, issue.row, issue.column, issue.title) == (
        Severity.ERROR, "birth.not_a_date", 2, "E", "Ngày sinh",
    )  # fmt: skip
    assert "hôm qua" in issue.message


def test_dates_written_month_first_throughout_are_flagged(tmp_path: Path) -> None:
    dates = ("12/25/1980", "01/31/1975", "03/22/1990", "05/06/1991")
    found = parse_rows(
        tmp_path, HEADING, *((f"H{n}", "Nguyễn Văn An", "Chủ hộ", "Nam", date, "") for n, date in enumerate(dates))
    )
    assert found.rows[0].birth == PartialDate(1980, 12, 25)
    assert "birth.ambiguous" in [issue.code for issue in found.rows[3].issues]


def test_a_number_that_lost_its_zero_is_repaired_and_told(tmp_path: Path) -> None:
    found = parse_rows(tmp_path, HEADING, ("H1", "Nguyễn Văn An", "Chủ hộ", "Nam", "1980", 31080123456))
    assert found.rows[0].cccd == "031080123456"
    assert codes_of(found) == ["cccd.lost_zero"]
    assert "31080123456" not in found.rows[0].issues[0].message


def test_a_number_that_lost_its_digits_is_left_out_and_told(tmp_path: Path) -> None:
    found = parse_rows(tmp_path, HEADING, ("H1", "Nguyễn Văn An", "Chủ hộ", "Nam", "1980", "7.92E+10"))
    assert found.rows[0].cccd is None
    assert codes_of(found) == ["cccd.digits_lost"]
    assert not found.rows[0].is_refused


def test_births_under_nam_and_nu_tell_the_sex(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("TT", "Họ và tên", "Ngày sinh", "", "Quan hệ"),
        ("", "", "Nam", "Nữ", ""),
        (1, "Nguyễn Văn An", "1960", "", "Chủ hộ"),
        (2, "Trần Thị Bình", "", 1962, "Vợ"),
        merges=("C1:D1", "A1:A2", "B1:B2", "E1:E2"),
    )
    assert [(row.sex, row.birth) for row in found.rows] == [
        (Sex.MALE, PartialDate(1960)),
        (Sex.FEMALE, PartialDate(1962)),
    ]


def test_a_missing_sex_comes_from_the_number_or_the_relation_as_a_warning(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Mã hộ", "Họ và tên", "Quan hệ", "Ngày sinh", "CCCD"),
        ("H1", "Nguyễn Văn An", "Chủ hộ", "1980", "031080123456"),
        ("", "Trần Thị Bình", "Vợ", "1982", ""),
        ("", "Nguyễn An Em", "Con", "2005", ""),
        ("H2", "Lê Thị Cúc", "Vợ", "1982", "031082123456"),
    )
    assert [row.sex for row in found.rows] == [Sex.MALE, Sex.FEMALE, None, None]
    assert [issue.code for row in found.rows for issue in row.issues if issue.code.startswith("sex")] == [
        "sex.from_cccd", "sex.from_relation", "sex.unclear",
    ]  # fmt: skip


def test_a_note_or_a_tick_sets_the_poverty_of_the_household(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Mã hộ", "Họ và tên", "Quan hệ", "Ghi chú"),
        ("H1", "Nguyễn Văn An", "Chủ hộ", "Hộ cận nghèo"),
        ("", "Trần Thị Bình", "Vợ", "khuyết tật"),
        ("H2", "Lê Văn Cường", "Chủ hộ", "mới thoát nghèo"),
    )
    assert [row.poverty for row in found.rows] == [Poverty.NEAR_POOR, Poverty.NEAR_POOR, None]
    ticked = parse_rows(
        tmp_path,
        ("Mã hộ", "Họ và tên", "Quan hệ", "Hộ nghèo", "Hộ cận nghèo"),
        ("H1", "Nguyễn Văn An", "Chủ hộ", "x", ""),
        ("H2", "Lê Văn Cường", "Chủ hộ", "", "X"),
        ("H3", "Lê Văn Dũng", "Chủ hộ", "", ""),
    )
    assert [row.poverty for row in ticked.rows] == [Poverty.POOR, Poverty.NEAR_POOR, None]


def test_names_in_two_columns_are_put_together(tmp_path: Path) -> None:
    rows = ((1, "Nguyễn Văn", "An", "1960"), (2, "Trần Thị", "Bình", "1962"), (3, "Lê", "Cúc", "1970"))
    apart = parse_rows(tmp_path, ("TT", "Họ và tên đệm", "Tên", "Ngày sinh"), *rows)
    merged = parse_rows(tmp_path, ("TT", "Họ và tên", "", "Ngày sinh"), *rows, merges=("B1:C1",))
    names = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Cúc"]
    assert [row.name for row in apart.rows] == names
    assert [row.name for row in merged.rows] == names


def test_capitals_become_name_case_only_on_request(tmp_path: Path) -> None:
    row = ("H1", "NGUYỄN VĂN AN", "Chủ hộ", "Nam", "1960", "")
    assert parse_rows(tmp_path, HEADING, row).rows[0].name == "NGUYỄN VĂN AN"
    asked = parse_rows(tmp_path, HEADING, row, options=ParseOptions(name_case=True))
    assert asked.rows[0].name == "Nguyễn Văn An"


def test_totals_signatures_and_typed_signers_are_no_persons(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("TT", "Họ và tên", "Ngày sinh", "CCCD"),
        (1, "Nguyễn Văn An", "1960", ""),
        (2, "Phó Đức Chính", "1962", ""),
        ("", "Cộng trang 1", 2, ""),
        (3, "Lê Thị Cúc", "1970", ""),
        ("", "Tổng cộng: 3 nhân khẩu", "", ""),
        ("", "", "", ""),
        ("", "Người lập biểu", "", "TRƯỞNG THÔN"),
        ("", "(Ký, ghi rõ họ tên)", "", "(Ký tên)"),
        ("", "", "", ""),
        ("", "Nguyễn Văn Lập", "", "Trần Văn Trưởng"),
    )
    assert [row.name for row in found.rows] == ["Nguyễn Văn An", "Phó Đức Chính", "Lê Thị Cúc"]


def test_sections_of_one_sheet_tell_the_hamlet(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("TT", "Họ và tên", "Quan hệ", "Ngày sinh"),
        ("THÔN 2", "", "", ""),
        (1, "Nguyễn Văn An", "Chủ hộ", "1960"),
        ("", "ẤP BÌNH HÒA", "", ""),
        (2, "Lê Thị Cúc", "Chủ hộ", "1970"),
        sheet="Danh sách",
    )
    assert [row.hamlet for row in found.rows] == ["Thôn 2", "Ấp Bình Hòa"]


def test_the_heading_of_a_column_gives_bare_hamlet_names_their_kind(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Họ và tên", "Quan hệ", "Ấp"),
        ("Nguyễn Văn An", "Chủ hộ", "Bình Hòa"),
        ("Lê Thị Cúc", "Chủ hộ", "ấp Bình Hòa"),
        sheet="Danh sách",
    )
    assert [row.hamlet for row in found.rows] == ["Ấp Bình Hòa", "Ấp Bình Hòa"]


def test_a_hamlet_may_come_from_the_address_when_nothing_else_tells(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Mã hộ", "Họ và tên", "Quan hệ", "Địa chỉ"),
        ("H1", "Nguyễn Văn An", "Chủ hộ", "Số 3, Thôn 7"),
        ("", "Trần Thị Bình", "Vợ", ""),
        sheet="Danh sách",
    )
    assert [row.hamlet for row in found.rows] == ["Thôn 7", "Thôn 7"]


def test_a_list_without_any_hamlet_says_so_once(tmp_path: Path) -> None:
    rows = [(f"H{n}", "Nguyễn Văn An", "Chủ hộ", "Nam", 1950 + n, "") for n in range(5)]
    found = parse_rows(tmp_path, HEADING, *rows, sheet="Danh sách")
    assert codes_of(found).count("hamlet.missing") == 1


def test_a_group_in_its_own_words_is_understood(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Họ và tên", "Ngày sinh", "Nhóm đối tượng"),
        ("Nguyễn Văn An", "1960", "Người dân trong xã"),
        ("Lê Thị Cúc", "2008", "Học sinh, sinh viên"),
        ("Lê Thị Dung", "1990", "khác lạ"),
    )
    assert [row.group for row in found.rows] == [CitizenGroup.RESIDENT, CitizenGroup.STUDENT, None]
    assert codes_of(found).count("group.unknown_word") == 1


def test_further_columns_are_kept_beside_the_person(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Họ và tên", "Ngày sinh", "Dòng họ", "Mã chi hội", "Danh hiệu năm trước"),
        ("Nguyễn Văn An", "1960", "Nguyễn Văn", "CH-01", "Công dân học tập"),
    )
    assert found.rows[0].extra == (
        ("clan", "Nguyễn Văn"), ("branch_code", "CH-01"), ("last_title", "Công dân học tập"),
    )  # fmt: skip


def test_a_person_corrects_cells_mapping_and_heading(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "list.xlsx",
        {"Thôn 1": [("A", "B", "C"), ("Nguyễn Văn An", "chủ nhà", "1960"), ("Lê Thị Cúc", "con cả", "không nhớ")]},
    )
    mapping = ColumnMapping((Field.NAME, Field.RELATION, Field.IGNORE)).with_column(2, Field.BIRTH)
    options = ParseOptions(header_rows={"Thôn 1": (1, 1)}, cells={("Thôn 1", 3, 2): "1985"})
    found = parse_workbook(path, mapping={"Thôn 1": mapping}, options=options)
    assert [(row.name, row.birth) for row in found.rows] == [
        ("Nguyễn Văn An", PartialDate(1960)), ("Lê Thị Cúc", PartialDate(1985)),
    ]  # fmt: skip


def test_a_field_belongs_to_one_column_only() -> None:
    mapping = ColumnMapping((Field.NAME, Field.NOTE, Field.IGNORE)).with_column(2, Field.NAME)
    assert mapping.fields == (Field.IGNORE, Field.NOTE, Field.NAME)


def test_lists_of_one_shape_share_a_remembered_mapping(tmp_path: Path) -> None:
    first = parse_rows(tmp_path, ("HỌ VÀ TÊN", "Ngày sinh"), ("Nguyễn Văn An", "1960"))
    shape = first.sheets[0].shape
    swapped = ColumnMapping((Field.NAME, Field.IGNORE))
    path = write_xlsx(tmp_path / "b.xlsx", {"Khác": [("Họ và tên", "Ngày  sinh"), ("Lê Thị Cúc", "1970")]})
    assert parse_workbook(path, mapping={shape: swapped}).rows[0].birth is None


def test_lines_that_head_a_household_begin_it(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("TT", "Họ và tên", "Ngày sinh"),
        (1, "Hộ ông Nguyễn Văn An", ""),
        ("", "Nguyễn Văn An", "1960"),
        ("", "Trần Thị Bình", "1962"),
        (2, "Hộ bà Lê Thị Cúc", ""),
        ("", "Lê Thị Cúc", "1970"),
    )
    assert [[row.name for row in members] for members in found.households()] == [
        ["Nguyễn Văn An", "Trần Thị Bình"],
        ["Lê Thị Cúc"],
    ]


def test_two_of_one_name_in_a_household_are_two_without_a_proof(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path, ("Mã hộ", "Họ và tên", "Quan hệ"), ("H1", "Nguyễn Văn An", "Chủ hộ"), ("", "Nguyễn Văn An", "Con")
    )
    assert [row.repeats for row in found.rows] == [None, None]


def test_a_file_name_tells_the_hamlet_when_nothing_else_does(tmp_path: Path) -> None:
    rows = [HEADING, ("H1", "Nguyễn Văn An", "Chủ hộ", "Nam", "1960", "")]
    told = parse_workbook(write_xlsx(tmp_path / "DS_Thon3.xlsx", {"Sheet1": rows}))
    assert told.rows[0].hamlet == "Thôn 3"
    assert "hamlet.from_file" in codes_of(told)
    month = parse_workbook(write_xlsx(tmp_path / "DS T3 2026.xlsx", {"Sheet1": rows}))
    assert month.rows[0].hamlet == ""


def test_a_text_file_is_a_sheet_called_like_the_file(tmp_path: Path) -> None:
    path = tmp_path / "T5.csv"
    path.write_text("Họ và tên,Ngày sinh\nNguyễn Văn An,1960\n", encoding="utf-8")
    found = parse_workbook(path)
    assert (found.sheets[0].name, found.rows[0].hamlet) == ("T5", "Thôn 5")


def test_a_list_without_numbers_and_dates_goes_on_after_a_page_total(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Họ và tên", "Quan hệ", "Nghề nghiệp"),
        ("Nguyễn Văn An", "Chủ hộ", "Nông dân"),
        ("Cộng trang 1: 1 người", "", ""),
        ("Lê Thị Cúc", "Chủ hộ", "Nông dân"),
        ("Tổng cộng: 2 người", "", ""),
        ("TRƯỞNG THÔN", "", ""),
        ("Trần Văn Lập", "", "Nguyễn Văn Ký"),
    )
    assert [row.name for row in found.rows] == ["Nguyễn Văn An", "Lê Thị Cúc"]


def test_a_row_that_lacks_only_its_name_is_refused_not_passed_over(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("TT", "Họ và tên", "Giới tính", "Ngày sinh", "Nghề nghiệp"),
        (1, "Nguyễn Văn An", "Nam", "1960", "Nông dân"),
        (2, "", "Nam", "1970", "Công chức xã"),
        (3, "", "", "", ""),
    )
    assert [[issue.code for issue in row.issues if row.is_refused] for row in found.rows] == [[], ["name.missing"]]
    assert found.rows[1].issues[0].column == "B"


def test_dates_that_could_be_read_two_ways_keep_their_year_and_are_flagged(tmp_path: Path) -> None:
    mixed = ["24/05/1984", "13/06/1984", "05/24/1985", "06/13/1985", "07/25/1986", "05/08/1990", "05/05/1991", "1970"]
    people = [(f"Nguyễn Văn {name}", birth) for name, birth in zip("ABCDEFGH", mixed, strict=True)]
    found = parse_rows(tmp_path, ("Họ và tên", "Ngày sinh"), *people)
    births = [row.birth for row in found.rows]
    assert births[0] == PartialDate(1984, 5, 24)
    assert births[2] == PartialDate(1985, 5, 24)
    assert births[5:] == [PartialDate(1990), PartialDate(1991, 5, 5), PartialDate(1970)]
    assert [issue.code for issue in found.rows[5].issues] == ["birth.unclear"]


@pytest.mark.parametrize("other", ["25/05/1981", "1981"])
def test_one_date_with_the_month_first_leaves_no_doubtful_day_to_a_guess(tmp_path: Path, other: str) -> None:
    births = ("05/13/1980", other, "06/07/2005")
    people = [(f"Nguyễn Văn {name}", birth) for name, birth in zip("ABC", births, strict=True)]
    found = parse_rows(tmp_path, ("Họ và tên", "Ngày sinh"), *people)
    assert found.rows[0].birth == PartialDate(1980, 5, 13)
    assert found.rows[2].birth == PartialDate(2005)
    assert [issue.code for issue in found.rows[2].issues] == ["birth.unclear"]


def test_one_slip_among_many_clear_dates_costs_no_other_its_day(tmp_path: Path) -> None:
    births = [f"{day}/05/1981" for day in range(13, 28)] + ["05/13/1980", "06/07/2005"]
    people = [(f"Nguyễn Văn {chr(65 + at)}", birth) for at, birth in enumerate(births)]
    found = parse_rows(tmp_path, ("Họ và tên", "Ngày sinh"), *people)
    assert found.rows[-1].birth == PartialDate(2005, 7, 6)


@pytest.mark.parametrize("mark", ["nt", "-nt-", "Như trên", "″"])
def test_a_ditto_mark_is_no_name_and_its_row_is_refused(tmp_path: Path, mark: str) -> None:
    found = parse_rows(
        tmp_path,
        HEADING,
        ("H1", "Lê Văn Mộ", "Chủ hộ", "Nam", "1980", ""),
        ("H1", mark, "Con", "Nam", "2001", ""),
        ("H1", "Lê Thị Ba", "Con", "Nữ", "2003", ""),
    )
    assert [row.is_refused for row in found.rows] == [False, True, False]
    assert [issue.code for issue in found.rows[1].issues if issue.severity is Severity.ERROR] == ["name.not_text"]


def test_days_that_a_machine_took_for_months_keep_their_year_and_are_flagged(tmp_path: Path) -> None:
    births: list[object] = [datetime.date(1980, month, 13 - month) for month in range(1, 11)]
    births += ["24/05/1984", "13/06/1984"]
    people = [(f"Nguyễn Văn {chr(65 + at)}", birth) for at, birth in enumerate(births)]
    found = parse_rows(tmp_path, ("Họ và tên", "Ngày sinh"), *people)
    assert {row.birth for row in found.rows[:10]} == {PartialDate(1980)}
    assert [row.birth for row in found.rows[10:]] == [PartialDate(1984, 5, 24), PartialDate(1984, 6, 13)]


def test_nobody_is_born_after_today(tmp_path: Path) -> None:
    options = ParseOptions(today=datetime.date(2026, 11, 22))
    people = (("Nguyễn Văn An", "05/08/27"), ("Lê Thị Cúc", "05/08/26"), ("Trần Văn Em", "05/08/2027"))
    found = parse_rows(tmp_path, ("Họ và tên", "Ngày sinh"), *people, options=options)
    assert [row.birth for row in found.rows] == [PartialDate(1927, 8, 5), PartialDate(2026, 8, 5), None]
    assert [issue.code for issue in found.rows[2].issues if found.rows[2].is_refused] == ["birth.in_future"]


@pytest.mark.parametrize(
    ("note", "life", "date"),
    [
        ("Đã chết", LifeStatus.DEAD, None),
        ("chết năm 2023", LifeStatus.DEAD, PartialDate(2023)),
        ("Mất ngày 05/03/2024", LifeStatus.DEAD, PartialDate(2024, 3, 5)),
        ("chuyển đi Bình Dương", LifeStatus.MOVED, None),
        ("Chuyển khẩu 2022", LifeStatus.MOVED, PartialDate(2022)),
        ("tạm vắng", LifeStatus.AWAY, None),
        ("chồng đã chết", None, None),
        ("mất sức lao động", None, None),
        ("chết đuối hụt", None, None),
        ("chuyển đến 2020", None, None),
        ("hộ nghèo", None, None),
    ],
)
def test_a_note_tells_of_life_only_where_it_is_plain(
    tmp_path: Path, note: str, life: LifeStatus | None, date: PartialDate | None
) -> None:
    found = parse_rows(tmp_path, ("Họ và tên", "Ngày sinh", "Ghi chú"), ("Nguyễn Văn An", "1950", note))
    assert (found.rows[0].life, found.rows[0].life_date) == (life, date)


def test_a_religion_is_read(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Họ và tên", "Ngày sinh", "Tôn giáo"),
        ("Nguyễn Văn An", "1950", "PHẬT GIÁO"),
        ("Lê Thị Cúc", "1960", "nt"),
        ("Trần Văn Em", "1970", "-"),
    )
    assert [row.religion for row in found.rows] == ["Phật Giáo", "Phật Giáo", ""]


def test_the_size_of_a_household_tells_where_it_begins(tmp_path: Path) -> None:
    first_rows = parse_rows(
        tmp_path,
        ("Họ và tên", "Số khẩu", "Năm sinh"),
        ("Nguyễn Văn An", 2, "1950"),
        ("Lê Thị Cúc", "", "1960"),
        ("Trần Văn Em", 1, "1970"),
    )
    assert [len(members) for members in first_rows.households()] == [2, 1]
    heads = parse_rows(
        tmp_path,
        ("TT", "Họ và tên", "Số khẩu", "Năm sinh"),
        (1, "Nguyễn Văn An", 2, "1950"),
        (2, "Trần Văn Em", 3, "1970"),
    )
    assert [[row.relation for row in members] for members in heads.households()] == [["Chủ hộ"], ["Chủ hộ"]]


def test_where_only_women_are_ticked_the_others_are_men(tmp_path: Path) -> None:
    people = (("Nguyễn Văn An", "", "1960"), ("Lê Thị Cúc", "x", "1970"))
    found = parse_rows(tmp_path, ("Họ và tên", "Nữ", "Năm sinh"), *people)
    assert [row.sex for row in found.rows] == [Sex.MALE, Sex.FEMALE]


def test_an_old_number_stands_in_only_where_the_new_one_lacks(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Họ và tên", "Năm sinh", "CMND", "CCCD"),
        ("Nguyễn Văn An", "1960", "", "079060000011"),
        ("Lê Thị Cúc", "1970", "123456789", ""),
        ("Lê Thị Em", "1970", "123456780", "079170000012"),
    )
    assert [row.cccd for row in found.rows] == ["079060000011", "123456789", "079170000012"]


def test_names_in_three_columns_lose_nothing(tmp_path: Path) -> None:
    people = ((1, "Nguyễn", "Văn", "An", "1960"), (2, "Lê", "Thị Ngọc", "Cúc", "1970"), (3, "Trần", "", "Em", "1980"))
    found = parse_rows(tmp_path, ("STT", "Họ", "Chữ đệm", "Tên", "Năm sinh"), *people)
    assert [row.name for row in found.rows] == ["Nguyễn Văn An", "Lê Thị Ngọc Cúc", "Trần Em"]


def test_titles_before_most_names_are_taken_off_and_tell_the_sex(tmp_path: Path) -> None:
    people = (("Ông Nguyễn Văn An", "1960"), ("Bà Lê Thị Cúc", "1970"), ("Trần Văn Em", "1980"))
    found = parse_rows(tmp_path, ("Họ và tên", "Năm sinh"), *people)
    assert [(row.name, row.sex) for row in found.rows] == [
        ("Nguyễn Văn An", Sex.MALE), ("Lê Thị Cúc", Sex.FEMALE), ("Trần Văn Em", None),
    ]  # fmt: skip
    few = parse_rows(tmp_path, ("Họ và tên", "Năm sinh"), ("Ông Cao Thắng", "1960"), ("Lê Thị Cúc", "1970"))
    assert few.rows[0].name == "Ông Cao Thắng"


def test_a_section_with_its_counts_tells_only_the_hamlet(tmp_path: Path) -> None:
    rows = (
        ("THÔN 1 (có 2 hộ, 5 khẩu)", "", ""),
        (1, "Nguyễn Văn An", "1960"),
        ("THÔN 2: 3 hộ", "", ""),
        (2, "Lê Thị Cúc", "1962"),
    )
    found = parse_rows(tmp_path, ("STT", "Họ và tên", "Năm sinh"), *rows, sheet="DS")
    assert [row.hamlet for row in found.rows] == ["Thôn 1", "Thôn 2"]


def test_the_first_of_two_heads_stays_head_and_the_second_is_told_with_a_blank_relation(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        HEADING,
        ("H1", "Nguyễn Văn An", "Chủ hộ", "Nam", "1960", None),
        ("H1", "Nguyễn Văn Bình", "Chủ hộ", "Nam", "1985", None),
        ("H2", "", "Chủ hộ", "Nam", "1960", None),
        ("H2", "Lê Văn Cường", "Chủ hộ", "Nam", "1985", None),
    )
    assert [row.relation for row in found.rows] == ["Chủ hộ", "", "Chủ hộ", "Chủ hộ"]
    told = [(row.row, issue.code) for row in found.rows for issue in row.issues]
    assert told == [(3, "household.two_heads"), (4, "name.missing")]


def test_people_in_a_second_column_of_names_are_never_lost_silently(tmp_path: Path) -> None:
    couples = (("Lê Văn An", "1960", "Trần Thị Bình"), ("Võ Đạt", "1970", "Phạm Thị Cúc"))
    for heading in (("Họ tên chồng", "Năm sinh", "Họ tên vợ"), ("Họ và tên", "Năm sinh", "Họ và tên")):
        told = [issue for issue in parse_rows(tmp_path, heading, *couples).issues() if "people" in issue.code]
        assert [(issue.code, issue.column) for issue in told] == [("columns.other_people", "C")]
        assert heading[2] in told[0].message


def test_a_spouse_with_a_row_of_his_own_is_no_news(tmp_path: Path) -> None:
    couple = (("Lê Văn An", "1960", "Trần Thị Bình"), ("Trần Thị Bình", "1962", "Lê Văn An"))
    assert "columns.other_people" not in codes_of(parse_rows(tmp_path, ("Họ và tên", "Năm sinh", "Họ tên vợ"), *couple))
