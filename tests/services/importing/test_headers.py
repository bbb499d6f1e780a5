"""The heading is found by its words: titles above, two or three rows, merged cells, numbers below, or none at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.services.importing.fields import Field, field_of_heading, field_of_path, score_code
from desktop_app.services.importing.headings.headers import find_header
from desktop_app.services.importing.headings.mapping import propose_mapping
from desktop_app.services.importing.parse import parse_workbook
from tests.services.importing.helpers import codes_of, parse_rows

_PLAIN = ("Mã hộ", "Họ và tên", "Ngày sinh", "Giới tính", "Quan hệ", "CCCD", "Thôn", "Điện thoại")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Họ và tên (chữ in hoa)", Field.NAME),
        ("HỌ, CHỮ ĐỆM VÀ TÊN", Field.NAME),
        ("Họ tên chủ hộ", Field.HEAD_NAME),
        ("Họ và tên thành viên trong hộ", Field.NAME),
        ("Họ và tên chủ hộ và các thành viên", Field.NAME),
        ("Quan hệ với\nchủ hộ", Field.RELATION),
        ("Ngày, tháng, năm sinh", Field.BIRTH),
        ("Năm sinh (dd/mm/yyyy)", Field.BIRTH),
        ("Ngày cấp CCCD", Field.IGNORE),
        ("Nơi cấp", Field.IGNORE),
        ("Số CMND/CCCD", Field.CCCD),
        ("Số định danh cá nhân/CMND", Field.CCCD),
        ("ĐT", Field.PHONE),
        ("DT", Field.ETHNICITY),
        ("Hộ", Field.HOUSEHOLD_NO),
        ("Họ", Field.FAMILY_NAME),
        ("Mã số hộ gia đình", Field.HOUSEHOLD_CODE),
        ("Thôn (ấp, bản)", Field.HAMLET),
        ("Tổ dân phố/thôn", Field.HAMLET),
        ("Nơi đăng ký thường trú", Field.ADDRESS),
        ("Hộ nghèo, hộ cận nghèo", Field.POVERTY),
        ("Nhóm đối tượng", Field.GROUP),
        ("Mã chi hội", Field.BRANCH_CODE),
        ("Số nhân khẩu", Field.MEMBER_COUNT),
        ("Tôn giáo", Field.RELIGION),
        ("Q.hệ với CH", Field.RELATION),
        ("N.T.N.S", Field.BIRTH),
        ("D.tộc", Field.ETHNICITY),
        ("Nơi đăng ký HKTT", Field.ADDRESS),
        ("Số HK", Field.HOUSEHOLD_CODE),
        ("Họ tên CH", Field.HEAD_NAME),
        ("Họ tên cha", Field.IGNORE),
        ("Mã số ĐDCN", Field.CCCD),
        ("Là chủ hộ", Field.HEAD_MARK),
        ("STT HGĐ", Field.HOUSEHOLD_NO),
        ("T. T. T", None),
        ("Chỉ số 01", Field.SCORE),
        ("Điều chưa ai nghĩ tới", None),
    ],
)
def test_a_heading_is_understood_by_its_words(heading: str, field: Field | None) -> None:
    assert field_of_heading(heading) is field


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (("Ngày sinh", "Nam"), Field.BIRTH_MALE),
        (("Ngày sinh", "Nữ"), Field.BIRTH_FEMALE),
        (("Ngày sinh", "Năm"), Field.BIRTH_YEAR),
        (("Ngày tháng năm sinh", "Tháng"), Field.BIRTH_MONTH),
        (("Giới tính", "Nam"), Field.MALE_MARK),
        (("Năm sinh nam",), Field.BIRTH_MALE),
        (("CCCD", "Số"), Field.CCCD),
        (("CCCD", "Ngày cấp"), Field.IGNORE),
        (("Chỗ ở", "Thôn"), Field.HAMLET),
        (("Chỗ ở", "Số nhà"), Field.ADDRESS),
        (("Chủ hộ", "Họ và tên"), Field.HEAD_NAME),
        (("Thành viên", "Họ và tên"), Field.NAME),
        (("Họ và tên", "Họ"), Field.FAMILY_NAME),
        (("Nam/Nữ",), Field.SEX),
        ((), None),
    ],
)
def test_a_heading_over_several_rows_is_understood_together(path: tuple[str, ...], field: Field | None) -> None:
    assert field_of_path(path) is field


def test_the_number_of_an_indicator_is_read_from_its_heading() -> None:
    assert [score_code(text) for text in ("CS1", "Chỉ số 10", "Tiêu chí 02", "TC 3", "Tổng", "CS")] == [
        "1", "10", "2", "3", None, None,
    ]  # fmt: skip


def test_titles_group_rows_and_numbers_around_a_heading_are_told_apart() -> None:
    rows = [
        ("UBND XÃ PHÚ AN", "", "", "", "", ""),
        ("", "DANH SÁCH NHÂN KHẨU", "", "", "", ""),
        ("", "", "", "", "", ""),
        ("TT", "Họ và tên", "Ngày sinh", "", "CCCD", ""),
        ("", "", "Nam", "Nữ", "Số", "Ngày cấp"),
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"),
        (1.0, "Nguyễn Văn An", "1960", "", "", ""),
    ]
    merges = [((3, 0), (4, 0)), ((3, 1), (4, 1)), ((3, 2), (3, 3)), ((3, 4), (3, 5)), ((1, 1), (1, 5))]
    header = find_header(rows, merges)
    assert (header.first, header.last, header.data) == (3, 4, 6)
    assert header.titles == ("UBND XÃ PHÚ AN", "DANH SÁCH NHÂN KHẨU")
    assert header.paths[2:] == (("Ngày sinh", "Nam"), ("Ngày sinh", "Nữ"), ("CCCD", "Số"), ("CCCD", "Ngày cấp"))


def test_three_rows_of_heading_are_read_together() -> None:
    rows = [
        ("Thông tin hộ", "", "Thông tin nhân khẩu", "", "", ""),
        ("Mã hộ", "Địa chỉ", "Họ và tên", "Ngày sinh", "", "Quan hệ"),
        ("", "", "", "Nam", "Nữ", ""),
        ("H1", "Số 1", "Nguyễn Văn An", "1960", "", "Chủ hộ"),
    ]
    merges = [((0, 0), (0, 1)), ((0, 2), (0, 5)), ((1, 3), (1, 4)), *(((1, c), (2, c)) for c in (0, 1, 2, 5))]
    header = find_header(rows, merges)
    assert (header.first, header.last, header.data) == (0, 2, 3)
    columns = [list(column) for column in zip(*rows, strict=True)]
    assert propose_mapping(header.paths, columns, header.data).mapping.fields == (
        Field.HOUSEHOLD_CODE, Field.ADDRESS, Field.NAME, Field.BIRTH_MALE, Field.BIRTH_FEMALE, Field.RELATION,
    )  # fmt: skip


def test_two_rows_without_merged_cells_are_read_together() -> None:
    rows = [
        ("TT", "Họ và tên", "Ngày sinh", "", "Quan hệ"),
        ("", "", "Nam", "Nữ", ""),
        ("1", "Nguyễn Văn An", "1960", "", "Chủ hộ"),
    ]
    header = find_header(rows, [])
    assert (header.first, header.last) == (0, 1)
    assert header.paths[2:4] == (("Ngày sinh", "Nam"), ("Ngày sinh", "Nữ"))


def test_words_broken_over_two_rows_are_joined() -> None:
    rows = [
        ("Số", "Họ và", "Ngày, tháng", "Quan hệ", "Nghề"),
        ("TT", "tên", "năm sinh", "với chủ hộ", "nghiệp"),
        ("1", "Nguyễn Văn An", "02/03/1960", "Chủ hộ", "Nông dân"),
    ]
    header = find_header(rows, [])
    assert (header.first, header.last) == (0, 1)
    assert [field_of_path(path) for path in header.paths][1:] == [
        Field.NAME, Field.BIRTH, Field.RELATION, Field.OCCUPATION,
    ]  # fmt: skip


def test_a_section_right_below_the_heading_is_no_heading(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path, ("TT", "Họ và tên", "Quan hệ"), ("Thôn 2", "", ""), (1, "Nguyễn Văn An", "Chủ hộ"), sheet="Danh sách"
    )
    assert found.sheets[0].header_rows == (1, 1)
    assert found.rows[0].hamlet == "Thôn 2"


def test_a_list_without_a_heading_is_understood_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = (
        "1;Nguyễn Văn An;Nam;02/03/1960;031060123456;Chủ hộ",
        "2;Trần Thị Bình;Nữ;05/06/1962;031162123456;Vợ",
        "3;Nguyễn Thị Cúc;Nữ;07/08/1990;;Con",
    )
    path.write_text("\n".join(rows), encoding="utf-8")
    found = parse_workbook(path)
    assert [(row.row, row.name, row.relation) for row in found.rows] == [
        (1, "Nguyễn Văn An", "Chủ hộ"), (2, "Trần Thị Bình", "Vợ"), (3, "Nguyễn Thị Cúc", "Con"),
    ]  # fmt: skip
    assert found.rows[0].cccd == "031060123456"
    assert "header.missing" in codes_of(found)


def test_an_unknown_heading_over_clear_content_is_understood(tmp_path: Path) -> None:
    people = [
        (n, f"Nguyễn Văn {name}", f"0{n}/03/1960") for n, name in enumerate(("An", "Bình", "Cường", "Dũng", "Em"), 1)
    ]
    found = parse_rows(tmp_path, ("TT", "Họ và tên", "Mốc A"), *people)
    column = found.sheets[0].column_of(Field.BIRTH)
    assert column is not None
    assert column.heading == "Mốc A"


def test_the_fuller_of_two_columns_with_one_meaning_is_taken(tmp_path: Path) -> None:
    people = [(f"Nguyễn Văn {name}", "", f"03{n}060123456"[:12]) for n, name in enumerate(("An", "Bình", "Cường"), 1)]
    found = parse_rows(tmp_path, ("Họ và tên", "CMND", "CCCD"), *people)
    assert all(row.cccd for row in found.rows)


def test_a_heading_with_two_senses_is_settled_by_its_content(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Họ và tên", "Quan hệ", "Đối tượng", "Đơn vị"),
        ("Nguyễn Văn An", "Chủ hộ", "Hộ nghèo", "Thôn 4"),
        ("Lê Thị Cúc", "Chủ hộ", "Hộ cận nghèo", "Thôn 5"),
        sheet="Danh sách",
    )
    assert [column.field for column in found.sheets[0].columns[2:]] == [Field.POVERTY, Field.HAMLET]
    assert [row.hamlet for row in found.rows] == ["Thôn 4", "Thôn 5"]


@pytest.mark.parametrize(
    "first",
    [
        ("A3", None, None, "Nam", "Chủ hộ", None, "Thôn 1", None),
        ("A3", "=1+1", "=TODAY()", "Nam", "Chủ hộ", None, "Thôn 1", '=HYPERLINK("x")'),
        (None, None, None, "Nữ", "Vợ", None, None, None),
        ("A3", None, None, None, "Con", None, "Thôn 1", None),
    ],
)
def test_a_first_row_without_a_name_is_no_part_of_the_heading(tmp_path: Path, first: tuple[str | None, ...]) -> None:
    second = ("A3", "Lê Văn An", "1980", "Nam", "Chủ hộ", None, "Thôn 1", None)
    found = parse_rows(tmp_path, _PLAIN, first, second)
    assert found.sheets[0].header_rows == (1, 1)
    assert found.sheets[0].column_of(Field.RELATION) is not None
    assert [(row.row, row.name, row.relation) for row in found.rows] == [
        (2, "", first[4]), (3, "Lê Văn An", "Chủ hộ"),
    ]  # fmt: skip
    assert [code for code in codes_of(found) if code.startswith("name.")] == [
        "name.not_computed" if first[1] else "name.missing"
    ]


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        (
            (("TT", "Họ và tên", "Giới tính", "", "Quan hệ với"), ("", "", "Nam", "Nữ", "chủ hộ")),
            (Field.SEQUENCE, Field.NAME, Field.MALE_MARK, Field.FEMALE_MARK, Field.RELATION),
        ),
        (
            (("TT", "Họ và tên", "Giới", "Dân", "Quan hệ"), ("", "", "tính", "tộc", "với chủ hộ")),
            (Field.SEQUENCE, Field.NAME, Field.SEX, Field.ETHNICITY, Field.RELATION),
        ),
        (
            (
                ("Số", "Họ và tên", "Quan hệ với", "Mã số", "Hộ", "Ngày tháng"),
                ("TT", "", "chủ hộ", "hộ", "nghèo", "năm sinh"),
            ),
            (Field.SEQUENCE, Field.NAME, Field.RELATION, Field.HOUSEHOLD_CODE, Field.POOR_MARK, Field.BIRTH),
        ),
    ],
)
def test_true_second_rows_of_a_heading_stay_part_of_it(
    rows: tuple[tuple[str, ...], ...], fields: tuple[Field, ...]
) -> None:
    header = find_header([*rows, ("1", "Nguyễn Văn An", "x", "", "Chủ hộ")], [])
    assert (header.first, header.last) == (0, 1)
    assert tuple(field_of_path(path) for path in header.paths) == fields


def test_day_month_and_year_beside_each_other_are_the_date_of_birth(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Mã hộ", "Họ và tên", "Ngày", "Tháng", "Năm", "Giới tính"),
        ("H1", "Nguyễn Văn An", "3", "4", "1955", "Nam"),
        ("H1", "Trần Thị Bình", "", "", "1958", "Nữ"),
    )
    assert [row.birth and row.birth.iso() for row in found.rows] == ["1955-04-03", "1958"]


@pytest.mark.parametrize("heading", ["Hộ số", "Số hộ"])
def test_a_heading_that_may_mean_number_or_code_is_settled_by_its_content(tmp_path: Path, heading: str) -> None:
    for first, second, code in (("TA-001", "TA-002", "TA-001"), ("1", "2", ""), ("Hộ 1", "Hộ 2", "")):
        found = parse_rows(
            tmp_path,
            (heading, "Họ và tên", "Quan hệ", "Giới tính"),
            (first, "Nguyễn Văn An", "Chủ hộ", "Nam"),
            ("", "Trần Thị Bình", "Vợ", "Nữ"),
            (second, "Lê Văn Cường", "Chủ hộ", "Nam"),
        )
        assert found.rows[0].household_code == code
        assert [row.household for row in found.rows] == [0, 0, 1]
