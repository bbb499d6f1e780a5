"""Names of rows: columns put together, capitals, titles, further people."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.types import Sex
from desktop_app.services.importing.parse import ParseOptions
from desktop_app.services.importing.preview import Severity
from tests.services.importing.helpers import HEADING, codes_of, parse_rows


def test_a_number_shared_by_two_names_is_told(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        HEADING,
        ("H1", "Nguyễn Văn An", "Chủ hộ", "Nam", "1960", "031060123456"),
        ("H2", "Trần Văn Bình", "Chủ hộ", "Nam", "1960", "031060123456"),
    )
    assert codes_of(found) == ["cccd.shared"]


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


def test_the_heading_of_a_column_gives_bare_hamlet_names_their_kind(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Họ và tên", "Quan hệ", "Ấp"),
        ("Nguyễn Văn An", "Chủ hộ", "Bình Hòa"),
        ("Lê Thị Cúc", "Chủ hộ", "ấp Bình Hòa"),
        sheet="Danh sách",
    )
    assert [row.hamlet for row in found.rows] == ["Ấp Bình Hòa", "Ấp Bình Hòa"]


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


def test_people_in_a_second_column_of_names_are_never_lost_silently(tmp_path: Path) -> None:
    couples = (("Lê Văn An", "1960", "Trần Thị Bình"), ("Võ Đạt", "1970", "Phạm Thị Cúc"))
    for heading in (("Họ tên chồng", "Năm sinh", "Họ tên vợ"), ("Họ và tên", "Năm sinh", "Họ và tên")):
        told = [issue for issue in parse_rows(tmp_path, heading, *couples).issues() if "people" in issue.code]
        assert [(issue.code, issue.column) for issue in told] == [("columns.other_people", "C")]
        assert heading[2] in told[0].message


def test_a_spouse_with_a_row_of_his_own_is_no_news(tmp_path: Path) -> None:
    couple = (("Lê Văn An", "1960", "Trần Thị Bình"), ("Trần Thị Bình", "1962", "Lê Văn An"))
    assert "columns.other_people" not in codes_of(parse_rows(tmp_path, ("Họ và tên", "Năm sinh", "Họ tên vợ"), *couple))
