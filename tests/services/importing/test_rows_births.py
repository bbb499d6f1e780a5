"""Births of rows: dates in all forms, ambiguous ones flagged and never guessed."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from desktop_app.models.types import Sex
from desktop_app.services.importing.parse import ParseOptions
from desktop_app.services.importing.preview import Severity
from desktop_app.services.vietnamese import PartialDate
from tests.services.importing.helpers import HEADING, codes_of, parse_rows


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
