"""Lists laid out by hands that nobody here had met: each shape once gave wrong people, rows too many or a crash."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from desktop_app.models.types import Sex
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.parse import parse_workbook
from tests.factories import make_register
from tests.services.importing.helpers import HEADING, codes_of, parse_rows, write_xlsx

PEOPLE = (
    ("01-0001", "Nguyễn Văn An", "Chủ hộ", "Nam", "02/03/1960", "046060000001"),
    ("01-0001", "Lê Thị Bích", "Vợ", "Nữ", "04/05/1962", "046162000002"),
    ("01-0001", "Nguyễn Văn Cường", "Con", "Nam", "06/07/1990", "046090000003"),
    ("01-0002", "Trần Thị Dung", "Chủ hộ", "Nữ", "08/09/1970", "046170000004"),
    ("01-0002", "Phạm Văn Em", "Chồng", "Nam", "10/11/1968", "046068000005"),
    ("01-0002", "Phạm Thị Giang", "Con", "Nữ", "12/12/1995", "046195000006"),
)


def test_running_numbers_under_an_unknown_heading_are_no_hamlets(tmp_path: Path) -> None:
    rows = [(*person, f"X{number}") for number, person in enumerate(PEOPLE, start=1)]
    found = parse_rows(tmp_path, (*HEADING, "Mã cũ"), *rows, sheet="Thôn 3")
    assert {row.hamlet for row in found.rows} == {"Thôn 3"}
    assert found.sheets[0].column_of(Field.HAMLET) is None


def test_hamlets_in_short_under_an_unknown_heading_are_still_hamlets(tmp_path: Path) -> None:
    rows = [(*person, f"T{1 + number // 3}") for number, person in enumerate(PEOPLE)]
    found = parse_rows(tmp_path, (*HEADING, "Cụm"), *rows, sheet="DS")
    assert [row.hamlet for row in found.rows] == ["Thôn 1"] * 3 + ["Thôn 2"] * 3


def test_names_in_two_columns_over_a_second_row_without_merged_cells_are_one_name(tmp_path: Path) -> None:
    first = ("TT", "Họ và tên", None, "Giới tính", None, "Quan hệ", "Ngày sinh", "Số CCCD")
    second = (None, "Họ và tên đệm", "Tên", "Nam", "Nữ", None, None, None)
    rows = [
        (number, name.rpartition(" ")[0], name.rpartition(" ")[2], "x" if sex == "Nam" else None,
         "x" if sex == "Nữ" else None, relation, birth, cccd)
        for number, (_, name, relation, sex, birth, cccd) in enumerate(PEOPLE, start=1)
    ]  # fmt: skip
    pages = (first, second, *rows[:2], first, second, *rows[2:4], first, second, *rows[4:])
    found = parse_rows(tmp_path, *pages)
    assert [row.name for row in found.rows] == [person[1] for person in PEOPLE]
    assert [row.birth.text() if row.birth else "" for row in found.rows] == [person[4] for person in PEOPLE]
    assert [row.sex for row in found.rows] == [Sex.MALE if person[3] == "Nam" else Sex.FEMALE for person in PEOPLE]


def test_later_tables_that_each_bring_another_column_are_read(tmp_path: Path) -> None:
    extra = ("Điện thoại", "Dân tộc", "Nghề nghiệp")
    values = ("0905123456", "Hoa", "Thợ mộc")
    rows: list[tuple[object, ...]] = []
    for place, name in enumerate(extra):
        rows += [(*HEADING[:2], name, *HEADING[2:])]
        rows += [(*person[:2], values[place], *person[2:]) for person in PEOPLE[2 * place : 2 * place + 2]]
    found = parse_rows(tmp_path, *rows)
    assert [row.name for row in found.rows] == [person[1] for person in PEOPLE]
    assert [row.cccd for row in found.rows] == [person[5] for person in PEOPLE]
    told = [(row.phone, row.ethnicity, row.occupation) for row in found.rows[::2]]
    assert told == [("0905123456", "", ""), ("", "Hoa", ""), ("", "", "Thợ mộc")]


@pytest.mark.parametrize("letters", ["ABCDEF", "abcdef"])
def test_a_line_of_letters_below_the_heading_of_each_page_is_nobody(tmp_path: Path, letters: str) -> None:
    line = tuple(f"({letter})" for letter in letters) if letters.islower() else tuple(letters)
    found = parse_rows(tmp_path, HEADING, line, *PEOPLE[:3], HEADING, line, *PEOPLE[3:])
    assert [row.name for row in found.rows] == [person[1] for person in PEOPLE]
    assert not any(row.is_refused for row in found.rows)


@pytest.mark.parametrize("line", ["Hộ 1: Nguyễn Văn An", "Hộ 1 - ông Nguyễn Văn An", "Hộ số 1: Nguyễn Văn An"])
def test_a_line_with_the_number_of_a_household_heads_it_and_is_nobody(tmp_path: Path, line: str) -> None:
    other = line.replace("1", "2").replace("Nguyễn Văn An", "Trần Thị Dung")
    of = [(number, *person[1:]) for number, person in enumerate((*PEOPLE[:3], *PEOPLE[3:]), start=1)]
    heading = ("TT", *HEADING[1:])
    found = parse_rows(tmp_path, heading, (None, line), *of[:3], (None, other), *of[3:])
    assert [len(home) for home in found.households()] == [3, 3]
    assert not any(row.is_refused for row in found.rows)


@pytest.mark.parametrize("heading", ["Giới tính (1: nam; 2: nữ)", "Giới tính (Nam = 1, Nữ = 2)", "Giới tính"])
def test_sexes_in_figures_are_read_by_their_heading_or_by_the_lists_own_numbers(tmp_path: Path, heading: str) -> None:
    rows = [
        (
            f"{code}{page}",
            f"{name} {'AB'[page]}",
            kin,
            1 if sex == "Nam" else 2,
            birth,
            f"{number[:-1]}{page * 5 + at % 5}",
        )
        for page in range(2)
        for at, (code, name, kin, sex, birth, number) in enumerate(PEOPLE)
    ]
    rows[3] = (*rows[3][:5], None)
    found = parse_rows(tmp_path, (*HEADING[:3], heading, *HEADING[4:]), *rows)
    assert [row.sex for row in found.rows] == [Sex.MALE if row[3] == 1 else Sex.FEMALE for row in rows]
    assert "sex.unknown_word" not in codes_of(found)


def test_sexes_in_figures_of_which_nothing_tells_the_meaning_are_not_guessed(tmp_path: Path) -> None:
    rows = [(*person[:3], 1 if person[3] == "Nam" else 2, person[4], None) for person in PEOPLE]
    found = parse_rows(tmp_path, HEADING, *rows)
    assert found.rows[2].sex is None
    assert "sex.unknown_word" in codes_of(found)


def test_a_kinship_that_only_says_less_changes_nothing_and_lists_come_in_either_order(tmp_path: Path) -> None:
    more = [tuple("Con đẻ" if cell == "Con" else cell for cell in person) for person in PEOPLE]
    files = [
        write_xlsx(tmp_path / f"{at}.xlsx", {"Thôn 1": [HEADING, *rows]}) for at, rows in enumerate((PEOPLE, more))
    ]
    for order in ((0, 1), (1, 0)):
        register = make_register(tmp_path / f"register{order[0]}", hamlets=())
        for at in order:
            import_citizens(register, parse_workbook(files[at]))
        with register.read() as connection:
            query = "SELECT relation FROM citizen WHERE present AND relation LIKE 'Con%'"
            assert connection.exec_driver_sql(query).scalars().all() == ["Con đẻ", "Con đẻ"]
        assert [import_citizens(register, parse_workbook(path)).operation for path in files] == [None, None]
        register.close()


def test_a_year_that_excel_shows_as_a_date_of_1905_is_that_year(tmp_path: Path) -> None:
    years = [1960, 1962, 1990, 1970, 1968, 2025]
    shown = [datetime.datetime(1899, 12, 30) + datetime.timedelta(days=year) for year in years]
    rows = [(*person[:4], value, None) for person, value in zip(PEOPLE, shown, strict=True)]
    found = parse_rows(tmp_path, (*HEADING[:4], "Năm sinh", HEADING[5]), *rows)
    assert [row.birth.text() if row.birth else "" for row in found.rows] == [str(year) for year in years]
    assert codes_of(found).count("birth.year_as_date") == len(years)


def test_subtotals_that_excel_puts_between_hamlets_are_nobody(tmp_path: Path) -> None:
    first = [("Thôn 1", *person[:4], person[4]) for person in PEOPLE[:3]]
    second = [("Thôn 2", *person[:4], person[4]) for person in PEOPLE[3:]]
    totals = (("Thôn 1 Count", None, 3), ("Thôn 2 Count", None, 3), ("Grand Count", None, 6))
    found = parse_rows(tmp_path, ("Thôn", *HEADING[:5]), *first, totals[0], *second, *totals[1:], sheet="DS")
    assert [(row.hamlet, row.name) for row in found.rows] == [(row[0], row[2]) for row in (*first, *second)]


@pytest.mark.parametrize("note", [" (KT3)", " (tạm vắng)", " - CH", " [TT]", " (Hộ nghèo)"])
def test_what_is_only_remarked_after_a_name_is_no_part_of_it(tmp_path: Path, note: str) -> None:
    rows = [(person[0], person[1] + note, *person[2:]) for person in PEOPLE]
    found = parse_rows(tmp_path, HEADING, *rows)
    assert [row.name for row in found.rows] == [person[1] for person in PEOPLE]
    assert not any(row.is_refused for row in found.rows)


@pytest.mark.parametrize("note", [" (Bảy)", " (B)", " (đã chết)"])
def test_another_name_or_a_death_beside_a_name_is_left_to_be_seen(tmp_path: Path, note: str) -> None:
    found = parse_rows(tmp_path, HEADING, (*PEOPLE[0][:1], PEOPLE[0][1] + note, *PEOPLE[0][2:]), *PEOPLE[1:])
    assert found.rows[0].name == PEOPLE[0][1] + note


@pytest.mark.parametrize(("title", "hamlet"), [
    ("DANH SÁCH GIÁO VIÊN TRƯỜNG TIỂU HỌC PHÚ AN", ""), ("DANH SÁCH HỘI VIÊN CHI HỘI THÔN", "Tổ dân phố 1"),
])  # fmt: skip
def test_the_group_of_a_school_is_no_settlement(tmp_path: Path, title: str, hamlet: str) -> None:
    rows = [(at, person[1], person[4], person[5], "Tổ 1") for at, person in enumerate(PEOPLE, start=1)]
    found = parse_rows(tmp_path, (title,), ("TT", "Họ và tên", "Ngày sinh", "Số CCCD", "Tổ"), *rows, sheet="DS")
    assert {row.hamlet for row in found.rows} == {hamlet}
