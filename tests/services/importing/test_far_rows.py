"""A slip in Excel's last row costs nothing and is said; a list that goes on after a gap is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.reading.far_rows import FEW, GAP, cut_after, cut_rows
from desktop_app.services.importing.reading.reader import open_workbook
from tests.services.importing.helpers import codes_of, row_xml, sheet_with

LAST = 1_048_576
PEOPLE = ("Nguyễn Văn An", "Lê Thị Bưởi", "Trần Văn Cam", "Vũ Văn Gấc")


def listed(first: int = 1, people: tuple[str, ...] = PEOPLE) -> str:
    head = row_xml(first, "Mã hộ", "Họ và tên", "Ngày sinh")
    rows = enumerate(people, start=first + 1)
    return head + "".join(row_xml(at, f"{at:02}", name, "02/03/1960") for at, name in rows)


def test_a_slip_in_the_last_row_is_left_and_said(tmp_path: Path) -> None:
    path = sheet_with(tmp_path, listed() + row_xml(LAST, "x"))
    book = open_workbook(path)
    assert len(book.read_sheet("Thôn 1").rows) == len(PEOPLE) + 1
    found = parse_workbook(path)
    assert [row.name for row in found.rows] == list(PEOPLE)
    (told,) = (issue.message for issue in found.issues() if issue.code == "sheet.far_rows")
    assert "dòng 1.048.576," in told


def test_a_list_that_goes_on_far_below_is_read_whole(tmp_path: Path) -> None:
    many = "".join(row_xml(GAP * 2 + at, "", f"Ngô Văn {chr(65 + at)}", "01/01/1970") for at in range(FEW + 1))
    found = parse_workbook(sheet_with(tmp_path, listed() + many))
    assert len(found.rows) == len(PEOPLE) + FEW + 1
    assert "sheet.far_rows" not in codes_of(found)


@pytest.mark.parametrize(
    ("numbers", "count", "last"),
    [
        ([1, 2, 3], 3, None), ([1, 2, 3, LAST], 4, 3), ([1, 2, 3, 4, 5, 50_000, LAST], 7, 5), ([1, LAST], 2, None),
        ([1, 2, 3, GAP], 4, None), ([], 0, None), ([*range(50_000, 50_000 + FEW + 1)], 60_000, None),
    ],
)  # fmt: skip
def test_where_a_list_ends(numbers: list[int], count: int, last: int | None) -> None:
    assert cut_after(numbers, count) == last


def test_rows_of_styled_blanks_between_do_not_hide_a_slip() -> None:
    rows: list[list[str]] = [["a"], ["b"], ["c"], *([""] for _ in range(GAP + 5)), ["x"]]
    assert cut_rows(rows) == (GAP + 9,)
    assert rows == [["a"], ["b"], ["c"]]
