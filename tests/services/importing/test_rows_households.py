"""Rows into households: where one begins, what holds for all its members."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.types import Poverty
from desktop_app.services.importing.parse import parse_workbook
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
