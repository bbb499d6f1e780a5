"""Scoring sheets: every score as written, blanks counted, totals compared, nothing guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.types import CitizenGroup
from desktop_app.services.errors import UserError
from desktop_app.services.importing.parse import kind_of_workbook, parse_scores, parse_workbook
from desktop_app.services.importing.preview import ParsedScores, WorkbookKind
from desktop_app.services.vietnamese import PartialDate
from tests.services.importing.helpers import write_xlsx

HEADING = ("TT", "Họ và tên", "Ngày sinh", "CCCD", "Nhóm", "CS1", "CS2", "CS3", "Tổng")


def _scores(
    folder: Path, *rows: tuple[object, ...], sheet: str = "Phiếu", merges: tuple[str, ...] = ()
) -> ParsedScores:
    return parse_scores(write_xlsx(folder / "scores.xlsx", {sheet: rows}, merges=merges))


def test_scores_are_read_by_indicator(tmp_path: Path) -> None:
    found = _scores(tmp_path, HEADING, (1, "Nguyễn Văn An", "1960", 31060123456, "Người lao động", 8, "7,5", 10, 25.5))
    row = found.rows[0]
    assert found.indicators == ("1", "2", "3")
    assert row.scores == {"1": 8, "2": 7.5, "3": 10}
    assert (row.row, row.birth, row.cccd, row.group, row.total) == (
        2, PartialDate(1960), "031060123456", CitizenGroup.WORKER, 25.5,
    )  # fmt: skip
    assert [issue.code for issue in row.issues] == ["cccd.lost_zero"]


def test_columns_in_another_order_with_other_headings_give_the_same_indicators(tmp_path: Path) -> None:
    found = _scores(
        tmp_path,
        ("PHIẾU CHẤM THÔN 2", "", "", "", ""),
        ("Họ tên", "Điểm các chỉ số", "", "", "Nhóm đối tượng"),
        ("", "3", "1", "2", ""),
        ("Nguyễn Văn An", 9, 7, 8, "Học sinh"),
        ("Lê Thị Cúc", 6, 5, 10, "Học sinh"),
        sheet="Thôn 2",
        merges=("B2:D2", "A2:A3", "E2:E3"),
    )
    assert [row.scores for row in found.rows] == [{"3": 9, "1": 7, "2": 8}, {"3": 6, "1": 5, "2": 10}]
    assert [row.hamlet for row in found.rows] == ["Thôn 2", "Thôn 2"]


def test_a_wrong_total_a_blank_and_a_word_are_told(tmp_path: Path) -> None:
    found = _scores(
        tmp_path,
        HEADING,
        (1, "Nguyễn Văn An", "1960", "", "Người lao động", 8, 7, 10, 99),
        (2, "Lê Thị Cúc", "1970", "", "Người lao động", 8, "", 10, ""),
        (3, "Lê Thị Dung", "1971", "", "Người lao động", 8, "tốt", 10, ""),
        (4, "Lê Thị Em", "1972", "", "Người lao động", 8, -1, 10, ""),
        ("", "Tổng cộng", "", "", "", "", "", "", ""),
    )
    assert [[issue.code for issue in row.issues] for row in found.rows] == [
        ["score.total_differs"], ["score.blank"], ["score.not_number"], ["score.negative"],
    ]  # fmt: skip
    assert [row.is_refused for row in found.rows] == [False, False, True, True]
    assert found.rows[2].issues[0].column == "G"
    assert "2" not in found.rows[1].scores


def test_a_list_of_people_is_no_scoring_sheet(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"T1": [("Họ và tên", "Ngày sinh"), ("Nguyễn Văn An", "1960")]})
    assert kind_of_workbook(path) is WorkbookKind.CITIZENS
    with pytest.raises(UserError) as caught:
        parse_scores(path)
    assert caught.value.code == "workbook.no_scores"


def test_a_workbook_of_neither_kind_is_unknown(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"T1": [("Tháng", "Thu", "Chi"), (1, 200, 300)]})
    assert kind_of_workbook(path) is WorkbookKind.UNKNOWN


def test_a_workbook_of_scores_is_no_list_of_people_unless_its_sheet_is_named(samples: Path) -> None:
    path = samples / "07_phieu_cham_thon_2.xlsx"
    with pytest.raises(UserError) as refused:
        parse_workbook(path)
    assert refused.value.code == "workbook.only_scores"
    assert "import scores" in refused.value.message
    name = parse_scores(path).sheets[0].name
    assert len(parse_workbook(path, sheets=[name]).rows) == len(parse_scores(path).rows)


def test_a_sheet_of_scores_beside_a_list_is_passed_over_and_told(tmp_path: Path) -> None:
    people = [("Họ và tên", "Ngày sinh", "Quan hệ"), ("Lê Văn An", "1960", "Chủ hộ")]
    scores = [HEADING, (1, "Lê Văn An", "1960", None, "Người lao động", 8, 7, 10, 25)]
    found = parse_workbook(write_xlsx(tmp_path / "a.xlsx", {"Thôn 1": people, "Điểm": scores}))
    assert [(row.sheet, row.name) for row in found.rows] == [("Thôn 1", "Lê Văn An")]
    assert [issue.code for issue in found.sheets[1].issues] == ["sheet.is_scores"]
