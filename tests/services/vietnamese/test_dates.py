"""Dates as lists give them: day first, often only a year; nothing is made up and nothing impossible passes."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.vietnamese import DateResult, PartialDate, age_on, parse_date, suggests_month_first

WHOLE = st.dates(datetime.date(1880, 1, 1), datetime.date(2049, 12, 31))
PARTIAL = st.one_of(
    st.builds(PartialDate, st.integers(1880, 2100)),
    st.builds(PartialDate, st.integers(1880, 2100), st.integers(1, 12)),
    WHOLE.map(PartialDate.from_date),
)
DAY = PartialDate(1984, 5, 8)
MONTH = PartialDate(1984, 5)
YEAR = PartialDate(1984)


@pytest.mark.parametrize(
    "written",
    [
        "08/05/1984", "8/5/1984", "08-05-1984", "8.5.1984", "8 5 1984", " 08 / 05 / 1984 ", "08/05/1984 00:00:00",
        "1984-05-08", "1984-05-08 00:00:00", "1984-05-08T00:00:00", "1984/5/8", "ngày 08 tháng 05 năm 1984",
        "Ngày 8 tháng 5, năm 1984", "Ngày 08/05/1984", "sinh ngày 8/5/1984", "'08/05/1984", "08/05/1984.",
        "8\\5\\1984", "08/05/1984\u200b", datetime.date(1984, 5, 8), datetime.datetime(1984, 5, 8, 7, 30),
    ],
)  # fmt: skip
def test_a_whole_date_is_read_in_every_form(written: object) -> None:
    assert parse_date(written) == DateResult(DAY)


@pytest.mark.parametrize("written", ["5/1984", "05/1984", "05-1984", "tháng 5 năm 1984", "Tháng 05/1984", "1984-05"])
def test_a_month_is_read_without_a_day(written: str) -> None:
    assert parse_date(written) == DateResult(MONTH)


@pytest.mark.parametrize(
    "written", ["1984", 1984, 1984.0, "1984.0", "năm 1984", "Sinh năm 1984", "SN 1984", "SN: 1984"]
)
def test_a_year_is_read_without_a_day(written: object) -> None:
    assert parse_date(written) == DateResult(YEAR)


@pytest.mark.parametrize(
    "written",
    ["00/00/1984", "0/0/1984", "--/--/1984", "../../1984", "…/…/1984", "?/?/1984", "xx/xx/1984", "/ /1984", "//1984"],
)
def test_a_day_left_open_gives_the_year(written: str) -> None:
    assert parse_date(written) == DateResult(YEAR, ("unknown_day",))


def test_a_day_left_open_keeps_the_month() -> None:
    assert parse_date("00/05/1984") == parse_date("--/05/1984") == DateResult(MONTH, ("unknown_day",))


@pytest.mark.parametrize(
    ("written", "value", "repairs"),
    [
        ("8/5/84", DAY, ("two_digit_year",)),
        ("8-May-84", DAY, ("two_digit_year",)),
        ("8 May 1984", DAY, ()),
        ("5/84", MONTH, ("two_digit_year",)),
        ("05/24/1984", PartialDate(1984, 5, 24), ("month_first",)),
        ("12/13/1984", PartialDate(1984, 12, 13), ("month_first",)),
        ("08051984", DAY, ("no_separator",)),
        (30810, DAY, ("serial",)),
        (30810.75, DAY, ("serial",)),
        ("30810", DAY, ("serial",)),
    ],
)
def test_a_repair_is_named(written: object, value: PartialDate, repairs: tuple[str, ...]) -> None:
    assert parse_date(written) == DateResult(value, repairs)


@pytest.mark.parametrize("written", [None, "", "   ", "\u200b", float("nan")])
def test_an_empty_cell_is_no_date_and_no_error(written: object) -> None:
    assert parse_date(written) == DateResult(None)


@pytest.mark.parametrize("written", ["-", "không rõ", "Không nhớ", "?"])
def test_words_for_nothing_are_read_as_blank(written: str) -> None:
    assert parse_date(written) == DateResult(None, ("placeholder",))


@pytest.mark.parametrize(
    "written",
    ["nt", "NT", "-nt-", '"', "''", "như trên", "5/12", "8/5", "8/5/198", "1984?", "tháng 5", "Nam", 84, 2019.5, 0, -1,
     1e9, 60000, float("inf"), True, b"1984", "1.984"],
)  # fmt: skip
def test_what_is_not_a_date_is_said_not_to_be_one(written: object) -> None:
    assert parse_date(written) == DateResult(None, (), "not_a_date")


@pytest.mark.parametrize(
    "written", ["31/02/1984", "29/2/1983", "31-04-1990", "13/13/1984", "32/1/1984", "13/1984", "05/00/1984"]
)
def test_a_day_that_never_was_is_refused(written: str) -> None:
    assert parse_date(written) == DateResult(None, (), "impossible_date")


@pytest.mark.parametrize("written", ["8/5/1084", "01/01/1850", "1/1/9999", "1800"])
def test_a_year_out_of_all_bounds_is_refused(written: str) -> None:
    assert parse_date(written).error == "out_of_range"


def test_numbers_that_look_like_years_are_years() -> None:
    assert parse_date(2100).value == PartialDate(2100)
    assert parse_date(2101) == DateResult(PartialDate(1905, 10, 1), ("serial",))


def test_years_of_two_digits_lie_in_the_century_before_the_latest_day() -> None:
    today = datetime.date(2026, 7, 1)
    assert parse_date("1/6/26", latest=today).value == PartialDate(2026, 6, 1)
    assert parse_date("1/6/27", latest=today).value == PartialDate(1927, 6, 1)
    assert parse_date("1/6/27").value == PartialDate(2027, 6, 1)


@pytest.mark.parametrize("written", ["2/7/2026", "8/2026", 2027, 46205, datetime.date(2026, 7, 2)])
def test_a_birth_after_today_is_refused(written: object) -> None:
    result = parse_date(written, latest=datetime.date(2026, 7, 1))
    assert (result.value, result.error) == (None, "in_future")
    assert parse_date("2026", latest=datetime.date(2026, 7, 1)).value == PartialDate(2026)


def test_a_date_is_ambiguous_only_where_the_source_writes_the_month_first() -> None:
    assert parse_date("05/08/1984") == DateResult(PartialDate(1984, 8, 5))
    assert parse_date("05/08/1984", day_first=False) == DateResult(DAY, ambiguous=True)
    assert parse_date("05/05/1984", day_first=False) == DateResult(PartialDate(1984, 5, 5))
    assert parse_date("05/24/1984", day_first=False) == DateResult(PartialDate(1984, 5, 24))
    assert parse_date("24/05/1984", day_first=False) == DateResult(PartialDate(1984, 5, 24))
    assert parse_date(datetime.date(1984, 8, 5), day_first=False).ambiguous
    assert not parse_date(datetime.date(1984, 8, 25), day_first=False).ambiguous
    assert not parse_date("1984-08-05", day_first=False).ambiguous


def test_a_column_written_month_first_is_seen() -> None:
    assert suggests_month_first(["05/08/1984", "05/24/1984", None, 1990])
    assert not suggests_month_first(["05/08/1984", "24/05/1984", "05/24/1984"])
    assert not suggests_month_first(["05/08/1984", "1990", ""])


def test_a_column_that_an_english_excel_turned_round_is_seen() -> None:
    turned = [datetime.date(1980 + i, 1 + i % 12, 1 + i % 12) for i in range(12)]
    assert suggests_month_first([*turned, "24/05/1984"])
    assert not suggests_month_first([*turned, datetime.date(1984, 5, 24), "24/05/1984"])
    assert not suggests_month_first(turned)
    assert not suggests_month_first([*turned[:5], "24/05/1984"])


@given(PARTIAL)
def test_what_is_written_is_read_again(date: PartialDate) -> None:
    assert PartialDate.from_iso(date.iso()) == date
    assert parse_date(date.iso()).value == date
    assert parse_date(date.text()).value == date


@given(WHOLE)
def test_excel_serials_are_read_as_the_day_they_stand_for(date: datetime.date) -> None:
    serial = (date - datetime.date(1899, 12, 30)).days
    if serial > 2100:
        assert parse_date(float(serial)) == DateResult(PartialDate.from_date(date), ("serial",))


@given(PARTIAL, PARTIAL)
def test_dates_are_ordered_and_their_stored_form_keeps_the_order(first: PartialDate, second: PartialDate) -> None:
    assert (first < second) == (first.iso() < second.iso())
    assert (first <= second) == (first.iso() <= second.iso())
    assert (first > second) == (second < first)
    assert (first >= second) == (second <= first)
    assert (first == second) == (first.iso() == second.iso())


@given(
    st.one_of(st.text(), st.text("0123456789/-. ", max_size=12), st.integers(), st.floats(), st.dates(), st.datetimes())
)
def test_whatever_stands_in_the_cell_there_is_a_date_or_a_reason(cell: object) -> None:
    for day_first in (True, False):
        result = parse_date(cell, day_first=day_first)
        assert result.value is None or result.error is None


@pytest.mark.parametrize("parts", [(1984, None, 8), (1984, 13), (1984, 2, 30), (1984, 0), (0,)])
def test_a_partial_date_that_cannot_be_is_not_made(parts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        PartialDate(*parts)


@pytest.mark.parametrize("text", ["", "84", "1984-5", "1984-05-08T00", "08/05/1984", "1984-02-30"])
def test_only_the_stored_form_is_read_from_the_store(text: str) -> None:
    with pytest.raises(ValueError):
        PartialDate.from_iso(text)


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        (DAY, datetime.date(2026, 5, 7), 41),
        (DAY, datetime.date(2026, 5, 8), 42),
        (MONTH, datetime.date(2026, 4, 30), 41),
        (MONTH, datetime.date(2026, 5, 1), 42),
        (YEAR, datetime.date(2026, 1, 1), 42),
        (PartialDate(2008, 2, 29), datetime.date(2026, 2, 28), 17),
        (PartialDate(2008, 2, 29), datetime.date(2026, 3, 1), 18),
        (PartialDate(2026, 1, 1), datetime.date(2026, 1, 1), 0),
    ],
)
def test_age_is_in_complete_years(birth: PartialDate, on: datetime.date, age: int) -> None:
    assert age_on(birth, on) == age
