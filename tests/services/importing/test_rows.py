"""Rows into persons: dittos, numbers, sexes, hamlets, groups, and what is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.types import CitizenGroup, LifeStatus, Sex
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.parse import ParseOptions, parse_workbook
from desktop_app.services.vietnamese import PartialDate
from tests.services.importing.helpers import HEADING, codes_of, parse_rows, write_xlsx


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


def test_a_section_with_its_counts_tells_only_the_hamlet(tmp_path: Path) -> None:
    rows = (
        ("THÔN 1 (có 2 hộ, 5 khẩu)", "", ""),
        (1, "Nguyễn Văn An", "1960"),
        ("THÔN 2: 3 hộ", "", ""),
        (2, "Lê Thị Cúc", "1962"),
    )
    found = parse_rows(tmp_path, ("STT", "Họ và tên", "Năm sinh"), *rows, sheet="DS")
    assert [row.hamlet for row in found.rows] == ["Thôn 1", "Thôn 2"]


def test_what_a_line_says_of_a_hamlet_does_not_make_a_person_of_it(tmp_path: Path) -> None:
    heading = ("Mã thôn", "Họ và tên", "Giới tính", "Năm sinh")
    rows = [("01", "Thôn 1", "", ""), ("", "Nguyễn Văn An", "Nam", 1960), ("02", "Thôn 2", "", ""),
            ("02", "Vũ Văn Gấc", "Nam", "")]  # fmt: skip
    found = parse_rows(tmp_path, heading, *rows, sheet="DS")
    assert [(row.name, row.hamlet) for row in found.rows] == [("Nguyễn Văn An", "Thôn 1"), ("Vũ Văn Gấc", "Thôn 2")]
    assert codes_of(found) == []
